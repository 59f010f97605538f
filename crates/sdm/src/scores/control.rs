//! Means over random vectors, steadied by what is known exactly.

use durbin_core::linalg::{LeastSquares, rank_deficient};
use ndarray::{Array1, Array2, Axis, s};

use crate::Error;

/// Share of a control outside the span of those before below which it adds nothing.
const DEPENDENT: f64 = 1e-8;

/// Numbers of a matrix, and their standard errors: zero where they are exact.
#[derive(Debug, Clone)]
pub(crate) struct Estimated {
    pub value: Array2<f64>,
    pub error: Array2<f64>,
}

impl Estimated {
    pub(crate) fn exact(value: Array2<f64>) -> Self {
        Self { error: Array2::zeros(value.raw_dim()), value }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self { value: &self.value + &other.value, error: &self.error + &other.error }
    }
}

/// One number for each probe, and others of the same probes whose means are known.
pub(super) struct Controlled {
    /// A column of ones, and each control less its mean, probes × (1 + controls).
    columns: Array2<f64>,
}

impl Controlled {
    /// From controls, probes × c, and their means.
    pub(super) fn new(controls: &Array2<f64>, means: &[f64]) -> Self {
        let (m, c) = controls.dim();
        let mut columns = Array2::ones((m, c + 1));
        for (at, mean) in means.iter().enumerate() {
            columns.column_mut(at + 1).assign(&(&controls.column(at) - *mean));
        }
        let dependent = rank_deficient(&columns, DEPENDENT);
        let kept: Vec<usize> = (0..=c).filter(|at| !dependent.contains(at)).collect();
        Self { columns: columns.select(Axis(1), &kept) }
    }

    /// The mean of `values` and its standard error: the constant of their regression on the controls (Lavenberg & Welch 1981).
    pub(super) fn mean(&self, values: &Array1<f64>) -> Result<(f64, f64), Error> {
        let (m, c) = self.columns.dim();
        let regression = LeastSquares::new(&self.columns)?;
        let rest = regression.residuals(values);
        let variance = rest.dot(&rest) / (m - c) as f64;
        let spread = regression.gram_inverse()[[0, 0]];
        Ok((regression.coefficients(values)[0], (variance * spread).sqrt()))
    }
}

/// `½(A'B + B'A)`, p × p, on average `U'U` where A and B, n × p, are U with independent errors; and its standard error, by the size
/// of `½(A − B)`.
pub(super) fn crossed(first: &Array2<f64>, second: &Array2<f64>) -> Estimated {
    let product = first.t().dot(second);
    let value = (&product + &product.t()) * 0.5;
    let mean = (first + second) * 0.5;
    let noise = (first - second) * 0.5;
    let (squares, noise) = (mean.mapv(|v| v * v), noise.mapv(|v| v * v));
    let both = squares.t().dot(&noise);
    Estimated { value, error: (&both + &both.t()).mapv(f64::sqrt) }
}

/// Largest share of a standard error by which errors of the information and of the middle of a sandwich may move it, two of
/// their standard errors taken together: with `V` the inverse information, `C = VΩV` and `|·|` entry by entry,
/// `dC = |V|·dΩ·|V| + 2|V|·dI·|C|`, and without a middle `dC = |V|·dI·|V|`. None where all is exact.
pub(crate) fn share(
    bread: &Array2<f64>,
    covariance: &Array2<f64>,
    information: &Array2<f64>,
    meat: Option<&Array2<f64>>,
) -> Option<f64> {
    let exact = |error: &Array2<f64>| error.iter().all(|e| *e == 0.0);
    if exact(information) && meat.is_none_or(exact) {
        return None;
    }
    let (v, c) = (bread.mapv(f64::abs), covariance.mapv(f64::abs));
    let moved = match meat {
        None => v.dot(information).dot(&v),
        Some(meat) => v.dot(meat).dot(&v) + v.dot(information).dot(&c) * 2.0,
    };
    // Two standard errors of a variance are one of its root, relative to each.
    Some(moved.diag().iter().zip(c.diag()).map(|(d, c)| d / c).fold(0.0, f64::max))
}

/// The `q × q` numbers by form in the places of a `p × p` matrix.
pub(super) fn placed(small: &Estimated, at: &[usize], p: usize) -> Estimated {
    let mut all = Estimated::exact(Array2::zeros((p, p)));
    for (a, &row) in at.iter().enumerate() {
        for (b, &column) in at.iter().enumerate() {
            all.value[[row, column]] = small.value[[a, b]];
            all.error[[row, column]] = small.error[[a, b]];
        }
    }
    all
}

/// The means of the columns of `values`, probes × q(q + 1)/2 in the order of [`pairs`], as a symmetric matrix.
pub(super) fn symmetric_means(
    values: &Array2<f64>,
    q: usize,
    controlled: &Controlled,
) -> Result<Estimated, Error> {
    let mut all = Estimated::exact(Array2::zeros((q, q)));
    for (at, (a, b)) in pairs(q).into_iter().enumerate() {
        let (value, error) = controlled.mean(&values.slice(s![.., at]).to_owned())?;
        for place in [[a, b], [b, a]] {
            all.value[place] = value;
            all.error[place] = error;
        }
    }
    Ok(all)
}

/// `(a, b)` with `a ≤ b < q`.
pub(super) fn pairs(q: usize) -> Vec<(usize, usize)> {
    (0..q).flat_map(|a| (a..q).map(move |b| (a, b))).collect()
}
