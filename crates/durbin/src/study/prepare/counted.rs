//! What was done to the panel, counted.

use durbin_core::{Column, Panel, Table, Warning};
use ndarray::Array2;
use serde::Serialize;

use crate::study::Study;

/// What a step did to a variable of the panel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prepared {
    /// The step, with its parameters, in words.
    pub step: String,
    /// The variable.
    pub variable: String,
    /// Values that it changed or made.
    pub values: usize,
    /// The values one by one, where it picks single ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
}

/// A value that a step picked out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// Its unit.
    pub unit: String,
    /// Its period.
    pub period: String,
    /// What it was.
    pub before: f64,
    /// What it is now.
    pub after: f64,
}

/// The values of a variable, `t × n`, that a step has changed.
pub(super) fn moved(panel: &Panel, before: &Array2<f64>, after: &Array2<f64>) -> Vec<Moved> {
    let changed = before.indexed_iter().zip(after).filter(|((_, a), b)| a.to_bits() != b.to_bits());
    changed
        .map(|(((period, unit), &before), &after)| Moved {
            unit: panel.ids[unit].clone(),
            period: panel.periods[period].clone(),
            before,
            after,
        })
        .collect()
}

/// A variable that a formula has made.
pub(in crate::study) fn of_formula(variable: &str, formula: &str, made: &Array2<f64>) -> Prepared {
    Prepared {
        step: format!("by formula: {formula}"),
        variable: variable.to_owned(),
        values: made.iter().filter(|value| !value.is_nan()).count(),
        moved: Vec::new(),
    }
}

/// Gaps that `missing = "interpolate"` has filled.
pub(in crate::study) fn of_gaps(warnings: &[Warning]) -> impl Iterator<Item = Prepared> {
    warnings.iter().filter_map(|warning| match warning {
        Warning::MissingInterpolated { field, cells } => Some(Prepared {
            step: "missing values filled linearly inside units".to_owned(),
            variable: field.clone(),
            values: cells.count,
            moved: Vec::new(),
        }),
        _ => None,
    })
}

/// The steps as a table of the results.
pub(in crate::study) fn table(prepared: &[Prepared]) -> Option<Table> {
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

/// The single values that steps picked out, for someone to look up in the source.
pub(in crate::study) fn spikes(study: &Study, prepared: &[Prepared]) -> Option<Table> {
    let all: Vec<(&str, &Moved)> = prepared
        .iter()
        .flat_map(|done| done.moved.iter().map(|moved| (done.variable.as_str(), moved)))
        .collect();
    let text = |name: &str, of: fn(&Moved) -> &str| {
        Column::text(name, all.iter().map(|(_, moved)| of(moved)))
    };
    (!all.is_empty()).then(|| Table {
        name: "spikes".to_owned(),
        title: "Single figures moved to the line between the values before and after".to_owned(),
        columns: vec![
            text(&study.boundaries.id, |moved| &moved.unit),
            text(&study.panel.time, |moved| &moved.period),
            Column::text("variable", all.iter().map(|(variable, _)| *variable)),
            Column::float("before", all.iter().map(|(_, moved)| moved.before)),
            Column::float("after", all.iter().map(|(_, moved)| moved.after)),
        ],
    })
}
