//! Classes of local statistics as maps show them.

use std::collections::BTreeMap;

use durbin_core::{Class, Column, Rgb, Style, Symbol, Values};
use serde::{Deserialize, Serialize};

use crate::{Correction, Error};

/// The quadrant of the Moran scatterplot in which a unit lies: its own value, then its neighbours' average,
/// each above the mean (high) or not (low).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quadrant {
    /// High among high.
    #[serde(rename = "HH")]
    HighHigh,
    /// Low among low.
    #[serde(rename = "LL")]
    LowLow,
    /// Low among high.
    #[serde(rename = "LH")]
    LowHigh,
    /// High among low.
    #[serde(rename = "HL")]
    HighLow,
}

impl Quadrant {
    /// The quadrant of a unit by its deviation and the weighted sum of its neighbours' deviations.
    pub(crate) fn of(own: f64, lag: f64) -> Self {
        match (own > 0.0, lag > 0.0) {
            (true, true) => Self::HighHigh,
            (false, false) => Self::LowLow,
            (false, true) => Self::LowHigh,
            (true, false) => Self::HighLow,
        }
    }

    /// `HH`, `LL`, `LH` or `HL`.
    pub fn name(self) -> &'static str {
        match self {
            Self::HighHigh => "HH",
            Self::LowLow => "LL",
            Self::LowHigh => "LH",
            Self::HighLow => "HL",
        }
    }
}

/// When a local statistic counts as significant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Significance {
    /// Level that the p-value, corrected, must not exceed.
    pub level: f64,
    /// Correction for testing every unit.
    pub correction: Correction,
}

impl Default for Significance {
    fn default() -> Self {
        Self { level: 0.05, correction: Correction::None }
    }
}

impl Significance {
    /// # Errors
    /// [`Error::Level`] unless the level is between 0 and 1.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.level > 0.0 && self.level < 1.0 {
            Ok(())
        } else {
            Err(Error::Level { level: self.level })
        }
    }

    /// Whether each unit is significant; `false` where p is `NaN`.
    pub(crate) fn of(&self, p: &[f64]) -> Vec<bool> {
        self.correction.apply(p).iter().map(|&p| p <= self.level).collect()
    }
}

/// One class of a map: its code in the data, its label and colour.
pub(crate) type Entry = (i64, &'static str, Rgb);

/// Units per class, by label, all classes present.
pub(crate) fn counts(
    legend: &[Entry],
    codes: impl Iterator<Item = i64>,
) -> BTreeMap<&'static str, usize> {
    let mut counts: BTreeMap<_, _> = legend.iter().map(|entry| (entry.1, 0)).collect();
    for code in codes {
        if let Some(entry) = legend.iter().find(|entry| entry.0 == code) {
            *counts.entry(entry.1).or_default() += 1;
        }
    }
    counts
}

/// A column of class codes and one of their labels.
pub(crate) fn columns(
    prefix: &str,
    statistic: &str,
    legend: &[Entry],
    codes: &[i64],
) -> [Column; 2] {
    let label = |code: &i64| {
        let entry = legend.iter().find(|entry| entry.0 == *code);
        entry.map(|entry| entry.1.to_owned())
    };
    let labels = codes.iter().map(label).collect();
    let alias = |words: &str| aliased(prefix, statistic, words);
    let name = |column: &str| format!("{prefix}{column}");
    let stem = stem(statistic);
    [
        Column::int(name(&format!("{stem}_cluster")), codes.iter().copied())
            .alias(alias("cluster")),
        Column::new(name(&format!("{stem}_label")), Values::Text(labels))
            .alias(alias("cluster in words")),
    ]
}

/// The classes of `legend` over the column of codes.
pub(crate) fn style(prefix: &str, statistic: &str, legend: &[Entry]) -> Style {
    let class = |&(value, label, fill): &Entry| Class {
        value,
        label: label.to_owned(),
        symbol: Symbol::area(fill),
    };
    let title = match prefix.trim_end_matches('_') {
        "" => format!("Clusters and outliers ({statistic})"),
        field => format!("Clusters and outliers of {field} ({statistic})"),
    };
    Style::Categorised {
        field: format!("{prefix}{}_cluster", stem(statistic)),
        title,
        classes: legend.iter().map(class).collect(),
    }
}

/// A name for people: the field, the statistic and `words`.
pub(crate) fn aliased(prefix: &str, statistic: &str, words: &str) -> String {
    match prefix.trim_end_matches('_') {
        "" => format!("{statistic} {words}"),
        field => format!("{field}: {statistic} {words}"),
    }
}

fn stem(statistic: &str) -> &'static str {
    if statistic == "local Geary" { "geary" } else { "lisa" }
}
