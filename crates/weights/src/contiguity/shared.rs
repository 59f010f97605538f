//! The common case at once for all units: edges whose two ends agree to the bit.

use rayon::prelude::*;

use super::boundary::{Boundary, Edge, Point, compare};
use crate::weights::index;

struct Shared {
    low: Point,
    high: Point,
    forward: bool,
    unit: u32,
}

/// The pairs `(i, j)`, `i < j`, that have an edge in common with their interiors on either side of it,
/// ascending and each once. Most neighbours of a real layer are found here.
pub fn contacts(boundaries: &[Boundary]) -> Vec<(u32, u32)> {
    let mut edges: Vec<Shared> = boundaries
        .par_iter()
        .enumerate()
        .flat_map_iter(|(unit, boundary)| {
            let outer = boundary.edges.iter().filter(|edge| !edge.internal);
            outer.map(move |edge| shared(index(unit), edge))
        })
        .collect();
    edges.par_sort_unstable_by(|a, b| {
        compare(a.low, b.low)
            .then(compare(a.high, b.high))
            .then(a.forward.cmp(&b.forward))
            .then(a.unit.cmp(&b.unit))
    });
    let mut pairs: Vec<(u32, u32)> = edges
        .chunk_by(|a, b| (a.low, a.high) == (b.low, b.high))
        .flat_map(|group| {
            let (backward, forward) = group.split_at(group.partition_point(|edge| !edge.forward));
            backward.iter().flat_map(move |a| {
                let sides = forward.iter().map(move |b| (a.unit, b.unit));
                sides.map(|(i, j)| (i.min(j), i.max(j)))
            })
        })
        .collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

fn shared(unit: u32, edge: &Edge) -> Shared {
    let (low, high, forward) = edge.ordered();
    Shared { low, high, forward, unit }
}
