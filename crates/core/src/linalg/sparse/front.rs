//! The dense matrix of one step of the elimination.

use super::{
    analysis::Link,
    block::{Block, Pool},
};

/// A front: rows and columns of its own first, the later rows after. Of a symmetric front only the lower
/// triangle is kept.
pub(super) struct Front {
    /// Own rows and columns.
    pub head: Block,
    /// Later rows, own columns.
    pub below: Block,
    /// Own rows, later columns, transposed: `rows × own`.
    pub over: Option<Block>,
    /// Later rows and columns.
    pub corner: Block,
}

impl Front {
    pub(super) fn zeros(pool: &mut Pool, own: usize, rows: usize, symmetric: bool) -> Self {
        Self {
            head: pool.zeros(own, own),
            below: pool.zeros(rows, own),
            over: (!symmetric).then(|| pool.zeros(rows, own)),
            corner: pool.zeros(rows, rows),
        }
    }

    fn own(&self) -> usize {
        self.head.rows()
    }

    /// Adds `factor·M`.
    pub(super) fn add_links(&mut self, links: &[Link], factor: f64) {
        for link in links {
            let (own, other) = (link.own as usize, link.other as usize);
            match other.checked_sub(self.own()) {
                None => {
                    self.head[(other, own)] += factor * link.down;
                    if self.over.is_some() && other != own {
                        self.head[(own, other)] += factor * link.up;
                    }
                }
                Some(later) => {
                    self.below[(later, own)] += factor * link.down;
                    if let Some(over) = &mut self.over {
                        over[(later, own)] += factor * link.up;
                    }
                }
            }
        }
    }

    pub(super) fn add_diagonal(&mut self, value: impl Fn(usize) -> f64) {
        for own in 0..self.own() {
            self.head[(own, own)] += value(own);
        }
    }

    /// Adds what a child left behind, its rows being at `relative` here.
    pub(super) fn add_update(&mut self, update: &Block, relative: &[u32]) {
        let own = self.own();
        // Places ascend: those among the own columns come first.
        let inner = relative.partition_point(|&row| (row as usize) < own);
        for (j, &column) in relative.iter().enumerate() {
            let column = column as usize;
            let from = update.column(j);
            let first = if self.over.is_some() { 0 } else { j };
            let middle = inner.max(first);
            let (rows, later) = (&relative[first.min(middle)..middle], &relative[middle..]);
            if column < own {
                add_at(self.head.column_mut(column), rows, &from[first..middle], 0);
                add_at(self.below.column_mut(column), later, &from[middle..], own);
                continue;
            }
            add_at(self.corner.column_mut(column - own), later, &from[middle..], own);
            if let Some(over) = &mut self.over {
                for (&row, value) in rows.iter().zip(from) {
                    over[(column - own, row as usize)] += value;
                }
            }
        }
    }
}

/// Adds values to the places less `before`.
fn add_at(to: &mut [f64], places: &[u32], values: &[f64], before: usize) {
    for (&place, value) in places.iter().zip(values) {
        to[place as usize - before] += value;
    }
}
