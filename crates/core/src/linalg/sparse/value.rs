//! The log-determinant alone.

use std::sync::Arc;

use faer::{
    Par, Side,
    dyn_stack::{MemBuffer, MemStack},
    linalg::cholesky::llt::factor::LltRegularization,
    sparse::{
        SparseColMatRef,
        linalg::cholesky::{SymbolicCholeskyRaw, supernodal::SupernodalLltRef},
    },
};

use super::{Analysis, Factor};
use crate::Error;

impl Analysis {
    /// `ln|I − ρM|`, by supernodal Cholesky decomposition where M is symmetric (Ng & Peyton 1993).
    ///
    /// # Errors
    /// [`Error::Singular`]: of a symmetric M, `I − ρM` is not positive definite; of any other, it is singular
    /// or its determinant negative.
    pub fn log_determinant(self: &Arc<Self>, rho: f64) -> Result<f64, Error> {
        self.log_determinant_in(rho, &mut Vec::new())
    }

    /// The same with `room` for the factor, to be used again for the next.
    ///
    /// # Errors
    /// As [`log_determinant`](Self::log_determinant).
    pub fn log_determinant_in(
        self: &Arc<Self>,
        rho: f64,
        room: &mut Vec<f64>,
    ) -> Result<f64, Error> {
        let (true, SymbolicCholeskyRaw::Supernodal(fronts)) = (self.symmetric, self.symbolic.raw())
        else {
            return Ok(Factor::new(self, rho, &[])?.log_determinant());
        };
        let singular = |()| Error::Singular { what: "I − ρW" };
        let mut values: Vec<f64> = self.values.iter().map(|m| -rho * m).collect();
        for &end in &self.pattern.col_ptr()[1..] {
            values[end as usize - 1] += 1.0;
        }
        let matrix = SparseColMatRef::new(self.pattern.as_ref(), &values);
        let scratch =
            self.symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, faer::Spec::default());
        let mut memory = MemBuffer::try_new(scratch).map_err(|_| ()).map_err(singular)?;
        room.clear();
        room.resize(self.symbolic.len_val(), 0.0);
        self.symbolic
            .factorize_numeric_llt(
                room,
                matrix,
                Side::Upper,
                LltRegularization::default(),
                Par::Seq,
                MemStack::new(&mut memory),
                faer::Spec::default(),
            )
            .map_err(|_| ())
            .map_err(singular)?;
        let factor = SupernodalLltRef::new(fronts, room);
        let ln = |f| -> f64 {
            let block = factor.supernode(f).val();
            (0..block.ncols()).map(|j| block[(j, j)].ln()).sum()
        };
        Ok(2.0 * (0..fronts.n_supernodes()).map(ln).sum::<f64>())
    }
}
