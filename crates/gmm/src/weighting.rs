//! H: the covariance of the errors of one unit that the first step assumes, up to its scale.

use ndarray::Array2;

use crate::{
    H,
    rows::{Place, Side},
};

/// H on the full grid of `g` periods, in blocks; rows that a unit does not have are left out when it is used.
#[derive(Debug)]
pub(crate) struct Weighting {
    /// Transformed with transformed, `g × g`.
    transformed: Array2<f64>,
    /// Transformed (rows) with level (columns), `g × g`.
    cross: Array2<f64>,
    /// Variance of a level error.
    level: f64,
}

/// First differences as a `g × g` matrix; its first row is zero.
pub(crate) fn differencing(g: usize) -> Array2<f64> {
    Array2::from_shape_fn((g, g), |(t, s)| match (t, s) {
        (0, _) => 0.0,
        _ if s == t => 1.0,
        _ if s + 1 == t => -1.0,
        _ => 0.0,
    })
}

/// Forward orthogonal deviations of a complete series, stored one period late, `g × g`.
pub(crate) fn deviating(g: usize) -> Array2<f64> {
    Array2::from_shape_fn((g, g), |(t, s)| {
        if t == 0 {
            return 0.0;
        }
        let ahead = (g - t) as f64;
        let scale = (ahead / (ahead + 1.0)).sqrt();
        match s {
            _ if s + 1 == t => scale,
            _ if s >= t => -scale / ahead,
            _ => 0.0,
        }
    })
}

impl Weighting {
    pub fn new(h: H, g: usize, orthogonal: bool) -> Self {
        let transformation = if orthogonal { deviating(g) } else { differencing(g) };
        let nothing = Array2::zeros((g, g));
        let product = transformation.dot(&transformation.t());
        match h {
            H::Identity => Self { transformed: Array2::eye(g), cross: nothing, level: 1.0 },
            H::Block => Self { transformed: product, cross: nothing, level: 1.0 },
            H::Full => Self { transformed: product, cross: transformation, level: 1.0 },
            H::Dpd if orthogonal => Self { transformed: product, cross: nothing, level: 1.0 },
            H::Dpd => Self { transformed: 0.5 * product, cross: nothing, level: 0.5 },
        }
    }

    /// Covariance of the errors of two rows of a unit.
    pub fn between(&self, a: Place, b: Place) -> f64 {
        match (a.side, b.side) {
            (Side::Transformed, Side::Transformed) => self.transformed[[a.t, b.t]],
            (Side::Transformed, Side::Level) => self.cross[[a.t, b.t]],
            (Side::Level, Side::Transformed) => self.cross[[b.t, a.t]],
            (Side::Level, Side::Level) if a.t == b.t => self.level,
            (Side::Level, Side::Level) => 0.0,
        }
    }
}
