//! Lists of links, one a line, as `.gwt`, `.dat` and `.csv` hold them.

use std::collections::HashMap;

use super::text::{At, parse_weight, words};
use crate::weights::index;
use crate::{Fault, Weights};

/// How an island stands in a list of links.
pub const ISLAND: &str = "; a unit without neighbours is written as a link to itself of weight 0";

/// Links as they are read; a key stands once, however many links it has.
#[derive(Default)]
pub struct Edges {
    numbers: HashMap<String, u32>,
    /// The row of every key, by the key's number; none until it is the focal unit of a link.
    rows: Vec<Option<u32>>,
    n_rows: usize,
    links: Vec<Link>,
}

struct Link {
    line: u64,
    focal: u32,
    neighbor: u32,
    weight: f64,
}

impl Edges {
    /// Adds the link that `line` gives.
    pub fn push(&mut self, line: u64, focal: &str, neighbor: &str, weight: f64) {
        let (focal, neighbor) = (self.number(focal), self.number(neighbor));
        let row = &mut self.rows[focal as usize];
        if row.is_none() {
            *row = Some(index(self.n_rows));
            self.n_rows += 1;
        }
        self.links.push(Link { line, focal, neighbor, weight });
    }

    fn number(&mut self, key: &str) -> u32 {
        if let Some(&number) = self.numbers.get(key) {
            return number;
        }
        let number = index(self.rows.len());
        self.numbers.insert(key.to_owned(), number);
        self.rows.push(None);
        number
    }

    /// The matrix; units come in the order of their first row.
    pub fn assemble(self, kind: &str) -> At<Weights> {
        if self.links.is_empty() {
            return Err((1, Fault::Shape { expected: "links", found: "none".to_owned() }));
        }
        let mut keys = vec![String::new(); self.rows.len()];
        for (key, number) in self.numbers {
            keys[number as usize] = key;
        }
        let mut rows = vec![Vec::new(); self.n_rows];
        for link in self.links {
            let row_of = |number: u32| self.rows[number as usize];
            let (Some(row), Some(column)) = (row_of(link.focal), row_of(link.neighbor)) else {
                let id = keys.swap_remove(link.neighbor as usize);
                return Err((link.line, Fault::UnknownId { id, hint: ISLAND }));
            };
            rows[row as usize].push((column, link.weight, link.line));
        }
        // Every key has a row now, so this is a permutation.
        let mut ids = vec![String::new(); self.n_rows];
        for (key, row) in keys.into_iter().zip(self.rows) {
            if let Some(row) = row {
                ids[row as usize] = key;
            }
        }
        let mut rows = reject_repeats(&ids, rows)?;
        for (i, row) in (0..).zip(&mut rows) {
            if row.as_slice() == [(i, 0.0)] {
                row.clear();
            }
        }
        Ok(Weights::from_rows(ids, rows, kind))
    }
}

/// The rows without their line numbers, unless a link is given twice.
pub fn reject_repeats(ids: &[String], rows: Vec<Vec<(u32, f64, u64)>>) -> At<Vec<Vec<(u32, f64)>>> {
    let checked = ids.iter().zip(rows).map(|(focal, mut row)| {
        row.sort_by_key(|&(column, _, line)| (column, line));
        if let Some(pair) = row.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (column, _, line) = pair[1];
            let neighbor = ids[column as usize].clone();
            return Err((line, Fault::RepeatedLink { focal: focal.clone(), neighbor }));
        }
        Ok(row.into_iter().map(|(j, w, _)| (j, w)).collect())
    });
    checked.collect()
}

/// The two keys and the weight of a line.
pub fn link(text: &str) -> Result<([&str; 2], f64), Fault> {
    match words(text)?.as_slice() {
        [focal, neighbor, weight] => Ok(([focal, neighbor], parse_weight(weight)?)),
        _ => Err(Fault::Shape {
            expected: "a key, the key of a neighbour and a weight",
            found: text.to_owned(),
        }),
    }
}

/// Every link as `(focal, neighbor, weight)` row numbers, an island as a link to itself of weight 0.
pub fn links(weights: &Weights) -> impl Iterator<Item = (usize, usize, f64)> {
    (0..weights.n_units()).flat_map(|i| {
        let (columns, values) = weights.row(i);
        let island = columns.is_empty().then_some((i, i, 0.0));
        let links = columns.iter().zip(values);
        links.map(move |(&j, &w)| (i, j as usize, w)).chain(island)
    })
}
