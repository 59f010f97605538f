//! Tests of a panel for unit roots: Levin–Lin–Chu, Harris–Tzavalis, Im–Pesaran–Shin, Fisher (Maddala–Wu), Pesaran's CIPS.
//!
//! Harris & Tzavalis (1999) *J. Econometrics* 91, 201–226; Im, Pesaran & Shin (2003) *J. Econometrics* 115, 53–74;
//! Maddala & Wu (1999) *Oxford Bulletin* 61, 631–652; Pesaran (2007) *J. Applied Econometrics* 22, 265–312.

mod cips;
mod dickey_fuller;
mod levin_lin_chu;
mod null;
mod pooled;

use durbin_core::{Conventions, Distribution, Panel, TestStat};
use serde::Serialize;

use crate::{Error, dependence::dependence, sample::Sample};
use null::Nulls;

/// Residual degrees of freedom below which the variance of a t statistic does not exist.
const LEAST_DF: usize = 3;

/// How unit roots are tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRootSpec {
    /// Lagged differences in every regression.
    pub lags: usize,
    /// Whether every unit has a trend besides its constant.
    pub trend: bool,
    /// Seed of the simulated null distributions.
    pub seed: u64,
}

/// One test of the null that every unit has a unit root; one-sided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitRootTest {
    /// Name.
    pub name: &'static str,
    /// What holds where the null is rejected.
    pub alternative: &'static str,
    /// The statistic.
    pub statistic: Option<f64>,
    /// Share of the null distribution beyond it.
    pub p_value: Option<f64>,
    /// The null distribution in words.
    pub distribution: String,
    /// Statistics at which the p-value is 0.01, 0.05 and 0.10, where the distribution was simulated for this panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<[f64; 3]>,
    /// Why there is no statistic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Tests of one variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitRoot {
    /// The variable.
    pub variable: String,
    /// Units that were tested.
    pub n_units: usize,
    /// Units whose longest run of periods is too short.
    pub too_short: usize,
    /// Shortest and longest run of periods.
    pub periods: (usize, usize),
    /// Mean over units of the Dickey–Fuller t statistic.
    pub t_bar: Option<f64>,
    /// The tests.
    pub tests: Vec<UnitRootTest>,
    /// Pesaran's test for dependence between units, of the differences.
    pub cd: TestStat,
    /// Choices behind the numbers.
    pub conventions: Conventions,
}

impl UnitRootTest {
    fn invalid(name: &'static str, alternative: &'static str, reason: impl Into<String>) -> Self {
        Self {
            name,
            alternative,
            statistic: None,
            p_value: None,
            distribution: String::new(),
            critical: None,
            reason: Some(reason.into()),
        }
    }
}

/// The share of the standard normal distribution below a number.
fn below(z: f64) -> Option<f64> {
    let tails = Distribution::Normal.p_value(z)?;
    Some(if z < 0.0 { tails / 2.0 } else { 1.0 - tails / 2.0 })
}

impl UnitRootSpec {
    /// Coefficients of a Dickey–Fuller regression.
    fn coefficients(&self) -> usize {
        2 + usize::from(self.trend) + self.lags
    }

    /// Periods in a row that a unit needs.
    fn needed(&self) -> usize {
        self.lags + 1 + self.coefficients() + LEAST_DF
    }

    /// Tests a variable of a panel, each unit over its longest run of consecutive periods.
    ///
    /// # Errors
    /// No such variable; no two units with a run that is long enough.
    pub fn test(&self, panel: &Panel, variable: &str) -> Result<UnitRoot, Error> {
        self.prepare().test(panel, variable)
    }

    /// The same tests for variable after variable, or panel after panel: null distributions are simulated once.
    pub fn prepare(&self) -> PreparedUnitRoot {
        PreparedUnitRoot { spec: self.clone(), nulls: Nulls::default() }
    }

    fn conventions(&self) -> Conventions {
        let lags = self.lags;
        Conventions::new()
            .with("null", "every unit has a unit root; p-values are one-sided")
            .with("terms", if self.trend { "constant and trend per unit" } else { "constant per unit" })
            .with("lagged_differences", format!("{lags} in Levin–Lin–Chu, IPS, Fisher and CIPS; Harris–Tzavalis has none"))
            .with(
                "null_distributions",
                format!(
                    "of t for each unit's own number of periods, {} random walks (IPS moments, Fisher p-values); of CIPS for this panel, {} panels of at most {} units; seed {}",
                    null::WALKS, cips::PANELS, cips::MOST_UNITS, self.seed
                ),
            )
            .with("levin_lin_chu", "adjustments of their Table 2; long-run variance by Bartlett's weights up to 3.21·T^⅓ periods, rounded")
            .with("cips", "averages over the units in hand; t truncated as in Pesaran (2007)")
            .with("cd", "Pesaran (2004), of first differences")
    }
}

/// Tests with the null distributions they have needed so far.
#[derive(Debug)]
pub struct PreparedUnitRoot {
    spec: UnitRootSpec,
    nulls: Nulls,
}

impl PreparedUnitRoot {
    /// Tests a variable of a panel, each unit over its longest run of consecutive periods.
    ///
    /// # Errors
    /// No such variable; no two units with a run that is long enough.
    pub fn test(&self, panel: &Panel, variable: &str) -> Result<UnitRoot, Error> {
        let (spec, nulls) = (&self.spec, &self.nulls);
        let mut sample = Sample::new(panel)?;
        let at = sample.series(variable, false)?;
        let g = sample.calendar.positions();
        let runs: Vec<std::ops::Range<usize>> =
            (0..sample.n).map(|unit| longest_run(sample.of(at, unit))).collect();
        let long = |unit: &usize| runs[*unit].len() >= spec.needed();
        let kept: Vec<usize> = (0..sample.n).filter(long).collect();
        let longest = runs.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        if kept.len() < 2 {
            return Err(Error::Contradiction(format!(
                "unit-root tests of `{variable}` with {} lagged differences{} need two units with {} periods in a row; the longest run has {longest}",
                spec.lags,
                if spec.trend { " and a trend" } else { "" },
                spec.needed(),
            )));
        }
        let series: Vec<&[f64]> =
            kept.iter().map(|&unit| &sample.of(at, unit)[runs[unit].clone()]).collect();
        let same = kept.iter().all(|&unit| runs[unit] == runs[kept[0]]);
        let differences: Vec<Vec<f64>> = kept
            .iter()
            .map(|&unit| {
                let own = sample.of(at, unit);
                (0..g).map(|t| if t == 0 { f64::NAN } else { own[t] - own[t - 1] }).collect()
            })
            .collect();
        let mut tests = vec![
            levin_lin_chu::test(&series, same, spec),
            pooled::harris_tzavalis(&series, same, spec.trend),
        ];
        let t = dickey_fuller::statistics(&series, spec);
        tests.extend(dickey_fuller::tests(&series, t.as_deref(), spec, nulls));
        tests.push(cips::test(&series, same, spec, nulls));
        Ok(UnitRoot {
            variable: variable.to_owned(),
            n_units: kept.len(),
            too_short: sample.n - kept.len(),
            periods: (series.iter().map(|s| s.len()).min().unwrap_or(0), longest),
            t_bar: t.map(|t| t.iter().sum::<f64>() / t.len() as f64),
            tests,
            cd: dependence(&differences),
            conventions: spec.conventions(),
        })
    }
}

/// The longest run of numbers, the first of several.
fn longest_run(series: &[f64]) -> std::ops::Range<usize> {
    let (mut best, mut start) = (0..0, 0);
    for t in 0..=series.len() {
        if t == series.len() || !series[t].is_finite() {
            if t - start > best.len() {
                best = start..t;
            }
            start = t + 1;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_at_a_gap() {
        let gap = f64::NAN;
        assert_eq!(longest_run(&[1.0, 2.0, gap, 3.0, 4.0, 5.0, gap]), 3..6);
        assert_eq!(longest_run(&[gap, gap]), 0..0);
        assert_eq!(longest_run(&[1.0, 2.0]), 0..2);
    }
}
