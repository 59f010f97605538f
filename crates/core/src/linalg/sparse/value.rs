//! The log-determinant alone.

use std::{collections::HashMap, sync::Arc};

use super::{
    Analysis, Factor,
    block::{Block, Pool},
    front::Front,
    small::{add_lower_product, cholesky_columns},
};
use crate::Error;

impl Analysis {
    /// `ln|I − ρM|`, where M is symmetric by a multifrontal Cholesky decomposition (Duff & Reid 1983) of which nothing
    /// is kept.
    ///
    /// # Errors
    /// [`Error::Singular`]: of a symmetric M, `I − ρM` is not positive definite; of any other, it is singular
    /// or its determinant negative.
    pub fn log_determinant(self: &Arc<Self>, rho: f64) -> Result<f64, Error> {
        if !self.symmetric {
            return Ok(Factor::new(self, rho, &[])?.log_determinant());
        }
        let values = self.upwards(|f, pool, complements| self.decompose(f, rho, pool, complements));
        let values: Vec<f64> = values.ok_or(Error::Singular { what: "I − ρW" })?;
        Ok(values.iter().sum())
    }

    /// The share of front `f`, its complement being left for the parent.
    fn decompose(
        &self,
        f: usize,
        rho: f64,
        pool: &mut Pool,
        complements: &mut HashMap<usize, Block>,
    ) -> Option<f64> {
        let (own, rows) = (self.own(f), self.rows(f).len());
        let mut front = Front::zeros(pool, own, rows, true);
        front.add_links(self.links(f), -rho);
        front.add_diagonal(|_| 1.0);
        for &child in self.children(f) {
            let update = complements.remove(&(child as usize))?;
            front.add_update(&update, self.relative(child as usize));
            pool.recycle(update);
        }
        let Front { mut head, mut below, mut corner, .. } = front;
        let value = cholesky_columns(&mut head, &mut below)?;
        if rows > 0 {
            add_lower_product(&mut corner, -1.0, &below, &below);
            complements.insert(f, corner);
        }
        pool.recycle(head);
        pool.recycle(below);
        Some(value)
    }
}
