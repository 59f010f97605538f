//! The dense matrix of one step of the elimination.

use faer::Mat;

use super::{analysis::Link, small::mirror};

/// A front: rows and columns of `own` first, the later rows after. Of a symmetric front only the lower
/// triangle is kept.
pub(super) struct Front {
    /// Own columns: `own + rows` high.
    pub panel: Mat<f64>,
    /// Own rows beyond the own columns, transposed: `rows × own`.
    pub over: Option<Mat<f64>>,
    /// Later rows and columns.
    pub corner: Mat<f64>,
    own: usize,
}

impl Front {
    pub(super) fn zeros(own: usize, rows: usize, symmetric: bool) -> Self {
        Self {
            panel: Mat::zeros(own + rows, own),
            over: (!symmetric).then(|| Mat::zeros(rows, own)),
            corner: Mat::zeros(rows, rows),
            own,
        }
    }

    /// Adds `factor·M`.
    pub(super) fn add_links(&mut self, links: &[Link], factor: f64) {
        for link in links {
            let (own, other) = (link.own as usize, link.other as usize);
            self.panel[(other, own)] += factor * link.down;
            if own == other {
                continue;
            }
            match &mut self.over {
                Some(_) if other < self.own => self.panel[(own, other)] += factor * link.up,
                Some(over) => over[(other - self.own, own)] += factor * link.up,
                None => {}
            }
        }
    }

    pub(super) fn add_diagonal(&mut self, value: impl Fn(usize) -> f64) {
        for own in 0..self.own {
            self.panel[(own, own)] += value(own);
        }
    }

    /// Adds what a child left behind, its rows being at `relative` here.
    pub(super) fn add_update(&mut self, update: &Mat<f64>, relative: &[u32]) {
        for (j, &column) in relative.iter().enumerate() {
            let column = column as usize;
            let from = update.col_as_slice(j);
            let first = if self.over.is_some() { 0 } else { j };
            // Places ascend: those among the own columns come first.
            let inner = relative.partition_point(|&row| (row as usize) < self.own).max(first);
            if column < self.own {
                let to = self.panel.col_as_slice_mut(column);
                for (&row, value) in relative[first..].iter().zip(&from[first..]) {
                    to[row as usize] += value;
                }
                continue;
            }
            let to = self.corner.col_as_slice_mut(column - self.own);
            for (&row, value) in relative[inner..].iter().zip(&from[inner..]) {
                to[row as usize - self.own] += value;
            }
            if let Some(over) = &mut self.over {
                for (&row, value) in relative[..inner].iter().zip(from) {
                    over[(column - self.own, row as usize)] += value;
                }
            }
        }
    }

    /// The block of the own columns, whole.
    pub(super) fn head(&self) -> Mat<f64> {
        let mut head = self.panel.as_ref().subrows(0, self.own).to_owned();
        if self.over.is_none() {
            mirror(&mut head);
        }
        head
    }
}
