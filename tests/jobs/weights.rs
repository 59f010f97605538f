//! `durbin weights`.

use std::fs;

use crate::support::{Scratch, board, json, layer, refused, repository, squares};

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
fn every_kind_of_weights_is_built_for_the_counties_of_hunan() {
    let scratch = Scratch::new();
    let counties = repository("data/hunan/hunan_counties.gpkg");
    let links = |spec: &str| {
        let output = scratch.path("w.csv");
        let of =
            ["weights", &counties, &output, "--overwrite", "--id", "adcode", "--weights", spec];
        json(&of)["links"].as_u64().unwrap()
    };
    let queen = links("queen");
    assert_eq!((queen, links("rook")), (638, 638));
    assert_eq!(links("queen:2"), queen + links("queen:2only"));
    assert_eq!(links("difference:queen:2,queen"), links("queen:2only"));
    assert_eq!(links("knn:8"), 8 * 122);
    assert_eq!(links("kernel:gaussian:knn:8"), 8 * 122);
    let band = links("distance:100km");
    assert_eq!((links("inverse-distance:100km:2"), links("kernel:quartic:100km")), (band, band));
    assert!(links("distance:auto") < band);
    assert_eq!(links("economic:adcode"), queen);
    assert_eq!(links("economic:adcode:all"), 122 * 121);
    assert_eq!(links("nested:adcode:knn:8"), 8 * 122);
    let (either, both) = (links("union:queen,knn:8"), links("intersection:queen,knn:8"));
    assert_eq!(either + both, queen + 8 * 122);
    let prefectures = links("block:prefecture");
    assert!(prefectures > 0 && links("intersection:block:prefecture,queen") < prefectures);
}

#[test]
fn nonsense_is_wrong_usage_and_names_itself() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("w.gal");
    for spec in ["knn:many", "king", "distance:50miles", "kernel:cosine:3", "union:queen"] {
        let message = refused(&["weights", &input, &output, "--weights", spec], 2);
        assert!(message.contains(spec), "{spec}: {message}");
    }
    let snapped = ["weights", &input, &output, "--weights", "knn:3", "--snap", "1m"];
    assert!(refused(&snapped, 2).contains("--snap"));
    let wide = ["weights", &input, &output, "--wide"];
    assert!(refused(&wide, 2).contains("--wide"));
}

#[test]
fn a_length_with_a_unit_needs_a_reference_system_and_degrees_are_told_in_kilometres() {
    let scratch = Scratch::new();
    let plain = scratch.write("points.csv", "id,x,y\na,0,0\nb,3,4\nc,9,9\n");
    let vrt = scratch.write(
        "points.vrt",
        &format!(
            "<OGRVRTDataSource><OGRVRTLayer name=\"points\"><SrcDataSource>{plain}</SrcDataSource>\
             <GeometryType>wkbPoint</GeometryType>\
             <GeometryField encoding=\"PointFromColumns\" x=\"x\" y=\"y\"/>\
             </OGRVRTLayer></OGRVRTDataSource>"
        ),
    );
    let output = scratch.path("w.gwt");
    let of = |spec: &'static str| {
        vec!["weights", &vrt, &output, "--overwrite", "--id", "id", "--weights", spec]
    };
    let message = refused(&of("distance:5km"), 1);
    assert!(message.contains("5km") && message.contains("CRS"), "{message}");
    assert_eq!(json(&of("distance:5"))["links"], 2);
    let map = scratch.write("map.geojson", &board());
    let degrees =
        json(&["weights", &map, &output, "--overwrite", "--id", "id", "--weights", "distance:1"]);
    assert!(degrees["warnings"].to_string().contains("111.195 km"), "{degrees}");
}

#[test]
fn a_gap_is_closed_by_snapping_and_shown_by_the_audit() {
    let scratch = Scratch::new();
    let map = squares(&[
        ("a", 0.0, 0.0, ""),
        ("b", 1.000_122_070_312_5, 0.0, ""),
        ("c", 2.000_122_070_312_5, 0.0, ""),
    ]);
    let input = scratch.write("map.geojson", &map);
    let (output, audit) = (scratch.path("w.gal"), scratch.path("audit.gpkg"));
    let found = json(&[
        "weights",
        &input,
        &output,
        "--id",
        "id",
        "--audit",
        &audit,
        "--audit-tolerance",
        "20m",
    ]);
    assert_eq!((found["links"].as_u64(), found["islands"].as_u64()), (Some(2), Some(1)));
    assert_eq!(
        (found["audit"]["near_misses"].as_u64(), found["audit"]["islands"].as_u64()),
        (Some(1), Some(1))
    );
    let near = layer(&audit, "near_misses");
    assert_eq!(near.layer.len(), 1);
    for (snap, links) in [("0", 2), ("1m", 2), ("20m", 4)] {
        let of = ["weights", &input, &output, "--overwrite", "--id", "id", "--snap", snap];
        assert_eq!(json(&of)["links"], links, "{snap}");
    }
}

#[test]
fn islands_are_linked_to_their_nearest_unit_on_request() {
    let scratch = Scratch::new();
    let map = squares(&[("a", 0.0, 0.0, ""), ("b", 1.0, 0.0, ""), ("far", 9.0, 0.0, "")]);
    let input = scratch.write("map.geojson", &map);
    let output = scratch.path("w.csv");
    let linked = json(&["weights", &input, &output, "--id", "id", "--islands", "nearest"]);
    assert_eq!((linked["islands"].as_u64(), linked["links"].as_u64()), (Some(0), Some(4)));
    assert!(linked["warnings"].to_string().contains("far to b"), "{linked}");
    assert!(fs::read_to_string(&output).unwrap().contains("far,b,1"));
}

#[test]
fn every_transform_keeps_the_links() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("w.csv");
    for transform in ["B", "R", "D", "V", "minmax", "spectral"] {
        let of =
            ["weights", &input, &output, "--overwrite", "--id", "id", "--transform", transform];
        let result = json(&of);
        assert_eq!(
            (result["links"].as_u64(), &result["transform"]),
            (Some(144), &transform.into())
        );
    }
}

#[test]
fn every_file_format_brings_the_same_matrix_back() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let direct = scratch.path("direct.csv");
    let of = |weights: &str, output: &str| {
        json(&["weights", &input, output, "--overwrite", "--weights", weights])
    };
    of("queen", &direct);
    let again = scratch.path("again.csv");
    for extension in ["gal", "gwt", "swm", "mtx", "dat", "csv", "txt"] {
        let file = scratch.path(&format!("w.{extension}"));
        of("queen", &file);
        of(&file, &again);
        let text = |path: &str| fs::read_to_string(path).unwrap();
        assert_eq!(text(&again), text(&direct), "{extension}");
    }
    let wide = scratch.path("wide.csv");
    json(&["weights", &input, &wide, "--wide"]);
    of(&wide, &again);
    assert_eq!(fs::read_to_string(&again).unwrap(), fs::read_to_string(&direct).unwrap());
}

#[test]
fn the_counties_of_the_usa_work_as_they_come() {
    let scratch = Scratch::new();
    let counties = repository("data/us_counties/us_counties.gpkg");
    let output = scratch.path("w.gal");
    let result = json(&["weights", &counties, &output, "--id", "fips"]);
    assert_eq!((result["n"].as_u64(), result["links"].as_u64()), (Some(3108), Some(18206)));
    let warnings = result["warnings"].to_string();
    assert!(warnings.contains("no geometry: 1 (51610)"), "{warnings}");
    assert!(warnings.contains("invalid geometry, used as it came: 20"), "{warnings}");
}
