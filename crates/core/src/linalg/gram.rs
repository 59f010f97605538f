//! Inner products of columns, and the triangular factor they determine.

use ndarray::Array2;

/// Rows whose products are summed before they are added to the whole: a handful of columns of so many stays in the cache,
/// and sums of sums err less than one long sum.
const ROWS: usize = 512;

/// Share of a column outside the span of its predecessors from which its row of the factor is known from inner products to
/// 13 digits: they err by rounding over the square of this share.
const APART: f64 = 0.04;

/// `x'y` for each of some `pairs` of `columns` of one length. A sum depends on its two columns alone, not on the others
/// asked for.
pub fn inner_products(columns: &[&[f64]], pairs: &[(usize, usize)]) -> Vec<f64> {
    let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    let mut sums = vec![0.0; pairs.len()];
    for from in (0..rows).step_by(ROWS) {
        let to = rows.min(from + ROWS);
        for (sum, &(i, j)) in sums.iter_mut().zip(pairs) {
            *sum += dot(&columns[i][from..to], &columns[j][from..to]);
        }
    }
    sums
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (heads, tails) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
    let rest: f64 = heads.remainder().iter().zip(tails.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in heads.zip(tails) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// R of `X = QR`, `p × p` upper triangular with a positive diagonal, from `X'X` by Cholesky (columns scaled to length
/// one): nothing where a column is so close to the span of its predecessors that squaring loses digits, and
/// [`triangular_factor`](super::triangular_factor) has to see X itself.
pub fn triangular_factor_from_products(gram: &Array2<f64>) -> Option<Array2<f64>> {
    let p = gram.nrows();
    let lengths: Vec<f64> = gram.diag().iter().map(|square| square.sqrt()).collect();
    let mut r = Array2::zeros((p, p));
    for j in 0..p {
        for i in 0..=j {
            let known: f64 = (0..i).map(|l| r[[l, i]] * r[[l, j]]).sum();
            let left = gram[[i, j]] / (lengths[i] * lengths[j]) - known;
            if i < j {
                r[[i, j]] = left / r[[i, i]];
            } else if left > APART * APART {
                r[[j, j]] = left.sqrt();
            } else {
                return None;
            }
        }
    }
    for ((_, j), entry) in r.indexed_iter_mut() {
        *entry *= lengths[j];
    }
    Some(r)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        linalg::triangular_factor,
        random::{Purpose, Stream},
    };

    /// Three columns of very different lengths, and one as close to the first as asked for.
    fn columns(closeness: f64) -> Vec<Vec<f64>> {
        let mut numbers = Stream::new(7, Purpose::Simulation, 0);
        let mut draw = |scale: f64| -> Vec<f64> {
            (0..1_300).map(|_| scale * (numbers.uniform() - 0.5)).collect()
        };
        let (x, y, z, e) = (draw(1.0), draw(1e6), draw(1e-5), draw(closeness));
        let near = x.iter().zip(e).map(|(x, e)| x + e).collect();
        vec![x, y, z, near]
    }

    fn gram(columns: &[&[f64]]) -> Array2<f64> {
        let p = columns.len();
        let pairs: Vec<_> = (0..p).flat_map(|i| (0..p).map(move |j| (i, j))).collect();
        Array2::from_shape_vec((p, p), inner_products(columns, &pairs)).unwrap()
    }

    #[test]
    fn columns_apart_have_the_factor_of_reflections_from_their_products_alone() {
        let columns = columns(0.1);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let r = triangular_factor_from_products(&gram(&columns)).unwrap();
        let by_reflections = triangular_factor(&columns);
        for i in 0..4 {
            let sign = by_reflections[[i, i]].signum();
            for j in 0..4 {
                let length = r.column(j).dot(&r.column(j)).sqrt();
                let off = (r[[i, j]] - sign * by_reflections[[i, j]]).abs() / length;
                assert!(off < 1e-13, "{i} {j}: {off:e}");
            }
        }
    }

    #[test]
    fn a_column_near_the_span_of_others_or_without_length_is_left_to_reflections() {
        let mut without_length = columns(0.1);
        without_length[1] = vec![0.0; without_length[0].len()];
        for columns in [columns(1e-3), without_length] {
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            assert!(triangular_factor_from_products(&gram(&columns)).is_none());
        }
    }

    #[test]
    fn a_product_does_not_depend_on_what_else_is_asked_for() {
        let columns = columns(0.1);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let alone = inner_products(&columns[2..], &[(0, 1)]);
        let among = inner_products(&columns, &[(0, 0), (2, 3), (1, 2)]);
        assert_eq!(alone[0].to_bits(), among[1].to_bits());
        let exact: f64 = columns[2].iter().zip(columns[3]).map(|(x, y)| x * y).sum();
        assert!((alone[0] - exact).abs() < 1e-13 * 1e-5 * 1_300.0);
    }
}
