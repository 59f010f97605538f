//! By iteration, where a factor would not fit: solutions to rounding, traces from random vectors.

use std::sync::Arc;

use durbin_core::linalg::sparse::{SparseMatrix, conjugate_gradients};
use ndarray::Array2;
use rayon::prelude::*;

use crate::{Error, logdet::signs, structure::Structure};

/// Random vectors.
const PROBES: u32 = 32;

/// Relative length of the residual at which a solution is accepted.
const SOLVED: f64 = 1e-12;

/// W and ρ.
#[derive(Debug)]
pub(super) struct Iterative {
    structure: Arc<Structure>,
    transposed: SparseMatrix,
    rho: f64,
}

impl Iterative {
    pub(super) fn new(structure: &Arc<Structure>, rho: f64) -> Self {
        Self { structure: Arc::clone(structure), transposed: structure.w.transposed(), rho }
    }

    /// `tr G`, `tr GG` and `tr G'G` as means over probes `z` of `z'Gz`, `z'GGz` and `|Gz|²`.
    ///
    /// # Errors
    /// Solutions are not found.
    pub(super) fn traces(&self) -> Result<[f64; 3], Error> {
        let n = self.structure.n();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let probe = |number: u32| -> Result<[f64; 3], Error> {
            let z = signs(n, number);
            let once = self.structure.w.multiply(&self.try_solve(&z, false)?);
            let twice = self.structure.w.multiply(&self.try_solve(&once, false)?);
            Ok([dot(&z, &once), dot(&z, &twice), dot(&once, &once)])
        };
        let probes: Result<Vec<[f64; 3]>, Error> = (0..PROBES).into_par_iter().map(probe).collect();
        let mut means = [0.0; 3];
        for probe in probes? {
            for (mean, value) in means.iter_mut().zip(probe) {
                *mean += value / f64::from(PROBES);
            }
        }
        Ok(means)
    }

    /// `tr((W + W')G)` as the mean over probes of `z'WGz + (Wz)'Gz`.
    pub(super) fn mixed(&self) -> f64 {
        let n = self.structure.n();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let probe = |number: u32| {
            let z = signs(n, number);
            let lagged = self.structure.w.multiply(&self.solve(&z, false));
            let w = &self.structure.w;
            (dot(&z, &w.multiply(&lagged)) + dot(&w.multiply(&z), &lagged)) / f64::from(PROBES)
        };
        let probes: Vec<f64> = (0..PROBES).into_par_iter().map(probe).collect();
        probes.iter().sum()
    }

    fn try_solve(&self, x: &[f64], back: bool) -> Result<Vec<f64>, Error> {
        let less = |matrix: &SparseMatrix, x: &[f64]| -> Vec<f64> {
            matrix.multiply(x).iter().zip(x).map(|(wx, x)| x - self.rho * wx).collect()
        };
        let mut failed = None;
        let mut keep = |found: Result<Vec<f64>, durbin_core::Error>| {
            found.unwrap_or_else(|error| {
                failed = Some(error);
                Vec::new()
            })
        };
        let found = if let Some(similar) = &self.structure.similar {
            let system = |x: &[f64]| less(&similar.matrix, x);
            let mut solve = |x: &[f64]| keep(conjugate_gradients(x, SOLVED, system));
            if back {
                self.structure.scaled_back(x, &mut solve)
            } else {
                self.structure.scaled(x, &mut solve)
            }
        } else {
            let (w, t) = (&self.structure.w, &self.transposed);
            let (a, b) = if back { (t, w) } else { (w, t) };
            let normal = |x: &[f64]| less(b, &less(a, x));
            keep(conjugate_gradients(&less(b, x), SOLVED, normal))
        };
        failed.map_or(Ok(found), |error| Err(error.into()))
    }

    fn solve(&self, x: &[f64], back: bool) -> Vec<f64> {
        self.try_solve(x, back).unwrap_or_else(|_| vec![f64::NAN; x.len()])
    }

    pub(super) fn lagged_back(&self, v: &Array2<f64>) -> Array2<f64> {
        by_period(v, |v| self.transposed.multiply(&self.solve(v, true)))
    }

    pub(super) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        by_period(v, |v| self.structure.w.multiply(&self.solve(v, false)))
    }
}

/// `f` of every period, `t × n`, in parallel.
fn by_period(v: &Array2<f64>, f: impl Fn(&[f64]) -> Vec<f64> + Sync) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = v.rows().into_iter().map(|row| row.to_vec()).collect();
    let found: Vec<Vec<f64>> = rows.par_iter().map(|row| f(row)).collect();
    Array2::from_shape_fn(v.dim(), |(period, unit)| found[period][unit])
}
