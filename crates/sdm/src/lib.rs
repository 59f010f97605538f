//! The spatial Durbin family on balanced panels and cross-sections, by maximum likelihood.
//!
//! An [`SdmSpec`] says what to estimate; [`SdmSpec::fit`] takes a panel of `n` units over `t` periods and
//! a weights matrix W and returns a [`Fit`], which knows its coefficients, its [`Impacts`] and the effects
//! [unit by unit](UnitEffects). Least squares, spatial lag, spatial error and their Durbin versions share
//! one equation,
//!
//! ```text
//! y = τy₋₁ + ηWy₋₁ + ρWy + Xβ + WXθ + μ_unit + ξ_period + u,   u = λMu + ε,   ε ~ N(0, σ²)
//! ```
//!
//! of which every [`Model`] sets some of ρ, θ, λ to zero; τ and η are those of a [`Dynamic`] model.
//!
//! References: Anselin (1988) *Spatial Econometrics*; Elhorst (2014) *Spatial Econometrics: From
//! Cross-Sectional Data to Spatial Panels*; Lee & Yu (2010) *J. Econometrics* 154, 165–185; LeSage & Pace
//! (2009) *Introduction to Spatial Econometrics*; Ord (1975) *JASA* 70, 120–126.

mod bias;
mod check;
mod collinearity;
mod columns;
mod compare;
mod convention;
mod delta;
mod design;
mod diagnostics;
mod dynamic;
mod equation;
mod error;
mod estimate;
mod fit;
mod flows;
mod goodness;
mod impacts;
mod influence;
mod information;
mod likelihood;
mod logdet;
mod maximum;
mod method;
mod model;
mod multiplier;
mod named;
mod optimise;
mod parameters;
mod prepared;
mod random;
mod regions;
mod sample;
mod scores;
mod search;
mod similar;
mod simulated;
mod spec;
mod structure;
mod unit_effects;
mod unit_style;
mod within;

pub use collinearity::Collinearity;
pub use compare::{Compared, Comparison, Verdict};
pub use diagnostics::Diagnostics;
pub use dynamic::Stability;
pub use equation::{Equation, EquationEffects, Place, Regressor};
pub use error::{Error, SpecError};
pub use fit::Fit;
pub use flows::Flow;
pub use impacts::{Impact, Impacts};
pub use influence::{Change, Influence};
pub use method::LogDeterminant;
pub use model::{BiasCorrection, Dynamic, Effects, Model, Vcov};
pub use optimise::{Convergence, Searched};
pub use prepared::{Prepared, PreparedPanel};
pub use regions::{Regional, equal_in_regions};
pub use simulated::SimulatedImpacts;
pub use spec::{Durbin, SdmSpec};
pub use unit_effects::{UnitEffect, UnitEffects};
