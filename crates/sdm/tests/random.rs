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
    assert_eq!(all.len(), 8);
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
                Model::Sar | Model::Sdm | Model::Sac | Model::Gns => {
                    assert!(found > *value, "{label} {name}");
                }
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
fn robust_errors_are_refused_where_there_are_none() {
    let panel = simulated(4, 5, 1.0, 1);
    let spec = |model| SdmSpec::new("y", ["x"]).effects(Effects::Random).model(model);
    for (model, vcov) in [
        (Model::Sem, Vcov::Cluster),
        (Model::Sem, Vcov::Qml),
        (Model::Sdem, Vcov::Cluster),
        (Model::Sac, Vcov::Qml),
        (Model::Gns, Vcov::Cluster),
    ] {
        let error = spec(model).vcov(vcov).fit(&panel, &grid(4)).unwrap_err();
        assert!(matches!(error, Error::NoSandwich { .. }), "{model} {vcov}");
    }
}

#[test]
fn clustered_errors_of_coefficients_are_those_of_quasi_demeaned_least_squares() {
    let (side, t) = (5, 6);
    let panel = simulated(side, t, 1.0, 5);
    let n = side * side;
    let spec = SdmSpec::new("y", ["x"]).model(Model::Ols).effects(Effects::Random);
    let fit = spec.vcov(Vcov::Cluster).fit(&panel, &grid(side)).unwrap();
    let phi = parameter(&fit, "phi").estimate;
    let starred = |v: &Array2<f64>| {
        let means = v.sum_axis(ndarray::Axis(0)) / t as f64;
        v - &(means * (1.0 - phi))
    };
    let x = starred(panel.get("x").unwrap());
    let one = starred(&Array2::ones((t, n)));
    let y = starred(panel.get("y").unwrap());
    let (a, b) = (parameter(&fit, "_cons").estimate, parameter(&fit, "x").estimate);
    let e = &y - &(&one * a) - &(&x * b);
    let dot = |u: &Array2<f64>, v: &Array2<f64>| (u * v).sum();
    let gram = ndarray::array![[dot(&one, &one), dot(&one, &x)], [dot(&one, &x), dot(&x, &x)]];
    let bread = durbin_core::linalg::inverse(&gram, "Z'Z").unwrap();
    let scores = [(&one * &e).sum_axis(ndarray::Axis(0)), (&x * &e).sum_axis(ndarray::Axis(0))];
    let meat = Array2::from_shape_fn((2, 2), |(i, j)| scores[i].dot(&scores[j]));
    let expected = bread.dot(&meat).dot(&bread) * (n as f64 / (n as f64 - 1.0));
    for (at, name) in ["_cons", "x"].into_iter().enumerate() {
        near(parameter(&fit, name).std_error, expected[[at, at]].sqrt(), 1e-9, name);
    }
}
