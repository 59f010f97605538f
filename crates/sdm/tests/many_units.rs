//! Both lags and robust errors of more units than dense matrices would allow.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::{Estimate, Panel};
use durbin_sdm::{BiasCorrection, Effects, Fit, Model, Prepared, SdmSpec, Vcov};
use durbin_weights::Weights;
use rayon::prelude::*;
use support::simulate::{Random, empty, grid, queen, spread};

const RHO: f64 = 0.5;
const LAMBDA: f64 = 0.3;

/// Units along a side: 4,225 of them.
const SIDE: usize = 65;

/// A simulated panel `y = ρWy + x + u`, `u = λMu + ε`.
fn simulated(w: &Weights, m: &Weights, t: usize, seed: u64) -> Panel {
    let (n, mut random) = (w.n_units(), Random::new(seed));
    let x = random.normals(t, n);
    let noise = random.normals(t, n);
    let mut panel = empty(n, t);
    panel.insert("y", spread(w, RHO, &(&x + &spread(m, LAMBDA, &noise))));
    panel.insert("x", x);
    panel
}

fn cross_section(model: Model, vcov: Vcov) -> SdmSpec {
    let spec = SdmSpec::new("y", ["x"]).model(model).vcov(vcov);
    spec.effects(Effects::None).bias_correction(BiasCorrection::None)
}

fn holds(estimate: Estimate, truth: f64, errors: f64) -> bool {
    (estimate.estimate - truth).abs() <= errors * estimate.std_error
}

/// Errors are normal here, so that all covariances estimate the same.
#[test]
fn of_more_than_four_thousand_units_all_covariances_of_both_lags_agree() {
    let (w, other) = (grid(SIDE), queen(SIDE));
    for m in [None, Some(&other)] {
        let panel = simulated(&w, m.unwrap_or(&w), 1, 11);
        let prepared = Prepared::new(&w);
        let of_error = m.map(Prepared::new);
        let fit = |model, vcov| {
            let spec = cross_section(model, vcov);
            match &of_error {
                Some(of_error) => spec.fit_prepared_with(&panel, &prepared, of_error).unwrap(),
                None => spec.fit_prepared(&panel, &prepared).unwrap(),
            }
        };
        let information = fit(Model::Sac, Vcov::Information);
        assert!(holds(information.rho().unwrap(), RHO, 3.0), "{:?}", information.rho());
        assert!(holds(information.lambda().unwrap(), LAMBDA, 3.0), "{:?}", information.lambda());
        let fits = [
            fit(Model::Sac, Vcov::Qml),
            fit(Model::Sac, Vcov::Cluster),
            fit(Model::Gns, Vcov::Information),
        ];
        for fit in std::iter::once(&information).chain(&fits) {
            let error = fit.convergence.covariance_error.unwrap();
            assert!(error > 0.0 && error < 0.05, "{error}");
            let said = fit.conventions.iter().find(|(name, _)| *name == "covariance").unwrap().1;
            assert!(said.contains("random vectors"), "{said}");
        }
        for robust in &fits[..2] {
            for at in 0..robust.names.len() {
                let ratio = (robust.covariance[[at, at]] / information.covariance[[at, at]]).sqrt();
                assert!((ratio - 1.0).abs() < 0.12, "{} {ratio}", robust.names[at]);
            }
        }
        let tested = match &of_error {
            Some(of_error) => information.tests_with(&panel, &prepared, of_error),
            None => information.tests(&panel, &prepared),
        };
        let moran = tested.unwrap().tests;
        let moran = moran.iter().find(|test| test.name == "Moran of residuals").unwrap();
        assert!(moran.statistic.unwrap().abs() < 3.0, "{moran:?}");
    }
}

#[test]
fn of_more_than_four_thousand_units_one_lag_has_robust_errors() {
    let w = grid(SIDE);
    let panel = simulated(&w, &w, 2, 12);
    let prepared = Prepared::new(&w);
    for model in [Model::Sdm, Model::Sdem, Model::Slx] {
        let fit = |vcov| {
            let spec = SdmSpec::new("y", ["x"]).model(model).effects(Effects::Unit).vcov(vcov);
            spec.fit_prepared(&panel, &prepared).unwrap()
        };
        // Traces and diagonals are exact, pairs of units are not.
        assert_eq!(fit(Vcov::Qml).convergence.covariance_error, None, "{model}");
        let error = fit(Vcov::Cluster).convergence.covariance_error;
        match model {
            Model::Slx => assert_eq!(error, None),
            _ => assert!(error.unwrap() < 0.05, "{model} {error:?}"),
        }
    }
}

#[test]
fn threads_do_not_change_a_bit_of_what_random_vectors_say() {
    let w = grid(SIDE);
    let panel = simulated(&w, &w, 1, 13);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let fit = cross_section(Model::Sac, Vcov::Cluster).fit(&panel, &w).unwrap();
            (fit.parameters.clone(), fit.covariance.clone(), fit.convergence.covariance_error)
        })
    };
    assert_eq!(run(1), run(3));
}

/// Simulated cross-sections of 4,225 units, 200 of them: a share of 0.95 has a standard error of 0.0154.
#[test]
#[ignore = "minutes: 600 fits of 4,225 units"]
fn intervals_of_both_lags_cover_the_truth_beyond_four_thousand_units() {
    const REPLICATIONS: u64 = 200;
    let w = grid(SIDE);
    let prepared = Prepared::new(&w);
    for vcov in [Vcov::Information, Vcov::Qml, Vcov::Cluster] {
        let spec = cross_section(Model::Sac, vcov);
        let covered = |fit: &Fit| {
            let beta = fit.coefficients()[1].1;
            [(fit.rho().unwrap(), RHO), (fit.lambda().unwrap(), LAMBDA), (beta, 1.0)]
                .map(|(estimate, truth)| holds(estimate, truth, 1.959_964))
        };
        let hits: Vec<[bool; 3]> = (0..REPLICATIONS)
            .into_par_iter()
            .map(|seed| {
                let panel = simulated(&w, &w, 1, 5_000 + seed);
                covered(&spec.fit_prepared(&panel, &prepared).unwrap())
            })
            .collect();
        for (at, name) in ["rho", "lambda", "beta"].into_iter().enumerate() {
            let share = hits.iter().filter(|hit| hit[at]).count() as f64 / REPLICATIONS as f64;
            assert!((share - 0.95).abs() < 3.5 * 0.0154, "{vcov} {name} {share}");
        }
    }
}
