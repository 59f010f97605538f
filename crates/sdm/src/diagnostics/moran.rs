//! Moran's I of the residuals.

use durbin_core::{Distribution, Panel, TestStat};
use ndarray::{Array1, Array2};

use super::{
    Linear,
    linear::quadratic,
    residuals::residuals,
    traces::{Traces, row_standardised},
};
use crate::{
    BiasCorrection, Dynamic, Effects, Error, Fit, Prepared, SdmSpec, Vcov, design::lag,
    model::Process, multiplier::Multiplier, scores::Forms,
};

const NAME: &str = "Moran of residuals";
const NULL: &str = "no spatial autocorrelation of the residuals";

/// Pooled over periods, and for each period by itself.
pub(crate) fn tests(
    fit: &Fit,
    e: &Array2<f64>,
    panel: &Panel,
    w: &Prepared,
    m: Option<&Prepared>,
) -> Result<Vec<TestStat>, Error> {
    let spec = &fit.spec;
    // Least squares has exact moments, where its regressors are fixed and its errors independent.
    let exact = spec.model.process() == Process::Linear
        && spec.dynamic == Dynamic::None
        && spec.effects != Effects::Random;
    let moments = if exact { Ok(None) } else { corrected(fit, panel, w, m).map(Some) };
    let t = e.nrows();
    // The first period of a dynamic model has no residuals.
    let names = || {
        panel.periods.iter().skip(panel.n_periods() - t).map(|period| format!("{NAME}, {period}"))
    };
    let several = if t > 1 { names().collect() } else { Vec::new() };
    match moments {
        Ok(None) => {
            let linear =
                Linear::new(&fit.spec, fit.spec.model, fit.spec.effects, panel, w.weights())?;
            let mut tests = vec![normal(NAME, cliff_ord(&linear, w))];
            let centred = fit.spec.effects.of_periods();
            let traces = Traces::new(w.weights(), centred);
            let free = (panel.n_units() - usize::from(centred)) as f64;
            for (name, e) in several.iter().zip(e.rows()) {
                let e = e.to_owned().insert_axis(ndarray::Axis(0));
                let ratio = quadratic(w.weights(), &e, &e) / (&e * &e).sum();
                let moments = Moments::of(traces.own, traces.squared, traces.crossed, free);
                tests.push(normal(name, moments.z(ratio)));
            }
            Ok(tests)
        }
        Ok(Some(score)) => {
            let mut tests = vec![normal(NAME, score.pooled())];
            tests.extend(
                several.iter().enumerate().map(|(at, name)| normal(name, score.of_period(at))),
            );
            Ok(tests)
        }
        Err(reason) => Ok(std::iter::once(NAME.to_owned())
            .chain(several)
            .map(|name| TestStat::invalid(name, NULL, Distribution::Normal, &reason))
            .collect()),
    }
}

fn normal(name: &str, z: f64) -> TestStat {
    if z.is_finite() {
        TestStat::new(name, NULL, z, Distribution::Normal)
    } else {
        let reason =
            "the statistic has no variance: the weights have no link or the residuals vanish";
        TestStat::invalid(name, NULL, Distribution::Normal, reason)
    }
}

/// Mean and variance of `e'We/e'e` for `e = Mu`, u independent normal: with `f = tr M`,
/// `tr(MW)/f` and `[tr(MWMW') + tr(MWMW) + tr(MW)²]/(f(f + 2)) − mean²` (Cliff & Ord 1981).
struct Moments {
    mean: f64,
    variance: f64,
}

impl Moments {
    fn of(own: f64, squared: f64, crossed: f64, free: f64) -> Self {
        let mean = own / free;
        let variance = (crossed + squared + own * own) / (free * (free + 2.0)) - mean * mean;
        Self { mean, variance }
    }

    fn z(&self, ratio: f64) -> f64 {
        (ratio - self.mean) / self.variance.sqrt()
    }
}

/// z of the pooled residuals of least squares with M = Q − Z(Z'Z)⁻¹Z', `Q` the within transformation.
fn cliff_ord(linear: &Linear, w: &Prepared) -> f64 {
    let w = w.weights();
    let (n, t, k) = (linear.design.n, linear.design.t, linear.design.names.len());
    let (units, time) = (linear.effects.of_units(), linear.effects.of_periods());
    let periods = (t - usize::from(units)) as f64;
    let traces = Traces::new(w, time);
    let z = &linear.design.z;
    let stacked = |of: &dyn Fn(&Array1<f64>) -> Array1<f64>| {
        let mut columns = Array2::zeros(z.raw_dim());
        for (mut to, column) in columns.columns_mut().into_iter().zip(z.columns()) {
            to.assign(&of(&column.to_owned()));
        }
        columns
    };
    let b = stacked(&|v| linear.lagged(w, v));
    let c = stacked(&|v| linear.lagged_back(w, v));
    let g = linear.regression.gram_inverse();
    let trace = |a: Array2<f64>| a.diag().sum();
    let d = g.dot(&z.t().dot(&b));
    let d_back = g.dot(&z.t().dot(&c));
    let own = periods * traces.own - trace(d.clone());
    let squared = periods * traces.squared - 2.0 * trace(g.dot(&c.t().dot(&b))) + trace(d.dot(&d));
    let crossed =
        periods * traces.crossed - trace(g.dot(&c.t().dot(&c))) - trace(g.dot(&b.t().dot(&b)))
            + trace(d.dot(&d_back));
    let free = periods * (n - usize::from(time)) as f64 - k as f64;
    let ratio = quadratic(w, &linear.residuals, &linear.residuals) / linear.squares;
    Moments::of(own, squared, crossed, free).z(ratio)
}

/// The score of a spatial error beside the spatial parameter that was estimated (Anselin 1988: LM test of an error in
/// the lag model; its square is that test). Its variance loses what estimating ρ or λ, and σ², takes away:
///
/// ```text
/// s = e'We/σ² − T·tr W      var s = T·tr(WW + W'W) − c'Vc,   c = (T·tr((W + W')G), T·tr W/σ²)
/// ```
///
/// with V the covariance of (ρ, σ²), and W, G, T, σ² those of the transformed data where there are effects. With two
/// lags both ρ and λ are taken away, with `Q` of their scores for G. The coefficients, of lags in time too, take nothing: a quadratic form
/// of normal errors is uncorrelated with what is linear in them. The statistic of a dynamic model with unit effects rests on many periods,
/// as its estimates do; that of random effects looks at the residuals within units, in which the effect is not.
struct Score {
    /// `e_t'We_t` and `e_t'e_t` of each period.
    periods: Vec<(f64, f64)>,
    units: f64,
    count: f64,
    trace: f64,
    squares: f64,
    /// `c'Vc` of one period.
    lost: f64,
}

impl Score {
    fn pooled(&self) -> f64 {
        let (cross, squares) = self
            .periods
            .iter()
            .fold((0.0, 0.0), |(a, b), (cross, squares)| (a + cross, b + squares));
        let score = cross / squares * self.units * self.count - self.count * self.trace;
        score / (self.count * self.squares - self.count * self.count * self.lost).sqrt()
    }

    fn of_period(&self, at: usize) -> f64 {
        let (cross, squares) = self.periods[at];
        let score = cross / squares * self.units - self.trace;
        score / (self.squares - self.lost).sqrt()
    }
}

fn corrected(
    fit: &Fit,
    panel: &Panel,
    w: &Prepared,
    m: Option<&Prepared>,
) -> Result<Score, String> {
    let effects = fit.spec.effects;
    let time = effects.of_periods();
    if time && !row_standardised(w.weights()) {
        return Err("with period effects it needs weights whose rows sum to one".to_owned());
    }
    let said = |error: Error| error.to_string();
    let spec = seen(&fit.spec);
    let other;
    let fit = if spec == fit.spec {
        fit
    } else {
        other = match m {
            Some(m) => spec.fit_prepared_with(panel, w, m),
            None => spec.fit_prepared(panel, w),
        }
        .map_err(said)?;
        &other
    };
    let error_weights = m.unwrap_or(w).weights();
    let e = residuals(fit, panel, w.weights(), error_weights).map_err(said)?;
    let traces = Traces::new(w.weights(), time);
    let mut with = estimated(fit, w, m).map_err(said)?;
    with.push((fit.positions.sigma2, traces.own / fit.sigma2));
    let lost = with.iter().flat_map(|(i, a)| with.iter().map(move |(j, b)| (*i, *j, a * b)));
    let lagged = lag(w.weights(), &e);
    let of_units = effects.of_units() || effects == Effects::Random;
    Ok(Score {
        units: (e.ncols() - usize::from(time)) as f64,
        count: (e.nrows() - usize::from(of_units)) as f64,
        periods: e
            .rows()
            .into_iter()
            .zip(lagged.rows())
            .map(|(e, lagged)| (e.dot(&lagged), e.dot(&e)))
            .collect(),
        trace: traces.own,
        squares: traces.both(),
        lost: lost.map(|(i, j, product)| product * fit.covariance[[i, j]]).sum(),
    })
}

/// What the statistic looks at: with fixed effects of a static model the transformed data, in which none are left; a
/// dynamic model as it is, since the transformation would mix its periods. The covariance is that of normal errors.
fn seen(spec: &SdmSpec) -> SdmSpec {
    let normal = spec.clone().vcov(Vcov::Information);
    if spec.effects.are_fixed() && spec.dynamic == Dynamic::None {
        return normal.bias_correction(BiasCorrection::Transform);
    }
    normal
}

/// Per period, what the score has in common with those of ρ and λ: `tr((W + W')Q)` with the `Q` of their scores.
fn estimated(fit: &Fit, w: &Prepared, m: Option<&Prepared>) -> Result<Vec<(usize, f64)>, Error> {
    let centred = fit.spec.effects.of_periods();
    let at = fit.positions;
    let multiplier = |of: &Prepared, at: Option<usize>| -> Result<Option<Multiplier>, Error> {
        at.map(|at| of.logdet()?.multiplier(fit.parameters[at])).transpose()
    };
    let of_lag = multiplier(w, at.rho)?;
    let of_error = multiplier(m.unwrap_or(w), at.lambda)?;
    let places = [at.rho, at.lambda].into_iter().flatten();
    if places.clone().next().is_none() {
        return Ok(Vec::new());
    }
    let forms = Forms::new(of_lag.as_ref(), of_error.as_ref());
    let traces = forms.mixed(w.logdet()?.structure(), centred)?;
    Ok(places.zip(traces).map(|(at, (trace, _))| (at, trace)).collect())
}
