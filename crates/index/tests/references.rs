//! Weights and scores of other programs: `tests/reference/indices`.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test fails by panicking")]

use durbin_core::{Column, Panel, PanelKeys, Table};
use durbin_index::{Error, IndexSpec, Indicator, Method, Score, Sign};
use serde_json::Value;

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/indices")
}

fn cases() -> Value {
    let text = std::fs::read_to_string(folder().join("entropy_critic_topsis.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["cases"].take()
}

fn matrix(case: &str) -> Panel {
    let mut reader = csv::Reader::from_path(folder().join(format!("{case}.csv"))).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<Vec<f64>> = reader
        .records()
        .map(|row| row.unwrap().iter().map(|v| v.parse().unwrap()).collect())
        .collect();
    let mut columns = vec![Column::int("id", (0..).take(rows.len()))];
    for (j, name) in names.iter().enumerate() {
        columns.push(Column::float(name, rows.iter().map(|row| row[j])));
    }
    let table = Table { name: case.into(), title: String::new(), columns };
    let keys = PanelKeys::cross_section(&table, "id").unwrap();
    let mut panel = keys.panel();
    for column in &table.columns[1..] {
        panel.insert(&column.name, keys.values(column).unwrap());
    }
    panel
}

fn spec(panel: &Panel) -> IndexSpec {
    let sign = |name: &str| if name.ends_with('-') { Sign::Negative } else { Sign::Positive };
    IndexSpec::new(panel.names().iter().map(|name| Indicator::new(name, sign(name))).collect())
}

#[track_caller]
fn close(found: &[f64], expected: &Value, what: &str) {
    let expected: Vec<f64> =
        expected.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(&expected) {
        assert!((a - b).abs() < 1e-12, "{what}: {found:?} {expected:?}");
    }
}

const VARYING: [&str; 3] = ["base", "one_zero", "one_negative"];

#[test]
fn entropies_and_weights_are_those_of_the_reference_for_every_shift() {
    let cases = cases();
    for case in VARYING {
        let panel = matrix(case);
        for (shift, name) in [
            (0.0, "own_EWM_minmax_0log0"),
            (1e-4, "own_EWM_minmax_shift_1e-4"),
            (0.01, "own_EWM_minmax_shift_0.01"),
            (1.0, "own_EWM_minmax_shift_1"),
        ] {
            let index = IndexSpec { shift, ..spec(&panel) }.fit(&panel).unwrap();
            let weights: Vec<f64> = index.weights.iter().map(|w| w.weight).collect();
            let entropies: Vec<f64> = index.weights.iter().filter_map(|w| w.entropy).collect();
            close(&weights, &cases[case][name]["weights"], name);
            close(&entropies, &cases[case][name]["entropy"], name);
        }
        if case != "one_negative" {
            let index = IndexSpec { raw_shares: true, ..spec(&panel) }.fit(&panel).unwrap();
            let weights: Vec<f64> = index.weights.iter().map(|w| w.weight).collect();
            close(&weights, &cases[case]["own_EWM_raw_sum"]["weights"], "raw shares");
        }
    }
}

#[test]
fn critic_weights_and_scores_are_those_of_the_reference() {
    let cases = cases();
    for case in VARYING {
        let panel = matrix(case);
        let critic = IndexSpec { method: Method::Critic, ..spec(&panel) }.fit(&panel).unwrap();
        let weights: Vec<f64> = critic.weights.iter().map(|w| w.weight).collect();
        close(&weights, &cases[case]["own_critic"], "critic");
        for (score, name) in [
            (Score::Sum, "own_EWM_composite_score"),
            (Score::Topsis, "own_entropy_TOPSIS_minmax"),
            (Score::TopsisVector, "own_TOPSIS_vector_hwang_yoon"),
        ] {
            let index = IndexSpec { score, ..spec(&panel) }.fit(&panel).unwrap();
            close(index.scores.as_slice().unwrap(), &cases[case][name], name);
        }
    }
}

#[test]
fn a_constant_column_is_an_error_that_names_it_and_not_a_silent_nan() {
    let panel = matrix("constant_column");
    for method in [Method::Entropy, Method::Critic, Method::Equal] {
        let error = IndexSpec { method, ..spec(&panel) }.fit(&panel).unwrap_err();
        let constant =
            Error::Constant { indicator: "c4+".into(), value: 7.0, period: String::new() };
        assert_eq!(error, constant);
    }
}

#[test]
fn negative_raw_values_have_no_shares() {
    let panel = matrix("one_negative");
    let error = IndexSpec { raw_shares: true, ..spec(&panel) }.fit(&panel).unwrap_err();
    assert!(matches!(error, Error::NegativeShare { .. }), "{error}");
}
