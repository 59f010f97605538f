//! Public capital: every static model, effect and correction against an independent implementation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_sdm::SdmSpec;
use support::{expected, near, near_impacts, parameter, produc, produc_weights};

#[test]
fn every_model_effect_and_correction_matches_the_reference() {
    let (panel, w) = (produc(), produc_weights());
    let all = expected("produc");
    assert_eq!(all.len(), 30);
    for expected in all {
        let label = expected.label();
        let fit = SdmSpec::new("lgsp", ["lpcap", "lpc", "lemp", "unemp"])
            .model(expected.model)
            .effects(expected.effects.unwrap())
            .bias_correction(expected.bias_correction.unwrap())
            .fit(&panel, &w)
            .unwrap();
        for (name, value) in &expected.parameters {
            near(parameter(&fit, name).estimate, *value, 1e-8, &format!("{label} {name}"));
        }
        for (name, value) in &expected.std_errors {
            let what = format!("{label} se of {name}");
            near(parameter(&fit, name).std_error, *value, 1e-8, &what);
        }
        near(fit.log_likelihood, expected.log_likelihood, 1e-9, &label);
        near_impacts(&fit.impacts().unwrap(), &expected.impacts, 1e-7, &label);
    }
}
