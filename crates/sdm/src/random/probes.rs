//! Traces of products of inverses that no selected entries give: exact for few units, from random vectors for many.

use durbin_core::linalg::sparse::Factor;
use ndarray::{Array2, Zip};
use rayon::prelude::*;

use super::square::Square;
use crate::{logdet::signs, multiplier::Multiplier};

/// Units up to which every unit is a probe, so that the traces are exact.
const EXACT: usize = 1_000;

/// Random vectors beyond, a multiple of those taken together.
const PROBES: u32 = 128;

/// Vectors taken through the inverses together.
const TOGETHER: usize = 8;

/// A mean over random vectors, and its standard error; zero of what is exact.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mean {
    pub value: f64,
    pub error: f64,
}

impl Mean {
    fn of(groups: &[[f64; 6]], at: usize) -> Self {
        let m = groups.len() as f64;
        let value = groups.iter().map(|group| group[at]).sum::<f64>() / m;
        let squares: f64 = groups.iter().map(|group| (group[at] - value).powi(2)).sum();
        let error = if groups.len() > 1 { (squares / (m * (m - 1.0))).sqrt() } else { 0.0 };
        Self { value, error }
    }
}

/// With `S = H + H'`, `H = MB⁻¹`, `Q = BGB⁻¹` and `K = I + cBB'`:
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Products {
    /// `½·tr(K⁻¹SK⁻¹S)`.
    pub error: Mean,
    /// Those that a lag of the response needs.
    pub lag: Option<OfLag>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OfLag {
    /// `tr(QQ')` and `tr(K⁻¹QKQ')`.
    pub squares: [Mean; 2],
    /// `tr(QS)` and `tr(K⁻¹QS)`.
    pub cross: [Mean; 2],
    /// `tr(K⁻¹Q)`.
    pub filtered: Mean,
}

/// What the probes go through.
pub(super) struct Inverses<'a> {
    pub square: &'a Square,
    pub lambda: f64,
    pub c: f64,
    pub k: &'a Factor,
    /// H.
    pub error: &'a Multiplier,
    /// G, and whether it is of the same weights, so that G and B commute.
    pub lag: Option<(&'a Multiplier, bool)>,
    /// Exact `tr K⁻¹`, `½·tr SS` and `tr G`, which steady the random vectors.
    pub known: [f64; 3],
}

impl Inverses<'_> {
    pub(super) fn products(&self) -> Products {
        self.products_by(self.square.n() <= EXACT)
    }

    /// By every unit if `exact`, otherwise by random vectors.
    pub(super) fn products_by(&self, exact: bool) -> Products {
        let n = self.square.n();
        let probes = if exact { u32::try_from(n).unwrap_or(PROBES) } else { PROBES };
        let numbers: Vec<u32> = (0..probes).collect();
        let probe = |number: u32| {
            if exact {
                (0..n).map(|i| f64::from(u8::from(i == number as usize))).collect()
            } else {
                signs(n, number)
            }
        };
        let sums: Vec<[f64; 8]> = numbers
            .par_chunks(TOGETHER)
            .map(|chunk| self.of(&chunk.iter().map(|&number| probe(number)).collect::<Vec<_>>()))
            .collect();
        let weight = if exact { 1.0 } else { 1.0 / TOGETHER as f64 };
        // Every unit is one group: its sum.
        let size = if exact { sums.len().max(1) } else { 1 };
        let [inverse, own_exact, plain_exact] = self.known;
        let share = inverse / n as f64;
        let group = |sums: &[[f64; 8]]| {
            let total: [f64; 8] =
                std::array::from_fn(|at| weight * sums.iter().map(|sum| sum[at]).sum::<f64>());
            let [error, squares, of_means, cross, cross_of_means, filtered, own, plain] = total;
            let error = error - share * share * (own - own_exact);
            let filtered = filtered - share * (plain - plain_exact);
            [error, squares, of_means, cross, cross_of_means, filtered]
        };
        let groups: Vec<[f64; 6]> = sums.chunks(size).map(group).collect();
        let mean = |at| Mean::of(&groups, at);
        Products {
            error: mean(0),
            lag: self.lag.map(|_| OfLag {
                squares: [mean(1), mean(2)],
                cross: [mean(3), mean(4)],
                filtered: mean(5),
            }),
        }
    }

    /// Sums over some probes x: of `½·x'K⁻¹SK⁻¹Sx`; of `|Q'x|²`, `(Q'K⁻¹x)'KQ'x`, `(Q'x)'Sx`, `(Q'K⁻¹x)'Sx` and
    /// `(Q'K⁻¹x)'x`; and of what is known, `½·|Sx|²` and `(Q'x)'x`.
    fn of(&self, probes: &[Vec<f64>]) -> [f64; 8] {
        let n = self.square.n();
        let matrix =
            |rows: &[Vec<f64>]| Array2::from_shape_fn((rows.len(), n), |(row, i)| rows[row][i]);
        let rows = |a: &Array2<f64>| a.rows().into_iter().map(|row| row.to_vec()).collect();
        let dot = |a: &Array2<f64>, b: &Array2<f64>| {
            Zip::from(a).and(b).fold(0.0, |sum, a, b| sum + a * b)
        };
        let x = matrix(probes);
        let k = matrix(&self.k.solve_all(probes));
        let s = |v: &Array2<f64>| self.error.lagged(v) + self.error.lagged_back(v);
        let sx = s(&x);
        let flat: Vec<Vec<f64>> = rows(&sx);
        let mut sums = [0.0; 8];
        sums[0] = 0.5 * dot(&s(&k), &matrix(&self.k.solve_all(&flat)));
        sums[6] = 0.5 * dot(&sx, &sx);
        let Some((lag, commutes)) = self.lag else { return sums };
        let each = |v: &Array2<f64>, f: &dyn Fn(&[f64]) -> Vec<f64>| {
            matrix(&v.rows().into_iter().map(|row| f(&row.to_vec())).collect::<Vec<_>>())
        };
        let back = |v: &Array2<f64>| each(v, &|row| self.square.filter_back(self.lambda, row));
        let forth = |v: &Array2<f64>| each(v, &|row| self.square.filter(self.lambda, row));
        // Q' = B⁻ᵀG'B' with B⁻ᵀ = I + λH'.
        let q = |v: &Array2<f64>| {
            if commutes {
                return lag.lagged_back(v);
            }
            let inner = lag.lagged_back(&back(v));
            &inner + &(self.error.lagged_back(&inner) * self.lambda)
        };
        let (qx, qk) = (q(&x), q(&k));
        sums[1] = dot(&qx, &qx);
        sums[2] = dot(&qk, &(&qx + &(forth(&back(&qx)) * self.c)));
        sums[3] = dot(&qx, &sx);
        sums[4] = dot(&qk, &sx);
        sums[5] = dot(&qk, &x);
        sums[7] = dot(&qx, &x);
        sums
    }
}
