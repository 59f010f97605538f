use durbin_core::{Column, PanelKeys, Table};
use durbin_weights::{Transform, Weights};
use ndarray::Array2;

use super::*;
use crate::{BiasCorrection, Model, SdmSpec};

/// A ring of units with made-up numbers.
fn data(n: usize, t: usize) -> (Panel, Weights) {
    let columns = vec![
        Column::text("id", (0..n * t).map(|row| format!("{:03}", row % n))),
        Column::int("time", (0..n * t).map(|row| i64::try_from(row / n).unwrap())),
    ];
    let table = Table { name: String::new(), title: String::new(), columns };
    let mut panel = PanelKeys::new(&table, "id", "time").unwrap().panel();
    let wave = |a: f64| Array2::from_shape_fn((t, n), |(s, i)| ((s * n + i) as f64 * a).sin());
    panel.insert("x", wave(1.7));
    panel.insert("y", wave(0.9) + wave(2.3) + panel.get("x").unwrap());
    let next = |i: usize, by: usize| (u32::try_from((i + by) % n).unwrap(), 1.0);
    let rows = (0..n).map(|i| vec![next(i, 1), next(i, 2), next(i, n - 1)]).collect();
    let w = Weights::from_rows(panel.ids.clone(), rows, "ring").transform(Transform::Row).unwrap();
    (panel, w)
}

fn every_case(check: impl Fn(Fit, &Panel, &Prepared)) {
    let (panel, w) = data(20, 4);
    for model in [Model::Slx, Model::Sdm, Model::Sdem] {
        for effects in [Effects::None, Effects::Unit, Effects::Time, Effects::TwoWays] {
            let spec = SdmSpec::new("y", ["x"]).model(model).effects(effects);
            for correction in [BiasCorrection::None, BiasCorrection::Transform] {
                let w = Prepared::new(&w);
                let spec = spec.clone().bias_correction(correction);
                check(spec.fit_prepared(&panel, &w).unwrap(), &panel, &w);
            }
        }
    }
}

/// The scores of units sum to zero at the maximum, so what leaving out a little of each changes does so too.
#[test]
fn infinitesimal_influences_sum_to_zero() {
    every_case(|fit, panel, w| {
        let leaving = Leaving::new(&fit, panel, w, w).unwrap();
        let little = 1e-5;
        let Left { whole, without, .. } = leaving.every_unit(little).unwrap();
        let moved: Vec<Array1<f64>> =
            without.into_iter().map(|one| (one.unwrap() - &whole) / little).collect();
        for at in 0..whole.len() {
            let sum: f64 = moved.iter().map(|one| one[at]).sum();
            let size: f64 = moved.iter().map(|one| one[at].abs()).sum();
            assert!(size > 1e-3, "{:?}: no influence", fit.spec);
            assert!(sum.abs() < 2e-4 * size, "{:?} {at}: {sum} of {size}", fit.spec);
        }
    });
}

#[test]
fn leaving_out_nothing_changes_nothing() {
    every_case(|fit, panel, w| {
        let leaving = Leaving::new(&fit, panel, w, w).unwrap();
        let Left { whole, without, effects } = leaving.every_unit(0.0).unwrap();
        let off = |one: Option<Array1<f64>>| (one.unwrap() - &whole).mapv(f64::abs).sum();
        assert!(without.into_iter().map(off).fold(0.0, f64::max) < 1e-9, "{:?}", fit.spec);
        assert!(effects.into_iter().flatten().flatten().all(|change| change.abs() < 1e-9));
    });
}

/// Where the interval is not widened at all, every maximum but that of a unit that moves nothing lies beyond it.
#[test]
fn a_unit_whose_maximum_lies_beyond_the_known_shares_has_no_value_and_is_named() {
    let (panel, w) = data(20, 4);
    let w = Prepared::new(&w);
    let fit = SdmSpec::new("y", ["x"]).effects(Effects::Unit).fit_prepared(&panel, &w).unwrap();
    let leaving = Leaving::new(&fit, &panel, &w, &w).unwrap();
    let influence = fit.changes(&leaving.every_unit_within(1.0, 0).unwrap()).unwrap();
    let missing = influence.spatial().unwrap().changes.iter().filter(|v| v.is_nan()).count();
    assert_eq!(missing, 20);
    assert!(influence.cook.iter().all(|v| v.is_nan()));
    assert!(influence.effects.iter().all(|one| one.changes.iter().all(|v| v.is_nan())));
    let warning = influence.warnings[0].to_string();
    assert!(warning.contains("out of reach") && warning.contains("000"), "{warning}");
    let widened = fit.influence(&panel, &w, None).unwrap();
    assert!(widened.warnings.is_empty() && widened.cook.iter().all(|v| v.is_finite()));
}

#[test]
fn shares_between_nodes_are_those_of_the_inverse() {
    let (_, w) = data(20, 1);
    let prepared = Prepared::new(&w);
    let logdet = prepared.logdet().unwrap();
    for centred in [false, true] {
        let shares = Shares::between(logdet, (0.2, 0.6), centred).unwrap();
        for rho in [0.21, 0.4, 0.555] {
            let exact = Shares::at(logdet, rho, centred).unwrap();
            for unit in 0..20 {
                let ((g, dg), (exact_g, exact_dg)) = (shares.of(unit, rho), exact.of(unit, rho));
                assert!((g - exact_g).abs() < 1e-11 && (dg - exact_dg).abs() < 1e-10);
            }
            assert!((shares.total(rho) - 1.0 / (1.0 - rho)).abs() < 1e-11);
        }
    }
}

#[test]
fn shares_of_all_units_are_the_log_determinants_derivative() {
    let (_, w) = data(20, 1);
    let prepared = Prepared::new(&w);
    let logdet = prepared.logdet().unwrap();
    for (centred, root) in [(false, 0.0), (true, 1.0 / (1.0 - 0.35))] {
        let shares = Shares::at(logdet, 0.35, centred).unwrap();
        let sum: f64 = (0..20).map(|unit| shares.of(unit, 0.35).0).sum();
        assert!((sum + root + logdet.at(0.35).slope).abs() < 1e-12);
    }
}
