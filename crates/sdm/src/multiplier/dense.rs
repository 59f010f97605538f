//! By the inverse itself, for few units.

use durbin_core::linalg::{inverse, sparse::SparseMatrix};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip};

use super::{Sums, UnitSums};
use crate::{Error, logdet::dense_of};

/// `G = W(I − ρW)⁻¹`, dense `n × n`.
#[derive(Debug)]
pub(super) struct Dense {
    g: Array2<f64>,
}

impl Dense {
    pub(super) fn new(w: &SparseMatrix, rho: f64) -> Result<Self, Error> {
        let mut system = dense_of(w) * -rho;
        system.diag_mut().map_inplace(|v| *v += 1.0);
        let s = inverse(&system, "I − ρW")?;
        drop(system);
        let mut g = Array2::zeros(s.raw_dim());
        for (i, mut row) in g.rows_mut().into_iter().enumerate() {
            let (columns, values) = w.row(i);
            for (&j, &weight) in columns.iter().zip(values) {
                row.scaled_add(weight, &s.row(j as usize));
            }
        }
        Ok(Self { g })
    }

    /// `tr G`, `tr GG` and `tr G'G`.
    pub(super) fn traces(&self) -> [f64; 3] {
        let length: f64 = self.g.iter().map(|v| v * v).sum();
        let square = product_diagonal(&self.g.view(), &self.g.view()).sum();
        [self.g.diag().sum(), square, length]
    }

    /// The diagonal of G.
    pub(super) fn diagonal(&self) -> Array1<f64> {
        self.g.diag().to_owned()
    }

    /// `tr((W + W')G)`.
    pub(super) fn mixed(&self, w: &SparseMatrix) -> f64 {
        let row = |i: usize| {
            let (columns, values) = w.row(i);
            let both = |j: usize| self.g[[j, i]] + self.g[[i, j]];
            columns.iter().zip(values).map(|(&j, value)| value * both(j as usize)).sum::<f64>()
        };
        (0..w.n()).map(row).sum()
    }

    /// `G·v` for each period of `v`, `t × n`.
    pub(super) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        v.dot(&self.g.t())
    }

    /// `G'·v` for each period of `v`, `t × n`.
    pub(super) fn lagged_back(&self, v: &Array2<f64>) -> Array2<f64> {
        v.dot(&self.g)
    }

    pub(super) fn sums(&self, rho: f64) -> UnitSums {
        let along = |g: ArrayView2<f64>| {
            let once = g.sum_axis(Axis(1));
            Sums { dg: g.dot(&once), g: once }
        };
        let g = self.g.view();
        UnitSums {
            rho,
            diagonal: Sums { g: g.diag().to_owned(), dg: product_diagonal(&g, &g) },
            rows: along(g),
            columns: along(g.reversed_axes()),
        }
    }
}

/// The diagonal of `AB`, without forming the product.
fn product_diagonal(a: &ArrayView2<f64>, b: &ArrayView2<f64>) -> Array1<f64> {
    let mut diagonal = Array1::zeros(a.nrows());
    Zip::from(&mut diagonal)
        .and(a.rows())
        .and(b.columns())
        .for_each(|to, row: ArrayView1<f64>, column: ArrayView1<f64>| *to = row.dot(&column));
    diagonal
}
