//! The dense inverse that quadratic forms of scores and single pairs of units need.

use durbin_core::linalg::inverse;
use durbin_weights::Weights;
use ndarray::Array2;

use crate::{Error, design::lag, logdet::dense};

/// Most units of a method that holds several dense `n × n` matrices: 128 MB each.
const MAX_UNITS: usize = 4_000;

/// Refuses `n` units where that is too many.
pub(crate) fn allowed(what: &'static str, n: usize) -> Result<(), Error> {
    if n > MAX_UNITS {
        return Err(Error::TooManyForDense { what, n, limit: MAX_UNITS });
    }
    Ok(())
}

/// `(I − ρW)⁻¹` and `W(I − ρW)⁻¹`, dense.
pub(crate) struct Feedback {
    pub inverse: Array2<f64>,
    pub lagged: Array2<f64>,
}

impl Feedback {
    /// # Errors
    /// `I − ρW` is singular.
    pub(crate) fn new(w: &Weights, rho: f64) -> Result<Self, Error> {
        let mut system = dense(w) * -rho;
        system.diag_mut().map_inplace(|v| *v += 1.0);
        let inverse = inverse(&system, "I − ρW")?;
        // To lag each column of the inverse is to lag the rows of its transpose.
        let lagged = lag(w, &inverse.t().to_owned()).reversed_axes();
        Ok(Self { inverse, lagged })
    }
}
