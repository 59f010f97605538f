//! Spatial weights: contiguity of polygons, transforms, files, and their summary.
//!
//! A [`Weights`] is a sparse `n × n` matrix W whose row `i` holds the neighbours `j` of unit `i`
//! with weight `w_ij`, and which knows the keys of its units.

mod contiguity;
mod error;
pub mod files;
mod spec;
mod summary;
mod weights;

pub use contiguity::{Contiguity, contiguity};
pub use error::{Error, Fault};
pub use files::Format;
pub use spec::{Islands, Spec, SpecError};
pub use summary::Summary;
pub use weights::{Transform, Weights};
