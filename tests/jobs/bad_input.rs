//! Bad input is normal input: a message that names the thing, the right status, nothing written.

use crate::support::{Scratch, board, json, refused, repository, squares};

const PANEL: &str = "id,year,y,x,flat,twice\n\
    a,1,5.4,2.9,1,5.8\n\
    a,2,5.8,4.0,1,8.0\n\
    a,3,1.5,6.0,1,12.0\n\
    a,4,7.7,1.1,1,2.2\n\
    a,5,2.9,3.1,1,6.2\n\
    a,6,4.8,9.0,1,18.0\n\
    a,7,4.8,7.7,1,15.4\n\
    a,8,2.2,6.1,1,12.2\n\
    b,1,7.9,6.1,1,12.2\n\
    b,2,6.9,5.2,1,10.4\n\
    b,3,1.5,6.4,1,12.8\n\
    b,4,5.7,7.1,1,14.2\n\
    b,5,1.2,3.4,1,6.8\n\
    b,6,4.8,7.9,1,15.8\n\
    b,7,8.0,6.8,1,13.6\n\
    b,8,8.4,6.7,1,13.4\n\
    c,1,7.4,4.2,1,8.4\n\
    c,2,8.5,4.6,1,9.2\n\
    c,3,1.8,8.0,1,16.0\n\
    c,4,2.7,2.1,1,4.2\n\
    c,5,4.5,8.7,1,17.4\n\
    c,6,3.4,6.0,1,12.0\n\
    c,7,4.1,5.1,1,10.2\n\
    c,8,5.7,3.8,1,7.6\n\
    d,1,8.2,5.7,1,11.4\n\
    d,2,8.4,6.5,1,13.0\n\
    d,3,8.9,7.9,1,15.8\n\
    d,4,2.3,6.4,1,12.8\n\
    d,5,8.7,7.9,1,15.8\n\
    d,6,5.6,8.2,1,16.4\n\
    d,7,2.7,6.7,1,13.4\n\
    d,8,5.6,7.7,1,15.4\n";

const LINKS: &str = "focal,neighbor,weight\na,b,1\nb,a,1\nb,c,1\nc,b,1\nc,d,1\nd,c,1\n";

/// The message of `durbin sdm` on `panel` with weights `links`, which must fail with status 1.
fn sdm(panel: &str, links: &str, more: &[&str]) -> String {
    let scratch = Scratch::new();
    let panel = scratch.write("panel.csv", panel);
    let links = scratch.write("w.csv", links);
    let base = ["sdm", &panel, "--id", "id", "--time", "year", "--weights", &links];
    let message = refused(&[&base[..], more].concat(), 1);
    assert_eq!(scratch.entries(), ["panel.csv", "w.csv"], "nothing is written");
    message
}

const MODEL: [&str; 4] = ["--y", "y", "--x", "x"];

#[track_caller]
fn says(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "`{word}` is not in: {message}");
    }
}

#[test]
fn a_missing_file_layer_or_field_is_named_with_what_there_is() {
    let scratch = Scratch::new();
    let states = repository("data/us_states/us_states.gpkg");
    let output = scratch.path("o.gpkg");
    says(&refused(&["hotspot", "nowhere.gpkg", &output, "--field", "x"], 1), &["nowhere.gpkg"]);
    let layer = ["hotspot", &states, &output, "--field", "x", "--layer", "provinces"];
    says(&refused(&layer, 1), &["provinces", "states"]);
    let field = ["hotspot", &states, &output, "--field", "income"];
    says(&refused(&field, 1), &["us_states.gpkg", "income", "fips"]);
    let text = ["hotspot", &states, &output, "--field", "name", "--id", "name"];
    says(&refused(&text, 1), &["us_states.gpkg", "name", "is not a number"]);
    assert!(scratch.entries().is_empty());
}

#[test]
fn the_panel_s_missing_field_is_named_with_its_file() {
    says(&sdm(PANEL, LINKS, &["--y", "y", "--x", "z"]), &["panel.csv", "`z`", "twice"]);
}

#[test]
fn keys_without_a_partner_are_named_and_counted() {
    let message = sdm(&PANEL.replace("\nd,", "\ne,"), LINKS, &MODEL);
    says(&message, &["1 (e)", "w.csv"]);
}

#[test]
fn an_unbalanced_panel_is_refused_with_the_pair_that_is_missing() {
    says(&sdm(&PANEL.replace("b,2,6.9,5.2,1,10.4\n", ""), LINKS, &MODEL), &["unbalanced", "b 2"]);
}

#[test]
fn a_pair_that_occurs_twice_is_refused() {
    says(&sdm(&PANEL.replace("b,2,", "b,1,"), LINKS, &MODEL), &["unique", "b 1"]);
}

#[test]
fn missing_values_are_refused_with_unit_and_year() {
    for gap in ["", "NaN", "."] {
        let panel = PANEL.replace("c,2,8.5,4.6", &format!("c,2,8.5,{gap}"));
        says(&sdm(&panel, LINKS, &MODEL), &["panel.csv", "`x`", "c 2"]);
    }
}

#[test]
fn a_word_among_numbers_is_refused_with_unit_and_year() {
    says(
        &sdm(&PANEL.replace("c,2,8.5,4.6", "c,2,8.5,many"), LINKS, &MODEL),
        &["`x`", "c 2", "many"],
    );
}

#[test]
fn a_constant_regressor_is_named() {
    says(&sdm(PANEL, LINKS, &["--y", "y", "--x", "x,flat"]), &["flat"]);
}

#[test]
fn collinear_regressors_are_named() {
    says(&sdm(PANEL, LINKS, &["--y", "y", "--x", "x,twice"]), &["twice"]);
}

#[test]
fn an_island_in_a_model_is_named() {
    let links = LINKS.replace("c,d,1\nd,c,1\n", "d,d,0\n");
    says(&sdm(PANEL, &links, &MODEL), &["1 (d)", "neighbours"]);
}

#[test]
fn the_logarithm_of_zero_is_refused_with_unit_and_year() {
    let panel = PANEL.replace("c,2,8.5,4.6", "c,2,8.5,0");
    says(&sdm(&panel, LINKS, &["--y", "y", "--x", "x", "--log", "x"]), &["`x`", "c 2"]);
}

#[test]
fn a_broken_weights_file_is_refused_with_its_line() {
    says(&sdm(PANEL, &LINKS.replace("b,c,1", "b,c,heavy"), &MODEL), &["w.csv", "4"]);
}

#[test]
fn a_constant_field_has_no_hot_spots() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("o.gpkg");
    says(&refused(&["hotspot", &input, &output, "--field", "flat"], 1), &["`flat`", "constant"]);
    assert_eq!(scratch.entries(), ["board.geojson"]);
}

#[test]
fn duplicate_keys_are_named() {
    let scratch = Scratch::new();
    let map = squares(&[("a", 0.0, 0.0, ""), ("a", 1.0, 0.0, ""), ("b", 2.0, 0.0, "")]);
    let input = scratch.write("map.geojson", &map);
    let message = refused(&["weights", &input, &scratch.path("w.gal"), "--id", "id"], 1);
    says(&message, &["map.geojson", "unique", "a"]);
}

#[test]
fn a_panel_without_geometry_asks_for_boundaries() {
    let scratch = Scratch::new();
    let panel = scratch.write("panel.csv", PANEL);
    let arguments = ["sdm", &panel, "--id", "id", "--time", "year", "--y", "y", "--x", "x"];
    says(&refused(&arguments, 1), &["panel.csv", "--boundaries"]);
}

#[test]
fn a_panel_unit_without_boundary_is_named() {
    let scratch = Scratch::new();
    let panel = scratch.write("panel.csv", PANEL);
    let map = squares(&[("a", 0.0, 0.0, ""), ("b", 1.0, 0.0, ""), ("c", 2.0, 0.0, "")]);
    let map = scratch.write("map.geojson", &map);
    let base = ["sdm", &panel, "--id", "id", "--time", "year", "--boundaries", &map];
    says(&refused(&[&base[..], &MODEL].concat(), 1), &["map.geojson", "panel.csv", "1 (d)"]);
}

#[test]
fn options_that_do_not_exist_are_wrong_usage() {
    refused(&["hotspot", "a.gpkg", "b.gpkg", "--feild", "x"], 2);
    refused(&["hotspot", "a.gpkg", "b.gpkg"], 2);
    refused(&["sdm", "a.csv", "--id", "id", "--y", "y", "--x", "x", "--model", "best"], 2);
}

#[test]
fn a_study_file_is_refused_with_the_line_of_what_is_wrong() {
    let scratch = Scratch::new();
    let text = std::fs::read_to_string(repository("data/us_states/cigar.toml")).unwrap();
    for (from, to, words) in [
        ("missing = \"error\"", "mising = \"error\"", &["mising", "line"][..]),
        ("effects         = \"twoways\"", "effects = \"three\"", &["three"]),
        ("us_states.gpkg", "nowhere.gpkg", &["nowhere.gpkg"]),
        ("log(price / cpi)", "log(prize / cpi)", &["prize"]),
        ("log(price / cpi)", "log(price / cpi", &["log_price"]),
        ("from = 1963", "from = 1863", &["1863", "1963", "1992"]),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text
            .replace(from, to)
            .replace(
                "\"us_states.gpkg\"",
                &format!("{:?}", repository("data/us_states/us_states.gpkg")),
            )
            .replace("\"cigar.csv\"", &format!("{:?}", repository("data/us_states/cigar.csv")));
        let study = scratch.write("study.toml", &changed);
        let message = refused(&["run", &study, "--out", &scratch.path("out")], 1);
        says(&message, words);
    }
    assert_eq!(scratch.entries(), ["study.toml"]);
}

#[test]
fn a_table_without_geometry_has_no_hot_spots() {
    let scratch = Scratch::new();
    let table = scratch.write("table.csv", "id,x\na,1\nb,2\nc,5\n");
    let output = scratch.path("o.gpkg");
    says(
        &refused(&["hotspot", &table, &output, "--field", "x", "--id", "id"], 1),
        &["no geometry"],
    );
    says(&refused(&["weights", &table, &scratch.path("w.gal"), "--id", "id"], 1), &["no geometry"]);
    assert_eq!(scratch.entries(), ["table.csv"]);
}

#[test]
fn a_layer_of_effects_needs_polygons() {
    let scratch = Scratch::new();
    let panel = scratch.write("panel.csv", PANEL);
    let links = scratch.write("w.csv", LINKS);
    let output = scratch.path("effects.gpkg");
    let base = ["sdm", &panel, "--id", "id", "--time", "year", "--weights", &links];
    let message = refused(&[&base[..], &MODEL, &["--output", &output]].concat(), 1);
    says(&message, &["layer of effects", "--boundaries"]);
}

#[test]
fn interpolation_never_goes_beyond_the_ends() {
    let panel = PANEL.replacen("c,1,", "c,1,.,", 1);
    let cut = panel.lines().map(|line| line.split(',').take(6).collect::<Vec<_>>().join(","));
    let panel = cut.collect::<Vec<_>>().join("\n");
    let message = sdm(&panel, LINKS, &[&MODEL[..], &["--missing", "interpolate"]].concat());
    says(&message, &["`y`", "c 1", "never extrapolates"]);
}

#[test]
fn what_was_dropped_and_filled_is_counted() {
    let scratch = Scratch::new();
    let gap = PANEL.lines().map(|line| match line.strip_prefix("c,2,") {
        Some(rest) => format!("c,2,,{}", rest.split_once(',').unwrap().1),
        None => line.to_owned(),
    });
    let panel = scratch.write("panel.csv", &gap.collect::<Vec<_>>().join("\n"));
    let ring = "focal,neighbor,weight\na,b,1\nb,a,1\nb,c,1\nc,b,1\nc,d,1\nd,c,1\na,d,1\nd,a,1\n";
    let links = scratch.write("w.csv", ring);
    let base = ["sdm", &panel, "--id", "id", "--time", "year", "--weights", &links];
    let filled = json(&[&base[..], &MODEL, &["--missing", "interpolate"]].concat());
    assert_eq!((&filled["filled"], &filled["dropped"]), (&1.into(), &0.into()));
    let dropped = json(&[&base[..], &MODEL, &["--missing", "drop"]].concat());
    assert_eq!((&dropped["dropped"], &dropped["n_units"]), (&1.into(), &3.into()));
}

#[test]
fn options_that_contradict_each_other_are_wrong_usage() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("o.gpkg");
    let base = ["hotspot", &input, &output, "--id", "id", "--field"];
    says(&refused(&[&base[..], &["x,x"]].concat(), 2), &["twice"]);
    says(&refused(&[&base[..], &["x", "--missing", "interpolate"]].concat(), 2), &["--change"]);
    refused(&[&base[..], &["x", "--time", "year"]].concat(), 2);
    refused(&["weights", &input, &scratch.path("w.doc")], 2);
    assert_eq!(scratch.entries(), ["board.geojson"]);
}
