//! The lag of the response: `y = ρWy + Zγ + ε`.

use durbin_core::linalg::LeastSquares;
use ndarray::Array1;

use super::Profile;
use crate::{Error, design::Design, logdet::Taylor};

/// Two auxiliary regressions hold all that depends on the data: with `e₀ = M·y`, `e₁ = M·Wy` and `M`
/// the residual maker of `Z`, the residuals at ρ are `e₀ − ρe₁` (Anselin 1988).
#[derive(Debug)]
pub(crate) struct LagProfile {
    /// `(Z'Z)⁻¹Z'y` and `(Z'Z)⁻¹Z'Wy`.
    coefficients: [Array1<f64>; 2],
    /// `e₀'e₀`, `e₀'e₁`, `e₁'e₁`.
    moments: [f64; 3],
}

impl LagProfile {
    /// From regressions made elsewhere: coefficients of y and of Wy on Z, and the products of their residuals.
    pub(crate) fn of(coefficients: [Array1<f64>; 2], moments: [f64; 3]) -> Self {
        Self { coefficients, moments }
    }

    pub(crate) fn new(design: &Design) -> Result<Self, Error> {
        let design = design.compact();
        let z = LeastSquares::new(&design.z)?;
        let (own, lagged) = (z.residuals(&design.y), z.residuals(&design.wy));
        Ok(Self {
            coefficients: [z.coefficients(&design.y), z.coefficients(&design.wy)],
            moments: [own.dot(&own), own.dot(&lagged), lagged.dot(&lagged)],
        })
    }
}

impl Profile for LagProfile {
    fn sum_of_squares(&self, rho: f64) -> Result<Taylor, Error> {
        let [own, cross, lagged] = self.moments;
        Ok(Taylor {
            value: own - 2.0 * rho * cross + rho * rho * lagged,
            slope: 2.0 * (rho * lagged - cross),
            curvature: 2.0 * lagged,
        })
    }

    fn coefficients(&self, rho: f64) -> Result<Array1<f64>, Error> {
        let [own, lagged] = &self.coefficients;
        Ok(own - &(lagged * rho))
    }
}
