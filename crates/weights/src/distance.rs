//! Weights from the distance between units.
//!
//! A unit stands where its [representative point](representative_points) is. Distances `d_ij` between the
//! points are planar (Euclidean) in the unit of the coordinates, or, on a layer in longitude and latitude,
//! geodesic: the shortest way over the ellipsoid of the layer's reference system (WGS 84 where it states
//! none), by the algorithm of Karney (2013), *Journal of Geodesy* 87.
//!
//! A unit without geometry has no point: its row is empty. Equally distant units are taken in ascending
//! order of key, so that weights do not depend on the order of a file.

mod band;
mod inverse;
mod islands;
mod kd_tree;
mod kernel;
mod knn;
mod links;
mod located;
mod metric;
mod points;
mod position;

use durbin_core::Warning;

use crate::{Length, Weights};

pub use band::band;
pub use inverse::inverse_distance;
pub use islands::{IslandLink, Linked, link_islands};
pub use kernel::{Kernel, kernel};
pub use knn::nearest;
pub(crate) use metric::Metric;
pub use points::representative_points;

/// How far neighbours may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Band {
    /// Up to this length, inclusive.
    Within(Length),
    /// As far as the unit with the most distant nearest neighbour needs: the smallest band in which every
    /// unit has a neighbour.
    Auto,
}

/// How fast a kernel falls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bandwidth {
    /// The same `h` for every unit.
    Fixed(Length),
    /// `h_i` is the distance from unit `i` to its k-th nearest neighbour.
    Nearest(usize),
}

/// Weights and what a user must be told about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// The matrix, not scaled.
    pub weights: Weights,
    /// About lengths in degrees and bands that leave islands.
    pub warnings: Vec<Warning>,
}
