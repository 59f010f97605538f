//! Traces of products of the forms.

use ndarray::Array2;

use super::{
    control::{Controlled, Estimated, pairs, symmetric_means},
    forms::{BLOCK, Form, Forms, probes, symmetric},
};
use crate::{
    Error,
    multiplier::{Multiplier, multiplied},
    structure::Structure,
};

/// Numbers of the probes.
const PRODUCTS: u32 = 1_000;
const MIXED: u32 = 2_000;

impl Forms<'_> {
    /// `tr(Q_aQ_b) + tr(Q_a'Q_b) = ½·tr(S_aS_b)` for every pair of forms, q × q. Of one G with itself it is exact. Other pairs are
    /// summed over all units, or means over probes `z` of `½·(S_az)'(S_bz)`, controlled by what is exact.
    pub(super) fn products(&self) -> Result<Estimated, Error> {
        let list = self.list();
        let known = |a: usize, b: usize| {
            let plain = (a == b && self.is_exact()).then(|| self.plain(list[a])).flatten();
            plain.map(|g| g.traces(false).squares)
        };
        let all_known = pairs(list.len()).into_iter().all(|(a, b)| known(a, b).is_some());
        let mut found = if all_known {
            Estimated::exact(Array2::zeros((list.len(), list.len())))
        } else if self.is_unit_by_unit(1) {
            Estimated::exact(self.summed())
        } else {
            self.sampled()?
        };
        for a in 0..list.len() {
            if let Some(exact) = known(a, a) {
                found.value[[a, a]] = exact;
                found.error[[a, a]] = 0.0;
            }
        }
        Ok(found)
    }

    fn summed(&self) -> Array2<f64> {
        let q = self.list().len();
        let mut sums = Array2::zeros((q, q));
        self.each_unit(|_, rows| {
            for (a, b) in pairs(q) {
                sums[[a, b]] += 0.5 * rows[a].dot(&rows[b]);
            }
        });
        for (a, b) in pairs(q) {
            sums[[b, a]] = sums[[a, b]];
        }
        sums
    }

    fn sampled(&self) -> Result<Estimated, Error> {
        let (n, q, count) = (self.n(), self.list().len(), self.n_probes());
        let mut values = Array2::zeros((count, pairs(q).len()));
        // Of G and H themselves, and of the form of ρ where it is neither.
        let plain: Vec<&Multiplier> = if self.is_exact() {
            [self.of_lag, self.of_error].into_iter().flatten().collect()
        } else {
            Vec::new()
        };
        let twisted = self.is_twisted() && self.is_exact();
        let width = 2 * plain.len() + usize::from(twisted);
        let mut controls = Array2::zeros((count, width));
        for first in (0..count).step_by(BLOCK) {
            let z = probes(n, PRODUCTS + number(first), BLOCK.min(count - first));
            let images = self.both_ways(&z);
            let alone: Vec<Array2<f64>> =
                if twisted { plain.iter().map(|g| symmetric(g, &z)).collect() } else { Vec::new() };
            let of_plain = if twisted { &alone } else { &images };
            for at in 0..z.nrows() {
                for (to, (a, b)) in pairs(q).into_iter().enumerate() {
                    values[[first + at, to]] = 0.5 * images[a].row(at).dot(&images[b].row(at));
                }
                for (to, s) in of_plain.iter().take(plain.len()).enumerate() {
                    controls[[first + at, 2 * to]] = 0.5 * s.row(at).dot(&s.row(at));
                    controls[[first + at, 2 * to + 1]] = 0.5 * z.row(at).dot(&s.row(at));
                }
                if twisted {
                    controls[[first + at, width - 1]] = 0.5 * z.row(at).dot(&images[0].row(at));
                }
            }
        }
        let mut means: Vec<f64> =
            plain.iter().map(|g| g.traces(false)).flat_map(|t| [t.squares, t.g]).collect();
        if twisted {
            means.push(self.trace(Form::Lag));
        }
        symmetric_means(&values, q, &Controlled::new(&controls, &means))
    }

    /// `tr((W + W')Q)` of every form and its standard error, of `PWP` and `PQP` if `centred`, with P the matrix that takes out the mean over units and
    /// rows of W that sum to one.
    pub(crate) fn mixed(&self, w: &Structure, centred: bool) -> Result<Vec<(f64, f64)>, Error> {
        let list = self.list();
        let same = |form: &Form| {
            self.plain(*form).filter(|g| std::ptr::eq(g.structure().as_ref(), w) && g.is_exact())
        };
        if list.iter().all(|form| same(form).is_some()) {
            return Ok(list.iter().filter_map(same).map(|g| (g.mixed(centred), 0.0)).collect());
        }
        let mut found =
            if self.is_unit_by_unit(1) { self.mixed_sum(w) } else { self.mixed_sample(w)? };
        if centred {
            let n = self.n() as f64;
            let ones = vec![1.0; self.n()];
            let of_w = ndarray::Array1::from(w.transposed().multiply(&ones));
            for (trace, form) in found.iter_mut().zip(&list) {
                let of_form = self.column_sums(*form);
                trace.0 -= of_w.sum() * of_form.sum() / (n * n) + of_w.dot(&of_form) / n;
            }
        }
        for (trace, form) in found.iter_mut().zip(&list) {
            if let Some(g) = same(form) {
                *trace = (g.mixed(centred), 0.0);
            }
        }
        Ok(found)
    }

    fn mixed_sum(&self, w: &Structure) -> Vec<(f64, f64)> {
        let mut sums = vec![(0.0, 0.0); self.list().len()];
        self.each_unit(|i, rows| {
            for (sum, s) in sums.iter_mut().zip(rows) {
                for (columns, values) in [w.w.row(i), w.transposed().row(i)] {
                    let own = columns.iter().zip(values).map(|(&j, v)| v * s[j as usize]);
                    sum.0 += 0.5 * own.sum::<f64>();
                }
            }
        });
        sums
    }

    /// Means of `½·((W + W')z)'Sz`, controlled by those of `½·|(W + W')z|²` and, where it is exact, `½·z'Sz`.
    fn mixed_sample(&self, w: &Structure) -> Result<Vec<(f64, f64)>, Error> {
        let (n, list, count) = (self.n(), self.list(), self.n_probes());
        let q = list.len();
        let width = 1 + if self.is_exact() { q } else { 0 };
        let (mut values, mut controls) = (Array2::zeros((count, q)), Array2::zeros((count, width)));
        for first in (0..count).step_by(BLOCK) {
            let z = probes(n, MIXED + number(first), BLOCK.min(count - first));
            let images = self.both_ways(&z);
            let u = multiplied(&w.w, &z) + multiplied(w.transposed(), &z);
            for at in 0..z.nrows() {
                controls[[first + at, 0]] = 0.5 * u.row(at).dot(&u.row(at));
                for (to, s) in images.iter().enumerate() {
                    values[[first + at, to]] = 0.5 * u.row(at).dot(&s.row(at));
                    if to + 1 < width {
                        controls[[first + at, to + 1]] = 0.5 * z.row(at).dot(&s.row(at));
                    }
                }
            }
        }
        let squares: f64 = (0..n).flat_map(|i| w.w.row(i).1).map(|v| v * v).sum();
        let mut means = vec![w.traces()[1] + squares];
        means.extend(list.iter().take(width - 1).map(|form| self.trace(*form)));
        let controlled = Controlled::new(&controls, &means);
        (0..q).map(|at| controlled.mean(&values.column(at).to_owned())).collect()
    }
}

pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
