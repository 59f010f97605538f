//! Whether a conclusion survives other reasonable choices: a grid of specifications, fitted in parallel.

mod fits;
mod grid;
mod regions;
mod section;
mod summary;

pub(super) use fits::{Row, fit_all, fit_one};
pub(super) use grid::{Grid, check};
pub(super) use regions::table as regions;
pub use section::Robustness;
pub(super) use summary::{curves, summary, table};
