//! The maximum of a function of one parameter over an open interval.

use serde::Serialize;

use crate::{Error, logdet::Taylor};

/// Points of the coarse scan.
const SCAN: usize = 64;

/// Steps of Newton's method and bisection together.
const STEPS: usize = 200;

/// Gradient per observation at which the search ends.
const TARGET: f64 = 1e-13;

/// Gradient per observation above which the point is no maximum: what rounding may leave of
/// [`TARGET`], with a wide margin, and still ten digits of the parameter.
const ACCEPTED: f64 = 1e-10;

/// Share of the interval's width to which a rough maximum is located.
const LOCATED: f64 = 1e-4;

/// Share of the interval's width that counts as near its ends.
const NEAR: f64 = 1e-3;

/// The record of the optimiser.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Convergence {
    /// How the estimate was found.
    pub algorithm: &'static str,
    /// The parameter searched for, `rho` or `lambda`; none for least squares.
    pub parameter: Option<&'static str>,
    /// How `ln|I − ρW|` was computed; none for least squares.
    pub log_determinant: Option<&'static str>,
    /// A bound of its error at the estimate: of an interpolation, or two standard errors of a stochastic method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_determinant_error: Option<f64>,
    /// Where random vectors stand in for traces of the covariance, the largest share of a standard error by which they
    /// may be off: two standard errors of their means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covariance_error: Option<f64>,
    /// The open interval searched: inverse extreme real eigenvalues of W.
    pub bounds: Option<(f64, f64)>,
    /// Parameters searched for beside the first, with their intervals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Searched>,
    /// Steps after the coarse scan.
    pub iterations: usize,
    /// Derivative of the concentrated log-likelihood per observation at the estimate.
    pub gradient: f64,
    /// Second derivative of the same.
    pub curvature: f64,
    /// Whether the estimate lies within a thousandth of the interval's width of one of its ends.
    pub near_boundary: bool,
}

/// A parameter and the open interval searched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Searched {
    /// `rho`, `lambda` or `phi`.
    pub parameter: &'static str,
    /// The interval.
    pub bounds: (f64, f64),
}

impl Convergence {
    /// Every parameter searched for, with its interval.
    pub(crate) fn searched(&self) -> Vec<Searched> {
        let first = self.parameter.zip(self.bounds);
        let first = first.map(|(parameter, bounds)| Searched { parameter, bounds });
        first.into_iter().chain(self.also.iter().cloned()).collect()
    }

    /// Least squares has a closed form.
    pub(crate) fn closed_form() -> Self {
        Self {
            algorithm: "least squares",
            parameter: None,
            log_determinant: None,
            log_determinant_error: None,
            covariance_error: None,
            bounds: None,
            also: Vec::new(),
            iterations: 0,
            gradient: 0.0,
            curvature: 0.0,
            near_boundary: false,
        }
    }
}

/// Where the maximum is and how it was reached.
pub(crate) struct Peak {
    pub at: f64,
    pub value: f64,
    pub convergence: Convergence,
}

/// What is searched, and how precisely.
pub(crate) struct Search {
    pub parameter: &'static str,
    pub log_determinant: &'static str,
    pub bounds: (f64, f64),
    /// Scale of the function: the gradient is judged per observation.
    pub observations: f64,
}

impl Search {
    /// The highest maximum of `f` in the interval: the best point of a coarse scan, then Newton's
    /// method, with a bisection wherever a step leaves the bracket or the function is not concave.
    ///
    /// # Errors
    /// [`Error::NotConverged`], and whatever `f` returns.
    pub(crate) fn maximise(&self, f: impl Fn(f64) -> Result<Taylor, Error>) -> Result<Peak, Error> {
        let (low, high, at) = self.scan(&f)?;
        self.climb(f, low, high, at)
    }

    /// The same for an `f` whose values are costly: where it is highest is looked up on `rough`, and the bracket
    /// widened by what that may be off.
    ///
    /// # Errors
    /// [`Error::NotConverged`], and whatever the functions return.
    pub(crate) fn maximise_from(
        &self,
        rough: impl Fn(f64) -> Result<Taylor, Error>,
        f: impl Fn(f64) -> Result<Taylor, Error>,
    ) -> Result<Peak, Error> {
        let (mut low, mut high, mut at) = self.scan(&rough)?;
        let (lower, upper) = self.bounds;
        let width = high - low;
        for _ in 0..STEPS {
            let here = rough(at)?;
            let newton = at - here.slope / here.curvature;
            if here.slope > 0.0 {
                low = at;
            } else {
                high = at;
            }
            let inside = here.curvature < 0.0 && newton > low && newton < high;
            let next = if inside { newton } else { f64::midpoint(low, high) };
            let moved = (next - at).abs();
            at = next;
            if moved < LOCATED * (upper - lower) {
                break;
            }
        }
        self.climb(f, (at - width).max(lower), (at + width).min(upper), at)
    }

    /// The maximum that Newton's method reaches from `near`, which is close to it.
    ///
    /// # Errors
    /// [`Error::NotConverged`], and whatever `f` returns.
    pub(crate) fn polish(
        &self,
        f: impl Fn(f64) -> Result<Taylor, Error>,
        near: f64,
    ) -> Result<f64, Error> {
        let (lower, upper) = self.bounds;
        self.climb(f, lower, upper, near).map(|peak| peak.at)
    }

    fn climb(
        &self,
        f: impl Fn(f64) -> Result<Taylor, Error>,
        mut low: f64,
        mut high: f64,
        mut at: f64,
    ) -> Result<Peak, Error> {
        let mut here = f(at)?;
        let mut steps = 0;
        while (here.slope / self.observations).abs() > TARGET && steps < STEPS {
            if here.slope > 0.0 {
                low = at;
            } else {
                high = at;
            }
            let newton = at - here.slope / here.curvature;
            let inside = here.curvature < 0.0 && newton > low && newton < high;
            let next = if inside { newton } else { f64::midpoint(low, high) };
            // Neighbouring floating-point numbers: no closer point exists.
            if next <= low || next >= high {
                break;
            }
            at = next;
            here = f(at)?;
            steps += 1;
        }
        self.judge(at, here, steps)
    }

    /// The bracket around the best of the scan's points, and that point.
    fn scan(&self, f: impl Fn(f64) -> Result<Taylor, Error>) -> Result<(f64, f64, f64), Error> {
        let (lower, upper) = self.bounds;
        let point = |i: usize| lower + (upper - lower) * (i as f64 + 0.5) / SCAN as f64;
        let mut best = (0, f64::NEG_INFINITY);
        for i in 0..SCAN {
            let value = f(point(i))?.value;
            if value > best.1 {
                best = (i, value);
            }
        }
        let low = if best.0 == 0 { lower } else { point(best.0 - 1) };
        let high = if best.0 == SCAN - 1 { upper } else { point(best.0 + 1) };
        Ok((low, high, point(best.0)))
    }

    fn judge(&self, at: f64, here: Taylor, iterations: usize) -> Result<Peak, Error> {
        let (lower, upper) = self.bounds;
        let gradient = here.slope / self.observations;
        let maximum = gradient.abs() <= ACCEPTED && here.curvature < 0.0 && here.value.is_finite();
        if !maximum {
            return Err(Error::NotConverged {
                parameter: self.parameter,
                value: at,
                gradient,
                iterations,
                lower,
                upper,
            });
        }
        Ok(Peak {
            at,
            value: here.value,
            convergence: Convergence {
                algorithm: "scan, then safeguarded Newton with exact derivatives",
                parameter: Some(self.parameter),
                log_determinant: Some(self.log_determinant),
                log_determinant_error: None,
                covariance_error: None,
                bounds: Some(self.bounds),
                also: Vec::new(),
                iterations,
                gradient,
                curvature: here.curvature / self.observations,
                near_boundary: (at - lower).min(upper - at) < NEAR * (upper - lower),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(bounds: (f64, f64)) -> Search {
        Search { parameter: "rho", log_determinant: "", bounds, observations: 1.0 }
    }

    /// `a·ln(1 − x) + b·ln(1 + x)` has its maximum at `(b − a)/(a + b)`.
    fn two_logs(a: f64, b: f64) -> impl Fn(f64) -> Result<Taylor, Error> {
        move |x| {
            Ok(Taylor {
                value: a * (1.0 - x).ln() + b * (1.0 + x).ln(),
                slope: b / (1.0 + x) - a / (1.0 - x),
                curvature: -b / (1.0 + x).powi(2) - a / (1.0 - x).powi(2),
            })
        }
    }

    #[test]
    fn an_interior_maximum_is_found_to_machine_precision() {
        let found = search((-1.0, 1.0)).maximise(two_logs(1.0, 2.0)).unwrap();
        assert!((found.at - 1.0 / 3.0).abs() < 1e-13);
        assert!(found.convergence.gradient.abs() <= TARGET && !found.convergence.near_boundary);
    }

    #[test]
    fn a_maximum_close_to_the_end_is_found_and_flagged() {
        let found = search((-1.0, 1.0)).maximise(two_logs(1e-4, 1.0)).unwrap();
        assert!((found.at - (1.0 - 1e-4) / (1.0 + 1e-4)).abs() < 1e-12);
        assert!(found.convergence.near_boundary);
    }

    #[test]
    fn of_two_maxima_the_higher_wins() {
        let two_hills = |x: f64| {
            Ok(Taylor {
                value: (3.0 * x).sin() + 0.1 * x,
                slope: 3.0 * (3.0 * x).cos() + 0.1,
                curvature: -9.0 * (3.0 * x).sin(),
            })
        };
        let found = search((-2.5, 2.0)).maximise(two_hills).unwrap();
        assert!((found.at - 0.53).abs() < 0.02, "{}", found.at);
    }

    #[test]
    fn a_function_that_only_rises_has_no_maximum() {
        let line = |x| Ok(Taylor { value: x, slope: 1.0, curvature: 0.0 });
        let error = search((-1.0, 1.0)).maximise(line).err().unwrap();
        assert!(matches!(error, Error::NotConverged { parameter: "rho", .. }));
    }
}
