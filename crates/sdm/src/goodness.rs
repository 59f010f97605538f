//! How well a model fits.

use ndarray::{Array1, Array2};

use crate::{design::Design, parameters::Point};

/// The two measures of Elhorst (2014).
pub(crate) struct Goodness {
    pub r_squared: f64,
    pub r_squared_within: f64,
}

impl Goodness {
    /// `1 − e'e / Σ(y − ȳ)²` with the residuals of the within equation, and the squared correlation of the
    /// within-transformed response with `(I − ρW)⁻¹Zγ = Zγ + ρGZγ` (`Zγ` where the response has no lag); `lagged` is
    /// `GZγ`, `t × n`.
    pub(crate) fn new(design: &Design, point: &Point, lagged: Option<&Array2<f64>>) -> Self {
        let mut predicted = design.z.dot(&point.coefficients);
        let residuals = residuals(design.compact(), point);
        if let (Some(rho), Some(lagged)) = (point.rho, lagged) {
            for (predicted, lagged) in predicted.iter_mut().zip(lagged) {
                *predicted += rho * lagged;
            }
        }
        Self {
            r_squared: 1.0 - residuals.dot(&residuals) / design.total_sum_of_squares,
            r_squared_within: squared_correlation(&design.y, &predicted),
        }
    }
}

/// `ε = B(y − ρWy − Zγ)`, B the identity where the error has no lag.
pub(crate) fn residuals(design: &Design, point: &Point) -> Array1<f64> {
    let rho = point.rho.unwrap_or(0.0);
    let mut residuals = &design.y - &design.z.dot(&point.coefficients) - &(&design.wy * rho);
    if let (Some(lags), Some(lambda)) = (&design.error, point.lambda) {
        let lagged = &lags.y - &lags.z.dot(&point.coefficients) - &(&lags.wy * rho);
        residuals.scaled_add(-lambda, &lagged);
    }
    residuals
}

fn squared_correlation(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let centred = |v: &Array1<f64>| v - v.sum() / v.len() as f64;
    let (a, b) = (centred(a), centred(b));
    a.dot(&b).powi(2) / (a.dot(&a) * b.dot(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn correlation_ignores_scale_shift_and_sign() {
        let a = array![1.0, 2.0, 4.0];
        assert!((squared_correlation(&a, &(&a * -3.0 + 5.0)) - 1.0).abs() < 1e-15);
        assert!(squared_correlation(&a, &array![2.0, -3.0, 1.0]) < 1e-15);
    }
}
