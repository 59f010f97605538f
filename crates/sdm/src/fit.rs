//! The estimated model.

use durbin_core::{Conventions, Estimate, Warning};
use ndarray::Array2;

use crate::{
    Convergence, Error, Impacts, SdmSpec, UnitEffects, design::Term, model::Process,
    multiplier::UnitSums,
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
    /// Periods `t`.
    pub n_periods: usize,
    /// Names of the parameters: `_cons`, regressors, `W*` regressors, `rho` or `lambda`, `sigma2`.
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
    /// `−2ℓ + 2p`, `p` counting β, θ, the constant, ρ or λ, and σ², not the fixed effects.
    pub aic: f64,
    /// `−2ℓ + p·ln m`, `m` the observations of the likelihood.
    pub bic: f64,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
    /// What a reader must be told.
    pub warnings: Vec<Warning>,
    /// Number of coefficients `k`.
    pub(crate) n_coefficients: usize,
    pub(crate) terms: Vec<Term>,
    pub(crate) sums: UnitSums,
}

impl Fit {
    /// The coefficients by name: `_cons` where there are no effects, β, and θ as `W*price`.
    pub fn coefficients(&self) -> Vec<(String, Estimate)> {
        let names = self.names.iter().take(self.n_coefficients);
        names.enumerate().map(|(at, name)| (name.clone(), self.estimate(at))).collect()
    }

    /// ρ, the coefficient of `Wy`, where the model has one.
    pub fn rho(&self) -> Option<Estimate> {
        (self.spec.model.process() == Process::Lag).then(|| self.estimate(self.n_coefficients))
    }

    /// λ, the coefficient of `Wu`, where the model has one.
    pub fn lambda(&self) -> Option<Estimate> {
        (self.spec.model.process() == Process::Error).then(|| self.estimate(self.n_coefficients))
    }

    /// Average direct, indirect and total effects with delta-method errors.
    ///
    /// # Errors
    /// None today; effects of models to come may need computation that can fail.
    pub fn impacts(&self) -> Result<Impacts, Error> {
        Ok(Impacts::new(self))
    }

    /// The effects unit by unit with delta-method errors.
    ///
    /// # Errors
    /// None today; effects of models to come may need computation that can fail.
    pub fn per_unit(&self) -> Result<UnitEffects, Error> {
        Ok(UnitEffects::new(self))
    }

    fn estimate(&self, at: usize) -> Estimate {
        Estimate { estimate: self.parameters[at], std_error: self.covariance[[at, at]].sqrt() }
    }
}
