//! Dynamic models: `y = τy₋₁ + ηWy₋₁ + ρWy + Xβ + WXθ + μ + u`, their bias, their stability, their long run.

use durbin_core::Warning;
use ndarray::{Array1, Array2};
use serde::Serialize;

use crate::{
    Error, Prepared,
    bias::shifted,
    design::Design,
    information::inverse,
    parameters::{Point, Positions},
    sample::Sample,
};

/// Where τ and η are among the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dynamics {
    pub tau: Option<usize>,
    pub eta: Option<usize>,
}

/// Whether a shock dies out: `y_t = A·y_{t−1} + …` with `A = (I − ρW)⁻¹(τI + ηW)`.
///
/// Of several lags in time τ and η are sums, and A is the transition of `y_t` with those before it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Stability {
    /// `τ + ρ + η`, below one for a stable model with row-standardised weights.
    pub sum: f64,
    /// The largest modulus of `(τ + ηω)/(1 − ρω)` over the ends ω of the interval of W's real
    /// eigenvalues: the largest eigenvalue of A where W has real eigenvalues alone. With `p` lags the largest root of
    /// `zᵖ = Σₗ zᵖ⁻ˡ(τₗ + ηₗω)/(1 − ρω)`.
    pub largest_eigenvalue: f64,
    /// Whether that is below one.
    pub stable: bool,
}

impl Dynamics {
    pub(crate) fn of(design: &Design) -> Self {
        Self { tau: design.tau, eta: design.eta }
    }

    /// `1 − τ` and `κ = (ρ + η)/(1 − τ)`: in the long run `y = (1 − τ)⁻¹(I − κW)⁻¹(Xβ + WXθ + …)`.
    pub(crate) fn long_run(self, parameters: &[f64], at: Positions) -> (f64, f64) {
        let value = |at: Option<usize>| at.map_or(0.0, |at| parameters[at]);
        let left = 1.0 - value(self.tau);
        (left, (value(at.rho) + value(self.eta)) / left)
    }
}

/// The terms of a point: τ, η, ρ.
fn terms(design: &Design, point: &Point) -> (f64, f64, f64) {
    let value = |at: Option<usize>| at.map_or(0.0, |at| point.coefficients[at]);
    (value(design.tau), value(design.eta), point.rho.unwrap_or(0.0))
}

/// Stability at a point, with the inverse extreme eigenvalues of W.
pub(crate) fn stability(design: &Design, point: &Point, bounds: (f64, f64)) -> Stability {
    let (tau, eta, rho) = terms(design, point);
    Stability::new(rho, &[(tau, eta)], bounds)
}

impl Stability {
    /// Of ρ and the pairs (τ, η) of the first lag in time, the second and so on.
    pub(crate) fn new(rho: f64, lags: &[(f64, f64)], bounds: (f64, f64)) -> Self {
        let modulus = |omega: f64| {
            let of = |&(tau, eta): &(f64, f64)| (tau + eta * omega) / (1.0 - rho * omega);
            largest_root(&lags.iter().map(of).collect::<Vec<_>>())
        };
        let largest_eigenvalue = modulus(1.0 / bounds.0).max(modulus(1.0 / bounds.1));
        let tau: f64 = lags.iter().map(|lag| lag.0).sum();
        let eta: f64 = lags.iter().map(|lag| lag.1).sum();
        Self { sum: tau + rho + eta, largest_eigenvalue, stable: largest_eigenvalue < 1.0 }
    }
}

/// Squarings of the companion matrix: the relative error of the root is below 10⁻⁷, of a repeated one, which rounding tears
/// apart, 10⁻⁵.
const SQUARINGS: i32 = 30;

/// The largest modulus of the roots of `zᵖ = c₁zᵖ⁻¹ + … + c_p`: `lim ‖Cᵐ‖^(1/m)` of the companion matrix C
/// (Gelfand's formula), m doubled by squaring.
fn largest_root(c: &[f64]) -> f64 {
    let p = c.len();
    if p <= 1 {
        return c.first().map_or(0.0, |c| c.abs());
    }
    let mut power = Array2::from_shape_fn((p, p), |(i, j)| match i {
        0 => c[j],
        _ => f64::from(u8::from(i == j + 1)),
    });
    // ln of the scale taken off, per factor of C.
    let (mut log, mut per) = (0.0, 1.0);
    for _ in 0..SQUARINGS {
        let largest = power.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        if largest == 0.0 {
            return 0.0;
        }
        power /= largest;
        log += per * largest.ln();
        power = power.dot(&power);
        per /= 2.0;
    }
    log.exp()
}

/// What an unstable model must be told.
pub(crate) fn warning(stability: &Stability) -> Option<Warning> {
    (!stability.stable).then(|| {
        Warning::Other(format!(
            "the dynamic model is not stable: tau + rho + eta = {:.4}, the largest eigenvalue of its \
             transition {:.4}; its long-run effects are those of an equilibrium it does not approach, and the \
             bias correction and the standard errors rest on stability",
            stability.sum, stability.largest_eigenvalue
        ))
    })
}

/// Periods that do not follow each other at one distance: a lag of one period then means several things.
pub(crate) fn uneven(periods: &[String]) -> Option<Warning> {
    let times = durbin_core::times(periods)?.at;
    let steps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let at = steps.iter().position(|step| (step - steps[0]).abs() > 1e-9 * steps[0].abs())?;
    Some(Warning::Other(format!(
        "the periods are unevenly spaced (as {} to {} beside {} to {}): the lag in time is always the period \
         before in the panel",
        periods[0],
        periods[1],
        periods[at],
        periods[at + 1]
    )))
}

/// The correction of Yu, de Jong & Lee (2008, *J. Econometrics* 146, 118–134) for unit effects and of Lee & Yu
/// (2010, *Econometric Theory* 26, 564–597) for two-way ones.
///
/// Demeaning by unit leaves a bias of order 1/t, `−Σ⁻¹φ/t`, with Σ the information per observation and, for
/// `D = (1 − τ)I − (ρ + η)W` and `m` units (`n`, or `n − 1` without period effects, where every trace leaves
/// out the unit root of W):
///
/// ```text
/// φ = (tr D⁻¹/m [τ], tr WD⁻¹/m [η], 0 [β, θ], tr WD⁻¹/m [ρ], tr M(I − λM)⁻¹/m [λ], 1/(2σ²) [σ²])
/// ```
///
/// Outside the stable region the series behind `D⁻¹` does not converge; the formula is then extrapolated, and
/// the fit warns of it.
///
/// The term of ρ is that of the papers, `tr(G(τI + ηW)D⁻¹)/m + tr(G)/m` with `G = W(I − ρW)⁻¹`, put
/// together. All traces come from the derivative of `ln|I − κW|`, `κ = (ρ + η)/(1 − τ)`.
///
/// # Errors
/// A singular Σ.
pub(crate) fn corrected(
    point: &Point,
    design: &Design,
    sample: Sample,
    information: &ndarray::Array2<f64>,
    w: &Prepared,
    m: &Prepared,
) -> Result<Point, Error> {
    let at = Positions::of(point);
    let logdet = w.logdet()?;
    let (tau, eta, rho) = terms(design, point);
    let units = sample.observations / sample.periods;
    let without = |kappa: f64| if sample.without_unit_root { 1.0 / (1.0 - kappa) } else { 0.0 };
    let kappa = (rho + eta) / (1.0 - tau);
    // tr W(I − κW)⁻¹, and tr (I − κW)⁻¹ = m + κ·tr W(I − κW)⁻¹.
    let lagged = -logdet.at(kappa).slope - without(kappa);
    let mut score = Array1::zeros(at.len());
    let mut set = |at: Option<usize>, value: f64| {
        if let Some(at) = at {
            score[at] = value;
        }
    };
    set(design.tau, (units + kappa * lagged) / (1.0 - tau));
    set(design.eta, lagged / (1.0 - tau));
    set(at.rho, lagged / (1.0 - tau));
    if let Some(lambda) = point.lambda {
        set(at.lambda, -m.logdet()?.at(lambda).slope - without(lambda));
    }
    set(Some(at.sigma2), units / (2.0 * point.sigma2));
    Ok(shifted(point, &inverse(information)?.dot(&score)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_root_is_found_where_roots_are_complex_or_equal() {
        // (z − 0.9)(z + 0.5), z² = −0.64, (z − 0.5)(z² + 0.81), z² = 0, (z − 0.7)².
        for (c, root, tolerance) in [
            (&[0.4, 0.45][..], 0.9, 1e-7),
            (&[0.0, -0.64], 0.8, 1e-7),
            (&[0.5, -0.81, 0.405], 0.9, 1e-7),
            (&[0.0, 0.0], 0.0, 1e-7),
            (&[1.4, -0.49], 0.7, 1e-5),
        ] {
            assert!((largest_root(c) - root).abs() < tolerance, "{c:?}: {}", largest_root(c));
        }
    }

    #[test]
    fn a_gap_between_periods_is_said_and_words_are_left_alone() {
        let labels = |periods: &[&str]| periods.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        assert!(uneven(&labels(&["2000", "2001", "2002"])).is_none());
        assert!(uneven(&labels(&["spring", "summer"])).is_none());
        let said = uneven(&labels(&["2000", "2001", "2005"])).unwrap().to_string();
        assert!(said.contains("2000 to 2001 beside 2001 to 2005"), "{said}");
    }
}
