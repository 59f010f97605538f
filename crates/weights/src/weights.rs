//! The weights matrix itself.

use std::collections::{HashMap, HashSet};

use crate::{Error, Transform};
use durbin_core::Named;
use rayon::prelude::*;

/// A sparse `n × n` weights matrix in compressed rows, columns ascending within a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    ids: Vec<String>,
    pub(crate) offsets: Vec<usize>,
    pub(crate) columns: Vec<u32>,
    pub(crate) values: Vec<f64>,
    /// Where it came from, such as `queen` or the name of a file.
    pub kind: String,
    /// What the rows were scaled by.
    pub transform: Transform,
}

impl Weights {
    /// A matrix from the neighbours of each unit, `(column, weight)` in any order. A column given twice
    /// in a row is summed; explicit zeros are kept as links.
    ///
    /// # Panics
    /// If a column is not below `ids.len()` or the number of rows differs from the number of ids.
    pub fn from_rows(
        ids: Vec<String>,
        rows: Vec<Vec<(u32, f64)>>,
        kind: impl Into<String>,
    ) -> Self {
        assert_eq!(ids.len(), rows.len(), "one row per unit");
        let mut offsets = Vec::with_capacity(rows.len() + 1);
        offsets.push(0);
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for mut row in rows {
            row.sort_by_key(|link| link.0);
            let start = columns.len();
            for (column, value) in row {
                assert!((column as usize) < ids.len(), "column within the units");
                if columns.len() > start && columns.last() == Some(&column) {
                    let last = values.len() - 1;
                    values[last] += value;
                } else {
                    columns.push(column);
                    values.push(value);
                }
            }
            offsets.push(columns.len());
        }
        Self { ids, offsets, columns, values, kind: kind.into(), transform: Transform::Raw }
    }

    /// A matrix in compressed rows, columns ascending and distinct within a row.
    pub(crate) fn from_csr(
        ids: Vec<String>,
        offsets: Vec<usize>,
        columns: Vec<u32>,
        values: Vec<f64>,
        kind: impl Into<String>,
        transform: Transform,
    ) -> Self {
        debug_assert_eq!(offsets.len(), ids.len() + 1, "one row per unit");
        debug_assert_eq!((columns.len(), values.len()), (offsets[ids.len()], columns.len()));
        Self { ids, offsets, columns, values, kind: kind.into(), transform }
    }

    /// Number of units `n`.
    pub fn n_units(&self) -> usize {
        self.ids.len()
    }

    /// Keys of the units, in row order.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Number of stored links, a self link included.
    pub fn n_links(&self) -> usize {
        self.columns.len()
    }

    /// Columns and weights of row `i`.
    pub fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let range = self.offsets[i]..self.offsets[i + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// `w_ij`, zero where there is no link.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        let (columns, values) = self.row(i);
        columns.binary_search_by(|&column| (column as usize).cmp(&j)).map_or(0.0, |at| values[at])
    }

    /// Number of neighbours of unit `i`, itself not counted.
    pub fn cardinality(&self, i: usize) -> usize {
        self.row(i).0.iter().filter(|&&j| j as usize != i).count()
    }

    /// Whether every link weighs one.
    pub fn is_binary(&self) -> bool {
        self.values.iter().all(|&w| w.to_bits() == 1.0_f64.to_bits())
    }

    /// Whether `w_ij = w_ji` for all pairs, to the last bit.
    pub fn is_symmetric(&self) -> bool {
        (0..self.n_units()).all(|i| {
            let (columns, values) = self.row(i);
            columns
                .iter()
                .zip(values)
                .all(|(&j, w)| self.get(j as usize, i).to_bits() == w.to_bits())
        })
    }

    /// Units without a neighbour other than themselves, or none of a weight other than zero.
    pub fn islands(&self) -> Vec<usize> {
        let alone = |&i: &usize| {
            let (columns, values) = self.row(i);
            columns.iter().zip(values).all(|(&j, &w)| j as usize == i || w == 0.0)
        };
        (0..self.n_units()).filter(alone).collect()
    }

    /// The spatial lag `W·x` of `n` values.
    ///
    /// # Panics
    /// If `x` does not have `n` values.
    pub fn lag(&self, x: &[f64]) -> Vec<f64> {
        assert_eq!(x.len(), self.n_units(), "one value per unit");
        let lag = |i: usize| {
            let (columns, values) = self.row(i);
            columns.iter().zip(values).map(|(&j, w)| w * x[j as usize]).sum()
        };
        // Each row is summed by one thread in column order, so the result does not depend on threads.
        if self.n_links() < 100_000 {
            (0..self.n_units()).map(lag).collect()
        } else {
            (0..self.n_units()).into_par_iter().map(lag).collect()
        }
    }

    /// The same matrix with a zero diagonal, and how many units were linked to themselves.
    #[must_use]
    pub fn without_self_links(&self) -> (Self, usize) {
        let own = |i: usize| self.row(i).0.binary_search(&index(i)).is_ok();
        let left_out = (0..self.n_units()).filter(|&i| own(i)).count();
        if left_out == 0 {
            return (self.clone(), 0);
        }
        let row = |i: usize| {
            let (columns, values) = self.row(i);
            let links = columns.iter().copied().zip(values.iter().copied());
            links.filter(|link| link.0 as usize != i).collect()
        };
        let rows = (0..self.n_units()).map(row).collect();
        let mut without = Self::from_rows(self.ids.clone(), rows, self.kind.clone());
        without.transform = self.transform_of_part(true);
        (without, left_out)
    }

    /// The rows and columns of the units `kept`, in that order; links to others are dropped.
    #[must_use]
    pub fn select(&self, kept: &[usize]) -> Self {
        let mut new_at = vec![None; self.n_units()];
        for (at, &old) in kept.iter().enumerate() {
            new_at[old] = u32::try_from(at).ok();
        }
        let rows = kept.iter().map(|&old| {
            let (columns, values) = self.row(old);
            let links = columns.iter().zip(values);
            links.filter_map(|(&j, &w)| new_at[j as usize].map(|j| (j, w))).collect()
        });
        let ids = kept.iter().map(|&old| self.ids[old].clone()).collect();
        let mut selected = Self::from_rows(ids, rows.collect(), self.kind.clone());
        let links: usize = kept.iter().map(|&old| self.row(old).0.len()).sum();
        let all = kept.len() == self.n_units();
        selected.transform = self.transform_of_part(!all || selected.n_links() < links);
        selected
    }

    /// Part of a scaled matrix is scaled no longer; links that weigh one still do.
    fn transform_of_part(&self, cut: bool) -> Transform {
        if cut && self.transform != Transform::Binary { Transform::Raw } else { self.transform }
    }

    /// The rows and columns of the units `ids`, in that order, and the keys of the units left out;
    /// links to those are dropped.
    ///
    /// # Errors
    /// [`Error::NoRow`] naming the keys that this matrix does not have.
    pub fn aligned(&self, ids: &[String]) -> Result<(Self, Vec<String>), Error> {
        let positions: HashMap<&str, usize> =
            self.ids.iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
        let rows: Vec<usize> =
            ids.iter().filter_map(|id| positions.get(id.as_str()).copied()).collect();
        if rows.len() < ids.len() {
            let mut lacking =
                ids.iter().filter(|id| !positions.contains_key(id.as_str())).peekable();
            let underscored = lacking
                .peek()
                .is_some_and(|id| positions.contains_key(id.replace(' ', "_").as_str()));
            let hint = if underscored {
                "; the file has underscores where these keys have spaces, as libpysal writes a .gwt: put the keys in \
                 quotation marks instead"
            } else {
                ""
            };
            let ids: Named = lacking.collect();
            return Err(Error::NoRow { kind: self.kind.clone(), ids, hint });
        }
        let wanted: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let left_out = self.ids.iter().filter(|id| !wanted.contains(id.as_str()));
        Ok((self.select(&rows), left_out.cloned().collect()))
    }
}

/// A row number as it is stored.
#[expect(clippy::cast_possible_truncation, reason = "a matrix has fewer than 2³² units")]
pub(crate) fn index(row: usize) -> u32 {
    row as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Weights {
        let ids = ["a", "b", "c"].map(String::from).to_vec();
        Weights::from_rows(ids, vec![vec![(1, 2.0)], vec![(2, 1.0), (0, 3.0)], vec![]], "test")
    }

    #[test]
    fn alignment_reorders_rows_and_columns_and_tells_who_is_left_out() {
        let ids = ["b", "a"].map(String::from);
        let (aligned, left_out) = chain().aligned(&ids).unwrap();
        assert_eq!(aligned.ids(), ids);
        assert_eq!((aligned.get(0, 1), aligned.get(1, 0)), (3.0, 2.0));
        assert_eq!(left_out, ["c"]);
    }

    #[test]
    fn alignment_names_the_units_without_a_row() {
        let ids = ["a", "x", "y"].map(String::from);
        let message = chain().aligned(&ids).unwrap_err().to_string();
        assert!(message.contains("2 (x, y)"), "{message}");
    }

    #[test]
    fn keys_that_another_program_wrote_with_underscores_are_explained() {
        let ids = ["New_York", "Ohio"].map(String::from).to_vec();
        let w = Weights::from_rows(ids, vec![vec![(1, 1.0)], vec![(0, 1.0)]], "pysal.gwt");
        let message = w.aligned(&["New York", "Ohio"].map(String::from)).unwrap_err().to_string();
        assert!(message.contains("underscores"), "{message}");
    }
}
