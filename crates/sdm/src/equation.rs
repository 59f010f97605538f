//! Average effects of an equation with neighbours, whatever estimated it.

use durbin_core::{Conventions, Warning};
use ndarray::Array2;

use crate::{
    Error, Impact, Impacts, Prepared, Stability, convention,
    delta::{Effect, Estimated},
    multiplier::{Means, Reach},
};

/// Where a coefficient stands among the parameters, and how many periods its variable is lagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Periods back; 0 for the same period.
    pub lag: usize,
    /// Position, from 0.
    pub at: usize,
}

/// The coefficients of one regressor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regressor {
    /// Its name.
    pub variable: String,
    /// Of the regressor itself, β.
    pub beta: Vec<Place>,
    /// Of its spatial lag, θ.
    pub theta: Vec<Place>,
}

/// An estimated equation with k parameters
///
/// ```text
/// y_t = Σₗ τₗy_{t−l} + ρWy_t + Σₗ ηₗWy_{t−l} + Σₗ X_{t−l}βₗ + Σₗ WX_{t−l}θₗ + …
/// ```
#[derive(Debug, Clone)]
pub struct Equation<'a> {
    /// Estimates of all parameters, `k`, those of constants and dummies too.
    pub parameters: &'a [f64],
    /// Their covariance, `k × k`.
    pub covariance: &'a Array2<f64>,
    /// The lags of y.
    pub response: Vec<Place>,
    /// The spatial lags of y: ρ where the lag in time is 0, η elsewhere.
    pub neighbours: Vec<Place>,
    /// The regressors of which effects are wanted.
    pub regressors: Vec<Regressor>,
}

/// The average effects of an [`Equation`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EquationEffects {
    /// Within the period, of the regressors that act within it; none where ρ is outside its interval.
    pub impacts: Option<Impacts>,
    /// Once lags in time have run their course, where there are some and the equation is stable.
    pub long_run: Option<Impacts>,
    /// Whether shocks die out, of an equation with lags of y.
    pub stability: Option<Stability>,
    /// Why effects are not there.
    pub warnings: Vec<Warning>,
}

impl Equation<'_> {
    /// Average direct, indirect and total effects (LeSage & Pace 2009; Elhorst 2014, chapter 4), with errors by the delta
    /// method from the equation's covariance:
    ///
    /// ```text
    /// short run   (I − ρW)⁻¹(Iβ₀ + Wθ₀)
    /// long run    ((1 − Στₗ)I − (ρ + Σηₗ)W)⁻¹(I·Σβₗ + W·Σθₗ)
    /// ```
    ///
    /// direct `tr(E)/n`, total `1'E1/n`, indirect their difference. Where ρ lies outside the interval of W's inverse extreme
    /// real eigenvalues, or shocks do not die out, the series behind these inverses does not converge: there are no effects,
    /// and a warning says so.
    ///
    /// # Errors
    /// A log-determinant that cannot be set up.
    pub fn effects(&self, w: &Prepared) -> Result<EquationEffects, Error> {
        let mut found = EquationEffects::default();
        let rho = places(&self.neighbours, |lag| lag == 0);
        let bounds = if self.neighbours.is_empty() {
            (f64::NEG_INFINITY, f64::INFINITY)
        } else {
            w.logdet()?.bounds()
        };
        let of_rho = self.sum(&rho);
        if of_rho <= bounds.0 || of_rho >= bounds.1 {
            found.warnings.push(outside(of_rho, bounds));
            return Ok(found);
        }
        let means = means(w, (!rho.is_empty()).then_some(of_rho))?;
        found.impacts = Some(self.over(&means, convention::of_short_run(!rho.is_empty()), |x| {
            let [beta, theta] = [&x.beta, &x.theta].map(|all| places(all, |lag| lag == 0));
            let acts = !(beta.is_empty() && theta.is_empty());
            acts.then(|| Effect::within(self.estimated(), [&beta, &theta, &rho]))
        }));
        let tau = places(&self.response, |lag| lag > 0);
        let eta = places(&self.neighbours, |lag| lag > 0);
        if !(tau.is_empty() && eta.is_empty()) {
            let stability = Stability::new(of_rho, &self.lags(), bounds);
            found.stability = Some(stability);
            if !stability.stable {
                found.warnings.push(unstable(stability));
                return Ok(found);
            }
        } else if !self.regressors.iter().any(Regressor::is_lagged) {
            return Ok(found);
        }
        let feeds_back = !self.neighbours.is_empty();
        let kappa = (of_rho + self.sum(&eta)) / (1.0 - self.sum(&tau));
        let means = self::means(w, feeds_back.then_some(kappa))?;
        found.long_run = Some(self.over(&means, convention::of_long_run(), |x| {
            let [beta, theta] = [&x.beta, &x.theta].map(|all| places(all, |_| true));
            Some(Effect::eventual(self.estimated(), [&beta, &theta, &rho, &eta, &tau]))
        }));
        Ok(found)
    }

    fn over(
        &self,
        means: &Means,
        conventions: Conventions,
        effect: impl Fn(&Regressor) -> Option<Effect>,
    ) -> Impacts {
        let row = |x: &Regressor| Some(Impact::new(&x.variable, &effect(x)?, means));
        Impacts { rows: self.regressors.iter().filter_map(row).collect(), conventions }
    }

    fn estimated(&self) -> Estimated<'_> {
        Estimated { parameters: self.parameters, covariance: self.covariance }
    }

    fn sum(&self, at: &[usize]) -> f64 {
        at.iter().map(|&at| self.parameters[at]).sum()
    }

    /// τ and η of every lag in time, the nearest first.
    fn lags(&self) -> Vec<(f64, f64)> {
        let farthest = self.response.iter().chain(&self.neighbours).map(|place| place.lag).max();
        let at = |all: &[Place], l: usize| self.sum(&places(all, |lag| lag == l));
        (1..=farthest.unwrap_or(0))
            .map(|l| (at(&self.response, l), at(&self.neighbours, l)))
            .collect()
    }
}

impl Regressor {
    fn is_lagged(&self) -> bool {
        self.beta.iter().chain(&self.theta).any(|place| place.lag > 0)
    }
}

fn places(all: &[Place], which: impl Fn(usize) -> bool) -> Vec<usize> {
    all.iter().filter(|place| which(place.lag)).map(|place| place.at).collect()
}

/// Means over units at κ, or without a lag of the response.
fn means(w: &Prepared, kappa: Option<f64>) -> Result<Means, Error> {
    Ok(match kappa {
        Some(kappa) => w.logdet()?.multiplier(kappa)?.means(),
        None => Reach::without_feedback(w.weights()).means,
    })
}

fn outside(rho: f64, (lower, upper): (f64, f64)) -> Warning {
    Warning::Other(format!(
        "no effects: the coefficient of Wy is {rho:.4}, outside the interval from {lower:.4} to {upper:.4} (the inverse extreme \
         eigenvalues of W) in which what neighbours pass on to each other dies out"
    ))
}

fn unstable(stability: Stability) -> Warning {
    Warning::Other(format!(
        "no effects in the long run: tau + rho + eta = {:.4}, the largest eigenvalue of the transition from period to period {:.4}: \
         shocks do not die out, and there is no equilibrium to compare",
        stability.sum, stability.largest_eigenvalue
    ))
}
