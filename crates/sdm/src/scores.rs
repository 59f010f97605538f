//! Scores as linear and quadratic forms of the errors, and the covariances that rest on them.

mod control;
mod diagonals;
mod forms;
mod moments;
mod pairs;
mod traces;

use ndarray::{Array1, Array2, s};

use crate::{
    Effects, Error, SdmSpec,
    design::Design,
    goodness::residuals,
    likelihood::ErrorProfile,
    multiplier::Multiplier,
    parameters::{Point, Positions},
    sample::Sample,
    within::demean,
};
pub(crate) use control::{Estimated, share};
use control::{crossed, placed};
use diagonals::Diagonals;
use forms::Form;
pub(crate) use forms::Forms;
use moments::{Shares, moments};

/// The score of parameter `a` is `l_a'ε/σ² + Σ_t ε_t'Q_aε_t/σ² − T·tr(Q_a)`, with `G = W(I − ρW)⁻¹` and
/// `B = I − λM`:
///
/// ```text
/// γ: l = BZ               ρ: l = BGZγ, Q = BGB⁻¹       λ: Q = MB⁻¹       σ²: Q = I/(2σ²)
/// ```
pub(crate) struct Scores<'a> {
    /// `l_a`, observations × parameters.
    linear: Array2<f64>,
    /// `Q_a` of ρ and λ.
    forms: Forms<'a>,
    at: Positions,
    /// ε, `t × n`.
    errors: Array2<f64>,
    sample: Sample,
    sigma2: f64,
}

impl<'a> Scores<'a> {
    /// With the multipliers of ρ and λ, where the point has them.
    pub(crate) fn new(
        design: &Design,
        sample: Sample,
        point: &Point,
        of_lag: Option<&'a Multiplier>,
        of_error: Option<&'a Multiplier>,
    ) -> Self {
        let at = Positions::of(point);
        let mut linear = Array2::zeros((design.z.nrows(), at.len()));
        let z = match (&design.error, point.lambda) {
            (Some(lags), Some(lambda)) => ErrorProfile::new(design, lags, 0.0).filtered(lambda),
            _ => design.z.clone(),
        };
        linear.slice_mut(s![.., ..at.k]).assign(&z);
        if let (Some(r), Some(g)) = (at.rho, of_lag) {
            let mut column = g.lagged(&design.fitted(point));
            if let Some(h) = of_error {
                column = h.filtered(&column);
            }
            if sample.without_unit_root {
                column = demean(&column, Effects::Time);
            }
            linear.column_mut(r).assign(&column.iter().copied().collect::<Array1<f64>>());
        }
        let errors = design.by_period(&residuals(design, point));
        let forms = Forms::new(of_lag, of_error);
        Self { linear, forms, at, errors, sample, sigma2: point.sigma2 }
    }

    /// The same by random vectors however few units there are.
    #[cfg(test)]
    fn randomly(self) -> Self {
        Self { forms: self.forms.randomly(), ..self }
    }

    /// Where the parameters of the forms are.
    fn places(&self) -> Vec<usize> {
        let place = |form: &Form| match form {
            Form::Lag => self.at.rho,
            Form::Error => self.at.lambda,
        };
        self.forms.list().iter().filter_map(place).collect()
    }

    /// Expected information of normal errors: `l_a'l_b/σ² + T·(tr(Q_aQ_b) + tr(Q_a'Q_b))`.
    ///
    /// Of `F'Q_aF` and `F'Q_bF` where the unit root is gone: with `Q_a·1 = a·1` and `Q_b·1 = b·1` the first trace loses `ab`, the
    /// second `(1'Q_a)(1'Q_b)'/n`.
    ///
    /// # Errors
    /// Random vectors that say nothing.
    pub(crate) fn information(&self) -> Result<Estimated, Error> {
        let (n, sigma2) = (self.errors.ncols() as f64, self.sigma2);
        let (list, places) = (self.forms.list(), self.places());
        let mut products = self.forms.products()?;
        let mut traces: Vec<f64> = list.iter().map(|form| self.forms.trace(*form)).collect();
        let mut units = n;
        if self.sample.without_unit_root {
            let sums: Vec<Array1<f64>> =
                list.iter().map(|form| self.forms.column_sums(*form)).collect();
            for (a, of_a) in sums.iter().enumerate() {
                traces[a] -= of_a.sum() / n;
                for (b, of_b) in sums.iter().enumerate() {
                    products.value[[a, b]] -=
                        of_a.sum() * of_b.sum() / (n * n) + of_a.dot(of_b) / n;
                }
            }
            units -= 1.0;
        }
        let mut information = placed(&products, &places, self.at.len());
        let sigma = self.at.sigma2;
        for (at, trace) in places.into_iter().zip(traces) {
            information.value[[at, sigma]] = trace / sigma2;
            information.value[[sigma, at]] = trace / sigma2;
        }
        information.value[[sigma, sigma]] = units / (2.0 * sigma2 * sigma2);
        let periods = self.sample.periods;
        Ok(Estimated {
            value: self.linear.t().dot(&self.linear) / sigma2 + information.value * periods,
            error: information.error * periods,
        })
    }

    /// What non-normal errors of one distribution add to the variance of the score (Lee 2004; Lee & Yu
    /// 2010): with `d_a` the diagonals of the quadratic forms in the errors before demeaning,
    /// `μ₃/σ⁴·(l_a'd_b + d_a'l_b) + (μ₄ − 3σ⁴)/σ⁴·d_a'd_b`.
    pub(crate) fn beyond_normal(&self, spec: &SdmSpec) -> Estimated {
        let (t, n) = self.errors.dim();
        let (over_time, over_units) = Shares::both(spec, n, t);
        let diagonals = self.forms.diagonals();
        let [first, second] =
            self.placed_diagonals(&diagonals, spec.effects.of_periods(), over_time.first);
        let (third, fourth) = moments(&self.errors, self.sigma2, &over_time, &over_units);
        let sigma4 = self.sigma2 * self.sigma2;
        // A diagonal is that of every period.
        let linear = self.over_periods(|_, _| 1.0);
        let cross = linear.t().dot(&((&first + &second) * 0.5));
        let noise = (&first - &second).mapv(|d| 0.25 * d * d);
        let cross_error = linear.mapv(|l| l * l).t().dot(&noise).mapv(f64::sqrt);
        let squares = crossed(&first, &second);
        let (third, fourth) = (third / sigma4, fourth / sigma4 - 3.0);
        let t = t as f64;
        Estimated {
            value: (&cross + &cross.t()) * third + squares.value * (t * fourth),
            error: (&cross_error + &cross_error.t()) * third.abs()
                + squares.error * (t * fourth.abs()),
        }
    }

    /// `d_a`, n × p, times `scale`, twice as in [`Diagonals`]; less the means of their columns if `centred`.
    fn placed_diagonals(&self, found: &Diagonals, centred: bool, scale: f64) -> [Array2<f64>; 2] {
        let n = self.errors.ncols();
        let own = 1.0 / (2.0 * self.sigma2);
        let sums: Vec<Array1<f64>> = if centred {
            let of = |form: &Form| self.forms.column_sums(*form) / n as f64;
            self.forms.list().iter().map(of).collect()
        } else {
            Vec::new()
        };
        [&found.first, &found.second].map(|by_form| {
            let mut all = Array2::zeros((n, self.at.len()));
            for (a, place) in self.places().into_iter().enumerate() {
                let mut column = by_form.column(a).to_owned();
                if let Some(sums) = sums.get(a) {
                    column -= sums;
                }
                all.column_mut(place).assign(&(column * scale));
            }
            let own = if centred { own - own / n as f64 } else { own };
            all.column_mut(self.at.sigma2).fill(own * scale);
            all
        })
    }

    /// `Σ_t weight(t, i)·l_ti`, n × p.
    fn over_periods(&self, weight: impl Fn(usize, usize) -> f64) -> Array2<f64> {
        let (t, n) = self.errors.dim();
        let mut units = Array2::<f64>::zeros((n, self.at.len()));
        for period in 0..t {
            for i in 0..n {
                units.row_mut(i).scaled_add(weight(period, i), &self.linear.row(period * n + i));
            }
        }
        units
    }

    /// The variance of the score where errors are independent between units alone:
    /// `Σ_i c_ic_i' + Σ_{i<j} q_ijq_ij'` times n/(n − 1), with `c_i` the linear and diagonal part of unit `i`
    /// and `q_ij = (Q_ij + Q_ji)·Σ_t ε_itε_jt/σ²`: pairs are uncorrelated with each other and with units. `also` has the place of a
    /// parameter that is none of the above, and its score by unit.
    ///
    /// # Errors
    /// Random vectors that say nothing.
    pub(crate) fn clustered(
        &self,
        also: Option<(usize, &Array1<f64>)>,
    ) -> Result<Estimated, Error> {
        let n = self.errors.ncols();
        let expected = self.sample.observations / n as f64;
        let linear = self.over_periods(|period, i| self.errors[[period, i]] / self.sigma2);
        let own: Array1<f64> =
            self.errors.columns().into_iter().map(|e| e.dot(&e) / self.sigma2 - expected).collect();
        let found = self.forms.diagonals();
        let [first, second] = self.placed_diagonals(&found, false, 1.0).map(|mut diagonals| {
            for mut column in diagonals.columns_mut() {
                column *= &own;
            }
            diagonals += &linear;
            if let Some((place, scores)) = also {
                diagonals.column_mut(place).assign(scores);
            }
            diagonals
        });
        let units = crossed(&first, &second);
        let scaled = &self.errors / self.sigma2.sqrt();
        let pairs = self.forms.pair_sums(&scaled, &found)?;
        let pairs = placed(&pairs, &self.places(), self.at.len());
        let unbiased = n as f64 / (n as f64 - 1.0);
        Ok(Estimated {
            value: (units.value + pairs.value) * unbiased,
            error: (units.error + pairs.error) * unbiased,
        })
    }
}

#[cfg(test)]
mod tests;
