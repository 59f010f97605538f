//! The residuals of a fit.

use durbin_core::Panel;
use durbin_weights::Weights;
use ndarray::{Array1, Array2, s};

use super::linear::by_period;
use crate::{Error, Fit, design::Design, model::Process};

/// `ε̂`, `t × n`, within-transformed: `y − ρWy − Zγ`, with `(I − λW)` before it for a spatial error.
pub(crate) fn residuals(fit: &Fit, panel: &Panel, w: &Weights) -> Result<Array2<f64>, Error> {
    let design = Design::new(&fit.spec, panel, w, w)?;
    let coefficients: Array1<f64> = fit.parameters[..design.names.len()].iter().copied().collect();
    let mut residuals = &design.y - &design.z.dot(&coefficients);
    if let Some(rho) = fit.rho() {
        residuals.scaled_add(-rho.estimate, &design.wy);
    }
    if let (Some(lambda), Some(lags)) = (fit.lambda(), &design.error) {
        let mut lagged = &lags.y - &lags.z.dot(&coefficients);
        if let Some(rho) = fit.rho() {
            lagged.scaled_add(-rho.estimate, &lags.wy);
        }
        residuals.scaled_add(-lambda.estimate, &lagged);
    }
    Ok(by_period(&residuals, design.n))
}

/// The spatial parameter of a fit and the covariance of it and σ²; none for models with two or none.
pub(crate) fn spatial(fit: &Fit) -> Option<(f64, Array2<f64>)> {
    let name = match fit.spec.model.process() {
        Process::Lag => "rho",
        Process::Error => "lambda",
        _ => return None,
    };
    let at = fit.names.iter().position(|known| known == name)?;
    let covariance = fit.covariance.slice(s![at..at + 2, at..at + 2]).to_owned();
    Some((fit.parameters[at], covariance))
}
