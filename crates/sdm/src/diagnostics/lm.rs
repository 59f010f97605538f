//! Lagrange multiplier tests of a spatial lag and a spatial error in the regression without either.

use durbin_core::{Distribution, Panel, TestStat};
use durbin_weights::Weights;
use ndarray::Array1;

use super::{
    Linear,
    linear::{by_period, quadratic},
    traces::{Traces, row_standardised},
    words,
};
use crate::{Effects, Error, Model, SdmSpec, design::lag};

const CHI1: Distribution = Distribution::ChiSquared(1.0);

/// The four tests, and their joint one, under the effects of `spec`; then those four on transformed data, and the four
/// under every other choice of effects.
pub(crate) fn tests(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Result<Vec<TestStat>, Error> {
    if w.n_links() == 0 {
        return Ok(names("", "")
            .map(|(name, null)| TestStat::invalid(name, null, CHI1, "the weights have no link"))
            .to_vec());
    }
    // Random effects have no demeaned regression: its tests are those without effects.
    let own = if spec.effects == Effects::Random { Effects::None } else { spec.effects };
    let panel_words = |effects| match panel.n_periods() {
        1 => String::new(),
        _ => format!(" ({})", words(effects)),
    };
    let linear = Linear::new(spec, Model::Ols, own, panel, w)?;
    let scores = Scores::new(&linear, w);
    let mut tests = scores.statistics(Information::classical(&linear, w), "", &panel_words(own));
    if own.of_units() || own.of_periods() {
        tests.extend(transformed(&scores, &linear, w));
    }
    if panel.n_periods() > 1 {
        let all = [Effects::None, Effects::Unit, Effects::Time, Effects::TwoWays];
        for effects in all.into_iter().filter(|&effects| effects != own) {
            let suffix = format!(", {}", words(effects));
            let under = panel_words(effects);
            match Linear::new(spec, Model::Ols, effects, panel, w) {
                Ok(linear) => {
                    let information = Information::classical(&linear, w);
                    let mut four = Scores::new(&linear, w).statistics(information, &suffix, &under);
                    four.truncate(4);
                    tests.extend(four);
                }
                Err(error) => tests.extend(
                    names(&suffix, &under)[..4]
                        .iter()
                        .map(|(name, null)| TestStat::invalid(name, null, CHI1, error.to_string())),
                ),
            }
        }
    }
    Ok(tests)
}

/// Names and nulls of the four tests and of the joint one.
fn names(suffix: &str, under: &str) -> [(String, String); 5] {
    [
        ("LM lag", "no spatial lag"),
        ("LM error", "no spatial error"),
        ("Robust LM lag", "no spatial lag, whether or not there is a spatial error"),
        ("Robust LM error", "no spatial error, whether or not there is a spatial lag"),
        ("LM lag and error", "neither spatial lag nor spatial error"),
    ]
    .map(|(name, null)| (format!("{name}{suffix}"), format!("{null}{under}")))
}

/// What the likelihood counts: periods, `tr W`, `tr(WW + WW')` per period, and observations.
#[derive(Debug, Clone, Copy)]
struct Information {
    periods: f64,
    trace: f64,
    squares: f64,
    observations: f64,
    /// Whether the data are transformed.
    within: bool,
}

impl Information {
    /// Elhorst (2014): all `n·t` observations of the demeaned data.
    fn classical(linear: &Linear, w: &Weights) -> Self {
        let traces = Traces::new(w, false);
        Self {
            periods: linear.design.t as f64,
            trace: traces.own,
            squares: traces.both(),
            observations: (linear.design.n * linear.design.t) as f64,
            within: false,
        }
    }

    /// Orthonormally transformed data (Lee & Yu 2010): `t − 1` periods where unit effects are gone, `F'WF` and `n − 1`
    /// units where period effects are.
    fn transformed(linear: &Linear, w: &Weights) -> Self {
        let (units, time) = (linear.effects.of_units(), linear.effects.of_periods());
        let traces = Traces::new(w, time);
        let periods = linear.design.t - usize::from(units);
        Self {
            periods: periods as f64,
            trace: traces.own,
            squares: traces.both(),
            observations: (periods * (linear.design.n - usize::from(time))) as f64,
            within: true,
        }
    }
}

fn transformed(scores: &Scores, linear: &Linear, w: &Weights) -> Vec<TestStat> {
    let suffix = ", transformed";
    let under = format!(" ({}, Lee–Yu transformed data)", words(linear.effects));
    if linear.effects.of_periods() && !row_standardised(w) {
        let reason =
            "the transformation without period effects needs weights whose rows sum to one";
        return names(suffix, &under)[..4]
            .iter()
            .map(|(name, null)| TestStat::invalid(name, null, CHI1, reason))
            .collect();
    }
    let mut four = scores.statistics(Information::transformed(linear, w), suffix, &under);
    four.truncate(4);
    four
}

/// `e'e`, `e'We`, `e'Wy` and the length of `W·Xβ` outside the regressors.
struct Scores {
    squares: f64,
    error: f64,
    lag: f64,
    /// `|M·W·Xβ|²`, `M` projecting off the demeaned regressors alone: period means that W brings back stay in.
    fitted: f64,
    /// The same with those means taken out.
    fitted_within: f64,
}

impl Scores {
    fn new(linear: &Linear, w: &Weights) -> Self {
        let design = &linear.design;
        let fitted = design.z.dot(&linear.coefficients);
        let outside = |v: &Array1<f64>| {
            let left = linear.regression.residuals(v);
            left.dot(&left)
        };
        let as_it_is: Array1<f64> = lag(w, &by_period(&fitted, design.n)).iter().copied().collect();
        let wy = by_period(&design.wy, design.n);
        Self {
            squares: linear.squares,
            error: quadratic(w, &linear.residuals, &linear.residuals),
            lag: (&linear.residuals * &wy).sum(),
            fitted: outside(&as_it_is),
            fitted_within: outside(&linear.lagged(w, &fitted)),
        }
    }

    /// With `s_e = e'We/σ² − T·tr W`, `s_y = e'Wy/σ² − T·tr W`, `B = T·tr(WW + W'W) − 2(T·tr W)²/m` and
    /// `J = |MWXβ|²/σ² + B`:
    ///
    /// ```text
    /// LM lag    s_y²/J            robust  (s_y − s_e)²/(J − B)
    /// LM error  s_e²/B            robust  (s_e − (B/J)·s_y)²/(B·(1 − B/J))
    /// joint     LM error + robust LM lag, χ²(2)
    /// ```
    ///
    /// As Elhorst (2014) computes `MWXβ`, it keeps the period means that W brings back into demeaned regressors; on
    /// transformed data it does not. The trace is zero, and `B` Elhorst's `T·T_W`, unless period effects are transformed away.
    fn statistics(&self, information: Information, suffix: &str, under: &str) -> Vec<TestStat> {
        let Information { periods, trace, squares, observations, within } = information;
        let fitted = if within { self.fitted_within } else { self.fitted };
        let sigma2 = self.squares / observations;
        let mean = periods * trace;
        let (error, response) = (self.error / sigma2 - mean, self.lag / sigma2 - mean);
        let b = periods * squares - 2.0 * mean * mean / observations;
        let j = fitted / sigma2 + b;
        let robust_lag = (response - error).powi(2) / (j - b);
        let values = [
            response * response / j,
            error * error / b,
            robust_lag,
            (error - b / j * response).powi(2) / (b * (1.0 - b / j)),
            error * error / b + robust_lag,
        ];
        let df = [1.0, 1.0, 1.0, 1.0, 2.0];
        names(suffix, under)
            .into_iter()
            .zip(values.into_iter().zip(df))
            .map(|((name, null), (value, df))| {
                let distribution = Distribution::ChiSquared(df);
                if value.is_finite() {
                    TestStat::new(name, null, value, distribution)
                } else {
                    let reason = "the information about the spatial parameter vanishes";
                    TestStat::invalid(name, null, distribution, reason)
                }
            })
            .collect()
    }
}
