//! The residuals of a fit.

use durbin_core::Panel;
use durbin_weights::Weights;
use ndarray::{Array1, Array2, s};

use super::linear::by_period;
use crate::{Error, Fit, design::Design, model::Process};

/// `ε̂`, `t × n`, within-transformed: `y − ρWy − Zγ`, with `(I − λW)` before it for a spatial error.
pub(crate) fn residuals(fit: &Fit, panel: &Panel, w: &Weights) -> Result<Array2<f64>, Error> {
    let design = Design::new(&fit.spec, panel, w)?;
    let coefficients: Array1<f64> = fit.parameters[..fit.n_coefficients].iter().copied().collect();
    let mut residuals = &design.y - &design.z.dot(&coefficients);
    match (fit.spec.model.process(), &design.wz) {
        (Process::Lag, _) => {
            residuals.scaled_add(-fit.parameters[fit.n_coefficients], &design.wy);
        }
        (Process::Error, Some(wz)) => {
            let lagged = &design.wy - &wz.dot(&coefficients);
            residuals.scaled_add(-fit.parameters[fit.n_coefficients], &lagged);
        }
        _ => {}
    }
    Ok(by_period(&residuals, design.n))
}

/// The spatial parameter of a fit and the covariance of it and σ².
pub(crate) fn spatial(fit: &Fit) -> Option<(f64, Array2<f64>)> {
    let at = fit.n_coefficients;
    let spatial = fit.spec.model.process() != Process::Linear;
    spatial
        .then(|| (fit.parameters[at], fit.covariance.slice(s![at..at + 2, at..at + 2]).to_owned()))
}
