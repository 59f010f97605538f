//! By iteration, where a factor would not fit: solutions to rounding, traces from random vectors.

use std::sync::Arc;

use durbin_core::linalg::sparse::{SparseMatrix, conjugate_gradients};
use ndarray::{Array1, Array2};
use rayon::prelude::*;

use super::{Sums, UnitSums, by_period};
use crate::{Error, logdet::signs, structure::Structure};

/// Random vectors.
const PROBES: u32 = 32;

/// Relative length of the residual at which a solution is accepted.
const SOLVED: f64 = 1e-12;

/// W and ρ, with the means over probes `z` of what the traces need.
#[derive(Debug)]
pub(super) struct Iterative {
    structure: Arc<Structure>,
    transposed: SparseMatrix,
    rho: f64,
    diagonal: Sums,
    /// `tr G'G`.
    length: f64,
}

/// `z∘Sz`, `z∘Gz`, `z∘GSz`, `z∘GGz` and `|Gz|²`.
type Probe = ([Vec<f64>; 4], f64);

impl Iterative {
    pub(super) fn new(structure: &Arc<Structure>, rho: f64) -> Result<Self, Error> {
        let n = structure.n();
        let none = || Array1::zeros(n);
        let mut new = Self {
            structure: Arc::clone(structure),
            transposed: structure.w.transposed(),
            rho,
            diagonal: Sums { s: none(), g: none(), ds: none(), dg: none() },
            length: 0.0,
        };
        // Checks that solutions are found at all.
        new.try_solve(&vec![1.0; n], false)?;
        let probe = |number: u32| -> Result<Probe, Error> {
            let z = signs(n, number);
            let s = new.try_solve(&z, false)?;
            let g = structure.w.multiply(&s);
            let ds = new.try_solve(&g, false)?;
            let dg = structure.w.multiply(&ds);
            let length = g.iter().map(|g| g * g).sum();
            let with = |x: Vec<f64>| x.iter().zip(&z).map(|(x, z)| x * z).collect();
            Ok(([with(s), with(g), with(ds), with(dg)], length))
        };
        let probes: Result<Vec<Probe>, Error> = (0..PROBES).into_par_iter().map(probe).collect();
        let share = 1.0 / f64::from(PROBES);
        for (each, length) in probes? {
            let [s, g, ds, dg] = each.map(Array1::from);
            new.diagonal.s.scaled_add(share, &s);
            new.diagonal.g.scaled_add(share, &g);
            new.diagonal.ds.scaled_add(share, &ds);
            new.diagonal.dg.scaled_add(share, &dg);
            new.length += share * length;
        }
        Ok(new)
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

    pub(super) fn traces(&self) -> [f64; 3] {
        [self.diagonal.g.sum(), self.diagonal.dg.sum(), self.length]
    }

    pub(super) fn column_sums(&self) -> Array1<f64> {
        self.transposed.multiply(&self.solve(&vec![1.0; self.structure.n()], true)).into()
    }

    pub(super) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        by_period(v, |v| self.structure.w.multiply(&self.solve(v, false)))
    }

    pub(super) fn response(&self, v: &Array2<f64>) -> Array2<f64> {
        by_period(v, |v| self.solve(v, false))
    }

    pub(super) fn sums(&self) -> UnitSums {
        let n = self.structure.n();
        UnitSums {
            diagonal: self.diagonal.clone(),
            rows: Sums::along(n, |x| self.solve(x, false), |x| self.structure.w.multiply(x)),
            columns: Sums::along(n, |x| self.solve(x, true), |x| self.transposed.multiply(x)),
            exact: false,
        }
    }
}
