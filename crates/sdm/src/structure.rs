//! W as the computations see it: its similar symmetric matrix, its analysis, the ends of its spectrum.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use durbin_core::linalg::{
    sparse::{Analysis, SparseMatrix},
    symmetric_extremes,
};
use durbin_weights::Weights;

use crate::{
    Error,
    similar::{Similar, sparse, symmetric},
};

/// How far row sums may be from one to count as one.
const ROW_SUM: f64 = 1e-14;

/// Relative change over 50 steps at which the ends of the interval of ρ have settled, for few and for many units:
/// near the ends of its spectrum W is the denser the larger it is, and the steps cost more.
const SETTLED: (f64, f64) = (1e-7, 5e-4);

/// Units from which they are many.
const MANY: usize = 50_000;

/// W, prepared once.
#[derive(Debug)]
pub(crate) struct Structure {
    pub w: SparseMatrix,
    pub similar: Option<Similar>,
    transposed: OnceLock<SparseMatrix>,
    analysis: Mutex<Option<Arc<Analysis>>>,
}

impl Structure {
    pub(crate) fn new(w: &Weights) -> Self {
        Self {
            w: sparse(w, |_, _, w| w),
            similar: symmetric(w),
            transposed: OnceLock::new(),
            analysis: Mutex::new(None),
        }
    }

    /// `W'`.
    pub(crate) fn transposed(&self) -> &SparseMatrix {
        self.transposed.get_or_init(|| self.w.transposed())
    }

    /// `S·x` by `Z·x`: `D^-½ Z D^½ x` where W is similar to a symmetric matrix.
    pub(crate) fn scaled(&self, x: &[f64], z: impl FnMut(&[f64]) -> Vec<f64>) -> Vec<f64> {
        self.between(x, z, f64::sqrt)
    }

    /// `S'·x` by `Z'·x`: `D^½ Z D^-½ x`.
    pub(crate) fn scaled_back(&self, x: &[f64], z: impl FnMut(&[f64]) -> Vec<f64>) -> Vec<f64> {
        self.between(x, z, |d| d.sqrt().recip())
    }

    /// `D^½`, ones where W is not similar to a symmetric matrix.
    pub(crate) fn root(&self) -> Vec<f64> {
        match &self.similar {
            Some(similar) => similar.scale.iter().map(|d| d.sqrt()).collect(),
            None => vec![1.0; self.n()],
        }
    }

    fn between(
        &self,
        x: &[f64],
        mut z: impl FnMut(&[f64]) -> Vec<f64>,
        root: impl Fn(f64) -> f64,
    ) -> Vec<f64> {
        let Some(similar) = &self.similar else { return z(x) };
        let roots: Vec<f64> = similar.scale.iter().map(|d| root(*d)).collect();
        let inner: Vec<f64> = x.iter().zip(&roots).map(|(x, root)| x * root).collect();
        z(&inner).iter().zip(&roots).map(|(y, root)| y / root).collect()
    }

    /// `tr G'G = tr W'W + 2ρ tr W'WW + O(ρ²)`.
    pub(crate) fn length_near_zero(&self, rho: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..self.n() {
            let (columns, values) = self.w.row(i);
            for (&j, value) in columns.iter().zip(values) {
                sum += value * value;
                // w_ij (WW)_.j over the rows k that lead to j by way of i: w_ki w_ij w_kj.
                let (from, weights) = self.transposed().row(i);
                for (k, weight) in from.iter().zip(weights) {
                    let (reached, direct) = self.w.row(*k as usize);
                    if let Ok(at) = reached.binary_search(&j) {
                        sum += 2.0 * rho * weight * value * direct[at];
                    }
                }
            }
        }
        sum
    }

    pub(crate) fn n(&self) -> usize {
        self.w.n()
    }

    /// Whether W itself is symmetric.
    pub(crate) fn is_symmetric(&self) -> bool {
        let equal = |similar: &Similar| {
            similar.scale.iter().all(|d| (d / similar.scale[0] - 1.0).abs() < f64::EPSILON)
        };
        self.similar.as_ref().is_some_and(equal)
    }

    /// Whether every row of W sums to one.
    pub(crate) fn is_standardised(&self) -> bool {
        (0..self.n()).all(|i| (self.w.row(i).1.iter().sum::<f64>() - 1.0).abs() < ROW_SUM)
    }

    /// The matrix that is factorised: the similar symmetric one, or W.
    pub(crate) fn matrix(&self) -> &SparseMatrix {
        self.similar.as_ref().map_or(&self.w, |similar| &similar.matrix)
    }

    /// Share of the pairs that are linked.
    pub(crate) fn density(&self) -> f64 {
        self.w.n_entries() as f64 / (self.n() as f64).powi(2)
    }

    /// A factor without symmetry has two sides.
    pub(crate) fn cost_of_asymmetry(&self) -> f64 {
        if self.similar.is_some() { 1.0 } else { 2.0 }
    }

    pub(crate) fn analysis(&self) -> Result<Arc<Analysis>, Error> {
        let mut known = self.analysis.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(analysis) = &*known {
            return Ok(Arc::clone(analysis));
        }
        let analysis = Arc::new(Analysis::new(self.matrix(), self.similar.is_some())?);
        *known = Some(Arc::clone(&analysis));
        Ok(analysis)
    }

    /// `tr W` and `tr W²`.
    pub(crate) fn traces(&self) -> [f64; 2] {
        let transposed = self.transposed();
        let mut traces = [0.0; 2];
        for i in 0..self.n() {
            let ((columns, values), (other, back)) = (self.w.row(i), transposed.row(i));
            for (j, value) in columns.iter().zip(values) {
                if *j as usize == i {
                    traces[0] += value;
                }
                if let Ok(at) = other.binary_search(j) {
                    traces[1] += value * back[at];
                }
            }
        }
        traces
    }

    /// The interval of ρ: see [`LogDet::bounds`](crate::logdet::LogDet::bounds).
    pub(crate) fn bounds(&self) -> Result<(f64, f64), Error> {
        let sums = |matrix: &SparseMatrix| -> Vec<f64> {
            (0..matrix.n()).map(|i| matrix.row(i).1.iter().map(|v| v.abs()).sum()).collect()
        };
        let rows = sums(&self.w);
        let largest = rows.iter().copied().fold(0.0, f64::max);
        // Row sums of one (islands apart) bound the radius of a non-negative W by one, and some component has it.
        let positive = (0..self.n()).all(|i| self.w.row(i).1.iter().all(|v| *v >= 0.0));
        let standardised =
            positive && rows.iter().all(|sum| *sum == 0.0 || (sum - 1.0).abs() < ROW_SUM);
        let Some(similar) = &self.similar else {
            let columns = sums(self.transposed()).into_iter().fold(0.0, f64::max);
            let radius = largest.min(columns);
            return Ok((-1.0 / radius, 1.0 / radius));
        };
        let settled = if self.n() < MANY { SETTLED.0 } else { SETTLED.1 };
        let (low, high) = symmetric_extremes(self.n(), settled, |x| similar.matrix.multiply(x))?;
        let upper = if standardised { 1.0 } else { 1.0 / high };
        let lower = if low < 0.0 { 1.0 / low } else { -1.0 / high };
        Ok((lower, upper))
    }
}
