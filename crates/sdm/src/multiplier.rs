//! The spatial multiplier `S = (I − ρW)⁻¹` and what is summed over it.

mod dense;
mod iterative;
mod sparse;

use std::sync::Arc;

use durbin_core::linalg::sparse::SparseMatrix;
use durbin_weights::Weights;
use ndarray::{Array1, Array2};

use crate::{Error, delta::Functional, logdet::LogDet, structure::Structure};
use dense::Dense;
use iterative::Iterative;
use sparse::Sparse;

/// `S = (I − ρW)⁻¹` and `G = WS`: as dense matrices, as a sparse factorisation, or as solutions by
/// iteration.
#[derive(Debug)]
pub(crate) struct Multiplier {
    kind: Kind,
    rho: f64,
    structure: Arc<Structure>,
    /// `tr G`, `tr GG` and `tr G'G`.
    traces: [f64; 3],
    /// Whether `W·1 = 1`, so that `G·1 = 1/(1 − ρ)·1`.
    standardised: bool,
}

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

    pub(crate) fn dense(structure: &Arc<Structure>, rho: f64) -> Result<Self, Error> {
        let dense = Dense::new(&structure.w, rho)?;
        Ok(Self::of(dense.traces(), Kind::Dense(dense), structure, rho))
    }

    /// With the first two traces as the log-determinant's derivatives give them.
    pub(crate) fn sparse(
        structure: &Arc<Structure>,
        rho: f64,
        [g, square]: [f64; 2],
    ) -> Result<Self, Error> {
        let (sparse, length) = Sparse::new(structure, rho, square)?;
        Ok(Self::of([g, square, length], Kind::Sparse(sparse), structure, rho))
    }

    pub(crate) fn iterative(structure: &Arc<Structure>, rho: f64) -> Result<Self, Error> {
        let iterative = Iterative::new(structure, rho);
        let traces = iterative.traces()?;
        Ok(Self::of(traces, Kind::Iterative(iterative), structure, rho))
    }

    fn of(traces: [f64; 3], kind: Kind, structure: &Arc<Structure>, rho: f64) -> Self {
        Self {
            kind,
            rho,
            structure: Arc::clone(structure),
            traces,
            standardised: structure.is_standardised(),
        }
    }

    pub(crate) fn n(&self) -> usize {
        self.structure.n()
    }

    pub(crate) fn rho(&self) -> f64 {
        self.rho
    }

    /// The W it is of.
    pub(crate) fn structure(&self) -> &Arc<Structure> {
        &self.structure
    }

    /// Whether traces and diagonals are exact.
    pub(crate) fn is_exact(&self) -> bool {
        !matches!(self.kind, Kind::Iterative(_))
    }

    /// Traces of G, or of `F'GF` with F an orthonormal basis of the space orthogonal to `1`. The latter
    /// follow from `W·1 = 1`: one eigenvalue `1/(1 − ρ)` goes, and `tr(F'G'FF'GF)` is the squared length
    /// of G with its column means taken out.
    pub(crate) fn traces(&self, without_unit_root: bool) -> Traces {
        let [g, square, length] = self.traces;
        let full = Traces { g, squares: square + length };
        if !without_unit_root {
            return full;
        }
        let root = 1.0 / (1.0 - self.rho);
        let sums = self.column_sums();
        Traces {
            g: full.g - root,
            squares: full.squares - root * root - sums.dot(&sums) / sums.len() as f64,
        }
    }

    /// `G·v` for each period of `v`, `t × n`.
    pub(crate) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        match &self.kind {
            Kind::Dense(dense) => dense.lagged(v),
            Kind::Sparse(sparse) => sparse.lagged(v),
            Kind::Iterative(iterative) => iterative.lagged(v),
        }
    }

    /// `G'·v` for each period of `v`, `t × n`.
    pub(crate) fn lagged_back(&self, v: &Array2<f64>) -> Array2<f64> {
        match &self.kind {
            Kind::Dense(dense) => dense.lagged_back(v),
            Kind::Sparse(sparse) => sparse.lagged_back(v),
            Kind::Iterative(iterative) => iterative.lagged_back(v),
        }
    }

    /// `(I − ρW)·v` for each period of `v`, `t × n`.
    pub(crate) fn filtered(&self, v: &Array2<f64>) -> Array2<f64> {
        v - &(multiplied(&self.structure.w, v) * self.rho)
    }

    /// `(I − ρW)'·v` for each period of `v`, `t × n`.
    pub(crate) fn filtered_back(&self, v: &Array2<f64>) -> Array2<f64> {
        v - &(multiplied(self.structure.transposed(), v) * self.rho)
    }

    /// The diagonal of G, where entries of the inverse are within reach.
    pub(crate) fn diagonal(&self) -> Option<Array1<f64>> {
        match &self.kind {
            Kind::Dense(dense) => Some(dense.diagonal()),
            Kind::Sparse(sparse) => sparse.diagonal(),
            Kind::Iterative(_) => None,
        }
    }

    /// `tr((W + W')G)`, of `PWP` and `PGP` if `centred`, with `P` the matrix that takes out the mean over units. Since
    /// `G = (S − I)/ρ`, `tr(WG) = (tr G − tr W)/ρ` and `tr(W'G) = (Σ w_ij·s_ij − tr W)/ρ`, which needs S where W has links alone.
    pub(crate) fn mixed(&self, centred: bool) -> f64 {
        let structure = &self.structure;
        let mut trace = match &self.kind {
            Kind::Dense(dense) => dense.mixed(&structure.w),
            Kind::Sparse(sparse) => sparse.mixed(self.rho, self.traces[0]),
            Kind::Iterative(iterative) => iterative.mixed(),
        };
        if centred {
            let n = self.n() as f64;
            let ones = Array2::ones((1, self.n()));
            let g_rows = self.lagged(&ones).row(0).to_owned();
            let g_columns = self.column_sums();
            let rows = Array1::from(structure.w.multiply(&ones.row(0).to_vec()));
            let columns = Array1::from(structure.transposed().multiply(&ones.row(0).to_vec()));
            let through = columns.dot(&g_rows)
                + g_columns.dot(&rows)
                + rows.dot(&g_rows)
                + g_columns.dot(&columns);
            trace += 2.0 * rows.sum() * g_rows.sum() / (n * n) - through / n;
        }
        trace
    }

    /// `1'G`.
    fn column_sums(&self) -> Array1<f64> {
        self.lagged_back(&Array2::ones((1, self.n()))).row(0).to_owned()
    }

    /// What average effects are made from.
    pub(crate) fn means(&self) -> Means {
        let n = self.n() as f64;
        let [g, square, _] = self.traces;
        let total = if self.standardised {
            let root = 1.0 / (1.0 - self.rho);
            [root, root * root]
        } else {
            let once = self.lagged(&Array2::ones((1, self.n())));
            let twice = self.lagged(&once);
            [once.sum() / n, twice.sum() / n]
        };
        Means {
            direct: Functional::new(self.rho, g / n, square / n),
            total: Functional::new(self.rho, total[0], total[1]),
        }
    }
}

/// `A·v` for each row of `v`.
pub(crate) fn multiplied(a: &SparseMatrix, v: &Array2<f64>) -> Array2<f64> {
    let mut found = Array2::zeros(v.raw_dim());
    for (mut to, from) in found.rows_mut().into_iter().zip(v.rows()) {
        to.assign(&Array1::from(a.multiply(&from.to_vec())));
    }
    found
}

/// Means over units of the diagonals and of the row sums.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Means {
    pub direct: Functional,
    pub total: Functional,
}

/// One number per unit from G and from `dG/dρ = GG`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sums {
    pub g: Array1<f64>,
    pub dg: Array1<f64>,
}

impl Sums {
    /// Over all units, `G` being applied by `lagged`.
    fn along(n: usize, lagged: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let g = lagged(&vec![1.0; n]);
        let dg = lagged(&g);
        Self { g: g.into(), dg: dg.into() }
    }
}

/// Diagonals, row sums and column sums of G and GG at one ρ.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnitSums {
    pub rho: f64,
    pub diagonal: Sums,
    pub rows: Sums,
    pub columns: Sums,
}

impl UnitSums {
    pub(crate) fn dense(structure: &Structure, rho: f64) -> Result<Self, Error> {
        Ok(Dense::new(&structure.w, rho)?.sums(rho))
    }

    pub(crate) fn sparse(structure: &Structure, rho: f64) -> Result<Self, Error> {
        sparse::sums(structure, rho)
    }

    /// Without a lag of the response `G = W`, and nothing depends on ρ.
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
        let sums = |g: Array1<f64>| Sums { g, dg: Array1::zeros(n) };
        Self { rho: 0.0, diagonal: sums(own), rows: sums(rows), columns: sums(columns) }
    }

    pub(crate) fn means(&self) -> Means {
        let mean = |of: &Sums| {
            let n = of.g.len() as f64;
            Functional::new(self.rho, of.g.sum() / n, of.dg.sum() / n)
        };
        Means { direct: mean(&self.diagonal), total: mean(&self.rows) }
    }
}

/// What the effects at one ρ are made from: the averages at once, those of units when they are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    pub means: Means,
    units: Units,
}

#[derive(Debug, Clone)]
enum Units {
    Known(Arc<UnitSums>),
    At { logdet: Arc<LogDet>, rho: f64 },
}

impl Reach {
    pub(crate) fn without_feedback(w: &Weights) -> Self {
        let sums = UnitSums::without_feedback(w);
        Self { means: sums.means(), units: Units::Known(Arc::new(sums)) }
    }

    pub(crate) fn of(multiplier: &Multiplier, logdet: &Arc<LogDet>) -> Self {
        let units = Units::At { logdet: Arc::clone(logdet), rho: multiplier.rho };
        Self { means: multiplier.means(), units }
    }

    /// The multiplier itself, where there is one.
    ///
    /// # Errors
    /// [`Error::NoUnitEffects`] where the log-determinant is stochastic.
    pub(crate) fn multiplier(&self) -> Result<Option<Multiplier>, Error> {
        match &self.units {
            Units::Known(_) => Ok(None),
            Units::At { logdet, .. } if logdet.is_stochastic() => Err(Error::NoUnitEffects),
            Units::At { logdet, rho } => logdet.multiplier(*rho).map(Some),
        }
    }

    /// # Errors
    /// [`Error::NoUnitEffects`] where the log-determinant is stochastic.
    pub(crate) fn units(&self) -> Result<Arc<UnitSums>, Error> {
        match &self.units {
            Units::Known(sums) => Ok(Arc::clone(sums)),
            Units::At { logdet, rho } => logdet.unit_sums(*rho).map(Arc::new),
        }
    }
}

#[cfg(test)]
mod tests;
