//! The likelihood of random effects beside a lag of the error, at one (λ, φ) and for every ρ.

use durbin_core::linalg::{
    inverse, inverse_spd, orthonormal,
    sparse::{Analysis, Factor},
    triangular_factor,
};
use ndarray::{Array1, Array2, ArrayView1, s, stack};
use std::sync::Arc;

use super::square::Square;
use crate::{
    Error,
    design::{Design, ErrorLags},
    likelihood::{LagProfile, gaussian},
    search::Slopes,
    within::unit_means,
};

/// The data apart from (ρ, λ, φ): deviations from unit means as few rows of the same lengths and angles, and the
/// means, with Z in an orthonormal basis of its columns so that normal equations lose no digits.
pub(super) struct Data<'a> {
    square: &'a Square,
    t: f64,
    observations: f64,
    within: Part,
    means: Part,
    /// `R⁻¹` of `Z = QR`.
    basis: Array2<f64>,
}

/// Columns and their lags by M.
struct Part {
    own: Columns,
    lagged: Columns,
}

struct Columns {
    z: Array2<f64>,
    /// y and Wy.
    y: [Array1<f64>; 2],
}

impl Columns {
    /// Of `[Z, y, Wy]`.
    fn of(all: &Array2<f64>) -> Self {
        let k = all.ncols() - 2;
        let one = |at: usize| all.column(at).to_owned();
        Self { z: all.slice(s![.., ..k]).to_owned(), y: [one(k), one(k + 1)] }
    }
}

impl Part {
    /// Of `[Z, y, Wy, MZ, My, MWy]`.
    fn of(all: &Array2<f64>) -> Self {
        let half = all.ncols() / 2;
        let side = |from: usize| Columns::of(&all.slice(s![.., from..from + half]).to_owned());
        Self { own: side(0), lagged: side(half) }
    }

    /// What `B = I − λM` makes of the columns.
    fn filtered(&self, lambda: f64) -> Columns {
        let y = |at: usize| &self.own.y[at] - &(&self.lagged.y[at] * lambda);
        Columns { z: &self.own.z - &(&self.lagged.z * lambda), y: [y(0), y(1)] }
    }

    /// `M(y − ρWy − Zγ)`.
    fn lagged(&self, rho: f64, gamma: &Array1<f64>) -> Array1<f64> {
        let [y, wy] = &self.lagged.y;
        y - &(wy * rho) - self.lagged.z.dot(gamma)
    }
}

impl<'a> Data<'a> {
    /// # Errors
    /// Regressors that depend on each other.
    pub(super) fn new(
        design: &Design,
        lags: &ErrorLags,
        square: &'a Square,
    ) -> Result<Self, Error> {
        let columns = |z: &Array2<f64>| z.columns().into_iter().map(|c| c.to_owned()).collect();
        let own: Vec<Array1<f64>> = columns(&design.z);
        let (q, r) = orthonormal(&own);
        let basis = inverse(&r, "R of Z")?;
        let mut all: Vec<Array1<f64>> = columns(&q);
        all.extend([design.y.clone(), design.wy.clone()]);
        let lagged: Vec<Array1<f64>> = columns(&lags.z.dot(&basis));
        all.extend(lagged);
        all.extend([lags.y.clone(), lags.wy.clone()]);
        let n = design.n;
        let means: Vec<Array1<f64>> = all.iter().map(|column| unit_means(column, n)).collect();
        for (column, means) in all.iter_mut().zip(&means) {
            for (at, value) in column.iter_mut().enumerate() {
                *value -= means[at % n];
            }
        }
        let slices: Vec<&[f64]> = all.iter().filter_map(|column| column.as_slice()).collect();
        let views: Vec<ArrayView1<f64>> = means.iter().map(|column| column.view()).collect();
        let means = stack(ndarray::Axis(1), &views).unwrap_or_default();
        Ok(Self {
            square,
            t: design.t as f64,
            observations: (n * design.t) as f64,
            within: Part::of(&triangular_factor(&slices)),
            means: Part::of(&means),
            basis,
        })
    }

    /// γ at its best for each ρ.
    ///
    /// # Errors
    /// K is not positive definite.
    pub(super) fn at(&self, lambda: f64, phi: f64) -> Result<At<'_>, Error> {
        let c = phi.powi(-2) - 1.0;
        let squared = self.square.at(lambda);
        let factor = Factor::new(&squared, -c, &[])?;
        let within = self.within.filtered(lambda);
        let means = self.means.filtered(lambda);
        let columns: Vec<Vec<f64>> = means
            .z
            .columns()
            .into_iter()
            .chain(means.y.each_ref().map(|y| y.view()))
            .map(|c| c.to_vec())
            .collect();
        let solved = factor.solve_all(&columns);
        let k = means.z.ncols();
        let solved_z = Array2::from_shape_fn(means.z.raw_dim(), |(i, j)| solved[j][i]);
        let gram = within.z.t().dot(&within.z) + means.z.t().dot(&solved_z) * self.t;
        let gram_inverse = inverse_spd(&gram, "Z'Ω⁻¹Z")?;
        let fit = |at: usize| {
            let right = within.z.t().dot(&within.y[at]) + solved_z.t().dot(&means.y[at]) * self.t;
            let gamma = gram_inverse.dot(&right);
            Residuals {
                within: &within.y[at] - &within.z.dot(&gamma),
                means: &means.y[at] - &means.z.dot(&gamma),
                solved: Array1::from(solved[k + at].clone()) - solved_z.dot(&gamma),
                gamma,
            }
        };
        let sides = [fit(0), fit(1)];
        Ok(At { data: self, lambda, c, squared, factor, sides })
    }
}

/// Of y or of Wy on Z, white in `K^-½` for the means.
struct Residuals {
    gamma: Array1<f64>,
    within: Array1<f64>,
    means: Array1<f64>,
    /// `K⁻¹` of the means.
    solved: Array1<f64>,
}

/// Generalised least squares of y and of Wy at one (λ, φ), with `K = I + cBB'` and `c = φ⁻² − 1`.
pub(super) struct At<'a> {
    data: &'a Data<'a>,
    lambda: f64,
    c: f64,
    squared: Arc<Analysis>,
    factor: Factor,
    sides: [Residuals; 2],
}

impl At<'_> {
    /// `e'Ω⁻¹e` and γ as functions of ρ.
    pub(super) fn of_lag(&self) -> LagProfile {
        let [own, lagged] = &self.sides;
        let product = |a: &Residuals, b: &Residuals| {
            a.within.dot(&b.within) + self.data.t * a.means.dot(&b.solved)
        };
        let gamma = |side: &Residuals| self.data.basis.dot(&side.gamma);
        LagProfile::of(
            [gamma(own), gamma(lagged)],
            [product(own, own), product(own, lagged), product(lagged, lagged)],
        )
    }

    /// The log-likelihood at its best σ², less `t·ln|I − ρW| + t·ln|B|`.
    pub(super) fn value(&self, squares: f64) -> f64 {
        gaussian(squares, self.data.observations) - 0.5 * self.factor.log_determinant()
    }

    /// The same with its slopes in λ and ln φ at one ρ: with residuals r, their means r̄ and `s = K⁻¹Br̄`
    ///
    /// ```text
    /// ∂q/∂λ = −2·(Br)'Mr [deviations] − 2t·s'Mr̄ + 2tc·(M's)'(B's)        ∂q/∂c = −t·|B's|²
    /// ```
    pub(super) fn slopes(&self, rho: f64) -> Slopes<2> {
        let (t, c, square) = (self.data.t, self.c, self.data.square);
        let [own, lagged] = &self.sides;
        let at = |of: fn(&Residuals) -> &Array1<f64>| of(own) - &(of(lagged) * rho);
        let (within, means, solved) = (at(|r| &r.within), at(|r| &r.means), at(|r| &r.solved));
        let gamma = at(|r| &r.gamma);
        let squares = within.dot(&within) + t * means.dot(&solved);
        let flat = solved.to_vec();
        let filtered = Array1::from(square.filter_back(self.lambda, &flat));
        let back = Array1::from(square.transposed.multiply(&flat));
        let in_lambda = -2.0 * within.dot(&self.data.within.lagged(rho, &gamma))
            - 2.0 * t * solved.dot(&self.data.means.lagged(rho, &gamma))
            + 2.0 * t * c * back.dot(&filtered);
        let in_c = -t * filtered.dot(&filtered);
        let traces = self.factor.traces_with(&[&self.squared, &square.slope(self.lambda)]);
        let [of_square, of_slope] = [traces[0][0], traces[0][1]];
        let scale = 0.5 * self.data.observations / squares;
        Slopes {
            value: self.value(squares),
            slope: [
                -0.5 * c * of_slope - scale * in_lambda,
                // dc/d ln φ = −2φ⁻²
                -2.0 * (c + 1.0) * (-0.5 * of_square - scale * in_c),
            ],
        }
    }
}
