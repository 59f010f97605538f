//! Exact values at Chebyshev nodes, interpolated.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use durbin_core::linalg::sparse::Analysis;
use rayon::prelude::*;

use super::Taylor;

/// Half the width of a panel, on the scale of [`Panels`].
const HALF: f64 = 0.125;

/// Nodes of a panel where all eigenvalues are real, and where they may be complex.
const NODES: (usize, usize) = (8, 12);

/// `ln|I − ρW|` in pieces over `u = ln((ρ − a)/(b − ρ))`, with `(a, b)` the interval of ρ.
///
/// On this scale singularities are at least π away from the real line where the eigenvalues are real
/// (`1 − ρω = 0` outside of the interval only), so that an interpolant over panels of width ¼ gains the factor
/// `π/h + √(1 + π²/h²) ≈ 50` with every node (Trefethen 2013, theorem 8.2). Panels lie at fixed places, so that
/// what one fit finds does not depend on those before it.
#[derive(Debug)]
pub(super) struct Panels {
    analysis: Arc<Analysis>,
    bounds: (f64, f64),
    nodes: usize,
    found: Mutex<HashMap<i64, Arc<Panel>>>,
}

#[derive(Debug)]
struct Panel {
    /// Of the Chebyshev series; none where a factorisation failed.
    coefficients: Option<Vec<f64>>,
}

impl Panels {
    pub(super) fn new(analysis: Arc<Analysis>, bounds: (f64, f64), real: bool) -> Self {
        let nodes = if real { NODES.0 } else { NODES.1 };
        Self { analysis, bounds, nodes, found: Mutex::default() }
    }

    pub(super) fn at(&self, rho: f64) -> Taylor {
        let (lower, upper) = self.bounds;
        if !(rho > lower && rho < upper) {
            return Taylor::OUTSIDE;
        }
        let (below, above) = (rho - lower, upper - rho);
        let u = (below / above).ln();
        let (number, panel) = self.panel(u);
        let Some(coefficients) = &panel.coefficients else {
            return Taylor::OUTSIDE;
        };
        let centre = 2.0 * HALF * number as f64;
        let [value, slope, curvature] = series(coefficients, (u - centre) / HALF);
        let (slope, curvature) = (slope / HALF, curvature / (HALF * HALF));
        // du/dρ and d²u/dρ².
        let first = 1.0 / below + 1.0 / above;
        let second = 1.0 / (above * above) - 1.0 / (below * below);
        Taylor {
            value,
            slope: slope * first,
            curvature: curvature * first * first + slope * second,
        }
    }

    /// The series falls by a factor of 25 or more from term to term, so that what is left off, and what it folds
    /// back onto the terms kept, is below a tenth of the last term and a hundredth of the one before: of an even
    /// function every other term is zero, so both count. Rounding of the nodes adds 1e-14 of the size of the
    /// series, and 2e-15 of `n + |ρ tr G|`: a factor errs by rounding of the matrix, magnified near the ends.
    pub(super) fn error(&self, rho: f64) -> f64 {
        let (lower, upper) = self.bounds;
        let u = ((rho - lower) / (upper - rho)).ln();
        match &self.panel(u).1.coefficients {
            Some(c) => {
                let size: f64 = c.iter().map(|c| c.abs()).sum();
                let sums = self.analysis.n_units() as f64 + (rho * self.at(rho).slope).abs();
                let rounding = 1e-14 * size + 2e-15 * sums;
                let from_end = |k: usize| c.iter().rev().nth(k).map_or(0.0, |c| c.abs());
                (0.1 * from_end(0)).max(0.01 * from_end(1)) + rounding
            }
            None => f64::INFINITY,
        }
    }

    fn panel(&self, u: f64) -> (i64, Arc<Panel>) {
        #[expect(clippy::cast_possible_truncation, reason = "within a few hundred")]
        let number = (u / (2.0 * HALF)).round() as i64;
        let known = |found: &HashMap<i64, Arc<Panel>>| found.get(&number).cloned();
        let lock = || self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(panel) = known(&lock()) {
            return (number, panel);
        }
        // Not under the lock: factorisations share the threads that may wait for it.
        let panel = Arc::new(self.factorise(2.0 * HALF * number as f64));
        (number, Arc::clone(lock().entry(number).or_insert(panel)))
    }

    fn factorise(&self, centre: f64) -> Panel {
        let m = self.nodes as f64;
        let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / m;
        let (lower, upper) = self.bounds;
        let values: Option<Vec<f64>> = (0..self.nodes)
            .into_par_iter()
            .map(|k| {
                let u = centre + HALF * angle(k).cos();
                let rho = (lower + upper * u.exp()) / (1.0 + u.exp());
                self.analysis.log_determinant(rho).ok()
            })
            .collect();
        let coefficient = |values: &[f64], j: usize| {
            let sum: f64 =
                values.iter().enumerate().map(|(k, v)| v * (j as f64 * angle(k)).cos()).sum();
            if j == 0 { sum / m } else { 2.0 * sum / m }
        };
        let coefficients = |values: Vec<f64>| {
            (0..self.nodes).map(|j| coefficient(&values, j)).collect::<Vec<f64>>()
        };
        Panel { coefficients: values.map(coefficients) }
    }
}

/// `Σ c_j T_j(x)` with two derivatives, by the three-term recurrence.
fn series(coefficients: &[f64], x: f64) -> [f64; 3] {
    let mut sum = [coefficients[0], 0.0, 0.0];
    let (mut before, mut here) = ([1.0, 0.0, 0.0], [x, 1.0, 0.0]);
    for c in &coefficients[1..] {
        for (sum, here) in sum.iter_mut().zip(here) {
            *sum += c * here;
        }
        let next = [
            2.0 * x * here[0] - before[0],
            2.0 * x * here[1] + 2.0 * here[0] - before[1],
            2.0 * x * here[2] + 4.0 * here[1] - before[2],
        ];
        (before, here) = (here, next);
    }
    sum
}
