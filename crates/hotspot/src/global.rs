//! Global statistics of spatial autocorrelation: one number for all units.

mod bivariate;
mod chances;
mod geary;
mod general_g;
mod join_counts;
mod moran;
mod shuffle;
mod sums;
mod test;

pub use bivariate::bivariate_moran;
pub use chances::Sampling;
pub use geary::geary;
pub use general_g::general_g;
pub use join_counts::{Join, JoinCount, JoinCounts, join_counts};
pub use moran::moran;
pub use test::{Assumption, GlobalOptions, GlobalTest};
