//! Spatial weights: contiguity of polygons, transforms, files, and their summary.
//!
//! A [`Weights`] is a sparse `n × n` matrix W whose row `i` holds the neighbours `j` of unit `i`
//! with weight `w_ij`, and which knows the keys of its units.

mod attribute;
mod audit;
mod build;
mod combine;
mod contiguity;
mod distance;
mod error;
pub mod files;
mod length;
mod order;
mod spec;
mod summary;
mod transform;
mod weights;

pub use audit::{Audit, Gap, Invalid, Island, Link, NearMiss, Overlap, audit};
pub use build::Ground;
pub use contiguity::{Contiguity, contiguity, contiguity_within};
pub use distance::{
    Band, Bandwidth, Built, IslandLink, Kernel, Linked, band, inverse_distance, kernel,
    link_islands, nearest, representative_points,
};
pub use error::{Error, Fault};
pub use files::Format;
pub use length::{Length, LengthUnit};
pub use spec::{Islands, Operation, Order, Spec, SpecError};
pub use summary::Summary;
pub use transform::Transform;
pub use weights::Weights;
