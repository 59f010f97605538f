//! Solutions by iteration.

use crate::Error;

/// Steps after which there is no hope.
const STEPS: usize = 20_000;

/// The solution of `Ax = b` for a symmetric positive definite A whose product is `multiply`, by conjugate
/// gradients (Hestenes & Stiefel 1952), until the residual is shorter than `tolerance` times b.
///
/// # Errors
/// [`Error::NoConvergence`] after 20,000 steps, or where A is not positive definite.
pub fn conjugate_gradients(
    b: &[f64],
    tolerance: f64,
    multiply: impl Fn(&[f64]) -> Vec<f64>,
) -> Result<Vec<f64>, Error> {
    let failed = Error::NoConvergence { what: "solution by conjugate gradients" };
    let mut x = vec![0.0; b.len()];
    let (mut r, mut p) = (b.to_vec(), b.to_vec());
    let mut squared = dot(&r, &r);
    let enough = tolerance * tolerance * squared;
    for _ in 0..STEPS {
        if squared <= enough {
            return Ok(x);
        }
        let ap = multiply(&p);
        let along = dot(&p, &ap);
        if along.is_nan() || along <= 0.0 {
            return Err(failed);
        }
        let step = squared / along;
        for (((x, p), r), ap) in x.iter_mut().zip(&p).zip(&mut r).zip(&ap) {
            *x += step * p;
            *r -= step * ap;
        }
        let next = dot(&r, &r);
        let turn = next / squared;
        squared = next;
        p.iter_mut().zip(&r).for_each(|(p, r)| *p = r + turn * *p);
    }
    Err(failed)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
