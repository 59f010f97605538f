//! The numeric factorisation.

use std::sync::Arc;

use super::{
    Analysis,
    elimination::{Piece, eliminate},
};
use crate::Error;

/// A direction in which the inverse `Z = (I − ρM)⁻¹` is differentiated.
#[derive(Debug, Clone, Copy)]
pub enum Direction<'a> {
    /// `dZ/dρ = ZMZ`.
    Matrix,
    /// `ZXZ'` with X the diagonal matrix of these `n` values.
    Diagonal(&'a [f64]),
}

/// `I − ρM` factorised, ready to solve with and to take entries of its inverse from.
#[derive(Debug)]
pub struct Factor {
    pub(super) analysis: Arc<Analysis>,
    /// For each direction whether it is `ZXZ'` in form.
    pub(super) congruent: Vec<bool>,
    pub(super) pieces: Vec<Piece>,
}

impl Factor {
    /// Factorises `I − ρM`, along with its derivatives in some `directions`. Results do not depend on the number of
    /// threads.
    ///
    /// # Errors
    /// [`Error::Singular`]: of a symmetric M, `I − ρM` is not positive definite; of any other, it is singular
    /// or its determinant negative.
    pub fn new(
        analysis: &Arc<Analysis>,
        rho: f64,
        directions: &[Direction],
    ) -> Result<Self, Error> {
        let singular = Error::Singular { what: "I − ρW" };
        let pieces = analysis.upwards(|f, pool, updates| {
            let child = |child| updates.remove(&child);
            let (piece, update) = eliminate(analysis, f, rho, directions, pool, child)?;
            if !analysis.rows(f).is_empty() {
                updates.insert(f, update);
            }
            Some(piece)
        });
        let pieces: Vec<Piece> = pieces.ok_or(singular.clone())?;
        if pieces.iter().filter(|piece| piece.negative).count() % 2 == 1 {
            return Err(singular);
        }
        let congruent = directions
            .iter()
            .map(|d| analysis.symmetric || matches!(d, Direction::Diagonal(_)))
            .collect();
        Ok(Self { analysis: Arc::clone(analysis), congruent, pieces })
    }

    /// Drops what only [`selected`](Self::selected) needs of the directions.
    pub fn forget_directions(&mut self) {
        self.congruent.clear();
        for piece in &mut self.pieces {
            piece.slopes = Vec::new();
        }
    }

    /// `ln|I − ρM|`.
    pub fn log_determinant(&self) -> f64 {
        self.pieces.iter().map(|piece| piece.log_determinant).sum()
    }
}
