//! The rows as a table of a paper, and the file it is written to.

use std::path::Path;

use durbin_core::{Column, Table, Values};
use durbin_io::{Existing, write_whole};
use durbin_report::table;

use super::{GlobalRow, MoranResult};
use crate::Error;

impl MoranResult {
    /// One line per field, period and statistic; columns that would be empty are left out.
    pub fn table(&self) -> Table {
        let rows = &self.results;
        let text = |name: &str, of: fn(&GlobalRow) -> Option<String>| {
            let values: Vec<Option<String>> = rows.iter().map(of).collect();
            let any = values.iter().any(Option::is_some);
            any.then(|| Column::new(name, Values::Text(values)))
        };
        let number = |name: &str, of: fn(&GlobalRow) -> f64| {
            let values: Vec<f64> = rows.iter().map(of).collect();
            let any = values.iter().any(|value| !value.is_nan());
            any.then(|| Column::float(name, values))
        };
        let columns = [
            text("field", |row| Some(row.field.clone())),
            text("with", |row| row.with.clone()),
            text("period", |row| row.period.clone()),
            text("statistic", |row| Some(row.statistic.name().to_owned())),
            text("join", |row| row.join.clone()),
            number("value", |row| row.value),
            number("expected", |row| row.expected),
            number("variance", |row| row.variance),
            number("z", |row| row.z),
            number("p_value", |row| row.p_value),
            number("p_sim", |row| row.p_sim.unwrap_or(f64::NAN)),
        ];
        Table {
            name: "autocorrelation".to_owned(),
            title: "Global spatial autocorrelation".to_owned(),
            columns: columns.into_iter().flatten().collect(),
        }
    }
}

/// How a path says that the table is to be written.
fn writer(path: &str) -> Option<fn(&Table) -> String> {
    let extension = Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "csv" => Some(table::csv),
        "md" => Some(|table| table::markdown(table)),
        "tex" => Some(|table| table::latex(table)),
        _ => None,
    }
}

/// Refuses a path whose extension names no kind of table.
pub(super) fn check(path: &str) -> Result<(), Error> {
    match writer(path) {
        Some(_) => Ok(()),
        None => Err(Error::Usage(format!("--output {path}: a table is .csv, .md or .tex"))),
    }
}

/// Writes the table in the kind its extension names.
pub(super) fn write(table: &Table, path: &str, overwrite: bool) -> Result<(), Error> {
    let existing = if overwrite { Existing::Overwrite } else { Existing::Refuse };
    let text = writer(path).map(|writer| writer(table)).unwrap_or_default();
    write_whole(Path::new(path), text.as_bytes(), existing)?;
    Ok(())
}
