//! Bias-corrected least squares against a dense program, and on panels whose truth is known.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use durbin_core::{
    Panel,
    random::{Purpose, Stream},
};
use durbin_gmm::{BiasCorrection, GmmSpec, LeastSquaresFit, UnitEffects};
use ndarray::Array2;
use support::{json, near, panel, panels::empty, rows};

fn how(initial: &str, order: usize) -> BiasCorrection {
    BiasCorrection { initial: initial.parse().unwrap(), order, replications: 2, seed: 1 }
}

fn fit(spec: &GmmSpec, panel: &Panel, how: &BiasCorrection) -> LeastSquaresFit {
    spec.bias_corrected(panel, how).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn corrections_are_those_of_a_dense_program_with_unbalanced_panels_and_gaps() {
    let expected = json("lsdvc.json");
    let spec = GmmSpec::system("n", ["w", "k"]);
    let all = rows("abdata.csv");
    let thinned: Vec<_> = all
        .iter()
        .filter(|(id, year, _)| !(id.parse::<u32>().unwrap().is_multiple_of(5) && *year == 1980))
        .cloned()
        .collect();
    for (case, rows) in
        [("unbalanced", all), ("gaps (no 1980 where id is a multiple of 5)", thinned)]
    {
        let panel = panel(&rows);
        for (initial, numbers) in expected[case].as_object().unwrap() {
            for order in 1..=3 {
                let fit = fit(&spec, &panel, &how(initial, order));
                let correction = fit.correction.as_ref().unwrap();
                for (at, name) in fit.names.iter().enumerate() {
                    let number = |key: &str| numbers[key][at].as_f64().unwrap();
                    let what = format!("{case}, {initial}, order {order}, {name}");
                    near(&what, fit.estimates[at], number(&format!("order_{order}")), 1e-8);
                    near(&what, correction.initial[at], number("initial"), 1e-8);
                    near(&what, correction.uncorrected[at], number("lsdv"), 1e-8);
                }
            }
        }
    }
}

/// `y = ρ·y₋₁ + x + μ + ε` with exogenous x, of `n` units over `t` periods after a long run-in.
fn simulated(n: usize, t: usize, rho: f64, replication: u32) -> Panel {
    let mut panel = empty(n, t);
    let mut stream = Stream::new(7, Purpose::Simulation, replication);
    let (mut y, mut x) = (Array2::zeros((t, n)), Array2::zeros((t, n)));
    for unit in 0..n {
        let mu = stream.normal();
        let (mut now_y, mut now_x) = (mu / (1.0 - rho), 0.0);
        for period in 0..50 + t {
            now_x = 0.5 * now_x + stream.normal();
            now_y = rho * now_y + now_x + mu + stream.normal();
            if period >= 50 {
                (y[[period - 50, unit]], x[[period - 50, unit]]) = (now_y, now_x);
            }
        }
    }
    panel.insert("y", y);
    panel.insert("x", x);
    panel
}

#[test]
fn the_correction_takes_off_most_of_the_bias_and_its_intervals_cover() {
    const PANELS: u32 = 60;
    let spec = GmmSpec::system("y", ["x"]);
    let rho = 0.6;
    let (mut before, mut after, mut covered) = (0.0, 0.0, 0);
    for replication in 0..PANELS {
        let panel = simulated(60, 6, rho, replication);
        let correction = BiasCorrection {
            replications: 40,
            seed: u64::from(replication),
            ..how("difference", 3)
        };
        let fit = fit(&spec, &panel, &correction);
        before += (fit.correction.as_ref().unwrap().uncorrected[0] - rho) / f64::from(PANELS);
        after += (fit.estimates[0] - rho) / f64::from(PANELS);
        let error = fit.covariance[[0, 0]].sqrt();
        covered += u32::from(((fit.estimates[0] - rho) / error).abs() < 1.96);
    }
    assert!(before < -0.08, "least squares is off by {before}");
    assert!(after.abs() < 0.2 * before.abs(), "{after} is left of {before}");
    // Sampling error of a coverage of 0.95 over sixty panels is 0.028.
    assert!(covered >= 52, "{covered} of {PANELS} intervals hold the truth");
}

#[test]
fn the_uncorrected_coefficients_are_the_within_estimator() {
    let panel = simulated(30, 6, 0.4, 1);
    let spec = GmmSpec::system("y", ["x"]);
    let within = spec.least_squares(&panel, UnitEffects::Fixed).unwrap();
    let fit = fit(&spec, &panel, &how("difference", 1));
    for (own, within) in fit.correction.unwrap().uncorrected.iter().zip(&within.estimates) {
        near("within", *own, *within, 1e-12);
    }
}

#[test]
fn an_initial_estimate_of_one_or_more_is_said() {
    let panel = panel(&rows("abdata.csv"));
    let spec = GmmSpec::system("n", ["w", "k"]);
    let said = |initial: &str| {
        let correction = fit(&spec, &panel, &how(initial, 1)).correction.unwrap();
        let words = correction.warnings().iter().map(ToString::to_string).collect::<String>();
        (correction.initial[0], words)
    };
    let (gamma, words) = said("anderson-hsiao");
    assert!(gamma >= 1.0, "Anderson–Hsiao's is {gamma}");
    assert!(words.contains(&format!("(anderson-hsiao) is {gamma:.4}")), "{words}");
    assert!(words.contains("try --initial difference or system"), "{words}");
    let (gamma, words) = said("difference");
    assert!(gamma.abs() < 1.0 && words.is_empty(), "{gamma}: {words}");
}

#[test]
fn the_bootstrap_is_the_same_at_any_number_of_threads() {
    let panel = simulated(30, 6, 0.4, 1);
    let spec = GmmSpec::system("y", ["x"]);
    let how = BiasCorrection { replications: 20, ..how("difference", 3) };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(&spec, &panel, &how).covariance)
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn models_the_formula_is_not_for_are_refused() {
    let panel = simulated(30, 6, 0.4, 1);
    let mut two = GmmSpec::system("y", ["x"]);
    two.lags = 2;
    let message = two.bias_corrected(&panel, &how("difference", 1)).unwrap_err().to_string();
    assert!(message.contains("one lag of the response; the model has 2"), "{message}");
    let made = GmmSpec::system("y", ["x", "L2.y"]);
    let message = made.bias_corrected(&panel, &how("difference", 1)).unwrap_err().to_string();
    assert!(message.contains("`L2.y` is made of the response"), "{message}");
}
