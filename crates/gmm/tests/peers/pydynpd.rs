//! Arellano and Bond's data against pydynpd. `tests/reference/gmm/README.md` says where it errs.

use crate::support::{
    EXACT, data, fit, json, models::*, near, panel, renamed, rows, same_coefficients, statistic,
};
use durbin_gmm::{Estimator, Steps};

#[test]
fn coefficients_errors_and_hansen_agree_with_pydynpd() {
    let (data, expected) = (data("abdata.csv"), json("pydynpd.json"));
    let readme_2 =
        || spec(2, &format!("w,k,{YEARS_6}"), &["n:2-4", "w:1-3"], &["k", YEARS_6], "sys");
    // Dummies as regressors and as instruments, all in one group.
    let ab_years = |x: &str, switches: &str| {
        let all = format!("{x},{YEARS_6}");
        spec(2, &all, &["n:2-"], &[&all], switches)
    };
    for (case, spec) in [
        ("AB91_T4_a1_onestep_timedumm", ab(AB_X, "one time")),
        ("AB91_T4_a2_twostep_timedumm", ab(AB_X, "time")),
        ("AB91_T4_a1_onestep_ivone", ab_years(AB_X, "one")),
        ("AB91_T4_a2_twostep_ivone", ab_years(AB_X, "")),
        ("AB91_T4_b_onestep", ab_years(AB_B, "one")),
        ("AB91_T4_b_twostep", ab_years(AB_B, "")),
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

/// pydynpd counts rows: with no 1980 it takes 1981 for the year after 1979. Numbered so, the data give its numbers; by
/// their years they give others, from fewer rows.
#[test]
fn pydynpd_goes_over_a_missing_year_as_if_the_next_followed() {
    let mut rows: Vec<_> = rows("abdata.csv").into_iter().filter(|row| row.1 != 1980).collect();
    let expected = &json("pydynpd.json")["PITFALL_year1980_removed_for_all"];
    let by_year = fit(&small("sys"), &panel(&rows));
    for row in rows.iter_mut().filter(|row| row.1 > 1980) {
        row.1 -= 1;
    }
    let by_row = fit(&small("sys"), &panel(&rows));
    let list = |name: &str| expected["table"][name].as_array().unwrap().clone();
    for (at, (_, own)) in by_row.coefficients().iter().enumerate() {
        near("coefficient", own.estimate, list("coefficient")[at].as_f64().unwrap(), EXACT);
        near("error", own.std_error, list("std_err")[at].as_f64().unwrap(), EXACT);
    }
    statistic("by row", "Hansen", by_row.tests.hansen.statistic, &expected["hansen"]["chi2"]);
    assert_eq!(by_row.n_transformed as u64, expected["num_obs"].as_u64().unwrap());
    assert!(by_year.n_obs < by_row.n_obs, "{} rows by year", by_year.n_obs);
    assert!((by_year.estimates[0] - by_row.estimates[0]).abs() > 0.01);
}

/// pydynpd takes rows as they stand in the file; here any order gives the number of the file in order.
#[test]
fn shuffled_rows_do_not_move_the_answer_as_they_do_in_pydynpd() {
    let expected = json("pydynpd.json");
    let first = |case: &str| expected[case]["table"]["coefficient"][0].as_f64().unwrap();
    let mut rows = rows("abdata.csv");
    rows.reverse();
    rows.swap(3, 700);
    let own = fit(&small("sys"), &panel(&rows)).estimates[0];
    near("in order", own, first("README_1_sys_twostep"), EXACT);
    assert!((own - first("PITFALL_shuffled_rows_README_1")).abs() > 0.9);
}
