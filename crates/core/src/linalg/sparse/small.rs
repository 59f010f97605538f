//! Dense kernels of the fronts.

use faer::{
    Accum, Mat, MatMut, MatRef, Par, Side,
    linalg::{
        matmul::{
            matmul,
            triangular::{self, BlockStructure},
        },
        solvers::DenseSolveCore,
    },
    prelude::Solve,
};

/// Order up to which loops of our own beat the library's set-up.
const SMALL: usize = 16;

/// The inverse of a diagonal block with the logarithm of its determinant's modulus.
pub(super) struct Inverted {
    pub inverse: Mat<f64>,
    pub log_determinant: f64,
    pub negative: bool,
}

/// `to += factor · A·B`.
pub(super) fn add_product(
    to: MatMut<'_, f64>,
    factor: f64,
    a: MatRef<'_, f64>,
    b: MatRef<'_, f64>,
) {
    if a.ncols() > 0 && to.nrows() > 0 && to.ncols() > 0 {
        matmul(to, Accum::Add, a, b, factor, Par::Seq);
    }
}

/// `factor · A·B`.
pub(super) fn product(factor: f64, a: MatRef<'_, f64>, b: MatRef<'_, f64>) -> Mat<f64> {
    let mut to = Mat::zeros(a.nrows(), b.ncols());
    add_product(to.as_mut(), factor, a, b);
    to
}

/// The lower triangle of `to += factor · A·B`.
pub(super) fn add_lower_product(
    to: MatMut<'_, f64>,
    factor: f64,
    a: MatRef<'_, f64>,
    b: MatRef<'_, f64>,
) {
    use BlockStructure::{Rectangular, TriangularLower};
    if a.ncols() > 0 && to.nrows() > 0 {
        let (all, lower) = (Rectangular, TriangularLower);
        triangular::matmul(to, lower, Accum::Add, a, all, b, all, factor, Par::Seq);
    }
}

/// Copies the lower triangle to the upper.
pub(super) fn mirror(a: &mut Mat<f64>) {
    for j in 0..a.ncols() {
        for i in j + 1..a.nrows() {
            a[(j, i)] = a[(i, j)];
        }
    }
}

/// The inverse of a positive definite block of which the lower triangle is given.
pub(super) fn invert_positive(a: MatRef<'_, f64>) -> Option<Inverted> {
    let s = a.nrows();
    if s <= SMALL {
        return invert_small(a);
    }
    let cholesky = a.llt(Side::Lower).ok()?;
    let l = cholesky.L();
    let log_determinant = 2.0 * (0..s).map(|i| l[(i, i)].ln()).sum::<f64>();
    Some(Inverted { inverse: cholesky.inverse(), log_determinant, negative: false })
}

/// `A = LL'`, `A⁻¹ = L⁻ᵀL⁻¹`.
fn invert_small(a: MatRef<'_, f64>) -> Option<Inverted> {
    let s = a.nrows();
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
    let entry = |i: usize, j: usize| (i.max(j)..s).map(|m| k[m][i] * k[m][j]).sum();
    Some(Inverted { inverse: Mat::from_fn(s, s, entry), log_determinant, negative: false })
}

/// The inverse of a general block, by LU with exchanges of rows.
pub(super) fn invert_general(a: MatRef<'_, f64>) -> Option<Inverted> {
    let s = a.nrows();
    let lu = a.partial_piv_lu();
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
    Some(Inverted { inverse: lu.solve(Mat::<f64>::identity(s, s)), log_determinant, negative })
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
