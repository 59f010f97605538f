//! The spectral radius of a large sparse symmetric matrix.

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
    // The golden ratio's fractions: no eigenvector of any regular structure, unlike the constant vector.
    let start = (0..n).map(|i| 1.0 + 0.5 * (i as f64 * 0.618_033_988_749_895).fract());
    let mut v: Vec<f64> = start.collect();
    let length = norm(&v);
    scale(&mut v, 1.0 / length);
    let mut before = vec![0.0; n];
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut radius = 0.0;
    for step in 1..=STEPS {
        let mut next = multiply(&v);
        let beta = beside.last().copied().unwrap_or(0.0);
        next.iter_mut().zip(&before).for_each(|(next, before)| *next -= beta * before);
        let alpha: f64 = next.iter().zip(&v).map(|(next, v)| next * v).sum();
        next.iter_mut().zip(&v).for_each(|(next, v)| *next -= alpha * v);
        diagonal.push(alpha);
        let beta = norm(&next);
        let size = alpha.abs() + beta + radius;
        // What the start reaches is exhausted: the eigenvalues so far are exact.
        let exhausted = beta <= f64::EPSILON * size;
        if exhausted || step % STRIDE == 0 {
            let found = tridiagonal_radius(&diagonal, &beside);
            if exhausted || (found - radius).abs() <= SETTLED * found {
                return Ok(found);
            }
            radius = found;
        }
        beside.push(beta);
        scale(&mut next, 1.0 / beta);
        before = std::mem::replace(&mut v, next);
    }
    Err(Error::NoConvergence { what: "largest eigenvalue" })
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
    fn a_matrix_of_zeros_has_radius_zero() {
        let radius = symmetric_spectral_radius(500, |x| vec![0.0; x.len()]).unwrap();
        assert!(radius.abs() < 1e-300);
    }
}
