//! What is done all the same, and said: a user finds it in the warnings.

use serde_json::Value;

use crate::support::{Scratch, durbin, json, refused, squares};

/// Six squares in a row and a panel of two years; `rows` are lines of `id,year,x`.
fn bench(rows: &[(&str, &str, &str)]) -> Scratch {
    let scratch = Scratch::new();
    let cells = ["a", "b", "c", "d", "e", "f"];
    let cells: Vec<_> =
        cells.into_iter().zip(0..).map(|(id, x)| (id, f64::from(x), 0.0, "")).collect();
    scratch.write("map.geojson", &squares(&cells));
    let rows: Vec<String> = rows.iter().map(|(id, t, x)| format!("{id},{t},{x}\n")).collect();
    scratch.write("panel.csv", &format!("id,year,x\n{}", rows.concat()));
    scratch
}

fn change(bench: &Scratch, more: &[&str]) -> Value {
    let (panel, map, out) =
        (bench.path("panel.csv"), bench.path("map.geojson"), bench.path("out.gpkg"));
    let arguments = ["hotspot", &panel, &out, "--id", "id", "--time", "year", "--field", "x"];
    let rest = ["--change", "2000,2010", "--boundaries", &map, "--overwrite"];
    json(&[&arguments[..], &rest, more].concat())
}

const ROWS: [(&str, &str, &str); 12] = [
    ("a", "2000", "1"),
    ("b", "2000", "2"),
    ("c", "2000", "-3"),
    ("d", "2000", "4"),
    ("e", "2000", "5"),
    ("f", "2000", "6"),
    ("a", "2010", "2"),
    ("b", "2010", "3"),
    ("c", "2010", "1"),
    ("d", "2010", "9"),
    ("e", "2010", "5"),
    ("f", "2010", "7"),
];

#[test]
fn growth_from_below_zero_is_said_and_a_difference_is_not() {
    let bench = bench(&ROWS);
    let said = change(&bench, &[])["warnings"].to_string();
    assert!(said.contains("`x` is negative in 2000") && said.contains("1 (c);"), "{said}");
    let said = change(&bench, &["--change-measure", "difference"])["warnings"].to_string();
    assert!(!said.contains("negative"), "{said}");
}

#[test]
fn a_missing_row_is_dropped_like_a_missing_value() {
    let without_row = bench(&[&ROWS[..2], &ROWS[3..]].concat());
    let mut empty = ROWS;
    empty[2].2 = "";
    let without_value = bench(&empty);
    let drop = ["--missing", "drop"];
    let (row, value) = (change(&without_row, &drop), change(&without_value, &drop));
    assert_eq!((&row["n"], &row["bins"]), (&value["n"], &value["bins"]));
    assert_eq!(row["n"], 5);
    assert!(row["warnings"].to_string().contains('c'), "{}", row["warnings"]);
    let (panel, map) = (without_row.path("panel.csv"), without_row.path("map.geojson"));
    let arguments = ["hotspot", &panel, "-", "--id", "id", "--time", "year", "--field", "x"];
    let rest = ["--change", "2000,2010", "--boundaries", &map];
    let message = refused(&[&arguments[..], &rest].concat(), 1);
    assert!(message.contains("c 2000") && message.contains("--missing drop"), "{message}");
}

#[test]
fn a_format_that_numbers_features_anew_says_so_where_they_are_the_keys() {
    let bench = bench(&ROWS);
    let said = |output: &str, more: &[&str]| {
        let output = bench.path(output);
        let arguments = ["hotspot", &bench.path("map.geojson"), &output, "--field", "fid_like"];
        let out = durbin(&[&arguments[..], more, &["--overwrite"]].concat()).output().unwrap();
        assert!(out.status.success(), "{out:?}");
        String::from_utf8(out.stderr).unwrap()
    };
    let cells: Vec<_> = ["a", "b", "c", "d"]
        .into_iter()
        .zip(0..)
        .map(|(id, x)| (id, f64::from(x), 0.0, "\"fid_like\": 3"))
        .collect();
    let varied = squares(&cells).replacen("\"fid_like\": 3", "\"fid_like\": 1", 2);
    bench.write("map.geojson", &varied);
    assert!(said("out.fgb", &[]).contains("numbers features anew"));
    assert!(!said("out.fgb", &["--id", "id"]).contains("numbers features anew"));
    assert!(!said("out.gpkg", &[]).contains("numbers features anew"));
}

#[test]
fn options_without_a_use_are_said_and_a_panel_without_its_time_is_asked_for_it() {
    let bench = bench(&ROWS);
    let (panel, map) = (bench.path("panel.csv"), bench.path("map.geojson"));
    let rows = ROWS.iter().enumerate();
    let rows: Vec<String> =
        rows.map(|(at, (id, year, x))| format!("{id},{year},{x},{}", (at * at) % 7)).collect();
    bench.write("panel.csv", &format!("id,year,x,z\n{}\n", rows.join("\n")));
    let model = ["sdm", &panel, "--id", "id", "--y", "x", "--x", "z", "--boundaries", &map];
    let message = refused(&model, 1);
    assert!(message.contains("cross-section") && message.contains("--time"), "{message}");
    let rest =
        ["--time", "year", "--model", "sar", "--effects", "none", "--bias-correction", "lee-yu"];
    let out = durbin(&[&model[..], &rest].concat()).output().unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("--bias-correction lee-yu does nothing"), "{said}");
}
