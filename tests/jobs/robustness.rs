//! Robustness grids of a study.

use durbin::{
    core::Table,
    io::{Source, read_table},
};
use serde_json::Value;

use crate::support::{Scratch, json, refused, repository};

const STUDY: &str = "data/us_states/cigar.toml";

fn texts(table: &Table, column: &str) -> Vec<String> {
    let column = table.column(column).unwrap();
    (0..column.len()).map(|row| column.key(row).unwrap_or_default()).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The estimate and error of the quantity in a result of `durbin sdm --json`.
fn of(result: &Value, variable: &str, quantity: &str) -> (f64, f64) {
    let named = |list: &Value, key: &str| {
        list.as_array().unwrap().iter().find(|one| one[key] == variable).unwrap().clone()
    };
    let found = match quantity {
        "rho" | "lambda" => result[quantity].clone(),
        "coefficient" => named(&result["coefficients"], "name"),
        effect => named(&result["impacts"], "variable")[effect].clone(),
    };
    (number(&found["estimate"]), number(&found["std_error"]))
}

#[test]
fn each_row_of_the_grid_is_what_its_specification_gives_alone() {
    let scratch = Scratch::new();
    let study = repository(STUDY);
    let outcome = json(&["run", &study, "--out", &scratch.path("out")]);
    let table =
        read_table(&Source::new(scratch.path("out/study.gpkg")).layer("robustness")).unwrap();
    let specifications = texts(&table, "specification");
    let (variables, quantities) = (texts(&table, "variable"), texts(&table, "quantity"));
    let estimates = table.column("estimate").unwrap().numbers().unwrap();
    let errors = table.column("std_error").unwrap().numbers().unwrap();
    let commands = texts(&table, "command");
    assert_eq!(specifications.last().unwrap(), "48");
    for wanted in ["1", "8", "14", "27", "39", "48"] {
        let alone = json(&["run", &study, "--specification", wanted]);
        let rows = (0..table.len()).filter(|&row| specifications[row] == wanted);
        let mut compared = 0;
        for row in rows {
            assert_eq!(
                (estimates[row], errors[row]),
                of(&alone, &variables[row], &quantities[row]),
                "{wanted}: {} {}",
                variables[row],
                quantities[row]
            );
            assert_eq!(commands[row], format!("durbin run cigar.toml --specification {wanted}"));
            compared += 1;
        }
        assert_eq!(compared, 9, "rho, and four quantities of two regressors");
    }
    let first = of(&outcome["models"][0], "log_price", "total");
    let row = (0..table.len())
        .find(|&row| variables[row] == "log_price" && quantities[row] == "total")
        .unwrap();
    assert_eq!((estimates[row], errors[row]), first, "specification 1 is the study's model");
}

#[test]
fn a_specification_that_is_not_in_the_grid_is_wrong_usage() {
    let error = refused(&["run", &repository(STUDY), "--specification", "49"], 2);
    assert!(error.contains("1 to 48"), "{error}");
}

/// The study with states of two halves of the alphabet, and another grid.
fn halves(scratch: &Scratch, grid: &str) -> String {
    let panel = std::fs::read_to_string(repository("data/us_states/cigar.csv")).unwrap();
    let letter = |line: &str| if line < "N" { "early" } else { "late" };
    let lines = panel.lines().enumerate().map(|(at, line)| match at {
        0 => format!("{line},half"),
        _ => format!("{line},{}", letter(line)),
    });
    scratch.write("cigar.csv", &lines.collect::<Vec<_>>().join("\n"));
    let text = std::fs::read_to_string(repository(STUDY)).unwrap();
    let (before, _) = text.split_once("[robustness]").unwrap();
    let text = before.replace("us_states.gpkg", &repository("data/us_states/us_states.gpkg"))
        + &format!("[robustness]\n{grid}\n");
    scratch.write("cigar.toml", &text)
}

#[test]
fn groups_are_left_out_one_at_a_time_and_a_sample_without_neighbours_says_why_it_has_no_fit() {
    let scratch = Scratch::new();
    let study =
        halves(&scratch, "samples = [{ leave_out = \"half\" }]\nweights = [\"knn:4\", \"queen\"]");
    json(&["run", &study, "--out", &scratch.path("out")]);
    let table =
        read_table(&Source::new(scratch.path("out/study.gpkg")).layer("robustness")).unwrap();
    let mut samples = texts(&table, "sample");
    samples.dedup();
    let once = ["whole", "without early", "without late"];
    assert_eq!(samples, [once, once].concat());
    let (problems, weights) = (texts(&table, "problem"), texts(&table, "weights"));
    let failed = (0..table.len()).filter(|&row| !problems[row].is_empty());
    for row in failed {
        assert!(weights[row] == "queen" && problems[row].contains("neighbo"), "{}", problems[row]);
    }
}

#[test]
fn a_grid_may_do_without_the_whole_panel_and_tells_of_the_islands_its_samples_make() {
    let scratch = Scratch::new();
    let samples = "whole = false\nsamples = [{ each = \"half\" }]\nweights = [\"queen\"]";
    let study = halves(&scratch, samples);
    let text = std::fs::read_to_string(&study).unwrap();
    let nearest = text.replace("kind = \"queen\"", "kind = \"queen\"\nislands = \"nearest\"");
    assert_ne!(text, nearest);
    std::fs::write(&study, nearest).unwrap();
    let outcome = json(&["run", &study, "--out", &scratch.path("out")]);
    let table =
        read_table(&Source::new(scratch.path("out/study.gpkg")).layer("robustness")).unwrap();
    let mut found = texts(&table, "sample");
    found.dedup();
    assert_eq!(found, ["early", "late"]);
    let told = "weights `queen` of the robustness grid, sample `early`: ";
    let warnings = outcome["warnings"].to_string();
    assert!(warnings.contains(told), "{warnings}");
    let alone = json(&["run", &study, "--specification", "1"])["warnings"].to_string();
    let (_, of_grid) = warnings.split_once(told).unwrap();
    let (words, _) = of_grid.split_once('"').unwrap();
    assert!(alone.contains(words), "{alone} without {words}");

    let none = scratch.path("none.toml");
    let text = std::fs::read_to_string(&study).unwrap();
    std::fs::write(&none, text.replace("samples = [{ each = \"half\" }]", "")).unwrap();
    let message = refused(&["run", &none, "--out", &scratch.path("other")], 1);
    assert!(message.contains("leaves no sample"), "{message}");
}

/// In two regions that share no state the test is the squared difference over its variance.
#[test]
fn regions_are_tested_for_equal_coefficients() {
    let scratch = Scratch::new();
    let study = halves(&scratch, "samples = [{ each = \"half\" }]\nweights = [\"knn:4\"]");
    json(&["run", &study, "--out", &scratch.path("out")]);
    let table =
        |name: &str| read_table(&Source::new(scratch.path("out/study.gpkg")).layer(name)).unwrap();
    let (regions, all) = (table("robustness_regions"), table("robustness"));
    let numbers = |table: &Table, name: &str| table.column(name).unwrap().numbers().unwrap();
    let (samples, quantities) = (texts(&all, "sample"), texts(&all, "quantity"));
    let (b, se) = (numbers(&all, "estimate"), numbers(&all, "std_error"));
    let rho = |sample: &str| {
        let row = (0..all.len()).find(|&r| samples[r] == sample && quantities[r] == "rho").unwrap();
        (b[row], se[row])
    };
    let ((early, early_se), (late, late_se)) = (rho("early"), rho("late"));
    let expected = (early - late).powi(2) / (early_se.powi(2) + late_se.powi(2));
    let names = texts(&regions, "coefficient");
    let row = names.iter().position(|name| name == "rho").unwrap();
    let (found, df) = (numbers(&regions, "statistic"), numbers(&regions, "df"));
    assert!((found[row] / expected - 1.0).abs() < 1e-9, "{} {expected}", found[row]);
    assert!(df[row] == 1.0 && names.last().unwrap() == "all");
    assert!(df[names.len() - 1] == 5.0 && found[names.len() - 1] > found[row]);
}
