//! What pairs of units add to a clustered variance.

use ndarray::{Array1, Array2, Zip};

use super::{
    control::{Controlled, Estimated, pairs, symmetric_means},
    diagonals::Diagonals,
    forms::{Forms, probes},
    traces::number,
};
use crate::Error;

/// Numbers of the probes.
const PAIRS: u32 = 4_000;

/// Most vectors at once.
const TOGETHER: usize = 32;

impl Forms<'_> {
    /// `Σ_{i<j} S_a,ij·S_b,ij·P_ij²` for every pair of forms, q × q, with `P = E'E` the products between units of the errors E,
    /// t × n. Every row of S, or means over probes `z`: with `v_a,i = Σ_{j≠i} S_a,ij·z_j·P_ij`, which is `Σ_t ε_t∘(S_a(z∘ε_t))` less its
    /// own term, `½·Σ_i v_a,i·v_b,i` has this mean.
    pub(super) fn pair_sums(
        &self,
        errors: &Array2<f64>,
        diagonals: &Diagonals,
    ) -> Result<Estimated, Error> {
        if self.is_unit_by_unit(errors.nrows()) {
            return Ok(Estimated::exact(self.pairs_one_by_one(errors)));
        }
        self.pairs_sampled(errors, diagonals)
    }

    fn pairs_one_by_one(&self, errors: &Array2<f64>) -> Array2<f64> {
        let q = self.list().len();
        let mut sums = Array2::zeros((q, q));
        self.each_unit(|i, rows| {
            let mut products = errors.t().dot(&errors.column(i));
            products[i] = 0.0;
            let weighted: Vec<Array1<f64>> = rows.iter().map(|row| row * &products).collect();
            for (a, b) in pairs(q) {
                sums[[a, b]] += 0.5 * weighted[a].dot(&weighted[b]);
            }
        });
        for (a, b) in pairs(q) {
            sums[[b, a]] = sums[[a, b]];
        }
        sums
    }

    fn pairs_sampled(
        &self,
        errors: &Array2<f64>,
        diagonals: &Diagonals,
    ) -> Result<Estimated, Error> {
        let ((t, n), q, all) = (errors.dim(), self.list().len(), self.n_probes());
        let own: Array1<f64> = errors.columns().into_iter().map(|e| e.dot(&e)).collect();
        let diagonal = (&diagonals.first + &diagonals.second) * 0.5;
        // An error d of the diagonals leaves 2d_i·z_i·P_ii in v, and 4d_i²·P_ii² in its square.
        let noise = (&diagonals.first - &diagonals.second) * 0.5;
        let too_much = |a: usize, b: usize| -> f64 {
            let each = own.iter().zip(noise.column(a)).zip(noise.column(b));
            each.map(|((p, a), b)| 2.0 * a * b * p * p).sum()
        };
        let mut values = Array2::zeros((all, pairs(q).len()));
        let count = (TOGETHER / t).max(1);
        for first in (0..all).step_by(count) {
            let z = probes(n, PAIRS + number(first), count.min(all - first));
            let mut vectors = Array2::zeros((z.nrows() * t, n));
            for (at, mut vector) in vectors.rows_mut().into_iter().enumerate() {
                vector.assign(&(&z.row(at / t) * &errors.row(at % t)));
            }
            let images = self.both_ways(&vectors);
            for (at, z) in z.rows().into_iter().enumerate() {
                let v: Vec<Array1<f64>> = images
                    .iter()
                    .enumerate()
                    .map(|(a, s)| {
                        let mut v = Array1::<f64>::zeros(n);
                        for (period, e) in errors.rows().into_iter().enumerate() {
                            Zip::from(&mut v)
                                .and(&e)
                                .and(s.row(at * t + period))
                                .for_each(|v, e, s| *v += e * s);
                        }
                        Zip::from(&mut v)
                            .and(&z)
                            .and(&own)
                            .and(diagonal.column(a))
                            .for_each(|v, z, p, d| *v -= 2.0 * d * z * p);
                        v
                    })
                    .collect();
                for (to, (a, b)) in pairs(q).into_iter().enumerate() {
                    values[[first + at, to]] = 0.5 * v[a].dot(&v[b]) - too_much(a, b);
                }
            }
        }
        symmetric_means(&values, q, &Controlled::new(&Array2::zeros((all, 0)), &[]))
    }
}
