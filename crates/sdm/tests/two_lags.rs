//! Models with a lag of the response and of the error.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_sdm::{BiasCorrection, Effects, Error, Model, SdmSpec};
use durbin_weights::{Transform, Weights};
use support::{
    cigar, cigar_weights, columbus, expected_in, near, near_impacts, parameter,
    simulate::{Random, Simulation, Truth, grid, ids},
};

#[test]
fn sac_and_gns_of_columbus_match_spatialreg() {
    let (panel, w) = columbus();
    let all = expected_in("columbus_xsec", "sac.json");
    assert_eq!(all.len(), 2);
    for expected in all {
        let label = expected.label();
        let spec = SdmSpec::new("CRIME", ["INC", "HOVAL"]).model(expected.model);
        let fit = spec.effects(Effects::None).fit(&panel, &w).unwrap();
        for (name, value) in &expected.parameters {
            near(parameter(&fit, name).estimate, *value, 1e-6, &format!("{label} {name}"));
        }
        for (name, value) in &expected.std_errors {
            let what = format!("{label} se of {name}");
            near(parameter(&fit, name).std_error, *value, 1e-6, &what);
        }
        near(fit.log_likelihood, expected.log_likelihood, 1e-12, &label);
        near(fit.aic, expected.aic.unwrap(), 1e-9, &format!("{label} aic"));
        near(fit.bic, expected.bic.unwrap(), 1e-9, &format!("{label} bic"));
        near_impacts(&fit.impacts().unwrap(), &expected.impacts, 1e-6, &label);
    }
}

#[test]
fn with_either_parameter_absent_the_models_agree_at_the_optimum() {
    // The likelihood of SAC is at least that of SAR and SEM, and both its parameters are reported.
    for effects in [Effects::None, Effects::Unit, Effects::TwoWays] {
        for correction in [BiasCorrection::None, BiasCorrection::Transform] {
            let fit = |model| {
                SdmSpec::new("logc", ["logp", "logy"])
                    .model(model)
                    .effects(effects)
                    .bias_correction(correction)
                    .fit(&cigar(), &cigar_weights())
                    .unwrap()
            };
            let sac = fit(Model::Sac);
            assert!(sac.rho().is_some() && sac.lambda().is_some());
            for model in [Model::Sar, Model::Sem] {
                assert!(sac.log_likelihood >= fit(model).log_likelihood, "{effects} {correction}");
            }
            assert!(fit(Model::Gns).log_likelihood >= sac.log_likelihood);
        }
    }
}

/// Each unit's neighbours are the next two of a ring.
fn ring(n: usize) -> Weights {
    let to = |i: usize| u32::try_from(i % n).unwrap();
    let rows = (0..n).map(|i| vec![(to(i + 1), 1.0), (to(i + 2), 2.0)]).collect();
    Weights::from_rows(ids(n), rows, "ring").transform(Transform::Row).unwrap()
}

#[test]
fn the_error_may_have_weights_of_its_own() {
    let (w, m) = (grid(7), ring(49));
    let truth = Truth { rho: 0.0, lambda: 0.6, beta: 1.0, theta: 0.0, sigma: 1.0 };
    let panel = Simulation::new(truth, &m).panel(20, &mut Random::new(5));
    let spec = SdmSpec::new("y", ["x"]).model(Model::Sac);
    let own = spec.fit_with(&panel, &w, &m).unwrap();
    assert!((own.lambda().unwrap().estimate - 0.6).abs() < 0.1, "{:?}", own.lambda());
    assert!(own.rho().unwrap().estimate.abs() < 0.15, "{:?}", own.rho());
    assert!(own.log_likelihood > spec.fit(&panel, &w).unwrap().log_likelihood + 10.0);
    let said = own.conventions.iter().find(|(name, _)| *name == "error_weights").unwrap();
    assert!(said.1.starts_with("ring"), "{said:?}");
    // Equal weights under another address are the same weights.
    let (shared, copied) =
        (spec.fit(&panel, &w).unwrap(), spec.fit_with(&panel, &w, &w.clone()).unwrap());
    for (at, name) in shared.names.iter().enumerate() {
        near(shared.parameters[at], copied.parameters[at], 1e-8, name);
        near(shared.covariance[[at, at]].sqrt(), copied.covariance[[at, at]].sqrt(), 1e-8, name);
    }
    let error = spec.model(Model::Sdm).fit_with(&panel, &w, &m).unwrap_err();
    assert!(matches!(error, Error::NoErrorWeights { model: Model::Sdm }));
}
