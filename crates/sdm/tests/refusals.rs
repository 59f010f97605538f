//! Data and specifications that cannot be estimated are refused by name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::Panel;
use durbin_sdm::{BiasCorrection, Effects, Error, Model, SdmSpec};
use durbin_weights::{Transform, Weights};
use ndarray::Array2;
use support::simulate::{Random, empty, grid, ids};

/// 9 units over 4 periods: `y`, `x`, `z` at random.
fn panel(t: usize) -> Panel {
    let mut random = Random::new(1);
    let mut panel = empty(9, t);
    for name in ["y", "x", "z"] {
        panel.insert(name, random.normals(t, 9));
    }
    panel
}

fn refuse(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Error {
    spec.fit(panel, w).unwrap_err()
}

fn spec() -> SdmSpec {
    SdmSpec::new("y", ["x", "z"])
}

#[test]
fn a_missing_variable_is_named_with_what_there_is() {
    let error = refuse(&SdmSpec::new("y", ["x", "q"]), &panel(4), &grid(3));
    assert!(error.to_string().contains("`q`") && error.to_string().contains("x, z"), "{error}");
}

#[test]
fn a_missing_value_is_named_by_unit_and_period() {
    let mut panel = panel(4);
    let mut x = panel.get("x").unwrap().clone();
    x[[2, 5]] = f64::NAN;
    panel.insert("x", x);
    let error = refuse(&spec(), &panel, &grid(3));
    assert!(error.to_string().contains("00005 2"), "{error}");
}

#[test]
fn constant_and_absorbed_columns_are_named() {
    let mut panel = panel(4);
    panel.insert("z", Array2::from_elem((4, 9), 3.0));
    let constant = spec().effects(Effects::None);
    assert!(matches!(
        refuse(&constant, &panel, &grid(3)),
        Error::ConstantColumn { column, effects: Effects::None } if column == "z"
    ));
    panel.insert("z", Array2::from_shape_fn((4, 9), |(_, unit)| 0.1 * unit as f64));
    assert!(matches!(
        refuse(&spec().effects(Effects::Unit), &panel, &grid(3)),
        Error::ConstantColumn { column, .. } if column == "z"
    ));
    panel.insert("z", Array2::from_shape_fn((4, 9), |(time, _)| 0.1 * time as f64));
    assert!(matches!(
        refuse(&spec().effects(Effects::Time), &panel, &grid(3)),
        Error::ConstantColumn { column, .. } if column == "z"
    ));
    // A trend in time is absorbed by nothing but period effects.
    assert!(matches!(
        refuse(&spec().effects(Effects::Unit), &panel, &grid(3)),
        Error::Collinear { columns, .. } if columns == ["W*z"]
    ));
    panel.insert("y", Array2::from_elem((4, 9), 1.5));
    assert!(matches!(
        refuse(&spec().effects(Effects::None), &panel, &grid(3)),
        Error::ConstantResponse { variable, .. } if variable == "y"
    ));
}

#[test]
fn collinear_columns_are_named_after_demeaning() {
    let mut panel = panel(4);
    let x = panel.get("x").unwrap();
    // Equal to x up to a constant per unit: collinear only once unit effects are removed.
    let z = x * 2.0 + Array2::from_shape_fn((4, 9), |(_, unit)| unit as f64);
    panel.insert("z", z);
    let sar = spec().model(Model::Sar);
    assert!(sar.clone().effects(Effects::None).fit(&panel, &grid(3)).is_ok());
    assert!(matches!(
        refuse(&sar.effects(Effects::Unit), &panel, &grid(3)),
        Error::Collinear { columns, .. } if columns == ["z"]
    ));
}

#[test]
fn a_perfect_fit_leaves_nothing_to_estimate() {
    let mut panel = panel(4);
    panel.insert("y", panel.get("x").unwrap() * 3.0);
    assert!(matches!(
        refuse(&spec().effects(Effects::Unit), &panel, &grid(3)),
        Error::PerfectFit { variable } if variable == "y"
    ));
}

#[test]
fn effects_need_two_periods_and_parameters_need_observations() {
    for effects in [Effects::Unit, Effects::Time, Effects::TwoWays] {
        assert!(matches!(
            refuse(&spec().effects(effects), &panel(1), &grid(3)),
            Error::EffectsNeedPeriods { .. }
        ));
    }
    let mut small = empty(4, 1);
    let mut random = Random::new(2);
    for name in ["y", "x", "z"] {
        small.insert(name, random.normals(1, 4));
    }
    assert_eq!(
        refuse(&spec().effects(Effects::None), &small, &grid(2)),
        Error::TooFewObservations { observations: 4, parameters: 7, absorbed: 0 }
    );
}

#[test]
fn islands_and_other_units_are_named() {
    let mut rows: Vec<Vec<(u32, f64)>> = (0..9_u32).map(|i| vec![((i + 1) % 8, 1.0)]).collect();
    rows[7] = vec![(0, 1.0)];
    rows[8].clear();
    let w = Weights::from_rows(ids(9), rows, "ring").transform(Transform::Row).unwrap();
    assert!(matches!(
        refuse(&spec(), &panel(4), &w),
        Error::RowSums { units, .. } if units.first == ["00008"]
    ));
    let uncorrected = spec().bias_correction(BiasCorrection::None);
    assert!(uncorrected.fit(&panel(4), &w).is_ok(), "the lag of an island is zero");
    let islands_only = Weights::from_rows(ids(9), vec![Vec::new(); 9], "none");
    assert!(matches!(refuse(&uncorrected, &panel(4), &islands_only), Error::NoLinks { .. }));
    assert!(matches!(
        refuse(&spec(), &panel(4), &grid(2)),
        Error::UnitsDiffer { at: 4, n_panel: 9, n_weights: 4, .. }
    ));
    let order: Vec<usize> = (0..9).rev().collect();
    assert!(matches!(
        refuse(&spec(), &panel(4), &grid(3).select(&order)),
        Error::UnitsDiffer { at: 0, .. }
    ));
}

#[test]
fn corrections_of_period_effects_need_row_sums_of_one() {
    let (panel, binary) = (panel(4), grid(3).transform(Transform::Binary).unwrap());
    let sdm = |effects, correction| spec().effects(effects).bias_correction(correction);
    for (effects, correction) in [
        (Effects::TwoWays, BiasCorrection::LeeYu),
        (Effects::TwoWays, BiasCorrection::Transform),
        (Effects::Time, BiasCorrection::Transform),
    ] {
        let error = refuse(&sdm(effects, correction), &panel, &binary);
        assert!(matches!(error, Error::RowSums { units, .. } if units.count == 9));
    }
    assert!(sdm(Effects::TwoWays, BiasCorrection::None).fit(&panel, &binary).is_ok());
    assert!(sdm(Effects::Unit, BiasCorrection::LeeYu).fit(&panel, &binary).is_ok());
    let ols = sdm(Effects::TwoWays, BiasCorrection::LeeYu).model(Model::Ols);
    assert!(ols.fit(&panel, &binary).is_ok());
}

#[test]
fn weights_that_are_not_numbers_are_refused() {
    let mut rows: Vec<Vec<(u32, f64)>> = (0..9_u32).map(|i| vec![((i + 1) % 9, 1.0)]).collect();
    rows[3][0].1 = f64::INFINITY;
    let w = Weights::from_rows(ids(9), rows, "ring");
    assert!(matches!(
        refuse(&spec(), &panel(4), &w),
        Error::WeightsNotFinite { units } if units.first == ["00003"]
    ));
}
