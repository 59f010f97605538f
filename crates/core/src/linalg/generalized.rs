//! Generalised inverses of moment matrices whose columns may depend on each other.

use ndarray::{Array1, Array2};

use super::inverse_spd;
use crate::Error;

/// A generalised inverse `A⁻` of a symmetric positive semidefinite `A` (`A·A⁻·A = A`).
#[derive(Debug, Clone, PartialEq)]
pub struct GeneralizedInverse {
    /// The inverse of the independent rows and columns, zero elsewhere; `n × n`.
    pub inverse: Array2<f64>,
    /// Columns that depend linearly on the columns before them, ascending.
    pub dependent: Vec<usize>,
}

/// Inverts the leading independent columns of a symmetric positive semidefinite `n × n` matrix.
///
/// Columns are taken in order after scaling the diagonal to one; column `j` counts as dependent on those
/// before it where its Cholesky pivot is at most `tolerance`. `what` names the matrix in the error.
///
/// # Errors
/// [`Error::Singular`] when the matrix holds a number that is not finite.
pub fn generalized_inverse(
    a: &Array2<f64>,
    tolerance: f64,
    what: &'static str,
) -> Result<GeneralizedInverse, Error> {
    let n = a.nrows();
    let scale: Array1<f64> =
        a.diag().mapv(|variance| if variance > 0.0 { 1.0 / variance.sqrt() } else { 0.0 });
    let scaled = Array2::from_shape_fn((n, n), |(i, j)| a[[i, j]] * scale[i] * scale[j]);
    if scaled.iter().any(|value| !value.is_finite()) {
        return Err(Error::Singular { what });
    }
    let (kept, dependent) = independent(&scaled, tolerance);
    let part = Array2::from_shape_fn((kept.len(), kept.len()), |(i, j)| scaled[[kept[i], kept[j]]]);
    let part = inverse_spd(&part, what)?;
    let mut inverse = Array2::zeros((n, n));
    for (i, &row) in kept.iter().enumerate() {
        for (j, &column) in kept.iter().enumerate() {
            inverse[[row, column]] =
                0.5 * (part[[i, j]] + part[[j, i]]) * scale[row] * scale[column];
        }
    }
    Ok(GeneralizedInverse { inverse, dependent })
}

/// Positions of the independent and of the dependent columns, by Cholesky in order.
fn independent(scaled: &Array2<f64>, tolerance: f64) -> (Vec<usize>, Vec<usize>) {
    let mut kept: Vec<usize> = Vec::new();
    let mut dependent = Vec::new();
    let mut factor: Vec<Vec<f64>> = Vec::new();
    for j in 0..scaled.nrows() {
        let mut row: Vec<f64> = Vec::with_capacity(kept.len() + 1);
        for (done, &i) in factor.iter().zip(&kept) {
            let at = row.len();
            let known: f64 = row.iter().zip(done).map(|(a, b)| a * b).sum();
            row.push((scaled[[j, i]] - known) / done[at]);
        }
        let pivot = scaled[[j, j]] - row.iter().map(|value| value * value).sum::<f64>();
        if pivot > tolerance {
            row.push(pivot.sqrt());
            factor.push(row);
            kept.push(j);
        } else {
            dependent.push(j);
        }
    }
    (kept, dependent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_regular_matrix_has_its_inverse() {
        let a = array![[4.0, 1.0], [1.0, 3.0]];
        let got = generalized_inverse(&a, 1e-12, "a").unwrap();
        assert!(got.dependent.is_empty());
        assert!((a.dot(&got.inverse) - Array2::<f64>::eye(2)).iter().all(|v| v.abs() < 1e-14));
    }

    #[test]
    fn the_later_of_two_proportional_columns_is_set_to_zero() {
        let x = array![[1.0, 2.0, 0.5], [3.0, 6.0, 0.1], [2.0, 4.0, 7.0]];
        let a = x.t().dot(&x);
        let got = generalized_inverse(&a, 1e-12, "a").unwrap();
        assert_eq!(got.dependent, [1]);
        let again = a.dot(&got.inverse).dot(&a);
        assert!((again - &a).iter().all(|v| v.abs() < 1e-11));
    }

    #[test]
    fn an_empty_column_depends_on_nothing_and_counts_as_dependent() {
        let a = array![[0.0, 0.0], [0.0, 2.0]];
        assert_eq!(generalized_inverse(&a, 1e-12, "a").unwrap().dependent, [0]);
    }
}
