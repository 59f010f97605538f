//! Lists of links, one a line, as `.gwt` and `.csv` hold them.

use std::collections::HashMap;

use super::text::At;
use crate::weights::index;
use crate::{Fault, Weights};

/// One link and the line that gives it.
pub struct Link<'a> {
    pub line: u64,
    pub focal: &'a str,
    pub neighbor: &'a str,
    pub weight: f64,
}

/// How an island stands in a list of links.
pub const ISLAND: &str = "; a unit without neighbours is written as a link to itself of weight 0";

/// The matrix of `links`; units come in the order of their first row.
pub fn assemble(links: &[Link], kind: &str) -> At<Weights> {
    let mut positions: HashMap<&str, u32> = HashMap::new();
    let mut ids = Vec::new();
    for link in links {
        positions.entry(link.focal).or_insert_with(|| {
            ids.push(link.focal.to_owned());
            index(ids.len() - 1)
        });
    }
    let mut rows = vec![Vec::new(); ids.len()];
    for link in links {
        let Some(&column) = positions.get(link.neighbor) else {
            let fault = Fault::UnknownId { id: link.neighbor.to_owned(), hint: ISLAND };
            return Err((link.line, fault));
        };
        rows[positions[link.focal] as usize].push((column, link.weight, link.line));
    }
    let mut rows = reject_repeats(&ids, rows)?;
    for (i, row) in (0..).zip(&mut rows) {
        if row.as_slice() == [(i, 0.0)] {
            row.clear();
        }
    }
    Ok(Weights::from_rows(ids, rows, kind))
}

/// The rows without their line numbers, unless a link is given twice.
pub fn reject_repeats(
    ids: &[String],
    mut rows: Vec<Vec<(u32, f64, u64)>>,
) -> At<Vec<Vec<(u32, f64)>>> {
    for (focal, row) in ids.iter().zip(&mut rows) {
        row.sort_by_key(|&(column, _, line)| (column, line));
        if let Some(pair) = row.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (column, _, line) = pair[1];
            let neighbor = ids[column as usize].clone();
            return Err((line, Fault::RepeatedLink { focal: focal.clone(), neighbor }));
        }
    }
    let bare = |row: Vec<(u32, f64, u64)>| row.into_iter().map(|(j, w, _)| (j, w)).collect();
    Ok(rows.into_iter().map(bare).collect())
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
