//! What can be wrong with data before any statistic sees it.

use std::fmt;

/// Data that cannot be used, with what is needed to say where.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A field holds something that is not a finite number.
    #[error("field `{field}`, row {}: `{value}` is not a number", row + 1)]
    NotNumeric {
        /// Field name.
        field: String,
        /// Zero-based row.
        row: usize,
        /// What stands there.
        value: String,
    },
    /// A field of a panel holds something that is not a finite number.
    #[error("field `{field}`, {cell}: `{value}` is not a number")]
    NotNumericCell {
        /// Field name.
        field: String,
        /// Unit and period.
        cell: String,
        /// What stands there.
        value: String,
    },
    /// No such column.
    #[error("no field `{field}`; {}", there_are(available))]
    NoColumn {
        /// The name asked for.
        field: String,
        /// The names there are.
        available: Vec<String>,
    },
    /// A key is missing in some rows.
    #[error("field `{field}` is empty in {count} row(s), first in row {}: every row needs a key", first + 1)]
    MissingKey {
        /// Key field.
        field: String,
        /// Zero-based first row without a key.
        first: usize,
        /// How many rows have none.
        count: usize,
    },
    /// A key occurs more than once.
    #[error("key `{field}` must be unique, but {keys}")]
    DuplicateKeys {
        /// Key field or fields.
        field: String,
        /// The keys that repeat.
        keys: Named,
    },
    /// A unit occurs more than once where no time tells its rows apart.
    #[error(
        "key `{field}` must be unique in a cross-section, but {keys}; a panel needs its time field (--time)"
    )]
    NotACrossSection {
        /// Key field.
        field: String,
        /// The keys that repeat.
        keys: Named,
    },
    /// Keys of one file have no partner in another.
    #[error("{keys} of `{from}` not found in `{to}`: join by key needs every one of them")]
    UnmatchedKeys {
        /// Where the keys come from.
        from: String,
        /// Where they were looked for.
        to: String,
        /// The keys without a partner.
        keys: Named,
    },
    /// Some unit lacks some period.
    #[error("the panel is unbalanced: {n} units × {t} periods need {} rows, but {cells} missing: give every unit a row for every period, or leave these units out (`hotspot` and `lisa`: --missing drop; `sdm`: --balance intersect)", n * t)]
    Unbalanced {
        /// Units.
        n: usize,
        /// Periods.
        t: usize,
        /// The unit-period pairs without a row.
        cells: Named,
    },
    /// A unit whose geometry changes over the periods of a long layer.
    #[error(
        "the geometry changes over time for {units}: give one set of polygons with `--boundaries`"
    )]
    GeometryVaries {
        /// Their keys.
        units: Named,
    },
    /// A value that every unit should keep over time.
    #[error(
        "`{field}` is no number and changes over the periods for {units}: one value per unit is needed"
    )]
    VariesOverTime {
        /// Field.
        field: String,
        /// Keys of the units.
        units: Named,
    },
    /// Missing values where none are allowed.
    #[error(
        "`{field}` is missing for {cells}; drop them with `--missing drop` or fill panels with `--missing interpolate`"
    )]
    MissingValues {
        /// Variable.
        field: String,
        /// Where.
        cells: Named,
    },
    /// Missing values that interpolation cannot reach.
    #[error(
        "`{field}` is missing for {cells}, before the unit's first or after its last value: interpolation never extrapolates; leave these units out with `--missing drop`"
    )]
    MissingAtEnds {
        /// Variable.
        field: String,
        /// Where.
        cells: Named,
    },
    /// No such period.
    #[error("no period `{period}` in `{field}`; there are {first} to {last}")]
    NoPeriod {
        /// The time field.
        field: String,
        /// The period asked for.
        period: String,
        /// First period there is.
        first: String,
        /// Last period there is.
        last: String,
    },
    /// A matrix that has no inverse, at the place named.
    #[error("{what} is singular")]
    Singular {
        /// Which matrix.
        what: &'static str,
    },
    /// An iterative decomposition did not converge.
    #[error("the {what} did not converge")]
    NoConvergence {
        /// Which computation.
        what: &'static str,
    },
}

fn there_are(names: &[String]) -> String {
    if names.is_empty() {
        "there are no fields".to_owned()
    } else {
        format!("there are: {}", names.join(", "))
    }
}

/// Up to five names and how many there are, as every message about keys shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// At most five names.
    pub first: Vec<String>,
    /// How many there are in all.
    pub count: usize,
}

impl Named {
    /// Names shown at most.
    pub const SHOWN: usize = 5;
}

impl<S: Into<String>> FromIterator<S> for Named {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut names = names.into_iter();
        let first: Vec<String> = names.by_ref().take(Self::SHOWN).map(Into::into).collect();
        let count = first.len() + names.count();
        Self { first, count }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.count, self.first.join(", "))?;
        if self.count > self.first.len() {
            f.write_str(", …")?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_names_shows_five_and_counts_all() {
        let named: Named = (1..=7).map(|i| i.to_string()).collect();
        assert_eq!(named.to_string(), "7 (1, 2, 3, 4, 5, …)");
        assert_eq!(["a"].into_iter().collect::<Named>().to_string(), "1 (a)");
    }
}
