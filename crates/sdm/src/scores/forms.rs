//! The quadratic forms of the spatial parameters, as operators.

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayView1, Axis};

use crate::{logdet::signs, multiplier::Multiplier};

/// Most units of which every row of the forms is computed: seconds.
const UNIT_BY_UNIT: usize = 4_000;

/// Numbers in all random vectors otherwise: the fewer units, the more vectors it takes to average over as much.
const RANDOM_NUMBERS: usize = 2_000_000;

/// Fewest and most random vectors.
const PROBES: (usize, usize) = (64, 512);

/// Vectors at once.
pub(super) const BLOCK: usize = 16;

/// The forms `Q` in the scores of ρ and λ, of which a model has some:
///
/// ```text
/// ρ: Q = BGB⁻¹ (G without λ, and where W = M: B and G commute)      λ: Q = H      G = W(I − ρW)⁻¹, H = M(I − λM)⁻¹, B = I − λM
/// ```
///
/// A quadratic form sees `S = Q + Q'` alone, so that all that is asked of the forms is asked of S. Nothing holds it: `S·v` is
/// products with sparse matrices and solutions of sparse systems.
pub(crate) struct Forms<'a> {
    pub(super) of_lag: Option<&'a Multiplier>,
    pub(super) of_error: Option<&'a Multiplier>,
    /// Whether to take random vectors, the fewest, whatever the number of units.
    random: bool,
}

/// One of the forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Lag,
    Error,
}

impl<'a> Forms<'a> {
    /// With the multipliers of ρ and λ where there are such parameters.
    pub(crate) fn new(of_lag: Option<&'a Multiplier>, of_error: Option<&'a Multiplier>) -> Self {
        Self { of_lag, of_error, random: false }
    }

    /// The same by the fewest random vectors however few units there are.
    #[cfg(test)]
    pub(super) fn randomly(self) -> Self {
        Self { random: true, ..self }
    }

    /// The forms there are, in the order of everything that is listed by form.
    pub(crate) fn list(&self) -> Vec<Form> {
        let lag = self.of_lag.map(|_| Form::Lag);
        lag.into_iter().chain(self.of_error.map(|_| Form::Error)).collect()
    }

    /// The multiplier whose G is the form, where there is one.
    pub(super) fn plain(&self, form: Form) -> Option<&'a Multiplier> {
        match form {
            Form::Lag if self.is_twisted() => None,
            Form::Lag => self.of_lag,
            Form::Error => self.of_error,
        }
    }

    /// Whether the form of ρ is `BGB⁻¹` and no G.
    pub(super) fn is_twisted(&self) -> bool {
        let apart = |a: &Multiplier, b: &Multiplier| !Arc::ptr_eq(a.structure(), b.structure());
        self.of_lag.zip(self.of_error).is_some_and(|(a, b)| apart(a, b))
    }

    /// Units.
    pub(super) fn n(&self) -> usize {
        self.of_lag.or(self.of_error).map_or(0, Multiplier::n)
    }

    /// Whether as many vectors as there are units are no more work than random ones, of which each takes `vectors`.
    pub(super) fn is_unit_by_unit(&self, vectors: usize) -> bool {
        !self.random && self.n() <= UNIT_BY_UNIT.max(self.n_probes() * vectors)
    }

    /// Random vectors, an even number.
    pub(super) fn n_probes(&self) -> usize {
        let enough = if self.random { 0 } else { RANDOM_NUMBERS / self.n().max(1) };
        2 * (enough / 2).clamp(PROBES.0 / 2, PROBES.1 / 2)
    }

    /// Whether traces and diagonals of G and H are exact.
    pub(super) fn is_exact(&self) -> bool {
        [self.of_lag, self.of_error].into_iter().flatten().all(Multiplier::is_exact)
    }

    /// `tr Q`.
    pub(super) fn trace(&self, form: Form) -> f64 {
        // BGB⁻¹ has the trace of G.
        let of = match form {
            Form::Lag => self.of_lag,
            Form::Error => self.of_error,
        };
        of.map_or(0.0, |multiplier| multiplier.traces(false).g)
    }

    /// `S·v` of every form, for each row of `v`, vectors × n.
    pub(super) fn both_ways(&self, v: &Array2<f64>) -> Vec<Array2<f64>> {
        let (Some(g), Some(h), true) = (self.of_lag, self.of_error, self.is_twisted()) else {
            return [self.of_lag, self.of_error]
                .into_iter()
                .flatten()
                .map(|g| symmetric(g, v))
                .collect();
        };
        let spread = h.lagged(v);
        let lag = twist(g, h, v, &spread) + twist_back(g, h, v);
        vec![lag, spread + h.lagged_back(v)]
    }

    /// `1'Q`.
    pub(super) fn column_sums(&self, form: Form) -> Array1<f64> {
        let ones = Array2::ones((1, self.n()));
        let sums = match (form, self.of_lag, self.of_error) {
            (Form::Lag, Some(g), Some(h)) if self.is_twisted() => twist_back(g, h, &ones),
            (Form::Lag, Some(g), _) | (Form::Error, _, Some(g)) => g.lagged_back(&ones),
            _ => Array2::zeros(ones.raw_dim()),
        };
        sums.index_axis_move(Axis(0), 0)
    }

    /// Calls `f(i, rows)` with the rows of S of every form, unit by unit.
    pub(super) fn each_unit(&self, mut f: impl FnMut(usize, &[ArrayView1<f64>])) {
        let n = self.n();
        for first in (0..n).step_by(4 * BLOCK) {
            let count = (4 * BLOCK).min(n - first);
            let mut units = Array2::zeros((count, n));
            for at in 0..count {
                units[[at, first + at]] = 1.0;
            }
            let images = self.both_ways(&units);
            for at in 0..count {
                let rows: Vec<ArrayView1<f64>> = images.iter().map(|s| s.row(at)).collect();
                f(first + at, &rows);
            }
        }
    }
}

/// `(G + G')·v`.
pub(super) fn symmetric(g: &Multiplier, v: &Array2<f64>) -> Array2<f64> {
    g.lagged(v) + g.lagged_back(v)
}

/// `BGB⁻¹·v`, with `H·v` given: `B⁻¹ = I + λH`.
fn twist(g: &Multiplier, h: &Multiplier, v: &Array2<f64>, spread: &Array2<f64>) -> Array2<f64> {
    h.filtered(&g.lagged(&(v + &(spread * h.rho()))))
}

/// `(BGB⁻¹)'·v`.
fn twist_back(g: &Multiplier, h: &Multiplier, v: &Array2<f64>) -> Array2<f64> {
    let inner = g.lagged_back(&h.filtered_back(v));
    &inner + &(h.lagged_back(&inner) * h.rho())
}

/// Vectors of ±1, one a row, numbered from `first`.
pub(super) fn probes(n: usize, first: u32, count: usize) -> Array2<f64> {
    let mut z = Array2::zeros((count, n));
    for (number, mut row) in (first..).zip(z.rows_mut()) {
        row.assign(&Array1::from(signs(n, number)));
    }
    z
}
