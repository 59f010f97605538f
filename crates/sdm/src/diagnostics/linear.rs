//! The regression without spatial parameters behind most tests.

use durbin_core::{Panel, linalg::LeastSquares};
use durbin_weights::Weights;
use ndarray::{Array1, Array2};

use crate::{
    BiasCorrection, Effects, Error, Model, SdmSpec,
    design::{Design, lag},
    within::demean,
};

/// Least squares of y on X (and WX for `slx`), within-transformed.
pub(crate) struct Linear {
    pub design: Design,
    pub regression: LeastSquares,
    pub coefficients: Array1<f64>,
    /// `e`, `t × n`.
    pub residuals: Array2<f64>,
    /// `e'e`.
    pub squares: f64,
    pub effects: Effects,
}

impl Linear {
    /// The regression of `spec` under other effects, without its spatial parameters; `slx` keeps WX.
    pub(crate) fn new(
        spec: &SdmSpec,
        model: Model,
        effects: Effects,
        panel: &Panel,
        w: &Weights,
    ) -> Result<Self, Error> {
        let mut linear = SdmSpec::new(spec.y.clone(), spec.x.clone())
            .model(model)
            .effects(effects)
            .bias_correction(BiasCorrection::None);
        if model.has_durbin_terms() {
            linear = linear.durbin(spec.durbin.clone());
        }
        let design = Design::new(&linear, panel, w, w)?;
        let regression = LeastSquares::new(&design.z)?;
        let coefficients = regression.coefficients(&design.y);
        let residuals = regression.residuals(&design.y);
        Ok(Self {
            squares: residuals.dot(&residuals),
            residuals: by_period(&residuals, design.n),
            coefficients,
            regression,
            design,
            effects,
        })
    }

    /// `Q·W·v` of a stacked vector.
    pub(crate) fn lagged(&self, w: &Weights, v: &Array1<f64>) -> Array1<f64> {
        demean(&lag(w, &by_period(v, self.design.n)), self.effects).iter().copied().collect()
    }

    /// `Q·W'·v` of a stacked vector.
    pub(crate) fn lagged_back(&self, w: &Weights, v: &Array1<f64>) -> Array1<f64> {
        let back = lag_back(w, &by_period(v, self.design.n));
        demean(&back, self.effects).iter().copied().collect()
    }
}

/// A stacked vector as `t × n`.
pub(crate) fn by_period(v: &Array1<f64>, n: usize) -> Array2<f64> {
    Array2::from_shape_fn((v.len() / n, n), |(period, unit)| v[period * n + unit])
}

/// `W'·v`, period by period.
fn lag_back(w: &Weights, values: &Array2<f64>) -> Array2<f64> {
    let mut lagged = Array2::zeros(values.raw_dim());
    for (mut to, from) in lagged.rows_mut().into_iter().zip(values.rows()) {
        for i in 0..w.n_units() {
            let (columns, weights) = w.row(i);
            for (&j, weight) in columns.iter().zip(weights) {
                to[j as usize] += weight * from[i];
            }
        }
    }
    lagged
}

/// `Σ_t a_t'W b_t`.
pub(crate) fn quadratic(w: &Weights, a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    (a * &lag(w, b)).sum()
}
