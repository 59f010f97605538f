//! `durbin hotspot`.

use durbin::io::{Source, read_units};

use crate::support::{Scratch, board, by_key, durbin, json, refused, squares};

#[test]
fn all_input_columns_and_the_result_columns_are_in_the_output() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("out.gpkg");
    let result = json(&["hotspot", &input, &output, "--field", "x", "--id", "id"]);
    assert_eq!(result["field"], "x");
    assert_eq!(result["n"], 25);
    assert_eq!(result["self"], true);
    assert_eq!(result["transform"], "B");
    assert_eq!(result["correction"], "none");
    let bins = result["bins"].as_object().unwrap();
    assert_eq!(bins.keys().collect::<Vec<_>>(), ["-3", "-2", "-1", "0", "1", "2", "3"]);
    assert_eq!(bins.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), 25);
    let written = read_units(&Source::new(&output).id("id")).unwrap();
    assert_eq!(written.layer.name, "board");
    let names: Vec<&str> = written.layer.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["id", "x", "flat", "gi_z", "gi_p", "gi_bin", "gi_neighbors"]);
}

#[test]
fn row_scaling_changes_no_z() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let z = |transform: &str| {
        let output = scratch.path(&format!("{transform}.gpkg"));
        json(&["hotspot", &input, &output, "--field", "x", "--id", "id", "--transform", transform]);
        by_key(&output, "board", "id", "gi_z")
    };
    for (binary, row) in z("B").iter().zip(z("R")) {
        assert!((binary.1 - row.1).abs() < 1e-12, "{binary:?} {row:?}");
    }
}

#[test]
fn several_fields_are_prefixed() {
    let scratch = Scratch::new();
    let cells =
        [("a", 0.0, 1.0), ("b", 1.0, 5.0), ("c", 2.0, 2.0), ("d", 3.0, 7.0), ("e", 4.0, 1.0)];
    let cells: Vec<(&str, f64, String)> =
        cells.iter().map(|(id, x, v)| (*id, *x, format!(r#""u":{v},"v":{}"#, v * v))).collect();
    let cells: Vec<_> = cells.iter().map(|(id, x, p)| (*id, *x, 0.0, p.as_str())).collect();
    let input = scratch.write("row.geojson", &squares(&cells));
    let output = scratch.path("out.gpkg");
    let result = json(&["hotspot", &input, &output, "--field", "u,v", "--id", "id"]);
    assert_eq!(result["results"].as_array().unwrap().len(), 2);
    let written = read_units(&Source::new(&output).id("id")).unwrap();
    for name in ["u_gi_z", "v_gi_z", "u_gi_bin", "v_gi_bin"] {
        assert!(written.layer.column(name).is_ok(), "{name}");
    }
}

#[test]
fn permutations_do_not_depend_on_threads_and_depend_on_the_seed() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let p = |name: &str, more: &[&str]| {
        let output = scratch.path(name);
        let base =
            ["hotspot", &input, &output, "--field", "x", "--id", "id", "--permutations", "99"];
        json(&[&base, more].concat());
        by_key(&output, "board", "id", "gi_p_sim")
    };
    let one = p("one.gpkg", &["--threads", "1"]);
    assert_eq!(one, p("four.gpkg", &["--threads", "4"]));
    assert_ne!(one, p("seed.gpkg", &["--seed", "7"]));
}

#[test]
fn an_island_rests_on_itself_under_gi_star_and_is_null_under_gi() {
    let scratch = Scratch::new();
    let map = squares(&[
        ("a", 0.0, 0.0, r#""x":1"#),
        ("b", 1.0, 0.0, r#""x":2"#),
        ("c", 2.0, 0.0, r#""x":4"#),
        ("d", 3.0, 0.0, r#""x":3"#),
        ("far", 9.0, 9.0, r#""x":9"#),
    ]);
    let input = scratch.write("map.geojson", &map);
    let (star, gi) = (scratch.path("star.gpkg"), scratch.path("gi.gpkg"));
    let result = json(&["hotspot", &input, &star, "--field", "x", "--id", "id"]);
    assert_eq!(result["islands"], 1);
    assert!(result["warnings"].to_string().contains("far"));
    json(&["hotspot", &input, &gi, "--field", "x", "--id", "id", "--no-self"]);
    let far = |path: &str, field: &str| by_key(path, "map", "id", field)[4].1;
    assert!(far(&star, "gi_z") > 0.0);
    assert_eq!(far(&star, "gi_neighbors"), 0.0);
    assert!(far(&gi, "gi_z").is_nan());
}

#[test]
fn missing_values_are_refused_or_left_out_and_the_unit_stays_in_the_layer() {
    let scratch = Scratch::new();
    let map = squares(&[
        ("a", 0.0, 0.0, r#""x":1"#),
        ("b", 1.0, 0.0, r#""x":null"#),
        ("c", 1.0, 1.0, r#""x":4"#),
        ("d", 0.0, 1.0, r#""x":3"#),
        ("e", 0.0, 2.0, r#""x":8"#),
    ]);
    let input = scratch.write("map.geojson", &map);
    let output = scratch.path("out.gpkg");
    let base = ["hotspot", &input, &output, "--field", "x", "--id", "id"];
    let message = refused(&base, 1);
    assert!(message.contains("`x`") && message.contains("1 (b)"), "{message}");
    let result = json(&[&base[..], &["--missing", "drop"]].concat());
    assert_eq!(result["n"], 4);
    assert!(result["warnings"].to_string().contains("1 (b)"));
    let z = by_key(&output, "map", "id", "gi_z");
    assert_eq!(z.len(), 5);
    assert!(z[1].1.is_nan());
}

#[test]
fn an_existing_output_is_refused_replaced_or_added_to() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("out.gpkg");
    let base = ["hotspot", &input, &output, "--field", "x", "--id", "id"];
    json(&base);
    let message = refused(&base, 1);
    assert!(message.contains("--overwrite"), "{message}");
    json(&[&base[..], &["--append", "--output-layer", "second"]].concat());
    json(&[&base[..], &["--overwrite"]].concat());
    for layer in ["board", "second"] {
        assert_eq!(by_key(&output, layer, "id", "gi_z").len(), 25, "{layer}");
    }
    let message = refused(&[&base[..], &["--append"]].concat(), 1);
    assert!(message.contains("board"), "{message}");
}

#[test]
fn the_output_is_never_the_input() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let arguments = ["hotspot", &input, &input, "--field", "x", "--overwrite"];
    let message = refused(&arguments, 1);
    assert!(message.contains("input"), "{message}");
    durbin(&["hotspot", &input, &scratch.path("o.gpkg"), "--field", "x"]).assert().success();
}
