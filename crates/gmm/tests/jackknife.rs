//! Jackknife errors are what fitting again without each unit gives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use durbin_core::Panel;
use durbin_gmm::{Error, Errors, Fit, GmmSpec, Steps, Transform};
use ndarray::{Array1, Array2};
use support::{fit, near, panel, rows};

fn data() -> Panel {
    panel(&rows("abdata.csv"))
}

fn system() -> GmmSpec {
    let mut spec = GmmSpec::system("n", ["w", "k"])
        .gmm_style("n:2-4".parse().unwrap())
        .iv_style("w,k".parse().unwrap());
    (spec.collapse, spec.time_effects) = (true, true);
    spec.errors = Errors::Jackknife;
    spec
}

/// Σ (b₋ᵢ − b)(b₋ᵢ − b)'·(G − 1)/G from fits to panels whose clusters are blanked one after the other.
fn refitted(spec: &GmmSpec, data: &Panel, whole: &Fit, clusters: &[usize]) -> Array2<f64> {
    let plain = GmmSpec { errors: Errors::Robust, ..spec.clone() };
    let count = clusters.iter().max().unwrap() + 1;
    let k = whole.estimates.len();
    let mut sum = Array2::zeros((k, k));
    for cluster in 0..count {
        let mut without = data.clone();
        for name in data.names() {
            let mut values = data.get(name).unwrap().clone();
            for (unit, mut column) in values.columns_mut().into_iter().enumerate() {
                if clusters[unit] == cluster {
                    column.fill(f64::NAN);
                }
            }
            without.insert(name.clone(), values);
        }
        let left_out = plain.fit_clustered(&without, clusters).unwrap();
        assert_eq!(left_out.names, whole.names);
        let off = Array1::from(left_out.estimates) - Array1::from(whole.estimates.clone());
        for i in 0..k {
            sum.row_mut(i).scaled_add(off[i], &off);
        }
    }
    sum * ((count - 1) as f64 / count as f64)
}

#[track_caller]
fn same(found: &Fit, expected: &Array2<f64>) {
    for (at, name) in found.names.iter().enumerate() {
        let (a, b) = (found.covariance[[at, at]].sqrt(), expected[[at, at]].sqrt());
        near(name, a / b, 1.0, 1e-7);
    }
}

#[test]
fn two_steps_are_taken_again_without_each_unit() {
    let (data, spec) = (data(), system());
    let units: Vec<usize> = (0..data.n_units()).collect();
    let whole = fit(&spec, &data);
    same(&whole, &refitted(&spec, &data, &whole, &units));
    let robust = fit(&GmmSpec { errors: Errors::Robust, ..spec }, &data);
    assert_eq!(whole.estimates, robust.estimates);
    let said = whole.conventions.iter().find(|(name, _)| *name == "std_errors").unwrap();
    assert!(said.1.starts_with("jackknife"), "{said:?}");
}

#[test]
fn one_step_of_difference_gmm_and_clusters_of_units_do_too() {
    let data = data();
    let mut spec = system();
    spec.estimator = durbin_gmm::Estimator::Difference;
    spec.transform = Transform::Orthogonal;
    let clusters: Vec<usize> = (0..data.n_units()).map(|unit| unit % 35).collect();
    for steps in [Steps::One, Steps::Two, Steps::Iterated] {
        spec.steps = steps;
        let whole = spec.fit_clustered(&data, &clusters).unwrap();
        same(&whole, &refitted(&spec, &data, &whole, &clusters));
    }
}

#[test]
fn a_coefficient_that_hangs_on_one_unit_names_it() {
    let mut data = data();
    let only = Array2::from_shape_fn(data.get("n").unwrap().dim(), |(period, unit)| {
        if unit == 7 { (period * period) as f64 } else { 0.0 }
    });
    data.insert("only", only);
    let mut spec = system().iv_style("only".parse().unwrap());
    spec.x.push("only".into());
    let Err(Error::NeedsCluster { units, .. }) = spec.fit(&data) else {
        panic!("it can be fitted")
    };
    assert_eq!(units, [data.ids[7].clone()]);
}

#[test]
fn least_squares_has_none() {
    let effects = durbin_gmm::UnitEffects::Fixed;
    assert!(matches!(system().least_squares(&data(), effects), Err(Error::Contradiction(_))));
}
