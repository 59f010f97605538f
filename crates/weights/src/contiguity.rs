//! Contiguity: which polygons touch.
//!
//! Two units are in *contact* where a vertex of one lies on the boundary of the other: at a common
//! vertex, a T-junction, or along a common piece of edge. For polygons that do not overlap this is the OGC
//! relation *touches*. Overlap does not undo it, as it does not in spdep, PySAL and GeoDa: units digitised with a
//! sliver of overlap, and duplicates, stay neighbours. Boundaries that merely cross are not in contact.
//!
//! All of it is exact on the coordinates as they come: no snapping, no tolerance, orientation signs by
//! adaptive-precision predicates (Shewchuk 1997, *Discrete & Computational Geometry* 18).

mod boundary;
mod contact;
mod segment;
mod shared;

use durbin_core::Units;
use rayon::prelude::*;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

use crate::{Error, Transform, Weights};
use boundary::Boundary;
use contact::Contact;

/// Which contact makes two polygons neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contiguity {
    /// A common boundary point suffices.
    Queen,
    /// A common piece of boundary of positive length is needed.
    Rook,
}

impl Contiguity {
    /// `queen` or `rook`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queen => "queen",
            Self::Rook => "rook",
        }
    }

    fn least(self) -> Contact {
        match self {
            Self::Queen => Contact::Point,
            Self::Rook => Contact::Edge,
        }
    }
}

/// Binary contiguity weights of `n` polygon units, symmetric, without self links; a unit without
/// geometry is an island.
///
/// Queen: `w_ij = 1` where the boundaries have a point of contact; rook: a piece of positive length.
/// T-junctions, edges split differently on either side, holes filled by another unit and multipart
/// units all count; rook ⊆ queen. Invalid rings are used as they came.
///
/// # Errors
/// [`Error::NotPolygons`] for a point or a line, [`Error::NotFinite`] for a coordinate that is no
/// number, [`Error::TooManyUnits`] beyond 2³² units.
pub fn contiguity(units: &Units, kind: Contiguity) -> Result<Weights, Error> {
    let n = units.len();
    if u32::try_from(n).is_err() {
        return Err(Error::TooManyUnits { n });
    }
    let boundaries = units
        .shapes
        .par_iter()
        .zip(&units.ids)
        .map(|(shape, id)| Boundary::new(id, shape.as_ref()))
        .collect::<Result<Vec<_>, Error>>()?;
    let settled = shared::contacts(&boundaries);
    let index = RTree::bulk_load(envelopes(&boundaries));
    let upper: Vec<Vec<u32>> = (0..crate::weights::index(n))
        .into_par_iter()
        .map(|i| neighbours_after(i, kind, &boundaries, &settled, &index))
        .collect();
    Ok(symmetric(units.ids.clone(), &upper, kind.name()))
}

type Envelope = GeomWithData<Rectangle<[f64; 2]>, u32>;

fn envelopes(boundaries: &[Boundary]) -> Vec<Envelope> {
    let boxes = (0..).zip(boundaries);
    boxes
        .filter_map(|(i, boundary)| {
            let extent = boundary.extent()?;
            Some(GeomWithData::new(Rectangle::from_corners(extent.min, extent.max), i))
        })
        .collect()
}

/// The neighbours `j > i` of unit `i`, ascending.
fn neighbours_after(
    i: u32,
    kind: Contiguity,
    boundaries: &[Boundary],
    settled: &[(u32, u32)],
    index: &RTree<Envelope>,
) -> Vec<u32> {
    let boundary = &boundaries[i as usize];
    let Some(extent) = boundary.extent() else {
        return Vec::new();
    };
    let near = index.locate_in_envelope_intersecting(&AABB::from_corners(extent.min, extent.max));
    let mut neighbours: Vec<u32> = near
        .map(|envelope| envelope.data)
        .filter(|&j| j > i)
        .filter(|&j| {
            settled.binary_search(&(i, j)).is_ok()
                || contact::between(boundary, &boundaries[j as usize], kind.least()) >= kind.least()
        })
        .collect();
    neighbours.sort_unstable();
    neighbours
}

fn symmetric(ids: Vec<String>, upper: &[Vec<u32>], kind: &str) -> Weights {
    let mut rows = vec![Vec::new(); ids.len()];
    for (i, neighbours) in (0u32..).zip(upper) {
        for &j in neighbours {
            rows[i as usize].push((j, 1.0));
            rows[j as usize].push((i, 1.0));
        }
    }
    let mut weights = Weights::from_rows(ids, rows, kind);
    weights.transform = Transform::Binary;
    weights
}
