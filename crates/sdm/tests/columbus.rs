//! Cross-sections: Columbus against spatialreg.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_sdm::{BiasCorrection, Effects, Model, SdmSpec};
use support::{Expected, columbus, expected, expected_in, near, near_impacts, parameter};

#[test]
fn cross_section_models_match_spatialreg() {
    let all = expected("columbus_xsec");
    assert_eq!(all.len(), 6);
    for expected in all {
        // optimize() stops within 1e-7 of the maximum; least squares has no search.
        let searched = !matches!(expected.model, Model::Ols | Model::Slx);
        compare(&expected, if searched { 1e-6 } else { 1e-10 });
    }
}

/// spreg searches for ρ too, within 1e-7.
#[test]
fn cross_section_models_match_spreg() {
    let all = expected_in("columbus_xsec", "spreg.json");
    assert_eq!(all.len(), 6);
    for expected in all {
        let searched = !matches!(expected.model, Model::Ols | Model::Slx);
        compare(&expected, if searched { 1e-6 } else { 1e-10 });
    }
}

fn compare(expected: &Expected, tolerance: f64) {
    let (panel, w) = columbus();
    let label = expected.label();
    let fit = SdmSpec::new("CRIME", ["INC", "HOVAL"])
        .model(expected.model)
        .effects(Effects::None)
        .fit(&panel, &w)
        .unwrap();
    for (name, value) in &expected.parameters {
        let what = format!("{label} {name}");
        let found = if name == "sigma2" { fit.sigma2 } else { parameter(&fit, name).estimate };
        near(found, *value, tolerance, &what);
    }
    for (name, value) in &expected.std_errors {
        let what = format!("{label} se of {name}");
        near(parameter(&fit, name).std_error, *value, tolerance, &what);
    }
    near(fit.log_likelihood, expected.log_likelihood, 1e-9, &label);
    if let Some(value) = expected.aic {
        near(fit.aic, value, 1e-9, &format!("{label} aic"));
    }
    if let Some(value) = expected.bic {
        near(fit.bic, value, 1e-9, &format!("{label} bic"));
    }
    if let Some(value) = expected.r_squared {
        near(fit.r_squared, value, 1e-10, &format!("{label} r_squared"));
    }
    if let Some((lower, upper)) = expected.interval {
        let bounds = fit.convergence.bounds.unwrap();
        near(bounds.0, lower, 1e-10, &format!("{label} lower bound"));
        near(bounds.1, upper, 1e-10, &format!("{label} upper bound"));
    }
    near_impacts(&fit.impacts().unwrap(), &expected.impacts, tolerance, &label);
}

#[test]
fn without_effects_there_is_nothing_to_correct() {
    let (panel, w) = columbus();
    let fit = |bias_correction| {
        SdmSpec::new("CRIME", ["INC", "HOVAL"])
            .effects(Effects::None)
            .bias_correction(bias_correction)
            .fit(&panel, &w)
            .unwrap()
    };
    let plain = fit(BiasCorrection::None);
    for correction in [BiasCorrection::LeeYu, BiasCorrection::Transform] {
        let other = fit(correction);
        assert_eq!(plain.parameters, other.parameters);
        assert_eq!(plain.covariance, other.covariance);
        near(plain.log_likelihood, other.log_likelihood, 0.0, "log-likelihood");
    }
}
