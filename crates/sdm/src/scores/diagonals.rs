//! Diagonals of the forms.

use ndarray::{Array1, Array2};

use super::{
    forms::{BLOCK, Form, Forms, probes, symmetric},
    traces::number,
};
use crate::multiplier::Multiplier;

/// Numbers of the probes.
const DIAGONALS: u32 = 3_000;

/// `Q_ii` of every form, n × q, twice: where they are estimated the two have independent errors of one size, so that the
/// product of the one with the other has none on average; where they are exact they are equal.
pub(super) struct Diagonals {
    pub first: Array2<f64>,
    pub second: Array2<f64>,
}

impl Forms<'_> {
    /// Of G and H by selected inversion where W has a sparse factor; of the others unit by unit, or the means over probes `z` of
    /// `½·z∘Sz`, of which, where G's diagonal is known, only the difference from G is estimated.
    pub(super) fn diagonals(&self) -> Diagonals {
        let list = self.list();
        let exact: Vec<Option<Array1<f64>>> =
            list.iter().map(|form| self.plain(*form).and_then(Multiplier::diagonal)).collect();
        let mut first = Array2::zeros((self.n(), list.len()));
        if exact.iter().any(Option::is_none) && self.is_unit_by_unit(1) {
            self.each_unit(|i, rows| {
                for (a, row) in rows.iter().enumerate() {
                    first[[i, a]] = 0.5 * row[i];
                }
            });
        }
        let mut second = first.clone();
        if exact.iter().any(Option::is_none) && !self.is_unit_by_unit(1) {
            first = self.half(0);
            second = self.half(self.n_probes() / 2);
        }
        for (a, exact) in exact.iter().enumerate() {
            if let Some(exact) = exact {
                first.column_mut(a).assign(exact);
                second.column_mut(a).assign(exact);
            }
        }
        Diagonals { first, second }
    }

    /// From half of the probes.
    fn half(&self, from: usize) -> Array2<f64> {
        let n = self.n();
        let mut sums = Array2::<f64>::zeros((n, self.list().len()));
        let known =
            self.of_lag.filter(|_| self.is_twisted()).and_then(|g| Some((g, g.diagonal()?)));
        let half = self.n_probes() / 2;
        for first in (0..half).step_by(BLOCK) {
            let count = BLOCK.min(half - first);
            let z = probes(n, DIAGONALS + number(from + first), count);
            let mut images = self.both_ways(&z);
            if let Some((g, _)) = &known {
                images[0] -= &symmetric(g, &z);
            }
            for (mut sum, s) in sums.columns_mut().into_iter().zip(&images) {
                for (z, s) in z.rows().into_iter().zip(s.rows()) {
                    sum += &(&z * &s * (0.5 / half as f64));
                }
            }
        }
        if let (Some((_, diagonal)), Some(Form::Lag)) = (known, self.list().first()) {
            let mut lag = sums.column_mut(0);
            lag += &diagonal;
        }
        sums
    }
}
