//! What one wants to know about a weights matrix before using it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Transform, Weights};

/// Counts and properties of a weights matrix; self links count neither as links nor as neighbours.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Where the matrix came from.
    pub kind: String,
    /// What its rows were scaled by.
    pub transform: Transform,
    /// Units `n`.
    pub n: usize,
    /// Directed links `i → j`, `i ≠ j`.
    pub links: usize,
    /// Units linked to themselves.
    pub self_links: usize,
    /// Their weight where it is the same for all of them.
    pub self_weight: Option<f64>,
    /// `100·(links + self_links) / n²`.
    pub percent_nonzero: f64,
    /// Fewest neighbours of a unit.
    pub min_cardinality: usize,
    /// `links / n`.
    pub mean_cardinality: f64,
    /// Most neighbours of a unit.
    pub max_cardinality: usize,
    /// Units by their number of neighbours.
    pub cardinality_histogram: BTreeMap<usize, usize>,
    /// Units without a neighbour.
    pub islands: usize,
    /// Their keys.
    pub island_ids: Vec<String>,
    /// Connected components, links taken in either direction; an island is one.
    pub components: usize,
    /// Whether every link has its reverse.
    pub symmetric_pattern: bool,
    /// Whether `w_ij = w_ji` for all pairs, to the last bit.
    pub symmetric: bool,
}

impl Summary {
    /// The summary of `weights`.
    pub fn of(weights: &Weights) -> Self {
        let n = weights.n_units();
        let cardinalities: Vec<usize> = (0..n).map(|i| weights.cardinality(i)).collect();
        let links: usize = cardinalities.iter().sum();
        let stored = weights.n_links();
        let units = n.max(1) as f64;
        let islands = weights.islands();
        let (symmetric_pattern, symmetric) = symmetry(weights);
        Self {
            kind: weights.kind.clone(),
            transform: weights.transform,
            n,
            links,
            self_links: stored - links,
            self_weight: self_weight(weights),
            percent_nonzero: 100.0 * stored as f64 / (units * units),
            min_cardinality: cardinalities.iter().copied().min().unwrap_or(0),
            mean_cardinality: links as f64 / units,
            max_cardinality: cardinalities.iter().copied().max().unwrap_or(0),
            cardinality_histogram: histogram(&cardinalities),
            islands: islands.len(),
            island_ids: islands.iter().map(|&i| weights.ids()[i].clone()).collect(),
            components: components(weights),
            symmetric_pattern,
            symmetric,
        }
    }
}

fn histogram(cardinalities: &[usize]) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for &neighbours in cardinalities {
        *counts.entry(neighbours).or_default() += 1;
    }
    counts
}

/// The weight of the self links, if there are any and all weigh the same.
fn self_weight(weights: &Weights) -> Option<f64> {
    let own = |i: usize| {
        let (columns, values) = weights.row(i);
        columns.iter().position(|&j| j as usize == i).map(|at| values[at])
    };
    let mut all = (0..weights.n_units()).filter_map(own);
    let first = all.next()?;
    all.all(|weight| weight.to_bits() == first.to_bits()).then_some(first)
}

/// Whether the links, and whether the weights too, are the same both ways.
fn symmetry(weights: &Weights) -> (bool, bool) {
    let (mut pattern, mut values) = (true, true);
    for i in 0..weights.n_units() {
        let (columns, row) = weights.row(i);
        for (&j, w) in columns.iter().zip(row) {
            let (back, reverse) = weights.row(j as usize);
            let at = back.binary_search_by(|&k| (k as usize).cmp(&i)).ok();
            pattern &= at.is_some();
            values &= at.is_some_and(|at| reverse[at].to_bits() == w.to_bits());
        }
    }
    (pattern, values)
}

/// Number of connected components by union-find with path halving.
fn components(weights: &Weights) -> usize {
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    let n = weights.n_units();
    let mut parent: Vec<usize> = (0..n).collect();
    let mut count = n;
    for i in 0..n {
        for &j in weights.row(i).0 {
            let (a, b) = (root(&mut parent, i), root(&mut parent, j as usize));
            if a != b {
                parent[a.max(b)] = a.min(b);
                count -= 1;
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(rows: Vec<Vec<(u32, f64)>>) -> Weights {
        let ids = (0..rows.len()).map(|i| format!("u{i}")).collect();
        Weights::from_rows(ids, rows, "test")
    }

    #[test]
    fn counts_leave_self_links_out() {
        let w = weights(vec![vec![(0, 1.0), (1, 1.0)], vec![(0, 1.0)], vec![(2, 1.0)], vec![]]);
        let summary = Summary::of(&w);
        assert_eq!((summary.n, summary.links, summary.self_links), (4, 2, 2));
        assert_eq!((summary.min_cardinality, summary.max_cardinality), (0, 1));
        assert_eq!((summary.mean_cardinality, summary.percent_nonzero), (0.5, 25.0));
        assert_eq!(summary.cardinality_histogram, [(0, 2), (1, 2)].into());
        assert_eq!(summary.self_weight, Some(1.0));
        assert_eq!(summary.island_ids, ["u2", "u3"]);
        assert_eq!(summary.islands, 2);
        assert_eq!(summary.components, 3);
    }

    #[test]
    fn a_link_without_reverse_is_asymmetric_and_unequal_weights_only_in_value() {
        let one_way = Summary::of(&weights(vec![vec![(1, 1.0)], vec![]]));
        assert_eq!((one_way.symmetric_pattern, one_way.symmetric), (false, false));
        let unequal = Summary::of(&weights(vec![vec![(1, 1.0)], vec![(0, 0.5)]]));
        assert_eq!((unequal.symmetric_pattern, unequal.symmetric), (true, false));
        let equal = Summary::of(&weights(vec![vec![(1, 0.5)], vec![(0, 0.5)]]));
        assert!(equal.symmetric);
        assert_eq!(one_way.components, 1);
    }
}
