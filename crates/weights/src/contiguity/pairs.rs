//! Pairs of units, collected in any order, and the symmetric matrix of them.

use rayon::prelude::*;

use crate::{Transform, Weights};

/// Pairs of different units, each at least once.
pub struct Pairs {
    /// The lesser unit in the high half.
    found: Vec<u64>,
    /// Some that were added last, by their hash: along a border the same come again and again.
    recent: [u64; RECENT],
    /// How many were left when repeated ones were last removed.
    distinct: usize,
}

/// As many pairs may be held before repeated ones are looked for.
const FEW: usize = 1 << 20;
const RECENT: usize = 256;
const ROWS_AT_A_TIME: usize = 4096;

impl Default for Pairs {
    fn default() -> Self {
        // No pair of different units is zero.
        Self { found: Vec::new(), recent: [0; RECENT], distinct: 0 }
    }
}

impl Pairs {
    /// Adds `i` and `j`, unless they are one.
    pub fn add(&mut self, i: u32, j: u32) {
        if i == j {
            return;
        }
        let pair = (u64::from(i.min(j)) << 32) | u64::from(i.max(j));
        if std::mem::replace(&mut self.recent[hash(pair)], pair) == pair {
            return;
        }
        // A thousand copies of a thousand vertices are a milliard pairs, but not as many different ones.
        if self.found.len() >= FEW.max(2 * self.distinct) {
            self.found.sort_unstable();
            self.found.dedup();
            self.distinct = self.found.len();
        }
        self.found.push(pair);
    }

    fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.found.iter().map(|&pair| {
            let [a, b, c, d, e, f, g, h] = pair.to_be_bytes();
            (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))
        })
    }
}

/// A place among the recent ones, from the eight highest bits of a product (Knuth's multiplicative hash).
fn hash(pair: u64) -> usize {
    (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize
}

/// The binary matrix in which the units of each pair are neighbours, whatever the order of the pairs.
pub fn symmetric(ids: Vec<String>, pairs: Vec<Pairs>, kind: &str) -> Weights {
    let n = ids.len();
    let (mut unsorted, starts) = both_ways(n, &pairs);
    drop(pairs);
    let mut rest = unsorted.as_mut_slice();
    let mut blocks = Vec::with_capacity(n.div_ceil(ROWS_AT_A_TIME));
    for first in (0..n).step_by(ROWS_AT_A_TIME) {
        let starts = &starts[first..=n.min(first + ROWS_AT_A_TIME)];
        let (columns, later) = rest.split_at_mut(starts[starts.len() - 1] - starts[0]);
        blocks.push((starts, columns));
        rest = later;
    }
    let sorted: Vec<(Vec<usize>, &[u32])> =
        blocks.into_par_iter().map(|(starts, columns)| distinct_rows(starts, columns)).collect();
    let mut offsets = Vec::with_capacity(n + 1);
    offsets.push(0);
    let mut columns = Vec::with_capacity(sorted.iter().map(|(_, columns)| columns.len()).sum());
    for (ends, kept) in sorted {
        offsets.extend(ends.iter().map(|end| columns.len() + end));
        columns.extend_from_slice(kept);
    }
    drop(unsorted);
    let values = vec![1.0; columns.len()];
    Weights::from_csr(ids, offsets, columns, values, kind, Transform::Binary)
}

/// The partners of each unit in the order of the pairs, and where each unit's begin.
fn both_ways(n: usize, pairs: &[Pairs]) -> (Vec<u32>, Vec<usize>) {
    let all = || pairs.iter().flat_map(Pairs::iter);
    let mut starts = vec![0; n + 1];
    for (i, j) in all() {
        starts[i as usize + 1] += 1;
        starts[j as usize + 1] += 1;
    }
    for row in 0..n {
        starts[row + 1] += starts[row];
    }
    let mut next = starts.clone();
    let mut columns = vec![0; starts[n]];
    let mut put = |row: u32, column: u32| {
        let at = &mut next[row as usize];
        columns[*at] = column;
        *at += 1;
    };
    for (i, j) in all() {
        put(i, j);
        put(j, i);
    }
    (columns, starts)
}

/// Sorts each row and moves its distinct columns to the front of the block: the ends of the rows there.
fn distinct_rows<'a>(starts: &[usize], columns: &'a mut [u32]) -> (Vec<usize>, &'a [u32]) {
    let mut end = 0;
    let ends = starts
        .windows(2)
        .map(|row| {
            let (from, to) = (row[0] - starts[0], row[1] - starts[0]);
            columns[from..to].sort_unstable();
            let first = end;
            for at in from..to {
                if end == first || columns[end - 1] != columns[at] {
                    columns[end] = columns[at];
                    end += 1;
                }
            }
            end
        })
        .collect();
    (ends, &columns[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_in_any_order_and_number_give_the_same_rows() {
        let pairs = |list: &[(u32, u32)]| {
            let mut pairs = Pairs::default();
            for &(i, j) in list {
                pairs.add(i, j);
            }
            pairs
        };
        let ids: Vec<String> = (0..4).map(|i| i.to_string()).collect();
        let split = vec![pairs(&[(3, 0), (0, 1)]), pairs(&[(1, 0), (0, 3), (2, 2)])];
        let weights = symmetric(ids.clone(), split, "queen");
        assert_eq!(weights, symmetric(ids, vec![pairs(&[(0, 1), (0, 3)])], "queen"));
        assert_eq!(weights.row(0), (&[1, 3][..], &[1.0, 1.0][..]));
        assert_eq!(weights.islands(), [2]);
    }
}
