//! Simulated panels: the estimators recover the truth, and 95 % intervals hold it 95 % of the time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::Estimate;
use durbin_sdm::{BiasCorrection, Effects, Model, SdmSpec};
use ndarray::Array2;
use rayon::prelude::*;
use support::simulate::{Random, Simulation, Truth, grid, multiplier};

const REPLICATIONS: usize = 200;

/// Counts how often `|estimate − truth| ≤ 1.96·se` for each quantity and compares with 0.95. The count is
/// binomial: its standard error is `√(0.95·0.05/200) = 0.0154`, and 3.5 of them (a chance of 1 in 2000 for
/// one quantity) are allowed. The seeds are fixed, so that the test is not a lottery.
fn check_coverage(names: &[&str], hits: &[Vec<bool>]) {
    let allowed = 3.5 * (0.95 * 0.05 / REPLICATIONS as f64).sqrt();
    for (at, name) in names.iter().enumerate() {
        let covered = hits.iter().filter(|hit| hit[at]).count() as f64 / REPLICATIONS as f64;
        assert!((covered - 0.95).abs() <= allowed, "{name} is covered with {covered}");
    }
}

fn holds(estimate: Estimate, truth: f64) -> bool {
    (estimate.estimate - truth).abs() <= 1.959_964 * estimate.std_error
}

#[test]
fn intervals_of_the_two_way_durbin_model_cover_the_truth() {
    let w = grid(6);
    let truth = Truth { rho: 0.4, lambda: 0.0, beta: 1.0, theta: -0.5, sigma: 1.0 };
    let dense = Array2::from_shape_fn((36, 36), |(i, j)| w.get(i, j));
    let s = multiplier(&w, truth.rho);
    let effect = &s * truth.beta + s.dot(&dense) * truth.theta;
    let (direct, total) = (effect.diag().sum() / 36.0, effect.sum() / 36.0);
    let simulation = Simulation::new(truth, &w);
    for correction in [BiasCorrection::LeeYu, BiasCorrection::Transform] {
        let spec = SdmSpec::new("y", ["x"]).bias_correction(correction);
        let hits: Vec<Vec<bool>> = (0..REPLICATIONS)
            .into_par_iter()
            .map(|replication| {
                let mut random = Random::new(7_000 + replication as u64);
                let panel = simulation.panel(8, &mut random);
                let fit = spec.fit(&panel, &w).unwrap();
                let coefficients = fit.coefficients();
                let impact = fit.impacts().unwrap().rows[0].clone();
                vec![
                    holds(fit.rho().unwrap(), truth.rho),
                    holds(coefficients[0].1, truth.beta),
                    holds(coefficients[1].1, truth.theta),
                    holds(impact.direct, direct),
                    holds(impact.indirect, total - direct),
                    holds(impact.total, total),
                ]
            })
            .collect();
        check_coverage(&["rho", "beta", "theta", "direct", "indirect", "total"], &hits);
    }
}

#[test]
fn intervals_of_the_error_model_cover_the_truth() {
    let w = grid(6);
    let truth = Truth { rho: 0.0, lambda: 0.5, beta: 1.0, theta: 0.8, sigma: 1.0 };
    let spec = SdmSpec::new("y", ["x"]).model(Model::Sdem).effects(Effects::TwoWays);
    let simulation = Simulation::new(truth, &w);
    let hits: Vec<Vec<bool>> = (0..REPLICATIONS)
        .into_par_iter()
        .map(|replication| {
            let mut random = Random::new(90_000 + replication as u64);
            let panel = simulation.panel(8, &mut random);
            let fit = spec.fit(&panel, &w).unwrap();
            let coefficients = fit.coefficients();
            vec![
                holds(fit.lambda().unwrap(), truth.lambda),
                holds(coefficients[0].1, truth.beta),
                holds(coefficients[1].1, truth.theta),
            ]
        })
        .collect();
    check_coverage(&["lambda", "beta", "theta"], &hits);
}

#[test]
fn a_long_simulated_panel_recovers_its_parameters() {
    let w = grid(10);
    let truth = Truth { rho: 0.6, lambda: 0.0, beta: -2.0, theta: 1.0, sigma: 0.5 };
    let panel = Simulation::new(truth, &w).panel(40, &mut Random::new(42));
    let fit = SdmSpec::new("y", ["x"]).fit(&panel, &w).unwrap();
    // Four standard errors, themselves below 0.04.
    let recovers = |estimate: Estimate, truth: f64| {
        assert!(estimate.std_error < 0.04, "{estimate:?}");
        assert!((estimate.estimate - truth).abs() < 4.0 * estimate.std_error, "{estimate:?}");
    };
    recovers(fit.rho().unwrap(), truth.rho);
    recovers(fit.coefficients()[0].1, truth.beta);
    recovers(fit.coefficients()[1].1, truth.theta);
    let variance_error = 4.0 * (2.0_f64 / 4000.0).sqrt();
    assert!((fit.sigma2 / 0.25 - 1.0).abs() < variance_error, "{}", fit.sigma2);
}
