//! Sparse systems `A = I − ρM`: log-determinant, solutions, and selected entries of the inverse.
//!
//! One [`Analysis`] of the pattern serves every ρ. A [`Factor`] is the block LU decomposition of A by the
//! multifrontal method (Duff & Reid 1983), whose pieces also give the entries of `Z = A⁻¹` on the pattern
//! of M (Takahashi, Fagan & Chin 1973; Erisman & Tinney 1975) and, differentiated along with it, those of
//! `ZMZ = dZ/dρ` and of `ZXZ'`.

mod analysis;
mod block;
mod elimination;
mod factor;
mod front;
mod iteration;
mod matrix;
mod selected;
mod small;
mod solve;
mod sweep;
mod value;

pub use analysis::Analysis;
pub use factor::{Direction, Factor};
pub use iteration::conjugate_gradients;
pub use matrix::SparseMatrix;
pub use selected::Selected;

/// A row or column number as it is stored.
#[expect(clippy::cast_possible_truncation, reason = "a matrix has fewer than 2³² rows")]
fn index(at: usize) -> u32 {
    at as u32
}
