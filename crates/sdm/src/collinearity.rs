//! How the regressors hang together.

use durbin_core::{Panel, linalg::inverse_spd};
use ndarray::Array2;
use serde::Serialize;

use crate::{Error, SdmSpec, check};

/// Correlations and variance inflation of the regressors of a model, over all units and periods, as they are before effects are
/// taken out and without their spatial lags.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Collinearity {
    /// The regressors, `k` of them.
    pub variables: Vec<String>,
    /// Their correlations, `k × k` by rows; `NaN` beside a constant.
    pub correlations: Vec<Vec<f64>>,
    /// `1/(1 − R²)` of each on the others and a constant: the diagonal of the inverse of the correlations. None where they are
    /// linearly dependent.
    pub inflation: Vec<Option<f64>>,
}

impl SdmSpec {
    /// The correlations and variance inflation of the regressors.
    ///
    /// # Errors
    /// A variable that is not in the panel or not finite.
    pub fn collinearity(&self, panel: &Panel) -> Result<Collinearity, Error> {
        let centred = |name: &String| {
            let values = check::variable(panel, name)?;
            let mean = values.sum() / values.len() as f64;
            Ok(values.mapv(|v| v - mean))
        };
        let columns: Vec<Array2<f64>> = self.x.iter().map(centred).collect::<Result<_, Error>>()?;
        let k = columns.len();
        let dot = |i: usize, j: usize| (&columns[i] * &columns[j]).sum();
        let length: Vec<f64> = (0..k).map(|i| dot(i, i).sqrt()).collect();
        let correlations = Array2::from_shape_fn((k, k), |(i, j)| {
            if i == j && length[i] > 0.0 { 1.0 } else { dot(i, j) / (length[i] * length[j]) }
        });
        let inverse = inverse_spd(&correlations, "the correlations of the regressors").ok();
        let factor = |i: usize| inverse.as_ref().map(|inverse| inverse[[i, i]]);
        Ok(Collinearity {
            variables: self.x.clone(),
            inflation: (0..k).map(|i| factor(i).filter(|v| v.is_finite())).collect(),
            correlations: correlations.rows().into_iter().map(|row| row.to_vec()).collect(),
        })
    }
}
