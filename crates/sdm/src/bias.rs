//! The bias that fixed effects leave in the direct likelihood, corrected as Lee & Yu (2010) do.

use ndarray::{Array1, Array2};

use crate::{
    Effects, Error,
    information::inverse,
    parameters::{Point, Positions},
};

/// The corrected parameters.
///
/// With unit effects the expected score of the direct likelihood is `(0, −tr G, −n/(2σ²))`, which is
/// `−σ²/t` times the column of the information that belongs to σ²: only σ² is biased, by the factor
/// `(t − 1)/t`. That holds for a lag, for an error and for least squares alike. Time effects alone
/// are given the factor `(n − 1)/n` and ρ is left (Elhorst 2014). Two-way effects add
/// `−t·a` with `a = (0, 1/(1 − ρ), 1/(1 − λ), 1/(2σ²))` to the score, from `1'G1 = n/(1 − ρ)`, so that
///
/// ```text
/// θ_c = θ + (Σ/(nt))⁻¹ · a/n,   then σ²_c · t/(t − 1)
/// ```
///
/// with `Σ` the information at the uncorrected θ (Lee & Yu 2010; Elhorst 2014).
///
/// # Errors
/// `Σ` is singular.
pub(crate) fn lee_yu(
    point: &Point,
    information: &Array2<f64>,
    effects: Effects,
    n: usize,
    t: usize,
) -> Result<Point, Error> {
    let mut corrected = point.clone();
    let (n, t) = (n as f64, t as f64);
    if effects == Effects::TwoWays {
        let at = Positions::of(point);
        let mut score = Array1::zeros(at.len());
        for (position, spatial) in [(at.rho, point.rho), (at.lambda, point.lambda)] {
            if let (Some(position), Some(spatial)) = (position, spatial) {
                score[position] = 1.0 / (1.0 - spatial);
            }
        }
        score[at.sigma2] = 1.0 / (2.0 * point.sigma2);
        corrected = shifted(point, &(inverse(information)?.dot(&score) * t));
    }
    if effects == Effects::Time {
        corrected.sigma2 *= n / (n - 1.0);
    }
    if effects.of_units() {
        corrected.sigma2 *= t / (t - 1.0);
    }
    Ok(corrected)
}

/// The point moved by a step in all its parameters.
pub(crate) fn shifted(point: &Point, step: &Array1<f64>) -> Point {
    let at = Positions::of(point);
    let moved = |value: Option<f64>, at: Option<usize>| {
        value.map(|value| value + at.map_or(0.0, |at| step[at]))
    };
    Point {
        coefficients: &point.coefficients + &step.slice(ndarray::s![..at.k]),
        rho: moved(point.rho, at.rho),
        lambda: moved(point.lambda, at.lambda),
        phi: point.phi,
        sigma2: point.sigma2 + step[at.sigma2],
    }
}
