//! Levin, Lin and Chu: one autoregression for all units, each with dynamics and a variance of its own.
//!
//! Levin, Lin & Chu (2002) *J. Econometrics* 108, 1–24.

use super::{UnitRootSpec, UnitRootTest, below, dickey_fuller::Regression};

/// Mean and standard deviation of the unadjusted statistic by periods in the regression, with constants and with trends
/// (their Table 2).
const ADJUSTMENTS: [(f64, [f64; 2], [f64; 2]); 13] = [
    (25.0, [-0.554, 0.919], [-0.703, 1.003]),
    (30.0, [-0.546, 0.889], [-0.674, 0.949]),
    (35.0, [-0.541, 0.867], [-0.653, 0.906]),
    (40.0, [-0.537, 0.850], [-0.637, 0.871]),
    (45.0, [-0.533, 0.837], [-0.624, 0.842]),
    (50.0, [-0.531, 0.826], [-0.614, 0.818]),
    (60.0, [-0.527, 0.810], [-0.598, 0.780]),
    (70.0, [-0.524, 0.798], [-0.587, 0.751]),
    (80.0, [-0.521, 0.789], [-0.578, 0.728]),
    (90.0, [-0.520, 0.782], [-0.571, 0.710]),
    (100.0, [-0.518, 0.776], [-0.566, 0.695]),
    (250.0, [-0.509, 0.742], [-0.533, 0.603]),
    (f64::INFINITY, [-0.500, 0.707], [-0.500, 0.500]),
];

/// `t* = (t − N·T̃·S·σ̂⁻²·se(δ̂)·μ*)/σ*`: δ̂ by least squares of ẽ on ṽ over all units, which are `Δyₜ` and `yₜ₋₁` less what
/// constants, trends and lagged differences explain, over the unit's residual standard deviation; S the mean ratio of
/// the long-run to that standard deviation.
pub(super) fn test(series: &[&[f64]], same: bool, spec: &UnitRootSpec) -> UnitRootTest {
    let (name, alternative) = ("Levin–Lin–Chu t*", "no unit has one, ρ is the same in all");
    if !same {
        return UnitRootTest::invalid(name, alternative, "the units have different periods");
    }
    let rows = series[0].len() - spec.lags - 1;
    let (mut cross, mut square, mut response, mut ratios) = (0.0, 0.0, 0.0, 0.0);
    let mut regression = Regression::default();
    for y in series {
        let Some((e, v)) = regression.partial(y, spec) else {
            let reason = "in some unit the regressors depend on each other";
            return UnitRootTest::invalid(name, alternative, reason);
        };
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (ee, ev, vv) = (product(e, e), product(e, v), product(v, v));
        let variance = (ee - ev * ev / vv) / rows as f64;
        cross += ev / variance;
        square += vv / variance;
        response += ee / variance;
        ratios += (long_run(y, spec.trend) / variance).sqrt();
    }
    let (n, t) = (series.len() as f64, rows as f64);
    let delta = cross / square;
    let sigma2 = (response - delta * cross) / (n * t);
    let error = (sigma2 / square).sqrt();
    let [mean, sd] = adjustment(t, spec.trend);
    let z = (delta / error - n * t * (ratios / n) / sigma2 * error * mean) / sd;
    if !z.is_finite() {
        return UnitRootTest::invalid(name, alternative, "the variable does not vary within units");
    }
    // Measured: with the adjustments of 25 it rejects 28 % of true nulls at 14 periods, 72 % with trends.
    let short = t < ADJUSTMENTS[0].0;
    UnitRootTest {
        name,
        alternative,
        statistic: Some(z),
        p_value: if short { None } else { below(z) },
        distribution: "standard normal, lower tail".to_owned(),
        critical: None,
        reason: short.then(|| {
            format!("the published adjustments begin at 25 regressed periods; {t} are here, and with those of 25 it would reject far too often")
        }),
    }
}

/// The long-run variance of the differences, with Bartlett's weights up to lag 3.21·T^⅓; about their mean where there is
/// a trend, since the null then has a drift.
fn long_run(y: &[f64], trend: bool) -> f64 {
    let mut d: Vec<f64> = y.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let n = d.len() as f64;
    if trend {
        let mean = d.iter().sum::<f64>() / n;
        for d in &mut d {
            *d -= mean;
        }
    }
    let covariance =
        |lag: usize| d.iter().skip(lag).zip(&d).map(|(now, then)| now * then).sum::<f64>() / n;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
    let most = (3.21 * (y.len() as f64).cbrt()).round() as usize;
    let weight = |lag: usize| 1.0 - lag as f64 / (most as f64 + 1.0);
    covariance(0) + 2.0 * (1..=most).map(|lag| weight(lag) * covariance(lag)).sum::<f64>()
}

/// The table's mean and standard deviation, linear between its rows and in 1/T beyond 250 periods.
fn adjustment(t: f64, trend: bool) -> [f64; 2] {
    let of = |row: &(f64, [f64; 2], [f64; 2])| if trend { row.2 } else { row.1 };
    let at = ADJUSTMENTS.partition_point(|row| row.0 <= t);
    let Some(before) = at.checked_sub(1) else { return of(&ADJUSTMENTS[0]) };
    let (low, high) = (&ADJUSTMENTS[before], &ADJUSTMENTS[at.min(ADJUSTMENTS.len() - 1)]);
    let share = if high.0.is_finite() { (t - low.0) / (high.0 - low.0) } else { 1.0 - low.0 / t };
    std::array::from_fn(|i| of(low)[i] + share * (of(high)[i] - of(low)[i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjustments_are_interpolated_and_go_to_their_limits() {
        let near = |got: [f64; 2], expected: [f64; 2]| {
            assert!(got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{got:?}");
        };
        near(adjustment(8.0, false), [-0.554, 0.919]);
        near(adjustment(25.0, true), [-0.703, 1.003]);
        near(adjustment(27.5, false), [-0.550, 0.904]);
        near(adjustment(500.0, true), [-0.5165, 0.5515]);
        near(adjustment(1e15, true), [-0.5, 0.5]);
    }
}
