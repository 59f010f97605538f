//! `BB'` for `B = I − λM` and any λ, on one pattern with one analysis.

use std::sync::Arc;

use durbin_core::linalg::sparse::{Analysis, SparseMatrix};
use durbin_weights::Weights;

use crate::{Error, similar::sparse};

/// Most entries of BB' that are held: its two parts and their links take some gigabytes.
const MOST_ENTRIES: usize = 40_000_000;

/// Most multiplications of one factorisation, of which a fit needs some fifty: about five seconds each.
const MOST_OPERATIONS: f64 = 3e10;

/// `BB' = I − λ(M + M') + λ²MM'`, `n × n`.
#[derive(Debug)]
pub(crate) struct Square {
    pub m: SparseMatrix,
    pub transposed: SparseMatrix,
    offsets: Vec<usize>,
    columns: Vec<u32>,
    /// Of each entry its values in I, `M + M'` and `MM'`.
    values: Vec<[f64; 3]>,
    analysis: Arc<Analysis>,
}

impl Square {
    /// # Errors
    /// [`Error::TooManyPairs`] where a factor of BB' would not fit or take too long.
    pub(crate) fn new(m: &Weights) -> Result<Self, Error> {
        let m = sparse(m, |_, _, w| w);
        let transposed = m.transposed();
        let n = m.n();
        let pairs = |i: usize| -> usize {
            m.row(i).0.iter().map(|&k| transposed.row(k as usize).0.len()).sum()
        };
        let too_many = |entries| Error::TooManyPairs { n, entries };
        let most: usize = (0..n).map(|i| pairs(i).min(n)).sum();
        if most > MOST_ENTRIES {
            return Err(too_many(most));
        }
        let (mut offsets, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        let mut row = vec![[0.0; 3]; n];
        let mut there = vec![false; n];
        let mut reached: Vec<u32> = Vec::new();
        for i in 0..n {
            let mut add = |j: u32, which: usize, value: f64| {
                if !std::mem::replace(&mut there[j as usize], true) {
                    reached.push(j);
                }
                row[j as usize][which] += value;
            };
            for (links, weights) in [m.row(i), transposed.row(i)] {
                for (&j, &weight) in links.iter().zip(weights) {
                    add(j, 1, weight);
                }
            }
            let (through, weights) = m.row(i);
            for (&k, &forth) in through.iter().zip(weights) {
                let (links, back) = transposed.row(k as usize);
                for (&j, &back) in links.iter().zip(back) {
                    add(j, 2, forth * back);
                }
            }
            add(u32::try_from(i).map_err(|_| too_many(most))?, 0, 1.0);
            reached.sort_unstable();
            for j in reached.drain(..) {
                columns.push(j);
                values.push(std::mem::take(&mut row[j as usize]));
                there[j as usize] = false;
            }
            offsets.push(columns.len());
        }
        let ones = vec![1.0; columns.len()];
        let pattern = SparseMatrix::new(offsets.clone(), columns.clone(), ones);
        let analysis = Arc::new(Analysis::new(&pattern, true)?);
        if analysis.operations() > MOST_OPERATIONS {
            return Err(too_many(columns.len()));
        }
        Ok(Self { m, transposed, offsets, columns, values, analysis })
    }

    pub(crate) fn n(&self) -> usize {
        self.m.n()
    }

    /// `BB'`.
    pub(crate) fn at(&self, lambda: f64) -> Arc<Analysis> {
        Arc::new(self.analysed(|[one, sum, square]| one - lambda * (sum - lambda * square)))
    }

    /// `∂(BB')/∂λ = −(MB' + BM')`.
    pub(crate) fn slope(&self, lambda: f64) -> Analysis {
        self.analysed(|[_, sum, square]| 2.0 * lambda * square - sum)
    }

    fn analysed(&self, value: impl Fn([f64; 3]) -> f64) -> Analysis {
        let values = self.values.iter().map(|&parts| value(parts)).collect();
        let matrix = SparseMatrix::new(self.offsets.clone(), self.columns.clone(), values);
        self.analysis.with_values(&matrix)
    }

    /// `B·x`.
    pub(crate) fn filter(&self, lambda: f64, x: &[f64]) -> Vec<f64> {
        less(x, lambda, &self.m)
    }

    /// `B'·x`.
    pub(crate) fn filter_back(&self, lambda: f64, x: &[f64]) -> Vec<f64> {
        less(x, lambda, &self.transposed)
    }
}

fn less(x: &[f64], lambda: f64, m: &SparseMatrix) -> Vec<f64> {
    m.multiply(x).iter().zip(x).map(|(lagged, own)| own - lambda * lagged).collect()
}
