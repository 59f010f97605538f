//! Eigenvalues of dense matrices.

use faer::Side;
use ndarray::Array2;

use super::to_faer;
use crate::Error;

/// Eigenvalues of a symmetric `n × n` matrix, ascending. Only the lower triangle is read.
///
/// # Errors
/// [`Error::NoConvergence`].
pub fn symmetric_eigenvalues(a: &Array2<f64>) -> Result<Vec<f64>, Error> {
    to_faer(a)
        .self_adjoint_eigenvalues(Side::Lower)
        .map_err(|_| Error::NoConvergence { what: "symmetric eigenvalue decomposition" })
}

/// The Moore–Penrose inverse of a symmetric positive semidefinite `n × n` matrix: eigenvalues up to `tolerance`
/// times the largest count as zero. Only the lower triangle is read.
///
/// # Errors
/// [`Error::NoConvergence`].
pub fn pseudo_inverse(a: &Array2<f64>, tolerance: f64) -> Result<Array2<f64>, Error> {
    let decomposed = to_faer(a)
        .self_adjoint_eigen(Side::Lower)
        .map_err(|_| Error::NoConvergence { what: "symmetric eigenvalue decomposition" })?;
    let (vectors, values) = (decomposed.U(), decomposed.S());
    let n = a.nrows();
    let largest = (0..n).map(|i| values[i]).fold(0.0, f64::max);
    let kept: Vec<usize> = (0..n).filter(|&i| values[i] > tolerance * largest).collect();
    let half = Array2::from_shape_fn((n, kept.len()), |(i, j)| {
        vectors[(i, kept[j])] / values[kept[j]].sqrt()
    });
    Ok(half.dot(&half.t()))
}

/// `V|D|⁻¹V'` of a symmetric `n × n` matrix `A = VDV'`: its inverse where it is positive definite, and positive definite in
/// any case. Eigenvalues below `floor` times the largest, in modulus, count as that. Only the lower triangle is read.
///
/// # Errors
/// [`Error::NoConvergence`], of a matrix of zeros too.
pub fn inverse_of_modulus(a: &Array2<f64>, floor: f64) -> Result<Array2<f64>, Error> {
    let no = || Error::NoConvergence { what: "symmetric eigenvalue decomposition" };
    let decomposed = to_faer(a).self_adjoint_eigen(Side::Lower).map_err(|_| no())?;
    let (vectors, values) = (decomposed.U(), decomposed.S());
    let n = a.nrows();
    let largest = (0..n).map(|i| values[i].abs()).fold(0.0, f64::max);
    if !(largest > 0.0 && largest.is_finite()) {
        return Err(no());
    }
    let half = Array2::from_shape_fn((n, n), |(i, j)| {
        vectors[(i, j)] / values[j].abs().max(floor * largest).sqrt()
    });
    Ok(half.dot(&half.t()))
}

/// Eigenvalues of a general `n × n` matrix as pairs (real part, imaginary part).
///
/// # Errors
/// [`Error::NoConvergence`].
pub fn eigenvalues(a: &Array2<f64>) -> Result<Vec<(f64, f64)>, Error> {
    let values = to_faer(a)
        .eigenvalues()
        .map_err(|_| Error::NoConvergence { what: "eigenvalue decomposition" })?;
    Ok(values.into_iter().map(|value| (value.re, value.im)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_path_of_three_has_eigenvalues_minus_and_plus_root_two_and_zero() {
        let path = array![[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]];
        let values = symmetric_eigenvalues(&path).unwrap();
        for (value, expected) in values.iter().zip([-(2.0_f64.sqrt()), 0.0, 2.0_f64.sqrt()]) {
            assert!((value - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn the_inverse_of_the_modulus_is_the_inverse_of_what_is_positive_definite_and_turns_negative_directions()
     {
        let positive = array![[2.0, 1.0], [1.0, 2.0]];
        let found = inverse_of_modulus(&positive, 1e-6).unwrap();
        let expected = array![[2.0, -1.0], [-1.0, 2.0]] / 3.0;
        assert!((&found - &expected).iter().all(|off| off.abs() < 1e-15));
        // Eigenvalues 4 along (1, 1) and −2 along (1, −1).
        let saddle = array![[1.0, 3.0], [3.0, 1.0]];
        let found = inverse_of_modulus(&saddle, 1e-6).unwrap();
        let expected = array![[0.375, -0.125], [-0.125, 0.375]];
        assert!((&found - &expected).iter().all(|off| off.abs() < 1e-15));
        assert!(inverse_of_modulus(&array![[0.0, 0.0], [0.0, 0.0]], 1e-6).is_err());
    }

    #[test]
    fn a_rotation_has_imaginary_eigenvalues() {
        let values = eigenvalues(&array![[0.0, -1.0], [1.0, 0.0]]).unwrap();
        assert!(values.iter().all(|(re, im)| re.abs() < 1e-14 && (im.abs() - 1.0).abs() < 1e-14));
    }
}
