//! Arellano and Bond's data and the numbers of other programs.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "tests")]

pub mod models;
pub mod panels;

use std::path::PathBuf;

use durbin_core::{Column, Panel, PanelKeys, Table};
use durbin_gmm::{Fit, GmmSpec};
use serde_json::Value;

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/gmm")
}

pub fn json(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder().join(name)).unwrap()).unwrap()
}

/// The rows of a file of `id, year, n, w, k, ys`.
pub fn rows(name: &str) -> Vec<(String, i64, [f64; 4])> {
    let mut reader = csv::Reader::from_path(folder().join(name)).unwrap();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let number = |at: usize| record[at].parse().unwrap();
        (
            record[0].to_owned(),
            record[1].parse().unwrap(),
            [number(2), number(3), number(4), number(5)],
        )
    });
    rows.collect()
}

/// A panel with a dummy `yr1977` … per year.
pub fn panel(rows: &[(String, i64, [f64; 4])]) -> Panel {
    let mut columns = vec![
        Column::text("id", rows.iter().map(|row| row.0.clone())),
        Column::int("year", rows.iter().map(|row| row.1)),
    ];
    for (at, name) in ["n", "w", "k", "ys"].into_iter().enumerate() {
        columns.push(Column::float(name, rows.iter().map(|row| row.2[at])));
    }
    for year in 1976..=1984 {
        columns.push(Column::float(
            format!("yr{year}"),
            rows.iter().map(|row| f64::from(u8::from(row.1 == year))),
        ));
    }
    let table = Table { name: String::new(), title: String::new(), columns };
    let keys = PanelKeys::unbalanced(&table, "id", "year").unwrap();
    let mut panel = keys.panel();
    for column in &table.columns[2..] {
        panel.insert(column.name.clone(), keys.values(column).unwrap());
    }
    panel
}

pub fn fit(spec: &GmmSpec, panel: &Panel) -> Fit {
    spec.fit(panel).unwrap_or_else(|error| panic!("{error}"))
}

/// A name of another program in durbin's words.
pub fn renamed(name: &str) -> String {
    if name == "const" || name == "_con" || name == "(Intercept)" {
        return "_cons".to_owned();
    }
    if let Some(period) = name.strip_prefix('T').and_then(|t| t.parse::<i64>().ok()) {
        return format!("year={}", 1975 + period);
    }
    if let Some(lag) = name.strip_prefix("n(-").and_then(|rest| rest.strip_suffix(')')) {
        return if lag == "1" { "L.n".to_owned() } else { format!("L{lag}.n") };
    }
    if let Some(rest) = name.strip_prefix("L1.") {
        return format!("L.{rest}");
    }
    if let Some(year) = name.strip_prefix("year_") {
        return format!("year={year}");
    }
    match name.rsplit_once('_') {
        Some((variable, "1")) => format!("L.{variable}"),
        Some((variable, "2")) => format!("L2.{variable}"),
        _ => name.to_owned(),
    }
}

/// Whether `got` agrees with `expected` to `tolerance`, absolute below one and relative above.
#[track_caller]
pub fn near(what: &str, got: f64, expected: f64, tolerance: f64) {
    let difference = (got - expected).abs() / expected.abs().max(1.0);
    assert!(difference < tolerance, "{what}: {got} against {expected}");
}

/// Tolerance of everything that is held against another program.
pub const EXACT: f64 = 1e-6;

pub fn data(name: &str) -> Panel {
    panel(&rows(name))
}

/// Compares a statistic, if the other program has it.
#[track_caller]
pub fn statistic(case: &str, what: &str, got: Option<f64>, expected: &Value) {
    if let Some(expected) = expected.as_f64() {
        near(
            &format!("{case} {what}"),
            got.unwrap_or_else(|| panic!("{case}: no {what}")),
            expected,
            EXACT,
        );
    }
}

/// Compares estimate and error of every coefficient named in `expected`.
#[track_caller]
pub fn same_coefficients(case: &str, fit: &Fit, expected: &[(String, f64, f64)], tolerance: f64) {
    let own = fit.coefficients();
    for (name, estimate, error) in expected {
        let Some((_, found)) = own.iter().find(|(known, _)| known == name) else {
            panic!("{case}: no {name} among {:?}", fit.names);
        };
        near(&format!("{case} {name}"), found.estimate, *estimate, tolerance);
        near(&format!("{case} {name}, error"), found.std_error, *error, tolerance);
    }
}
