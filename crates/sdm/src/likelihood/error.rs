//! The lag of the error: `y − ρWy = Zγ + u`, `u = λMu + ε`.

use durbin_core::linalg::LeastSquares;
use ndarray::{Array1, Array2};

use super::Profile;
use crate::{
    Error,
    design::{Design, ErrorLags},
    logdet::Taylor,
};

/// Generalised least squares on `B(y − ρWy)` and `BZ` with `B = I − λM` (Anselin 1988), at one ρ.
#[derive(Debug)]
pub(crate) struct ErrorProfile<'a> {
    design: &'a Design,
    lags: &'a ErrorLags,
    /// `y − ρWy`.
    y: Array1<f64>,
    /// `M(y − ρWy)`.
    my: Array1<f64>,
}

/// The regression at one λ.
pub(crate) struct Filtered {
    pub regression: LeastSquares,
    pub coefficients: Array1<f64>,
    /// `ε = B(y − ρWy − Zγ)`.
    pub residuals: Array1<f64>,
    z: Array2<f64>,
}

impl<'a> ErrorProfile<'a> {
    /// A profile over the lags of the design at ρ (zero where the response has no lag).
    pub(crate) fn new(design: &'a Design, lags: &'a ErrorLags, rho: f64) -> Self {
        let y = &design.y - &(&design.wy * rho);
        let my = &lags.y - &(&lags.wy * rho);
        Self { design, lags, y, my }
    }

    /// `Z* = Z − λMZ`.
    pub(crate) fn filtered(&self, lambda: f64) -> Array2<f64> {
        &self.design.z - &(&self.lags.z * lambda)
    }

    /// `∂(e'e)/∂ρ = −2ε'(Wy − λMWy)` at λ.
    pub(crate) fn slope_in_rho(&self, lambda: f64) -> Result<f64, Error> {
        let lagged = &self.design.wy - &(&self.lags.wy * lambda);
        Ok(-2.0 * self.at(lambda)?.residuals.dot(&lagged))
    }

    pub(crate) fn at(&self, lambda: f64) -> Result<Filtered, Error> {
        let y = &self.y - &(&self.my * lambda);
        let z = self.filtered(lambda);
        let regression = LeastSquares::new(&z)?;
        Ok(Filtered {
            coefficients: regression.coefficients(&y),
            residuals: regression.residuals(&y),
            regression,
            z,
        })
    }
}

impl Profile for ErrorProfile<'_> {
    /// With `v = M(y − ρWy − Zγ)`, the envelope theorem gives the slope `−2ε'v`; letting γ follow λ takes
    /// `2c'(Z*'Z*)⁻¹c` with `c = (MZ)'ε + Z*'v` off the curvature `2v'v`.
    fn sum_of_squares(&self, lambda: f64) -> Result<Taylor, Error> {
        let Filtered { regression, coefficients, residuals, z } = self.at(lambda)?;
        let lagged = &self.my - &self.lags.z.dot(&coefficients);
        let follow = self.lags.z.t().dot(&residuals) + z.t().dot(&lagged);
        let gain = follow.dot(&regression.gram_inverse().dot(&follow));
        Ok(Taylor {
            value: residuals.dot(&residuals),
            slope: -2.0 * residuals.dot(&lagged),
            curvature: 2.0 * (lagged.dot(&lagged) - gain),
        })
    }

    fn coefficients(&self, lambda: f64) -> Result<Array1<f64>, Error> {
        Ok(self.at(lambda)?.coefficients)
    }
}
