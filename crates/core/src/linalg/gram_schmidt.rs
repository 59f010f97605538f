//! Orthogonalisation.

use ndarray::{Array1, Array2};

/// Share of a column outside the span of its predecessors below which nothing but rounding is left.
const ROUNDING: f64 = 1e-13;

/// `X = QR` of `p` columns of length `m` and rank `r`: Q `m × r` with orthonormal columns, R `r × p`. A column
/// that its predecessors span adds no direction, so that the rank may fall short of `p`.
pub fn orthonormal(columns: &[Array1<f64>]) -> (Array2<f64>, Array2<f64>) {
    let m = columns.first().map_or(0, Array1::len);
    let mut basis: Vec<Array1<f64>> = Vec::new();
    let mut r = Array2::zeros((columns.len(), columns.len()));
    for (j, column) in columns.iter().enumerate() {
        let length = column.dot(column).sqrt();
        let rest = remainder(column.clone(), &basis, |i, along| r[[i, j]] += along);
        let left = rest.dot(&rest).sqrt();
        if left > ROUNDING * length {
            r[[basis.len(), j]] = left;
            // Of a short remainder rounding is a larger part: once more at its own length.
            let direction = remainder(rest / left, &basis, |_, _| {});
            let length = direction.dot(&direction).sqrt();
            basis.push(direction / length);
        }
    }
    let q = Array2::from_shape_fn((m, basis.len()), |(i, j)| basis[j][i]);
    (q, r.slice(ndarray::s![..basis.len(), ..]).to_owned())
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn columns_come_back_from_an_orthonormal_basis_of_their_rank() {
        let columns = [
            array![1.0, 1.0, 1.0, 1.0],
            array![2.0, 2.0, 2.0, 2.0],
            array![1.0, 1.0, 1.0, 1.0 + 1e-9],
            array![0.3, -1.0, 4.0, 7.0],
        ];
        let (q, r) = orthonormal(&columns);
        assert_eq!((q.dim(), r.dim()), ((4, 3), (3, 4)));
        let off = q.t().dot(&q) - Array2::<f64>::eye(3);
        assert!(off.iter().all(|off| off.abs() < 1e-14), "{off}");
        let back = q.dot(&r);
        for (j, column) in columns.iter().enumerate() {
            assert!((&back.column(j) - column).iter().all(|off| off.abs() < 1e-14));
        }
    }
}
