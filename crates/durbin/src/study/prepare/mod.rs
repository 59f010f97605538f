//! What is done to the columns of a panel before anything is computed: each step is stated in the study and counted.

mod counted;
mod spike;
mod transform;

use durbin_core::Panel;
use serde::{Deserialize, Serialize};

use super::Study;
use crate::Error;
pub(super) use counted::{Prepared, of_formula, of_gaps, spikes, table};
use transform::transformed;
pub(super) use transform::winsorise;

/// One step on some columns of the panel, or on variables by formula as soon as they are computed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Prepare {
    /// Gaps inside a unit's series are filled linearly in time; its ends only where `ends = "nearest"`.
    Interpolate {
        /// Columns.
        variables: Vec<String>,
        /// What to do before the first and after the last value.
        #[serde(default)]
        ends: Ends,
    },
    /// A single value far off the line between those before and after it becomes that line; first and last values stay.
    Spikes {
        /// Columns.
        variables: Vec<String>,
        /// How far, in robust standard deviations of what values are off by.
        #[serde(default = "five")]
        threshold: f64,
    },
    /// The mean of a window of periods around each, shorter at the ends of the panel.
    MovingAverage {
        /// Columns.
        variables: Vec<String>,
        /// Periods in the window, an odd number.
        window: usize,
    },
    /// The natural logarithm of x + shift.
    Log {
        /// Columns.
        variables: Vec<String>,
        /// Added first; without it a zero is an error.
        #[serde(default)]
        shift: f64,
    },
    /// Values below the quantile `share` and above 1 − `share` become these quantiles (linear between order statistics).
    Winsorise {
        /// Columns.
        variables: Vec<String>,
        /// Share at each end, below one half.
        share: f64,
        /// Rows over which quantiles are taken.
        #[serde(default)]
        over: Over,
    },
    /// (x − mean) / standard deviation (divisor n).
    Standardise {
        /// Columns.
        variables: Vec<String>,
        /// Rows over which both are taken.
        #[serde(default)]
        over: Over,
    },
    /// Values times `factor`, now in `unit`.
    Unit {
        /// Columns.
        variables: Vec<String>,
        /// What values are multiplied by.
        factor: f64,
        /// The unit of measure they are in afterwards.
        unit: String,
    },
}

fn five() -> f64 {
    5.0
}

/// What interpolation does beyond the first and last value of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ends {
    /// Leaves them missing.
    #[default]
    Keep,
    /// Repeats the nearest value.
    Nearest,
}

/// All rows, or those of every period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Over {
    /// All units and periods.
    #[default]
    Pooled,
    /// Every period.
    Yearly,
}

impl Prepare {
    /// The variables it works on.
    pub fn variables(&self) -> &[String] {
        match self {
            Self::Interpolate { variables, .. }
            | Self::Spikes { variables, .. }
            | Self::MovingAverage { variables, .. }
            | Self::Log { variables, .. }
            | Self::Winsorise { variables, .. }
            | Self::Standardise { variables, .. }
            | Self::Unit { variables, .. } => variables,
        }
    }

    /// The same step on those of its variables that are `needed`.
    pub(super) fn of_needed(mut self, needed: impl Fn(&str) -> bool) -> Option<Self> {
        let (Self::Interpolate { variables, .. }
        | Self::Spikes { variables, .. }
        | Self::MovingAverage { variables, .. }
        | Self::Log { variables, .. }
        | Self::Winsorise { variables, .. }
        | Self::Standardise { variables, .. }
        | Self::Unit { variables, .. }) = &mut self;
        variables.retain(|name| needed(name));
        (!self.variables().is_empty()).then_some(self)
    }

    fn words(&self) -> String {
        let over = |over: &Over| match over {
            Over::Pooled => "all rows",
            Over::Yearly => "each period",
        };
        match self {
            Self::Interpolate { ends: Ends::Keep, .. } => {
                "linear interpolation inside units".to_owned()
            }
            Self::Interpolate { .. } => {
                "linear interpolation inside units, nearest value at ends".to_owned()
            }
            Self::Spikes { threshold, .. } => {
                format!(
                    "single values more than {threshold} robust deviations off the line between the values before and after, moved to it"
                )
            }
            Self::MovingAverage { window, .. } => format!("moving average over {window} periods"),
            Self::Log { shift, .. } if *shift == 0.0 => "natural logarithm".to_owned(),
            Self::Log { shift, .. } => format!("natural logarithm of x + {shift}"),
            Self::Winsorise { share, over: rows, .. } => {
                format!("winsorised at {share} and {} over {}", 1.0 - share, over(rows))
            }
            Self::Standardise { over: rows, .. } => format!("standardised over {}", over(rows)),
            Self::Unit { factor, unit, .. } => format!("times {factor}: now in {unit}"),
        }
    }

    /// Why a value has no result, and what would help.
    fn why_not(&self) -> &'static str {
        match self {
            Self::Log { .. } => "which has no logarithm; state a shift, or treat such values first",
            Self::MovingAverage { .. } => {
                "and a value beside it in the window is missing; interpolate first"
            }
            Self::Standardise { .. } => {
                "as for every other unit: what does not vary cannot be standardised; leave it out"
            }
            _ => "which leaves no number",
        }
    }
}

/// Applies the steps of a study in order, to the variables that are `due`.
pub(super) fn apply(
    study: &Study,
    panel: &mut Panel,
    due: &dyn Fn(&str) -> bool,
) -> Result<Vec<Prepared>, Error> {
    let mut done = Vec::new();
    for step in &study.prepare {
        check(study, step)?;
        for variable in step.variables().iter().filter(|variable| due(variable)) {
            let before = panel.get(variable).map_err(Error::data(&study.panel.file))?.clone();
            let after = transformed(step, &before, panel);
            if let Some(((period, unit), _)) =
                after.indexed_iter().find(|(at, v)| !v.is_finite() && !before[*at].is_nan())
            {
                return Err(study.wrong(format!(
                    "[[prepare]] {}: `{variable}` is {} for {}, {}",
                    step.words(),
                    before[[period, unit]],
                    panel.cell(period, unit),
                    step.why_not()
                )));
            }
            let same = |(a, b): &(&f64, &f64)| a.to_bits() == b.to_bits();
            let values = before.iter().zip(&after).filter(|pair| !same(pair)).count();
            let moved = match step {
                Prepare::Spikes { .. } => counted::moved(panel, &before, &after),
                _ => Vec::new(),
            };
            done.push(Prepared { step: step.words(), variable: variable.clone(), values, moved });
            panel.insert(variable, after);
        }
    }
    Ok(done)
}

fn check(study: &Study, step: &Prepare) -> Result<(), Error> {
    match step {
        Prepare::Spikes { threshold, .. } if !(threshold.is_finite() && *threshold > 0.0) => {
            Err(study.wrong(format!("[[prepare]] threshold = {threshold}: above zero, such as 5")))
        }
        Prepare::MovingAverage { window, .. } if window % 2 == 0 || *window < 3 => {
            Err(study.wrong(format!("[[prepare]] window = {window}: an odd number, 3 or more")))
        }
        Prepare::Winsorise { share, .. } if !(*share > 0.0 && *share < 0.5) => {
            Err(study
                .wrong(format!("[[prepare]] share = {share}: between 0 and 0.5, such as 0.01")))
        }
        _ => Ok(()),
    }
}
