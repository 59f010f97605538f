//! Effects as functions of (β, θ, ρ), with their errors by the delta method.

use std::slice;

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

/// Estimates and their covariance, whoever estimated them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Estimated<'a> {
    pub parameters: &'a [f64],
    /// Square, in their order.
    pub covariance: &'a Array2<f64>,
}

impl<'a> Estimated<'a> {
    fn of(fit: &'a Fit) -> Self {
        Self { parameters: &fit.parameters, covariance: &fit.covariance }
    }

    fn sum(self, at: &[usize]) -> f64 {
        at.iter().map(|&at| self.parameters[at]).sum()
    }
}

/// Where β, θ, ρ, η and τ of a regressor are among the parameters; each is the sum of what stands there.
pub(crate) type Places<'a> = [&'a [usize]; 5];

impl Effect {
    /// The effect within the period.
    pub(crate) fn new(fit: &Fit, term: &Term) -> Self {
        let at = [slice::from_ref(&term.beta), term.theta.as_slice(), fit.positions.rho.as_slice()];
        Self::within(Estimated::of(fit), at)
    }

    /// The effect once lags in time have run their course: `((1 − τ)I − (ρ + η)W)⁻¹(Iβ + Wθ)`, to be asked
    /// for with functionals of the multiplier at κ.
    pub(crate) fn long_run(fit: &Fit, term: &Term) -> Self {
        let (rho, eta, tau) = (&fit.positions.rho, &fit.dynamics.eta, &fit.dynamics.tau);
        let at = [slice::from_ref(&term.beta), term.theta.as_slice(), rho.as_slice()];
        Self::eventual(Estimated::of(fit), [at[0], at[1], at[2], eta.as_slice(), tau.as_slice()])
    }

    /// The effect within the period of what stands at β, θ and ρ.
    pub(crate) fn within(estimated: Estimated, [beta, theta, rho]: [&[usize]; 3]) -> Self {
        let kappa = estimated.sum(rho);
        Self { left: 1.0, kappa, ..Self::of(estimated, [beta, theta, rho, &[], &[]]) }
    }

    /// The effect in the long run.
    pub(crate) fn eventual(estimated: Estimated, places: Places) -> Self {
        let [_, _, rho, eta, tau] = places.map(|at| estimated.sum(at));
        let left = 1.0 - tau;
        Self { left, kappa: (rho + eta) / left, ..Self::of(estimated, places) }
    }

    fn of(estimated: Estimated, places: Places) -> Self {
        let covariance = Array2::from_shape_fn((5, 5), |(i, j)| {
            let pairs = places[i].iter().flat_map(|&a| places[j].iter().map(move |&b| [a, b]));
            pairs.map(|pair| estimated.covariance[pair]).sum()
        });
        let (beta, theta) = (estimated.sum(places[0]), estimated.sum(places[1]));
        Self { beta, theta, left: 1.0, kappa: 0.0, covariance }
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
