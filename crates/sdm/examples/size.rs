//! Size of the tests: how often each rejects a true null at 5 %, on simulated panels.
//!
//! `cargo run --release -p durbin-sdm --example size [REPLICATIONS]` prints the table of docs/coverage.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program that prints"
)]

use std::collections::BTreeMap;

use durbin_core::{
    Column, Panel, PanelKeys, Table, linalg,
    random::{Purpose, Stream},
};
use durbin_sdm::{BiasCorrection, Effects, Model, Prepared, SdmSpec};
use durbin_weights::{Transform, Weights};
use ndarray::Array2;
use rayon::prelude::*;

/// A true null: what generates the data, what is fitted, and which tests are about it.
struct Case {
    words: &'static str,
    side: usize,
    periods: usize,
    effects: Effects,
    model: Model,
    /// ρ and λ of the data.
    rho: f64,
    lambda: f64,
    /// Standard deviation of unit and period effects.
    unit: f64,
    time: f64,
    tests: &'static [&'static str],
}

const RESIDUALS: &[&str] = &[
    "LM lag",
    "LM error",
    "Robust LM lag",
    "Robust LM error",
    "LM lag and error",
    "transformed",
    "LR SDM vs SLX",
    "Wald SDM vs SLX",
    "Moran",
    "Jarque-Bera",
    "Breusch-Pagan",
    "Koenker",
    "Wooldridge",
    "CD",
    "Hausman",
];
const PANEL: Case = Case {
    words: "no spatial terms",
    side: 7,
    periods: 10,
    effects: Effects::None,
    model: Model::Ols,
    rho: 0.0,
    lambda: 0.0,
    unit: 0.0,
    time: 0.0,
    tests: RESIDUALS,
};

fn cases() -> Vec<Case> {
    vec![
        Case { side: 10, periods: 1, ..PANEL },
        Case { ..PANEL },
        Case { effects: Effects::Unit, unit: 1.0, ..PANEL },
        Case { effects: Effects::Time, time: 1.0, ..PANEL },
        Case { effects: Effects::TwoWays, unit: 1.0, time: 1.0, ..PANEL },
        Case { words: "no effects", tests: &["LR unit", "F unit", "LR time", "F time"], ..PANEL },
        Case {
            words: "spatial lag, rho = 0.4",
            effects: Effects::TwoWays,
            model: Model::Sar,
            rho: 0.4,
            unit: 1.0,
            time: 1.0,
            tests: &["LR SDM vs SAR", "Wald SDM vs SAR", "Moran"],
            ..PANEL
        },
        Case {
            words: "spatial lag, rho = 0.4",
            side: 10,
            periods: 1,
            model: Model::Sar,
            rho: 0.4,
            tests: &["LR SDM vs SAR", "Wald SDM vs SAR", "Moran"],
            ..PANEL
        },
        Case {
            words: "spatial error, lambda = 0.4",
            effects: Effects::TwoWays,
            model: Model::Sem,
            lambda: 0.4,
            unit: 1.0,
            time: 1.0,
            tests: &["LR SDM vs SEM", "Wald SDM vs SEM", "Moran"],
            ..PANEL
        },
    ]
}

fn grid(side: usize) -> Weights {
    let at = |row: usize, column: usize| u32::try_from(row * side + column).unwrap();
    let rows = (0..side * side).map(|i| {
        let (row, column) = (i / side, i % side);
        let mut links = Vec::new();
        if row > 0 {
            links.push((at(row - 1, column), 1.0));
        }
        if column > 0 {
            links.push((at(row, column - 1), 1.0));
        }
        if column + 1 < side {
            links.push((at(row, column + 1), 1.0));
        }
        if row + 1 < side {
            links.push((at(row + 1, column), 1.0));
        }
        links
    });
    let ids = (0..side * side).map(|i| format!("{i:05}")).collect();
    Weights::from_rows(ids, rows.collect(), "rook grid").transform(Transform::Row).unwrap()
}

fn empty(n: usize, t: usize) -> Panel {
    let cells = || (0..t).flat_map(move |s| (0..n).map(move |i| (s, i)));
    let table = Table {
        name: "simulated".into(),
        title: String::new(),
        columns: vec![
            Column::text("id", cells().map(|(_, i)| format!("{i:05}"))),
            Column::int("time", cells().map(|(s, _)| i64::try_from(s).unwrap())),
        ],
    };
    PanelKeys::new(&table, "id", "time").unwrap().panel()
}

fn multiplier(w: &Weights, rho: f64) -> Array2<f64> {
    let n = w.n_units();
    let system =
        Array2::from_shape_fn((n, n), |(i, j)| f64::from(u8::from(i == j)) - rho * w.get(i, j));
    linalg::inverse(&system, "I − ρW").unwrap()
}

/// p-values by test; one per period for the Moran tests by period.
fn replicate(
    case: &Case,
    w: &Prepared,
    s: &[Array2<f64>; 2],
    replication: u32,
) -> Vec<(String, f64)> {
    let (n, t) = (case.side * case.side, case.periods);
    let mut stream = Stream::new(20_260, Purpose::Simulation, replication);
    let mut normals =
        |rows, columns| Array2::from_shape_simple_fn((rows, columns), || stream.normal());
    let x = normals(t, n);
    let (unit, time) = (normals(1, n) * case.unit, normals(t, 1) * case.time);
    let right = &x + &unit + &time + normals(t, n).dot(&s[1].t());
    let mut panel = empty(n, t);
    panel.insert("y", right.dot(&s[0].t()));
    panel.insert("x", x);
    let correction = match case.effects {
        Effects::None => BiasCorrection::None,
        _ => BiasCorrection::Transform,
    };
    let spec = SdmSpec::new("y", ["x"])
        .model(case.model)
        .effects(case.effects)
        .bias_correction(correction);
    let fit = spec.fit_prepared(&panel, w).expect("the model can be fitted");
    let tests = fit.tests(&panel, w).expect("the tests can be computed").tests;
    let own_effects = |name: &str| {
        !name.ends_with(" effects") || name.starts_with("LR") || name.starts_with("F ")
    };
    tests
        .into_iter()
        .filter(|test| own_effects(&test.name))
        .filter_map(|test| Some((test.name.clone(), test.p_value()?)))
        .map(|(name, p)| match name.strip_prefix("Moran of residuals, ") {
            Some(_) => ("Moran of residuals, by period".to_owned(), p),
            None => (name, p),
        })
        .collect()
}

fn main() {
    let replications: u32 = std::env::args().nth(1).map_or(1000, |n| n.parse().expect("a number"));
    println!("{replications} replications; two standard errors of 5 % are {:.1} %.\n", {
        200.0 * (0.05_f64 * 0.95 / f64::from(replications)).sqrt()
    });
    println!(
        "| true null | units × periods | effects fitted | test | rejects at 5 % |\n|---|---|---|---|---|"
    );
    for case in cases() {
        let w = grid(case.side);
        let prepared = Prepared::new(&w);
        let s = [multiplier(&w, case.rho), multiplier(&w, case.lambda)];
        let all: Vec<Vec<(String, f64)>> = (0..replications)
            .into_par_iter()
            .map(|replication| replicate(&case, &prepared, &s, replication))
            .collect();
        let mut order: Vec<String> = Vec::new();
        let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for (name, p) in all.into_iter().flatten() {
            if !case.tests.iter().any(|wanted| name.contains(wanted)) {
                continue;
            }
            let entry = counts.entry(name.clone()).or_insert_with(|| {
                order.push(name);
                (0, 0)
            });
            entry.0 += u32::from(p < 0.05);
            entry.1 += 1;
        }
        for name in order {
            let (rejected, of) = counts[&name];
            println!(
                "| {} | {} × {} | {} | {name} | {:.1} % |",
                case.words,
                case.side * case.side,
                case.periods,
                case.effects,
                100.0 * f64::from(rejected) / f64::from(of)
            );
        }
    }
}
