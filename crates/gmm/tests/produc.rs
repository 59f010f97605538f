//! Least squares on Munnell's data against plm.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use durbin_gmm::{Errors, GmmSpec, LeastSquaresFit, UnitEffects};
use serde_json::Value;
use support::{json, near, panels::munnell};

const EXACT: f64 = 1e-6;
const NAMES: [&str; 5] = ["gsp", "pcap", "pc", "emp", "unemp"];

fn fit(effects: UnitEffects, errors: Errors, time: bool) -> LeastSquaresFit {
    let mut spec = GmmSpec::system("gsp", NAMES[1..].to_vec());
    (spec.lags, spec.errors, spec.time_effects) = (0, errors, time);
    spec.least_squares(&munnell(), effects).unwrap()
}

fn compare(case: &str, effects: UnitEffects, time: bool) -> LeastSquaresFit {
    let expected = &json("plm_panel.json")[case];
    let classical = fit(effects, Errors::Classical, time);
    let robust = fit(effects, Errors::Robust, time);
    let rows = expected["coef"]["rows"].as_array().unwrap();
    let found = |fit: &LeastSquaresFit, name: &str| {
        let own = match name {
            "(Intercept)" => "_cons",
            logged => logged.trim_start_matches("log(").trim_end_matches(')'),
        };
        fit.coefficients().into_iter().find(|(known, _)| known == own).unwrap().1
    };
    let meat: &Value = &expected["vcovHC_arellano_HC0"]["data"];
    for (at, name) in rows.iter().enumerate() {
        let name = name.as_str().unwrap();
        let own = found(&classical, name);
        let row = &expected["coef"]["data"][at];
        near(&format!("{case} {name}"), own.estimate, row[0].as_f64().unwrap(), EXACT);
        near(&format!("{case} {name}, error"), own.std_error, row[1].as_f64().unwrap(), EXACT);
        let error = meat[at][at].as_f64().unwrap().sqrt();
        near(&format!("{case} {name}, robust"), found(&robust, name).std_error, error, EXACT);
    }
    classical
}

#[test]
fn pooled_within_and_random_effects_agree_with_plm() {
    compare("pooling", UnitEffects::Pooled, false);
    let within = compare("within individual", UnitEffects::Fixed, false);
    near("σ²", within.sigma2, 0.001_454_435_220_884, 1e-9);
    let random = compare("random swar", UnitEffects::Random, false);
    near("σ² of effects", random.sigma2_effects.unwrap(), 0.006_837_719_321_314, 1e-9);
    compare("within twoways", UnitEffects::Fixed, true);
}

#[test]
fn dependence_between_units_agrees_with_plm() {
    let expected = &json("plm_panel.json")["tests"];
    for (case, effects, time) in [
        ("pcdtest cd pooling", UnitEffects::Pooled, false),
        ("pcdtest cd within", UnitEffects::Fixed, false),
        ("pcdtest cd within2", UnitEffects::Fixed, true),
    ] {
        let z = expected[case]["statistic"]["z"].as_f64().unwrap();
        near(case, fit(effects, Errors::Classical, time).cd.statistic.unwrap(), z, EXACT);
    }
}
