//! The spatial multiplier `S = (I − ρW)⁻¹` and what is summed over it.

mod dense;
mod iterative;
mod sparse;

use durbin_weights::Weights;
use ndarray::{Array1, Array2};

#[cfg(test)]
use crate::logdet::LogDet;
use crate::{Error, structure::Structure};
use dense::Dense;
use iterative::Iterative;
use sparse::Sparse;

/// `S = (I − ρW)⁻¹` and `G = WS`: as dense matrices, as a sparse factorisation, or as solutions by
/// iteration.
#[derive(Debug)]
pub(crate) struct Multiplier(Kind);

#[derive(Debug)]
enum Kind {
    Dense(Dense),
    Sparse(Sparse),
    Iterative(Iterative),
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
    /// By the method of the log-determinant that suits W.
    ///
    /// # Errors
    /// `I − ρW` is singular.
    #[cfg(test)]
    pub(crate) fn new(w: &Weights, rho: f64) -> Result<Self, Error> {
        LogDet::new(w)?.multiplier(rho)
    }

    pub(crate) fn dense(structure: &Structure, rho: f64) -> Result<Self, Error> {
        Ok(Self(Kind::Dense(Dense::new(&structure.w, rho)?)))
    }

    pub(crate) fn sparse(structure: &std::sync::Arc<Structure>, rho: f64) -> Result<Self, Error> {
        Ok(Self(Kind::Sparse(Sparse::new(structure, rho)?)))
    }

    pub(crate) fn iterative(
        structure: &std::sync::Arc<Structure>,
        rho: f64,
    ) -> Result<Self, Error> {
        Ok(Self(Kind::Iterative(Iterative::new(structure, rho)?)))
    }

    /// Traces of G, or of `F'GF` with F an orthonormal basis of the space orthogonal to `1`. The latter
    /// follow from `W·1 = 1`: one eigenvalue `1/(1 − ρ)` goes, and `tr(F'G'FF'GF)` is the squared length
    /// of G with its column means taken out.
    pub(crate) fn traces(&self, rho: f64, without_unit_root: bool) -> Traces {
        let [g, square, length] = match &self.0 {
            Kind::Dense(dense) => dense.traces(),
            Kind::Sparse(sparse) => sparse.traces(),
            Kind::Iterative(iterative) => iterative.traces(),
        };
        let full = Traces { g, squares: square + length };
        if !without_unit_root {
            return full;
        }
        let root = 1.0 / (1.0 - rho);
        let sums = match &self.0 {
            Kind::Dense(dense) => dense.column_sums(),
            Kind::Sparse(sparse) => sparse.column_sums(),
            Kind::Iterative(iterative) => iterative.column_sums(),
        };
        Traces {
            g: full.g - root,
            squares: full.squares - root * root - sums.dot(&sums) / sums.len() as f64,
        }
    }

    /// `G·v` for each period of `v`, `t × n`.
    pub(crate) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        match &self.0 {
            Kind::Dense(dense) => dense.lagged(v),
            Kind::Sparse(sparse) => sparse.lagged(v),
            Kind::Iterative(iterative) => iterative.lagged(v),
        }
    }

    /// `S·v` for each period of `v`, `t × n`: the response to `v` once feedback has run its course.
    pub(crate) fn response(&self, v: &Array2<f64>) -> Array2<f64> {
        match &self.0 {
            Kind::Dense(dense) => dense.response(v),
            Kind::Sparse(sparse) => sparse.response(v),
            Kind::Iterative(iterative) => iterative.response(v),
        }
    }

    /// Per-unit sums over `S` and `G = SW` and over their derivatives `GS` and `GG`.
    pub(crate) fn sums(&self) -> UnitSums {
        match &self.0 {
            Kind::Dense(dense) => dense.sums(),
            Kind::Sparse(sparse) => sparse.sums(),
            Kind::Iterative(iterative) => iterative.sums(),
        }
    }
}

/// `f` of every period, `t × n`, in parallel.
fn by_period(v: &Array2<f64>, f: impl Fn(&[f64]) -> Vec<f64> + Sync) -> Array2<f64> {
    use rayon::prelude::*;
    let rows: Vec<Vec<f64>> = v.rows().into_iter().map(|row| row.to_vec()).collect();
    let found: Vec<Vec<f64>> = rows.par_iter().map(|row| f(row)).collect();
    Array2::from_shape_fn(v.dim(), |(period, unit)| found[period][unit])
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

impl Sums {
    /// Over all units, `S` being applied by `solve` and `W` by `lag`.
    fn along(
        n: usize,
        solve: impl Fn(&[f64]) -> Vec<f64>,
        lag: impl Fn(&[f64]) -> Vec<f64>,
    ) -> Self {
        let s = solve(&vec![1.0; n]);
        let g = lag(&s);
        let ds = solve(&g);
        let dg = lag(&ds);
        Self { s: s.into(), g: g.into(), ds: ds.into(), dg: dg.into() }
    }
}

/// Diagonals, row sums and column sums.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnitSums {
    /// Of a method by iteration only the mean means anything.
    pub diagonal: Sums,
    pub rows: Sums,
    pub columns: Sums,
    /// Whether the diagonal is exact in every unit.
    pub exact: bool,
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
        Self { diagonal: sums(own), rows: sums(rows), columns: sums(columns), exact: true }
    }
}

#[cfg(test)]
mod tests;
