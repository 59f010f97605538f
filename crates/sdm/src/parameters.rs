//! The parameters of a model, their order and their values.

use ndarray::Array1;

use crate::{SdmSpec, design::Design};

/// A point of the parameter space.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    /// γ: the constant, τ, η, β and θ.
    pub coefficients: Array1<f64>,
    /// ρ of `ρWy`.
    pub rho: Option<f64>,
    /// λ of `λMu`.
    pub lambda: Option<f64>,
    /// φ of a random effect: `φ² = σ²/(t·σ_μ² + σ²)`.
    pub phi: Option<f64>,
    /// σ².
    pub sigma2: f64,
}

impl Point {
    /// Whether all but σ² is the same number.
    pub(crate) fn differs_in_variance_alone(&self, other: &Self) -> bool {
        *self == Self { sigma2: self.sigma2, ..other.clone() }
    }
}

/// Where the parameters after the coefficients stand in vectors and covariances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Positions {
    /// Number of coefficients.
    pub k: usize,
    pub rho: Option<usize>,
    pub lambda: Option<usize>,
    pub phi: Option<usize>,
    pub sigma2: usize,
}

impl Positions {
    /// `γ, ρ, λ, φ, σ²`, of which a point has some.
    pub(crate) fn of(point: &Point) -> Self {
        let k = point.coefficients.len();
        let mut next = k;
        let mut take = |there: bool| {
            there.then(|| {
                next += 1;
                next - 1
            })
        };
        let rho = take(point.rho.is_some());
        let lambda = take(point.lambda.is_some());
        let phi = take(point.phi.is_some());
        Self { k, rho, lambda, phi, sigma2: next }
    }

    /// Number of parameters.
    pub(crate) fn len(self) -> usize {
        self.sigma2 + 1
    }
}

/// Names and values of all parameters, in the order of the covariance.
pub(crate) fn named(design: &Design, point: &Point) -> (Vec<String>, Vec<f64>) {
    let mut names = design.names.clone();
    let mut values = point.coefficients.to_vec();
    let others = [("rho", point.rho), ("lambda", point.lambda), ("phi", point.phi)];
    for (name, value) in others {
        if let Some(value) = value {
            names.push(name.to_owned());
            values.push(value);
        }
    }
    names.push("sigma2".to_owned());
    values.push(point.sigma2);
    (names, values)
}

/// Parameters that information criteria count: all but the fixed effects.
pub(crate) fn counted(spec: &SdmSpec, design: &Design) -> f64 {
    let process = spec.model.process();
    let random = spec.effects == crate::Effects::Random;
    let searched = [process.has_rho(), process.has_lambda(), random];
    (design.names.len() + 1 + searched.into_iter().filter(|there| *there).count()) as f64
}
