//! Unit-root tests against a program of their formulas, and on panels whose truth is known.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use durbin_core::{
    Panel,
    random::{Purpose, Stream},
};
use durbin_gmm::{PreparedUnitRoot, UnitRoot, UnitRootSpec, UnitRootTest};
use ndarray::Array2;
use support::{
    json, near,
    panels::{empty, munnell},
};

fn found<'a>(result: &'a UnitRoot, name: &str) -> &'a UnitRootTest {
    result.tests.iter().find(|test| test.name.starts_with(name)).unwrap()
}

#[test]
fn statistics_are_those_of_their_formulas() {
    let expected = json("unit_root.json");
    let panel = munnell();
    for name in ["gsp", "unemp"] {
        for (lags, trend) in [(0, false), (0, true), (1, false), (1, true), (2, false)] {
            let case = format!("{name} lags={lags} trend={}", u8::from(trend));
            let numbers = &expected["cases"][&case];
            let result = UnitRootSpec { lags, trend, seed: 1 }.test(&panel, name).unwrap();
            let number = |key: &str| numbers[key].as_f64().unwrap();
            near(&case, result.t_bar.unwrap(), number("t_bar"), 1e-9);
            near(&case, found(&result, "CIPS").statistic.unwrap(), number("cips"), 1e-9);
            let z = found(&result, "Harris").statistic.unwrap();
            near(&case, z, number("harris_tzavalis"), 1e-9);
            let z = found(&result, "Levin").statistic.unwrap();
            near(&case, z, number("levin_lin_chu"), 1e-9);
        }
    }
}

/// `y = ρ·y₋₁ + (1 − ρ)·μ + f + ε`, a common factor f of this size.
fn simulated(n: usize, t: usize, rho: f64, factor: f64, replication: u32) -> Panel {
    let mut panel = empty(n, t);
    let mut stream = Stream::new(11, Purpose::Simulation, 1_000_000 + replication);
    let common: Vec<f64> = (0..t).map(|_| factor * stream.normal()).collect();
    let mut y = Array2::zeros((t, n));
    for unit in 0..n {
        let mu = stream.normal();
        let mut now = mu;
        for period in 0..t {
            now = rho * now + (1.0 - rho) * mu + common[period] + stream.normal();
            y[[period, unit]] = now;
        }
    }
    panel.insert("y", y);
    panel
}

/// How often each test rejects at five per cent.
fn rejections(tests: &PreparedUnitRoot, rho: f64, factor: f64) -> [f64; 5] {
    let mut share = [0.0; 5];
    for replication in 0..PANELS {
        let result = tests.test(&simulated(25, 30, rho, factor, replication), "y").unwrap();
        for (share, name) in share.iter_mut().zip(["Levin", "Harris", "Im", "Fisher", "CIPS"]) {
            let rejects = found(&result, name).p_value.unwrap() < 0.05;
            *share += f64::from(u8::from(rejects)) / f64::from(PANELS);
        }
    }
    share
}

const PANELS: u32 = 300;

#[test]
fn tests_have_their_size_and_power_and_cips_keeps_it_under_a_common_factor() {
    let tests = UnitRootSpec { lags: 0, trend: false, seed: 5 }.prepare();
    // The sampling error of a size of 0.05 is 0.013; Harris–Tzavalis, for many units, has 0.08 with so few.
    let right = |share: f64| (0.012..0.11).contains(&share);
    let size = rejections(&tests, 1.0, 0.0);
    assert!(size.into_iter().all(right), "size {size:?}");
    let power = rejections(&tests, 0.8, 0.0);
    assert!(power.iter().all(|share| *share > 0.7), "power {power:?}");
    let dependent = rejections(&tests, 1.0, 2.0);
    assert!(right(dependent[4]), "CIPS under a factor: {dependent:?}");
    assert!(dependent[..4].iter().all(|share| *share > 0.2), "the others: {dependent:?}");
}

#[test]
fn levin_lin_chu_has_no_p_value_where_its_adjustments_are_not_published() {
    let spec = UnitRootSpec { lags: 1, trend: false, seed: 1 };
    let test = |periods: usize| {
        let result = spec.test(&simulated(5, periods, 1.0, 0.0, 0), "y").unwrap();
        let found = found(&result, "Levin");
        (found.statistic.is_some(), found.p_value.is_some(), found.reason.clone())
    };
    assert_eq!(test(27), (true, true, None));
    let (statistic, p_value, reason) = test(26);
    assert!(statistic && !p_value);
    assert!(reason.unwrap().contains("; 24 are here"));
}

#[test]
fn short_and_broken_series_are_told() {
    let mut panel = simulated(10, 12, 1.0, 0.0, 0);
    let mut y = panel.get("y").unwrap().clone();
    y[[6, 3]] = f64::NAN;
    panel.insert("y", y);
    let result = UnitRootSpec { lags: 0, trend: false, seed: 1 }.test(&panel, "y").unwrap();
    assert_eq!((result.n_units, result.too_short, result.periods), (10, 0, (6, 12)));
    let reason = found(&result, "CIPS").reason.as_deref().unwrap();
    assert!(reason.contains("different periods"), "{reason}");
    assert!(found(&result, "Im").p_value.is_some());
    let spec = UnitRootSpec { lags: 6, trend: true, seed: 1 };
    let message = spec.test(&panel, "y").unwrap_err().to_string();
    assert!(message.contains("19 periods in a row; the longest run has 12"), "{message}");
}
