//! Geary's C.

use durbin_core::Progress;
use durbin_weights::Weights;

use super::moran::kurtosis;
use super::sums::Links;
use super::test::{Assumption, Computed, GlobalOptions, GlobalTest, enough};
use crate::Error;
use crate::moments::{Deviations, beyond_rounding};

/// Geary's C of `n` values with deviations `d`,
///
/// `C = (n − 1)/(2 S0) · Σ_i Σ_j w_ij (x_i − x_j)² / Σ_i d_i²`, `E[C] = 1`,
///
/// with the variance under normality or randomisation of Cliff & Ord (1981), *Spatial Processes*. C below 1,
/// a negative z, tells of positive autocorrelation; spdep reports the opposite z, and counts islands in some
/// terms of the variance where they are to be dropped. Self links are left out.
///
/// # Errors
/// As [`moran`](crate::moran).
pub fn geary(
    values: &[f64],
    weights: &Weights,
    options: &GlobalOptions,
    progress: &dyn Progress,
) -> Result<GlobalTest, Error> {
    let x = Deviations::new(values, weights.ids())?;
    let links = Links::new(weights)?;
    let n = enough("Geary's C", weights, &links, options)?;
    let scale = (n - 1.0) / (2.0 * links.s0 * x.sum_of_squares);
    let squared = |d: &[f64], i: usize, j: usize| (d[i] - d[j]) * (d[i] - d[j]);
    let value = scale * links.sum(|i, j| squared(&x.d, i, j));
    let largest = x.d.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
    let computed = Computed {
        name: "geary",
        formula: "(n − 1)/(2 S0) · Σ_i Σ_j w_ij (x_i − x_j)² / Σ_i (x_i − x̄)²",
        value,
        expected: 1.0,
        variance: variance(options.assumption, n, &links, &x),
        assumption: options.assumption,
        direction: -1.0,
        tolerance: 16.0
            * f64::EPSILON
            * (links.count as f64).sqrt()
            * (scale * links.total).abs()
            * largest
            * largest,
    };
    computed.test(weights, &links, options, progress, &x.d, |d| {
        scale * links.sum_alone(|i, j| squared(d, i, j))
    })
}

fn variance(assumption: Assumption, n: f64, links: &Links, x: &Deviations) -> f64 {
    let (s0, s1, s2) = (links.s0 * links.s0, links.s1, links.s2);
    match assumption {
        Assumption::Normality => {
            let terms = [2.0 * s1 * (n - 1.0), s2 * (n - 1.0), -4.0 * s0];
            beyond_rounding(&terms) / (2.0 * (n + 1.0) * s0)
        }
        Assumption::Randomization => {
            let b = kurtosis(x);
            let first = [n * n - 3.0 * n + 3.0, -(n - 1.0) * b].map(|term| (n - 1.0) * s1 * term);
            let second = [n * n + 3.0 * n - 6.0, -(n * n - n + 2.0) * b]
                .map(|term| -(n - 1.0) * s2 * term / 4.0);
            let third = [n * n - 3.0, -(n - 1.0) * (n - 1.0) * b].map(|term| s0 * term);
            beyond_rounding(&[first, second, third].concat()) / (n * (n - 2.0) * (n - 3.0) * s0)
        }
    }
}
