//! The residuals of a fit.

use durbin_core::Panel;
use durbin_weights::Weights;
use ndarray::Array2;

use crate::{Effects, Error, Fit, design::Design, goodness, parameters::Point, within::demean};

/// `ε̂`, `t × n`, within-transformed: `y − ρWy − Zγ`, with `(I − λM)` before it for a spatial error. Of random effects
/// what is left within units: without the effect, which the residuals of its equation hold.
pub(crate) fn residuals(
    fit: &Fit,
    panel: &Panel,
    w: &Weights,
    m: &Weights,
) -> Result<Array2<f64>, Error> {
    let design = Design::new(&fit.spec, panel, w, m)?;
    let residuals = design.by_period(&goodness::residuals(&design, &fit.point()));
    Ok(match fit.spec.effects {
        Effects::Random => demean(&residuals, Effects::Unit),
        _ => residuals,
    })
}

impl Fit {
    /// Where the fit is in the space of its parameters.
    pub(crate) fn point(&self) -> Point {
        let at = self.positions;
        let value = |at: Option<usize>| at.map(|at| self.parameters[at]);
        Point {
            coefficients: self.parameters[..at.k].iter().copied().collect(),
            rho: value(at.rho),
            lambda: value(at.lambda),
            phi: value(at.phi),
            sigma2: self.sigma2,
        }
    }
}
