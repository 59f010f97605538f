//! The spectrum of a large sparse symmetric matrix: its ends, and quadrature over it.

use faer::{Mat, Side};

use crate::Error;

/// Steps between two looks at the largest eigenvalue.
const STRIDE: usize = 50;
const STEPS: usize = 20_000;
/// Relative change over one stride at which it has settled.
const SETTLED: f64 = 1e-14;

/// The largest modulus of an eigenvalue of a symmetric `n × n` matrix A whose product `A·x` is `multiply(x)`.
///
/// By the three-term recurrence of Lanczos (1950) without reorthogonalisation: rounding adds copies of
/// eigenvalues already found and does not move the extreme ones (Paige 1980). The start is positive, so
/// that for a non-negative matrix it has a part in the Perron vector of every component. Entries should be
/// of the order of one. Relative error about 1e-12; a product per step, some hundreds to thousands of steps.
///
/// # Errors
/// [`Error::NoConvergence`] after 20,000 steps.
pub fn symmetric_spectral_radius(
    n: usize,
    multiply: impl Fn(&[f64]) -> Vec<f64>,
) -> Result<f64, Error> {
    let mut run = Recurrence::new(golden(n));
    let mut radius = 0.0;
    for step in 1..=STEPS {
        let exhausted = run.step(&multiply, radius);
        if exhausted || step % STRIDE == 0 {
            let found = tridiagonal_radius(&run.diagonal, &run.beside);
            if exhausted || (found - radius).abs() <= SETTLED * found {
                return Ok(found);
            }
            radius = found;
        }
    }
    Err(Error::NoConvergence { what: "largest eigenvalue" })
}

/// The smallest and the largest eigenvalue, as [`symmetric_spectral_radius`] finds the largest modulus: both
/// from inside, until a stride of 50 steps moves neither by more than `settled` of the larger modulus.
///
/// # Errors
/// [`Error::NoConvergence`] after 20,000 steps.
pub fn symmetric_extremes(
    n: usize,
    settled: f64,
    multiply: impl Fn(&[f64]) -> Vec<f64>,
) -> Result<(f64, f64), Error> {
    let mut run = Recurrence::new(golden(n));
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for step in 1..=STEPS {
        let exhausted = run.step(&multiply, high.max(-low));
        if exhausted || step % STRIDE == 0 {
            let negated: Vec<f64> = run.diagonal.iter().map(|d| -d).collect();
            let found = (-largest(&negated, &run.beside), largest(&run.diagonal, &run.beside));
            let moved = (found.0 - low).abs().max((found.1 - high).abs());
            (low, high) = found;
            if exhausted || moved <= settled * high.max(-low) {
                return Ok(found);
            }
        }
    }
    Err(Error::NoConvergence { what: "extreme eigenvalues" })
}

/// Nodes θ and weights τ with `z'f(A)z ≈ Σ τ_k f(θ_k)`, by at most `steps` steps from `z` (Golub & Meurant
/// 2010; Bai, Fahey & Golub 1996). Exact for polynomials of degree `2·steps − 1`.
///
/// # Errors
/// [`Error::NoConvergence`].
pub fn symmetric_quadrature(
    z: Vec<f64>,
    steps: usize,
    multiply: impl Fn(&[f64]) -> Vec<f64>,
) -> Result<Vec<(f64, f64)>, Error> {
    let squared: f64 = z.iter().map(|z| z * z).sum();
    let mut run = Recurrence::new(z);
    for _ in 0..steps {
        if run.step(&multiply, 0.0) {
            break;
        }
    }
    let m = run.diagonal.len();
    let tridiagonal = Mat::from_fn(m, m, |i, j| match i.abs_diff(j) {
        0 => run.diagonal[i],
        1 => run.beside[i.min(j)],
        _ => 0.0,
    });
    let decomposed = tridiagonal
        .self_adjoint_eigen(Side::Lower)
        .map_err(|_| Error::NoConvergence { what: "symmetric eigenvalue decomposition" })?;
    let (vectors, values) = (decomposed.U(), decomposed.S());
    Ok((0..m).map(|k| (values[k], squared * vectors[(0, k)] * vectors[(0, k)])).collect())
}

/// The golden ratio's fractions: no eigenvector of any regular structure, unlike the constant vector.
fn golden(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + 0.5 * (i as f64 * 0.618_033_988_749_895).fract()).collect()
}

/// The tridiagonal matrix that grows by a row a step.
struct Recurrence {
    v: Vec<f64>,
    before: Vec<f64>,
    diagonal: Vec<f64>,
    beside: Vec<f64>,
}

impl Recurrence {
    fn new(mut start: Vec<f64>) -> Self {
        let length = norm(&start);
        scale(&mut start, 1.0 / length);
        let before = vec![0.0; start.len()];
        Self { v: start, before, diagonal: Vec::new(), beside: Vec::new() }
    }

    /// Whether what the start reaches is exhausted: the eigenvalues so far are exact. `radius` is the size of
    /// A as far as known.
    fn step(&mut self, multiply: impl Fn(&[f64]) -> Vec<f64>, radius: f64) -> bool {
        let mut next = multiply(&self.v);
        let beta = self.beside.last().copied().unwrap_or(0.0);
        // Sums along with the changes: a long vector passes through the processor once less each.
        let mut alpha = 0.0;
        for ((next, before), v) in next.iter_mut().zip(&self.before).zip(&self.v) {
            *next -= beta * before;
            alpha += *next * v;
        }
        self.diagonal.push(alpha);
        let mut squares = 0.0;
        for (next, v) in next.iter_mut().zip(&self.v) {
            *next -= alpha * v;
            squares += *next * *next;
        }
        let beta = squares.sqrt();
        if beta <= f64::EPSILON * (alpha.abs() + beta + radius) {
            return true;
        }
        self.beside.push(beta);
        scale(&mut next, 1.0 / beta);
        self.before = std::mem::replace(&mut self.v, next);
        false
    }
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn scale(x: &mut [f64], by: f64) {
    for x in x {
        *x *= by;
    }
}

/// The largest modulus of an eigenvalue of a symmetric tridiagonal matrix.
fn tridiagonal_radius(diagonal: &[f64], beside: &[f64]) -> f64 {
    let negated: Vec<f64> = diagonal.iter().map(|d| -d).collect();
    largest(diagonal, beside).max(largest(&negated, beside))
}

/// The largest eigenvalue, by bisection on the number of eigenvalues below (Sturm; Givens 1954).
fn largest(diagonal: &[f64], beside: &[f64]) -> f64 {
    let m = diagonal.len();
    let at = |i: usize| beside.get(i).copied().unwrap_or(0.0);
    let bound = (0..m)
        .map(|i| diagonal[i].abs() + at(i) + if i > 0 { at(i - 1) } else { 0.0 })
        .fold(0.0, f64::max);
    let all_below = |x: f64| {
        let mut pivot = 1.0;
        (0..m).all(|i| {
            let coupling = if i > 0 { at(i - 1) * at(i - 1) / pivot } else { 0.0 };
            pivot = x - diagonal[i] - coupling;
            pivot > 0.0
        })
    };
    let (mut low, mut high) = (-bound, bound);
    while high - low > f64::EPSILON * bound {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if all_below(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(x: &[f64]) -> Vec<f64> {
        let at = |i: usize| x.get(i).copied().unwrap_or(0.0);
        (0..x.len()).map(|i| at(i + 1) + if i > 0 { at(i - 1) } else { 0.0 }).collect()
    }

    #[test]
    fn a_path_has_twice_the_cosine_of_its_angle() {
        for n in [1, 2, 3, 50, 300, 3000] {
            let expected = 2.0 * (std::f64::consts::PI / (n as f64 + 1.0)).cos();
            let radius = symmetric_spectral_radius(n, path).unwrap();
            assert!((radius - expected).abs() < 1e-11, "{n}: {radius} {expected}");
        }
    }

    #[test]
    fn a_ring_has_radius_two_though_constants_are_an_eigenvector() {
        let ring = |x: &[f64]| {
            let n = x.len();
            (0..n).map(|i| x[(i + 1) % n] + x[(i + n - 1) % n]).collect()
        };
        assert!((symmetric_spectral_radius(400, ring).unwrap() - 2.0).abs() < 1e-11);
    }

    #[test]
    fn the_largest_component_decides_and_a_negative_eigenvalue_counts() {
        let blocks = |x: &[f64]| vec![3.0 * x[1], 3.0 * x[0], -5.0 * x[2], x[3]];
        assert!((symmetric_spectral_radius(4, blocks).unwrap() - 5.0).abs() < 1e-12);
    }

    #[test]
    fn both_ends_of_a_lopsided_spectrum_are_found() {
        let lopsided = |x: &[f64]| path(x).iter().zip(x).map(|(y, x)| y + 0.5 * x).collect();
        let end = 2.0 * (std::f64::consts::PI / 301.0).cos();
        let (low, high) = symmetric_extremes(300, 1e-13, lopsided).unwrap();
        assert!((low - 0.5 + end).abs() < 1e-10 && (high - 0.5 - end).abs() < 1e-10);
    }

    #[test]
    fn quadrature_of_enough_steps_is_exact_for_polynomials() {
        let z: Vec<f64> = (0..40).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let rule = symmetric_quadrature(z.clone(), 4, path).unwrap();
        let mut x = z.clone();
        for power in 1..8 {
            x = path(&x);
            let exact: f64 = x.iter().zip(&z).map(|(x, z)| x * z).sum();
            let found: f64 = rule.iter().map(|(node, weight)| weight * node.powi(power)).sum();
            assert!((found - exact).abs() < 1e-11, "{power}: {found} {exact}");
        }
    }

    #[test]
    fn a_matrix_of_zeros_has_radius_zero() {
        let radius = symmetric_spectral_radius(500, |x| vec![0.0; x.len()]).unwrap();
        assert!(radius.abs() < 1e-300);
    }
}
