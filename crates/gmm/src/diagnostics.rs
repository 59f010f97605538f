//! What the levels say before any instrument: collinearity, and bounds on the lagged coefficient.

use durbin_core::linalg::generalized_inverse;
use ndarray::{Array1, Array2};
use serde::Serialize;

use crate::{
    estimate::part,
    model::{Kind, Model},
    passes::{add_outer, mirror},
    rows::Rows,
};

/// A variance inflation factor above this is worth a warning.
pub const VIF_THRESHOLD: f64 = 10.0;

/// Variance inflation of a regressor: `1/(1 − R²)` of its regression on the others and a constant, in levels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Vif {
    /// The regressor.
    pub name: String,
    /// The factor; `None` where the others determine the regressor.
    pub vif: Option<f64>,
    /// Whether it exceeds [`VIF_THRESHOLD`].
    pub high: bool,
}

/// Where the coefficient of the first lag should lie: within-unit least squares is biased down, pooled least
/// squares up (Nickell 1981; Bond 2002).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bounds {
    /// The lag.
    pub variable: String,
    /// By least squares on deviations from the unit's mean.
    pub within: f64,
    /// By pooled least squares.
    pub pooled: f64,
    /// By GMM.
    pub estimate: f64,
    /// Whether the last lies between the others.
    pub inside: bool,
}

/// Cross-products of regressors (all, the response last) over complete rows in levels.
#[derive(Debug)]
pub(crate) struct Levels {
    /// About the grand means.
    pub pooled: Array2<f64>,
    /// About the unit's means.
    pub within: Array2<f64>,
    /// Room for a unit's means and for a row less the means.
    own: Vec<f64>,
    row: Vec<f64>,
}

impl Levels {
    pub fn new(k: usize) -> Self {
        let nothing = || Array2::zeros((k + 1, k + 1));
        Self { pooled: nothing(), within: nothing(), own: vec![0.0; k + 1], row: vec![0.0; k + 1] }
    }

    /// Adds the complete rows of a unit, in lower triangles.
    pub fn add(&mut self, rows: &Rows, means: &[f64]) {
        let there = || (0..rows.observed.len()).filter(|&t| rows.observed[t]);
        let values = |t: usize| rows.level(t).iter().chain([&rows.y0[t]]);
        self.own.fill(0.0);
        for t in there() {
            self.own.iter_mut().zip(values(t)).for_each(|(sum, value)| *sum += value);
        }
        let count = there().count().max(1) as f64;
        for sum in &mut self.own {
            *sum /= count;
        }
        for t in there() {
            for (matrix, about) in [(&mut self.pooled, means), (&mut self.within, &self.own)] {
                let less = self.row.iter_mut().zip(values(t)).zip(about);
                less.for_each(|((d, value), mean)| *d = value - mean);
                add_outer(matrix, &self.row);
            }
        }
    }

    pub fn merge(&mut self, part: &Self) {
        self.pooled += &part.pooled;
        self.within += &part.within;
    }

    pub fn mirror(&mut self) {
        mirror(&mut self.pooled);
        mirror(&mut self.within);
    }

    /// Variance inflation of the regressors that are neither lags nor effects.
    pub fn vif(&self, model: &Model) -> Vec<Vif> {
        let of = |kind: Kind| move |j: &usize| model.regressors[*j].kind == kind;
        let kept: Vec<usize> = (0..model.regressors.len()).filter(of(Kind::X)).collect();
        let cross = part(&self.pooled, &kept);
        let inverse = generalized_inverse(&cross, 1e-12, "X'X").ok();
        kept.iter()
            .enumerate()
            .map(|(at, &j)| {
                let inverse = inverse.as_ref().filter(|inverse| inverse.dependent.is_empty());
                let vif = inverse.map(|inverse| cross[[at, at]] * inverse.inverse[[at, at]]);
                let high = vif.is_none_or(|vif| vif > VIF_THRESHOLD);
                Vif { name: model.regressors[j].name.clone(), vif, high }
            })
            .collect()
    }

    /// The first lag's coefficient by within and by pooled least squares, with the same regressors.
    pub fn bounds(&self, model: &Model, estimate: f64) -> Option<Bounds> {
        let within = least_squares(&self.within, model)?;
        let pooled = least_squares(&self.pooled, model)?;
        let inside = (within.min(pooled)..=within.max(pooled)).contains(&estimate);
        let variable = model.regressors.first()?.name.clone();
        Some(Bounds { variable, within, pooled, estimate, inside })
    }
}

/// Coefficient of the first regressor.
fn least_squares(cross: &Array2<f64>, model: &Model) -> Option<f64> {
    let k = model.regressors.len();
    let slopes: Vec<usize> =
        (0..k).filter(|&j| model.regressors[j].kind != Kind::Constant).collect();
    let xy: Array1<f64> = slopes.iter().map(|&j| cross[[j, k]]).collect();
    let inverse = generalized_inverse(&part(cross, &slopes), 1e-12, "X'X").ok()?;
    let b = inverse.inverse.row(0).dot(&xy);
    (b != 0.0).then_some(b)
}
