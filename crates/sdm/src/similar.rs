//! Symmetric matrices with the eigenvalues of W.

use durbin_weights::Weights;
use ndarray::Array2;

/// Agreement of two paths to the same scale: far above the rounding a path of thousands of links
/// gathers, far below any real asymmetry.
const SAME: f64 = 1e-10;

/// A symmetric matrix similar to W, if there is one of the form `D^½ W D^-½` with a positive diagonal
/// `D`: `d_i w_ij = d_j w_ji` for all links (Ord 1975). Row-standardising any symmetric matrix
/// leads there, and so does a symmetric W itself.
///
/// Its entries are `√(w_ij w_ji)`, whatever `D` is; `D` is built along the links only to see
/// whether it exists.
pub(crate) fn symmetric(w: &Weights) -> Option<Array2<f64>> {
    let n = w.n_units();
    let mut scale = vec![f64::NAN; n];
    let mut similar = Array2::zeros((n, n));
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
                similar[[i, j]] = (forth * back).sqrt();
            }
        }
    }
    Some(similar)
}

#[cfg(test)]
mod tests {
    use super::*;
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
