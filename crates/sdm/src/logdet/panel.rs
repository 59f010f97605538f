//! Exact values at Chebyshev nodes, interpolated.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use durbin_core::linalg::sparse::Analysis;
use rayon::prelude::*;

use super::{Taylor, rough::Rough};

/// How wide panels are, and how many nodes one needs where all eigenvalues are real and where they may be complex.
#[derive(Debug, Clone, Copy)]
struct Width {
    /// Half of it, on the scale of [`Panels`].
    half: f64,
    nodes: (usize, usize),
    /// What a term of the series is of the one before, at most.
    fall: f64,
}

/// Where a factorisation is cheap a panel should serve many fits.
const WIDE: Width = Width { half: 0.125, nodes: (8, 12), fall: 0.1 };

/// Where it is not, a fit should need few of them; its maximum is known beforehand to a fraction of this width.
const NARROW: Width = Width { half: 0.03125, nodes: (5, 6), fall: 0.025 };

/// Units from which panels are narrow.
const MANY: usize = 20_000;

/// `ln|I − ρW|` in pieces over `u = ln((ρ − a)/(b − ρ))`, with `(a, b)` the interval of ρ.
///
/// On this scale singularities are at least π away from the real line where the eigenvalues are real
/// (`1 − ρω = 0` outside of the interval only), π/2 where they are not, so that an interpolant over panels of half
/// width h gains the factor `π/h + √(1 + π²/h²)` with every node (Trefethen 2013, theorem 8.2): 50 for h = 1/8, 200
/// for h = 1/32, and half of that. What is interpolated is how far a cheap stochastic view is off, some thousandths of the
/// whole, which saves a node or two. Panels lie at fixed places, so that what one fit finds does not depend on those
/// before it.
#[derive(Debug)]
pub(super) struct Panels {
    analysis: Arc<Analysis>,
    rough: Rough,
    bounds: (f64, f64),
    width: Width,
    nodes: usize,
    found: Mutex<HashMap<i64, Arc<Panel>>>,
}

#[derive(Debug)]
struct Panel {
    /// Of the Chebyshev series; none where a factorisation failed.
    coefficients: Option<Vec<f64>>,
}

impl Panels {
    pub(super) fn new(
        analysis: Arc<Analysis>,
        rough: Rough,
        bounds: (f64, f64),
        real: bool,
    ) -> Self {
        let width = if analysis.n_units() < MANY { WIDE } else { NARROW };
        let nodes = if real { width.nodes.0 } else { width.nodes.1 };
        Self { analysis, rough, bounds, width, nodes, found: Mutex::default() }
    }

    /// The stochastic view.
    pub(super) fn rough(&self, rho: f64) -> Taylor {
        self.rough.at(rho)
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
        let centre = 2.0 * self.width.half * number as f64;
        let rough = self.rough.at(rho);
        let [value, slope, curvature] = series(coefficients, (u - centre) / self.width.half);
        let (slope, curvature) =
            (slope / self.width.half, curvature / (self.width.half * self.width.half));
        // du/dρ and d²u/dρ².
        let first = 1.0 / below + 1.0 / above;
        let second = 1.0 / (above * above) - 1.0 / (below * below);
        Taylor {
            value: rough.value + value,
            slope: rough.slope + slope * first,
            curvature: rough.curvature + curvature * first * first + slope * second,
        }
    }

    /// The series falls by a known factor or more from term to term (four times what theory says, for safety), so that
    /// what is left off, and what it folds back onto the terms kept, is below that share of the last term and its
    /// square of the one before: of an even function every other term is zero, so both count. Rounding of the nodes adds 1e-14 of the size of the
    /// series, and 4e-15 of `n + |ρ tr G|`: a factor errs by rounding of the matrix, magnified near the ends.
    pub(super) fn error(&self, rho: f64) -> f64 {
        let (lower, upper) = self.bounds;
        let u = ((rho - lower) / (upper - rho)).ln();
        match &self.panel(u).1.coefficients {
            Some(c) => {
                let Taylor { value, slope, .. } = self.at(rho);
                let sums = self.analysis.n_units() as f64 + (rho * slope).abs();
                let rounding = 1e-14 * value.abs() + 4e-15 * sums;
                let fall = self.width.fall;
                let from_end = |k: usize| c.iter().rev().nth(k).map_or(0.0, |c| c.abs());
                (fall * from_end(0)).max(fall * fall * from_end(1)) + rounding
            }
            None => f64::INFINITY,
        }
    }

    fn panel(&self, u: f64) -> (i64, Arc<Panel>) {
        #[expect(clippy::cast_possible_truncation, reason = "within a few hundred")]
        let number = (u / (2.0 * self.width.half)).round() as i64;
        let known = |found: &HashMap<i64, Arc<Panel>>| found.get(&number).cloned();
        let lock = || self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(panel) = known(&lock()) {
            return (number, panel);
        }
        // Not under the lock: factorisations share the threads that may wait for it.
        let panel = Arc::new(self.factorise(2.0 * self.width.half * number as f64));
        (number, Arc::clone(lock().entry(number).or_insert(panel)))
    }

    fn factorise(&self, centre: f64) -> Panel {
        let m = self.nodes as f64;
        let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / m;
        let (lower, upper) = self.bounds;
        let values: Option<Vec<f64>> = (0..self.nodes)
            .into_par_iter()
            .map(|k| {
                let u = centre + self.width.half * angle(k).cos();
                let rho = (lower + upper * u.exp()) / (1.0 + u.exp());
                let exact = self.analysis.log_determinant(rho).ok()?;
                Some(exact - self.rough.at(rho).value)
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
