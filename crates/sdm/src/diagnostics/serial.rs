//! Serial correlation of the residuals.

use durbin_core::{Distribution, TestStat, linalg::LeastSquares};
use ndarray::{Array1, Array2};

use crate::{Effects, Fit};

const NAME: &str = "Wooldridge serial correlation";
const NULL: &str = "no serial correlation of the errors";

/// Of the residuals of a fit.
pub(crate) fn test(fit: &Fit, e: &Array2<f64>) -> TestStat {
    if fit.dynamics.tau.is_some() {
        let distribution = Distribution::F(1.0, (fit.n_units.max(2) - 1) as f64);
        return TestStat::invalid(
            NAME,
            NULL,
            distribution,
            "beside the lagged response residuals show less correlation than their errors have (Durbin 1970), so the statistic \
             has no such distribution",
        );
    }
    let effects = fit.spec.effects;
    wooldridge(e, effects.of_units() || effects == Effects::Random)
}

/// Wooldridge's (2010, §10.5.4) test: the regression of `e_it` on `e_i,t−1` and a constant, errors clustered by
/// unit, against `−1/(t − 1)`, which demeaning alone leaves, or against zero without unit effects. The statistic
/// is that of plm's `pwartest`; F has n − 1 degrees of freedom, the number of independent units.
fn wooldridge(e: &Array2<f64>, demeaned: bool) -> TestStat {
    let (t, n) = e.dim();
    let (name, null) = (NAME, NULL);
    let distribution = Distribution::F(1.0, (n.max(2) - 1) as f64);
    if t < 3 {
        let reason = format!("it needs three periods, there are {t}");
        return TestStat::invalid(name, null, distribution, reason);
    }
    let expected = if demeaned { -1.0 / (t - 1) as f64 } else { 0.0 };
    let rows = n * (t - 1);
    // Unit by unit, so that clusters are contiguous.
    let now = Array1::from_shape_fn(rows, |row| e[[row % (t - 1) + 1, row / (t - 1)]]);
    let before = Array2::from_shape_fn((rows, 2), |(row, column)| {
        if column == 0 { 1.0 } else { e[[row % (t - 1), row / (t - 1)]] }
    });
    let Ok(regression) = LeastSquares::new(&before) else {
        return TestStat::invalid(name, null, distribution, "the residuals do not vary");
    };
    let slope = regression.coefficients(&now)[1];
    let left = regression.residuals(&now);
    let mut meat = Array2::<f64>::zeros((2, 2));
    for unit in 0..n {
        let mut score = Array1::<f64>::zeros(2);
        for row in unit * (t - 1)..(unit + 1) * (t - 1) {
            score.scaled_add(left[row], &before.row(row));
        }
        for i in 0..2 {
            for j in 0..2 {
                meat[[i, j]] += score[i] * score[j];
            }
        }
    }
    let bread = regression.gram_inverse();
    let variance = bread.dot(&meat).dot(&bread)[[1, 1]];
    let statistic = (slope - expected).powi(2) / variance;
    TestStat::new(name, null, statistic, distribution)
}
