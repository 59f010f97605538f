//! Panels: units × periods, one matrix per variable.

mod keys;
mod missing;
mod time;

use ndarray::Array2;

use crate::Error;
pub use keys::{PanelKeys, in_time_order};
pub use time::{Times, times};

/// A panel of `n` units over `t` periods; cells without an observation are `NaN`.
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

    /// Name of the time field; `None` for a cross-section.
    pub fn time_field(&self) -> Option<&str> {
        self.time_field.as_deref()
    }

    /// Keeps the units at positions `kept`, in that order.
    pub fn keep_units(&mut self, kept: &[usize]) {
        self.ids = kept.iter().map(|&unit| self.ids[unit].clone()).collect();
        for values in &mut self.values {
            *values = values.select(ndarray::Axis(1), kept).as_standard_layout().into_owned();
        }
    }

    /// Keeps the periods at positions `kept`.
    pub fn keep_periods(&mut self, kept: std::ops::Range<usize>) {
        self.periods = self.periods[kept.clone()].to_vec();
        for values in &mut self.values {
            *values = values.slice(ndarray::s![kept.clone(), ..]).as_standard_layout().into_owned();
        }
    }

    /// `unit period`, as messages name a cell.
    pub fn cell(&self, period: usize, unit: usize) -> String {
        cell_name(&self.ids[unit], &self.periods[period])
    }
}

/// A cross-section has one unnamed period.
fn cell_name(unit: &str, period: &str) -> String {
    format!("{unit} {period}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Missing, Table};

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
    fn a_pair_without_a_row_is_a_gap_and_not_a_missing_value() {
        let table = table(&[("a", 1, "1"), ("a", 2, ""), ("a", 4, "4"), ("b", 3, "5")]);
        let keys = PanelKeys::unbalanced(&table, "id", "year").unwrap();
        let present = keys.present();
        let mut panel = keys.panel();
        panel.insert("x", keys.values(table.column("x").unwrap()).unwrap());
        let names = ["x".to_owned()];
        let refused = panel.treat_missing_observations(&names, Missing::Error, &present);
        assert!(refused.unwrap_err().to_string().contains("a 2"));
        let mut dropped = panel.clone();
        let told = dropped.treat_missing_observations(&names, Missing::Drop, &present).unwrap();
        assert_eq!((told[0].dropped(), dropped.n_units()), (1, 2));
        panel.treat_missing_observations(&names, Missing::Interpolate, &present).unwrap();
        let x = panel.get("x").unwrap();
        assert_eq!((x[[1, 0]], x[[2, 0]].is_nan(), x[[0, 1]].is_nan()), (2.0, true, true));
        let first = keys.by_unit(table.column("id").unwrap()).unwrap();
        assert_eq!(first.key(1), Some("b".to_owned()));
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
