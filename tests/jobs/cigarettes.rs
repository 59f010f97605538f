//! The main job: the cigarette study, whole and by single commands.

use std::{fs, path::Path};

use durbin::io::{Source, read_table, read_units};
use serde_json::Value;

use crate::support::{Scratch, by_key, json, repository, states};

pub(crate) const STUDY: &str = "data/us_states/cigar.toml";

/// Runs the study into a scratch folder and returns its JSON.
pub(crate) fn run(scratch: &Scratch) -> Value {
    json(&["run", &repository(STUDY), "--out", &scratch.path("out")])
}

/// The two-way SDM of the reference.
fn reference(bias_correction: &str) -> Value {
    let path = repository("tests/reference/cigar/expected.json");
    let fits: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let wanted = |fit: &Value| {
        fit["model"] == "sdm"
            && fit["effects"] == "twoways"
            && fit["bias_correction"] == bias_correction
    };
    fits.into_iter().find(wanted).unwrap()
}

fn close(found: &Value, expected: &Value, what: &str) {
    let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    let difference = (found - expected).abs() / expected.abs().max(1.0);
    assert!(difference < 1e-6, "{what}: {found} instead of {expected}");
}

fn named<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|entry| entry[key] == name).unwrap()
}

/// The names of the reference for the names of the study.
const NAMES: [(&str, &str); 4] = [
    ("logp", "log_price"),
    ("logy", "log_income"),
    ("W*logp", "W*log_price"),
    ("W*logy", "W*log_income"),
];

fn agrees(model: &Value, expected: &Value) {
    let (estimates, errors) = (&expected["parameters"], &expected["std_errors"]);
    for (theirs, ours) in NAMES {
        let coefficient = named(&model["coefficients"], "name", ours);
        close(&coefficient["estimate"], &estimates[theirs], ours);
        close(&coefficient["std_error"], &errors[theirs], ours);
    }
    close(&model["rho"]["estimate"], &estimates["rho"], "rho");
    close(&model["rho"]["std_error"], &errors["rho"], "rho");
    close(&model["sigma2"], &estimates["sigma2"], "sigma2");
    close(&model["log_likelihood"], &expected["log_likelihood"], "log-likelihood");
    for (theirs, ours) in &NAMES[..2] {
        let impact = named(&model["impacts"], "variable", ours);
        for effect in ["direct", "indirect", "total"] {
            for part in ["estimate", "std_error"] {
                close(&impact[effect][part], &expected["impacts"][theirs][effect][part], effect);
            }
        }
    }
}

#[test]
fn the_study_reproduces_the_exact_estimates_with_and_without_bias_correction() {
    let scratch = Scratch::new();
    let outcome = run(&scratch);
    assert_eq!(outcome["models"][0]["weights"]["links"], 188);
    agrees(&outcome["models"][0], &reference("none"));
    agrees(&outcome["models"][1], &reference("lee-yu"));
}

#[test]
fn the_study_says_that_it_repaired_the_invalid_ring_and_left_out_three_states() {
    let scratch = Scratch::new();
    let outcome = run(&scratch);
    let warnings = outcome["warnings"].to_string();
    assert!(warnings.contains("repaired"), "{warnings}");
    assert!(warnings.contains("3 (Colorado, North Carolina, Oregon)"), "{warnings}");
    let geopackage = scratch.path("out/study.gpkg");
    for layer in ["hotspot", "effects", "influence"] {
        let units = read_units(&Source::new(&geopackage).layer(layer).id("name")).unwrap();
        assert_eq!(units.len(), 46);
        assert!(units.invalid.is_empty(), "{:?}", units.invalid);
    }
    assert_eq!(states().invalid.len(), 1, "the input has one invalid ring");
}

#[test]
fn every_product_is_there_and_the_manifest_hashes_it() {
    let scratch = Scratch::new();
    run(&scratch);
    let out = scratch.path("out");
    let manifest = fs::read_to_string(Path::new(&out).join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let files: Vec<&str> = manifest["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|output| output["file"].as_str().unwrap())
        .collect();
    for product in [
        "study.gpkg",
        "report.html",
        "tables/coefficients.csv",
        "tables/coefficients.md",
        "tables/coefficients.tex",
        "tables/impacts.csv",
        "tables/impacts.md",
        "tables/impacts.tex",
        "maps/hotspot.svg",
        "maps/hotspot.png",
        "maps/influence.svg",
        "tables/influential.csv",
        "tables/influential.tex",
        "maps/effects.svg",
        "maps/effects.png",
    ] {
        assert!(files.contains(&product), "{product} is not in the manifest");
        assert!(Path::new(&out).join(product).is_file(), "{product} is not there");
    }
    assert_eq!(manifest["inputs"].as_array().unwrap().len(), 3);
    assert_eq!(scratch.entries(), ["out"], "nothing is left beside the results");
}

#[test]
fn the_geopackage_holds_the_tables_and_a_default_style_for_each_layer() {
    let scratch = Scratch::new();
    run(&scratch);
    let geopackage = scratch.path("out/study.gpkg");
    for (table, rows) in [("coefficients", 10), ("impacts", 12), ("influential", 10)] {
        assert_eq!(
            read_table(&Source::new(&geopackage).layer(table)).unwrap().len(),
            rows,
            "{table}"
        );
    }
    let styles = read_table(&Source::new(&geopackage).layer("layer_styles")).unwrap();
    let styled: Vec<_> = (0..styles.len())
        .map(|row| {
            let of = |name: &str| styles.column(name).unwrap().key(row).unwrap();
            (of("f_table_name"), of("useAsDefault"))
        })
        .collect();
    for layer in ["hotspot", "effects"] {
        assert!(styled.contains(&(layer.to_owned(), "true".to_owned())), "{layer}: {styled:?}");
    }
}

/// The panel with its logs as columns, for the commands that take no formulas.
fn logged_panel(scratch: &Scratch) -> String {
    let table = read_table(&Source::new(repository("data/us_states/cigar.csv"))).unwrap();
    let numbers = |name: &str| table.column(name).unwrap().numbers().unwrap();
    let (price, cpi, ndi) = (numbers("price"), numbers("cpi"), numbers("ndi"));
    let mut text = "state,year,sales,logp,logy\n".to_owned();
    for row in 0..table.len() {
        let of = |name: &str| table.column(name).unwrap().key(row).unwrap();
        let logp = (price[row] / cpi[row]).ln();
        let logy = (ndi[row] / cpi[row]).ln();
        text.push_str(&format!("{},{},{},{logp},{logy}\n", of("state"), of("year"), of("sales")));
    }
    scratch.write("panel.csv", &text)
}

#[test]
fn the_single_command_gives_the_same_model_for_polygons_and_for_a_weights_file() {
    let scratch = Scratch::new();
    let panel = logged_panel(&scratch);
    let boundaries = repository("data/us_states/us_states.gpkg");
    let model =
        ["--id", "state", "--time", "year", "--y", "sales", "--x", "logp,logy", "--log", "sales"];
    let polygons = ["--boundaries", &boundaries, "--boundaries-id", "name"];
    let from_polygons = json(&[&["sdm", &panel][..], &model, &polygons].concat());
    let expected = reference("lee-yu");
    close(&from_polygons["rho"]["estimate"], &expected["parameters"]["rho"], "rho");

    for extension in ["gal", "gwt", "csv"] {
        let file = scratch.path(&format!("states.{extension}"));
        json(&["weights", &boundaries, &file, "--id", "name"]);
        let from_file = json(&[&["sdm", &panel][..], &model, &["--weights", &file]].concat());
        assert_eq!(from_file["weights"]["links"], 188, "{extension}");
        assert_eq!(from_file["coefficients"], from_polygons["coefficients"], "{extension}");
        assert_eq!(from_file["impacts"], from_polygons["impacts"], "{extension}");
    }
}

#[test]
fn the_study_compares_the_family_as_the_single_command_does() {
    let scratch = Scratch::new();
    let study = run(&scratch)["models"][0]["comparison"].clone();
    let panel = logged_panel(&scratch);
    let boundaries = repository("data/us_states/us_states.gpkg");
    let model =
        ["--id", "state", "--time", "year", "--y", "sales", "--x", "logp,logy", "--log", "sales"];
    let more = ["--compare", "--bias-correction", "none", "--boundaries-id", "name"];
    let folder = scratch.path("tables");
    let output = ["--boundaries", &boundaries, "--tables", &folder];
    let alone = json(&[&["sdm", &panel][..], &model, &more, &output].concat());
    let alone = &alone["comparison"];
    assert_eq!(study["models"].as_array().unwrap().len(), 6);
    for (of_study, of_command) in
        study["models"].as_array().unwrap().iter().zip(alone["models"].as_array().unwrap())
    {
        for measure in ["bic", "probability", "r_squared_nagelkerke", "log_likelihood"] {
            close(&of_study[measure], &of_command[measure], measure);
        }
    }
    assert_eq!(study["verdict"]["sentence"], alone["verdict"]["sentence"]);

    let table =
        |name: &str| read_table(&Source::new(scratch.path("out/study.gpkg")).layer(name)).unwrap();
    let measures = table("comparison_measures");
    let of = |name: &str, row: usize| measures.column(name).unwrap().key(row).unwrap();
    let row = (0..measures.len())
        .find(|&row| of("model", row) == "SDM" && of("measure", row) == "probability")
        .unwrap();
    let found = measures.column("value").unwrap().numbers().unwrap()[row];
    close(&found.into(), &study["models"][4]["probability"], "probability of SDM");
    assert_eq!(table("comparison_impacts").len(), 32, "OLS and SEM have no indirect effects");
    let report = fs::read_to_string(scratch.path("out/report.html")).unwrap();
    assert!(report.contains("Rule: Elhorst (2010, 2014)"));
    for file in [scratch.path("out/tables/comparison.tex"), format!("{folder}/comparison.tex")] {
        assert!(fs::read_to_string(&file).unwrap().contains("SDEM"), "{file}");
    }
}

#[test]
fn effects_per_state_average_to_the_impacts() {
    let scratch = Scratch::new();
    let outcome = run(&scratch);
    let impact = named(&outcome["models"][1]["impacts"], "variable", "log_price");
    let mean = |field: &str| {
        let values = by_key(&scratch.path("out/study.gpkg"), "effects", "name", field);
        values.iter().map(|(_, value)| value).sum::<f64>() / values.len() as f64
    };
    for (field, effect) in [
        ("log_price_direct", "direct"),
        ("log_price_spill_in", "indirect"),
        ("log_price_spill_out", "indirect"),
        ("log_price_total", "total"),
    ] {
        let expected = impact[effect]["estimate"].as_f64().unwrap();
        assert!((mean(field) - expected).abs() < 1e-12, "{field}");
    }
}

#[test]
fn the_change_tested_by_the_single_command_is_the_one_of_the_study() {
    let scratch = Scratch::new();
    let outcome = run(&scratch);
    let hotspot = json(&[
        "hotspot",
        &repository("data/us_states/cigar.csv"),
        &scratch.path("hotspot.gpkg"),
        "--field",
        "sales",
        "--id",
        "state",
        "--time",
        "year",
        "--change",
        "1963,1992",
        "--boundaries",
        &repository("data/us_states/us_states.gpkg"),
        "--boundaries-id",
        "name",
    ]);
    assert_eq!(hotspot["bins"], outcome["hotspots"][0]["bins"]);
    assert_eq!(hotspot["n"], 46);
    let study = by_key(&scratch.path("out/study.gpkg"), "hotspot", "name", "gi_z");
    assert_eq!(by_key(&scratch.path("hotspot.gpkg"), "states", "name", "gi_z"), study);
}

#[test]
fn before_the_models_stand_moran_by_period_and_weights_and_how_the_regressors_hang_together() {
    let scratch = Scratch::new();
    run(&scratch);
    let table =
        |name: &str| read_table(&Source::new(scratch.path("out/study.gpkg")).layer(name)).unwrap();
    let moran = table("moran");
    assert_eq!(moran.len(), 30);
    let column = |name: &str| moran.column(name).unwrap().numbers().unwrap();
    // The single command on real prices, a regressor with logs ready made, by each of the weights.
    let panel = logged_panel(&scratch);
    let logs = fs::read_to_string(&panel).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let log = cells[2].parse::<f64>().map_or("y".to_owned(), |sales| sales.ln().to_string());
        format!("{},{},{log}\n", cells[0], cells[1])
    };
    let panel = scratch.write("logs.csv", &logs.lines().map(line).collect::<String>());
    let boundaries = repository("data/us_states/us_states.gpkg");
    for weights in ["queen", "knn:4"] {
        let of_panel = ["moran", &panel, "--id", "state", "--time", "year", "--field", "y"];
        let of_w = ["--weights", weights, "--boundaries", &boundaries, "--boundaries-id", "name"];
        let alone = json(&[&of_panel[..], &of_w].concat());
        let results = alone["results"].as_array().unwrap();
        for (name, key) in [("I", "value"), ("z", "z"), ("p", "p_value")] {
            let found = column(&format!("{name} ({weights})"));
            for (found, expected) in found.iter().zip(results) {
                let expected = expected[key].as_f64().unwrap();
                assert!((found - expected).abs() < 1e-12, "{weights} {name}");
            }
        }
    }
    let regressors = table("regressors");
    let r = regressors.column("log real income").unwrap().numbers().unwrap()[0];
    for inflation in regressors.column("VIF").unwrap().numbers().unwrap() {
        assert!((inflation - 1.0 / (1.0 - r * r)).abs() < 1e-12);
    }
}
