//! Dynamic panels by the generalised method of moments: difference and system GMM with guard rails.
//!
//! A [`GmmSpec`] says what to estimate; [`GmmSpec::fit`] takes a panel of `n` units over `t` periods, balanced or
//! not, and returns a [`Fit`] with its tests, bounds and warnings:
//!
//! ```text
//! yᵢₜ = Σₗ αₗ·yᵢ,ₜ₋ₗ + xᵢₜ'β + μᵢ + λₜ + εᵢₜ,   E[zᵢₜ·Mεᵢ] = 0   (M: first differences or forward orthogonal deviations)
//! ```
//!
//! References: Arellano & Bond (1991) *Rev. Econ. Studies* 58, 277–297; Blundell & Bond (1998) *J. Econometrics*
//! 87, 115–143; Windmeijer (2005) *J. Econometrics* 126, 25–51; Roodman (2009) *Stata Journal* 9, 86–136.

mod advice;
mod bias;
mod bootstrap;
mod calendar;
mod convention;
mod dependence;
mod diagnostics;
mod error;
mod estimate;
mod fit;
mod interactions;
mod jackknife;
mod last;
mod least_squares;
mod lsdvc;
mod margin;
mod model;
mod moments;
mod overid;
mod passes;
mod rows;
mod sample;
mod serial;
mod spec;
mod stacked;
mod steps;
mod styles;
mod term;
mod unit_root;
mod weighting;
mod words;

pub use calendar::Calendar;
pub use diagnostics::{Bounds, VIF_THRESHOLD, Vif};
pub use error::Error;
pub use fit::{Fit, Tests};
pub use interactions::Interactions;
pub use least_squares::{LeastSquaresFit, UnitEffects};
pub use lsdvc::{BiasCorrection, Correction, Initial};
pub use margin::Margin;
pub use overid::GroupTest;
pub use spec::{Errors, Estimator, GmmSpec, H, Steps, Transform};
pub use styles::{Equation, GmmStyle, IvStyle};
pub use term::{Factor, Term};
pub use unit_root::{PreparedUnitRoot, UnitRoot, UnitRootSpec, UnitRootTest};
