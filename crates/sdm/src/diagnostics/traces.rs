//! Traces over W that need no inverse.

use durbin_weights::Weights;

/// `tr W`, `tr WW` and `tr WW'`; or of `QWQ` with `Q` taking out the mean over units, which is what `F'WF` has with
/// F an orthonormal basis of the space orthogonal to `1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Traces {
    pub own: f64,
    pub squared: f64,
    pub crossed: f64,
}

impl Traces {
    pub(crate) fn new(w: &Weights, centred: bool) -> Self {
        let n = w.n_units();
        let (mut own, mut squared, mut crossed) = (0.0, 0.0, 0.0);
        let (rows, columns) = sums(w);
        for i in 0..n {
            let (neighbours, values) = w.row(i);
            for (&j, &value) in neighbours.iter().zip(values) {
                let j = j as usize;
                if i == j {
                    own += value;
                }
                squared += value * w.get(j, i);
                crossed += value * value;
            }
        }
        if centred {
            let units = n as f64;
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let all: f64 = rows.iter().sum();
            let corner = (all / units).powi(2);
            own -= all / units;
            squared += corner - 2.0 * dot(&columns, &rows) / units;
            crossed += corner - (dot(&rows, &rows) + dot(&columns, &columns)) / units;
        }
        Self { own, squared, crossed }
    }

    /// `tr(WW + WW')`.
    pub(crate) fn both(self) -> f64 {
        self.squared + self.crossed
    }
}

/// Row and column sums of W.
pub(crate) fn sums(w: &Weights) -> (Vec<f64>, Vec<f64>) {
    let n = w.n_units();
    let (mut rows, mut columns) = (vec![0.0; n], vec![0.0; n]);
    for (i, row) in rows.iter_mut().enumerate() {
        let (neighbours, values) = w.row(i);
        for (&j, &value) in neighbours.iter().zip(values) {
            *row += value;
            columns[j as usize] += value;
        }
    }
    (rows, columns)
}

/// Whether every row sums to one.
pub(crate) fn row_standardised(w: &Weights) -> bool {
    sums(w).0.iter().all(|sum| (sum - 1.0).abs() <= 1e-8)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn centred_traces_are_those_of_the_centred_matrix() {
        let rows = vec![
            vec![(1, 0.3), (2, 0.7)],
            vec![(0, 2.0), (3, 1.0)],
            vec![(3, 0.5)],
            vec![(0, 0.2), (1, 1.1)],
        ];
        let w = Weights::from_rows((0..4).map(|i| i.to_string()).collect(), rows, "test");
        let dense = Array2::from_shape_fn((4, 4), |(i, j)| w.get(i, j));
        let q = Array2::eye(4) - 0.25;
        let a = q.dot(&dense).dot(&q);
        for (centred, m) in [(false, dense), (true, a)] {
            let traces = Traces::new(&w, centred);
            assert!((traces.own - m.diag().sum()).abs() < 1e-14);
            assert!((traces.squared - m.dot(&m).diag().sum()).abs() < 1e-14);
            assert!((traces.crossed - m.dot(&m.t()).diag().sum()).abs() < 1e-14);
        }
    }
}
