//! Effects as functions of (β, θ, ρ), with their errors by the delta method.

use durbin_core::Estimate;
use ndarray::Array2;

use crate::{Fit, design::Term, model::Process, multiplier::Sums};

/// What one linear functional (an entry, a trace, a row sum) gives of `S`, `G = SW`, `dS/dρ = GS` and
/// `dG/dρ = GG`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Functional {
    pub s: f64,
    pub g: f64,
    pub ds: f64,
    pub dg: f64,
}

impl Functional {
    /// The functional for unit `i`.
    pub(crate) fn of_unit(sums: &Sums, i: usize) -> Self {
        Self { s: sums.s[i], g: sums.g[i], ds: sums.ds[i], dg: sums.dg[i] }
    }

    /// The difference of two functionals.
    pub(crate) fn less(self, other: Self) -> Self {
        Self {
            s: self.s - other.s,
            g: self.g - other.g,
            ds: self.ds - other.ds,
            dg: self.dg - other.dg,
        }
    }
}

/// The parameters behind the effects of one regressor. A parameter the model does not have is zero
/// and certain.
#[derive(Debug)]
pub(crate) struct Effect {
    beta: f64,
    theta: f64,
    /// Covariance of (β, θ, ρ).
    covariance: Array2<f64>,
}

impl Effect {
    pub(crate) fn new(fit: &Fit, term: &Term) -> Self {
        let rho = (fit.spec.model.process() == Process::Lag).then_some(fit.n_coefficients);
        let at = [Some(term.beta), term.theta, rho];
        let covariance = Array2::from_shape_fn((3, 3), |(i, j)| match (at[i], at[j]) {
            (Some(i), Some(j)) => fit.covariance[[i, j]],
            _ => 0.0,
        });
        Self {
            beta: fit.parameters[term.beta],
            theta: term.theta.map_or(0.0, |at| fit.parameters[at]),
            covariance,
        }
    }

    /// `βs + θg` with gradient `(s, g, β·ds + θ·dg)` in (β, θ, ρ); variance `gradient' V gradient`.
    pub(crate) fn estimate(&self, weights: Functional) -> Estimate {
        let Functional { s, g, ds, dg } = weights;
        let gradient = ndarray::array![s, g, self.beta * ds + self.theta * dg];
        let variance = gradient.dot(&self.covariance.dot(&gradient));
        Estimate {
            estimate: self.beta * s + self.theta * g,
            // A variance of zero may come out a rounding error below it.
            std_error: variance.max(0.0).sqrt(),
        }
    }
}
