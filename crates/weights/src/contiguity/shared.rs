//! The common case at once for all units: edges whose two ends agree to the bit.

use rayon::prelude::*;

use super::boundary::{Boundary, Point, compare};
use crate::weights::index;

struct Shared {
    low: Point,
    high: Point,
    unit: u32,
}

/// The pairs `(i, j)`, `i < j`, that have an edge in common, ascending and each once. Most neighbours of
/// a real layer are found here.
pub fn contacts(boundaries: &[Boundary]) -> Vec<(u32, u32)> {
    let mut edges: Vec<Shared> = boundaries
        .par_iter()
        .enumerate()
        .flat_map_iter(|(unit, boundary)| {
            boundary.edges.iter().map(move |edge| {
                let (low, high) = edge.ordered();
                Shared { low, high, unit: index(unit) }
            })
        })
        .collect();
    edges.par_sort_unstable_by(|a, b| {
        compare(a.low, b.low).then(compare(a.high, b.high)).then(a.unit.cmp(&b.unit))
    });
    let mut pairs: Vec<(u32, u32)> = edges
        .chunk_by(|a, b| (a.low, a.high) == (b.low, b.high))
        .flat_map(|group| {
            group.iter().enumerate().flat_map(move |(at, first)| {
                let others = group[at + 1..].iter().filter(|other| other.unit != first.unit);
                others.map(|other| (first.unit, other.unit))
            })
        })
        .collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}
