//! Shape of the residuals: normality and equal variance.

use durbin_core::{Distribution, Panel, TestStat, linalg::LeastSquares};
use durbin_weights::Weights;
use ndarray::{Array1, Array2, s};

use crate::{Error, Fit, design::lag};

/// Jarque & Bera (1987): `nt/6·(S² + (K − 3)²/4)`, χ²(2), with skewness S and kurtosis K of the residuals.
pub(crate) fn normality(e: &Array2<f64>) -> TestStat {
    let count = e.len() as f64;
    let mean = e.sum() / count;
    let moment = |power: i32| e.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / count;
    let variance = moment(2);
    let skewness = moment(3) / variance.powf(1.5);
    let kurtosis = moment(4) / (variance * variance);
    let statistic = count / 6.0 * (skewness.powi(2) + (kurtosis - 3.0).powi(2) / 4.0);
    TestStat::new("Jarque-Bera", "normal errors", statistic, Distribution::ChiSquared(2.0))
}

/// Breusch & Pagan (1979) and its studentised form (Koenker 1981): squared residuals against a constant and the
/// regressors as they are, WX included where the model has it. With `f` the explained sum of squares of `e²`,
/// `f/(2σ⁴)` and `nt·R²`, χ² with as many degrees of freedom as regressors.
pub(crate) fn heteroskedasticity(
    fit: &Fit,
    e: &Array2<f64>,
    panel: &Panel,
    w: &Weights,
) -> Result<[TestStat; 2], Error> {
    let names = [
        ("Breusch-Pagan", "equal variance of normal errors"),
        ("Koenker", "equal variance of the errors"),
    ];
    // The first period of a dynamic model has no residuals.
    let first = panel.n_periods() - e.nrows();
    let used = |name: &str| Ok::<_, Error>(panel.get(name)?.slice(s![first.., ..]).to_owned());
    let mut columns: Vec<Array2<f64>> = Vec::new();
    for name in &fit.spec.x {
        columns.push(used(name)?);
    }
    for name in fit.spec.lagged() {
        columns.push(lag(w, &used(name)?));
    }
    let (count, k) = (e.len(), columns.len());
    let distribution = Distribution::ChiSquared(k as f64);
    let flat: Vec<Vec<f64>> = columns.iter().map(|v| v.iter().copied().collect()).collect();
    let z = Array2::from_shape_fn(
        (count, k + 1),
        |(row, j)| if j == 0 { 1.0 } else { flat[j - 1][row] },
    );
    let squares: Array1<f64> = e.iter().map(|v| v * v).collect();
    let Ok(regression) = LeastSquares::new(&z) else {
        let reason = "the regressors are linearly dependent before effects are removed";
        return Ok(names.map(|(name, null)| TestStat::invalid(name, null, distribution, reason)));
    };
    let variance = squares.sum() / count as f64;
    let left = regression.residuals(&squares);
    let total: f64 = squares.iter().map(|v| (v - variance).powi(2)).sum();
    let explained = total - left.dot(&left);
    let [breusch_pagan, koenker] = names;
    Ok([
        (breusch_pagan, explained / (2.0 * variance * variance)),
        (koenker, count as f64 * explained / total),
    ]
    .map(|((name, null), value)| TestStat::new(name, null, value, distribution)))
}
