//! Harris and Tzavalis: one autoregression for all units, few periods and many units.

use super::{UnitRootTest, below};

/// `z = √N·(ρ̂ − 1 − B)/√C` with the within estimator ρ̂ of `yₜ` on `yₜ₋₁` and constants, or constants and trends, per unit; B and C
/// for `T` regressed periods as in their theorems 1 and 3.
pub(super) fn harris_tzavalis(series: &[&[f64]], same: bool, trend: bool) -> UnitRootTest {
    let (name, alternative) = ("Harris–Tzavalis z", "no unit has one, ρ is the same in all");
    if !same {
        return UnitRootTest::invalid(name, alternative, "the units have different periods");
    }
    let n = series.len() as f64;
    let periods = series[0].len() - 1;
    let t = periods as f64;
    let (mut cross, mut square) = (0.0, 0.0);
    for y in series {
        let (mut now, mut before) = (y[1..].to_vec(), y[..periods].to_vec());
        for values in [&mut now, &mut before] {
            detrend(values, trend);
        }
        cross += now.iter().zip(&before).map(|(a, b)| a * b).sum::<f64>();
        square += before.iter().map(|b| b * b).sum::<f64>();
    }
    let (bias, variance) = if trend {
        (
            -15.0 / (2.0 * (t + 2.0)),
            15.0 * (193.0 * t * t - 728.0 * t + 1147.0) / (112.0 * (t + 2.0).powi(3) * (t - 2.0)),
        )
    } else {
        (
            -3.0 / (t + 1.0),
            3.0 * (17.0 * t * t - 20.0 * t + 17.0) / (5.0 * (t - 1.0) * (t + 1.0).powi(3)),
        )
    };
    let z = n.sqrt() * (cross / square - 1.0 - bias) / variance.sqrt();
    if !z.is_finite() {
        return UnitRootTest::invalid(name, alternative, "the variable does not vary within units");
    }
    UnitRootTest {
        name,
        alternative,
        statistic: Some(z),
        p_value: below(z),
        distribution: "standard normal, lower tail".to_owned(),
        critical: None,
        reason: None,
    }
}

/// Takes off the mean, and the line through the periods.
fn detrend(values: &mut [f64], trend: bool) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let middle = (n - 1.0) / 2.0;
    let from = |t: usize| t as f64 - middle;
    let slope = if trend {
        let cross = values.iter().enumerate().map(|(t, value)| from(t) * value).sum::<f64>();
        cross / (0..values.len()).map(|t| from(t).powi(2)).sum::<f64>()
    } else {
        0.0
    };
    for (t, value) in values.iter_mut().enumerate() {
        *value -= mean + slope * from(t);
    }
}
