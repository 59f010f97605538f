//! Standard errors of effects from draws of the parameters.

use durbin_core::{
    Estimate, Warning,
    linalg::cholesky,
    random::{Purpose, Stream},
};
use durbin_weights::Weights;
use ndarray::{Array1, Array2};

use crate::{Error, Fit, Impact, Impacts, Prepared, convention, logdet::LogDet};

/// How far a row sum may be from the first for all to count as one.
const SAME: f64 = 1e-10;

/// Share of the way to the pole of the multiplier up to which its series is summed.
const SUMMABLE: f64 = 0.999;

/// Most terms of the series.
const TERMS: usize = 60_000;

/// Effects with simulated errors.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedImpacts {
    /// Within the period.
    pub impacts: Impacts,
    /// In the long run, of a stable dynamic model.
    pub long_run: Option<Impacts>,
    /// Draws outside the parameter space.
    pub warnings: Vec<Warning>,
}

impl Fit {
    /// The average effects with the standard deviations over `draws` of the parameters from
    /// `N(estimate, covariance)` as their errors (LeSage & Pace 2009); the estimates stay those at the
    /// estimated parameters.
    ///
    /// A draw costs no inverse: `tr W(I − ρW)⁻¹` is the derivative of the log-determinant, and
    /// `1'(I − ρW)⁻¹1` closed where all rows of W have one sum, a power series with coefficients
    /// `1'Wᵏ1` computed once elsewhere. Draws outside the interval of ρ, or without a long run, are left out
    /// and counted.
    ///
    /// # Errors
    /// A covariance that is not positive definite; fewer than two draws that can be used.
    pub fn simulated_impacts(
        &self,
        w: &Prepared,
        draws: u32,
        seed: u64,
    ) -> Result<SimulatedImpacts, Error> {
        let points = self.draws(draws, seed)?;
        let feedback = self.positions.rho.is_some() || self.stability.is_some();
        let averages = Averages::new(w, feedback)?;
        let rho = |p: &[f64]| self.positions.rho.map_or(0.0, |at| p[at]);
        let (impacts, out) = self.over(
            &averages,
            &points,
            &self.impacts()?,
            |p| (1.0, rho(p)),
            "within the period",
        )?;
        let mut warnings: Vec<Warning> = out.into_iter().collect();
        let long_run = match self.long_run_impacts()? {
            None => None,
            Some(exact) => {
                let at = |p: &[f64]| self.dynamics.long_run(p, self.positions);
                let (impacts, out) =
                    self.over(&averages, &points, &exact, at, "in the long run")?;
                warnings.extend(out);
                Some(impacts)
            }
        };
        Ok(SimulatedImpacts { impacts, long_run, warnings })
    }

    /// Draws of all parameters.
    fn draws(&self, draws: u32, seed: u64) -> Result<Vec<Vec<f64>>, Error> {
        let p = self.parameters.len();
        let scale = self.covariance.diag().mapv(f64::sqrt);
        let correlation =
            Array2::from_shape_fn((p, p), |(i, j)| self.covariance[[i, j]] / (scale[i] * scale[j]));
        let root = cholesky(&correlation, "the covariance of the parameters")?;
        let draw = |replication| {
            let mut stream = Stream::new(seed, Purpose::Parameters, replication);
            let normal: Array1<f64> = (0..p).map(|_| stream.normal()).collect();
            let moved = root.dot(&normal) * &scale;
            self.parameters.iter().zip(&moved).map(|(value, by)| value + by).collect()
        };
        Ok((0..draws).map(draw).collect())
    }

    /// The effects `exact` with standard deviations over `points`; `at` tells `1 − τ` and κ of a point.
    fn over(
        &self,
        averages: &Averages,
        points: &[Vec<f64>],
        exact: &Impacts,
        at: impl Fn(&[f64]) -> (f64, f64),
        when: &str,
    ) -> Result<(Impacts, Option<Warning>), Error> {
        let usable: Vec<(&Vec<f64>, f64, f64)> = points
            .iter()
            .map(|point| {
                let (left, kappa) = at(point);
                (point, left, kappa)
            })
            .filter(|&(_, left, kappa)| left > 0.0 && averages.defined(kappa))
            .collect();
        if usable.len() < 2 {
            return Err(Error::NoDraws { draws: points.len(), usable: usable.len() });
        }
        let kappas: Vec<f64> = usable.iter().map(|&(.., kappa)| kappa).collect();
        let multipliers = averages.at(&kappas);
        let rows = self.terms.iter().zip(&exact.rows).map(|(term, row)| {
            let mut values = [const { Vec::new() }; 3];
            for (&(point, left, _), [s, g, s_total, g_total]) in usable.iter().zip(&multipliers) {
                let (beta, theta) = (point[term.beta], term.theta.map_or(0.0, |at| point[at]));
                let direct = (beta * s + theta * g) / left;
                let total = (beta * s_total + theta * g_total) / left;
                values[0].push(direct);
                values[1].push(total - direct);
                values[2].push(total);
            }
            let [direct, indirect, total] = values.map(|values| deviation(&values));
            let with = |estimate: Estimate, std_error| Estimate { std_error, ..estimate };
            Impact {
                variable: row.variable.clone(),
                direct: with(row.direct, direct),
                indirect: with(row.indirect, indirect),
                total: with(row.total, total),
            }
        });
        let left_out = points.len() - usable.len();
        let warning = (left_out > 0).then(|| {
            Warning::Other(format!(
                "{left_out} of {} draws of the parameters have no effects {when} and were left out: \
                 the errors of the effects there are those of the others",
                points.len()
            ))
        });
        let conventions = convention::of_draws(&exact.conventions, points.len());
        Ok((Impacts { rows: rows.collect(), conventions }, warning))
    }
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// Averages over units of `S = (I − κW)⁻¹` and `G = WS`: diagonals and row sums.
struct Averages<'a> {
    w: &'a Weights,
    /// Without it nothing is fed back, and κ is zero.
    logdet: Option<&'a LogDet>,
    /// The sum of every row, where it is one.
    row_sum: Option<f64>,
    /// The mean of the diagonal of W.
    diagonal: f64,
}

impl<'a> Averages<'a> {
    fn new(prepared: &'a Prepared, feedback: bool) -> Result<Self, Error> {
        let w = prepared.weights();
        let n = w.n_units();
        let sums: Vec<f64> = (0..n).map(|i| w.row(i).1.iter().sum()).collect();
        let first = sums.first().copied().unwrap_or(0.0);
        Ok(Self {
            w,
            logdet: feedback.then(|| prepared.logdet()).transpose()?.map(AsRef::as_ref),
            row_sum: sums.iter().all(|sum| (sum - first).abs() <= SAME).then_some(first),
            diagonal: (0..n).map(|i| w.get(i, i)).sum::<f64>() / n as f64,
        })
    }

    /// Whether the multiplier exists, and its series converges where it is needed.
    fn defined(&self, kappa: f64) -> bool {
        let Some(logdet) = self.logdet else { return true };
        let (lower, upper) = logdet.bounds();
        let inside = kappa > lower && kappa < upper;
        inside && (self.row_sum.is_some() || kappa.abs() <= SUMMABLE * upper)
    }

    /// `tr(S)/n, tr(G)/n, 1'S1/n, 1'G1/n` at each κ.
    fn at(&self, kappas: &[f64]) -> Vec<[f64; 4]> {
        let n = self.w.n_units() as f64;
        let reach = kappas.iter().map(|kappa| kappa.abs()).fold(0.0, f64::max);
        let powers = self.row_sum.is_none().then(|| self.powers(reach));
        let of = |&kappa: &f64| {
            let trace = match self.logdet {
                Some(logdet) => -logdet.at(kappa).slope / n,
                None => self.diagonal,
            };
            let (own, lagged) = match (&powers, self.row_sum) {
                (None, Some(sum)) => (1.0 / (1.0 - kappa * sum), sum / (1.0 - kappa * sum)),
                (powers, _) => {
                    let powers = powers.as_deref().unwrap_or_default();
                    let series = |skip: usize| {
                        powers.iter().skip(skip).rev().fold(0.0, |sum, power| sum * kappa + power)
                    };
                    (series(0), series(1))
                }
            };
            [1.0 + kappa * trace, trace, own, lagged]
        };
        kappas.iter().map(of).collect()
    }

    /// `1'Wᵏ1/n` until `reachᵏ` times it is nothing.
    fn powers(&self, reach: f64) -> Vec<f64> {
        let n = self.w.n_units() as f64;
        let mut v = vec![1.0; self.w.n_units()];
        let (mut powers, mut scale) = (vec![1.0], 1.0);
        // Two small terms in a row: W may send every other power to zero.
        let mut small = 0;
        while powers.len() < TERMS && small < 3 {
            v = self.w.lag(&v);
            scale *= reach;
            let power = v.iter().sum::<f64>() / n;
            let largest = v.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
            small = if scale * largest < 1e-16 { small + 1 } else { 0 };
            powers.push(power);
        }
        powers
    }
}
