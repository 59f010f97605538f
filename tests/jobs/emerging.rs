//! `durbin hotspot --emerging`, and what decides the bins.

use durbin::io::{Source, read_units};

use crate::support::{Scratch, board, by_key, json, refused, repository};

#[test]
fn every_unit_of_a_panel_has_a_pattern_a_trend_and_z_and_bin_of_every_period() {
    let scratch = Scratch::new();
    let (panel, states) =
        (repository("data/us_states/cigar.csv"), repository("data/us_states/us_states.gpkg"));
    let output = scratch.path("out.gpkg");
    let base = [
        "hotspot",
        &panel,
        &output,
        "--boundaries",
        &states,
        "--id",
        "state",
        "--boundaries-id",
        "name",
    ];
    let base = [&base[..], &["--field", "sales", "--time", "year", "--emerging"]].concat();
    let result = json(&base);
    assert_eq!((&result["correction"], &result["n"]), (&"fdr".into(), &46.into()));
    assert_eq!(result["periods"].as_array().unwrap().len(), 30);
    let patterns = result["patterns"].as_object().unwrap();
    assert_eq!(patterns.len(), 17, "every category is named, found or not");
    assert_eq!(patterns.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), 46);
    let written = read_units(&Source::new(&output).id("name")).unwrap();
    for name in [
        "emerging_code",
        "emerging_label",
        "trend_z",
        "trend_p",
        "gi_z_1963",
        "gi_bin_1963",
        "gi_z_1992",
        "gi_bin_1992",
    ] {
        assert!(written.layer.column(name).is_ok(), "{name}");
    }
    let change = scratch.path("one.gpkg");
    let one =
        json(&[&base[..1], &[&panel, &change], &base[3..], &["--correction", "none"]].concat());
    assert_eq!(one["correction"], "none", "the one that is asked for wins");
}

#[test]
fn emerging_needs_a_panel_of_at_least_four_periods() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("o.gpkg");
    let base = ["hotspot", &input, &output, "--field", "x", "--emerging"];
    refused(&base, 2);
    refused(&[&base[..], &["--id", "id", "--time", "year", "--change", "1,2"]].concat(), 2);
    let once = [&base[..], &["--id", "id", "--time", "flat"]].concat();
    assert!(refused(&once, 1).contains("at least 4 periods"));
    assert_eq!(scratch.entries(), ["board.geojson"]);
}

#[test]
fn permutations_decide_the_bins_where_that_is_asked_for() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("o.gpkg");
    let base =
        ["hotspot", &input, &output, "--field", "x", "--id", "id", "--bins-by", "permutations"];
    refused(&base, 2);
    let result = json(&[&base[..], &["--permutations", "199"]].concat());
    assert!(result["conventions"].to_string().contains("p_sim, corrected"), "{result}");
    let p = by_key(&output, "board", "id", "gi_p_sim");
    let bins = by_key(&output, "board", "id", "gi_bin");
    assert!(p.iter().zip(bins).all(|(p, bin)| (p.1 <= 0.1) == (bin.1 != 0.0)));
}

#[test]
fn a_program_that_is_followed_is_named_and_halves_p_where_it_takes_one_tail() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let p = |program: &str| {
        let output = scratch.path(&format!("{program}.gpkg"));
        let base = ["hotspot", &input, &output, "--field", "x", "--id", "id", "--compat", program];
        let result = json(&base);
        assert_eq!(result["compat"], program);
        let layer = String::from_utf8_lossy(&std::fs::read(&output).unwrap()).into_owned();
        assert!(layer.contains(&format!("compat: {program}")), "the layer's history names it");
        by_key(&output, "board", "id", "gi_p")
    };
    let (two, one) = (p("arcgis"), p("pysal"));
    assert!(two.iter().zip(one).all(|(two, one)| (two.1 - 2.0 * one.1).abs() < 1e-15));
    assert_eq!(two, p("spdep"));
}

#[test]
fn a_layer_by_period_has_every_unit_in_every_year_for_the_temporal_controller() {
    let scratch = Scratch::new();
    let (panel, states) =
        (repository("data/us_states/cigar.csv"), repository("data/us_states/us_states.gpkg"));
    let output = scratch.path("out.gpkg");
    let base = ["hotspot", &panel, &output, "--boundaries", &states, "--boundaries-id", "name"];
    let of = ["--id", "state", "--time", "year", "--field", "sales", "--emerging", "--by-period"];
    json(&[&base[..], &of].concat());
    let wide = read_units(&Source::new(&output).layer("states").id("name")).unwrap();
    let long = read_units(&Source::new(&output).layer("states_by_period")).unwrap().layer;
    assert_eq!(long.len(), 46 * 30);
    let text = |name: &str, row: usize| long.column(name).unwrap().key(row).unwrap();
    let z = long.column("gi_z").unwrap().numbers().unwrap();
    for row in [0, 45, 46, 700, 46 * 30 - 1] {
        let year = text("period", row);
        assert_eq!(text("period_start", row), format!("{year}-01-01"));
        assert_eq!(text("period_end", row), format!("{year}-12-31"));
        let unit = wide.positions()[text("name", row).as_str()];
        let expected = wide.layer.column(&format!("gi_z_{year}")).unwrap().numbers().unwrap()[unit];
        assert_eq!(z[row].to_bits(), expected.to_bits());
    }
    let styles = durbin::io::read_table(&Source::new(&output).layer("layer_styles")).unwrap();
    let qml = styles.column("styleQML").unwrap();
    let timed =
        (0..styles.len()).filter(|&row| qml.key(row).unwrap().contains("<temporal enabled"));
    assert_eq!(timed.count(), 1);
    let other = scratch.path("o.fgb");
    let shape = [&base[..2], &[other.as_str()], &base[3..], &of].concat();
    assert!(refused(&shape, 2).contains("GeoPackage"));
}
