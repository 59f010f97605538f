//! Maximum likelihood with a random effect per unit, with lags of the response, of the error or of both.
//!
//! `y = ρWy + Zγ + (ι_t ⊗ μ) + u` with `μ ~ N(0, σ_μ²)` and `φ² = σ²/(t·σ_μ² + σ²)` in (0, 1]
//! (Elhorst 2014; Baltagi 2013).

mod beyond_normal;
mod error;
mod information;
mod probes;
mod profile;
mod robust;
mod square;

pub(crate) use beyond_normal::beyond_normal;
pub(crate) use information::information;
pub(crate) use robust::clustered;

use durbin_core::linalg::LeastSquares;
use ndarray::Array1;

use crate::{
    Convergence, Error, Prepared,
    design::Design,
    likelihood::{LagProfile, Profile, gaussian},
    maximum::Maximum,
    optimise::Searched,
    parameters::Point,
    search::{BoxSearch, Slopes, Summit},
    within::unit_means,
};

/// The search runs over ln φ: from a variance between units beyond any measure to none.
const LN_PHI: (f64, f64) = (-14.0, 0.0);

/// Maximises the likelihood. `pooled` is its maximum at φ = 1, returned without φ where the likelihood
/// only falls from there.
pub(crate) fn find(
    design: &Design,
    w: &Prepared,
    m: &Prepared,
    pooled: impl Fn() -> Result<Maximum, Error>,
) -> Result<Maximum, Error> {
    let flat = pooled()?;
    match (&design.error, flat.point.rho) {
        (Some(lags), _) => error::find(design, lags, w, m, flat),
        (None, Some(_)) => of_lag(design, w, flat),
        (None, None) => linear(design, flat),
    }
}

/// `e* = y* − ρWy* − Z*γ` at its best γ, and `∂(e*'e*)/∂ ln φ`: twice the squares of its unit means.
fn residuals(starred: &Design, rho: f64) -> Result<(Array1<f64>, f64), Error> {
    let y = &starred.y - &(&starred.wy * rho);
    let e = LeastSquares::new(&starred.z)?.residuals(&y);
    let means = unit_means(&e, starred.n);
    let growth = 2.0 * starred.t as f64 * means.dot(&means);
    Ok((e, growth))
}

/// `ℓ(φ) = n·ln φ − nt/2·(ln(2π) + ln(e*'e*/nt) + 1)`.
fn linear(design: &Design, flat: Maximum) -> Result<Maximum, Error> {
    let observations = (design.n * design.t) as f64;
    let f = |[ln_phi]: [f64; 1]| {
        let (e, growth) = residuals(&design.quasi_demeaned(ln_phi.exp()), 0.0)?;
        let squares = e.dot(&e);
        Ok(Slopes {
            value: design.n as f64 * ln_phi + gaussian(squares, observations),
            slope: [design.n as f64 - 0.5 * observations * growth / squares],
        })
    };
    if f([0.0])?.slope[0] >= 0.0 {
        return Ok(flat);
    }
    let search =
        BoxSearch { parameters: ["phi"], log_determinant: None, bounds: [LN_PHI], observations };
    let found = search.maximise(f)?;
    let phi = found.at[0].exp();
    let starred = design.quasi_demeaned(phi);
    let (e, _) = residuals(&starred, 0.0)?;
    Ok(Maximum {
        point: Point {
            coefficients: LeastSquares::new(&starred.z)?.coefficients(&starred.y),
            rho: None,
            lambda: None,
            phi: Some(phi),
            sigma2: e.dot(&e) / observations,
        },
        log_likelihood: found.value,
        convergence: record(found),
    })
}

/// `ℓ(ρ, φ) = t·ln|I − ρW| + n·ln φ − nt/2·(ln(2π) + ln(e*'e*/nt) + 1)`.
fn of_lag(design: &Design, w: &Prepared, flat: Maximum) -> Result<Maximum, Error> {
    let observations = (design.n * design.t) as f64;
    let logdet = w.logdet()?;
    let f = |[rho, ln_phi]: [f64; 2]| {
        let starred = design.quasi_demeaned(ln_phi.exp());
        let (e, growth) = residuals(&starred, rho)?;
        let squares = e.dot(&e);
        let jacobian = logdet.at(rho);
        let scale = observations / squares;
        Ok(Slopes {
            value: design.t as f64 * jacobian.value
                + design.n as f64 * ln_phi
                + gaussian(squares, observations),
            slope: [
                design.t as f64 * jacobian.slope + scale * e.dot(&starred.wy),
                design.n as f64 - 0.5 * scale * growth,
            ],
        })
    };
    if f([flat.point.rho.unwrap_or(0.0), 0.0])?.slope[1] >= 0.0 {
        return Ok(flat);
    }
    let search = BoxSearch {
        parameters: ["rho", "phi"],
        log_determinant: Some(logdet.method),
        bounds: [logdet.bounds(), LN_PHI],
        observations,
    };
    let found = search.maximise(f)?;
    let (rho, phi) = (found.at[0], found.at[1].exp());
    let profile = LagProfile::new(&design.quasi_demeaned(phi))?;
    Ok(Maximum {
        point: Point {
            coefficients: profile.coefficients(rho)?,
            rho: Some(rho),
            lambda: None,
            phi: Some(phi),
            sigma2: profile.sum_of_squares(rho)?.value / observations,
        },
        log_likelihood: found.value,
        convergence: record(found),
    })
}

/// The record in terms of φ, not of its logarithm.
fn record<const D: usize>(found: Summit<D>) -> Convergence {
    let phi = (LN_PHI.0.exp(), LN_PHI.1.exp());
    let convergence = found.convergence;
    let bounds = if convergence.parameter == Some("phi") { Some(phi) } else { convergence.bounds };
    let also = convergence.also.into_iter().map(|searched| match searched.parameter {
        "phi" => Searched { bounds: phi, ..searched },
        _ => searched,
    });
    Convergence { bounds, also: also.collect(), ..convergence }
}

#[cfg(test)]
mod tests;
