//! Rows of a full `n × n` matrix, as wide `.csv` and Stata's `.txt` hold them.

use std::collections::HashSet;

use super::text::{At, number};
use crate::weights::index;
use crate::{Fault, Weights};

/// Rows as they are read.
#[derive(Default)]
pub struct Rows {
    ids: Vec<String>,
    seen: HashSet<String>,
    links: Vec<Vec<(u32, f64)>>,
}

impl Rows {
    /// Adds the unit `id` with its weights by column; zeros are no links.
    pub fn push(
        &mut self,
        line: u64,
        id: &str,
        row: impl Iterator<Item = Result<f64, Fault>>,
    ) -> At<()> {
        if !self.seen.insert(id.to_owned()) {
            return Err((line, Fault::RepeatedRow { id: id.to_owned() }));
        }
        let mut links = Vec::new();
        for (column, weight) in row.enumerate() {
            let weight = weight.map_err(|fault| (line, fault))?;
            if weight != 0.0 {
                links.push((index(column), weight));
            }
        }
        self.ids.push(id.to_owned());
        self.links.push(links);
        Ok(())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The matrix; every column number must be below the number of rows.
    pub fn assemble(self, kind: &str) -> Weights {
        Weights::from_rows(self.ids, self.links, kind)
    }
}

/// The weights of row `i` in every column, `0` where there is no link.
pub fn row(weights: &Weights, i: usize) -> impl Iterator<Item = String> {
    let (columns, values) = weights.row(i);
    let mut links = columns.iter().zip(values).peekable();
    (0..weights.n_units()).map(move |j| {
        let link = links.next_if(|(column, _)| **column as usize == j);
        link.map_or_else(|| "0".to_owned(), |(_, &weight)| number(weight))
    })
}
