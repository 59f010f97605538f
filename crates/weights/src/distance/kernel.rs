//! Weights that fall with distance by a kernel function.

use std::f64::consts::TAU;

use durbin_core::Units;

use super::band::Reach;
use super::links::Links;
use super::located::Located;
use super::{Band, Bandwidth, Built};
use crate::Error;

/// A kernel `K(z)` of the distance relative to the bandwidth, `z = d/h`; zero beyond `z = 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// `1/2`.
    Uniform,
    /// `1 − z`.
    Triangular,
    /// `3/4·(1 − z²)`.
    Epanechnikov,
    /// `15/16·(1 − z²)²`.
    Quartic,
    /// `(2π)^−½·exp(−z²/2)`, cut off at the bandwidth as in PySAL and GeoDa.
    Gaussian,
}

impl Kernel {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Uniform, Self::Triangular, Self::Epanechnikov, Self::Quartic, Self::Gaussian];

    /// As typed: `uniform`, `triangular`, `epanechnikov`, `quartic` or `gaussian`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Gaussian => "gaussian",
        }
    }

    /// `K(z)` for `z ≥ 0`.
    pub fn at(self, z: f64) -> f64 {
        if z > 1.0 {
            return 0.0;
        }
        let rest = 1.0 - z * z;
        match self {
            Self::Uniform => 0.5,
            Self::Triangular => 1.0 - z,
            Self::Epanechnikov => 0.75 * rest,
            Self::Quartic => 15.0 / 16.0 * rest * rest,
            Self::Gaussian => (-0.5 * z * z).exp() / TAU.sqrt(),
        }
    }
}

/// Kernel weights of `n` units: `w_ij = K(d_ij / h_i)` for the neighbours `j` of `i`, and the unit itself
/// with `w_ii = K(0)`, as in PySAL and GeoDa.
///
/// With a [fixed](Bandwidth::Fixed) bandwidth the neighbours are all units with `d_ij ≤ h` and W is symmetric;
/// the length is read as by [`band`](super::band). With an [adaptive](Bandwidth::Nearest) one they are
/// exactly the `k` nearest, as in [`nearest`](super::nearest), and `h_i` is the distance to the last of them.
/// At `d = h` the triangular, Epanechnikov and quartic kernels are zero: the link stays, with weight zero.
/// (PySAL lengthens adaptive bandwidths by 10⁻⁷, so its weight there is just above zero.)
///
/// # Errors
/// [`Error::ZeroBandwidth`] for a fixed bandwidth of zero, [`Error::CoincidentNeighbors`] where the `k`
/// nearest units are at the same point; otherwise as [`band`](super::band) and [`nearest`](super::nearest).
pub fn kernel(units: &Units, kernel: Kernel, bandwidth: Bandwidth) -> Result<Built, Error> {
    let located = Located::new(units)?;
    match bandwidth {
        Bandwidth::Fixed(length) => {
            let reach = Reach::of(&located, Band::Within(length))?;
            let h = reach.radius;
            if h <= 0.0 {
                return Err(Error::ZeroBandwidth { length });
            }
            let (links, warnings) = reach.links(&located, true);
            let kind = format!("kernel:{}:{length}", kernel.name());
            let weights = links.weighted(&located, kind, |_, distance| kernel.at(distance / h));
            Ok(Built { weights, warnings })
        }
        Bandwidth::Nearest(k) => {
            located.need(k)?;
            let links = Links::new(&located, |row, found| {
                located.nearest(row, k, found);
                found.push((row, 0.0));
            });
            let bandwidths = adaptive(&located, &links, k)?;
            let kind = format!("kernel:{}:knn:{k}", kernel.name());
            let weight = |row: usize, distance: f64| kernel.at(distance / bandwidths[row]);
            let weights = links.weighted(&located, kind, weight);
            Ok(Built { weights, warnings: Vec::new() })
        }
    }
}

/// The distance of the furthest neighbour of each row.
fn adaptive(located: &Located, links: &Links, k: usize) -> Result<Vec<f64>, Error> {
    let ids = &located.units.ids;
    let bandwidths: Vec<f64> = (0..ids.len())
        .map(|row| links.row(row).1.iter().fold(0.0, |most: f64, &distance| most.max(distance)))
        .collect();
    let none = (0..).zip(&bandwidths).find(|(row, h)| **h <= 0.0 && located.point(*row).is_some());
    match none {
        Some((row, _)) => Err(Error::CoincidentNeighbors { id: ids[row as usize].clone(), k }),
        None => Ok(bandwidths),
    }
}
