//! Dense kernels of the fronts.

use faer::{
    Accum, Mat, MatMut, MatRef, Par, Spec,
    dyn_stack::{MemBuffer, MemStack},
    linalg::{
        cholesky::llt::{
            factor::{LltRegularization, cholesky_in_place, cholesky_in_place_scratch},
            inverse::{inverse, inverse_scratch},
        },
        matmul::{
            matmul,
            triangular::{self, BlockStructure},
        },
        triangular_solve::solve_lower_triangular_in_place,
    },
    prelude::Solve,
};

use super::block::Block;

/// Order up to which loops of our own beat the library's set-up.
const SMALL: usize = 16;

/// Multiplications up to which they do in a product.
const FEW: usize = 1500;

/// The inverse of a diagonal block with the logarithm of its determinant's modulus.
pub(super) struct Inverted {
    pub inverse: Block,
    pub log_determinant: f64,
    pub negative: bool,
}

/// `to += factor · A·B`.
pub(super) fn add_product(to: &mut Block, factor: f64, a: &Block, b: &Block) {
    if to.rows() * to.columns() * a.columns() > FEW {
        return multiply(to.as_mut(), factor, a.as_ref(), b.as_ref());
    }
    for j in 0..to.columns() {
        combine(to.column_mut(j), a, 0, b.column(j).iter().map(|b| factor * b));
    }
}

/// `to += factor · A·B'`.
pub(super) fn add_product_transposed(to: &mut Block, factor: f64, a: &Block, b: &Block) {
    if to.rows() * to.columns() * a.columns() > FEW {
        return multiply(to.as_mut(), factor, a.as_ref(), b.as_ref().transpose());
    }
    for j in 0..to.columns() {
        combine(to.column_mut(j), a, 0, (0..a.columns()).map(|k| factor * b[(j, k)]));
    }
}

/// `to += factor · A'·B`.
pub(super) fn add_transposed_product(to: &mut Block, factor: f64, a: &Block, b: &Block) {
    if to.rows() * to.columns() * a.rows() > FEW {
        return multiply(to.as_mut(), factor, a.as_ref().transpose(), b.as_ref());
    }
    for j in 0..to.columns() {
        let b = b.column(j);
        for (i, to) in to.column_mut(j).iter_mut().enumerate() {
            *to += factor * a.column(i).iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        }
    }
}

/// The lower triangle of `to += factor · A·B'`.
pub(super) fn add_lower_product(to: &mut Block, factor: f64, a: &Block, b: &Block) {
    use BlockStructure::{Rectangular, TriangularLower};
    let (rows, inner) = (to.rows(), a.columns());
    if rows * rows * inner > 2 * FEW {
        let (all, lower) = (Rectangular, TriangularLower);
        let (a, b) = (a.as_ref(), b.as_ref().transpose());
        triangular::matmul(to.as_mut(), lower, Accum::Add, a, all, b, all, factor, Par::Seq);
        return;
    }
    for j in 0..rows {
        combine(&mut to.column_mut(j)[j..], a, j, (0..inner).map(|k| factor * b[(j, k)]));
    }
}

fn multiply(to: MatMut<'_, f64>, factor: f64, a: MatRef<'_, f64>, b: MatRef<'_, f64>) {
    matmul(to, Accum::Add, a, b, factor, Par::Seq);
}

/// `to += Σ_k factor_k · a_k` with `a_k` the columns of A from row `first`.
fn combine(to: &mut [f64], a: &Block, first: usize, factors: impl Iterator<Item = f64>) {
    for (k, factor) in factors.enumerate() {
        for (to, a) in to.iter_mut().zip(&a.column(k)[first..]) {
            *to += factor * a;
        }
    }
}

/// Copies the lower triangle to the upper.
pub(super) fn mirror(a: &mut Block) {
    for j in 0..a.columns() {
        for i in j + 1..a.rows() {
            a[(j, i)] = a[(i, j)];
        }
    }
}

/// Cholesky decomposition of the columns of a front in place: `head = LL'` and `below·L⁻ᵀ`. Returns the logarithm of
/// the determinant of the head.
pub(super) fn cholesky_columns(head: &mut Block, below: &mut Block) -> Option<f64> {
    let s = head.rows();
    if s > SMALL {
        let log_determinant = cholesky(head)?;
        solve_lower_triangular_in_place(head.as_ref(), below.as_mut().transpose_mut(), Par::Seq);
        return Some(log_determinant);
    }
    let mut log_determinant = 0.0;
    for k in 0..s {
        let square = head[(k, k)];
        if square.is_nan() || square <= 0.0 {
            return None;
        }
        log_determinant += square.ln();
        let pivot = square.sqrt();
        for block in [&mut *head, &mut *below] {
            block.column_mut(k).iter_mut().for_each(|value| *value /= pivot);
        }
        for j in k + 1..s {
            let factor = -head[(j, k)];
            for block in [&mut *head, &mut *below] {
                let (before, after) = block.split_at_column(j);
                let rows = after.len() / (s - j);
                let from = &before[k * rows..(k + 1) * rows];
                for (to, from) in after[..rows].iter_mut().zip(from) {
                    *to += factor * from;
                }
            }
        }
    }
    Some(log_determinant)
}

/// `A = LL'` in the place of the lower triangle of A, with the logarithm of the determinant of A.
fn cholesky(a: &mut Block) -> Option<f64> {
    let scratch = cholesky_in_place_scratch::<f64>(a.rows(), Par::Seq, Spec::default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    let regularization = LltRegularization::default();
    cholesky_in_place(a.as_mut(), regularization, Par::Seq, stack, Spec::default()).ok()?;
    Some(2.0 * (0..a.rows()).map(|i| a[(i, i)].ln()).sum::<f64>())
}

/// The inverse of a positive definite block of which the lower triangle is given, and lost.
pub(super) fn invert_positive(a: &mut Block) -> Option<Inverted> {
    if a.rows() <= SMALL {
        return invert_small(a);
    }
    let log_determinant = cholesky(a)?;
    let mut memory = MemBuffer::new(inverse_scratch::<f64>(a.rows(), Par::Seq));
    let mut found = Block::zeros(a.rows(), a.rows());
    inverse(found.as_mut(), a.as_ref(), Par::Seq, MemStack::new(&mut memory));
    mirror(&mut found);
    Some(Inverted { inverse: found, log_determinant, negative: false })
}

/// `A = LL'`, `A⁻¹ = L⁻ᵀL⁻¹`.
fn invert_small(a: &Block) -> Option<Inverted> {
    let s = a.rows();
    let mut l = [[0.0; SMALL]; SMALL];
    let mut log_determinant = 0.0;
    for j in 0..s {
        let (above, below) = l.split_at_mut(j + 1);
        let head = &mut above[j];
        let square = a[(j, j)] - head[..j].iter().map(|v| v * v).sum::<f64>();
        if square.is_nan() || square <= 0.0 {
            return None;
        }
        let pivot = square.sqrt();
        log_determinant += square.ln();
        head[j] = pivot;
        for (row, i) in below.iter_mut().zip(j + 1..s) {
            let dot: f64 = row[..j].iter().zip(&head[..j]).map(|(a, b)| a * b).sum();
            row[j] = (a[(i, j)] - dot) / pivot;
        }
    }
    // L⁻¹, column by column.
    let mut k = [[0.0; SMALL]; SMALL];
    for j in 0..s {
        k[j][j] = 1.0 / l[j][j];
        for i in j + 1..s {
            let known: f64 = (j..i).map(|m| l[i][m] * k[m][j]).sum();
            k[i][j] = -known / l[i][i];
        }
    }
    let mut inverse = Block::zeros(s, s);
    for j in 0..s {
        for i in 0..s {
            inverse[(i, j)] = (i.max(j)..s).map(|m| k[m][i] * k[m][j]).sum();
        }
    }
    Some(Inverted { inverse, log_determinant, negative: false })
}

/// The inverse of a general block, by LU with exchanges of rows.
pub(super) fn invert_general(a: &Block) -> Option<Inverted> {
    let s = a.rows();
    let lu = a.as_ref().partial_piv_lu();
    let u = lu.U();
    let order = lu.P().arrays().0;
    let mut negative = odd(order);
    let mut log_determinant = 0.0;
    for i in 0..s {
        let pivot = u[(i, i)];
        if pivot.is_nan() || pivot == 0.0 {
            return None;
        }
        negative ^= pivot < 0.0;
        log_determinant += pivot.abs().ln();
    }
    let inverse = Block::from(&lu.solve(Mat::<f64>::identity(s, s)));
    Some(Inverted { inverse, log_determinant, negative })
}

/// Whether a permutation takes an odd number of exchanges.
fn odd(order: &[usize]) -> bool {
    let mut seen = vec![false; order.len()];
    let mut cycles = 0;
    for start in 0..order.len() {
        if !seen[start] {
            cycles += 1;
            let mut at = start;
            while !seen[at] {
                seen[at] = true;
                at = order[at];
            }
        }
    }
    (order.len() - cycles) % 2 == 1
}
