//! How the log-determinant is found.

use crate::named::named;

/// The method of `ln|I − ρW|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogDeterminant {
    /// Eigenvalues of few units, a sparse factorisation of more, and a stochastic method where the factor
    /// would not fit.
    #[default]
    Auto,
    /// All eigenvalues of W: exact, by dense matrices.
    Eigen,
    /// Sparse factorisations at Chebyshev nodes of ρ: exact to about 1e-10 of the value.
    Sparse,
    /// Stochastic Lanczos quadrature: with a standard error.
    Lanczos,
}

named!(LogDeterminant, "log-determinant", {
    Auto => "auto",
    Eigen => "eigen",
    Sparse => "sparse",
    Lanczos => "lanczos",
}, later: []);
