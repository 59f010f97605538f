//! Cigarette demand: every static model, effect and correction against an independent implementation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_sdm::{BiasCorrection, Effects, Model, SdmSpec};
use support::{cigar, cigar_weights, expected, near, parameter};

fn spec() -> SdmSpec {
    SdmSpec::new("logc", ["logp", "logy"])
}

#[test]
fn every_model_effect_and_correction_matches_the_reference() {
    let (panel, w) = (cigar(), cigar_weights());
    let all = expected("cigar");
    assert_eq!(all.len(), 31);
    for expected in all {
        let label = expected.label();
        let fit = spec()
            .model(expected.model)
            .effects(expected.effects.unwrap())
            .bias_correction(expected.bias_correction.unwrap())
            .fit(&panel, &w)
            .unwrap();
        assert_eq!(fit.names.len(), expected.parameters.len(), "{label}");
        for (name, value) in &expected.parameters {
            near(parameter(&fit, name).estimate, *value, 1e-8, &format!("{label} {name}"));
        }
        for (name, value) in &expected.std_errors {
            let what = format!("{label} se of {name}");
            near(parameter(&fit, name).std_error, *value, 1e-8, &what);
        }
        near(fit.log_likelihood, expected.log_likelihood, 1e-9, &label);
        if let Some(value) = expected.r_squared {
            near(fit.r_squared, value, 1e-8, &format!("{label} r_squared"));
        }
        if let Some(value) = expected.r_squared_within {
            near(fit.r_squared_within, value, 1e-8, &format!("{label} r_squared_within"));
        }
        let impacts = fit.impacts().unwrap();
        for (variable, effects) in &expected.impacts {
            let row = impacts.rows.iter().find(|row| row.variable == *variable).unwrap();
            let kinds = [("direct", row.direct), ("indirect", row.indirect), ("total", row.total)];
            for (kind, found) in kinds {
                let what = format!("{label} {variable} {kind}");
                near(found.estimate, effects[kind].estimate, 1e-8, &what);
                near(found.std_error, effects[kind].std_error.unwrap(), 1e-7, &what);
            }
        }
    }
}

#[test]
fn lee_yu_rescales_the_variance_of_error_models_too() {
    let (panel, w) = (cigar(), cigar_weights());
    for expected in expected("cigar") {
        let Some(corrected) = expected.sigma2_lee_yu else {
            continue;
        };
        let fit = spec()
            .model(expected.model)
            .effects(expected.effects.unwrap())
            .bias_correction(BiasCorrection::LeeYu)
            .fit(&panel, &w)
            .unwrap();
        near(fit.sigma2, corrected, 1e-10, &expected.label());
        near(fit.log_likelihood, expected.log_likelihood, 1e-9, &expected.label());
    }
}

#[test]
fn the_optimiser_reports_its_bounds_and_a_vanishing_gradient() {
    let fit = spec().fit(&cigar(), &cigar_weights()).unwrap();
    let record = &fit.convergence;
    assert_eq!(record.parameter, Some("rho"));
    let (lower, upper) = record.bounds.unwrap();
    assert!(lower < -1.0 && (upper - 1.0).abs() < 1e-12);
    assert!(record.gradient.abs() < 1e-12 && record.iterations < 10 && !record.near_boundary);
    assert_eq!(record.log_determinant, Some("eigenvalues of the similar symmetric matrix"));
}

#[test]
fn a_layer_of_unit_effects_has_the_documented_columns() {
    let effects = spec().fit(&cigar(), &cigar_weights()).unwrap().per_unit().unwrap();
    let names: Vec<String> = effects.columns().into_iter().map(|column| column.name).collect();
    let kinds = ["direct", "spill_in", "spill_out", "total"];
    let expected: Vec<String> = ["logp", "logy"]
        .iter()
        .flat_map(|variable| kinds.iter().map(move |kind| format!("{variable}_{kind}")))
        .flat_map(|name| [name.clone(), format!("{name}_se")])
        .collect();
    assert_eq!(names, expected);
    assert!(effects.columns().iter().all(|column| column.len() == 46 && column.alias.is_some()));
    assert_eq!(effects.style().field(), "logp_spill_out");
}

#[test]
fn without_lags_nothing_spills_and_the_map_shows_the_direct_effect() {
    for model in [Model::Ols, Model::Sem] {
        let fit =
            spec().model(model).effects(Effects::Unit).fit(&cigar(), &cigar_weights()).unwrap();
        let impacts = fit.impacts().unwrap();
        for (row, (_, beta)) in impacts.rows.iter().zip(fit.coefficients()) {
            assert_eq!((row.direct, row.total), (beta, beta));
            assert_eq!((row.indirect.estimate, row.indirect.std_error), (0.0, 0.0));
        }
        assert_eq!(fit.per_unit().unwrap().style().field(), "logp_direct");
    }
}
