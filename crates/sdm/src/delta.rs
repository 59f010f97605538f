//! Effects as functions of (β, θ, ρ), with their errors by the delta method.

use durbin_core::Estimate;
use ndarray::Array2;

use crate::{Fit, design::Term, multiplier::Sums};

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
    /// One that gives one of the identity, from what it gives of `G` and `GG`: `S = I + ρG`.
    pub(crate) fn new(rho: f64, g: f64, dg: f64) -> Self {
        Self { s: 1.0 + rho * g, g, ds: g + rho * dg, dg }
    }

    /// One that gives nothing of the identity: an entry off the diagonal.
    pub(crate) fn beside(rho: f64, g: f64, dg: f64) -> Self {
        Self { s: rho * g, g, ds: g + rho * dg, dg }
    }

    /// That of unit `i`.
    pub(crate) fn of_unit(rho: f64, sums: &Sums, i: usize) -> Self {
        Self::new(rho, sums.g[i], sums.dg[i])
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
    /// `1 − τ` and `κ = (ρ + η)/(1 − τ)` of a long-run effect; one and ρ of a short-run one.
    left: f64,
    kappa: f64,
    /// Covariance of (β, θ, ρ, η, τ); η and τ are certain in the short run, which they do not touch.
    covariance: Array2<f64>,
}

impl Effect {
    /// The effect within the period.
    pub(crate) fn new(fit: &Fit, term: &Term) -> Self {
        let rho = fit.positions.rho;
        Self {
            left: 1.0,
            kappa: rho.map_or(0.0, |at| fit.parameters[at]),
            ..Self::of(fit, term, [Some(term.beta), term.theta, rho, None, None])
        }
    }

    /// The effect once lags in time have run their course: `((1 − τ)I − (ρ + η)W)⁻¹(Iβ + Wθ)`, to be asked
    /// for with functionals of the multiplier at κ.
    pub(crate) fn long_run(fit: &Fit, term: &Term) -> Self {
        let (left, kappa) = fit.dynamics.long_run(&fit.parameters, fit.positions);
        let at =
            [Some(term.beta), term.theta, fit.positions.rho, fit.dynamics.eta, fit.dynamics.tau];
        Self { left, kappa, ..Self::of(fit, term, at) }
    }

    fn of(fit: &Fit, term: &Term, at: [Option<usize>; 5]) -> Self {
        let covariance = Array2::from_shape_fn((5, 5), |(i, j)| match (at[i], at[j]) {
            (Some(i), Some(j)) => fit.covariance[[i, j]],
            _ => 0.0,
        });
        Self {
            beta: fit.parameters[term.beta],
            theta: term.theta.map_or(0.0, |at| fit.parameters[at]),
            left: 1.0,
            kappa: 0.0,
            covariance,
        }
    }

    /// `E = (βs + θg)/(1 − τ)` at κ, its gradient in (β, θ, ρ, η, τ) from `∂κ/∂ρ = ∂κ/∂η = 1/(1 − τ)` and
    /// `∂κ/∂τ = κ/(1 − τ)`, and the variance `gradient' V gradient`.
    pub(crate) fn estimate(&self, weights: Functional) -> Estimate {
        let Functional { s, g, ds, dg } = weights;
        let estimate = (self.beta * s + self.theta * g) / self.left;
        let by_kappa = (self.beta * ds + self.theta * dg) / self.left;
        let by_rho = by_kappa / self.left;
        let by_tau = (estimate + by_kappa * self.kappa) / self.left;
        let gradient = ndarray::array![s / self.left, g / self.left, by_rho, by_rho, by_tau];
        let variance = gradient.dot(&self.covariance.dot(&gradient));
        Estimate {
            estimate,
            // A variance of zero may come out a rounding error below it.
            std_error: variance.max(0.0).sqrt(),
        }
    }
}
