//! `durbin map`: pictures of columns.

use std::fs;

use crate::support::{Scratch, board, durbin, json, refused, repository, squares};

const HUNAN: &str = "data/hunan/hunan_counties.gpkg";

#[test]
fn classes_hold_every_unit_and_several_fields_share_them() {
    let scratch = Scratch::new();
    let board = scratch.write("board.geojson", &two_years());
    let output = scratch.path("map.svg");
    let drawn = json(&["map", &board, &output, "--field", "x_1990,x_2000", "--id", "id"]);
    assert_eq!(drawn["style"], "graded");
    assert_eq!(drawn["scheme"], "natural-breaks");
    let classes = drawn["classes"].as_array().unwrap();
    assert_eq!(classes.len(), 5);
    let count: u64 = classes.iter().map(|class| class["count"].as_u64().unwrap()).sum();
    assert_eq!(count, 8);
    assert_eq!(classes[4]["value"], 80.0);
    let svg = fs::read_to_string(&output).unwrap();
    assert!(svg.contains("x_1990") && svg.contains("x_2000") && svg.contains("<use "), "{svg}");
}

#[test]
fn a_layer_of_hot_spots_is_drawn_as_such_without_being_asked() {
    let scratch = Scratch::new();
    let board = scratch.write("board.geojson", &board());
    let layer = scratch.path("hot.gpkg");
    durbin(&["hotspot", &board, &layer, "--field", "x", "--id", "id"]).assert().success();
    let output = scratch.path("hot.png");
    let drawn = json(&["map", &layer, &output]);
    assert_eq!(drawn["fields"][0], "gi_bin");
    assert_eq!(drawn["style"], "hotspot");
    assert_eq!(drawn["classes"].as_array().unwrap().len(), 7);
    assert_eq!(fs::read(&output).unwrap()[1..4], *b"PNG");
}

#[test]
fn degrees_are_drawn_in_an_equal_area_projection_that_is_named() {
    let scratch = Scratch::new();
    let output = scratch.path("hunan.svg");
    let arguments = ["map", &repository(HUNAN), &output, "--layer", "counties"];
    let drawn = json(&arguments);
    let projection = drawn["projection"].as_str().unwrap();
    assert!(projection.contains("equal area") || projection.contains("as the layer has it"));
    assert!(fs::read_to_string(&output).unwrap().contains(" km</text>"));
}

#[test]
fn circles_and_names_are_drawn_over_the_shapes() {
    let scratch = Scratch::new();
    let board = scratch.write("board.geojson", &two_years());
    let output = scratch.path("map.svg");
    json(&[
        "map",
        &board,
        &output,
        "--symbols",
        "x_2000",
        "--labels",
        "id",
        "--title",
        "Größe 大小",
    ]);
    let svg = fs::read_to_string(&output).unwrap();
    assert!(svg.contains("Größe 大小") && svg.contains("<circle "));
    assert!(svg.contains(">a</text>"), "{svg}");
}

#[test]
fn what_cannot_be_drawn_is_refused_and_leaves_nothing() {
    let scratch = Scratch::new();
    let board = scratch.write("board.geojson", &board());
    let map = |output: &str, more: &[&str]| {
        let output = scratch.path(output);
        [&["map", &board, &output], more]
            .concat()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let refuse = |arguments: Vec<String>, status: i32| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        refused(&arguments, status)
    };
    assert!(refuse(map("map.pdf", &[]), 2).contains(".svg or .png"));
    assert!(refuse(map("map.svg", &["--field", "y"]), 1).contains("`y`"));
    assert!(refuse(map("map.svg", &["--field", "x", "--palette", "rainbow"]), 2).contains("blues"));
    assert!(refuse(map("map.svg", &["--field", "x", "--classes", "40"]), 2).contains("2 to 12"));
    let words = refuse(map("map.svg", &["--field", "id", "--style", "categories"]), 2);
    assert!(words.contains("25 different"), "{words}");
    assert!(refuse(map("map.svg", &["--field", "id", "--style", "graded"]), 1).contains("r0c0"));
    assert_eq!(scratch.entries(), ["board.geojson"]);
    scratch.write("map.svg", "mine");
    assert!(refuse(map("map.svg", &["--field", "x"]), 1).contains("--overwrite"));
}

/// Four squares with a field in two years.
fn two_years() -> String {
    squares(&[
        ("a", 0.0, 0.0, r#""x_1990":1.5,"x_2000":10"#),
        ("b", 1.0, 0.0, r#""x_1990":2,"x_2000":20"#),
        ("c", 0.0, 1.0, r#""x_1990":3,"x_2000":40"#),
        ("d", 1.0, 1.0, r#""x_1990":4,"x_2000":80"#),
    ])
}
