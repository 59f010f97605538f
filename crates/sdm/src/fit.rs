//! The estimated model.

use durbin_core::{Conventions, Estimate, Warning};
use ndarray::Array2;

use crate::{
    Convergence, Error, Impacts, SdmSpec, Stability, UnitEffects, design::Term, dynamic::Dynamics,
    multiplier::Reach, parameters::Positions,
};

/// An estimated model: parameters by name with their covariance, and how they were found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fit {
    /// What was estimated.
    pub spec: SdmSpec,
    /// Unit keys, `n` of them.
    pub ids: Vec<String>,
    /// Units `n`.
    pub n_units: usize,
    /// Periods `t` of the equation: of a dynamic model one less than the panel has.
    pub n_periods: usize,
    /// Names of the parameters: `_cons`, regressors, `W*` regressors, `rho`, `lambda`, `phi`, `sigma2`, of which a model has some; lags in
    /// time, `L.y` and `L.W*y`, stand before the regressors.
    pub names: Vec<String>,
    /// Their estimates, in the order of `names`.
    pub parameters: Vec<f64>,
    /// Their covariance.
    pub covariance: Array2<f64>,
    /// The optimiser's record.
    pub convergence: Convergence,
    /// Gaussian log-likelihood, constants and `t·ln|I − ρW|` included, at the optimum before any
    /// correction; for `transform` that of the transformed data.
    pub log_likelihood: f64,
    /// Variance of ε.
    pub sigma2: f64,
    /// `1 − e'e / Σ(y − ȳ)²` with e the residuals, fixed effects taken as part of the fit.
    pub r_squared: f64,
    /// Squared correlation of the within-transformed response with `(I − ρW)⁻¹Zγ`.
    pub r_squared_within: f64,
    /// `−2ℓ + 2p`, `p` counting β, θ, the constant, τ, η, ρ, λ, φ and σ², not the fixed effects.
    pub aic: f64,
    /// `−2ℓ + p·ln m`, `m` the observations of the likelihood.
    pub bic: f64,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
    /// What a reader must be told.
    pub warnings: Vec<Warning>,
    /// Whether a dynamic model returns to rest.
    pub stability: Option<Stability>,
    pub(crate) positions: Positions,
    pub(crate) dynamics: Dynamics,
    pub(crate) terms: Vec<Term>,
    pub(crate) reach: Reach,
    /// The same at κ, of a dynamic model that has an equilibrium.
    pub(crate) long_run: Option<Reach>,
}

impl Fit {
    /// The coefficients by name: `_cons` where there are no fixed effects, `L.y` and `L.W*y`, β, and θ as
    /// `W*price`.
    pub fn coefficients(&self) -> Vec<(String, Estimate)> {
        let names = self.names.iter().take(self.positions.k);
        names.enumerate().map(|(at, name)| (name.clone(), self.estimate(at))).collect()
    }

    /// ρ, the coefficient of `Wy`, where the model has one.
    pub fn rho(&self) -> Option<Estimate> {
        self.positions.rho.map(|at| self.estimate(at))
    }

    /// λ, the coefficient of `Mu`, where the model has one.
    pub fn lambda(&self) -> Option<Estimate> {
        self.positions.lambda.map(|at| self.estimate(at))
    }

    /// φ of random effects, `φ² = σ²/(t·σ_μ² + σ²)`, where some were found.
    pub fn phi(&self) -> Option<Estimate> {
        self.positions.phi.map(|at| self.estimate(at))
    }

    /// `σ_μ² = σ²(φ⁻² − 1)/t`, the variance of random unit effects, by the delta method.
    pub fn sigma2_unit(&self) -> Option<Estimate> {
        let at = self.positions.phi?;
        let (phi, t) = (self.parameters[at], self.n_periods as f64);
        let share = (phi.powi(-2) - 1.0) / t;
        let (by_phi, by_sigma) = (-2.0 * self.sigma2 * phi.powi(-3) / t, share);
        let v = |i: usize, j: usize| self.covariance[[i, j]];
        let sigma = self.positions.sigma2;
        let variance = by_phi * by_phi * v(at, at)
            + 2.0 * by_phi * by_sigma * v(at, sigma)
            + by_sigma * by_sigma * v(sigma, sigma);
        Some(Estimate { estimate: self.sigma2 * share, std_error: variance.sqrt() })
    }

    /// Average direct, indirect and total effects with delta-method errors.
    ///
    /// # Errors
    /// None today; effects of models to come may need computation that can fail.
    pub fn impacts(&self) -> Result<Impacts, Error> {
        Ok(Impacts::new(self))
    }

    /// The average effects of a dynamic model in the long run, `((1 − τ)I − (ρ + η)W)⁻¹(Iβ + Wθ)`. A model
    /// that is not stable does not get there, and warns of it.
    ///
    /// # Errors
    /// None today; effects of models to come may need computation that can fail.
    pub fn long_run_impacts(&self) -> Result<Option<Impacts>, Error> {
        Ok(Impacts::long_run(self))
    }

    /// The effects unit by unit with delta-method errors.
    ///
    /// # Errors
    /// [`Error::NoUnitEffects`] where the log-determinant is stochastic.
    pub fn per_unit(&self) -> Result<UnitEffects, Error> {
        UnitEffects::new(self)
    }

    /// The effects unit by unit in the long run, of a dynamic model that has an equilibrium.
    ///
    /// # Errors
    /// As [`per_unit`](Self::per_unit).
    pub fn long_run_per_unit(&self) -> Result<Option<UnitEffects>, Error> {
        UnitEffects::long_run(self)
    }

    fn estimate(&self, at: usize) -> Estimate {
        Estimate { estimate: self.parameters[at], std_error: self.covariance[[at, at]].sqrt() }
    }
}
