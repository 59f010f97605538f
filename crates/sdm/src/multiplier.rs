//! The spatial multiplier `S = (I − ρW)⁻¹` and what is summed over it.

use durbin_core::linalg::inverse;
use durbin_weights::Weights;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Zip};

use crate::{Error, logdet::dense};

/// `S = (I − ρW)⁻¹` and `G = WS`, dense `n × n`. Being functions of W, they commute: with each other
/// and with W.
#[derive(Debug)]
pub(crate) struct Multiplier {
    s: Array2<f64>,
    g: Array2<f64>,
}

/// Traces in the information matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Traces {
    /// `tr G`.
    pub g: f64,
    /// `tr(GG) + tr(G'G)`.
    pub squares: f64,
}

impl Multiplier {
    /// # Errors
    /// `I − ρW` is singular.
    pub(crate) fn new(w: &Weights, rho: f64) -> Result<Self, Error> {
        let mut system = dense(w) * -rho;
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
        Ok(Self { s, g })
    }

    /// Traces of G, or of `F'GF` with F an orthonormal basis of the space orthogonal to `1`. The latter
    /// follow from `W·1 = 1`: one eigenvalue `1/(1 − ρ)` goes, and `tr(F'G'FF'GF)` is the squared length
    /// of G with its column means taken out.
    pub(crate) fn traces(&self, rho: f64, without_unit_root: bool) -> Traces {
        let length: f64 = self.g.iter().map(|v| v * v).sum();
        let full = Traces {
            g: self.g.diag().sum(),
            squares: product_diagonal(&self.g.view(), &self.g.view()).sum() + length,
        };
        if !without_unit_root {
            return full;
        }
        let root = 1.0 / (1.0 - rho);
        let sums = self.g.sum_axis(ndarray::Axis(0));
        Traces {
            g: full.g - root,
            squares: full.squares - root * root - sums.dot(&sums) / sums.len() as f64,
        }
    }

    /// `G·v` for each period of `v`, `t × n`.
    pub(crate) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        v.dot(&self.g.t())
    }

    /// `S·v` for each period of `v`, `t × n`: the response to `v` once feedback has run its course.
    pub(crate) fn response(&self, v: &Array2<f64>) -> Array2<f64> {
        v.dot(&self.s.t())
    }

    /// Per-unit sums over `S` and `G = SW` and over their derivatives `GS` and `GG`.
    pub(crate) fn sums(&self) -> UnitSums {
        let ones = Array1::ones(self.s.nrows());
        let along = |s: ArrayView2<f64>, g: ArrayView2<f64>| {
            let (s_one, g_one) = (s.dot(&ones), g.dot(&ones));
            Sums { ds: g.dot(&s_one), dg: g.dot(&g_one), s: s_one, g: g_one }
        };
        let (s, g) = (self.s.view(), self.g.view());
        UnitSums {
            diagonal: Sums {
                s: s.diag().to_owned(),
                g: g.diag().to_owned(),
                ds: product_diagonal(&g, &s),
                dg: product_diagonal(&g, &g),
            },
            rows: along(s, g),
            columns: along(s.reversed_axes(), g.reversed_axes()),
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

/// One number per unit from each of four matrices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sums {
    /// From S: `∂/∂β` of an effect `βS + θG`.
    pub s: Array1<f64>,
    /// From G: `∂/∂θ`.
    pub g: Array1<f64>,
    /// From `dS/dρ = GS`.
    pub ds: Array1<f64>,
    /// From `dG/dρ = GG`.
    pub dg: Array1<f64>,
}

/// Diagonals, row sums and column sums.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnitSums {
    pub diagonal: Sums,
    pub rows: Sums,
    pub columns: Sums,
}

impl UnitSums {
    /// Without a lag of the response `S = I` and `G = W`, and nothing depends on ρ.
    pub(crate) fn without_feedback(w: &Weights) -> Self {
        let n = w.n_units();
        let (mut own, mut rows, mut columns) =
            (Array1::zeros(n), Array1::zeros(n), Array1::zeros(n));
        for i in 0..n {
            let (neighbours, values) = w.row(i);
            for (&j, &weight) in neighbours.iter().zip(values) {
                rows[i] += weight;
                columns[j as usize] += weight;
                if j as usize == i {
                    own[i] += weight;
                }
            }
        }
        let sums = |g: Array1<f64>| Sums {
            s: Array1::ones(n),
            g,
            ds: Array1::zeros(n),
            dg: Array1::zeros(n),
        };
        Self { diagonal: sums(own), rows: sums(rows), columns: sums(columns) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use durbin_weights::Transform;

    fn path() -> Weights {
        let rows = vec![
            vec![(1, 1.0)],
            vec![(0, 1.0), (2, 1.0)],
            vec![(1, 1.0), (3, 1.0)],
            vec![(2, 1.0), (0, 1.0)],
        ];
        let ids = (0..4).map(|i| i.to_string()).collect();
        Weights::from_rows(ids, rows, "path").transform(Transform::Row).unwrap()
    }

    /// Columns: an orthonormal basis of the vectors whose entries sum to zero (Helmert).
    fn helmert(n: usize) -> Array2<f64> {
        Array2::from_shape_fn((n, n - 1), |(i, j)| {
            let m = (j + 1) as f64;
            let length = (m * (m + 1.0)).sqrt();
            match i.cmp(&(j + 1)) {
                std::cmp::Ordering::Less => 1.0 / length,
                std::cmp::Ordering::Equal => -m / length,
                std::cmp::Ordering::Greater => 0.0,
            }
        })
    }

    #[test]
    fn traces_without_the_unit_root_are_those_of_the_projected_matrix() {
        let rho = 0.4;
        let multiplier = Multiplier::new(&path(), rho).unwrap();
        let f = helmert(4);
        let projected = f.t().dot(&multiplier.g).dot(&f);
        let traces = multiplier.traces(rho, true);
        assert!((traces.g - projected.diag().sum()).abs() < 1e-14);
        let squares =
            projected.dot(&projected).diag().sum() + projected.t().dot(&projected).diag().sum();
        assert!((traces.squares - squares).abs() < 1e-14);
    }

    #[test]
    fn without_feedback_the_sums_are_those_of_a_multiplier_at_zero() {
        let w = path();
        let at_zero = Multiplier::new(&w, 0.0).unwrap().sums();
        let sparse = UnitSums::without_feedback(&w);
        for (a, b) in [
            (&at_zero.diagonal, &sparse.diagonal),
            (&at_zero.rows, &sparse.rows),
            (&at_zero.columns, &sparse.columns),
        ] {
            assert!((&a.s - &b.s).iter().chain((&a.g - &b.g).iter()).all(|v| v.abs() < 1e-15));
        }
    }
}
