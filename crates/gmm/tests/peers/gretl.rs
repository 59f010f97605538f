//! Arellano and Bond's data against gretl. `tests/reference/gmm/README.md` says where it errs.

use crate::support::{
    EXACT, data, fit, json as numbers_of, models::*, near, renamed, same_coefficients, statistic,
};
use durbin_gmm::{Estimator, Fit, H, Steps};
use serde_json::{Value, json};

fn against_gretl(case: &str, fit: &Fit, expected: &Value, numbers: &str) {
    let mut coefficients = Vec::new();
    for (name, value) in expected["coef"].as_object().unwrap() {
        let (estimate, error) = match value.as_array() {
            Some(pair) => (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap()),
            None => (value.as_f64().unwrap(), expected["se"][name].as_f64().unwrap()),
        };
        coefficients.push((renamed(name), estimate, error));
    }
    same_coefficients(case, fit, &coefficients, EXACT);
    let numbers = &expected[numbers];
    near(case, fit.n_instruments as f64, numbers["ninst"].as_f64().unwrap(), 1e-12);
    near(case, fit.n_obs as f64, numbers["T"].as_f64().unwrap(), 1e-12);
    statistic(case, "AR(1)", fit.tests.ar[0].statistic, &numbers["AR1"]);
    statistic(case, "AR(2)", fit.tests.ar[1].statistic, &numbers["AR2"]);
    statistic(case, "Wald", fit.tests.wald.statistic, &numbers["wald"]);
    statistic(case, "Hansen", fit.tests.hansen.statistic, &numbers["hansen"]);
    // After two steps with DPD's H gretl prints Hansen's J under the name of Sargan.
    let named_sargan = if fit.spec.h == H::Dpd && fit.spec.steps == Steps::Two {
        &fit.tests.hansen
    } else {
        &fit.tests.sargan
    };
    // In system GMM gretl divides the transformed equation's residuals by the rows of the level equation.
    let scale = if fit.spec.estimator == Estimator::System && fit.spec.h != H::Dpd {
        fit.n_obs as f64 / fit.n_transformed as f64
    } else {
        1.0
    };
    statistic(case, "Sargan", named_sargan.statistic.map(|s| s * scale), &numbers["sargan"]);
}

#[test]
fn difference_gmm_agrees_with_gretl() {
    let (data, expected) = (data("abdata.csv"), numbers_of("gretl.json"));
    for (case, spec) in [
        ("AB91_T4_a1_onestep_robust_default", ab(AB_X, "one time")),
        ("AB91_T4_a1_onestep_robust_dpdstyle", ab(AB_X, "one time dpd")),
        ("AB91_T4_onestep_asymptotic_dpdstyle", ab(AB_X, "one time dpd classical")),
        ("AB91_T4_a2_twostep_windmeijer", ab(AB_X, "time dpd")),
        ("AB91_T4_a2_twostep_asymptotic", ab(AB_X, "time dpd classical")),
        ("AB91_T4_b_twostep_windmeijer", ab(AB_B, "time dpd")),
        ("AB91_T4_b_twostep_asymptotic", ab(AB_B, "time dpd classical")),
        ("diff_twostep", small("")),
        ("diff_onestep", small("one")),
        ("diff_twostep_collapse", small("collapse")),
        ("diff_onestep_collapse", small("one collapse")),
    ] {
        against_gretl(case, &fit(&spec, &data), &expected[case], "stat");
    }
}

#[test]
fn system_gmm_agrees_with_gretl() {
    let (data, expected) = (data("abdata.csv"), numbers_of("gretl.json"));
    for (case, spec) in [
        ("sys_twostep", small("sys")),
        ("sys_onestep", small("sys one")),
        ("sys_twostep_dpdstyle", small("sys dpd")),
        ("sys_twostep_collapse", small("sys collapse")),
        ("BB98_sys_onestep", bb_years("sys one")),
        ("BB98_sys_twostep", bb_years("sys")),
        ("BB98_sys_onestep_dpdstyle_timedum", bb("sys one time dpd")),
        ("BB98_diff_twostep", bb("time")),
    ] {
        against_gretl(case, &fit(&spec, &data), &expected[case], "stat");
    }
}

#[test]
fn arellano_bond_and_blundell_bond_agree_with_gretl_on_its_own_data() {
    let (data, expected) = (data("abdata_gretl.csv"), numbers_of("gretl_more.json"));
    for (case, spec) in [
        ("AB_onestep_robust", ab(AB_X, "one time")),
        ("AB_twostep_windmeijer", ab(AB_X, "time")),
        ("AB_twostep_asy", ab(AB_X, "time classical")),
        ("AB_twostep_collapse", ab(AB_X, "time collapse")),
        ("BB_dif_onestep", bb("one time")),
        ("BB_dif_twostep", bb("time")),
        ("BB_sys_onestep", bb("sys one time")),
        ("BB_sys_twostep", bb("sys time")),
        ("BB_sys_onestep_dpdstyle", bb("sys one time dpd")),
        ("BB_sys_twostep_dpdstyle", bb("sys time dpd")),
        ("BB_sys_twostep_dpdstyle_asy", bb("sys time dpd classical")),
        ("BB_sys_twostep_dpdstyle_collapse", bb("sys time dpd collapse")),
        // Lags 2 and 3 of w and k; for the response gretl takes its default, all lags from the second.
        (
            "BB_sys_notime_lag2_3",
            spec(1, "L(0/1).w,L(0/1).k", &["n:2-", "w:2-3", "k:2-3"], &[], "sys dpd"),
        ),
    ] {
        against_gretl(case, &fit(&spec, &data), &expected[case], "scalars");
    }
}

/// With DPD's H gretl takes `const` for a column of ones in the differenced equation. It and the effects but the first
/// span what our untransformed effects span: the constant is our first effect, the others are measured from it.
#[test]
fn a_constant_of_the_differenced_equation_is_the_first_time_effect() {
    let case = "AB91_T4_a1_onestep_robust_dpdstyle_const";
    with_constant("gretl.json", "abdata.csv", case, "one time dpd", "stat");
    for (case, switches) in
        [("AB_onestep_dpdstyle", "one time dpd"), ("AB_twostep_dpdstyle", "time dpd")]
    {
        with_constant("gretl_more.json", "abdata_gretl.csv", case, switches, "scalars");
    }
}

fn with_constant(file: &str, data_file: &str, case: &str, switches: &str, numbers: &str) {
    let own = fit(&ab(AB_X, switches), &data(data_file));
    let at = |name: &str| own.names.iter().position(|known| known == name).unwrap();
    let first = at("year=1979");
    let variance = |i: usize, j: usize| own.covariance[[i, j]];
    let mut expected = numbers_of(file)[case].clone();
    let (mut effects, mut others) = (Vec::new(), serde_json::Map::new());
    for (name, value) in expected["coef"].as_object().unwrap() {
        let pair = match value.as_array() {
            Some(pair) => json!(pair),
            None => json!([value, expected["se"][name]]),
        };
        if name.starts_with('T') {
            effects.push((renamed(name), pair));
        } else {
            let name = if name == "const" { "T4" } else { name };
            others.insert(name.to_owned(), pair);
        }
    }
    assert_eq!(effects.len(), 5);
    for (name, pair) in effects {
        let j = at(&name);
        let estimate = own.estimates[j] - own.estimates[first];
        let error = variance(j, j) - 2.0 * variance(j, first) + variance(first, first);
        near(&format!("{case} {name}"), estimate, pair[0].as_f64().unwrap(), EXACT);
        near(&format!("{case} {name}, error"), error.sqrt(), pair[1].as_f64().unwrap(), EXACT);
    }
    expected["coef"] = others.into();
    against_gretl(case, &own, &expected, numbers);
}

/// gretl's classical errors with its default H are too small by √2: with DPD's H, where gretl's are those of
/// Arellano and Bond (1991), ours are the same but for n in place of n − k. Its Wald statistic is twice ours for it.
#[test]
fn classical_one_step_errors_take_the_variance_of_levels_not_of_half_of_it() {
    let expected = &numbers_of("gretl_more.json")["AB_onestep_asy"];
    let data = data("abdata_gretl.csv");
    let own = fit(&ab(AB_X, "one time classical"), &data);
    let coefficients = own.coefficients();
    for (name, pair) in expected["coef"].as_object().unwrap() {
        let name = renamed(name);
        let (_, found) = coefficients.iter().find(|(known, _)| *known == name).unwrap();
        near(&name, found.estimate, pair[0].as_f64().unwrap(), EXACT);
        near(&name, found.std_error / 2.0_f64.sqrt(), pair[1].as_f64().unwrap(), EXACT);
    }
    let number = |name: &str| expected["scalars"][name].as_f64().unwrap();
    near("Wald", 2.0 * own.tests.wald.statistic.unwrap(), number("wald"), EXACT);
    near("Sargan", own.tests.sargan.statistic.unwrap(), number("sargan"), EXACT);
    let dpd = fit(&ab(AB_X, "one time classical dpd"), &data).coefficients()[0].1.std_error;
    near("DPD", coefficients[0].1.std_error * (611.0_f64 / 595.0).sqrt(), dpd, EXACT);
}
