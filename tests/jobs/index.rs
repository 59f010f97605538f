//! `durbin index`.

use crate::support::{Scratch, board, durbin, json, layer, refused, repository};
use durbin::io::{Source, read_table, read_units};

const PANEL: &str = "\u{feff}县,year,income,roads,smoke\n\
    b,2020,20,3,4\na,2020,10,1,8\nc,2020,40,2,6\na,2021,20,2,6\nb,2021,30,5,0\nc,2021,50,4,4\n";

const DIMENSIONS: &str = "[[dimension]]\nname = \"economy\"\npositive = [\"income\", \"roads\"]\n\
    [[dimension]]\nname = \"nature\"\nnegative = [\"smoke\"]\n";

const PLAIN: [&str; 8] =
    ["--id", "县", "--time", "year", "--positive", "income,roads", "--negative", "smoke"];

fn with<'a>(input: &'a str, output: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["index", input, output], &PLAIN[..], more].concat()
}

#[test]
fn the_panel_comes_back_with_the_index_and_the_weights_by_year() {
    let scratch = Scratch::new();
    let (input, output) = (scratch.write("panel.csv", PANEL), scratch.path("out.csv"));
    let result = json(&with(&input, &output, &[]));
    let weights = result["weights"].as_array().unwrap();
    assert_eq!(weights.len(), 3);
    assert_eq!(weights[0]["indicator"], "income");
    assert_eq!(weights[2]["sign"], "-");
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    for w in weights {
        let by = &w["by_period"];
        let mean = f64::midpoint(number(&by["2020"]), number(&by["2021"]));
        assert!((number(&w["weight"]) - mean).abs() < 1e-14);
        assert!(number(&w["entropy"]) < 1.0);
    }
    let table = read_table(&Source::new(&output)).unwrap();
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["县", "year", "income", "roads", "smoke", "index"]);
    // Rows stay where they were: the second is the county that is worst in everything.
    assert_eq!(table.column("县").unwrap().key(1).as_deref(), Some("a"));
    assert_eq!(table.column("index").unwrap().numbers().unwrap()[1], 0.0);
}

#[test]
fn dimensions_get_a_column_each_and_add_up() {
    let scratch = Scratch::new();
    let (input, output) = (scratch.write("panel.csv", PANEL), scratch.path("out.gpkg"));
    let file = scratch.write("indicators.toml", DIMENSIONS);
    let arguments =
        ["--id", "县", "--time", "year", "--indicators", &file, "--coupling", "--parts"];
    let result = json(&[&["index", &input, &output], &arguments[..]].concat());
    assert_eq!(result["dimensions"][0]["name"], "economy");
    let table = read_table(&Source::new(&output)).unwrap();
    let of = |name: &str| table.column(name).unwrap().numbers().unwrap();
    let (index, economy, nature) = (of("index"), of("economy"), of("nature"));
    for row in 0..6 {
        assert!((index[row] - economy[row] - nature[row]).abs() < 1e-14);
    }
    assert!(of("coordination").iter().all(|d| (0.0..=1.0).contains(d)));
    assert!(of("contribution_smoke")[1].is_nan() && of("obstacle_smoke")[1] > 0.0);
}

#[test]
fn a_layer_without_time_is_a_cross_section_and_goes_through_a_pipe() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("out.gpkg");
    let result = json(&["index", &input, &output, "--positive", "x", "--id", "id"]);
    assert_eq!(result["n_periods"], 1);
    assert_eq!(result["weights"][0]["weight"], 1.0);
    let written = layer(&output, "board");
    let field = written.layer.column("index").unwrap().numbers().unwrap();
    assert_eq!(field.iter().copied().fold(0.0, f64::max), 1.0);
    let piped = durbin(&["index", "-", "-", "--positive", "x", "--score", "topsis"])
        .write_stdin(board())
        .output()
        .unwrap();
    assert!(piped.status.success());
    let lines = String::from_utf8(piped.stdout).unwrap();
    assert_eq!(lines.lines().count(), 25);
    assert!(lines.contains("\"index\": 1.0"), "{lines}");
}

#[test]
fn rows_in_another_order_change_no_bit() {
    let scratch = Scratch::new();
    let mut lines: Vec<&str> = PANEL.lines().collect();
    let straight = scratch.write("panel.csv", PANEL);
    lines[1..].reverse();
    let turned = scratch.write("turned.csv", &(lines.join("\n") + "\n"));
    let out = |name: &str, input: &str| {
        let output = scratch.path(name);
        (json(&with(input, &output, &[])), output)
    };
    let ((a, _), (b, _)) = (out("a.csv", &straight), out("b.csv", &turned));
    assert_eq!(a["weights"], b["weights"]);
}

#[test]
fn every_way_of_weighing_and_scoring_runs_and_differs() {
    let scratch = Scratch::new();
    let input = scratch.write("panel.csv", PANEL);
    let mut seen = Vec::new();
    let ways: [&[&str]; 7] = [
        &[],
        &["--method", "critic"],
        &["--method", "equal"],
        &["--pool", "pooled"],
        &["--pool", "yearly"],
        &["--normalize", "yearly"],
        &["--score", "topsis"],
    ];
    for (at, more) in ways.into_iter().enumerate() {
        let output = scratch.path(&format!("{at}.csv"));
        json(&with(&input, &output, more));
        let table = read_table(&Source::new(&output)).unwrap();
        let index = table.column("index").unwrap().numbers().unwrap();
        assert!(index.iter().all(|v| (0.0..=1.0).contains(v)));
        assert!(!seen.contains(&index), "{more:?}");
        seen.push(index);
    }
}

#[test]
fn gaps_are_refused_dropped_or_filled_and_counted() {
    let scratch = Scratch::new();
    let gaps = PANEL.replace("c,2020,40", "c,2020,.")
        + "a,2022,30,3,5\nb,2022,40,6,1\nc,2022,60,5,3\n\
        d,2020,5,9,9\nd,2021,7,8,7\nd,2022,9,7,8\n";
    let gaps = gaps.replace("b,2021,30", "b,2021,");
    let input = scratch.write("panel.csv", &gaps);
    let output = scratch.path("out.csv");
    let message = refused(&with(&input, &output, &[]), 1);
    assert!(message.contains("income") && message.contains("c 2020"), "{message}");
    let message = refused(&with(&input, &output, &["--missing", "interpolate"]), 1);
    assert!(message.contains("never extrapolates") && message.contains("c 2020"), "{message}");
    let result = json(&with(&input, &output, &["--missing", "drop"]));
    assert_eq!((&result["dropped"], &result["n_units"]), (&2.into(), &2.into()));
    let table = read_table(&Source::new(&output)).unwrap();
    let index = table.column("index").unwrap().numbers().unwrap();
    assert_eq!(index.iter().filter(|v| v.is_nan()).count(), 6);
}

#[test]
fn messages_name_what_is_wrong_with_an_indicator() {
    let scratch = Scratch::new();
    let input = scratch.write("panel.csv", PANEL);
    let output = scratch.path("out.csv");
    let base = ["index", &input, &output, "--id", "县", "--time", "year"];
    let run = |more: &[&str], status| refused(&[&base[..], more].concat(), status);
    let message = run(&["--positive", "incme"], 1);
    assert!(message.contains("no field `incme`") && message.contains("income"), "{message}");
    let message = run(&["--positive", "income", "--negative", "income"], 2);
    assert!(message.contains("named twice"), "{message}");
    assert!(run(&[], 2).contains("needs indicators"));
    assert!(run(&["--positive", "income", "--method", "entropie"], 2).contains("entropy, critic"));
    let flat =
        scratch.write("flat.csv", &PANEL.replace("20,3,4", "20,3,8").replace("40,2,6", "40,2,8"));
    let message = refused(&with(&flat, &output, &[]), 1);
    assert!(message.contains("`smoke` is 8 for every unit in 2020"), "{message}");
    let sign = scratch.write("sign.toml", "[[indicator]]\nname = \"income\"\nsign = \"up\"\n");
    let message = run(&["--indicators", &sign], 1);
    assert!(message.contains("unknown sign `up`") && message.contains("line 3"), "{message}");
    let short = scratch.write("short.csv", &PANEL.replace("c,2021,50,4,4\n", ""));
    let message = refused(&with(&short, &output, &[]), 1);
    assert!(message.contains("c 2021") && message.contains("unbalanced"), "{message}");
    assert_eq!(scratch.entries().iter().filter(|name| name.starts_with("out")).count(), 0);
}

#[test]
fn an_existing_output_and_a_taken_name_are_refused() {
    let scratch = Scratch::new();
    let input = scratch.write("panel.csv", PANEL);
    let output = scratch.path("out.csv");
    json(&with(&input, &output, &[]));
    assert!(refused(&with(&input, &output, &[]), 1).contains("--overwrite"));
    json(&with(&input, &output, &["--overwrite"]));
    assert!(refused(&with(&input, &input, &["--overwrite"]), 1).contains("is the input"));
    let again = scratch.path("again.csv");
    let message = refused(&with(&output, &again, &[]), 1);
    assert!(message.contains("already has a field `index`"), "{message}");
}

#[test]
fn polygons_of_a_real_map_keep_their_columns_and_are_styled() {
    let scratch = Scratch::new();
    let output = scratch.path("out.gpkg");
    let input = repository("data/us_states/us_states.gpkg");
    // The key as an indicator: any number will do for the drawing.
    json(&["index", &input, &output, "--layer", "states", "--id", "name", "--positive", "fips"]);
    let written = read_units(&Source::new(&output).layer("states").id("name")).unwrap();
    assert_eq!(written.len(), 49);
    let styles = read_table(&Source::new(&output).layer("layer_styles")).unwrap();
    assert_eq!(styles.len(), 1);
}
