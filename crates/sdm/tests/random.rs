//! Random effects against an independent implementation and against splm.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::Panel;
use durbin_sdm::{Effects, Error, Model, SdmSpec, Vcov};
use ndarray::Array2;
use support::{
    cigar, cigar_weights, expected_in, near, parameter, produc, produc_weights,
    simulate::{Random, empty, grid},
};

#[test]
fn random_effects_of_cigarettes_match_the_reference() {
    let all = expected_in("cigar", "random.json");
    assert_eq!(all.len(), 2);
    for expected in all {
        let label = expected.label();
        let spec = SdmSpec::new("logc", ["logp", "logy"]).model(expected.model);
        let fit = spec.effects(Effects::Random).fit(&cigar(), &cigar_weights()).unwrap();
        for (name, value) in &expected.parameters {
            near(parameter(&fit, name).estimate, *value, 1e-6, &format!("{label} {name}"));
        }
        near(fit.log_likelihood, expected.log_likelihood, 1e-9, &label);
    }
}

#[test]
fn random_effects_of_public_capital_match_splm() {
    // splm's optimiser stops with a log-likelihood up to 1e-10 lower; its variance ratio is the loosest.
    let all = expected_in("produc", "splm_random.json");
    assert_eq!(all.len(), 6);
    for expected in all {
        let label = expected.label();
        let spec = SdmSpec::new("lgsp", ["lpcap", "lpc", "lemp", "unemp"]).model(expected.model);
        let fit = spec.effects(Effects::Random).fit(&produc(), &produc_weights()).unwrap();
        for (name, value) in &expected.parameters {
            near(parameter(&fit, name).estimate, *value, 1e-6, &format!("{label} {name}"));
        }
        near(fit.log_likelihood, expected.log_likelihood, 1e-12, &label);
        let ratio = fit.sigma2_unit().unwrap().estimate / fit.sigma2;
        near(ratio, expected.ratio.unwrap(), 5e-6, &format!("{label} ratio of variances"));
        for (name, value) in &expected.std_errors {
            let found = parameter(&fit, name).std_error;
            // splm takes rho for known: its errors of lag models are too small.
            match expected.model {
                Model::Sar | Model::Sdm => assert!(found > *value, "{label} {name}"),
                _ => near(found, *value, 1e-6, &format!("{label} se of {name}")),
            }
        }
    }
}

/// `n` units with effects of standard deviation `spread`, over `t` periods.
fn simulated(side: usize, t: usize, spread: f64, seed: u64) -> Panel {
    let n = side * side;
    let mut random = Random::new(seed);
    let mut panel = empty(n, t);
    let (x, e, mu) = (random.normals(t, n), random.normals(t, n), random.normals(1, n));
    let y =
        Array2::from_shape_fn((t, n), |(s, i)| 1.0 + x[[s, i]] + e[[s, i]] + spread * mu[[0, i]]);
    panel.insert("x", x);
    panel.insert("y", y);
    panel
}

const MODELS: [Model; 6] =
    [Model::Ols, Model::Slx, Model::Sar, Model::Sem, Model::Sdm, Model::Sdem];

#[test]
fn the_variance_between_units_is_found_and_its_absence_said() {
    for model in MODELS {
        let spec = SdmSpec::new("y", ["x"]).model(model).effects(Effects::Random);
        let fit = spec.fit(&simulated(6, 6, 1.5, 3), &grid(6)).unwrap();
        let variance = fit.sigma2_unit().unwrap();
        assert!((variance.estimate - 2.25).abs() < 3.0 * variance.std_error, "{variance:?}");
        assert!(fit.warnings.is_empty());
        // Unit means pushed closer together than errors alone would leave them.
        let mut panel = simulated(6, 6, 0.0, 3);
        let y = panel.get("y").unwrap();
        let means = y.sum_axis(ndarray::Axis(0)) / 6.0;
        let flat = y - &(means * 0.9);
        panel.insert("y", flat);
        let fit = spec.fit(&panel, &grid(6)).unwrap();
        assert!(fit.phi().is_none() && fit.warnings.len() == 1, "{:?}", fit.warnings);
        let pooled = spec.effects(Effects::None).fit(&panel, &grid(6)).unwrap();
        near(fit.log_likelihood, pooled.log_likelihood, 1e-12, "log-likelihood");
    }
}

#[test]
fn robust_errors_and_models_with_two_lags_are_refused() {
    let panel = simulated(4, 5, 1.0, 1);
    let spec = SdmSpec::new("y", ["x"]).effects(Effects::Random);
    for model in [Model::Sac, Model::Gns] {
        let error = spec.clone().model(model).fit(&panel, &grid(4)).unwrap_err();
        assert!(matches!(error, Error::NoRandom { .. }));
    }
    let error = spec.vcov(Vcov::Cluster).fit(&panel, &grid(4)).unwrap_err();
    assert!(matches!(error, Error::NoSandwich { .. }));
}
