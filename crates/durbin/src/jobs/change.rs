//! The change of a field between two periods.

use durbin_core::Column;
use durbin_hotspot::change;

use crate::Error;

/// Change between two periods.
#[derive(Debug, Clone)]
pub struct Change {
    /// First period.
    pub from: String,
    /// Second period.
    pub to: String,
    /// Growth rate, difference or difference of logs.
    pub measure: durbin_hotspot::Change,
}

/// The measure of change as a title says it.
pub(crate) fn measure_words(measure: durbin_hotspot::Change) -> &'static str {
    match measure {
        durbin_hotspot::Change::Growth => "growth",
        durbin_hotspot::Change::Difference => "difference",
        durbin_hotspot::Change::LogDifference => "log difference",
    }
}

/// Values of one field in key order, and the columns that show where they come from.
pub(crate) struct Values {
    pub name: String,
    pub numbers: Vec<f64>,
    pub added: Vec<Column>,
}

/// The change of a field between two periods, with both levels as columns.
pub(crate) fn changed(
    field: &str,
    asked: &Change,
    from: &[f64],
    to: &[f64],
    ids: &[String],
    file: &str,
) -> Result<Values, Error> {
    let values = change(from, to, asked.measure).map_err(|source| match source {
        durbin_hotspot::Error::NoGrowth { index, from, to, needs } => Error::Change {
            file: file.to_owned(),
            field: field.to_owned(),
            unit: ids[index].clone(),
            from,
            to,
            needs,
        },
        source => Error::Hotspot { file: file.to_owned(), field: field.to_owned(), source },
    })?;
    let (first, second) = (&asked.from, &asked.to);
    let words = measure_words(asked.measure);
    let name = format!("{field}_{}", asked.measure.name().replace('-', "_"));
    let added = vec![
        Column::float(format!("{field}_{first}"), from.to_vec()).alias(format!("{field}, {first}")),
        Column::float(format!("{field}_{second}"), to.to_vec()).alias(format!("{field}, {second}")),
        Column::float(&name, values.clone()).alias(format!("{field}, {words} {first}–{second}")),
    ];
    Ok(Values { name, numbers: values, added })
}
