//! Third and fourth moments of errors that effects were taken out of.

use ndarray::Array2;

use crate::SdmSpec;

/// Sums of powers over a row of the matrix that takes out the mean of `m` values.
pub(super) struct Shares {
    /// The diagonal entry.
    pub first: f64,
    squares: f64,
    cubes: f64,
    fourths: f64,
}

impl Shares {
    fn of(m: usize, demeaned: bool) -> Self {
        if !demeaned {
            return Self { first: 1.0, squares: 1.0, cubes: 1.0, fourths: 1.0 };
        }
        let m = m as f64;
        let (own, other) = (1.0 - 1.0 / m, -1.0 / m);
        let power = |p: i32| own.powi(p) + (m - 1.0) * other.powi(p);
        Self { first: own, squares: power(2), cubes: power(3), fourths: power(4) }
    }

    /// Over `t` periods and over `n` units.
    pub(super) fn both(spec: &SdmSpec, n: usize, t: usize) -> (Self, Self) {
        (Self::of(t, spec.effects.of_units()), Self::of(n, spec.effects.of_periods()))
    }
}

/// Third and fourth moment of the errors, from demeaned residuals, t × n: those are sums of the errors with the
/// weights of a row of the demeaning matrix.
pub(super) fn moments(
    residuals: &Array2<f64>,
    sigma2: f64,
    over_time: &Shares,
    over_units: &Shares,
) -> (f64, f64) {
    let mean =
        |power: i32| residuals.iter().map(|e| e.powi(power)).sum::<f64>() / residuals.len() as f64;
    let squares = over_time.squares * over_units.squares;
    let fourths = over_time.fourths * over_units.fourths;
    let sigma4 = sigma2 * sigma2;
    let third = mean(3) / (over_time.cubes * over_units.cubes);
    let fourth = (mean(4) - 3.0 * sigma4 * (squares * squares - fourths)) / fourths;
    // With two periods demeaned residuals are symmetric whatever the errors: no third moment is seen.
    (if third.is_finite() { third } else { 0.0 }, fourth)
}
