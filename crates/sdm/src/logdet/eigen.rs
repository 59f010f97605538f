//! From the eigenvalues.

use durbin_core::linalg::{eigenvalues, symmetric_eigenvalues};
use ndarray::Array2;

use super::Taylor;
use crate::Error;

/// Imaginary parts below this share of the spectral radius are rounding.
const REAL: f64 = 1e-9;

/// `ln|I − ρW| = Σ ln|1 − ρω_i|` over the eigenvalues `ω` of W (Ord 1975).
#[derive(Debug)]
pub(super) struct Eigen {
    /// Real and imaginary parts.
    eigenvalues: Vec<(f64, f64)>,
}

impl Eigen {
    pub(super) fn symmetric(matrix: &Array2<f64>) -> Result<Self, Error> {
        let real = symmetric_eigenvalues(matrix)?;
        Ok(Self { eigenvalues: real.into_iter().map(|re| (re, 0.0)).collect() })
    }

    pub(super) fn general(matrix: &Array2<f64>) -> Result<Self, Error> {
        Ok(Self { eigenvalues: eigenvalues(matrix)? })
    }

    /// The interval around zero on which `I − ρW` has a positive determinant: the inverses of the
    /// extreme real eigenvalues. Where W has no negative (or no positive) real eigenvalue, nothing
    /// bounds ρ on that side, and the interval ends at the inverse of the spectral radius.
    pub(super) fn bounds(&self) -> (f64, f64) {
        let radius = self.eigenvalues.iter().map(|(re, im)| re.hypot(*im)).fold(0.0, f64::max);
        let real = || {
            let is_real = |(_, im): &&(f64, f64)| im.abs() <= REAL * radius;
            self.eigenvalues.iter().filter(is_real).map(|(re, _)| *re)
        };
        let (smallest, largest) = (real().fold(0.0, f64::min), real().fold(0.0, f64::max));
        let lower = if smallest < 0.0 { 1.0 / smallest } else { -1.0 / radius };
        let upper = if largest > 0.0 { 1.0 / largest } else { 1.0 / radius };
        (lower, upper)
    }

    /// Value, `−Σ Re(ω/(1 − ρω))` and `−Σ Re(ω²/(1 − ρω)²)`.
    pub(super) fn at(&self, rho: f64) -> Taylor {
        let mut sum = Taylor { value: 0.0, slope: 0.0, curvature: 0.0 };
        for &(re, im) in &self.eigenvalues {
            let (a, b) = (1.0 - rho * re, -rho * im);
            let squared = a * a + b * b;
            // ω / (1 − ρω) = (re + i·im)(a − i·b) / (a² + b²)
            let (ratio_re, ratio_im) = ((re * a + im * b) / squared, (im * a - re * b) / squared);
            sum.value += 0.5 * squared.ln();
            sum.slope -= ratio_re;
            sum.curvature -= ratio_re * ratio_re - ratio_im * ratio_im;
        }
        sum
    }
}
