//! Emerging hot spots: how Gi* changes over the periods of a panel.

mod pattern;
mod trend;

use std::collections::BTreeMap;

use durbin_core::{Class, Column, Conventions, Progress, Rgb, Style, Symbol, Values, Warning};
use durbin_weights::Weights;
use rayon::prelude::*;

use crate::cluster::aliased;
use crate::{Correction, Error, Options, gi};

pub use pattern::{Pattern, Temperature};
pub use trend::{Trend, mann_kendall};

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmergingOptions {
    /// The local statistic of every period.
    pub gi: Options,
    /// Level at which a trend of z is significant.
    pub trend_level: f64,
}

impl Default for EmergingOptions {
    /// Gi* with the false discovery rate controlled, as in ArcGIS; trends at 0.10, the level from which
    /// ArcGIS puts trends, like hot spots, into a bin of their own.
    fn default() -> Self {
        let gi = Options { correction: Correction::Fdr, ..Options::default() };
        Self { gi, trend_level: 0.10 }
    }
}

/// Patterns of `n` units over `t` periods.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Emerging {
    /// The pattern of each unit; `None` where Gi is undefined in some period.
    pub patterns: Vec<Option<Pattern>>,
    /// The trend of z of each unit; `None` where z is undefined or never changes.
    pub trends: Vec<Option<Trend>>,
    /// z per period, `n` values each.
    pub z: Vec<Vec<f64>>,
    /// Bins per period, `n` values each.
    pub bins: Vec<Vec<Option<i8>>>,
    /// What was found in some period, once.
    pub warnings: Vec<Warning>,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
}

/// Gi* (or Gi) of every period, the Mann–Kendall trend of every unit's z, and the pattern of its hot and cold
/// spots after ArcGIS's Emerging Hot Spot Analysis.
///
/// `periods` are `t` lists of `n` values each. A unit is hot or cold in a period where its bin is not
/// zero, that is at 90 % confidence or more. Every period is compared with itself alone: ArcGIS's global
/// window "individual time step" and a neighbourhood of no earlier time steps. By default ArcGIS
/// compares with all periods at once and takes the step before for a neighbour, which finds other spots.
///
/// # Errors
/// [`Error::TooFewPeriods`] for fewer than 4, [`Error::Level`], and [`Error::Period`] with what [`gi`] refuses.
pub fn emerging(
    periods: &[&[f64]],
    weights: &Weights,
    options: &EmergingOptions,
    progress: &dyn Progress,
) -> Result<Emerging, Error> {
    // With 3 periods not even a trend without exception is significant at 0.10.
    if periods.len() < 4 {
        return Err(Error::TooFewPeriods { needed: 4, periods: periods.len() });
    }
    if !(options.trend_level > 0.0 && options.trend_level < 1.0) {
        return Err(Error::Level { level: options.trend_level });
    }
    let (mut z, mut bins) = (Vec::new(), Vec::new());
    let mut warnings: Vec<Warning> = Vec::new();
    let mut conventions = Conventions::new();
    for (period, values) in periods.iter().enumerate() {
        let place = |source| Error::Period { period, source: Box::new(source) };
        let local = gi(values, weights, &options.gi, progress).map_err(place)?;
        for warning in local.warnings {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        conventions = local.conventions;
        z.push(local.z);
        bins.push(local.bins);
    }
    let unit = |i: usize| {
        let series: Vec<f64> = z.iter().map(|period: &Vec<f64>| period[i]).collect();
        let trend = mann_kendall(&series);
        let significant = trend.filter(|trend| trend.p <= options.trend_level);
        let direction = significant.map_or(0, |trend| if trend.s > 0.0 { 1 } else { -1 });
        let spots: Option<Vec<i8>> =
            bins.iter().map(|period: &Vec<Option<i8>>| period[i]).collect();
        (spots.map(|spots| Pattern::of(&spots, direction)), trend)
    };
    let units: Vec<_> = (0..weights.n_units()).into_par_iter().map(unit).collect();
    let (patterns, trends) = units.into_iter().unzip();
    let conventions = conventions
        .with("trend", "Mann–Kendall on z, ties in the variance, continuity corrected, two-sided")
        .with("trend_level", options.trend_level.to_string())
        .with("spot", "a bin other than 0")
        .with("window", "every period by itself, no neighbours in time");
    Ok(Emerging { patterns, trends, z, bins, warnings, conventions })
}

/// Reds for hot, blues for cold spots, the darker the more persistent.
const COLOURS: [(i64, Rgb); 17] = [
    (1, Rgb(252, 187, 161)),
    (2, Rgb(251, 106, 74)),
    (3, Rgb(103, 0, 13)),
    (4, Rgb(165, 15, 21)),
    (5, Rgb(203, 24, 29)),
    (6, Rgb(252, 146, 114)),
    (7, Rgb(254, 224, 210)),
    (8, Rgb(217, 179, 166)),
    (0, Rgb(235, 235, 235)),
    (-1, Rgb(198, 219, 239)),
    (-2, Rgb(107, 174, 214)),
    (-3, Rgb(8, 48, 107)),
    (-4, Rgb(8, 81, 156)),
    (-5, Rgb(33, 113, 181)),
    (-6, Rgb(158, 202, 225)),
    (-7, Rgb(222, 235, 247)),
    (-8, Rgb(166, 186, 204)),
];

const NAME: &str = "emerging hot spots";

impl Emerging {
    /// Units per pattern, by label, all seventeen present; units without a pattern are in none.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let all = Pattern::all().map(|(_, pattern)| (pattern.label(), 0));
        let mut counts: BTreeMap<_, _> = all.collect();
        for pattern in self.patterns.iter().flatten() {
            *counts.entry(pattern.label()).or_default() += 1;
        }
        counts
    }

    /// `emerging_code`, `emerging_label`, `trend_z`, `trend_p`, `hot_periods`, `cold_periods`, each name after
    /// `prefix`.
    pub fn columns(&self, prefix: &str) -> Vec<Column> {
        let name = |column: &str| format!("{prefix}{column}");
        let alias = |words: &str| aliased(prefix, NAME, words);
        let codes = self.patterns.iter().map(|pattern| pattern.map(Pattern::code)).collect();
        let label = |pattern: &Option<Pattern>| pattern.map(|pattern| pattern.label().to_owned());
        let labels = self.patterns.iter().map(label).collect();
        let trend = |pick: fn(&Trend) -> f64| {
            self.trends.iter().map(move |trend| trend.as_ref().map_or(f64::NAN, pick))
        };
        let periods = |sign: i8| {
            let spots = move |i: usize| {
                self.bins
                    .iter()
                    .filter(|bins| bins[i].is_some_and(|bin| bin.signum() == sign))
                    .count()
            };
            (0..self.patterns.len()).map(move |i| i64::try_from(spots(i)).unwrap_or(i64::MAX))
        };
        vec![
            Column::new(name("emerging_code"), Values::Int(codes)).alias(alias("pattern")),
            Column::new(name("emerging_label"), Values::Text(labels))
                .alias(alias("pattern in words")),
            Column::float(name("trend_z"), trend(|trend| trend.z)).alias(alias("trend of z")),
            Column::float(name("trend_p"), trend(|trend| trend.p))
                .alias(alias("p-value of the trend")),
            Column::int(name("hot_periods"), periods(1)).alias(alias("periods hot")),
            Column::int(name("cold_periods"), periods(-1)).alias(alias("periods cold")),
        ]
    }

    /// Seventeen classes over `emerging_code`.
    pub fn style(&self, prefix: &str) -> Style {
        style(prefix)
    }
}

pub(crate) fn style(prefix: &str) -> Style {
    let patterns = Pattern::all().zip(COLOURS);
    let class = |((value, pattern), (_, fill)): ((i64, Pattern), (i64, Rgb))| Class {
        value,
        label: pattern.label().to_owned(),
        symbol: Symbol::area(fill),
    };
    let title = match prefix.trim_end_matches('_') {
        "" => "Emerging hot spots".to_owned(),
        field => format!("Emerging hot spots of {field}"),
    };
    let field = format!("{prefix}emerging_code");
    Style::Categorised { field, title, classes: patterns.map(class).collect() }
}

#[cfg(test)]
mod tests {
    use durbin_core::Silent;

    use super::*;

    /// A ring of 40 units of which the first five rise over ten periods and the rest fluctuate.
    fn made() -> Emerging {
        let n = 40_u32;
        let ids = (0..n).map(|i| format!("{i:02}")).collect();
        let rows = (0..n).map(|i| vec![((i + 1) % n, 1.0), ((i + n - 1) % n, 1.0)]).collect();
        let weights = Weights::from_rows(ids, rows, "ring");
        let value = |t: u32, i: u32| {
            let noise = f64::from((i * 37 + t * 11) % 17) / 17.0;
            if i < 5 { noise + 0.3 * f64::from(t) } else { noise }
        };
        let periods: Vec<Vec<f64>> =
            (0..10).map(|t| (0..n).map(|i| value(t, i)).collect()).collect();
        let periods: Vec<&[f64]> = periods.iter().map(Vec::as_slice).collect();
        emerging(&periods, &weights, &EmergingOptions::default(), &Silent).unwrap()
    }

    #[test]
    fn units_that_become_hot_are_found_and_the_far_side_has_no_pattern() {
        let emerging = made();
        let hot = emerging.patterns[2].unwrap().code();
        assert!((1..=4).contains(&hot), "{:?}", emerging.patterns[2]);
        assert!(emerging.trends[2].unwrap().z > 2.0);
        assert_eq!(emerging.patterns[20], Some(Pattern::None));
        assert_eq!(emerging.counts().values().sum::<usize>(), 40);
    }

    #[test]
    fn every_pattern_has_its_colour() {
        let codes: Vec<i64> = Pattern::all().map(|(code, _)| code).collect();
        assert_eq!(codes, COLOURS.map(|(code, _)| code));
        let emerging = made();
        assert_eq!(emerging.columns("V_").len(), 6);
        assert_eq!(emerging.style("V_").legend().len(), 17);
    }

    #[test]
    fn too_few_periods_and_a_constant_one_are_refused() {
        let weights = Weights::from_rows(
            ["a", "b", "c"].map(String::from).to_vec(),
            vec![vec![(1, 1.0)], vec![(0, 1.0)], vec![(0, 1.0)]],
            "test",
        );
        let run = |periods: &[&[f64]]| {
            emerging(periods, &weights, &EmergingOptions::default(), &Silent).unwrap_err()
        };
        let varying: &[f64] = &[1.0, 2.0, 4.0];
        assert_eq!(run(&[varying]), Error::TooFewPeriods { needed: 4, periods: 1 });
        let error = run(&[varying, varying, &[1.0, 1.0, 1.0], varying]);
        assert!(matches!(error, Error::Period { period: 2, .. }));
        assert!(error.to_string().starts_with("period 3: constant"), "{error}");
    }
}
