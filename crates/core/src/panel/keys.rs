//! Which row of a long table holds which unit and period.

use std::collections::HashMap;

use ndarray::Array2;

use super::{Panel, cell_name, times};
use crate::{
    Column, Error, Named, Table,
    units::{keys, unique},
};

/// The index of a long table: which row holds which unit and period.
///
/// Balanced unless made by [`PanelKeys::unbalanced`], where a pair without a row is `NaN` in every variable. Units are in ascending order of key and periods in time order, whatever the order of the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelKeys {
    /// Unit keys, ascending; `n` of them.
    pub ids: Vec<String>,
    /// Period labels in time order; `t` of them.
    pub periods: Vec<String>,
    /// Name of the unit field.
    pub id_field: String,
    /// Name of the time field; `None` for a cross-section.
    pub time_field: Option<String>,
    /// Row of the table for period `s` and unit `i` at `s * n + i`; [`ABSENT`] where there is none.
    rows: Vec<usize>,
}

/// In place of the row of a pair that the table does not have.
const ABSENT: usize = usize::MAX;

impl PanelKeys {
    /// The index of a long table with one row per unit and period.
    ///
    /// # Errors
    /// A missing or empty key or period, a unit-period pair that occurs twice, a pair that is missing.
    pub fn new(table: &Table, id: &str, time: &str) -> Result<Self, Error> {
        let keys = Self::index(table, id, Some(time))?;
        keys.require_balance()?;
        Ok(keys)
    }

    /// The index of a long table that may lack rows: units that enter late, leave early or have gaps.
    ///
    /// # Errors
    /// A missing or empty key or period, a unit-period pair that occurs twice.
    pub fn unbalanced(table: &Table, id: &str, time: &str) -> Result<Self, Error> {
        Self::index(table, id, Some(time))
    }

    /// The index of a cross-section: one row per unit, one unnamed period.
    ///
    /// # Errors
    /// A missing or empty key, a key that occurs twice.
    pub fn cross_section(table: &Table, id: &str) -> Result<Self, Error> {
        Self::index(table, id, None).map_err(|error| match error {
            Error::DuplicateKeys { field, keys } => Error::NotACrossSection { field, keys },
            error => error,
        })
    }

    fn index(table: &Table, id: &str, time: Option<&str>) -> Result<Self, Error> {
        let id_column = table.column(id)?;
        let id_keys = keys(id_column)?;
        let time_column = time.map(|time| table.column(time)).transpose()?;
        let time_keys = match time_column {
            Some(column) => keys(column)?,
            None => vec![String::new(); id_keys.len()],
        };
        let name = match time_column {
            Some(time) => format!("{}, {}", id_column.name, time.name),
            None => id_column.name.clone(),
        };
        let pairs = id_keys.iter().zip(&time_keys);
        unique(&name, pairs, |(unit, period)| cell_name(unit, period))?;

        let ids = distinct(&id_keys);
        let periods = in_time_order(&time_keys);
        let unit_at: HashMap<&str, usize> = position(&ids);
        let period_at: HashMap<&str, usize> = position(&periods);
        let (n, t) = (ids.len(), periods.len());
        let mut rows = vec![ABSENT; n * t];
        for (row, (unit, period)) in id_keys.iter().zip(&time_keys).enumerate() {
            rows[period_at[period.as_str()] * n + unit_at[unit.as_str()]] = row;
        }
        Ok(Self {
            ids,
            periods,
            id_field: id_column.name.clone(),
            time_field: time_column.map(|column| column.name.clone()),
            rows,
        })
    }

    fn require_balance(&self) -> Result<(), Error> {
        let (n, t) = (self.ids.len(), self.periods.len());
        let absent = self.rows.iter().enumerate().filter(|(_, row)| **row == ABSENT);
        let cells: Named =
            absent.map(|(at, _)| cell_name(&self.ids[at % n], &self.periods[at / n])).collect();
        if cells.count > 0 { Err(Error::Unbalanced { n, t, cells }) } else { Ok(()) }
    }

    /// Whether the table has a row for each period (rows) and unit (columns), `t × n`.
    pub fn present(&self) -> Array2<bool> {
        let (n, t) = (self.ids.len(), self.periods.len());
        Array2::from_shape_fn((t, n), |(period, unit)| self.rows[period * n + unit] != ABSENT)
    }

    /// A panel without variables on this index.
    pub fn panel(&self) -> Panel {
        Panel {
            ids: self.ids.clone(),
            periods: self.periods.clone(),
            time_field: self.time_field.clone(),
            names: Vec::new(),
            values: Vec::new(),
        }
    }

    /// A column of the table as a `t × n` matrix, `NaN` where missing.
    ///
    /// # Errors
    /// No such column; a cell that is not a finite number.
    pub fn values(&self, column: &Column) -> Result<Array2<f64>, Error> {
        let numbers = column.numbers().map_err(|error| self.at_cell(error))?;
        let (n, t) = (self.ids.len(), self.periods.len());
        // Past the end for a pair without a row.
        let value = |(period, unit)| numbers.get(self.rows[period * n + unit]).copied();
        Ok(Array2::from_shape_fn((t, n), |cell| value(cell).unwrap_or(f64::NAN)))
    }

    /// Values of shape `t × n` in the order of the rows of the table.
    pub fn by_row(&self, values: &Array2<f64>) -> Vec<f64> {
        let n = self.ids.len();
        let mut by_row = vec![f64::NAN; self.rows.len()];
        for (at, &row) in self.rows.iter().enumerate() {
            by_row[row] = values[[at / n, at % n]];
        }
        by_row
    }

    /// One value per unit: of numbers the mean over the periods (null where one is missing), of anything
    /// else the value that all periods share.
    ///
    /// # Errors
    /// [`Error::VariesOverTime`] naming units whose value, no number, is not the same in all periods.
    pub fn by_unit(&self, column: &Column) -> Result<Column, Error> {
        let n = self.ids.len();
        let rows =
            |unit: usize| self.rows[unit..].iter().step_by(n).copied().filter(|row| *row != ABSENT);
        if let Ok(numbers) = column.numbers() {
            let mean = |unit: usize| {
                rows(unit).map(|row| numbers[row]).sum::<f64>() / rows(unit).count() as f64
            };
            return Ok(Column::float(&column.name, (0..n).map(mean)));
        }
        let first: Vec<usize> = (0..n).filter_map(|unit| rows(unit).next()).collect();
        let varies =
            |unit: &usize| rows(*unit).any(|row| column.key(row) != column.key(first[*unit]));
        let units: Named = (0..n).filter(varies).map(|unit| &self.ids[unit]).collect();
        if units.count > 0 {
            return Err(Error::VariesOverTime { field: column.name.clone(), units });
        }
        Ok(column.select(&first))
    }

    /// Names the unit and period instead of the row of the table.
    fn at_cell(&self, error: Error) -> Error {
        let Error::NotNumeric { field, row, value } = error else {
            return error;
        };
        match self.rows.iter().position(|known| *known == row) {
            Some(at) => {
                let n = self.ids.len();
                let cell = cell_name(&self.ids[at % n], &self.periods[at / n]);
                Error::NotNumericCell { field, cell, value }
            }
            None => Error::NotNumeric { field, row, value },
        }
    }
}

/// The distinct keys, ascending.
fn distinct<'a>(keys: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut distinct: Vec<String> = keys.into_iter().cloned().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// The distinct labels of periods in the order of their [`times`], or as text where they have none.
pub fn in_time_order<'a>(labels: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut periods = distinct(labels);
    if let Some(times) = times(&periods) {
        let mut order: Vec<usize> = (0..periods.len()).collect();
        order.sort_by(|&a, &b| times.at[a].total_cmp(&times.at[b]));
        periods = order.into_iter().map(|at| std::mem::take(&mut periods[at])).collect();
    }
    periods
}

fn position(names: &[String]) -> HashMap<&str, usize> {
    names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect()
}
