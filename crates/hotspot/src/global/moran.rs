//! Moran's I.

use durbin_core::Progress;
use durbin_weights::Weights;

use super::sums::Links;
use super::test::{Assumption, Computed, GlobalOptions, GlobalTest, enough};
use crate::Error;
use crate::moments::{Deviations, beyond_rounding};

/// Moran's I of `n` values with deviations `d`,
///
/// `I = n/S0 · Σ_i Σ_j w_ij d_i d_j / Σ_i d_i²`, `E[I] = −1/(n − 1)`,
///
/// with the variance under normality or randomisation of Cliff & Ord (1981), *Spatial Processes*, for any
/// weights, asymmetric ones too. Self links are left out.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`], [`Error::TooFewUnits`] (4 units are needed), [`Error::Constant`],
/// [`Error::NoLinks`], [`Error::TooManyPermutations`].
pub fn moran(
    values: &[f64],
    weights: &Weights,
    options: &GlobalOptions,
    progress: &dyn Progress,
) -> Result<GlobalTest, Error> {
    let x = Deviations::new(values, weights.ids())?;
    let links = Links::new(weights)?;
    let n = enough("Moran's I", weights, &links, options)?;
    let scale = n / (links.s0 * x.sum_of_squares);
    let value = scale * links.sum(|i, j| x.d[i] * x.d[j]);
    let largest = x.d.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
    let computed = Computed {
        name: "moran",
        formula: "n/S0 · Σ_i Σ_j w_ij (x_i − x̄)(x_j − x̄) / Σ_i (x_i − x̄)²",
        value,
        expected: -1.0 / (n - 1.0),
        variance: variance(options.assumption, n, &links, &x),
        assumption: options.assumption,
        direction: 1.0,
        tolerance: 4.0
            * f64::EPSILON
            * (links.count as f64).sqrt()
            * (scale * links.total).abs()
            * largest
            * largest,
    };
    computed.test(weights, &links, options, progress, &x.d, |d| {
        scale * links.sum_alone(|i, j| d[i] * d[j])
    })
}

/// The variance of I.
pub(super) fn variance(assumption: Assumption, n: f64, links: &Links, x: &Deviations) -> f64 {
    let (s0, s1, s2) = (links.s0 * links.s0, links.s1, links.s2);
    let expected = 1.0 / (n - 1.0);
    let (terms, divisor) = match assumption {
        Assumption::Normality => (vec![n * n * s1, -n * s2, 3.0 * s0], (n * n - 1.0) * s0),
        Assumption::Randomization => {
            let kurtosis = kurtosis(x);
            let main = [n * (n * n - 3.0 * n + 3.0) * s1, -n * n * s2, 3.0 * n * s0];
            let tails = [(n * n - n) * s1, -2.0 * n * s2, 6.0 * s0].map(|term| -kurtosis * term);
            ([main, tails].concat(), (n - 1.0) * (n - 2.0) * (n - 3.0) * s0)
        }
    };
    let mut terms: Vec<f64> = terms.into_iter().map(|term| term / divisor).collect();
    terms.push(-expected * expected);
    beyond_rounding(&terms)
}

/// `b₂ = n Σ d⁴ / (Σ d²)²` over all values, islands' too.
pub(super) fn kurtosis(x: &Deviations) -> f64 {
    let share = |d: &f64| d * d / x.sum_of_squares;
    x.d.len() as f64 * x.d.iter().map(|d| share(d) * share(d)).sum::<f64>()
}
