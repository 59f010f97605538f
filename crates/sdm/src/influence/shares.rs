//! What each unit has of the log-determinant.

use ndarray::Array2;

use crate::{Error, logdet::LogDet, multiplier::UnitSums};

/// Error of the interpolation, relative to the size of what is interpolated.
const ACCURATE: f64 = 1e-13;

/// Fewest and most nodes.
const NODES: (usize, usize) = (4, 24);

/// Units' shares of `d ln|I − ρW|/dρ = −tr G`, the diagonal of `−G`, on an interval of ρ: exact at Chebyshev nodes,
/// in between their interpolant. Where the unit root of W has been transformed away, the diagonal of `−PGP` with `P` the
/// matrix that takes out the mean over units, for W with rows that sum to one.
pub(super) struct Shares {
    nodes: Vec<f64>,
    /// Barycentric weights of the nodes.
    weights: Vec<f64>,
    /// Diagonals of G and of GG, `nodes × n`.
    g: Array2<f64>,
    dg: Array2<f64>,
    /// Means of the row sums of G.
    totals: Vec<f64>,
}

impl Shares {
    /// Constant shares: those at `rho`.
    pub(super) fn at(logdet: &LogDet, rho: f64, centred: bool) -> Result<Self, Error> {
        Self::on(logdet, vec![rho], vec![1.0], centred)
    }

    /// On the interval from `low` to `high`, to rounding: an interpolant through `N` nodes is off by
    /// `(z + √(z² − 1))^−N`, `z` the distance of the nearest singularity from the middle in half lengths.
    pub(super) fn between(
        logdet: &LogDet,
        (low, high): (f64, f64),
        centred: bool,
    ) -> Result<Self, Error> {
        let (middle, half) = (f64::midpoint(low, high), 0.5 * (high - low));
        let (lower, upper) = logdet.bounds();
        let z = (middle - lower).min(upper - middle) / half;
        let rate = z + (z * z - 1.0).max(0.0).sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let count =
            (-ACCURATE.ln() / rate.ln()).ceil().clamp(NODES.0 as f64, NODES.1 as f64) as usize;
        let angle = |j: usize| std::f64::consts::PI * (j as f64 + 0.5) / count as f64;
        let nodes = (0..count).map(|j| middle + half * angle(j).cos()).collect();
        let sign = |j: usize| if j.is_multiple_of(2) { 1.0 } else { -1.0 };
        let weights = (0..count).map(|j| sign(j) * angle(j).sin()).collect();
        Self::on(logdet, nodes, weights, centred)
    }

    fn on(
        logdet: &LogDet,
        nodes: Vec<f64>,
        weights: Vec<f64>,
        centred: bool,
    ) -> Result<Self, Error> {
        let (mut of_g, mut of_dg, mut totals) = (Vec::new(), Vec::new(), Vec::new());
        let mut n = 0;
        for &rho in &nodes {
            let UnitSums { mut diagonal, rows, columns, .. } = logdet.unit_sums(rho)?;
            n = diagonal.g.len();
            if centred {
                diagonal.g.scaled_add(-1.0 / n as f64, &columns.g);
                diagonal.dg.scaled_add(-1.0 / n as f64, &columns.dg);
            }
            totals.push(rows.g.sum() / n as f64);
            of_g.push(diagonal.g);
            of_dg.push(diagonal.dg);
        }
        let stacked = |rows: &[ndarray::Array1<f64>]| {
            Array2::from_shape_fn((rows.len(), n), |(j, i)| rows[j][i])
        };
        Ok(Self { g: stacked(&of_g), dg: stacked(&of_dg), nodes, weights, totals })
    }

    /// `(G)_ii` and `(GG)_ii` of a unit at ρ.
    pub(super) fn of(&self, unit: usize, rho: f64) -> (f64, f64) {
        (
            self.interpolated(rho, |j| self.g[[j, unit]]),
            self.interpolated(rho, |j| self.dg[[j, unit]]),
        )
    }

    /// `1'G1/n` at ρ.
    pub(super) fn total(&self, rho: f64) -> f64 {
        self.interpolated(rho, |j| self.totals[j])
    }

    fn interpolated(&self, rho: f64, value: impl Fn(usize) -> f64) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        for (j, (node, weight)) in self.nodes.iter().zip(&self.weights).enumerate() {
            let away = rho - node;
            if away == 0.0 {
                return value(j);
            }
            above += weight / away * value(j);
            below += weight / away;
        }
        above / below
    }
}
