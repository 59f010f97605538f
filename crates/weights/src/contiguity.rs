//! Contiguity: which polygons touch.
//!
//! Two units are in *contact* where a vertex of one lies on the boundary of the other: at a common
//! vertex, a T-junction, or along a common piece of edge. For polygons that do not overlap this is the OGC
//! relation *touches*. Overlap does not undo it, as it does not in spdep, PySAL and GeoDa: units digitised with a
//! sliver of overlap, and duplicates, stay neighbours. Boundaries that merely cross are not in contact.
//!
//! All of it is exact on the coordinates as they come: no snapping, no tolerance, orientation signs by
//! adaptive-precision predicates (Shewchuk 1997, *Discrete & Computational Geometry* 18).

mod meeting;
mod outline;
mod pairs;
mod segment;
mod snap;
mod strips;
mod sweep;

use durbin_core::Units;

use crate::{Error, Weights};
use outline::Outlines;
pub use snap::contiguity_within;

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
    within_limits(units)?;
    let outlines = Outlines::new(units)?;
    let pairs = meeting::pairs(&outlines, kind);
    drop(outlines);
    Ok(pairs::symmetric(units.ids.clone(), pairs, kind.name()))
}

/// Rows are numbered in 32 bits.
fn within_limits(units: &Units) -> Result<(), Error> {
    let n = units.len();
    if u32::try_from(n).is_err() { Err(Error::TooManyUnits { n }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use durbin_core::{Layer, Metadata, Units};
    use geo_types::Geometry;

    /// Units `0`, `1`, … with these shapes.
    pub fn units(shapes: Vec<Option<Geometry<f64>>>) -> Units {
        let layer = Layer {
            name: "test".into(),
            crs: None,
            undefined_crs: None,
            geometry_type: "GEOMETRY".into(),
            fid_column: None,
            geometry_column: None,
            fids: (0..).take(shapes.len()).collect(),
            geometry: vec![None; shapes.len()],
            columns: Vec::new(),
            style: None,
            metadata: Metadata::default(),
        };
        Units::new(layer, shapes, None).unwrap()
    }
}
