//! Inverses and rank.

use faer::{Mat, Side, linalg::solvers::DenseSolveCore, prelude::Solve};
use ndarray::{Array1, Array2};

use super::{from_faer, gram_schmidt::remainder, to_faer};
use crate::Error;

/// Inverse of a general `n × n` matrix by LU with partial pivoting. `what` names it in the error.
///
/// # Errors
/// [`Error::Singular`] when a pivot vanishes.
pub fn inverse(a: &Array2<f64>, what: &'static str) -> Result<Array2<f64>, Error> {
    let a = to_faer(a);
    let inverse = a.partial_piv_lu().solve(faer::Mat::<f64>::identity(a.nrows(), a.ncols()));
    let inverse = from_faer(inverse.as_ref());
    if inverse.iter().all(|v| v.is_finite()) { Ok(inverse) } else { Err(Error::Singular { what }) }
}

/// Inverse of a symmetric positive definite matrix by Cholesky. `what` names it in the error.
///
/// # Errors
/// [`Error::Singular`] when the matrix is not positive definite.
pub fn inverse_spd(a: &Array2<f64>, what: &'static str) -> Result<Array2<f64>, Error> {
    let cholesky = to_faer(a).llt(Side::Lower).map_err(|_| Error::Singular { what })?;
    Ok(from_faer(cholesky.inverse().as_ref()))
}

/// The lower triangular L with positive diagonal of `A = LL'`, A symmetric positive definite, `n × n`; only its
/// lower triangle is read. `what` names A in the error.
///
/// # Errors
/// [`Error::Singular`] when the matrix is not positive definite.
pub fn cholesky(a: &Array2<f64>, what: &'static str) -> Result<Array2<f64>, Error> {
    let cholesky = to_faer(a).llt(Side::Lower).map_err(|_| Error::Singular { what })?;
    let l = cholesky.L();
    Ok(Array2::from_shape_fn(a.raw_dim(), |(i, j)| if j <= i { l[(i, j)] } else { 0.0 }))
}

/// R of `X = QR` for the `m × p` matrix of `columns`, `min(m, p) × p` upper triangular, by Householder reflections.
/// Its columns have the lengths of those of X and the angles between them, whatever the rank: least squares of some
/// columns on others is the same on R, to rounding of each column's own length.
pub fn triangular_factor(columns: &[&[f64]]) -> Array2<f64> {
    let m = columns.first().map_or(0, |column| column.len());
    let x = Mat::from_fn(m, columns.len(), |i, j| columns[j][i]);
    from_faer(x.qr().thin_R())
}

/// Columns of an `m × k` matrix that depend linearly on the columns before them, by QR of the
/// columns scaled to length one: column `j` depends on its predecessors when `|r_jj| ≤ tolerance`.
pub fn rank_deficient(columns: &Array2<f64>, tolerance: f64) -> Vec<usize> {
    let mut kept: Vec<Array1<f64>> = Vec::new();
    let mut dependent = Vec::new();
    for (j, column) in columns.columns().into_iter().enumerate() {
        let length = column.dot(&column).sqrt();
        let unit = if length > 0.0 { &column / length } else { column.to_owned() };
        let rest = remainder(unit, &kept, |_, _| {});
        let left = rest.dot(&rest).sqrt();
        if left <= tolerance {
            dependent.push(j);
        } else {
            kept.push(rest / left);
        }
    }
    dependent
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_triangular_factor_keeps_lengths_and_angles_of_dependent_columns_too() {
        let columns = [[1.0, 2.0, 2.0, 0.5], [2.0, 4.0, 4.0, 1.0], [0.3, -1.0, 4.0, 7.0]];
        let r = triangular_factor(&columns.each_ref().map(<[f64; 4]>::as_slice));
        assert_eq!(r.dim(), (3, 3));
        let gram = r.t().dot(&r);
        for (i, a) in columns.iter().enumerate() {
            for (j, b) in columns.iter().enumerate() {
                let dot: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                assert!((gram[[i, j]] - dot).abs() < 1e-13 * dot.abs());
            }
        }
    }

    #[test]
    fn an_inverse_undoes_its_matrix() {
        let a = array![[4.0, 1.0], [1.0, 3.0]];
        for inverse in [inverse(&a, "a").unwrap(), inverse_spd(&a, "a").unwrap()] {
            let product = a.dot(&inverse);
            assert!((product - Array2::<f64>::eye(2)).iter().all(|v| v.abs() < 1e-14));
        }
    }

    #[test]
    fn a_triangle_times_its_transpose_is_the_matrix() {
        let a = array![[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]];
        let l = cholesky(&a, "a").unwrap();
        assert!((l.dot(&l.t()) - &a).iter().all(|v| v.abs() < 1e-14));
        assert!(l[[0, 1]].abs() < 1e-300 && cholesky(&-a, "a").is_err());
    }

    #[test]
    fn singular_matrices_are_refused() {
        let a = array![[1.0, 1.0], [1.0, 1.0]];
        assert!(inverse(&a, "a").is_err());
        assert!(inverse_spd(&a, "a").is_err());
    }

    #[test]
    fn the_later_of_two_collinear_columns_is_named() {
        let x = array![[1.0, 2.0, 3.0], [1.0, 3.0, 4.0], [1.0, 5.0, 6.0]];
        assert_eq!(rank_deficient(&x, 1e-10), [2]);
        assert!(rank_deficient(&x.slice(ndarray::s![.., ..2]).to_owned(), 1e-10).is_empty());
    }
}
