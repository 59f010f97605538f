//! What a fit does with the data it is given, whatever the numbers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use durbin_core::{Panel, Warning};
use durbin_gmm::{Error, Fit, GmmSpec, H, Interactions, Steps};
use ndarray::Array2;
use support::{fit, near, panel, rows};

fn readme() -> GmmSpec {
    let mut spec = GmmSpec::system("n", ["w", "k"])
        .gmm_style("n:2-4".parse().unwrap())
        .gmm_style("w:1-3".parse().unwrap())
        .iv_style("k".parse().unwrap());
    spec.lags = 2;
    spec
}

fn said(fit: &Fit, words: &str) -> bool {
    fit.warnings.iter().any(|warning| warning.to_string().contains(words))
}

#[test]
fn shuffled_rows_and_text_keys_give_the_same_bits() {
    let rows = rows("abdata.csv");
    let straight = fit(&readme(), &panel(&rows));
    let mut shuffled = rows.clone();
    shuffled.reverse();
    shuffled.swap(3, 700);
    let again = fit(&readme(), &panel(&shuffled));
    assert_eq!(straight.estimates, again.estimates);
    assert_eq!(straight.covariance, again.covariance);
    near("README_1", straight.estimates[0], 0.945_380_999, 1e-8);
    // Other keys put the units into another order, which rounding may see, the answer may not.
    for row in &mut shuffled {
        row.0 = format!("firm {:0>4} 县", 1000 - row.0.parse::<i64>().unwrap());
    }
    let renamed = fit(&readme(), &panel(&shuffled));
    near("text keys", renamed.estimates[0], straight.estimates[0], 1e-9);
}

#[test]
fn nothing_is_lagged_or_differenced_across_a_missing_year() {
    let without: Vec<_> = rows("abdata.csv").into_iter().filter(|row| row.1 != 1980).collect();
    let with_gap = fit(&readme(), &panel(&without));
    // Two lags need three years in a row: 1978, 1979, 1983, 1984 remain for the level equation.
    let full = fit(&readme(), &panel(&rows("abdata.csv")));
    assert!(with_gap.n_obs < full.n_obs);
    // The same as a year that is there without a value.
    let mut blank = rows("abdata.csv");
    for row in blank.iter_mut().filter(|row| row.1 == 1980) {
        row.2 = [f64::NAN; 4];
    }
    let as_missing = fit(&readme(), &panel(&blank));
    assert_eq!(with_gap.estimates, as_missing.estimates);
    assert_eq!(with_gap.n_obs, as_missing.n_obs);
}

#[test]
fn years_five_apart_are_one_period_apart() {
    let every: Vec<_> = rows("abdata.csv");
    let mut stretched = every.clone();
    for row in &mut stretched {
        row.1 = 1900 + 5 * (row.1 - 1976);
    }
    assert_eq!(
        fit(&readme(), &panel(&every)).estimates,
        fit(&readme(), &panel(&stretched)).estimates
    );
}

#[test]
fn a_collinear_regressor_is_dropped_and_named() {
    let mut data = panel(&rows("abdata.csv"));
    let twice: Array2<f64> = 2.0 * data.get("k").unwrap() + 1.0;
    data.insert("k2", twice);
    let mut spec = readme();
    spec.x.push("k2".into());
    let fit = fit(&spec, &data);
    assert!(!fit.names.contains(&"k2".to_owned()));
    assert!(said(&fit, "k2"), "{:?}", fit.warnings);
}

#[test]
fn a_constant_regressor_of_difference_gmm_is_dropped() {
    let mut data = panel(&rows("abdata.csv"));
    let size = data.get("k").unwrap().dim();
    let of_unit = Array2::from_shape_fn(size, |(_, unit)| unit as f64);
    data.insert("sector", of_unit);
    let mut spec = GmmSpec::difference("n", ["w", "sector"]);
    spec.steps = Steps::One;
    let fit = fit(&spec, &data);
    assert_eq!(fit.names, ["L.n", "w"]);
    assert!(said(&fit, "sector"));
}

#[test]
fn too_few_instruments_are_refused_with_the_regressors_that_lack_them() {
    let spec = GmmSpec::difference("n", ["w", "k"]).gmm_style("n:2-2".parse().unwrap());
    let mut collapsed = spec.clone();
    collapsed.collapse = true;
    let error = collapsed.fit(&panel(&rows("abdata.csv"))).unwrap_err();
    let Error::Underidentified { instruments: 1, coefficients: 3, uninstrumented } = &error else {
        panic!("{error}");
    };
    assert_eq!(uninstrumented, &["w", "k"]);
}

#[test]
fn more_instruments_than_groups_and_a_hansen_of_one_are_said() {
    let few: Vec<_> = rows("abdata.csv")
        .into_iter()
        .filter(|row| row.0.parse::<usize>().unwrap() % 5 == 0)
        .collect();
    let spec = GmmSpec::system("n", ["w", "k"])
        .gmm_style("n:2-".parse().unwrap())
        .gmm_style("w:2-".parse().unwrap())
        .gmm_style("k:2-".parse().unwrap());
    let fit = fit(&spec, &panel(&few));
    assert!(fit.n_instruments > fit.n_groups);
    assert!(said(&fit, "instruments for"), "{:?}", fit.warnings);
    assert!(fit.tests.hansen.p_value().unwrap() > 0.99);
    assert!(said(&fit, "Hansen's p-value is"), "{:?}", fit.warnings);
}

#[test]
fn interactions_among_gmm_style_instruments_are_said_even_when_computed_beforehand() {
    let mut data = panel(&rows("abdata.csv"));
    let product = data.get("w").unwrap() * data.get("k").unwrap();
    data.insert("wk", product);
    let named = GmmSpec::system("n", ["w", "k"])
        .interactions(Interactions::All)
        .gmm_style("n:2-3".parse().unwrap())
        .gmm_style("w*k:2-3".parse().unwrap())
        .iv_style("w,k".parse().unwrap());
    assert!(said(&fit(&named, &data), "GMM-style instruments of an interaction (w*k)"));
    let mut spec = named.clone();
    spec.interactions = Interactions::None;
    spec.x.push("wk".into());
    spec.gmm_style[1] = "wk:2-3".parse().unwrap();
    assert!(said(&fit(&spec, &data), "the product of w and k"));
}

#[test]
fn the_lagged_coefficient_is_held_against_within_and_pooled_least_squares() {
    let fit = fit(&GmmSpec::system("n", ["w", "k"]), &panel(&rows("abdata.csv")));
    let bounds = fit.bounds.clone().unwrap();
    assert!(bounds.within < bounds.pooled);
    assert_eq!(bounds.inside, !said(&fit, "outside the bounds"));
}

#[test]
fn centring_changes_main_effects_and_inflation_but_not_the_highest_interaction() {
    let data = panel(&rows("abdata.csv"));
    let mut spec = GmmSpec::difference("n", ["w", "k"])
        .interactions(Interactions::All)
        .gmm_style("n:2-".parse().unwrap())
        .iv_style("w,k,w*k".parse().unwrap());
    let raw = fit(&spec, &data);
    spec.center = true;
    let centred = fit(&spec, &data);
    assert_eq!(raw.names, ["L.n", "w", "k", "w*k"]);
    near("w*k", centred.estimates[3], raw.estimates[3], 1e-7);
    assert!((centred.estimates[1] - raw.estimates[1]).abs() > 1e-3);
    let inflation = |fit: &Fit| fit.vif[2].vif.unwrap();
    assert!(inflation(&centred) < inflation(&raw));
    assert!(raw.vif[2].high && said(&raw, "--center"));
    // The marginal effect is a statement about data, not about a parametrisation.
    let at = |fit: &Fit| fit.margin("w", "k", 5).unwrap().points;
    for ((x, a), (y, b)) in at(&raw).iter().zip(at(&centred)) {
        near("where", *x, y, 1e-9);
        near("effect", a.estimate, b.estimate, 1e-6);
        near("error", a.std_error, b.std_error, 1e-6);
    }
    assert!(raw.margin("w", "n", 5).is_err());
}

#[test]
fn long_run_coefficients_divide_by_what_persists() {
    let fit = fit(&readme(), &panel(&rows("abdata.csv")));
    let stays = 1.0 - fit.estimates[0] - fit.estimates[1];
    near("k", fit.long_run()[1].1.estimate, fit.estimates[3] / stays, 1e-12);
}

#[test]
fn clusters_of_one_unit_each_are_the_units() {
    let data = panel(&rows("abdata.csv"));
    let own: Vec<usize> = (0..data.n_units()).collect();
    let plain = fit(&readme(), &data);
    assert_eq!(plain.covariance, readme().fit_clustered(&data, &own).unwrap().covariance);
    let coarse: Vec<usize> = own.iter().map(|unit| unit / 2).collect();
    let clustered = readme().fit_clustered(&data, &coarse).unwrap();
    assert_eq!(clustered.n_clusters, Some(70));
    assert!(clustered.covariance != plain.covariance);
}

#[test]
fn a_twin_in_the_same_cluster_tells_nothing_new() {
    let rows = rows("abdata.csv");
    let twins = rows.iter().map(|(id, year, values)| (format!("{id} twin"), *year, *values));
    let twice = panel(&rows.iter().cloned().chain(twins).collect::<Vec<_>>());
    let mut ids: Vec<&str> = twice.ids.iter().map(|id| id.trim_end_matches(" twin")).collect();
    let firms = ids.clone();
    ids.sort_unstable();
    ids.dedup();
    let cluster: Vec<usize> = firms.iter().map(|id| ids.binary_search(id).unwrap()).collect();
    for steps in [Steps::One, Steps::Two] {
        let mut spec = readme();
        spec.steps = steps;
        let single = fit(&spec, &panel(&rows));
        let double = spec.fit_clustered(&twice, &cluster).unwrap();
        assert_eq!(double.n_clusters, Some(140));
        for (a, b) in single.covariance.iter().zip(&double.covariance) {
            near("covariance", *b, *a, 1e-9);
        }
        near(
            "J",
            double.tests.hansen.statistic.unwrap(),
            single.tests.hansen.statistic.unwrap(),
            1e-7,
        );
        for (a, b) in single.tests.ar.iter().zip(&double.tests.ar) {
            near("AR", b.statistic.unwrap(), a.statistic.unwrap(), 1e-7);
        }
    }
}

#[test]
fn dependence_between_units_is_that_of_the_residuals_in_levels_pair_by_pair() {
    let rows = rows("abdata.csv");
    let fit = fit(&readme(), &panel(&rows));
    let value = |id: &str, year: i64, at: usize| {
        let row = rows.iter().find(|row| row.0 == id && row.1 == year);
        row.map_or(f64::NAN, |row| row.2[at])
    };
    let b = |name: &str| fit.estimates[fit.names.iter().position(|n| n == name).unwrap()];
    let residual = |id: &str, year: i64| {
        value(id, year, 0)
            - b("L.n") * value(id, year - 1, 0)
            - b("L2.n") * value(id, year - 2, 0)
            - b("w") * value(id, year, 1)
            - b("k") * value(id, year, 2)
            - b("_cons")
    };
    let mut ids: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    ids.dedup();
    let series: Vec<Vec<f64>> =
        ids.iter().map(|id| (1976..=1984).map(|year| residual(id, year)).collect()).collect();
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (at, a) in series.iter().enumerate() {
        for b in &series[at + 1..] {
            let both: Vec<usize> = (0..9).filter(|&t| (a[t] + b[t]).is_finite()).collect();
            let t = both.len() as f64;
            let mean = |of: &[f64]| both.iter().map(|&t| of[t]).sum::<f64>() / t;
            let moment = |x: &[f64], y: &[f64]| {
                both.iter().map(|&t| (x[t] - mean(x)) * (y[t] - mean(y))).sum::<f64>()
            };
            if both.len() >= 3 {
                sum += t.sqrt() * moment(a, b) / (moment(a, a) * moment(b, b)).sqrt();
                pairs += 1.0;
            }
        }
    }
    near("CD", fit.tests.cd.statistic.unwrap(), sum / f64::sqrt(pairs), 1e-9);
}

/// DPD's effects are those of the differenced equation: in levels they add up, and the same model has the same residuals.
#[test]
fn untransformed_time_effects_leave_the_same_dependence() {
    let cd = |h: H| {
        let mut spec = GmmSpec::difference("n", ["w", "k"]);
        (spec.time_effects, spec.h, spec.steps) = (true, h, Steps::One);
        fit(&spec, &panel(&rows("abdata.csv"))).tests.cd.statistic.unwrap()
    };
    near("CD", cd(H::Dpd), cd(H::Full), 1e-6);
}

#[test]
fn a_panel_too_short_is_refused() {
    let short: Vec<_> = rows("abdata.csv").into_iter().filter(|row| row.1 < 1979).collect();
    let error = readme().fit(&panel(&short)).unwrap_err();
    assert!(
        matches!(error, Error::NoObservations { .. } | Error::Underidentified { .. }),
        "{error}"
    );
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let data: Panel = panel(&rows("abdata.csv"));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(&readme(), &data))
    };
    let (one, three) = (with(1), with(3));
    assert_eq!(one.covariance, three.covariance);
    assert!(!one.warnings.iter().any(|warning| matches!(warning, Warning::Islands { .. })));
}
