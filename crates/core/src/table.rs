//! Named columns of equal length without geometry.

use crate::{Column, Error};

/// A table of results or of input rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name: file stem, GeoPackage table or the source it was read from.
    pub name: String,
    /// Caption for people.
    pub title: String,
    /// Columns of equal length.
    pub columns: Vec<Column>,
}

impl Table {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The column `name`, exact case first, any case second.
    ///
    /// # Errors
    /// [`Error::NoColumn`] with the names there are.
    pub fn column(&self, name: &str) -> Result<&Column, Error> {
        find(&self.columns, name)
    }

    /// The rows `rows`, in that order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            name: self.name.clone(),
            title: self.title.clone(),
            columns: self.columns.iter().map(|column| column.select(rows)).collect(),
        }
    }
}

pub(crate) fn find<'a>(columns: &'a [Column], name: &str) -> Result<&'a Column, Error> {
    columns
        .iter()
        .find(|column| column.name == name)
        .or_else(|| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)))
        .ok_or_else(|| Error::NoColumn {
            field: name.to_owned(),
            available: columns.iter().map(|column| column.name.clone()).collect(),
        })
}
