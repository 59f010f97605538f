//! Least squares through an orthonormal basis of the regressors.

use ndarray::{Array1, Array2};

use super::gram_schmidt::remainder;
use crate::Error;

/// A column whose part outside the span of its predecessors is shorter than this, relative to the
/// column, counts as dependent on them.
const DEPENDENT: f64 = 1e-13;

/// The decomposition `X = QR` of an `m × k` matrix of full column rank, for several right-hand sides.
///
/// Working on `Q` instead of `X'X` keeps the digits that squaring the condition number would lose.
#[derive(Debug, Clone)]
pub struct LeastSquares {
    /// Orthonormal columns, `k` of length `m`.
    basis: Vec<Array1<f64>>,
    /// `R⁻¹`, `k × k`, upper triangular.
    r_inverse: Array2<f64>,
}

impl LeastSquares {
    /// Decomposes `x` by Gram–Schmidt, applied twice to each column.
    ///
    /// # Errors
    /// [`Error::Singular`] when a column depends linearly on the columns before it.
    pub fn new(x: &Array2<f64>) -> Result<Self, Error> {
        let k = x.ncols();
        let mut basis: Vec<Array1<f64>> = Vec::with_capacity(k);
        let mut r = Array2::zeros((k, k));
        for (j, column) in x.columns().into_iter().enumerate() {
            let length = column.dot(&column).sqrt();
            let rest = remainder(column.to_owned(), &basis, |i, along| r[[i, j]] += along);
            let left = rest.dot(&rest).sqrt();
            if left.is_nan() || left <= DEPENDENT * length {
                return Err(Error::Singular { what: "X'X" });
            }
            r[[j, j]] = left;
            basis.push(rest / left);
        }
        Ok(Self { basis, r_inverse: upper_inverse(&r) })
    }

    /// `(X'X)⁻¹X'y`, length `k`.
    pub fn coefficients(&self, y: &Array1<f64>) -> Array1<f64> {
        let projected: Array1<f64> = self.basis.iter().map(|q| q.dot(y)).collect();
        self.r_inverse.dot(&projected)
    }

    /// `y − X(X'X)⁻¹X'y`, length `m`.
    pub fn residuals(&self, y: &Array1<f64>) -> Array1<f64> {
        let mut rest = y.to_owned();
        for _ in 0..2 {
            for direction in &self.basis {
                let along = direction.dot(&rest);
                rest.scaled_add(-along, direction);
            }
        }
        rest
    }

    /// `(X'X)⁻¹ = R⁻¹R⁻ᵀ`, `k × k`.
    pub fn gram_inverse(&self) -> Array2<f64> {
        self.r_inverse.dot(&self.r_inverse.t())
    }
}

fn upper_inverse(r: &Array2<f64>) -> Array2<f64> {
    let k = r.nrows();
    let mut inverse = Array2::zeros((k, k));
    for j in 0..k {
        inverse[[j, j]] = 1.0 / r[[j, j]];
        for i in (0..j).rev() {
            let known: f64 = (i + 1..=j).map(|l| r[[i, l]] * inverse[[l, j]]).sum();
            inverse[[i, j]] = -known / r[[i, i]];
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_line_through_three_points_has_the_textbook_slope_and_residuals() {
        let x = array![[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
        let y = array![1.0, 2.0, 4.0];
        let line = LeastSquares::new(&x).unwrap();
        let expected = [-2.0 / 3.0, 1.5];
        for (b, expected) in line.coefficients(&y).iter().zip(expected) {
            assert!((b - expected).abs() < 1e-14);
        }
        let residuals = [1.0 / 6.0, -1.0 / 3.0, 1.0 / 6.0];
        for (e, expected) in line.residuals(&y).iter().zip(residuals) {
            assert!((e - expected).abs() < 1e-14);
        }
        let gram = x.t().dot(&x).dot(&line.gram_inverse());
        assert!((gram - Array2::<f64>::eye(2)).iter().all(|v| v.abs() < 1e-13));
    }

    #[test]
    fn a_near_collinear_pair_keeps_half_its_digits_where_normal_equations_keep_none() {
        let tiny = 1e-8;
        let x = array![[1.0, 1.0], [1.0, 1.0 + tiny], [1.0, 1.0 - tiny]];
        let y = x.dot(&array![1.0, 2.0]);
        let b = LeastSquares::new(&x).unwrap().coefficients(&y);
        assert!((b[0] - 1.0).abs() < 1e-6 && (b[1] - 2.0).abs() < 1e-6, "{b}");
    }

    #[test]
    fn a_dependent_column_is_refused() {
        let x = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]];
        assert!(LeastSquares::new(&x).is_err());
    }
}
