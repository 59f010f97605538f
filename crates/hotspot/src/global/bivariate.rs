//! Bivariate Moran's I.

use durbin_core::Progress;
use durbin_weights::Weights;

use super::sums::Links;
use super::test::{Assumption, Computed, GlobalOptions, GlobalTest, enough};
use crate::Error;
use crate::moments::Deviations;

/// Bivariate Moran's I: how `n` values of x go with those of y in the neighbourhood,
///
/// `I = n/S0 · Σ_i Σ_j w_ij d_i e_j / √(Σ_i d_i² · Σ_i e_i²)`,
///
/// d and e the deviations of x and y. It is Moran's I where x = y, and esda's `Moran_BV` for
/// row-standardised weights without islands. Correlation of x and y in the unit itself is not
/// taken out.
///
/// Under permutations of y, x staying in place, the expectation is zero and the variance
/// `n²/S0² · Σ_j (c_j − c̄)² / ((n − 1) Σ_i d_i²)` with `c_j = Σ_i w_ij d_i`, both exact; the permutations
/// asked for are the same. There is no other assumption.
///
/// # Errors
/// As [`moran`](crate::moran), of either variable.
pub fn bivariate_moran(
    x: &[f64],
    y: &[f64],
    weights: &Weights,
    options: &GlobalOptions,
    progress: &dyn Progress,
) -> Result<GlobalTest, Error> {
    let x = Deviations::new(x, weights.ids())?;
    let y = Deviations::new(y, weights.ids())?;
    let links = Links::new(weights)?;
    let n = enough("bivariate Moran's I", weights, &links, options)?;
    let scale = n / links.s0 / (x.sum_of_squares.sqrt() * y.sum_of_squares.sqrt());
    let mut lag = vec![0.0; x.d.len()];
    for row in links.rows() {
        for (j, w) in row.others() {
            lag[j] += w * x.d[row.unit()];
        }
    }
    let dot = |e: &[f64]| -> f64 { lag.iter().zip(e).map(|(lag, e)| lag * e).sum() };
    let units = lag.len() as f64;
    let mean = lag.iter().sum::<f64>() / units;
    let spread: f64 = lag.iter().map(|lag| (lag - mean) * (lag - mean)).sum();
    let largest = |d: &[f64]| d.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
    let computed = Computed {
        name: "bivariate-moran",
        formula: "n/S0 · Σ_i Σ_j w_ij (x_i − x̄)(y_j − ȳ) / √(Σ_i (x_i − x̄)² Σ_i (y_i − ȳ)²)",
        value: scale * dot(&y.d),
        expected: 0.0,
        variance: scale * scale * spread * y.sum_of_squares / (units - 1.0),
        assumption: Assumption::Randomization,
        direction: 1.0,
        tolerance: 4.0
            * f64::EPSILON
            * (links.count as f64).sqrt()
            * (scale * links.total).abs()
            * largest(&x.d)
            * largest(&y.d),
    };
    computed.test(weights, &links, options, progress, &y.d, |e| scale * dot(e))
}
