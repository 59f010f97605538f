//! Average direct, indirect and total effects.

use durbin_core::{Conventions, Estimate};
use serde::Serialize;

use crate::{Fit, convention, delta::Effect, design::Term, multiplier::Means};

/// Effects of one regressor, averaged over units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Impact {
    /// The regressor.
    pub variable: String,
    /// Mean of the diagonal: a unit's response to its own change.
    pub direct: Estimate,
    /// Mean sum off the diagonal: its response to the same change everywhere else.
    pub indirect: Estimate,
    /// Mean row sum: its response to the same change everywhere.
    pub total: Estimate,
}

/// Effects of all regressors (LeSage & Pace 2009).
///
/// With `E_k = (I − ρW)⁻¹(I·β_k + W·θ_k)`, `n × n`: direct `tr(E_k)/n`, total `1'E_k1/n`, indirect their
/// difference. Without a lag of the response `E_k = I·β_k + W·θ_k`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Impacts {
    /// One row per regressor, in the order of the specification.
    pub rows: Vec<Impact>,
    /// How they were computed.
    pub conventions: Conventions,
}

impl Impacts {
    /// The effects within the period.
    pub(crate) fn new(fit: &Fit) -> Self {
        Self {
            rows: rows(fit, &fit.reach.means, Effect::new),
            conventions: convention::of_effects(&fit.spec),
        }
    }

    /// The effects in the long run, of a dynamic model.
    pub(crate) fn long_run(fit: &Fit) -> Option<Self> {
        let means = &fit.long_run.as_ref()?.means;
        Some(Self {
            rows: rows(fit, means, Effect::long_run),
            conventions: convention::of_long_run(),
        })
    }
}

fn rows(fit: &Fit, means: &Means, effect: fn(&Fit, &Term) -> Effect) -> Vec<Impact> {
    fit.terms.iter().map(|term| Impact::new(&term.variable, &effect(fit, term), means)).collect()
}

impl Impact {
    pub(crate) fn new(variable: &str, effect: &Effect, means: &Means) -> Self {
        let Means { direct, total } = *means;
        Self {
            variable: variable.to_owned(),
            direct: effect.estimate(direct),
            indirect: effect.estimate(total.less(direct)),
            total: effect.estimate(total),
        }
    }
}
