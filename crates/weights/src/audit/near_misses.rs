//! Pairs of units that nearly touch.

use std::collections::HashSet;

use geo_types::{Coord, Line, Rect};
use rayon::prelude::*;

use super::ground::{Ground, Ruler};
use super::index::OutlineIndex;
use super::nearest::nearest;
use super::outline::Outline;
use crate::Weights;

/// Two units that come near each other and do not touch.
#[derive(Debug, Clone, PartialEq)]
pub struct NearMiss {
    /// Rows of the two units, ascending.
    pub units: [usize; 2],
    /// From the nearest point of the first to that of the second.
    pub line: Line<f64>,
    /// Its length in metres, or in coordinate units on a layer without reference system.
    pub distance: f64,
    /// Rows of the units that cover the middle of the line: they lie between.
    pub between: Vec<usize>,
}

/// Pairs no farther apart than `tolerance` that are neither in `contact` nor `overlapping`, by row.
pub fn near_misses(
    outlines: &[Outline],
    index: &OutlineIndex,
    contact: &Weights,
    overlapping: &HashSet<[usize; 2]>,
    (ground, ruler): (Ground, &Ruler),
    tolerance: f64,
) -> Vec<NearMiss> {
    let of_unit = |i: usize| {
        let Some(extent) = outlines[i].extent() else { return Vec::new() };
        let mut found = Vec::new();
        for j in index.meeting(grown(extent, ground, tolerance)).into_iter().filter(|&j| j > i) {
            let touching = contact.row(i).0.binary_search(&crate::weights::index(j)).is_ok();
            if touching || overlapping.contains(&[i, j]) {
                continue;
            }
            let Some(pair) = nearest(&outlines[i], &outlines[j], ground, tolerance) else {
                continue;
            };
            let distance = ruler.distance(pair.from, pair.to);
            if pair.distance > 0.0 {
                let middle = (pair.from + pair.to) / 2.0;
                let mut between = index.containing(middle, outlines);
                between.retain(|&row| row != i && row != j);
                let line = Line::new(pair.from, pair.to);
                found.push(NearMiss { units: [i, j], line, distance, between });
            }
        }
        found
    };
    (0..outlines.len()).into_par_iter().flat_map_iter(of_unit).collect()
}

/// `extent` and what lies within `distance` of it on the ground.
fn grown(extent: Rect<f64>, ground: Ground, distance: f64) -> Rect<f64> {
    let (low, high) = (extent.min(), extent.max());
    let [_, along_y] = ground.least_scale(low.y, high.y);
    let y = distance / along_y;
    let [along_x, _] = ground.least_scale(low.y - y, high.y + y);
    let x = distance / along_x;
    Rect::new(Coord { x: low.x - x, y: low.y - y }, Coord { x: high.x + x, y: high.y + y })
}
