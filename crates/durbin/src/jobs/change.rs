//! The change of a field between two periods.

use durbin_core::{Column, Named, Warning};
use durbin_hotspot::change;

use super::source::{FieldSource, Sample};
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

/// One number per unit of a field: its change, or the values of its only period.
pub(crate) fn single(
    field: &str,
    source: &FieldSource,
    sample: &Sample,
    warnings: &mut Vec<Warning>,
) -> Result<Values, Error> {
    let mut periods = sample.numbers(field, warnings)?;
    let Some(asked) = &source.change else {
        let numbers = periods.into_iter().next().unwrap_or_default();
        // A table's values are not among the columns of the boundaries it is joined to.
        let lacking = source.boundaries.is_some();
        let added = lacking.then(|| Column::float(field, numbers.clone())).into_iter().collect();
        return Ok(Values { name: field.to_owned(), numbers, added });
    };
    let labels = sample.periods();
    let mut of = |label: &str| {
        let at = labels.iter().position(|known| known == label);
        at.map(|at| std::mem::take(&mut periods[at])).ok_or_else(|| Error::Data {
            file: sample.file.clone(),
            source: durbin_core::Error::NoPeriod {
                field: source.time.clone().unwrap_or_default(),
                period: label.to_owned(),
                first: labels.first().cloned().unwrap_or_default(),
                last: labels.last().cloned().unwrap_or_default(),
            },
        })
    };
    let (from, to) = (of(&asked.from)?, of(&asked.to)?);
    changed(field, asked, (&from, &to), sample.ids(), &sample.file, warnings)
}

/// Growth from a negative base has the wrong sign.
fn below_zero(field: &str, asked: &Change, from: &[f64], ids: &[String]) -> Option<Warning> {
    let negative = from.iter().zip(ids).filter(|(base, _)| **base < 0.0).map(|(_, id)| id);
    let units: Named = negative.collect();
    (asked.measure == durbin_hotspot::Change::Growth && units.count > 0).then(|| {
        Warning::Other(format!(
            "`{field}` is negative in {}, from where a rise counts as negative growth: {units}; a difference (--change-measure \
             difference) has no such trouble",
            asked.from
        ))
    })
}

/// The change of a field between two periods, with both levels as columns.
pub(crate) fn changed(
    field: &str,
    asked: &Change,
    (from, to): (&[f64], &[f64]),
    ids: &[String],
    file: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Values, Error> {
    warnings.extend(below_zero(field, asked, from, ids));
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
