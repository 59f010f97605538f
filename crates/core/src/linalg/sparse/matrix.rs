//! Compressed sparse rows.

use rayon::prelude::*;

/// Links from which on a product is shared out over threads.
const MANY: usize = 100_000;

/// A square sparse matrix M in compressed rows, columns ascending and distinct within a row.
#[derive(Debug, Clone, PartialEq)]
pub struct SparseMatrix {
    offsets: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

impl SparseMatrix {
    /// The matrix of `offsets.len() − 1` rows whose row `i` has `values[k]` in `columns[k]` for `k` from
    /// `offsets[i]` to `offsets[i + 1]`.
    ///
    /// # Panics
    /// If the lengths contradict each other.
    pub fn new(offsets: Vec<usize>, columns: Vec<u32>, values: Vec<f64>) -> Self {
        assert_eq!(columns.len(), values.len(), "one column per value");
        assert_eq!(offsets.last().copied(), Some(values.len()), "offsets end with the values");
        Self { offsets, columns, values }
    }

    /// Rows, and columns, `n`.
    pub fn n(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Stored entries.
    pub fn n_entries(&self) -> usize {
        self.values.len()
    }

    /// Columns and values of row `i`.
    pub fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let range = self.offsets[i]..self.offsets[i + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// `M·x`. Each row is summed by one thread in column order.
    pub fn multiply(&self, x: &[f64]) -> Vec<f64> {
        let row = |i: usize| {
            let (columns, values) = self.row(i);
            columns.iter().zip(values).map(|(&j, v)| v * x[j as usize]).sum()
        };
        if self.n_entries() < MANY {
            (0..self.n()).map(row).collect()
        } else {
            (0..self.n()).into_par_iter().map(row).collect()
        }
    }

    /// `M'`.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let n = self.n();
        let mut offsets = vec![0; n + 1];
        for &j in &self.columns {
            offsets[j as usize + 1] += 1;
        }
        for i in 0..n {
            offsets[i + 1] += offsets[i];
        }
        let mut next = offsets.clone();
        let (mut columns, mut values) = (vec![0; self.n_entries()], vec![0.0; self.n_entries()]);
        for i in 0..n {
            let (js, vs) = self.row(i);
            for (&j, &v) in js.iter().zip(vs) {
                let at = next[j as usize];
                next[j as usize] += 1;
                columns[at] = super::index(i);
                values[at] = v;
            }
        }
        Self { offsets, columns, values }
    }
}
