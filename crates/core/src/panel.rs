//! Balanced panels: units × periods, one matrix per variable.

use std::collections::HashMap;

use ndarray::Array2;

use crate::{
    Column, Error, Missing, Named, Table, Warning,
    units::{keys, unique},
};

/// The balanced index of a long table: which row holds which unit and period.
///
/// Units are in ascending order of key and periods in time order, whatever the order of the rows.
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
    /// Row of the table for period `s` and unit `i` at `s * n + i`.
    rows: Vec<usize>,
}

/// A balanced panel of `n` units over `t` periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Unit keys, ascending.
    pub ids: Vec<String>,
    /// Period labels in time order; one empty label for a cross-section.
    pub periods: Vec<String>,
    /// Name of the time field, for messages.
    time_field: Option<String>,
    names: Vec<String>,
    /// `t × n` each: the units of one period are contiguous.
    values: Vec<Array2<f64>>,
}

impl PanelKeys {
    /// The index of a long table with one row per unit and period.
    ///
    /// # Errors
    /// A missing or empty key or period, a unit-period pair that occurs twice, a pair that is missing.
    pub fn new(table: &Table, id: &str, time: &str) -> Result<Self, Error> {
        Self::index(table, id, Some(time))
    }

    /// The index of a cross-section: one row per unit, one unnamed period.
    ///
    /// # Errors
    /// A missing or empty key, a key that occurs twice.
    pub fn cross_section(table: &Table, id: &str) -> Result<Self, Error> {
        Self::index(table, id, None)
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
        let mut rows = vec![usize::MAX; n * t];
        for (row, (unit, period)) in id_keys.iter().zip(&time_keys).enumerate() {
            rows[period_at[period.as_str()] * n + unit_at[unit.as_str()]] = row;
        }
        let missing: Named = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| **row == usize::MAX)
            .map(|(cell, _)| cell_name(&ids[cell % n], &periods[cell / n]))
            .collect();
        if missing.count > 0 {
            return Err(Error::Unbalanced { n, t, cells: missing });
        }
        Ok(Self {
            ids,
            periods,
            id_field: id_column.name.clone(),
            time_field: time_column.map(|column| column.name.clone()),
            rows,
        })
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
        Ok(Array2::from_shape_fn((t, n), |(period, unit)| numbers[self.rows[period * n + unit]]))
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

impl Panel {
    /// Number of units `n`.
    pub fn n_units(&self) -> usize {
        self.ids.len()
    }

    /// Number of periods `t`.
    pub fn n_periods(&self) -> usize {
        self.periods.len()
    }

    /// Adds or replaces a variable of shape `t × n`.
    ///
    /// # Panics
    /// If the shape is another.
    pub fn insert(&mut self, name: impl Into<String>, values: Array2<f64>) {
        assert_eq!(values.dim(), (self.n_periods(), self.n_units()), "shape of a panel variable");
        let name = name.into();
        let values = if values.is_standard_layout() {
            values
        } else {
            values.as_standard_layout().into_owned()
        };
        if let Some(at) = self.names.iter().position(|known| *known == name) {
            self.values[at] = values;
        } else {
            self.names.push(name);
            self.values.push(values);
        }
    }

    /// Names of the variables, in order of insertion.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The variable `name`, `t × n`.
    ///
    /// # Errors
    /// [`Error::NoColumn`] with the names there are.
    pub fn get(&self, name: &str) -> Result<&Array2<f64>, Error> {
        match self.names.iter().position(|known| known == name) {
            Some(at) => Ok(&self.values[at]),
            None => Err(Error::NoColumn { field: name.to_owned(), available: self.names.clone() }),
        }
    }

    /// Row of a period label.
    ///
    /// # Errors
    /// [`Error::NoPeriod`] with the first and last there are.
    pub fn period(&self, label: &str) -> Result<usize, Error> {
        self.periods.iter().position(|period| period == label).ok_or_else(|| Error::NoPeriod {
            field: self.time_field.clone().unwrap_or_else(|| "time".to_owned()),
            period: label.to_owned(),
            first: self.periods.first().cloned().unwrap_or_default(),
            last: self.periods.last().cloned().unwrap_or_default(),
        })
    }

    /// Applies the policy for missing values to the variables `names` and reports what was done.
    ///
    /// `Drop` leaves out every unit that misses one of them in any period; `Interpolate` fills linearly in
    /// time between the unit's observed values (in the position of the period where labels are no numbers).
    ///
    /// # Errors
    /// [`Error::MissingValues`] under `Error`; [`Error::MissingAtEnds`] where interpolation has no observed
    /// value on both sides.
    pub fn treat_missing(
        &mut self,
        names: &[String],
        policy: Missing,
    ) -> Result<Vec<Warning>, Error> {
        let mut warnings = Vec::new();
        let times = numeric(&self.periods)
            .unwrap_or_else(|| (0..self.n_periods()).map(|period| period as f64).collect());
        for name in names {
            let cells = self.missing_cells(name)?;
            if cells.count == 0 {
                continue;
            }
            let field = name.clone();
            match policy {
                Missing::Error => return Err(Error::MissingValues { field, cells }),
                Missing::Drop => {
                    let values = self.get(name)?;
                    let incomplete: Vec<bool> = values
                        .columns()
                        .into_iter()
                        .map(|c| c.iter().any(|v| v.is_nan()))
                        .collect();
                    let (left, kept): (Vec<usize>, Vec<usize>) =
                        (0..self.n_units()).partition(|&unit| incomplete[unit]);
                    let units = left.iter().map(|&unit| self.ids[unit].clone()).collect();
                    warnings.push(Warning::MissingDropped { field, units });
                    self.keep_units(&kept);
                }
                Missing::Interpolate => {
                    let at = self.names.iter().position(|known| known == name);
                    if let Some(values) = at.map(|at| &mut self.values[at]) {
                        let columns = values.columns_mut().into_iter();
                        columns.for_each(|series| interpolate(series, &times));
                    }
                    let left = self.missing_cells(name)?;
                    if left.count > 0 {
                        return Err(Error::MissingAtEnds { field, cells: left });
                    }
                    warnings.push(Warning::MissingInterpolated { field, cells });
                }
            }
        }
        Ok(warnings)
    }

    /// Keeps the units at positions `kept`, in that order.
    pub fn keep_units(&mut self, kept: &[usize]) {
        self.ids = kept.iter().map(|&unit| self.ids[unit].clone()).collect();
        for values in &mut self.values {
            *values = values.select(ndarray::Axis(1), kept).as_standard_layout().into_owned();
        }
    }

    /// `unit period`, as messages name a cell.
    pub fn cell(&self, period: usize, unit: usize) -> String {
        cell_name(&self.ids[unit], &self.periods[period])
    }

    fn missing_cells(&self, name: &str) -> Result<Named, Error> {
        let values = self.get(name)?;
        let missing = values.indexed_iter().filter(|(_, v)| v.is_nan());
        Ok(missing
            .map(|((period, unit), _)| {
                format!("{} {}", self.ids[unit], self.periods[period]).trim_end().to_owned()
            })
            .collect())
    }
}

/// A cross-section has one unnamed period.
fn cell_name(unit: &str, period: &str) -> String {
    format!("{unit} {period}").trim_end().to_owned()
}

fn interpolate(mut series: ndarray::ArrayViewMut1<f64>, times: &[f64]) {
    let mut last: Option<usize> = None;
    for now in 0..series.len() {
        if series[now].is_nan() {
            continue;
        }
        if let Some(before) = last {
            let slope = (series[now] - series[before]) / (times[now] - times[before]);
            for between in before + 1..now {
                series[between] = series[before] + slope * (times[between] - times[before]);
            }
        }
        last = Some(now);
    }
}

/// The distinct keys, ascending.
fn distinct<'a>(keys: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut distinct: Vec<String> = keys.into_iter().cloned().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// The distinct labels of periods in time order: by size if all are numbers, as text (ISO dates) otherwise.
pub fn in_time_order<'a>(labels: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut periods = distinct(labels);
    if let Some(sizes) = numeric(&periods) {
        let mut order: Vec<usize> = (0..periods.len()).collect();
        order.sort_by(|&a, &b| sizes[a].total_cmp(&sizes[b]));
        periods = order.into_iter().map(|at| std::mem::take(&mut periods[at])).collect();
    }
    periods
}

/// The labels as numbers, if all are.
fn numeric(labels: &[String]) -> Option<Vec<f64>> {
    labels.iter().map(|label| label.parse().ok().filter(|size: &f64| size.is_finite())).collect()
}

fn position(names: &[String]) -> HashMap<&str, usize> {
    names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, i64, &str)]) -> Table {
        Table {
            name: "panel".into(),
            title: String::new(),
            columns: vec![
                Column::text("id", rows.iter().map(|r| r.0)),
                Column::int("year", rows.iter().map(|r| r.1)),
                Column::text("x", rows.iter().map(|r| r.2)),
            ],
        }
    }

    fn panel(rows: &[(&str, i64, &str)]) -> Result<Panel, Error> {
        let table = table(rows);
        let keys = PanelKeys::new(&table, "id", "year")?;
        let mut panel = keys.panel();
        panel.insert("x", keys.values(table.column("x")?)?);
        Ok(panel)
    }

    #[test]
    fn shuffled_rows_give_the_same_panel() {
        let straight = [("a", 1, "1"), ("a", 2, "2"), ("b", 1, "3"), ("b", 2, "4")];
        let shuffled = [("b", 2, "4"), ("a", 1, "1"), ("b", 1, "3"), ("a", 2, "2")];
        assert_eq!(panel(&straight).unwrap(), panel(&shuffled).unwrap());
        assert_eq!(panel(&straight).unwrap().get("x").unwrap().row(1).to_vec(), [2.0, 4.0]);
    }

    #[test]
    fn a_missing_pair_is_named_and_a_double_one_too() {
        let gap = panel(&[("a", 1, "1"), ("a", 2, "2"), ("b", 1, "3")]).unwrap_err();
        assert!(gap.to_string().contains("b 2"), "{gap}");
        let twice = panel(&[("a", 1, "1"), ("a", 1, "2")]).unwrap_err();
        assert!(twice.to_string().contains("a 1"), "{twice}");
    }

    #[test]
    fn years_sort_as_numbers() {
        let panel = panel(&[("a", 10, "1"), ("a", 9, "2")]).unwrap();
        assert_eq!(panel.periods, ["9", "10"]);
    }

    #[test]
    fn mixed_labels_have_one_order_and_a_key_with_a_blank_is_not_two() {
        let mixed: Vec<String> =
            (0..40).map(|i| if i % 3 == 0 { format!("{i}a") } else { i.to_string() }).collect();
        let rows: Vec<(&str, &str)> = mixed.iter().map(|label| ("u", label.as_str())).collect();
        let table = |rows: &[(&str, &str)]| Table {
            name: "panel".into(),
            title: String::new(),
            columns: vec![
                Column::text("id", rows.iter().map(|r| r.0)),
                Column::text("year", rows.iter().map(|r| r.1)),
            ],
        };
        let keys = PanelKeys::new(&table(&rows), "id", "year").unwrap();
        assert!(keys.periods.is_sorted());
        let blanks = table(&[("a 1", "2"), ("a", "1 2"), ("a 1", "1 2"), ("a", "2")]);
        assert_eq!(PanelKeys::new(&blanks, "id", "year").unwrap().ids, ["a", "a 1"]);
    }

    #[test]
    fn interpolation_is_linear_in_time_not_in_position() {
        let rows = [("a", 1990, "0"), ("a", 2000, ""), ("a", 2001, "11")];
        let mut panel = panel(&rows).unwrap();
        panel.treat_missing(&["x".to_owned()], Missing::Interpolate).unwrap();
        assert_eq!(panel.get("x").unwrap().column(0).to_vec(), [0.0, 10.0, 11.0]);
    }

    #[test]
    fn interpolation_fills_inside_and_refuses_the_ends() {
        let names = ["x".to_owned()];
        let mut inside = panel(&[("a", 1, "1"), ("a", 2, ""), ("a", 3, "3")]).unwrap();
        let warnings = inside.treat_missing(&names, Missing::Interpolate).unwrap();
        assert_eq!(inside.get("x").unwrap().column(0).to_vec(), [1.0, 2.0, 3.0]);
        assert_eq!(warnings.len(), 1);
        let mut end = panel(&[("a", 1, "1"), ("a", 2, "2"), ("a", 3, "")]).unwrap();
        assert!(end.treat_missing(&names, Missing::Interpolate).is_err());
    }

    #[test]
    fn dropping_leaves_out_the_whole_unit() {
        let mut panel =
            panel(&[("a", 1, "1"), ("a", 2, "."), ("b", 1, "3"), ("b", 2, "4")]).unwrap();
        panel.treat_missing(&["x".to_owned()], Missing::Drop).unwrap();
        assert_eq!(panel.ids, ["b"]);
        assert_eq!(panel.get("x").unwrap().dim(), (2, 1));
    }
}
