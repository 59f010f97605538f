//! Choosing a model: tests, comparison and the robustness grid through the binary.

use std::fs;

use durbin::io::{Source, read_table};
use serde_json::Value;

use crate::support::{Scratch, durbin, json, refused, repository};

fn sdm<'a>(panel: &'a str, states: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "sdm",
        panel,
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
        states,
        "--boundaries-id",
        "name",
        "--weights",
        "queen",
    ];
    arguments.extend(more);
    arguments
}

fn files() -> (String, String) {
    (repository("data/us_states/cigar.csv"), repository("data/us_states/us_states.gpkg"))
}

#[test]
fn tests_are_empty_unless_asked_for_and_then_carry_null_distribution_or_reason() {
    let (panel, states) = files();
    let without = json(&sdm(&panel, &states, &[]));
    assert!(without["tests"].as_array().unwrap().is_empty());
    let with = json(&sdm(&panel, &states, &["--tests"]));
    let tests = with["tests"].as_array().unwrap();
    assert!(tests.len() > 60);
    for test in tests {
        assert!(test["null"].as_str().is_some_and(|null| !null.is_empty()), "{test}");
        assert!(test["p_value"].is_number() != test["reason"].is_string(), "{test}");
    }
    let first: Vec<&str> = tests[..4].iter().map(|test| test["name"].as_str().unwrap()).collect();
    assert_eq!(first, ["LM lag", "LM error", "Robust LM lag", "Robust LM error"]);
    let text = durbin(&sdm(&panel, &states, &["--tests"])).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("Hausman") && text.contains("χ²(46)"), "{text}");
}

#[test]
fn a_comparison_has_six_models_probabilities_that_sum_to_one_and_a_verdict_with_its_rule() {
    let (panel, states) = files();
    let result = json(&sdm(&panel, &states, &["--compare"]));
    let comparison = &result["comparison"];
    let models = comparison["models"].as_array().unwrap();
    let names: Vec<&str> = models.iter().map(|one| one["model"].as_str().unwrap()).collect();
    assert_eq!(names, ["ols", "slx", "sar", "sem", "sdm", "sdem"]);
    let sum: f64 = models.iter().map(|one| one["probability"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    assert_eq!(models[4]["log_likelihood"], result["log_likelihood"]);
    let verdict = &comparison["verdict"];
    assert!(verdict["sentence"].as_str().unwrap().contains("LM lag"));
    assert!(verdict["rule"].as_str().unwrap().contains("Elhorst"));
    let text = durbin(&sdm(&panel, &states, &["--compare"])).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("SDEM") && text.contains("Rule: Elhorst"), "{text}");
}

/// The cigarette study without hot spots and with a grid.
fn study(scratch: &Scratch, grid: &str) -> String {
    let text = fs::read_to_string(repository("data/us_states/cigar.toml")).unwrap();
    let (panel, states) = files();
    let text = text
        .replace("\"cigar.csv\"", &format!("{panel:?}"))
        .replace("\"us_states.gpkg\"", &format!("{states:?}"));
    scratch.write("study.toml", &format!("{text}\n[robustness]\n{grid}\n"))
}

#[test]
fn every_row_of_the_grid_is_the_single_fit_that_its_command_makes() {
    let scratch = Scratch::new();
    let path = study(
        &scratch,
        "weights = [\"queen\", \"knn:4\"]\nmodels = [\"sdm\", \"sem\"]\neffects = [\"twoways\", \"unit\"]\n\
         winsorize = [0, 0.01]\ntransformations = [\"none\", \"standardize\"]\nperiods = [[1970, 1985]]\n\
         interest = [\"log_price\"]",
    );
    let out = scratch.path("out");
    json(&["run", &path, "--out", &out]);
    let table = read_table(&Source::new(format!("{out}/tables/robustness.csv"))).unwrap();
    let column = |name: &str| table.column(name).unwrap();
    let numbers = column("specification").numbers().unwrap();
    assert_eq!(numbers.iter().copied().fold(0.0, f64::max), 64.0);
    let estimates = column("estimate").numbers().unwrap();
    let errors = column("std_error").numbers().unwrap();
    for number in [1, 8, 13, 26, 47, 64] {
        let single = json(&["run", &path, "--specification", &number.to_string()]);
        let mut compared = 0;
        for row in (0..table.len()).filter(|&row| numbers[row] == f64::from(number)) {
            let (term, kind) = (column("term").key(row).unwrap(), column("kind").key(row).unwrap());
            let found: &Value = match kind.as_str() {
                "coefficient" if term == "rho" || term == "lambda" => &single[&term],
                "coefficient" => entry(&single["coefficients"], "name", &term),
                kind => &entry(&single["impacts"], "variable", &term)[kind],
            };
            assert_eq!(
                found["estimate"].as_f64().unwrap(),
                estimates[row],
                "{number} {term} {kind}"
            );
            assert_eq!(found["std_error"].as_f64().unwrap(), errors[row], "{number} {term} {kind}");
            compared += 1;
        }
        assert!(compared >= 9, "{number}: {compared}");
        let row = numbers.iter().position(|&n| n == f64::from(number)).unwrap();
        let command = column("command").key(row).unwrap();
        assert!(command.ends_with(&format!("study.toml --specification {number}")), "{command}");
    }
    assert!(fs::metadata(format!("{out}/maps/robustness_1.svg")).is_ok());
    assert!(fs::metadata(format!("{out}/tables/robustness_summary.md")).is_ok());
    // The first specification is the study's own model.
    let own = json(&["run", &path, "--specification", "1"]);
    assert_eq!((own["model"].as_str(), own["effects"].as_str()), (Some("sdm"), Some("twoways")));
}

fn entry<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one[key] == name).unwrap()
}

#[test]
fn a_grid_that_contradicts_itself_is_refused_by_name() {
    let scratch = Scratch::new();
    let path = study(&scratch, "interest = [\"wealth\"]");
    assert!(refused(&["run", &path, "--out", &scratch.path("out")], 1).contains("wealth"));
    let path = study(&scratch, "winsorize = [0.7]");
    assert!(refused(&["run", &path, "--out", &scratch.path("out")], 1).contains("winsorize"));
    let path = study(&scratch, "weights = [\"queen\"]");
    assert!(refused(&["run", &path, "--specification", "2"], 2).contains("1 to 1"));
    assert!(!scratch.entries().contains(&"out".to_owned()));
}
