//! Coupling coordination of the dimensions of an index.

use durbin_core::Warning;
use ndarray::Array2;

use crate::{Error, Index};

/// Coupling and coordination of m subsystems U₁ … U_m on 0 … 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Coupling {
    /// Degree of coupling C = (Π Uₖ)^(1/m) / ((1/m) Σ Uₖ), `t × n`, 0 … 1.
    pub coupling: Array2<f64>,
    /// Level of development T = Σ αₖ Uₖ, `t × n`, 0 … 1.
    pub development: Array2<f64>,
    /// Degree of coordination D = √(C·T), `t × n`, 0 … 1.
    pub coordination: Array2<f64>,
    /// What these numbers do not say.
    pub warnings: Vec<Warning>,
}

impl Index {
    /// The coupling coordination degree of the dimensions, each scored by the weighted mean of its indicators on 0 … 1.
    ///
    /// The αₖ are equal; C is the ratio of geometric to arithmetic mean, which alone among the
    /// formulas in circulation stays on 0 … 1 for any m. Where all Uₖ are zero C is 0.
    ///
    /// # Errors
    /// Fewer than two dimensions.
    pub fn coupling(&self) -> Result<Coupling, Error> {
        let m = self.dimensions.len();
        if m < 2 {
            return Err(Error::NoSubsystems { dimensions: m });
        }
        let (t, n) = self.scores.dim();
        let mut zero = 0;
        let mut coupling = Array2::zeros((t, n));
        let mut development = Array2::zeros((t, n));
        for ((period, unit), c) in coupling.indexed_iter_mut() {
            let levels: Vec<f64> =
                self.dimensions.iter().map(|d| self.mean(d, period, unit)).collect();
            let mean = levels.iter().sum::<f64>() / m as f64;
            development[[period, unit]] = mean;
            if levels.iter().any(|u| *u <= 0.0) {
                zero += 1;
                continue;
            }
            let logs = levels.iter().map(|u| (u / mean).ln()).sum::<f64>() / m as f64;
            *c = logs.exp();
        }
        let coordination =
            Array2::from_shape_fn((t, n), |at| f64::sqrt(coupling[at] * development[at]));
        let mut warnings = vec![Warning::Other(
            "coupling coordination: C says how alike the dimensions' levels are, not that one acts on the other; C and D hang \
             on the scaling, so compare them only among scores scaled together, and read no fixed classes into them"
                .to_owned(),
        )];
        if zero > 0 {
            warnings.push(Warning::Other(format!(
                "coupling coordination: {zero} value(s) are 0 because a dimension is at the lowest value of all its indicators; \
                 that is the scaling, not a collapse of coordination"
            )));
        }
        let high = coupling.iter().filter(|c| **c > 0.95).count();
        if 2 * high > coupling.len() {
            warnings.push(Warning::Other(format!(
                "coupling coordination: C is above 0.95 for {high} of {} values, as often; D then repeats the level of \
                 development and adds little",
                coupling.len()
            )));
        }
        Ok(Coupling { coupling, development, coordination, warnings })
    }

    /// The weighted mean of a dimension's indicators.
    fn mean(&self, dimension: &crate::Dimension, period: usize, unit: usize) -> f64 {
        let weights = &self.applied[period];
        let whole: f64 = dimension.members.iter().map(|&j| weights[j]).sum();
        let sum = dimension.members.iter().map(|&j| weights[j] * self.scaled[j][[period, unit]]);
        sum.sum::<f64>() / whole
    }
}
