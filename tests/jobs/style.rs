//! `durbin style`, and the project beside a study.

use std::{fs, process::Command};

use durbin::io::{Existing, Source, read_units, write_layer};

use crate::support::{Scratch, board, durbin, json, refused, repository};

/// The stored styles, as GDAL sees them: layer and QML.
fn styles(path: &str) -> Vec<(String, String)> {
    let table = durbin::io::read_table(&Source::new(path).layer("layer_styles")).unwrap();
    let column = |name: &str| {
        let column = table.column(name).unwrap();
        (0..table.len()).map(|row| column.key(row).unwrap_or_default()).collect::<Vec<_>>()
    };
    column("f_table_name").into_iter().zip(column("styleQML")).collect()
}

/// A copy of `layer` of `from` that has lost its style, as `ogr2ogr` makes one.
fn copied(from: &str, layer: &str, to: &str) {
    let mut copy = read_units(&Source::new(from).layer(layer)).unwrap().layer;
    copy.style = None;
    write_layer(&copy, to, Existing::Refuse).unwrap();
}

fn hot(scratch: &Scratch) -> String {
    let board = scratch.write("board.geojson", &board());
    let layer = scratch.path("hot.gpkg");
    durbin(&["hotspot", &board, &layer, "--field", "x", "--id", "id"]).assert().success();
    layer
}

#[test]
fn a_copied_layer_gets_its_hot_spots_back() {
    let scratch = Scratch::new();
    let hot = hot(&scratch);
    let copy = scratch.path("copy.gpkg");
    copied(&hot, "board", &copy);
    let before = read_units(&Source::new(&copy)).unwrap();
    let result = json(&["style", &copy]);
    assert_eq!(result["styled"][0]["field"], "gi_bin");
    let (layer, qml) = styles(&copy).remove(0);
    assert_eq!(layer, "board");
    assert!(qml.contains("attr=\"gi_bin\"") && qml.contains("Hot spot, 99 % confidence"));
    // All but the style is as it was.
    assert_eq!(read_units(&Source::new(&copy).layer("board")).unwrap(), before);
    // Again: in place of the first, not beside it.
    json(&["style", &copy, "--field", "x", "--scheme", "quantiles", "--classes", "4"]);
    let stored = styles(&copy);
    assert_eq!(stored.len(), 1);
    assert!(stored[0].1.contains("graduatedSymbol"));
}

#[test]
fn words_and_circles_can_be_styles_too() {
    let scratch = Scratch::new();
    let copy = scratch.path("hunan.gpkg");
    copied(&repository("data/hunan/hunan_counties.gpkg"), "counties", &copy);
    let result = json(&["style", &copy, "--field", "prefecture"]);
    assert_eq!(result["styled"][0]["style"], "categories");
    assert!(styles(&copy)[0].1.contains("value=\"长沙市\" type=\"QString\""));
    let hot = hot(&scratch);
    json(&["style", &hot, "--symbols", "x"]);
    assert!(styles(&hot)[0].1.contains("CentroidFill"));
}

#[test]
fn nothing_to_recognise_and_no_file_are_refused_and_change_nothing() {
    let scratch = Scratch::new();
    let copy = scratch.path("hunan.gpkg");
    copied(&repository("data/hunan/hunan_counties.gpkg"), "counties", &copy);
    let before = fs::read(&copy).unwrap();
    assert!(refused(&["style", &copy], 1).contains("--field"));
    assert!(refused(&["style", &copy, "--symbols", "name"], 1).contains("name"));
    assert!(refused(&["style", &scratch.path("none.gpkg")], 1).contains("no such file"));
    assert_eq!(fs::read(&copy).unwrap(), before);
    assert_eq!(scratch.entries(), ["hunan.gpkg"]);
}

#[test]
fn every_command_is_in_the_json_usage_the_completions_and_the_manual() {
    let scratch = Scratch::new();
    let usage = durbin(&["--json-usage"]).output().unwrap();
    let usage: serde_json::Value = serde_json::from_slice(&usage.stdout).unwrap();
    let commands = usage["commands"].as_array().unwrap();
    let names: Vec<&str> =
        commands.iter().map(|command| command["name"].as_str().unwrap()).collect();
    assert!(
        ["run", "hotspot", "map", "style"].iter().all(|name| names.contains(name)),
        "{names:?}"
    );
    let map = &commands[names.iter().position(|name| *name == "map").unwrap()];
    let field =
        map["arguments"].as_array().unwrap().iter().find(|a| a["name"] == "--field").unwrap();
    assert_eq!((&field["repeats"], &field["positional"]), (&true.into(), &false.into()));
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = durbin(&["completions", shell]).output().unwrap();
        let script = String::from_utf8(script.stdout).unwrap();
        assert!(names.iter().all(|name| script.contains(name)), "{shell}");
    }
    let folder = scratch.path("man");
    json(&["man", &folder]);
    for name in names {
        let page = fs::read_to_string(format!("{folder}/durbin-{name}.1")).unwrap();
        assert!(page.contains(".TH"), "{name}");
    }
    assert!(refused(&["--quiet"], 2).contains("--help"));
}

#[test]
fn progress_is_lines_or_json_for_programs_and_silent_in_a_pipe() {
    let scratch = Scratch::new();
    let board = scratch.write("board.geojson", &board());
    let errors = |kind: &[&str], output: &str| {
        let output = scratch.path(output);
        let arguments = ["hotspot", &board, &output, "--field", "x", "--permutations", "99"];
        let output = durbin(&[&arguments[..], kind].concat()).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(errors(&["--progress", "plain"], "a.gpkg").contains("durbin: read: done in"));
    let lines = errors(&["--progress", "json"], "b.gpkg");
    let events: Vec<serde_json::Value> = lines
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events[0]["event"], "begin");
    assert!(events.iter().any(|event| event["event"] == "end" && event["stage"] == "read"));
    assert!(!errors(&[], "c.gpkg").contains("read"));
    assert!(!errors(&["--progress", "json", "--quiet"], "d.gpkg").contains("read"));
}

/// Its layers are hot spots, effects and influence. What QGIS itself says is tried where it is installed; see `docs/qgis.md`.
#[test]
fn a_study_has_a_project_beside_it_that_qgis_opens_whole() {
    let scratch = Scratch::new();
    let out = scratch.path("out");
    json(&["run", &repository("data/us_states/cigar.toml"), "--out", &out]);
    assert!(fs::read(format!("{out}/study.qgz")).unwrap().starts_with(b"PK"));
    let script = "import sys\n\
        from qgis.core import *\n\
        app = QgsApplication([], False); app.initQgis()\n\
        p = QgsProject(); ok = p.read(sys.argv[1])\n\
        bad = [l.name() for l in p.mapLayers().values() if not l.isValid()]\n\
        kinds = sorted(l.renderer().type() for l in p.mapLayers().values() if l.isSpatial())\n\
        lay = p.layoutManager().layouts()\n\
        kind = (QgsLayoutItemMap, QgsLayoutItemLegend, QgsLayoutItemScaleBar, QgsLayoutItemLabel)\n\
        n = [len([i for i in x.items() if isinstance(i, kind)]) for x in lay]\n\
        print(ok, bad, kinds, n, p.crs().isValid())\n";
    let qgis = Command::new("/usr/bin/python3")
        .args(["-c", script, &format!("{out}/study.qgz")])
        .env("QT_QPA_PLATFORM", "offscreen")
        .output();
    match qgis {
        Ok(output) if output.status.success() => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let expected =
                "True [] ['categorizedSymbol', 'graduatedSymbol', 'graduatedSymbol'] [4] True";
            assert_eq!(said.trim(), expected, "{}", String::from_utf8_lossy(&output.stderr));
        }
        _ => println!("skipped: no python3-qgis to open the project with"),
    }
}

#[test]
fn a_project_goes_beside_the_geopackage_and_into_it_on_request() {
    let scratch = Scratch::new();
    let board = scratch.write("board.geojson", &board());
    let output = scratch.path("hot.gpkg");
    let base = ["hotspot", &board, &output, "--field", "x", "--id", "id"];
    let with = |more: &[&'static str]| [&base[..], more].concat();
    durbin(&with(&["--project", "--embed-project"])).assert().success();
    assert_eq!(scratch.entries(), ["board.geojson", "hot.gpkg", "hot.qgz"]);
    let beside = fs::read(scratch.path("hot.qgz")).unwrap();
    assert!(String::from_utf8_lossy(&beside).contains("./hot.gpkg|layername=board"));
    let holds_projects = |path: &str| {
        String::from_utf8_lossy(&fs::read(path).unwrap()).contains("CREATE TABLE qgis_projects")
    };
    assert!(holds_projects(&output));

    // Neither is replaced unasked, and then nothing else is written either.
    let before = fs::read(&output).unwrap();
    let more = with(&["--append", "--output-layer", "more", "--project"]);
    assert!(refused(&more, 1).contains("hot.qgz: exists"));
    assert_eq!(fs::read(&output).unwrap(), before);
    durbin(&with(&["--append", "--output-layer", "more", "--embed-project"])).assert().success();
    durbin(&with(&["--overwrite", "--project", "--embed-project"])).assert().success();

    let other = scratch.path("hot.geojson");
    let sequence = ["hotspot", &board, &other, "--field", "x", "--project"];
    assert!(refused(&sequence, 2).contains("go with a GeoPackage"));
    assert_eq!(scratch.entries(), ["board.geojson", "hot.gpkg", "hot.qgz"]);
}
