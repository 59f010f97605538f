//! Linear algebra: dense on `ndarray` matrices, sparse in [`sparse`]. The library underneath stays inside this folder.

mod eigen;
mod generalized;
mod gram;
mod gram_schmidt;
mod lanczos;
mod least_squares;
mod solve;
pub mod sparse;

pub use eigen::{eigenvalues, inverse_of_modulus, pseudo_inverse, symmetric_eigenvalues};
pub use generalized::{GeneralizedInverse, generalized_inverse};
pub use gram::{inner_products, triangular_factor_from_products};
pub use gram_schmidt::orthonormal;
pub use lanczos::{symmetric_extremes, symmetric_quadrature, symmetric_spectral_radius};
pub use least_squares::LeastSquares;
pub use solve::{cholesky, inverse, inverse_spd, rank_deficient, triangular_factor};

use faer::Mat;
use ndarray::Array2;

fn to_faer(a: &Array2<f64>) -> Mat<f64> {
    Mat::from_fn(a.nrows(), a.ncols(), |i, j| a[[i, j]])
}

fn from_faer(a: faer::MatRef<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), a.ncols()), |(i, j)| a[(i, j)])
}
