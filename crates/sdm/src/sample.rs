//! How much information the likelihood counts.

use crate::{BiasCorrection, SdmSpec};

/// What the transformation of the data leaves of `n` units and `t` periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    /// Independent observations: `n·t`, or what the orthonormal transformation keeps of them.
    pub observations: f64,
    /// How often `ln|I − ρW|` counts: `t`, or `t − 1`.
    pub periods: f64,
    /// Whether the direction `1` is gone from every period, and with it the unit root of W.
    pub without_unit_root: bool,
}

impl Sample {
    /// Under `transform`, an orthonormal basis of the space without unit means has `t − 1` periods, and
    /// one without period means `n − 1` units (Lee & Yu 2010); otherwise all count. A dynamic model keeps its
    /// `t` periods and loses one unit to period effects.
    pub(crate) fn new(spec: &SdmSpec, n: usize, t: usize) -> Self {
        if spec.dynamic_within() {
            let without_unit_root = spec.effects.of_periods();
            let units = if without_unit_root { n - 1 } else { n };
            let (observations, periods) = ((units * t) as f64, t as f64);
            return Self { observations, periods, without_unit_root };
        }
        let transform = spec.bias_correction == BiasCorrection::Transform;
        let periods = if transform && spec.effects.of_units() { t - 1 } else { t };
        let without_unit_root = transform && spec.effects.of_periods();
        let units = if without_unit_root { n - 1 } else { n };
        Self { observations: (units * periods) as f64, periods: periods as f64, without_unit_root }
    }
}
