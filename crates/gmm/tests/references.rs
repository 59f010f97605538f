//! Arellano and Bond's data against pydynpd, gretl and plm. `tests/reference/gmm/README.md` says where they err.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use durbin_core::Panel;
use durbin_gmm::{Errors, Estimator, Fit, GmmSpec, H, Steps, Transform};
use serde_json::Value;
use support::{fit, json, near, panel, renamed, rows, same_coefficients};

const EXACT: f64 = 1e-6;

/// A model in few words: lags, regressors, GMM-style and IV-style instruments, and switches.
fn spec(lags: usize, x: &str, gmm: &[&str], iv: &[&str], switches: &str) -> GmmSpec {
    let on = |word: &str| switches.split(' ').any(|switch| switch == word);
    let x: Vec<&str> = x.split(',').filter(|name| !name.is_empty()).collect();
    let mut spec = if on("sys") { GmmSpec::system("n", x) } else { GmmSpec::difference("n", x) };
    spec.lags = lags;
    for style in gmm {
        spec = spec.gmm_style(style.parse().unwrap());
    }
    for style in iv {
        spec = spec.iv_style(style.parse().unwrap());
    }
    if on("one") {
        spec.steps = Steps::One;
    }
    if on("iterated") {
        spec.steps = Steps::Iterated;
    }
    if on("classical") {
        spec.errors = Errors::Classical;
    }
    if on("fod") {
        spec.transform = Transform::Orthogonal;
    }
    if on("dpd") {
        spec.h = H::Dpd;
    }
    spec.collapse = on("collapse");
    spec.time_effects = on("time");
    spec.constant = !on("noconstant");
    spec
}

const AB_X: &str = "L(0/1).w,L(0/2).k,L(0/2).ys";
const AB_B: &str = "L(0/1).w,k,L(0/1).ys";
const YEARS_8: &str = "yr1978,yr1979,yr1980,yr1981,yr1982,yr1983,yr1984";

fn ab(x: &str, switches: &str) -> GmmSpec {
    spec(2, x, &["n:2-"], &[x], switches)
}

fn small(switches: &str) -> GmmSpec {
    spec(2, "w,k", &["n:2-4", "w:1-3"], &["k"], switches)
}

fn bb(switches: &str) -> GmmSpec {
    spec(1, "L(0/1).w,L(0/1).k", &["n:2-", "w:2-", "k:2-"], &[], switches)
}

fn bb_years(switches: &str) -> GmmSpec {
    let x = format!("L(0/1).w,L(0/1).k,{YEARS_8}");
    spec(1, &x, &["n:2-", "w:2-", "k:2-"], &[YEARS_8], switches)
}

fn data(name: &str) -> Panel {
    panel(&rows(name))
}

#[track_caller]
fn statistic(case: &str, what: &str, got: Option<f64>, expected: &Value) {
    if let Some(expected) = expected.as_f64() {
        near(
            &format!("{case} {what}"),
            got.unwrap_or_else(|| panic!("{case}: no {what}")),
            expected,
            EXACT,
        );
    }
}

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
    let (data, expected) = (data("abdata.csv"), json("gretl.json"));
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
    let (data, expected) = (data("abdata.csv"), json("gretl.json"));
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
    let (data, expected) = (data("abdata_gretl.csv"), json("gretl_more.json"));
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
    ] {
        against_gretl(case, &fit(&spec, &data), &expected[case], "scalars");
    }
}

#[test]
fn coefficients_errors_and_hansen_agree_with_pydynpd() {
    let (data, expected) = (data("abdata.csv"), json("pydynpd.json"));
    let readme_2 = || {
        let years = "yr1979,yr1980,yr1981,yr1982,yr1983,yr1984";
        spec(2, &format!("w,k,{years}"), &["n:2-4", "w:1-3"], &["k", years], "sys")
    };
    for (case, spec) in [
        ("AB91_T4_a1_onestep_timedumm", ab(AB_X, "one time")),
        ("AB91_T4_a2_twostep_timedumm", ab(AB_X, "time")),
        ("README_1_sys_twostep", small("sys")),
        ("README_2_sys_timedumm", readme_2()),
        ("diff_onestep_collapse", small("one collapse")),
        ("diff_twostep_collapse", small("collapse")),
        ("diff_twostep", small("")),
        ("diff_onestep", small("one")),
        ("sys_onestep", small("sys one")),
        ("sys_twostep_collapse", small("sys collapse")),
        ("diff_twostep_fod", small("fod")),
        ("Roodman_BB98_sys_onestep", bb_years("sys one")),
        ("Roodman_BB98_sys_twostep", bb_years("sys")),
        ("BB98_diff_twostep", bb_years("")),
        ("BB98_diff_onestep", bb_years("one")),
    ] {
        let fit = fit(&spec, &data);
        let table = &expected[case]["table"];
        let list = |name: &str| table[name].as_array().unwrap().clone();
        let mut coefficients = Vec::new();
        for ((name, estimate), error) in
            list("variable").iter().zip(list("coefficient")).zip(list("std_err"))
        {
            let name = name.as_str().unwrap();
            let name = if case == "README_2_sys_timedumm" {
                name.replace("year_", "yr")
            } else {
                name.to_owned()
            };
            coefficients.push((
                renamed(&name),
                estimate.as_f64().unwrap(),
                error.as_f64().unwrap(),
            ));
        }
        same_coefficients(case, &fit, &coefficients, EXACT);
        assert_eq!(fit.n_instruments as u64, expected[case]["n_instr"].as_u64().unwrap());
        statistic(case, "Hansen", fit.tests.hansen.statistic, &expected[case]["hansen"]["chi2"]);
        if spec.steps == Steps::Two {
            for (own, test) in fit.tests.ar.iter().zip(expected[case]["AR"].as_array().unwrap()) {
                statistic(case, "AR", own.statistic, &test["z"]);
            }
        }
        assert_eq!(spec.estimator == Estimator::System, fit.names.contains(&"_cons".to_owned()));
    }
}

/// gretl's classical errors with its default H are too small by √2: with DPD's H, where gretl's are those of
/// Arellano and Bond (1991), ours are the same but for n in place of n − k.
#[test]
fn classical_one_step_errors_take_the_variance_of_levels_not_of_half_of_it() {
    let expected = &json("gretl_more.json")["AB_onestep_asy"]["coef"]["n(-1)"];
    let data = data("abdata_gretl.csv");
    let error = |switches: &str| fit(&ab(AB_X, switches), &data).coefficients()[0].1.std_error;
    let own = error("one time classical");
    near("gretl", own / 2.0_f64.sqrt(), expected[1].as_f64().unwrap(), EXACT);
    near("DPD", own * (611.0_f64 / 595.0).sqrt(), error("one time classical dpd"), EXACT);
}

#[test]
fn iterated_coefficients_are_where_pydynpd_stops_short() {
    // pydynpd stops at a relative change of 1e-6.
    let fit = fit(&small("sys iterated"), &data("abdata.csv"));
    let expected = &json("pydynpd.json")["sys_iterated"];
    for (at, estimate) in expected["table"]["coefficient"].as_array().unwrap().iter().enumerate() {
        near("coefficient", fit.estimates[at], estimate.as_f64().unwrap(), 2e-5);
    }
    near(
        "Hansen",
        fit.tests.hansen.statistic.unwrap(),
        expected["hansen"]["chi2"].as_f64().unwrap(),
        1e-5,
    );
}

#[test]
fn coefficients_errors_and_two_step_tests_agree_with_plm() {
    let (data, expected) = (data("emplUK.csv"), json("plm.json"));
    let lag_2_4 = |switches: &str| spec(2, AB_B, &["n:2-4"], &[AB_B], switches);
    let short =
        |switches: &str| spec(1, "L(0/1).w,L(0/1).k", &["n:2-3", "w:2-3", "k:2-3"], &[], switches);
    for (case, one) in [
        ("AB_table4_b", ab(AB_X, "time")),
        ("AB_noTime", ab(AB_X, "")),
        ("AB_collapse", ab(AB_X, "time collapse")),
        ("AB_lag2_4", lag_2_4("time")),
        ("BB_table4_gmmD", bb("time")),
        ("BB_table4_gmmSYS", bb("sys time")),
        ("BB_SYS_noTime", bb("sys noconstant")),
        ("BB_SYS_collapse", bb("sys time collapse")),
        ("BB_SYS_collapse_2_3", short("sys time collapse")),
    ] {
        for (steps, word) in [(Steps::One, "onestep"), (Steps::Two, "twosteps")] {
            let mut spec = one.clone();
            spec.steps = steps;
            let fit = fit(&spec, &data);
            let case = format!("{case}|{word}");
            let expected = &expected[&case];
            let rows = expected["robust"]["coef"]["data"].as_array().unwrap();
            for (at, row) in rows.iter().enumerate() {
                let own = fit.coefficients()[at].1;
                near(&format!("{case} {at}"), own.estimate, row[0].as_f64().unwrap(), EXACT);
                near(
                    &format!("{case} {at}, error"),
                    own.std_error,
                    row[1].as_f64().unwrap(),
                    EXACT,
                );
            }
            assert_eq!(fit.n_instruments as u64, expected["n_instr"].as_u64().unwrap(), "{case}");
            if steps == Steps::Two {
                let chi = &expected["robust"]["sargan"]["statistic"]["chisq"];
                statistic(&case, "Hansen", fit.tests.hansen.statistic, chi);
            }
            // plm's tests of serial correlation leave the level equation out of the covariance.
            if spec.estimator == Estimator::Difference {
                let normal = |name: &str| &expected["robust"][name]["statistic"]["normal"];
                statistic(&case, "AR(1)", fit.tests.ar[0].statistic, normal("m1"));
                statistic(&case, "AR(2)", fit.tests.ar[1].statistic, normal("m2"));
            }
        }
    }
}

#[test]
fn published_numbers_of_arellano_and_bond_and_of_windmeijer_come_out() {
    let data = data("abdata.csv");
    let first = |fit: &Fit| {
        let coefficient = fit.coefficients()[0].1;
        [coefficient.estimate, coefficient.std_error].map(|v| format!("{v:.3}"))
    };
    // Arellano & Bond (1991), Table 4, columns a1 and a2; Windmeijer (2005), Table 3.
    assert_eq!(first(&fit(&ab(AB_X, "one time"), &data)), ["0.686", "0.145"]);
    assert_eq!(first(&fit(&ab(AB_X, "time"), &data)), ["0.629", "0.193"]);
    assert_eq!(first(&fit(&ab(AB_X, "time classical"), &data)), ["0.629", "0.090"]);
}

#[test]
fn h_moves_the_system_estimate() {
    let data = data("abdata_gretl.csv");
    let mut spec = bb("sys one time");
    let mut under = |h: H| {
        spec.h = h;
        fit(&spec, &data).estimates[0]
    };
    near("3", under(H::Full), 0.935_605, 1e-5);
    near("2", under(H::Block), 0.871_414, 1e-5);
    // DPD's H is that of 2 at half the scale, which the coefficients do not see.
    near("dpd", under(H::Dpd), under(H::Block), 1e-9);
}

/// pydynpd's own number comes out of the dense program when it takes pydynpd's instruments (README there).
#[test]
fn system_gmm_under_orthogonal_deviations_agrees_with_a_dense_program() {
    let fit = fit(&small("sys fod"), &data("abdata.csv"));
    let expected = &json("orthogonal.json")["deviations"];
    for (at, (_, own)) in fit.coefficients().iter().enumerate() {
        near("coefficient", own.estimate, expected["coefficient"][at].as_f64().unwrap(), 1e-9);
        near("error", own.std_error, expected["std_err"][at].as_f64().unwrap(), 1e-9);
    }
    statistic("fod", "Hansen", fit.tests.hansen.statistic, &expected["hansen"]);
    assert_eq!(fit.n_instruments as u64, expected["instruments"].as_u64().unwrap());
}
