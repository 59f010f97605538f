//! Regressions unit by unit: Im–Pesaran–Shin's W and Fisher's P.

use durbin_core::Distribution;

use super::{UnitRootSpec, UnitRootTest, below, null::Nulls};

const SOME: &str = "some units have none";

/// `Δyₜ` on a constant, a trend, `extra` and lagged differences; the t statistic of `yₜ₋₁`. `None` where the regressors
/// depend on each other or nothing is left to explain.
///
/// `extra` holds further regressors, each as long as `y`.
#[derive(Debug, Default)]
pub(super) struct Regression {
    columns: Vec<Vec<f64>>,
    response: Vec<f64>,
}

impl Regression {
    pub fn t(&mut self, y: &[f64], spec: &UnitRootSpec, extra: &[Vec<f64>]) -> Option<f64> {
        self.set_up(y, spec, extra);
        let (k, rows) = (self.columns.len(), self.response.len());
        if rows <= k {
            return None;
        }
        self.take_off_all_but_the_last()?;
        let own = self.columns.last()?;
        let length = dot(own, own);
        let b = dot(own, &self.response) / length;
        take_off(&mut self.response, own, b);
        let left = dot(&self.response, &self.response);
        let t = b * (length * (rows - k) as f64 / left).sqrt();
        t.is_finite().then_some(t)
    }

    /// `Δyₜ` and `yₜ₋₁` less what the other regressors explain.
    pub fn partial(&mut self, y: &[f64], spec: &UnitRootSpec) -> Option<(&[f64], &[f64])> {
        self.set_up(y, spec, &[]);
        self.take_off_all_but_the_last()?;
        Some((&self.response, self.columns.last()?))
    }

    fn set_up(&mut self, y: &[f64], spec: &UnitRootSpec, extra: &[Vec<f64>]) {
        let k = spec.coefficients() + extra.len();
        self.columns.resize(k, Vec::new());
        self.columns.iter_mut().for_each(Vec::clear);
        self.response.clear();
        for t in spec.lags + 1..y.len() {
            self.response.push(y[t] - y[t - 1]);
            let mut column = self.columns.iter_mut();
            let mut push = |value: f64| {
                if let Some(column) = column.next() {
                    column.push(value);
                }
            };
            push(1.0);
            if spec.trend {
                push(t as f64);
            }
            for lag in 1..=spec.lags {
                push(y[t - lag] - y[t - lag - 1]);
            }
            for series in extra {
                push(series[t]);
            }
            push(y[t - 1]);
        }
    }

    /// Gram–Schmidt of the last column and the response against the columns before; `None` where columns depend on each
    /// other.
    fn take_off_all_but_the_last(&mut self) -> Option<()> {
        const DEPENDENT: f64 = 1e-20;
        let lengths: Vec<f64> = self.columns.iter().map(|c| dot(c, c)).collect();
        for (j, before) in lengths.iter().enumerate() {
            let (done, rest) = self.columns.split_at_mut(j + 1);
            let own = &done[j];
            let length = dot(own, own);
            if length <= DEPENDENT * before {
                return None;
            }
            if rest.is_empty() {
                break;
            }
            for later in rest {
                let along = dot(own, later) / length;
                take_off(later, own, along);
            }
            let along = dot(own, &self.response) / length;
            take_off(&mut self.response, own, along);
        }
        Some(())
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn take_off(from: &mut [f64], what: &[f64], times: f64) {
    from.iter_mut().zip(what).for_each(|(from, what)| *from -= times * what);
}

/// t of every unit.
pub(super) fn statistics(series: &[&[f64]], spec: &UnitRootSpec) -> Option<Vec<f64>> {
    let mut regression = Regression::default();
    series.iter().map(|y| regression.t(y, spec, &[])).collect()
}

/// IPS's W and Fisher's P from t of every unit.
pub(super) fn tests(
    series: &[&[f64]],
    t: Option<&[f64]>,
    spec: &UnitRootSpec,
    nulls: &Nulls,
) -> [UnitRootTest; 2] {
    let (ips, fisher) = ("Im–Pesaran–Shin W", "Fisher P (Maddala–Wu)");
    let Some(t) = t else {
        let reason = "in some unit the variable does not vary enough for its regression";
        return [ips, fisher].map(|name| UnitRootTest::invalid(name, SOME, reason));
    };
    let own: Vec<_> = series.iter().map(|y| nulls.t(y.len(), spec)).collect();
    let of = |unit: usize| &own[unit];
    let n = t.len() as f64;
    let mean = |of: &dyn Fn(usize) -> f64| (0..t.len()).map(of).sum::<f64>() / n;
    let (centre, variance) = (mean(&|unit| of(unit).mean), mean(&|unit| of(unit).variance));
    let w = n.sqrt() * (mean(&|unit| t[unit]) - centre) / variance.sqrt();
    let p = -2.0 * (0..t.len()).map(|unit| of(unit).below(t[unit]).ln()).sum::<f64>();
    let test = |name, statistic, p_value, distribution: String| UnitRootTest {
        name,
        alternative: SOME,
        statistic: Some(statistic),
        p_value,
        distribution,
        critical: None,
        reason: None,
    };
    let df = 2.0 * n;
    [
        test(ips, w, below(w), "standard normal, lower tail".to_owned()),
        test(fisher, p, Distribution::ChiSquared(df).p_value(p), format!("χ²({df}), upper tail")),
    ]
}
