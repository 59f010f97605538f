//! The grid of an ordinary table: one line per row.

use durbin_core::{Column, Table, Values, p_value_text};

use super::{Align, Cell, Grid, Head, Line};
use crate::number::{fixed, whole};

/// Decimals of a real number.
const DECIMALS: u8 = 4;

impl From<&Table> for Grid {
    fn from(table: &Table) -> Self {
        let columns: Vec<Vec<Cell>> = table.columns.iter().map(cells).collect();
        let line =
            |row: usize| Line::Cells(columns.iter().map(|cells| cells[row].clone()).collect());
        Self {
            name: table.name.clone(),
            caption: table.title.clone(),
            columns: table.columns.iter().map(head).collect(),
            body: (0..table.len()).map(line).collect(),
            footer: Vec::new(),
            notes: Vec::new(),
        }
    }
}

fn head(column: &Column) -> Head {
    let numeric = matches!(column.values, Values::Int(_) | Values::Float(_));
    Head {
        text: column.alias.as_ref().unwrap_or(&column.name).clone(),
        align: if numeric { Align::Right } else { Align::Left },
    }
}

fn cells(column: &Column) -> Vec<Cell> {
    fn each<T>(values: &[Option<T>], cell: impl Fn(&T) -> Cell) -> Vec<Cell> {
        values.iter().map(|value| value.as_ref().map_or(Cell::Empty, &cell)).collect()
    }
    match &column.values {
        Values::Bool(v) => each(v, |&v| Cell::Text(if v { "yes" } else { "no" }.to_owned())),
        Values::Int(v) => each(v, |v| Cell::Number(v.to_string())),
        Values::Float(v) => {
            let all_whole = v.iter().flatten().all(|v| v.fract() == 0.0 && v.abs() < 1e15);
            // No p-value is zero: one that is too small for a number is said to be small.
            let of_tests = column.name == "p" || column.name == "p_value";
            each(v, |&v| match v {
                0.0 if of_tests => Cell::Text(p_value_text(v)),
                v if all_whole => Cell::Number(whole(v)),
                v => Cell::Number(fixed(v, DECIMALS)),
            })
        }
        Values::Text(v) | Values::Date(v) | Values::Time(v) | Values::DateTime(v) => {
            each(v, |v| Cell::Text(v.clone()))
        }
        Values::Binary(v) => each(v, |v| Cell::Text(format!("{} bytes", v.len()))),
        _ => vec![Cell::Empty; column.len()],
    }
}
