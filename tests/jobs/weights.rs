//! `durbin weights`.

use std::fs;

use crate::support::{Scratch, board, json, refused, repository, squares};

#[test]
fn queen_on_a_board_counts_corners_and_rook_does_not() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let of = |kind: &str| {
        json(&[
            "weights",
            &input,
            &scratch.path(&format!("{kind}.gal")),
            "--weights",
            kind,
            "--id",
            "id",
        ])
    };
    let (queen, rook) = (of("queen"), of("rook"));
    assert_eq!((queen["n"].as_u64(), queen["links"].as_u64()), (Some(25), Some(144)));
    assert_eq!(rook["links"].as_u64(), Some(80));
    assert_eq!(queen["components"], 1);
    assert_eq!(queen["max_cardinality"], 8);
    assert_eq!(queen["islands"], 0);
}

#[test]
fn a_weights_file_carries_the_keys() {
    let scratch = Scratch::new();
    let boundaries = repository("data/us_states/us_states.gpkg");
    let csv = scratch.path("w.csv");
    json(&["weights", &boundaries, &csv, "--id", "name"]);
    let text = fs::read_to_string(&csv).unwrap();
    assert!(text.starts_with("focal,neighbor,weight"), "{text}");
    assert!(text.contains("New Mexico,Colorado,1"), "corners count: {text}");
    assert!(text.contains("Arizona,Colorado,1"), "four corners");
}

#[test]
fn row_standardised_weights_of_the_binary_file_are_those_of_the_polygons() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let (binary, row) = (scratch.path("b.csv"), scratch.path("r.csv"));
    json(&["weights", &input, &binary, "--id", "id"]);
    json(&["weights", &input, &row, "--id", "id", "--transform", "R"]);
    let again = scratch.path("again.csv");
    json(&["weights", &input, &again, "--id", "id", "--weights", &binary, "--transform", "R"]);
    assert_eq!(fs::read_to_string(row).unwrap(), fs::read_to_string(again).unwrap());
}

#[test]
fn islands_are_kept_and_named_or_refused_on_request() {
    let scratch = Scratch::new();
    let map = squares(&[("a", 0.0, 0.0, ""), ("b", 1.0, 0.0, ""), ("far", 9.0, 9.0, "")]);
    let input = scratch.write("map.geojson", &map);
    let kept = json(&["weights", &input, &scratch.path("w.gal"), "--id", "id"]);
    assert_eq!(kept["islands"], 1);
    assert!(kept["warnings"].to_string().contains("far"));
    let other = scratch.path("x.gal");
    let message = refused(&["weights", &input, &other, "--id", "id", "--islands", "error"], 1);
    assert!(message.contains("far"), "{message}");
    assert_eq!(scratch.entries(), ["map.geojson", "w.gal"]);
}

#[test]
fn kinds_that_are_not_there_yet_and_nonsense_are_wrong_usage() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("w.gal");
    for (spec, word) in [
        ("knn:8", "not available yet"),
        ("queen:2", "not available yet"),
        ("distance:50km", "not available yet"),
        ("knn:many", "knn:many"),
        ("king", "king"),
    ] {
        let message = refused(&["weights", &input, &output, "--weights", spec], 2);
        assert!(message.contains(word), "{spec}: {message}");
    }
}
