//! Random unit effects beside a lag of the error: `y = Zγ + (ι_t ⊗ μ) + u`, `u = λMu + ε`, the effects
//! themselves not spatially correlated (Baltagi, Song & Koh 2003; Elhorst 2014).

use durbin_core::linalg::{LeastSquares, cholesky, inverse};
use ndarray::{Array1, Array2, s};

use super::{LN_PHI, record};
use crate::{
    Error, Prepared,
    design::{Design, ErrorLags},
    likelihood::gaussian,
    logdet::dense,
    maximum::Maximum,
    parameters::Point,
    search::{BoxSearch, Slopes},
    within::unit_means,
};

/// Most units: every step of the search factorises a dense `n × n` matrix.
pub(crate) const MAX_UNITS: usize = 2_000;

/// The covariance at one (λ, φ): with `B = I − λM` and `θ = σ_μ²/σ² = (φ⁻² − 1)/t`,
///
/// ```text
/// Ω/σ² = J̄ ⊗ (tθI + (B'B)⁻¹) + (I − J̄) ⊗ (B'B)⁻¹,   ln|Ω/σ²| = ln|K| − 2t·ln|B|,   K = I + tθBB'
/// ```
///
/// Deviations from unit means are whitened by B, `√t` times the means by `L⁻¹B` with `LL' = K`.
pub(crate) struct Covariance<'a> {
    design: &'a Design,
    lags: &'a ErrorLags,
    lambda: f64,
    theta: f64,
    b: Array2<f64>,
    /// `L⁻¹`.
    whiten: Array2<f64>,
    /// `½·ln|K|`.
    half_logdet: f64,
}

impl<'a> Covariance<'a> {
    /// # Errors
    /// K is not positive definite.
    pub(crate) fn new(
        design: &'a Design,
        lags: &'a ErrorLags,
        m: &Array2<f64>,
        lambda: f64,
        phi: f64,
    ) -> Result<Self, Error> {
        let theta = (phi.powi(-2) - 1.0) / design.t as f64;
        let b = Array2::eye(design.n) - m * lambda;
        let k = Array2::eye(design.n) + b.dot(&b.t()) * (design.t as f64 * theta);
        let l = cholesky(&k, "I + tθBB'")?;
        let half_logdet = l.diag().iter().map(|v| v.ln()).sum();
        Ok(Self { design, lags, lambda, theta, b, whiten: inverse(&l, "L")?, half_logdet })
    }

    /// White values of a variable whose own and lagged values these are: `n·t` deviations, then `n` means.
    fn white(&self, own: &Array1<f64>, lagged: &Array1<f64>) -> Array1<f64> {
        let filtered = own - &(lagged * self.lambda);
        let means = unit_means(&filtered, self.design.n);
        let deviations = filtered.iter().enumerate().map(|(at, v)| v - means[at % means.len()]);
        let between = self.whiten.dot(&means) * (self.design.t as f64).sqrt();
        deviations.chain(between.iter().copied()).collect()
    }

    /// The white regressors.
    pub(crate) fn regressors(&self) -> Array2<f64> {
        let (z, mz) = (&self.design.z, &self.lags.z);
        let rows = z.nrows() + self.design.n;
        let mut white = Array2::zeros((rows, z.ncols()));
        for j in 0..z.ncols() {
            white
                .column_mut(j)
                .assign(&self.white(&z.column(j).to_owned(), &mz.column(j).to_owned()));
        }
        white
    }

    /// Best coefficients and white residuals.
    fn regress(&self) -> Result<(Array1<f64>, Array1<f64>), Error> {
        let regression = LeastSquares::new(&self.regressors())?;
        let y = self.white(&self.design.y, &self.lags.y);
        Ok((regression.coefficients(&y), regression.residuals(&y)))
    }

    /// The log-likelihood less `t·ln|B|`, with its slopes in λ and ln φ.
    fn slopes(&self, m: &Array2<f64>, observations: f64) -> Result<Slopes<2>, Error> {
        let (coefficients, e) = self.regress()?;
        let squares = e.dot(&e);
        let (n, t) = (self.design.n, self.design.t as f64);
        let scale = 0.5 * observations / squares;
        // M·r and its deviations and means, r = y − Zγ.
        let lagged = &self.lags.y - &self.lags.z.dot(&coefficients);
        let lagged_means = unit_means(&lagged, n);
        let within: f64 =
            lagged.iter().enumerate().map(|(at, v)| e[at] * (v - lagged_means[at % n])).sum();
        // K⁻¹a with a = √t·B·r̄, and what B' and M' make of it.
        let solved = self.whiten.t().dot(&e.slice(s![n * self.design.t..]));
        let (b_solved, m_solved) = (self.b.t().dot(&solved), m.t().dot(&solved));
        let inverse = self.whiten.t().dot(&self.whiten);
        let trace = |a: &Array2<f64>, b: &Array2<f64>| (&inverse.dot(a) * b).sum();
        let in_lambda = -2.0 * within - 2.0 * t.sqrt() * lagged_means.dot(&solved)
            + 2.0 * t * self.theta * m_solved.dot(&b_solved);
        let in_theta = -t * b_solved.dot(&b_solved);
        let by_theta = -0.5 * t * trace(&self.b, &self.b) - scale * in_theta;
        Ok(Slopes {
            value: gaussian(squares, observations) - self.half_logdet,
            slope: [
                t * self.theta * trace(m, &self.b) - scale * in_lambda,
                // dθ/d ln φ = −2φ⁻²/t
                -2.0 * (self.theta * t + 1.0) / t * by_theta,
            ],
        })
    }

    /// Expected information of `(λ, φ, σ²)`: `½·tr(Ω⁻¹·∂Ω/∂a·Ω⁻¹·∂Ω/∂b)`.
    pub(crate) fn information(&self, m: &Array2<f64>, sigma2: f64) -> Result<Array2<f64>, Error> {
        let (n, t) = (self.design.n as f64, self.design.t as f64);
        // Of the deviations: H = MB⁻¹, whose symmetric part stands for ∂(B'B)⁻¹ once whitened by B.
        let h = m.dot(&inverse(&self.b, "I − λM")?);
        let within = &h + &h.t();
        // Of the means, whitened by L⁻¹B: ∂V/∂λ becomes L⁻¹(H + H')L⁻ᵀ and ∂V/∂θ becomes t·L⁻¹BB'L⁻ᵀ.
        let between = self.whiten.dot(&within).dot(&self.whiten.t());
        let lb = self.whiten.dot(&self.b);
        let variance = lb.dot(&lb.t()) * t;
        let product = |a: &Array2<f64>, b: &Array2<f64>| (a * &b.t()).sum();
        // dθ/dφ = −2/(tφ³)
        let slope = -2.0 * (self.theta * t + 1.0).powf(1.5) / t;
        let lambda2 = 0.5 * (product(&between, &between) + (t - 1.0) * product(&within, &within));
        let lambda_phi = 0.5 * slope * product(&between, &variance);
        let lambda_sigma = 0.5 * (between.diag().sum() + (t - 1.0) * within.diag().sum()) / sigma2;
        let phi2 = 0.5 * slope * slope * product(&variance, &variance);
        let phi_sigma = 0.5 * slope * variance.diag().sum() / sigma2;
        Ok(ndarray::array![
            [lambda2, lambda_phi, lambda_sigma],
            [lambda_phi, phi2, phi_sigma],
            [lambda_sigma, phi_sigma, n * t / (2.0 * sigma2 * sigma2)],
        ])
    }
}

/// The maximum over (λ, φ).
pub(super) fn find(
    design: &Design,
    lags: &ErrorLags,
    m: &Prepared,
    flat: Maximum,
) -> Result<Maximum, Error> {
    if design.n > MAX_UNITS {
        return Err(Error::TooManyForDense {
            what: "a lag of the error beside random effects",
            n: design.n,
            limit: MAX_UNITS,
        });
    }
    let observations = (design.n * design.t) as f64;
    let logdet = m.logdet()?;
    let matrix = dense(m.weights());
    let f = |[lambda, ln_phi]: [f64; 2]| {
        let covariance = Covariance::new(design, lags, &matrix, lambda, ln_phi.exp())?;
        let rest = covariance.slopes(&matrix, observations)?;
        let jacobian = logdet.at(lambda);
        let t = design.t as f64;
        Ok(Slopes {
            value: rest.value + t * jacobian.value,
            slope: [rest.slope[0] + t * jacobian.slope, rest.slope[1]],
        })
    };
    if f([flat.point.lambda.unwrap_or(0.0), 0.0])?.slope[1] >= 0.0 {
        return Ok(flat);
    }
    let search = BoxSearch {
        parameters: ["lambda", "phi"],
        log_determinant: Some(logdet.method),
        bounds: [logdet.bounds(), LN_PHI],
        observations,
    };
    let found = search.maximise(f)?;
    let (lambda, phi) = (found.at[0], found.at[1].exp());
    let (coefficients, e) = Covariance::new(design, lags, &matrix, lambda, phi)?.regress()?;
    Ok(Maximum {
        point: Point {
            coefficients,
            rho: None,
            lambda: Some(lambda),
            phi: Some(phi),
            sigma2: e.dot(&e) / observations,
        },
        log_likelihood: found.value,
        convergence: record(found),
    })
}
