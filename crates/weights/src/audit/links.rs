//! Links as lines, and units without any.

use geo_types::{Coord, Line};
use rayon::prelude::*;

use super::ground::{Ground, Ruler};
use super::index::OutlineIndex;
use super::outline::Outline;
use super::seen::seen;
use crate::Weights;

/// Two units that W links in at least one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Rows of the two units, ascending; the other way round where W links only the later to the earlier.
    pub units: [usize; 2],
    /// Between their representative points, or points inside where these are not on the unit; `None` where a
    /// unit has no geometry.
    pub line: Option<Line<f64>>,
    /// Between their representative points in metres, or in coordinate units on a layer without reference
    /// system: the distance that weights rest on.
    pub distance: Option<f64>,
    /// `w_ij`.
    pub weight: f64,
    /// `w_ji`; `None` where W has no such link.
    pub weight_back: Option<f64>,
}

/// A unit without neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct Island {
    /// Row of the unit.
    pub unit: usize,
    /// Row of the unit whose boundary is nearest and its distance in metres (or coordinate units); `None`
    /// for units without area and where there is no other.
    pub nearest: Option<(usize, f64)>,
}

/// Every pair that W links, once, by row. Self links are no lines.
pub fn links(
    weights: &Weights,
    points: &[Option<[f64; 2]>],
    outlines: &[Outline],
    ruler: &Ruler,
) -> Vec<Link> {
    let ends: Vec<Option<Coord>> = points
        .par_iter()
        .zip(outlines)
        .map(|(point, outline)| point.map(|point| seen(outline, point.into())))
        .collect();
    let stored = |i: usize, j: usize| {
        let (columns, values) = weights.row(i);
        columns.binary_search(&crate::weights::index(j)).ok().map(|at| values[at])
    };
    let ends = &ends;
    let of_row = |i: usize| {
        let (columns, values) = weights.row(i);
        let row = columns.iter().map(|&j| j as usize).zip(values);
        // A pair linked both ways is told by its first row.
        let first = row.filter(move |&(j, _)| j > i || (j < i && stored(j, i).is_none()));
        let link = move |(j, &weight)| {
            let [from, to] = [i, j].map(|row| points[row].map(Coord::from));
            let line = ends[i].zip(ends[j]).map(|(from, to)| Line::new(from, to));
            let distance = from.zip(to).map(|(from, to)| ruler.distance(from, to));
            Link { units: [i, j], line, distance, weight, weight_back: stored(j, i) }
        };
        first.map(link).collect::<Vec<_>>()
    };
    (0..weights.n_units()).into_par_iter().flat_map_iter(of_row).collect()
}

/// Units that W links to no other, each with the unit nearest to it.
pub fn islands(
    weights: &Weights,
    outlines: &[Outline],
    index: &OutlineIndex,
    (ground, ruler): (Ground, &Ruler),
) -> Vec<Island> {
    let island = |unit: usize| {
        let nearest = index.nearest_to(unit, outlines, ground);
        let nearest = nearest.map(|(row, found)| (row, ruler.distance(found.from, found.to)));
        Island { unit, nearest }
    };
    weights.islands().into_par_iter().map(island).collect()
}
