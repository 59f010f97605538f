//! The data without one unit, from those of all by updating.

use durbin_core::linalg::{cholesky, orthonormal};
use ndarray::{Array2, s};

use crate::{Effects, design::Design};

/// Share of a direction's information below which a unit is all there is of it.
const LOST: f64 = 1e-10;

/// The columns of a design as `QR`. Their cross-products are `R'R`; without unit `i`, whose rows of Q are `Q_i`, they are
///
/// ```text
/// R'(I − f·Q_i'Q_i)R,   f = 1, or n/(n − 1) where periods are demeaned
/// ```
///
/// since taking the unit out of the period means it helped to make adds `Q_i'Q_i/(n − 1)`. With `LL'` the matrix in
/// brackets, `L'R` is a design of a few rows in which least squares finds what it finds in all rows of the other units.
pub(super) struct Deletion<'a> {
    design: &'a Design,
    q: Array2<f64>,
    r: Array2<f64>,
    periods: bool,
}

impl<'a> Deletion<'a> {
    pub(super) fn new(design: &'a Design, effects: Effects) -> Self {
        let (q, r) = orthonormal(&design.columns());
        Self { design, q, r, periods: effects.of_periods() }
    }

    /// The design without the share `weight` of a unit's rows: one leaves it out. None where the others do not identify
    /// the model.
    pub(super) fn without(&self, unit: usize, weight: f64) -> Option<Design> {
        let n = self.design.n as f64;
        let factor = if self.periods { weight * n / (n - weight) } else { weight };
        let rows = self.q.slice(s![unit..;self.design.n, ..]);
        let left = Array2::eye(self.r.nrows()) - rows.t().dot(&rows) * factor;
        let l = cholesky(&left, "the data without a unit").ok()?;
        let identified = l.diag().iter().all(|pivot| pivot * pivot > LOST);
        identified.then(|| self.design.in_rows(&l.t().dot(&self.r)))
    }
}
