//! Estimated quantities with their errors, and tables of them.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{Column, Conventions, Table};

/// An estimate and its standard error; `z = estimate / std_error`, `p` two-sided normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub estimate: f64,
    /// Standard error.
    pub std_error: f64,
}

impl Estimate {
    /// The z statistic of the null that the quantity is zero.
    pub fn z(&self) -> f64 {
        self.estimate / self.std_error
    }

    /// Two-sided normal p-value of that null.
    pub fn p_value(&self) -> f64 {
        two_sided_p(self.z())
    }
}

impl Serialize for Estimate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Estimate", 4)?;
        fields.serialize_field("estimate", &self.estimate)?;
        fields.serialize_field("std_error", &self.std_error)?;
        fields.serialize_field("z", &self.z())?;
        fields.serialize_field("p_value", &self.p_value())?;
        fields.end()
    }
}

/// Two-sided normal p-value `2·Φ(−|z|) = erfc(|z|/√2)`, to the last digits even in the far tail.
pub fn two_sided_p(z: f64) -> f64 {
    libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}

/// Estimates side by side, as in a paper's regression table: rows are quantities, columns are fits.
#[derive(Debug, Clone, PartialEq)]
pub struct EstimateTable {
    /// File name stem, such as `coefficients`.
    pub name: String,
    /// Caption.
    pub title: String,
    /// One heading per fit.
    pub headings: Vec<String>,
    /// The quantities.
    pub rows: Vec<Row>,
    /// Plain lines under the estimates (observations, log-likelihood …): label, one text per fit.
    pub footer: Vec<(String, Vec<String>)>,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
}

/// One quantity over all fits; `None` where a fit does not have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Heads a block of rows, such as `Direct`; repeated on each row of the block.
    pub group: Option<String>,
    /// Name of the quantity, such as `W*price`.
    pub label: String,
    /// One estimate per fit.
    pub cells: Vec<Option<Estimate>>,
}

impl EstimateTable {
    /// The long form, one row per fit and quantity: `model, [group], term, estimate, std_error, z, p_value`.
    pub fn long(&self, group_name: &str) -> Table {
        let cells: Vec<(&str, &Row, Estimate)> = (0..self.headings.len())
            .flat_map(|fit| {
                self.rows.iter().filter_map(move |row| {
                    row.cells[fit].map(|cell| (self.headings[fit].as_str(), row, cell))
                })
            })
            .collect();
        let mut columns = vec![Column::text("model", cells.iter().map(|(fit, ..)| *fit))];
        if self.rows.iter().any(|row| row.group.is_some()) {
            let groups = cells.iter().map(|(_, row, _)| row.group.clone().unwrap_or_default());
            columns.push(Column::text(group_name, groups));
        }
        columns.push(Column::text("term", cells.iter().map(|(_, row, _)| row.label.as_str())));
        let mut number = |name: &str, of: fn(&Estimate) -> f64| {
            columns.push(Column::float(name, cells.iter().map(|(.., cell)| of(cell))));
        };
        number("estimate", |e| e.estimate);
        number("std_error", |e| e.std_error);
        number("z", Estimate::z);
        number("p_value", Estimate::p_value);
        Table { name: self.name.clone(), title: self.title.clone(), columns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_two_sided_and_hold_in_the_far_tail() {
        assert!((two_sided_p(1.959_963_984_540_054) - 0.05).abs() < 1e-12);
        assert_eq!(two_sided_p(2.0).to_bits(), two_sided_p(-2.0).to_bits());
        let far = two_sided_p(30.0);
        assert!((far / 9.813_427_854_297_34e-198 - 1.0).abs() < 1e-9, "{far:e}");
    }
}
