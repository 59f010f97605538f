//! The maximum of a function of two or three parameters over a box.

use durbin_core::linalg::{inverse_of_modulus, inverse_spd};
use ndarray::{Array1, Array2};

use crate::{Convergence, Error, optimise::Searched};

/// Points of the coarse scan along each side.
const SCAN: usize = 10;

/// Starts taken from the scan.
const STARTS: usize = 3;

const STEPS: usize = 200;

/// Gradient per observation at which the search ends.
const TARGET: f64 = 1e-13;

/// Gradient per observation above which the point is no maximum.
const ACCEPTED: f64 = 1e-10;

/// Share to which a step has to bring the gradient for its second derivatives to serve the next.
const FALL: f64 = 0.1;

/// Share of a side that counts as near its ends.
const NEAR: f64 = 1e-3;

/// Share of the largest curvature below which a direction counts as flat.
const FLAT: f64 = 1e-8;

/// Share of a side by which gradients are differenced.
const STEP: f64 = 1e-6;

/// A function with its exact gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Slopes<const D: usize> {
    pub value: f64,
    pub slope: [f64; D],
}

/// What is searched, and how precisely.
pub(crate) struct BoxSearch<const D: usize> {
    pub parameters: [&'static str; D],
    pub log_determinant: Option<&'static str>,
    pub bounds: [(f64, f64); D],
    /// Scale of the function: the gradient is judged per observation.
    pub observations: f64,
}

/// Where the maximum is and how it was reached.
pub(crate) struct Summit<const D: usize> {
    pub at: [f64; D],
    pub value: f64,
    pub convergence: Convergence,
}

impl<const D: usize> BoxSearch<D> {
    /// The highest maximum of `f` in the box: Newton's method from the best points of a coarse scan, with
    /// the exact gradient and its differences for the second derivatives, halving steps that lead down.
    ///
    /// # Errors
    /// [`Error::NotConverged`], and whatever `f` returns.
    pub(crate) fn maximise(
        &self,
        f: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
    ) -> Result<Summit<D>, Error> {
        self.highest(self.scan(&f)?, f)
    }

    /// The same for an `f` whose values are costly: where its maxima are is looked up on `rough`, and every one of them is then
    /// climbed to its top, so that `f` alone decides which is the highest.
    ///
    /// # Errors
    /// [`Error::NotConverged`], and whatever the functions return.
    pub(crate) fn maximise_from(
        &self,
        rough: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
        f: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
    ) -> Result<Summit<D>, Error> {
        let near = |start| match self.climb(&rough, start) {
            Ok(top) => Ok(top.at),
            Err(Error::NotConverged { .. }) => Ok(start),
            Err(error) => Err(error),
        };
        let mut starts: Vec<[f64; D]> = Vec::new();
        for start in self.scan(&rough)? {
            let found = near(start)?;
            let same = |known: &[f64; D]| {
                (0..D).all(|d| {
                    let (lower, upper) = self.bounds[d];
                    (known[d] - found[d]).abs() < NEAR * (upper - lower)
                })
            };
            if !starts.iter().any(same) {
                starts.push(found);
            }
        }
        self.highest(starts, f)
    }

    /// The highest maximum that Newton's method reaches from one of the `starts`.
    ///
    /// # Errors
    /// As [`maximise`](Self::maximise).
    pub(crate) fn highest(
        &self,
        starts: Vec<[f64; D]>,
        f: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
    ) -> Result<Summit<D>, Error> {
        let mut best: Option<Summit<D>> = None;
        let mut failed = None;
        for start in starts {
            match self.climb(&f, start) {
                Ok(found) if best.as_ref().is_none_or(|best| found.value > best.value) => {
                    best = Some(found);
                }
                Ok(_) => {}
                Err(error @ Error::NotConverged { .. }) => failed = failed.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        best.ok_or_else(|| failed.unwrap_or_else(|| self.lost([f64::NAN; D], f64::NAN, 0)))
    }

    /// The best points of a grid that no neighbour on it exceeds.
    fn scan(
        &self,
        f: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
    ) -> Result<Vec<[f64; D]>, Error> {
        let cells = SCAN.pow(u32::try_from(D).unwrap_or(1));
        let index = |cell: usize| {
            let mut rest = cell;
            [(); D].map(|()| {
                let at = rest % SCAN;
                rest /= SCAN;
                at
            })
        };
        let point = |cell: usize| {
            let at = index(cell);
            std::array::from_fn(|d| {
                let (lower, upper) = self.bounds[d];
                lower + (upper - lower) * (at[d] as f64 + 0.5) / SCAN as f64
            })
        };
        let values: Vec<f64> =
            (0..cells).map(|cell| Ok(f(point(cell))?.value)).collect::<Result<_, Error>>()?;
        let beside = |a: usize, b: usize| {
            let (a, b) = (index(a), index(b));
            (0..D).all(|d| a[d].abs_diff(b[d]) <= 1)
        };
        let mut tops: Vec<usize> = (0..cells)
            .filter(|&cell| {
                let higher = |other: usize| beside(cell, other) && values[other] > values[cell];
                values[cell].is_finite() && !(0..cells).any(higher)
            })
            .collect();
        tops.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        tops.truncate(STARTS);
        Ok(tops.into_iter().map(point).collect())
    }

    fn climb(
        &self,
        f: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
        start: [f64; D],
    ) -> Result<Summit<D>, Error> {
        let (mut at, mut here) = (start, f(start)?);
        let mut steps = 0;
        // Second derivatives cost as many values as all else: they serve as long as they lead on.
        let mut known: Option<Array2<f64>> = None;
        while self.gradient(&here) > TARGET && steps < STEPS {
            let fresh = known.is_none();
            let inverse = match known.take() {
                Some(inverse) => Some(inverse),
                None => inverse_of_modulus(&self.hessian(&f, at)?, FLAT).ok(),
            };
            let direction = self.direction(&here, inverse.as_ref());
            match self.step(&f, at, &here, direction)? {
                Some((next, there)) => {
                    let fell = self.gradient(&there) < FALL * self.gradient(&here);
                    known = inverse.filter(|_| fell);
                    (at, here) = (next, there);
                    steps += 1;
                }
                None if fresh => break,
                None => {}
            }
        }
        let gradient = self.gradient(&here);
        let curvature = self.hessian(&f, at)?;
        let concave = inverse_spd(&-&curvature, "the curvature").is_ok();
        if !(gradient <= ACCEPTED && concave && here.value.is_finite()) {
            return Err(self.lost(at, gradient, steps));
        }
        let record = |d: usize| Searched { parameter: self.parameters[d], bounds: self.bounds[d] };
        let near = |d: usize| {
            let (lower, upper) = self.bounds[d];
            (at[d] - lower).min(upper - at[d]) < NEAR * (upper - lower)
        };
        Ok(Summit {
            at,
            value: here.value,
            convergence: Convergence {
                algorithm: "scan, then Newton with exact gradients",
                parameter: Some(self.parameters[0]),
                log_determinant: self.log_determinant,
                log_determinant_error: None,
                covariance_error: None,
                bounds: Some(self.bounds[0]),
                also: (1..D).map(record).collect(),
                iterations: steps,
                gradient,
                curvature: curvature[[0, 0]] / self.observations,
                near_boundary: (0..D).any(near),
            },
        })
    }

    fn gradient(&self, here: &Slopes<D>) -> f64 {
        here.slope.iter().map(|slope| slope.abs()).fold(0.0, f64::max) / self.observations
    }

    /// Newton's direction, with the modulus of the second derivatives: along a ridge that curves upwards it leads on, where the
    /// gradient's would zigzag across (Dauphin et al. 2014). The gradient's where there is no inverse.
    fn direction(&self, here: &Slopes<D>, inverse: Option<&Array2<f64>>) -> [f64; D] {
        if let Some(inverse) = inverse {
            let step = inverse.dot(&Array1::from(here.slope.to_vec()));
            return std::array::from_fn(|d| step[d]);
        }
        let steepest = self.gradient(here) * self.observations;
        std::array::from_fn(|d| {
            let (lower, upper) = self.bounds[d];
            0.1 * (upper - lower) * here.slope[d] / steepest
        })
    }

    /// Central differences of the gradient, made symmetric.
    fn hessian(
        &self,
        f: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
        at: [f64; D],
    ) -> Result<Array2<f64>, Error> {
        let mut hessian = Array2::zeros((D, D));
        for d in 0..D {
            let (lower, upper) = self.bounds[d];
            let step =
                (STEP * (upper - lower)).min(0.5 * (at[d] - lower)).min(0.5 * (upper - at[d]));
            let beside = |step: f64| {
                let mut point = at;
                point[d] += step;
                f(point)
            };
            let (up, down) = (beside(step)?, beside(-step)?);
            for e in 0..D {
                hessian[[d, e]] = (up.slope[e] - down.slope[e]) / (2.0 * step);
            }
        }
        Ok((&hessian + &hessian.t()) * 0.5)
    }

    /// The longest step along `direction`, halved as often as needed, that stays inside and leads up (or,
    /// where the values are equal to rounding, to a smaller gradient).
    fn step(
        &self,
        f: impl Fn([f64; D]) -> Result<Slopes<D>, Error>,
        at: [f64; D],
        here: &Slopes<D>,
        direction: [f64; D],
    ) -> Result<Option<([f64; D], Slopes<D>)>, Error> {
        let room = (0..D).map(|d| {
            let (lower, upper) = self.bounds[d];
            let room = if direction[d] > 0.0 { upper - at[d] } else { at[d] - lower };
            0.9 * room / direction[d].abs()
        });
        let mut length = room.fold(1.0, f64::min);
        while length > 1e-10 {
            let next = std::array::from_fn(|d| at[d] + length * direction[d]);
            let there = f(next)?;
            let rounding = 1e-12 * here.value.abs();
            let level = (there.value - here.value).abs() <= rounding;
            let flatter = self.gradient(&there) < self.gradient(here);
            if if level { flatter } else { there.value > here.value } {
                return Ok(Some((next, there)));
            }
            length *= 0.5;
        }
        Ok(None)
    }

    fn lost(&self, at: [f64; D], gradient: f64, iterations: usize) -> Error {
        let (lower, upper) = self.bounds[0];
        Error::NotConverged {
            parameter: self.parameters[0],
            value: at[0],
            gradient,
            iterations,
            lower,
            upper,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> BoxSearch<2> {
        BoxSearch {
            parameters: ["rho", "lambda"],
            log_determinant: None,
            bounds: [(-1.0, 1.0); 2],
            observations: 1.0,
        }
    }

    #[test]
    fn of_two_hills_the_higher_is_climbed_to_the_top() {
        let hill = |[x, y]: [f64; 2], (a, b, height): (f64, f64, f64)| {
            let (dx, dy) = (x - a, y - b);
            let value = height * (-8.0 * (dx * dx + dx * dy + dy * dy)).exp();
            Slopes {
                value,
                slope: [-8.0 * value * (2.0 * dx + dy), -8.0 * value * (2.0 * dy + dx)],
            }
        };
        let f = |at| {
            let (a, b) = (hill(at, (0.6, 0.5, 1.0)), hill(at, (-0.5, -0.6, 1.2)));
            Ok(Slopes {
                value: a.value + b.value,
                slope: [a.slope[0] + b.slope[0], a.slope[1] + b.slope[1]],
            })
        };
        let found = square().maximise(f).unwrap();
        assert!((found.at[0] + 0.5).abs() < 1e-4 && (found.at[1] + 0.6).abs() < 1e-4);
        assert!(found.convergence.gradient <= TARGET);
    }

    #[test]
    fn a_slope_without_a_top_is_an_error() {
        let f = |[x, y]: [f64; 2]| Ok(Slopes { value: x - y * y, slope: [1.0, -2.0 * y] });
        assert!(matches!(square().maximise(f), Err(Error::NotConverged { .. })));
    }
}
