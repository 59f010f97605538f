//! Size of the tests: how often each rejects a true null at 5 %, on simulated panels.
//!
//! `cargo run --release -p durbin-sdm --example size [REPLICATIONS [WORDS]]` prints the tables of docs/coverage.md, of the cases whose
//! heads contain the words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program that prints"
)]

#[path = "../tests/support/simulate.rs"]
#[allow(dead_code, reason = "of what the tests simulate, a part serves here")]
mod simulate;

use std::collections::{BTreeMap, BTreeSet};

use durbin_core::random::{Purpose, Stream};
use durbin_sdm::{BiasCorrection, Dynamic, Effects, Model, Prepared, SdmSpec};
use ndarray::{Array2, s};
use rayon::prelude::*;
use simulate::{empty, grid, multiplier};

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
    /// τ of the data, whose lag is then fitted.
    tau: f64,
    /// Standard deviation of unit and period effects.
    unit: f64,
    time: f64,
    tests: &'static [&'static str],
}

impl Case {
    fn head(&self) -> String {
        let (n, t) = (self.side * self.side, self.periods);
        format!("{}, {n} × {t}, {}", self.words, self.effects)
    }
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
/// Those of the residuals alone.
const OF_RESIDUALS: &[&str] =
    &["Moran", "Jarque-Bera", "Breusch-Pagan", "Koenker", "Wooldridge", "CD"];

/// Periods before the first that is kept, so that a dynamic panel has forgotten its start.
const BURN_IN: usize = 50;

const PANEL: Case = Case {
    words: "no spatial terms",
    side: 7,
    periods: 10,
    effects: Effects::None,
    model: Model::Ols,
    rho: 0.0,
    lambda: 0.0,
    tau: 0.0,
    unit: 0.0,
    time: 0.0,
    tests: RESIDUALS,
};

/// Tests of models without and with one lag.
fn of_models() -> Vec<Case> {
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

/// Tests of the residuals of models with two lags, random effects, a lag in time.
fn of_residuals() -> Vec<Case> {
    vec![
        Case {
            words: "both lags, rho = 0.4, lambda = 0.3",
            effects: Effects::TwoWays,
            model: Model::Sac,
            rho: 0.4,
            lambda: 0.3,
            unit: 1.0,
            time: 1.0,
            tests: OF_RESIDUALS,
            ..PANEL
        },
        Case {
            words: "both lags, rho = 0.4, lambda = 0.3",
            side: 10,
            periods: 1,
            model: Model::Sac,
            rho: 0.4,
            lambda: 0.3,
            tests: OF_RESIDUALS,
            ..PANEL
        },
        Case {
            words: "spatial lag, rho = 0.4",
            effects: Effects::Random,
            model: Model::Sar,
            rho: 0.4,
            unit: 1.0,
            tests: OF_RESIDUALS,
            ..PANEL
        },
        Case {
            words: "spatial error, lambda = 0.4",
            effects: Effects::Random,
            model: Model::Sem,
            lambda: 0.4,
            unit: 1.0,
            tests: OF_RESIDUALS,
            ..PANEL
        },
        Case {
            words: "dynamic, tau = 0.4, rho = 0.4",
            effects: Effects::Unit,
            model: Model::Sar,
            rho: 0.4,
            tau: 0.4,
            periods: 21,
            unit: 1.0,
            tests: OF_RESIDUALS,
            ..PANEL
        },
        Case {
            words: "dynamic, tau = 0.4, rho = 0.4",
            effects: Effects::TwoWays,
            model: Model::Sar,
            rho: 0.4,
            tau: 0.4,
            periods: 21,
            unit: 1.0,
            time: 1.0,
            tests: OF_RESIDUALS,
            ..PANEL
        },
    ]
}

/// Samples in which what is published for large ones has to hold.
fn of_large_samples() -> Vec<Case> {
    vec![
        Case { side: 50, periods: 40, effects: Effects::TwoWays, unit: 1.0, time: 1.0, ..PANEL },
        Case {
            words: "no effects",
            periods: 200,
            tests: &["LR unit", "F unit", "Local CD", "Pesaran CD"],
            ..PANEL
        },
        Case {
            words: "no effects",
            side: 20,
            periods: 100,
            tests: &["LR time", "F time"],
            ..PANEL
        },
        Case { side: 30, periods: 1, tests: &["Wald"], ..PANEL },
        Case {
            words: "spatial lag, rho = 0.4",
            side: 30,
            periods: 1,
            model: Model::Sar,
            rho: 0.4,
            tests: &["LR SDM vs SAR", "Wald SDM vs SAR"],
            ..PANEL
        },
        Case {
            words: "spatial lag, rho = 0.4",
            side: 20,
            effects: Effects::Random,
            model: Model::Sar,
            rho: 0.4,
            unit: 1.0,
            tests: &["CD"],
            ..PANEL
        },
    ]
}

/// p-values by test; one per period for the Moran tests by period.
fn replicate(
    case: &Case,
    w: &Prepared,
    spread: &[Array2<f64>; 2],
    replication: u32,
) -> Vec<(String, f64)> {
    let before = if case.tau == 0.0 { 0 } else { BURN_IN };
    let (n, t) = (case.side * case.side, before + case.periods);
    let mut stream = Stream::new(20_260, Purpose::Simulation, replication);
    let mut normals =
        |rows, columns| Array2::from_shape_simple_fn((rows, columns), || stream.normal());
    // Part of it lies between units, where the Hausman test looks; it has nothing to do with their effects.
    let x = normals(t, n) + normals(1, n);
    let (unit, time) = (normals(1, n) * case.unit, normals(t, 1) * case.time);
    let mut y = &x + &unit + &time + normals(t, n).dot(&spread[1].t());
    for period in 0..t {
        if period > 0 {
            let lagged = y.row(period - 1).to_owned() * case.tau;
            let mut now = y.row_mut(period);
            now += &lagged;
        }
        let now = spread[0].dot(&y.row(period));
        y.row_mut(period).assign(&now);
    }
    let mut panel = empty(n, case.periods);
    panel.insert("y", y.slice(s![before.., ..]).to_owned());
    panel.insert("x", x.slice(s![before.., ..]).to_owned());
    let correction = match case.effects {
        Effects::None | Effects::Random => BiasCorrection::None,
        _ if case.tau != 0.0 => BiasCorrection::LeeYu,
        _ => BiasCorrection::Transform,
    };
    let spec = SdmSpec::new("y", ["x"])
        .model(case.model)
        .effects(case.effects)
        .dynamic(if case.tau == 0.0 { Dynamic::None } else { Dynamic::Time })
        .bias_correction(correction);
    // A small sample may leave a model of two lags without a maximum inside their intervals.
    let Ok(fit) = spec.fit_prepared(&panel, w) else { return Vec::new() };
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
    let only = std::env::args().nth(2);
    let wanted = |case: &Case| only.as_ref().is_none_or(|words| case.head().contains(words));
    for cases in [of_models(), of_residuals(), of_large_samples()] {
        let cases: Vec<Case> = cases.into_iter().filter(wanted).collect();
        if !cases.is_empty() {
            print(&cases, replications);
        }
    }
}

/// The shares of rejections as a table, a column for each case.
fn print(cases: &[Case], replications: u32) {
    let columns: Vec<BTreeMap<String, (u32, u32)>> =
        cases.iter().map(|case| counts(case, replications)).collect();
    let heads = cases.iter().map(Case::head);
    println!("| test | {} |", heads.collect::<Vec<_>>().join(" | "));
    println!("|---|{}", "---|".repeat(columns.len()));
    let tests: BTreeSet<&String> = columns.iter().flat_map(BTreeMap::keys).collect();
    for test in tests {
        let cell = |counts: &BTreeMap<String, (u32, u32)>| {
            let share = |(rejected, of): &(u32, u32)| f64::from(*rejected) / f64::from(*of);
            counts.get(test).map_or(String::new(), |count| format!("{:.1}", 100.0 * share(count)))
        };
        println!("| {test} | {} |", columns.iter().map(cell).collect::<Vec<_>>().join(" | "));
    }
    println!();
}

/// How often each test about the null of a case rejects it, and of how many.
fn counts(case: &Case, replications: u32) -> BTreeMap<String, (u32, u32)> {
    let w = grid(case.side);
    let prepared = Prepared::new(&w);
    let s = [multiplier(&w, case.rho), multiplier(&w, case.lambda)];
    let all: Vec<Vec<(String, f64)>> = (0..replications)
        .into_par_iter()
        .map(|replication| replicate(case, &prepared, &s, replication))
        .collect();
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for (name, p) in all.into_iter().flatten() {
        if case.tests.iter().any(|wanted| name.contains(wanted)) {
            let entry = counts.entry(name).or_default();
            entry.0 += u32::from(p < 0.05);
            entry.1 += 1;
        }
    }
    counts
}
