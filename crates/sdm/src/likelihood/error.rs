//! The lag of the error: `y = Zγ + u`, `u = λWu + ε`.

use durbin_core::linalg::LeastSquares;
use ndarray::{Array1, Array2};

use super::Profile;
use crate::{Error, design::Design, logdet::Taylor};

/// Generalised least squares on `y − λWy` and `Z − λWZ` (Anselin 1988).
#[derive(Debug)]
pub(crate) struct ErrorProfile<'a> {
    design: &'a Design,
    /// `Q·W·Z`.
    wz: &'a Array2<f64>,
}

/// The regression at one λ.
pub(crate) struct Filtered {
    pub regression: LeastSquares,
    pub coefficients: Array1<f64>,
    /// `ε = (y − λWy) − (Z − λWZ)γ`.
    pub residuals: Array1<f64>,
    z: Array2<f64>,
}

impl<'a> ErrorProfile<'a> {
    /// A profile over the lagged columns `wz` of the design.
    pub(crate) fn new(design: &'a Design, wz: &'a Array2<f64>) -> Self {
        Self { design, wz }
    }

    /// `Z* = Z − λWZ`.
    pub(crate) fn filtered(&self, lambda: f64) -> Array2<f64> {
        &self.design.z - &(self.wz * lambda)
    }

    pub(crate) fn at(&self, lambda: f64) -> Result<Filtered, Error> {
        let y = &self.design.y - &(&self.design.wy * lambda);
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
    /// With `v = W(y − Zγ)`, the envelope theorem gives the slope `−2ε'v`; letting γ follow λ takes
    /// `2c'(Z*'Z*)⁻¹c` with `c = (WZ)'ε + Z*'v` off the curvature `2v'v`.
    fn sum_of_squares(&self, lambda: f64) -> Result<Taylor, Error> {
        let Filtered { regression, coefficients, residuals, z } = self.at(lambda)?;
        let lagged = &self.design.wy - &self.wz.dot(&coefficients);
        let follow = self.wz.t().dot(&residuals) + z.t().dot(&lagged);
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
