//! Moran's I of the residuals.

use durbin_core::{Distribution, Panel, TestStat, linalg};
use ndarray::{Array1, Array2};

use super::{
    Linear,
    linear::quadratic,
    residuals::{residuals, spatial},
    traces::{Traces, row_standardised, sums},
};
use crate::{BiasCorrection, Error, Fit, Prepared, design::lag};

const NAME: &str = "Moran of residuals";
const NULL: &str = "no spatial autocorrelation of the residuals";

/// Most units for which the traces of a spatial model are taken from a dense inverse.
const DENSE: usize = 4_000;

/// Pooled over periods, and for each period by itself.
pub(crate) fn tests(
    fit: &Fit,
    e: &Array2<f64>,
    panel: &Panel,
    w: &Prepared,
) -> Result<Vec<TestStat>, Error> {
    let moments = match spatial(fit) {
        None => Ok(None),
        Some(_) => corrected(fit, panel, w).map(Some),
    };
    let t = panel.n_periods();
    let names = || panel.periods.iter().map(|period| format!("{NAME}, {period}"));
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
/// with V the covariance of (ρ, σ²), and W, G, T, σ² those of the transformed data where there are effects.
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

fn corrected(fit: &Fit, panel: &Panel, w: &Prepared) -> Result<Score, String> {
    let effects = fit.spec.effects;
    let time = effects.of_periods();
    if time && !row_standardised(w.weights()) {
        return Err("with period effects it needs weights whose rows sum to one".to_owned());
    }
    let n = panel.n_units();
    if n > DENSE {
        return Err(format!(
            "its variance needs traces of a dense inverse, for {DENSE} units at most"
        ));
    }
    let transformed;
    let fit = if effects.of_units() || time {
        let spec = fit.spec.clone().bias_correction(BiasCorrection::Transform);
        transformed = spec.fit_prepared(panel, w).map_err(|error| error.to_string())?;
        &transformed
    } else {
        fit
    };
    let (parameter, covariance) = spatial(fit).ok_or("the model has no spatial parameter")?;
    let e = residuals(fit, panel, w.weights()).map_err(|error| error.to_string())?;
    let traces = Traces::new(w.weights(), time);
    let mixed = mixed_trace(parameter, w, time).map_err(|error| error.to_string())?;
    let c = ndarray::array![mixed, traces.own / fit.sigma2];
    let lagged = lag(w.weights(), &e);
    Ok(Score {
        periods: e
            .rows()
            .into_iter()
            .zip(lagged.rows())
            .map(|(e, lagged)| (e.dot(&lagged), e.dot(&e)))
            .collect(),
        units: (n - usize::from(time)) as f64,
        count: (panel.n_periods() - usize::from(effects.of_units())) as f64,
        trace: traces.own,
        squares: traces.both(),
        lost: c.dot(&covariance.dot(&c)),
    })
}

/// `tr((W + W')G)`, `G = W(I − ρW)⁻¹`, both within periods if `centred`.
fn mixed_trace(rho: f64, w: &Prepared, centred: bool) -> Result<f64, Error> {
    let w = w.weights();
    let n = w.n_units();
    let mut system = Array2::eye(n);
    for i in 0..n {
        let (columns, values) = w.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            system[[i, j as usize]] -= rho * value;
        }
    }
    let s = linalg::inverse(&system, "I − ρW")?;
    let mut g = Array2::<f64>::zeros((n, n));
    for (i, mut row) in g.rows_mut().into_iter().enumerate() {
        let (columns, values) = w.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            row.scaled_add(value, &s.row(j as usize));
        }
    }
    let mut trace = 0.0;
    for i in 0..n {
        let (columns, values) = w.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            trace += value * (g[[j as usize, i]] + g[[i, j as usize]]);
        }
    }
    if centred {
        let units = n as f64;
        let (rows, columns) = sums(w);
        let (rows, columns) = (Array1::from(rows), Array1::from(columns));
        let (g_rows, g_columns) = (g.sum_axis(ndarray::Axis(1)), g.sum_axis(ndarray::Axis(0)));
        let through = columns.dot(&g_rows)
            + g_columns.dot(&rows)
            + rows.dot(&g_rows)
            + g_columns.dot(&columns);
        trace += 2.0 * rows.sum() * g.sum() / (units * units) - through / units;
    }
    Ok(trace)
}
