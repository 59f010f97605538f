//! `durbin sdm` beyond the static panel: two lags, random effects, lags in time, robust errors, flows, tables.

use std::fs;

use durbin::io::{Source, read_units};
use serde_json::Value;

use crate::support::{Scratch, durbin, json, refused, repository};

/// `durbin sdm` on the cigarette panel.
fn cigar<'a>(files: &'a [String; 2], more: &[&'a str]) -> Vec<&'a str> {
    let base = [
        "sdm",
        &files[0],
        "--id",
        "state",
        "--time",
        "year",
        "--y",
        "sales",
        "--x",
        "price,ndi",
        "--log",
        "sales,price,ndi",
        "--boundaries",
        &files[1],
        "--boundaries-id",
        "name",
    ];
    [&base[..], more].concat()
}

fn files() -> [String; 2] {
    [repository("data/us_states/cigar.csv"), repository("data/us_states/us_states.gpkg")]
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect()
}

#[test]
fn a_model_with_two_lags_fills_rho_and_lambda() {
    let files = files();
    let fit = json(&cigar(&files, &["--model", "sac", "--error-weights", "knn:4"]));
    assert!(fit["rho"]["estimate"].is_number() && fit["lambda"]["estimate"].is_number());
    assert_eq!(names(&fit["coefficients"]), ["price", "ndi"]);
    assert!(fit["conventions"].to_string().contains("error_weights"));
    refused(&cigar(&files, &["--error-weights", "knn:4"]), 2);
}

#[test]
fn random_effects_report_their_variance_and_a_constant() {
    let fit = json(&cigar(&files(), &["--effects", "random"]));
    assert_eq!(names(&fit["coefficients"]), ["_cons", "price", "ndi", "W*price", "W*ndi"]);
    assert!(fit["phi"]["estimate"].as_f64().unwrap() < 1.0);
    assert!(fit["sigma2_unit"]["estimate"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_dynamic_model_has_effects_in_the_short_and_in_the_long_run() {
    let fit = json(&cigar(&files(), &["--dynamic", "both"]));
    assert_eq!(names(&fit["coefficients"])[..2], ["L.sales", "L.W*sales"]);
    assert_eq!(fit["n_periods"], 29);
    assert_eq!(fit["stability"]["stable"], true);
    let (short, long) = (&fit["impacts"][0], &fit["impacts_long_run"][0]);
    assert_eq!((&short["variable"], &long["variable"]), (&"price".into(), &"price".into()));
    assert_ne!(short["direct"]["estimate"], long["direct"]["estimate"]);
    assert!(json(&cigar(&files(), &[]))["impacts_long_run"].is_null());
    refused(&cigar(&files(), &["--dynamic", "both", "--bias-correction", "transform"]), 2);
}

#[test]
fn simulated_errors_follow_the_seed_and_nothing_else() {
    let files = files();
    let run = |more: &[&str]| {
        let simulated = ["--se", "simulated", "--draws", "500"];
        json(&cigar(&files, &[&simulated[..], more].concat()))["impacts"].clone()
    };
    let first = run(&["--seed", "7"]);
    assert_eq!(first, run(&["--seed", "7", "--threads", "1"]));
    assert_ne!(first, run(&["--seed", "8"]));
    let delta = json(&cigar(&files, &[]))["impacts"].clone();
    assert_eq!(first[0]["direct"]["estimate"], delta[0]["direct"]["estimate"]);
    let idle = durbin(&cigar(&files, &["--draws", "500"])).assert().success();
    let said = String::from_utf8_lossy(&idle.get_output().stderr).into_owned();
    assert!(said.contains("--draws 500 does nothing"), "{said}");
}

#[test]
fn the_covariance_of_the_coefficients_can_be_robust() {
    let files = files();
    let error = |vcov| {
        json(&cigar(&files, &["--vcov", vcov]))["coefficients"][0]["std_error"].as_f64().unwrap()
    };
    assert!(error("cluster") > 1.2 * error("information"));
    assert!((error("qml") / error("information") - 1.0).abs() < 0.1);
}

#[test]
fn an_unbalanced_panel_is_refused_or_cut_to_the_units_that_are_always_there() {
    let [panel, boundaries] = files();
    let scratch = Scratch::new();
    let short = scratch.path("short.csv");
    let text = fs::read_to_string(panel).unwrap();
    let kept = text.lines().filter(|line| !line.starts_with("Utah,1970,"));
    fs::write(&short, kept.collect::<Vec<_>>().join("\n")).unwrap();
    let files = [short, boundaries];
    let message = refused(&cigar(&files, &["--balance", "error"]), 1);
    assert!(message.contains("Utah 1970"), "{message}");
    let fit = json(&cigar(&files, &["--balance", "intersect"]));
    assert_eq!((&fit["n_units"], &fit["dropped"]), (&45.into(), &1.into()));
    assert!(fit["warnings"].to_string().contains("left out: 1 (Utah)"), "{}", fit["warnings"]);
}

#[test]
fn flows_are_lines_beside_the_effects() {
    let files = files();
    let scratch = Scratch::new();
    let output = scratch.path("effects.gpkg");
    json(&cigar(&files, &["--output", &output, "--flows", "15"]));
    let flows = read_units(&Source::new(&output).layer("flows")).unwrap();
    assert_eq!((flows.len(), flows.layer.geometry_type.as_str()), (30, "LINESTRING"));
    assert!(flows.layer.geometry.iter().all(Option::is_some));
    let effects = read_units(&Source::new(&output).layer("effects")).unwrap();
    assert_eq!(effects.len(), 46);
    let message =
        refused(&cigar(&files, &["--output", &scratch.path("a.geojson"), "--flows", "15"]), 2);
    assert!(message.contains(".gpkg"), "{message}");
}

#[test]
fn tables_appear_whole_in_three_languages() {
    let files = files();
    let scratch = Scratch::new();
    let folder = scratch.path("tables");
    durbin(&cigar(&files, &["--tables", &folder, "--dynamic", "time"])).assert().success();
    for stem in ["coefficients", "impacts", "impacts_long_run"] {
        let read = |ending: &str| fs::read_to_string(format!("{folder}/{stem}.{ending}")).unwrap();
        assert!(read("md").contains("price") && read("tex").contains("\\toprule"), "{stem}");
        assert!(read("csv").trim_start_matches('\u{feff}').starts_with("model,"), "{stem}");
    }
    refused(&cigar(&files, &["--tables", &folder]), 1);
    durbin(&cigar(&files, &["--tables", &folder, "--overwrite"])).assert().success();
}

#[test]
fn leaving_out_units_gives_a_layer_and_a_table_of_the_most_influential() {
    let files = files();
    let scratch = Scratch::new();
    let (output, folder) = (scratch.path("fit.gpkg"), scratch.path("tables"));
    let options = ["--influence=3", "--output", &output, "--tables", &folder];
    let fit = json(&cigar(&files, &options));
    let units = fit["influence"]["units"].as_array().unwrap();
    let layer = read_units(&Source::new(&output).layer("influence")).unwrap();
    assert_eq!((units.len(), layer.len()), (3, 46));
    let column = |name: &str| layer.layer.column(name).unwrap().numbers().unwrap();
    let (cook, names) = (column("cook"), layer.layer.column("name").unwrap());
    let most = (0..46).max_by(|&a, &b| cook[a].total_cmp(&cook[b])).unwrap();
    assert_eq!(units[0]["unit"], names.key(most).unwrap());
    let rho = units[0]["changes"].as_array().unwrap();
    let rho = rho.iter().find(|change| change["name"] == "rho").unwrap();
    assert_eq!(rho["change"], column("rho_change")[most]);
    assert_eq!(rho["in_se"], column("rho_in_se")[most]);
    for name in ["price_direct_change", "price_indirect_in_se", "ndi_total_change"] {
        assert!(column(name).iter().all(|value| value.is_finite()), "{name}");
    }
    let table = fs::read_to_string(format!("{folder}/influential.csv")).unwrap();
    assert_eq!(table.lines().count(), 4);
    assert!(fs::read_to_string(format!("{folder}/influential.tex")).unwrap().contains("\\toprule"));
    let message = refused(&cigar(&files, &["--effects", "random", "--influence"]), 1);
    assert!(message.contains("random effects"), "{message}");
    let lines = ["--output", &scratch.path("a.geojson"), "--influence"];
    assert!(refused(&cigar(&files, &lines), 2).contains(".gpkg"));
}

/// What the search for ρ and the sums over units are given is in the order of keys, whatever the number of threads.
#[test]
fn influence_does_not_depend_on_threads() {
    let files = files();
    let run =
        |threads| json(&cigar(&files, &["--influence", "--threads", threads]))["influence"].clone();
    assert_eq!(run("1"), run("4"));
}
