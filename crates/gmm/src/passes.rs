//! Sums over units: cluster by cluster in a fixed order, so that they do not depend on the number of threads.

use std::ops::Range;

use ndarray::{Array1, Array2};
use rayon::prelude::*;

use crate::{model::Model, rows::Rows};

/// Units in order of cluster, and where each cluster begins.
#[derive(Debug)]
pub(crate) struct Clusters {
    order: Vec<usize>,
    bounds: Vec<usize>,
}

/// At most so many partial sums are held at once.
const PARTS: usize = 64;

impl Clusters {
    /// Every unit by itself, or the clusters given.
    pub fn new(n: usize, cluster: Option<&[usize]>) -> Self {
        let mut order: Vec<usize> = (0..n).collect();
        let Some(cluster) = cluster else {
            return Self { bounds: (0..=n).collect(), order };
        };
        order.sort_by_key(|&unit| (cluster[unit], unit));
        let mut bounds: Vec<usize> =
            (0..n).filter(|&at| at == 0 || cluster[order[at]] != cluster[order[at - 1]]).collect();
        bounds.push(n);
        Self { order, bounds }
    }

    /// Number of clusters.
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// The units of a cluster.
    pub fn units(&self, cluster: usize) -> &[usize] {
        &self.order[self.bounds[cluster]..self.bounds[cluster + 1]]
    }

    /// Adds up over clusters: `add` takes a part of the sum, room for rows, and the units of one cluster.
    pub fn sum<T: Send>(
        &self,
        model: &Model,
        zero: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, &mut Rows, &[usize]) + Sync,
        mut merge: impl FnMut(&mut T, T),
    ) -> T {
        let step = self.len().div_ceil(PARTS).max(16);
        let starts: Vec<usize> = (0..self.len()).step_by(step).collect();
        let part = |range: Range<usize>| {
            let mut part = zero();
            let mut rows = Rows::new(model);
            for cluster in range {
                add(&mut part, &mut rows, self.units(cluster));
            }
            part
        };
        let parts: Vec<T> = starts
            .into_par_iter()
            .map(|start| part(start..(start + step).min(self.len())))
            .collect();
        let mut total = zero();
        for part in parts {
            merge(&mut total, part);
        }
        total
    }
}

/// `a += b·b'`, lower triangle.
pub(crate) fn add_outer(a: &mut Array2<f64>, b: &[f64]) {
    let Some(a) = a.as_slice_mut() else { return };
    for ((i, &left), row) in b.iter().enumerate().zip(a.chunks_exact_mut(b.len())) {
        if left != 0.0 {
            row[..=i].iter_mut().zip(b).for_each(|(sum, right)| *sum += left * right);
        }
    }
}

/// Copies the lower triangle to the upper one.
pub(crate) fn mirror(a: &mut Array2<f64>) {
    for i in 0..a.nrows() {
        for j in 0..i {
            a[[j, i]] = a[[i, j]];
        }
    }
}

/// `y − Xb` of the rows.
pub(crate) fn residuals(rows: &Rows, b: &Array1<f64>) -> Vec<f64> {
    let k = b.len();
    (0..rows.len())
        .map(|r| {
            let fitted: f64 = rows.x[r * k..(r + 1) * k].iter().zip(b).map(|(x, b)| x * b).sum();
            rows.y[r] - fitted
        })
        .collect()
}

/// `sum += Z'e`, length l.
pub(crate) fn add_moments(sum: &mut [f64], rows: &Rows, e: &[f64]) {
    for (r, &e) in e.iter().enumerate() {
        for &(column, value) in rows.z(r) {
            sum[column] += value * e;
        }
    }
}

/// `sum += times·Z'X`, `l × k`.
pub(crate) fn add_cross(sum: &mut Array2<f64>, rows: &Rows, k: usize, times: f64) {
    let Some(sum) = sum.as_slice_mut() else { return };
    for (r, x) in rows.x.chunks_exact(k).enumerate() {
        for &(column, value) in rows.z(r) {
            let value = times * value;
            let row = &mut sum[column * k..][..k];
            row.iter_mut().zip(x).for_each(|(sum, x)| *sum += value * x);
        }
    }
}
