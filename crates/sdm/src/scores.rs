//! Scores as linear and quadratic forms of the errors, and the covariances that rest on them.

use durbin_weights::Weights;
use ndarray::{Array1, Array2, Axis, s};

use crate::{
    Effects, Error, SdmSpec,
    design::{Design, lag},
    feedback::{self, Feedback},
    goodness::residuals,
    likelihood::ErrorProfile,
    logdet::dense,
    parameters::{Point, Positions},
    sample::Sample,
    within::demean,
};

/// The score of parameter `a` is `l_a'ε/σ² + Σ_t ε_t'Q_aε_t/σ² − T·tr(Q_a)`, with `G = W(I − ρW)⁻¹` and
/// `B = I − λM`:
///
/// ```text
/// γ: l = BZ               ρ: l = BGZγ, Q = BGB⁻¹       λ: Q = MB⁻¹       σ²: Q = I/(2σ²)
/// ```
pub(crate) struct Scores {
    /// `l_a`, observations × parameters.
    linear: Array2<f64>,
    /// `Q_a`, `n × n`, where it is not zero.
    quadratic: Vec<Option<Array2<f64>>>,
    /// ε, `t × n`.
    errors: Array2<f64>,
    sample: Sample,
    sigma2: f64,
}

impl Scores {
    /// # Errors
    /// Too many units for dense matrices; `I − ρW` or `I − λM` singular.
    pub(crate) fn new(
        what: &'static str,
        design: &Design,
        sample: Sample,
        point: &Point,
        w: &Weights,
        m: &Weights,
    ) -> Result<Self, Error> {
        let n = design.n;
        feedback::allowed(what, n)?;
        let at = Positions::of(point);
        let filter = point.lambda.map(|lambda| Feedback::new(m, lambda)).transpose()?;
        let mut linear = Array2::zeros((design.z.nrows(), at.len()));
        let mut quadratic = vec![None; at.len()];
        let z = match (&design.error, point.lambda) {
            (Some(lags), Some(lambda)) => ErrorProfile::new(design, lags, 0.0).filtered(lambda),
            _ => design.z.clone(),
        };
        linear.slice_mut(s![.., ..at.k]).assign(&z);
        if let (Some(r), Some(rho)) = (at.rho, point.rho) {
            let g = Feedback::new(w, rho)?.lagged;
            let mut column = design.fitted(point).dot(&g.t());
            if let Some(lambda) = point.lambda {
                column = &column - &(lag(m, &column) * lambda);
            }
            if sample.without_unit_root {
                column = demean(&column, Effects::Time);
            }
            linear.column_mut(r).assign(&column.iter().copied().collect::<Array1<f64>>());
            quadratic[r] = Some(match (&filter, point.lambda) {
                // With one W for both, B and G commute.
                (Some(_), Some(_)) if std::ptr::eq(w, m) => g,
                (Some(filter), Some(lambda)) => {
                    let bg = &g - &(dense(m).dot(&g) * lambda);
                    bg.dot(&filter.inverse)
                }
                _ => g,
            });
        }
        if let (Some(l), Some(filter)) = (at.lambda, filter) {
            quadratic[l] = Some(filter.lagged);
        }
        quadratic[at.sigma2] = Some(Array2::eye(n) / (2.0 * point.sigma2));
        let errors = design.by_period(&residuals(design, point));
        Ok(Self { linear, quadratic, errors, sample, sigma2: point.sigma2 })
    }

    /// Expected information of normal errors: `l_a'l_b/σ² + T·(tr(Q_aQ_b) + tr(Q_a'Q_b))`.
    pub(crate) fn information(&self) -> Array2<f64> {
        let linear = self.linear.t().dot(&self.linear) / self.sigma2;
        Array2::from_shape_fn(linear.raw_dim(), |(a, b)| {
            let quadratic = match (&self.quadratic[a], &self.quadratic[b]) {
                (Some(a), Some(b)) => self.traces(a, b),
                _ => 0.0,
            };
            linear[[a, b]] + self.sample.periods * quadratic
        })
    }

    /// `tr(AQ) + tr(A'Q)` with the quadratic form of each of the parameters there are, by position.
    pub(crate) fn traces_with(
        &self,
        a: &Array2<f64>,
        parameters: &[Option<usize>],
    ) -> Vec<(usize, f64)> {
        let of = |&at: &usize| Some((at, self.traces(a, self.quadratic[at].as_ref()?)));
        parameters.iter().flatten().filter_map(of).collect()
    }

    /// `tr(AB) + tr(A'B)`, of `F'AF` and `F'BF` where the unit root is gone: with `A·1 = a·1` and `B·1 = b·1`
    /// the first loses `ab`, the second `(1'A)(1'B)'/n`.
    fn traces(&self, a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        let full = (a * &b.t()).sum() + (a * b).sum();
        if !self.sample.without_unit_root {
            return full;
        }
        let n = a.nrows() as f64;
        let (of_a, of_b) = (a.sum_axis(Axis(0)), b.sum_axis(Axis(0)));
        full - of_a.sum() * of_b.sum() / (n * n) - of_a.dot(&of_b) / n
    }

    /// What non-normal errors of one distribution add to the variance of the score (Lee 2004; Lee & Yu
    /// 2010): with `d_a` the diagonals of the quadratic forms in the errors before demeaning,
    /// `μ₃/σ⁴·(l_a'd_b + d_a'l_b) + (μ₄ − 3σ⁴)/σ⁴·d_a'd_b`.
    pub(crate) fn beyond_normal(&self, spec: &SdmSpec) -> Array2<f64> {
        let (t, n) = self.errors.dim();
        let (over_time, over_units) = shares(spec, n, t);
        let p = self.quadratic.len();
        let mut diagonals = Array2::zeros((t * n, p));
        for (a, quadratic) in self.quadratic.iter().enumerate() {
            let Some(quadratic) = quadratic else { continue };
            let sums = quadratic.sum_axis(Axis(0)) / n as f64;
            for i in 0..n {
                let own = quadratic[[i, i]] - if spec.effects.of_periods() { sums[i] } else { 0.0 };
                for period in 0..t {
                    diagonals[[period * n + i, a]] = own * over_time.first;
                }
            }
        }
        let (third, fourth) = self.moments(&over_time, &over_units);
        let sigma4 = self.sigma2 * self.sigma2;
        let cross = self.linear.t().dot(&diagonals);
        (&cross + &cross.t()) * (third / sigma4)
            + diagonals.t().dot(&diagonals) * (fourth / sigma4 - 3.0)
    }

    /// Third and fourth moment of the errors, from demeaned residuals: those are sums of the errors with the
    /// weights of a row of the demeaning matrix.
    fn moments(&self, over_time: &Shares, over_units: &Shares) -> (f64, f64) {
        let mean = |power: i32| {
            self.errors.iter().map(|e| e.powi(power)).sum::<f64>() / self.errors.len() as f64
        };
        let squares = over_time.squares * over_units.squares;
        let fourths = over_time.fourths * over_units.fourths;
        let sigma4 = self.sigma2 * self.sigma2;
        let third = mean(3) / (over_time.cubes * over_units.cubes);
        let fourth = (mean(4) - 3.0 * sigma4 * (squares * squares - fourths)) / fourths;
        // With two periods demeaned residuals are symmetric whatever the errors: no third moment is seen.
        (if third.is_finite() { third } else { 0.0 }, fourth)
    }

    /// The variance of the score where errors are independent between units alone:
    /// `Σ_i c_ic_i' + Σ_{i<j} q_ijq_ij'` times n/(n − 1), with `c_i` the linear and diagonal part of unit `i`
    /// and `q_ij = (Q_ij + Q_ji)·Σ_t ε_itε_jt/σ²`: pairs are uncorrelated with each other and with units.
    pub(crate) fn clustered(&self) -> Array2<f64> {
        let (t, n) = self.errors.dim();
        let p = self.quadratic.len();
        let products = self.errors.t().dot(&self.errors) / self.sigma2;
        let expected = self.sample.observations / n as f64;
        let mut units = Array2::<f64>::zeros((n, p));
        for period in 0..t {
            for i in 0..n {
                let e = self.errors[[period, i]] / self.sigma2;
                units.row_mut(i).scaled_add(e, &self.linear.row(period * n + i));
            }
        }
        for (a, quadratic) in self.quadratic.iter().enumerate() {
            let Some(quadratic) = quadratic else { continue };
            for i in 0..n {
                units[[i, a]] += quadratic[[i, i]] * (products[[i, i]] - expected);
            }
        }
        let mut variance = units.t().dot(&units);
        for a in 0..p {
            for b in a..p {
                let (Some(of_a), Some(of_b)) = (&self.quadratic[a], &self.quadratic[b]) else {
                    continue;
                };
                let mut sum = 0.0;
                for i in 0..n {
                    for j in 0..i {
                        let both = |q: &Array2<f64>| q[[i, j]] + q[[j, i]];
                        sum += both(of_a) * both(of_b) * products[[i, j]] * products[[i, j]];
                    }
                }
                variance[[a, b]] += sum;
                if a != b {
                    variance[[b, a]] += sum;
                }
            }
        }
        variance * (n as f64 / (n as f64 - 1.0))
    }
}

/// Sums of powers over a row of the matrix that takes out the mean of `m` values.
struct Shares {
    /// The diagonal entry.
    first: f64,
    squares: f64,
    cubes: f64,
    fourths: f64,
}

impl Shares {
    fn of(m: usize, demeaned: bool) -> Self {
        if !demeaned {
            return Self { first: 1.0, squares: 1.0, cubes: 1.0, fourths: 1.0 };
        }
        let m = m as f64;
        let (own, other) = (1.0 - 1.0 / m, -1.0 / m);
        let power = |p: i32| own.powi(p) + (m - 1.0) * other.powi(p);
        Self { first: own, squares: power(2), cubes: power(3), fourths: power(4) }
    }
}

fn shares(spec: &SdmSpec, n: usize, t: usize) -> (Shares, Shares) {
    (Shares::of(t, spec.effects.of_units()), Shares::of(n, spec.effects.of_periods()))
}
