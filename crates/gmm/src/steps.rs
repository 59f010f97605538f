//! Coefficients under a weighting matrix: given, from the residuals of a step before, or in the end from their own.

use durbin_core::linalg::generalized_inverse;
use ndarray::{Array1, Array2};

use crate::{Error, Steps};

/// Relative pivot below which an instrument counts as dependent on those before it.
pub(crate) const DEPENDENT: f64 = 1e-12;
/// Iterated GMM stops when no coefficient moves by more than this, relative to its size.
const SETTLED: f64 = 1e-10;
const MOST_ITERATIONS: usize = 500;

/// Coefficients under one weighting matrix A.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub b: Array1<f64>,
    /// `(X'Z·A·Z'X)⁻¹`, `k × k`.
    pub v: Array2<f64>,
    /// `(X'Z·A·Z'X)⁻¹X'Z·A`, `k × l`.
    pub projection: Array2<f64>,
}

pub(crate) fn solve(zx: &Array2<f64>, zy: &Array1<f64>, a: &Array2<f64>) -> Result<Step, Error> {
    let xza = zx.t().dot(a);
    let inner = xza.dot(zx);
    // Scaled, so that the units of the regressors do not decide what is singular.
    let scale = inner.diag().mapv(|v| if v > 0.0 { 1.0 / v.sqrt() } else { 0.0 });
    let k = scale.len();
    let scaled = Array2::from_shape_fn((k, k), |(i, j)| inner[[i, j]] * scale[i] * scale[j]);
    let solved = generalized_inverse(&scaled, DEPENDENT, "X'ZAZ'X")?;
    if !solved.dependent.is_empty() {
        return Err(Error::NotIdentified);
    }
    let v = Array2::from_shape_fn((k, k), |(i, j)| solved.inverse[[i, j]] * scale[i] * scale[j]);
    let projection = v.dot(&xza);
    Ok(Step { b: projection.dot(zy), v, projection })
}

/// Coefficients under a weighting matrix that comes from residuals.
pub(crate) struct Weighted {
    pub step: Step,
    /// The coefficients whose residuals the matrix comes from.
    pub before: Array1<f64>,
    /// The matrix, `(Σ gg')⁻¹`, and what it is the inverse of.
    pub a: Array2<f64>,
    pub outer: Array2<f64>,
    /// How many instruments depend on others in the first `Σ gg'`.
    pub dependent: usize,
    /// Matrices computed.
    pub iterations: usize,
}

impl Weighted {
    /// How far a coefficient moved at most, relative to its size.
    fn change(&self) -> f64 {
        let pairs = self.step.b.iter().zip(&self.before);
        pairs.map(|(a, b)| (a - b).abs() / (1.0 + a.abs())).fold(0.0, f64::max)
    }
}

/// The second step and, where asked for, as many more as it takes: from coefficients and their `Σ gg'`, and what `outer` says it is at
/// others.
pub(crate) fn weighted(
    steps: Steps,
    (zx, zy): (&Array2<f64>, &Array1<f64>),
    (first, at_first): (&Array1<f64>, Array2<f64>),
    outer: impl Fn(&Array1<f64>) -> Array2<f64>,
) -> Result<Weighted, Error> {
    let step = |before: Array1<f64>, outer: Array2<f64>, iterations| {
        let second = generalized_inverse(&outer, DEPENDENT, "Z'ee'Z")?;
        let step = solve(zx, zy, &second.inverse)?;
        let (a, dependent) = (second.inverse, second.dependent.len());
        Ok::<_, Error>(Weighted { step, before, a, outer, dependent, iterations })
    };
    let mut now = step(first.clone(), at_first, 1)?;
    let dependent = now.dependent;
    while steps == Steps::Iterated && now.change() >= SETTLED {
        let iterations = now.iterations;
        if iterations >= MOST_ITERATIONS {
            return Err(Error::NotConverged { iterations, change: now.change() });
        }
        let at = outer(&now.step.b);
        now = step(now.step.b, at, iterations + 1)?;
    }
    Ok(Weighted { dependent, ..now })
}
