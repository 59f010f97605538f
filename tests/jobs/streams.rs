//! Standard input and output.

use serde_json::Value;

use crate::support::{Scratch, board, durbin};

#[test]
fn a_collection_on_standard_input_comes_out_as_one_feature_a_line() {
    let output = durbin(&["hotspot", "-", "-", "--field", "x", "--id", "id"])
        .write_stdin(board())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let features: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(features.len(), 25);
    assert!(features.iter().all(|feature| feature["properties"]["gi_z"].is_number()));
    assert!(features.iter().all(|feature| feature["geometry"]["type"] == "Polygon"));
}

#[test]
fn clusters_stream_too() {
    let output = durbin(&["lisa", "-", "-", "--field", "x", "--id", "id"])
        .write_stdin(board())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let features: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(features.len(), 25);
    assert!(features.iter().all(|feature| feature["properties"]["lisa_quadrant"].is_string()));
    let both = durbin(&["lisa", "-", "-", "--field", "x", "--json"]).output().unwrap();
    assert_eq!(both.status.code(), Some(2), "one standard output for one result");
}

#[test]
fn a_layer_on_standard_input_has_a_global_statistic() {
    let output =
        durbin(&["moran", "-", "--field", "x", "--json"]).write_stdin(board()).output().unwrap();
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(result["results"][0]["value"].is_number());
}

#[test]
fn what_came_out_can_go_in_again() {
    let first = durbin(&["hotspot", "-", "-", "--field", "x", "--id", "id"])
        .write_stdin(board())
        .output()
        .unwrap();
    let scratch = Scratch::new();
    durbin(&["weights", "-", &scratch.path("w.csv"), "--id", "id"])
        .write_stdin(first.stdout)
        .assert()
        .success();
    assert_eq!(scratch.entries(), ["w.csv"]);
}

#[test]
fn quiet_says_nothing_and_warnings_stay_off_standard_output() {
    let scratch = Scratch::new();
    let map = board().replace("[[[4,4]", "[[[40,40]");
    let input = scratch.write("map.geojson", &map);
    let output = durbin(&["hotspot", &input, &scratch.path("a.gpkg"), "--field", "x", "--quiet"])
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
