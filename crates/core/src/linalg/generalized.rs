//! Generalised inverses of moment matrices whose columns may depend on each other.

use ndarray::{Array1, Array2, s};

use super::pseudo_inverse;
use crate::Error;

/// A generalised inverse `A⁻` of a symmetric positive semidefinite `A` (`A·A⁻·A = A`).
#[derive(Debug, Clone, PartialEq)]
pub struct GeneralizedInverse {
    /// The inverse; of a singular matrix the Moore–Penrose inverse after scaling the diagonal to one; `n × n`.
    pub inverse: Array2<f64>,
    /// Columns that depend linearly on the columns before them, ascending.
    pub dependent: Vec<usize>,
}

/// Inverts a symmetric positive semidefinite `n × n` matrix and says which of its columns are dependent.
///
/// Columns are taken in order after scaling the diagonal to one; column `j` counts as dependent on those
/// before it where its Cholesky pivot is at most `tolerance`. `what` names the matrix in the error.
///
/// # Errors
/// [`Error::Singular`] when the matrix holds a number that is not finite; [`Error::NoConvergence`].
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
    let Factor { rows, dependent, .. } = Factor::new(&scaled, tolerance);
    if !dependent.is_empty() {
        let pseudo = pseudo_inverse(&scaled, tolerance)?;
        let inverse = Array2::from_shape_fn((n, n), |(i, j)| pseudo[[i, j]] * scale[i] * scale[j]);
        return Ok(GeneralizedInverse { inverse, dependent });
    }
    let part = inverse_of(&rows);
    let inverse = Array2::from_shape_fn((n, n), |(i, j)| part[[i, j]] * scale[i] * scale[j]);
    Ok(GeneralizedInverse { inverse, dependent })
}

/// The Cholesky factor of the independent columns, taken in order; row `i` has `i + 1` entries.
struct Factor {
    rows: Vec<Vec<f64>>,
    kept: Vec<usize>,
    dependent: Vec<usize>,
}

impl Factor {
    fn new(scaled: &Array2<f64>, tolerance: f64) -> Self {
        let mut own = Self { rows: Vec::new(), kept: Vec::new(), dependent: Vec::new() };
        for j in 0..scaled.nrows() {
            let mut row: Vec<f64> = Vec::with_capacity(own.kept.len() + 1);
            for (done, &i) in own.rows.iter().zip(&own.kept) {
                let at = row.len();
                let known: f64 = row.iter().zip(done).map(|(a, b)| a * b).sum();
                row.push((scaled[[j, i]] - known) / done[at]);
            }
            let pivot = scaled[[j, j]] - row.iter().map(|value| value * value).sum::<f64>();
            if pivot > tolerance {
                row.push(pivot.sqrt());
                own.rows.push(row);
                own.kept.push(j);
            } else {
                own.dependent.push(j);
            }
        }
        own
    }
}

/// `(LL')⁻¹ = L⁻'L⁻¹`.
fn inverse_of(factor: &[Vec<f64>]) -> Array2<f64> {
    let n = factor.len();
    let mut inverse = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for k in 0..i {
            let known = factor[i][k] / factor[i][i];
            if known != 0.0 {
                let (above, mut row) = inverse.multi_slice_mut((s![k, ..=k], s![i, ..=k]));
                row.scaled_add(-known, &above);
            }
        }
        inverse[[i, i]] = 1.0 / factor[i][i];
    }
    inverse.t().dot(&inverse)
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
    fn the_later_of_two_proportional_columns_is_named_and_the_inverse_still_inverts() {
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
