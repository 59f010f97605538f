//! Panels drawn from a fitted dynamic model, estimated anew.
//!
//! Bun & Kiviet (2001), Tinbergen Institute discussion paper 01-003; Bruno (2005) *Stata Journal* 5, 473–500.

use durbin_core::{
    Panel,
    random::{Purpose, Stream},
};
use ndarray::{Array1, Array2};
use rayon::prelude::*;

use crate::{BiasCorrection, Error, GmmSpec, lsdvc::Point, stacked::Stacked};

/// A model to draw from: `yᵢₜ = x'δ + ηᵢ + εᵢₜ`, the first column of `x` being the lagged response.
pub(crate) struct Simulated<'a> {
    pub stacked: &'a Stacked,
    pub x: &'a Array2<f64>,
    pub coefficients: &'a Array1<f64>,
    pub effects: &'a Array1<f64>,
    pub sigma: f64,
}

impl Simulated<'_> {
    /// The panel with its response drawn anew in every row of the equation; other cells, among them the observation
    /// before a unit's first row and before the first row after a gap, stay as they are.
    fn draw(&self, spec: &GmmSpec, panel: &Panel, stream: &mut Stream) -> Result<Panel, Error> {
        let periods = crate::Calendar::new(panel)?.position;
        let mut y = panel.get(&spec.y)?.clone();
        for (unit, ends) in self.stacked.bounds.windows(2).enumerate() {
            let mut before: Option<(usize, f64)> = None;
            for row in ends[0]..ends[1] {
                let (column, t) = self.stacked.at[row];
                let lagged = match before {
                    Some((last, value)) if last + 1 == t => value,
                    _ => self.x[[row, 0]],
                };
                let fixed = self.x.row(row).dot(self.coefficients);
                let value = fixed
                    + self.coefficients[0] * (lagged - self.x[[row, 0]])
                    + self.effects[unit]
                    + self.sigma * stream.normal();
                before = Some((t, value));
                if let Some(period) = periods.iter().position(|&position| position == t) {
                    y[[period, column]] = value;
                }
            }
        }
        let mut drawn = panel.clone();
        drawn.insert(spec.y.clone(), y);
        Ok(drawn)
    }
}

/// Covariance of the corrected coefficients over the panels drawn, and how many could be estimated.
pub(crate) fn covariance(
    spec: &GmmSpec,
    panel: &Panel,
    how: &BiasCorrection,
    truth: &Simulated,
) -> Result<(Array2<f64>, usize), Error> {
    let k = truth.coefficients.len();
    let draws: Vec<Array1<f64>> = (0..how.replications)
        .into_par_iter()
        .filter_map(|replication| {
            let mut stream = Stream::new(how.seed, Purpose::Simulation, replication);
            let drawn = truth.draw(spec, panel, &mut stream).ok()?;
            let point = Point::new(spec, &drawn, how).ok()?;
            (point.estimates.len() == k).then_some(point.estimates)
        })
        .collect();
    let count = draws.len() as f64;
    if 2 * draws.len() < how.replications as usize || draws.len() < 2 {
        return Err(Error::Contradiction(format!(
            "only {} of {} bootstrap panels could be estimated: no standard errors",
            draws.len(),
            how.replications
        )));
    }
    let mut mean = Array1::zeros(k);
    for draw in &draws {
        mean += draw;
    }
    mean /= count;
    let mut covariance = Array2::zeros((k, k));
    for draw in &draws {
        let from = draw - &mean;
        for i in 0..k {
            covariance.row_mut(i).scaled_add(from[i] / (count - 1.0), &from);
        }
    }
    Ok((covariance, draws.len()))
}
