//! plm's EmplUK against plm. `tests/reference/gmm/README.md` says where it errs.

use crate::support::{EXACT, data, fit, json, models::*, near, statistic};
use durbin_gmm::{Errors, Estimator, Fit, Steps};
use serde_json::Value;

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
            let case = format!("{case}|{word}");
            let expected = &expected[&case];
            compare(&format!("{case}, robust"), &fit(&spec, &data), &expected["robust"]);
            assert_eq!(
                fit(&spec, &data).n_instruments as u64,
                expected["n_instr"].as_u64().unwrap(),
                "{case}"
            );
            // plm's classical errors after one step are wrong.
            if steps == Steps::Two {
                spec.errors = Errors::Classical;
                compare(&format!("{case}, classical"), &fit(&spec, &data), &expected["nonrobust"]);
            }
        }
    }
}

fn compare(case: &str, fit: &Fit, expected: &Value) {
    for (at, row) in expected["coef"]["data"].as_array().unwrap().iter().enumerate() {
        let own = fit.coefficients()[at].1;
        near(&format!("{case} {at}"), own.estimate, row[0].as_f64().unwrap(), EXACT);
        near(&format!("{case} {at}, error"), own.std_error, row[1].as_f64().unwrap(), EXACT);
    }
    let chi = |name: &str| &expected[name]["statistic"]["chisq"];
    // After one step plm's Sargan takes the weights of two.
    if fit.spec.steps == Steps::Two {
        statistic(case, "Hansen", fit.tests.hansen.statistic, chi("sargan"));
    }
    statistic(case, "Wald", fit.tests.wald.statistic, chi("wald_coef"));
    if let Some(time) = &fit.tests.wald_time {
        statistic(case, "Wald, time effects", time.statistic, chi("wald_td"));
    }
    // plm's tests of serial correlation leave the level equation out of the covariance.
    if fit.spec.estimator == Estimator::Difference {
        let normal = |name: &str| &expected[name]["statistic"]["normal"];
        statistic(case, "AR(1)", fit.tests.ar[0].statistic, normal("m1"));
        statistic(case, "AR(2)", fit.tests.ar[1].statistic, normal("m2"));
    }
}
