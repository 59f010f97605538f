//! Symmetric matrices with the eigenvalues of W.

use durbin_core::linalg::sparse::SparseMatrix;
use durbin_weights::Weights;

/// Agreement of two paths to the same scale: far above the rounding a path of thousands of links
/// gathers, far below any real asymmetry.
const SAME: f64 = 1e-10;

/// `V = D^½ W D^-½`, symmetric, with the eigenvalues of W.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Similar {
    /// V: its entries are `√(w_ij w_ji)`.
    pub matrix: SparseMatrix,
    /// The diagonal of D, positive.
    pub scale: Vec<f64>,
}

/// A symmetric matrix similar to W, if there is one of the form `D^½ W D^-½` with a positive diagonal
/// `D`: `d_i w_ij = d_j w_ji` for all links (Ord 1975). Row-standardising any symmetric matrix
/// leads there, and so does a symmetric W itself.
pub(crate) fn symmetric(w: &Weights) -> Option<Similar> {
    let n = w.n_units();
    let mut scale = vec![f64::NAN; n];
    for root in 0..n {
        if !scale[root].is_nan() {
            continue;
        }
        scale[root] = 1.0;
        let mut reached = vec![root];
        while let Some(i) = reached.pop() {
            let (columns, values) = w.row(i);
            for (&j, &forth) in columns.iter().zip(values) {
                let j = j as usize;
                let back = w.get(j, i);
                if forth == 0.0 && back == 0.0 {
                    continue;
                }
                if !(forth > 0.0 && back > 0.0) {
                    return None;
                }
                let implied = scale[i] * forth / back;
                if scale[j].is_nan() {
                    scale[j] = implied;
                    reached.push(j);
                } else if (implied / scale[j] - 1.0).abs() > SAME {
                    return None;
                }
            }
        }
    }
    let matrix = sparse(w, |i, j, forth| (forth * w.get(j, i)).sqrt());
    Some(Similar { matrix, scale })
}

/// The links of W with other values.
pub(crate) fn sparse(w: &Weights, value: impl Fn(usize, usize, f64) -> f64) -> SparseMatrix {
    let (mut offsets, mut columns, mut values) =
        (vec![0], Vec::with_capacity(w.n_links()), Vec::with_capacity(w.n_links()));
    for i in 0..w.n_units() {
        let (js, ws) = w.row(i);
        columns.extend_from_slice(js);
        values.extend(js.iter().zip(ws).map(|(&j, &w)| value(i, j as usize, w)));
        offsets.push(columns.len());
    }
    SparseMatrix::new(offsets, columns, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logdet::dense_of as dense;
    use durbin_weights::Transform;

    fn weights(rows: Vec<Vec<(u32, f64)>>) -> Weights {
        let ids = (0..rows.len()).map(|i| i.to_string()).collect();
        Weights::from_rows(ids, rows, "test")
    }

    #[test]
    fn row_standardised_symmetric_weights_have_a_symmetric_twin() {
        let distances = weights(vec![
            vec![(1, 0.5), (2, 2.0)],
            vec![(0, 0.5), (2, 1.0)],
            vec![(0, 2.0), (1, 1.0)],
        ]);
        let twin = symmetric(&distances.transform(Transform::Row).unwrap()).unwrap();
        let twin = dense(&twin.matrix);
        assert!((&twin - &twin.t()).iter().all(|v| v.abs() < 1e-15));
        assert!((twin[[0, 1]] - (0.2_f64 / 3.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn one_way_links_and_inconsistent_cycles_have_none() {
        let one_way = weights(vec![vec![(1, 1.0)], vec![(2, 1.0)], vec![(0, 1.0)]]);
        assert_eq!(symmetric(&one_way), None);
        let lopsided = weights(vec![
            vec![(1, 0.9), (2, 0.1)],
            vec![(0, 0.5), (2, 0.5)],
            vec![(0, 0.5), (1, 0.5)],
        ]);
        assert_eq!(symmetric(&lopsided), None);
    }
}
