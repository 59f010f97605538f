//! What is done to the columns of a panel before anything is computed: each step is stated in the study and counted.

use durbin_core::{Column, Panel, Table};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::Study;
use crate::Error;

/// One step on some columns of the panel.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Prepare {
    /// Gaps inside a unit's series are filled linearly in position; its ends only where `ends = "nearest"`.
    Interpolate {
        /// Columns.
        variables: Vec<String>,
        /// What to do before the first and after the last value.
        #[serde(default)]
        ends: Ends,
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

/// What a step did to a variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prepared {
    /// The step, with its parameters, in words.
    pub step: String,
    /// The variable.
    pub variable: String,
    /// Values that it changed.
    pub values: usize,
}

impl Prepare {
    /// The columns it works on.
    pub fn variables(&self) -> &[String] {
        match self {
            Self::Interpolate { variables, .. }
            | Self::MovingAverage { variables, .. }
            | Self::Log { variables, .. }
            | Self::Winsorise { variables, .. }
            | Self::Standardise { variables, .. }
            | Self::Unit { variables, .. } => variables,
        }
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
}

/// Applies the steps of a study in order.
pub(super) fn apply(study: &Study, panel: &mut Panel) -> Result<Vec<Prepared>, Error> {
    let mut done = Vec::new();
    for step in &study.prepare {
        check(study, step)?;
        for variable in step.variables() {
            let before = panel.get(variable).map_err(Error::data(&study.panel.file))?.clone();
            let after = transformed(step, &before);
            if let Some(((period, unit), _)) =
                after.indexed_iter().find(|(at, v)| !v.is_finite() && !before[*at].is_nan())
            {
                return Err(study.wrong(format!(
                    "[[prepare]] {}: `{variable}` is {} for {}, which has none; state a shift, or treat such values first",
                    step.words(),
                    before[[period, unit]],
                    panel.cell(period, unit)
                )));
            }
            let same = |(a, b): &(&f64, &f64)| a.to_bits() == b.to_bits();
            let values = before.iter().zip(&after).filter(|pair| !same(pair)).count();
            done.push(Prepared { step: step.words(), variable: variable.clone(), values });
            panel.insert(variable, after);
        }
    }
    Ok(done)
}

fn check(study: &Study, step: &Prepare) -> Result<(), Error> {
    match step {
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

fn transformed(step: &Prepare, values: &Array2<f64>) -> Array2<f64> {
    let mut after = values.clone();
    match step {
        Prepare::Interpolate { ends, .. } => {
            for mut series in after.columns_mut() {
                let known: Vec<usize> =
                    (0..series.len()).filter(|&s| !series[s].is_nan()).collect();
                for pair in known.windows(2) {
                    let (a, b) = (pair[0], pair[1]);
                    let slope = (series[b] - series[a]) / (b - a) as f64;
                    for s in a + 1..b {
                        series[s] = series[a] + slope * (s - a) as f64;
                    }
                }
                if let (Ends::Nearest, Some(&first), Some(&last)) =
                    (ends, known.first(), known.last())
                {
                    let (start, end) = (series[first], series[last]);
                    (0..first).for_each(|s| series[s] = start);
                    (last + 1..series.len()).for_each(|s| series[s] = end);
                }
            }
        }
        Prepare::MovingAverage { window, .. } => {
            let half = window / 2;
            let last = values.nrows() - 1;
            for ((s, unit), value) in after.indexed_iter_mut() {
                let rows = s.saturating_sub(half)..=(s + half).min(last);
                let count = rows.clone().count() as f64;
                *value = rows.map(|row| values[[row, unit]]).sum::<f64>() / count;
            }
        }
        Prepare::Log { shift, .. } => after.mapv_inplace(|x| (x + shift).ln()),
        Prepare::Winsorise { share, over, .. } => each_pool(&mut after, *over, |known| {
            let (low, high) = (quantile(known, *share), quantile(known, 1.0 - share));
            Box::new(move |x| x.clamp(low, high))
        }),
        Prepare::Standardise { over, .. } => each_pool(&mut after, *over, |known| {
            let n = known.len() as f64;
            let mean = known.iter().sum::<f64>() / n;
            let sd = (known.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
            Box::new(move |x| (x - mean) / sd)
        }),
        Prepare::Unit { factor, .. } => after.mapv_inplace(|x| x * factor),
    }
    after
}

/// Winsorises every variable over all of its rows.
pub(super) fn winsorise(panel: &mut Panel, share: f64) {
    let step = Prepare::Winsorise { variables: Vec::new(), share, over: Over::Pooled };
    for name in panel.names().to_vec() {
        if let Ok(values) = panel.get(&name) {
            let after = transformed(&step, values);
            panel.insert(name, after);
        }
    }
}

type Map = Box<dyn Fn(f64) -> f64>;

/// Maps values by what their pool, sorted, says; missing ones stay missing.
fn each_pool(values: &mut Array2<f64>, over: Over, of: impl Fn(&[f64]) -> Map) {
    let rows = match over {
        Over::Pooled => values.nrows(),
        Over::Yearly => 1,
    };
    for mut pool in values.axis_chunks_iter_mut(ndarray::Axis(0), rows) {
        let mut known: Vec<f64> = pool.iter().copied().filter(|v| !v.is_nan()).collect();
        if known.is_empty() {
            continue;
        }
        known.sort_by(f64::total_cmp);
        let map = of(&known);
        pool.mapv_inplace(|x| if x.is_nan() { x } else { map(x) });
    }
}

/// Linear between order statistics (type 7 of Hyndman & Fan 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position")]
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - at.floor()) * (sorted[above] - sorted[below])
}

/// The steps as a table of the results.
pub(super) fn table(prepared: &[Prepared]) -> Option<Table> {
    (!prepared.is_empty()).then(|| Table {
        name: "preparation".to_owned(),
        title: "What was done to the panel, in order".to_owned(),
        columns: vec![
            Column::text("step", prepared.iter().map(|p| p.step.as_str())),
            Column::text("variable", prepared.iter().map(|p| p.variable.as_str())),
            Column::int(
                "values_changed",
                prepared.iter().map(|p| i64::try_from(p.values).unwrap_or(i64::MAX)),
            ),
        ],
    })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    const NO: f64 = f64::NAN;

    fn variables() -> Vec<String> {
        vec!["x".to_owned()]
    }

    #[test]
    fn interpolation_reaches_the_ends_only_where_asked() {
        let series = array![[NO], [1.0], [NO], [3.0], [NO]];
        let keep = Prepare::Interpolate { variables: variables(), ends: Ends::Keep };
        let after = transformed(&keep, &series);
        assert!((after[[2, 0]] - 2.0).abs() < 1e-15);
        assert!(after[[0, 0]].is_nan() && after[[4, 0]].is_nan());
        let nearest = Prepare::Interpolate { variables: variables(), ends: Ends::Nearest };
        assert_eq!(transformed(&nearest, &series), array![[1.0], [1.0], [2.0], [3.0], [3.0]]);
    }

    #[test]
    fn a_window_is_shorter_at_the_ends() {
        let step = Prepare::MovingAverage { variables: variables(), window: 3 };
        let after = transformed(&step, &array![[1.0], [2.0], [6.0], [4.0]]);
        assert_eq!(after, array![[1.5], [3.0], [4.0], [5.0]]);
    }

    #[test]
    fn winsorising_moves_the_tails_to_the_quantiles_and_leaves_gaps() {
        let step = Prepare::Winsorise { variables: variables(), share: 0.25, over: Over::Pooled };
        let after = transformed(&step, &array![[0.0, 1.0, 2.0], [3.0, 100.0, NO]]);
        assert_eq!(after.iter().take(5).copied().collect::<Vec<_>>(), [1.0, 1.0, 2.0, 3.0, 3.0]);
        assert!(after[[1, 2]].is_nan());
    }

    #[test]
    fn standardised_years_have_mean_zero_each() {
        let step = Prepare::Standardise { variables: variables(), over: Over::Yearly };
        let after = transformed(&step, &array![[0.0, 2.0], [10.0, 30.0]]);
        assert_eq!(after, array![[-1.0, 1.0], [-1.0, 1.0]]);
    }
}
