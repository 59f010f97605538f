//! Where a map is wrong: why two units are not neighbours, or are.

mod arrangement;
mod cover;
mod edges;
mod faces;
mod ground;
mod index;
mod invalid;
mod links;
mod near_misses;
mod nearest;
mod outline;
mod seen;

use std::collections::HashSet;

use durbin_core::{Units, Warning};
use geo_types::Geometry;
use rayon::prelude::*;

pub use cover::{Gap, Overlap};
pub use invalid::Invalid;
pub use links::{Island, Link};
pub use near_misses::NearMiss;

use crate::{Contiguity, Error, Length, Weights, contiguity, representative_points};
use ground::{Ground, Ruler};
use index::OutlineIndex;
use outline::Outline;

/// What an audit of `n` units and their weights found. Units are told by their row.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The links of W, by row.
    pub links: Vec<Link>,
    /// Units without neighbours in W.
    pub islands: Vec<Island>,
    /// Enclosed ground that no unit covers, the largest first. A gap that is open to the outside encloses
    /// nothing: its two sides are in `near_misses`.
    pub gaps: Vec<Gap>,
    /// Pairs of units that cover the same ground.
    pub overlaps: Vec<Overlap>,
    /// Pairs of units that come within `tolerance` and do not touch.
    pub near_misses: Vec<NearMiss>,
    /// Units with invalid geometry.
    pub invalid: Vec<Invalid>,
    /// Rows of the units without geometry: they cannot be drawn.
    pub empty: Vec<usize>,
    /// In metres, or in coordinate units on a layer without reference system.
    pub tolerance: f64,
    /// Whether lengths are in metres and areas in square metres; else in coordinate units.
    pub metres: bool,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// Looks for what is wrong in a map of `n` units and draws the links of `weights`, whatever kind they are.
///
/// Topology is computed in the layer's coordinates, edges straight between vertices: contact exactly as
/// [`contiguity`] has it, gaps and overlaps from the number of units that cover each face of all
/// borders together. Only computed crossings are rounded; faces no wider than that are left out.
/// Areas and distances are on the ground: on longitude and latitude, areas by the equal-area projection of
/// the ellipsoid and distances geodesic. Without `tolerance` pairs are near within one thousandth of
/// the side of a square as large as the median unit. Units of points or lines have links and islands only.
///
/// Invalid rings count as the ground they enclose. Where a unit crosses itself its outline is cut at the
/// rounded crossing, and a gap that was closed only by a vertex in the middle of such an edge may count as open.
///
/// # Errors
/// [`Error::NoRow`] for units without a row in `weights`, [`Error::NotFinite`] for a coordinate that is
/// no number, [`Error::LengthWithoutCrs`] and [`Error::LengthInDegrees`] for a tolerance that means nothing here.
pub fn audit(units: &Units, weights: &Weights, tolerance: Option<Length>) -> Result<Audit, Error> {
    let (weights, _) = weights.aligned(&units.ids)?;
    let crs = units.layer.crs.as_ref();
    let ground = Ground::of(crs);
    let ruler = Ruler::new(crs);
    let points = representative_points(units)?;
    let areal = units.shapes.iter().flatten().all(is_areal);
    let outlines: Vec<Outline> = if areal {
        let rows = (0..crate::weights::index(units.len())).into_par_iter();
        rows.zip(&units.shapes).map(|(row, shape)| Outline::new(shape.as_ref(), row)).collect()
    } else {
        vec![Outline::default(); units.len()]
    };
    let areas = cover::areas(&outlines, ground);
    let (tolerance, warning) = match tolerance {
        Some(length) => ruler.length(length)?,
        None => (cover::usual_tolerance(units, &areas), None),
    };
    let index = OutlineIndex::new(&outlines);
    let (gaps, doubled) = cover::gaps(&outlines, ground);
    let overlaps = cover::overlaps(&outlines, &index, &doubled, &areas, ground);
    let near_misses = if areal {
        let contact = contiguity(units, Contiguity::Queen)?;
        let pairs: HashSet<[usize; 2]> = overlaps.iter().map(|overlap| overlap.units).collect();
        let measures = (ground, &ruler);
        near_misses::near_misses(&outlines, &index, &contact, &pairs, measures, tolerance)
    } else {
        Vec::new()
    };
    Ok(Audit {
        links: links::links(&weights, &points, &outlines, &ruler),
        islands: links::islands(&weights, &outlines, &index, (ground, &ruler)),
        gaps,
        overlaps,
        near_misses,
        invalid: invalid::invalid(units),
        empty: (0..units.len()).filter(|&row| units.shapes[row].is_none()).collect(),
        tolerance,
        metres: crs.is_some(),
        warnings: warning.into_iter().collect(),
    })
}

fn is_areal(shape: &Geometry<f64>) -> bool {
    match shape {
        Geometry::GeometryCollection(members) => members.iter().all(is_areal),
        Geometry::Polygon(_)
        | Geometry::MultiPolygon(_)
        | Geometry::Rect(_)
        | Geometry::Triangle(_) => true,
        _ => false,
    }
}
