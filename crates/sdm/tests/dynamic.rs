//! Dynamic models of both panels against an independent implementation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::{Estimate, Panel};
use durbin_sdm::{BiasCorrection, Dynamic, Effects, Error, Model, Prepared, SdmSpec};
use durbin_weights::Weights;
use support::{
    cigar, cigar_weights, expected_in, near, near_impacts, parameter, produc, produc_weights,
};

fn compare(folder: &str, spec: &SdmSpec, panel: &Panel, w: &Weights, fits: usize) -> usize {
    let all = expected_in(folder, "dynamic.json");
    assert_eq!(all.len(), fits);
    let mut stable = 0;
    for expected in all {
        let label = format!("{folder} {}", expected.label());
        let fit = spec
            .clone()
            .model(expected.model)
            .effects(expected.effects.unwrap())
            .bias_correction(expected.bias_correction.unwrap())
            .dynamic(expected.dynamic)
            .fit(panel, w)
            .unwrap();
        assert_eq!(fit.names.len(), expected.parameters.len(), "{label}");
        let is_stable = fit.stability.unwrap().stable;
        // Beside the pole of the multiplier the last digits of the parameters are magnified.
        let (tolerance, of_long_run) = if is_stable { (1e-8, 1e-6) } else { (1e-7, 1e-3) };
        for (name, value) in &expected.parameters {
            near(parameter(&fit, name).estimate, *value, tolerance, &format!("{label} {name}"));
        }
        for (name, value) in &expected.std_errors {
            let what = format!("{label} se of {name}");
            near(parameter(&fit, name).std_error, *value, tolerance, &what);
        }
        near(fit.log_likelihood, expected.log_likelihood, 1e-9, &label);
        near_impacts(&fit.impacts().unwrap(), &expected.impacts, 1e-7, &label);
        let long_run = fit.long_run_impacts().unwrap();
        let what = format!("{label} long run");
        near_impacts(&long_run.unwrap(), &expected.long_run, of_long_run, &what);
        stable += usize::from(is_stable);
    }
    stable
}

#[test]
fn dynamic_models_of_cigarettes_match_the_reference() {
    let spec = SdmSpec::new("logc", ["logp", "logy"]);
    // Four with unit effects leave the stable region, three of them once corrected: tau + rho + eta > 1.
    let stable = compare("cigar", &spec, &cigar(), &cigar_weights(), 24);
    assert_eq!(stable, 20);
}

#[test]
fn dynamic_models_of_public_capital_match_the_reference() {
    let spec = SdmSpec::new("lgsp", ["lpcap", "lpc", "lemp", "unemp"]);
    assert_eq!(compare("produc", &spec, &produc(), &produc_weights(), 8), 8);
}

#[test]
fn simulated_errors_are_those_of_the_reference_within_monte_carlo_error() {
    let (panel, w) = (cigar(), cigar_weights());
    let prepared = Prepared::new(&w);
    let all = expected_in("cigar", "dynamic.json");
    for expected in all.iter().filter(|e| e.model == Model::Sdm && e.dynamic == Dynamic::Space) {
        let label = expected.label();
        let fit = SdmSpec::new("logc", ["logp", "logy"])
            .effects(expected.effects.unwrap())
            .bias_correction(expected.bias_correction.unwrap())
            .dynamic(expected.dynamic)
            .fit(&panel, &w)
            .unwrap();
        let drawn = fit.simulated_impacts(&prepared, 5000, 1).unwrap();
        // A standard deviation of 5000 draws has a relative error of 1 %, and so has the other.
        let check = |found: &durbin_sdm::Impacts, expected: &support::ExpectedEffects| {
            for row in &found.rows {
                let kinds =
                    [("direct", row.direct), ("indirect", row.indirect), ("total", row.total)];
                for (kind, found) in kinds {
                    let sd = expected[&row.variable][kind].sd.unwrap();
                    let off = found.std_error / sd - 1.0;
                    assert!(off.abs() < 0.05, "{label} {} {kind}: {off}", row.variable);
                    let point = expected[&row.variable][kind].estimate;
                    near(found.estimate, point, 1e-7, kind);
                }
            }
        };
        check(&drawn.impacts, &expected.impacts);
        check(&drawn.long_run.unwrap(), &expected.long_run);
        let again = fit.simulated_impacts(&prepared, 5000, 1).unwrap();
        assert_eq!(drawn.impacts, again.impacts);
        assert_ne!(drawn.impacts, fit.simulated_impacts(&prepared, 5000, 2).unwrap().impacts);
    }
}

fn cigar_spec() -> SdmSpec {
    SdmSpec::new("logc", ["logp", "logy"]).dynamic(Dynamic::Both)
}

#[test]
fn the_first_period_serves_as_a_lag_alone() {
    let fit = cigar_spec().fit(&cigar(), &cigar_weights()).unwrap();
    assert_eq!((fit.n_units, fit.n_periods), (46, 29));
    assert_eq!(fit.names[..2], ["L.logc", "L.W*logc"]);
    let stability = fit.stability.unwrap();
    let sum: f64 =
        ["L.logc", "L.W*logc", "rho"].iter().map(|name| parameter(&fit, name).estimate).sum();
    near(stability.sum, sum, 1e-15, "sum");
    assert!(stability.stable && stability.largest_eigenvalue < 1.0);
}

#[test]
fn dynamic_error_models_are_corrected_too() {
    // Without a lag of the response τ moves up, as the bias of demeaning is downward (Nickell 1981).
    for model in [Model::Ols, Model::Slx, Model::Sem, Model::Sdem] {
        let at = |correction| {
            let spec = cigar_spec().model(model).bias_correction(correction).effects(Effects::Unit);
            let fit = spec.dynamic(Dynamic::Time).fit(&cigar(), &cigar_weights()).unwrap();
            parameter(&fit, "L.logc").estimate
        };
        let (plain, corrected) = (at(BiasCorrection::None), at(BiasCorrection::LeeYu));
        assert!(corrected > plain + 0.02 && corrected < 1.0, "{model}: {plain} {corrected}");
    }
}

#[test]
fn what_has_no_dynamic_version_is_refused_and_instability_said() {
    let (panel, w) = (cigar(), cigar_weights());
    let refuse = |spec: SdmSpec| spec.fit(&panel, &w).unwrap_err();
    for spec in [
        cigar_spec().effects(Effects::Random),
        cigar_spec().bias_correction(BiasCorrection::Transform),
    ] {
        assert!(matches!(refuse(spec), Error::NoDynamic { dynamic: Dynamic::Both, .. }));
    }
    // An explosive series: y grows by 5 % a year in every unit.
    let mut growing = panel.clone();
    let y = growing.get("logc").unwrap();
    let bent = ndarray::Array2::from_shape_fn(y.raw_dim(), |(t, i)| {
        1.05_f64.powi(i32::try_from(t).unwrap()) * (2.0 + (i as f64).sin()) + 1e-3 * y[[t, i]]
    });
    growing.insert("logc", bent);
    let spec = cigar_spec().dynamic(Dynamic::Time).effects(Effects::Unit).model(Model::Ols);
    let uncorrected = spec.bias_correction(BiasCorrection::None).fit(&growing, &w).unwrap();
    assert!(!uncorrected.stability.unwrap().stable && uncorrected.warnings.len() == 1);
}

#[test]
fn effects_of_units_average_to_the_impacts_in_the_short_and_in_the_long_run() {
    let fit = SdmSpec::new("logc", ["logp", "logy"])
        .dynamic(Dynamic::Both)
        .fit(&cigar(), &cigar_weights())
        .unwrap();
    let of = [
        (fit.impacts().unwrap(), fit.per_unit().unwrap()),
        (fit.long_run_impacts().unwrap().unwrap(), fit.long_run_per_unit().unwrap().unwrap()),
    ];
    for (impacts, units) in of {
        for (impact, unit) in impacts.rows.iter().zip(&units.effects) {
            let mean = |values: &[Estimate]| {
                values.iter().map(|v| v.estimate).sum::<f64>() / values.len() as f64
            };
            near(mean(&unit.direct), impact.direct.estimate, 1e-10, "direct");
            near(mean(&unit.spill_in), impact.indirect.estimate, 1e-10, "spill-in");
            near(mean(&unit.spill_out), impact.indirect.estimate, 1e-10, "spill-out");
            near(mean(&unit.total), impact.total.estimate, 1e-10, "total");
        }
    }
    let names: Vec<String> =
        fit.long_run_per_unit().unwrap().unwrap().columns().into_iter().map(|c| c.name).collect();
    assert_eq!(names[0], "logp_long_run_direct");
}
