//! Orthogonalisation.

use ndarray::Array1;

/// What is left of `column` beside the orthonormal `basis`; `along` is told each part removed, by the
/// position of its direction.
pub(super) fn remainder(
    mut column: Array1<f64>,
    basis: &[Array1<f64>],
    mut along: impl FnMut(usize, f64),
) -> Array1<f64> {
    // Twice is enough: the second pass removes what rounding left of the first.
    for _ in 0..2 {
        for (i, direction) in basis.iter().enumerate() {
            let part = direction.dot(&column);
            column.scaled_add(-part, direction);
            along(i, part);
        }
    }
    column
}
