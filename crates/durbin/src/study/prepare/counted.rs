//! What was done to the panel, counted.

use durbin_core::{Column, Table, Warning};
use ndarray::Array2;
use serde::Serialize;

/// What a step did to a variable of the panel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prepared {
    /// The step, with its parameters, in words.
    pub step: String,
    /// The variable.
    pub variable: String,
    /// Values that it changed or made.
    pub values: usize,
}

/// A variable that a formula has made.
pub(in crate::study) fn of_formula(variable: &str, formula: &str, made: &Array2<f64>) -> Prepared {
    Prepared {
        step: format!("by formula: {formula}"),
        variable: variable.to_owned(),
        values: made.iter().filter(|value| !value.is_nan()).count(),
    }
}

/// Gaps that `missing = "interpolate"` has filled.
pub(in crate::study) fn of_gaps(warnings: &[Warning]) -> impl Iterator<Item = Prepared> {
    warnings.iter().filter_map(|warning| match warning {
        Warning::MissingInterpolated { field, cells } => Some(Prepared {
            step: "missing values filled linearly inside units".to_owned(),
            variable: field.clone(),
            values: cells.count,
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
