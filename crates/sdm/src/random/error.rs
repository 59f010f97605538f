//! Random unit effects beside a lag of the error, with or without one of the response:
//! `y = ρWy + Zγ + (ι_t ⊗ μ) + u`, `u = λMu + ε`, the effects themselves not spatially correlated (Baltagi, Song & Koh
//! 2003; Elhorst 2014).
//!
//! With `B = I − λM` and `c = tσ_μ²/σ² = φ⁻² − 1`
//!
//! ```text
//! Ω/σ² = J̄ ⊗ (cI + (B'B)⁻¹) + (I − J̄) ⊗ (B'B)⁻¹,   ln|Ω/σ²| = ln|K| − 2t·ln|B|,   K = I + cBB'
//! ```
//!
//! so that deviations from unit means are white once filtered by B, and filtered means, times √t, have covariance
//! K. K is sparse: it links neighbours of neighbours.

use super::{
    LN_PHI,
    profile::{At, Data},
    record,
    square::Square,
};
use crate::{
    Convergence, Error, Prepared,
    design::{Design, ErrorLags},
    likelihood::{LagProfile, Profile, concentrated, roughly_concentrated},
    logdet::LogDet,
    maximum::Maximum,
    optimise::{Peak, Search, Searched},
    parameters::Point,
    sample::Sample,
    search::{BoxSearch, Slopes},
};

/// Where the search starts: shares of λ's interval, and ln φ.
const GRID: ([f64; 5], [f64; 5]) = ([0.1, 0.3, 0.5, 0.7, 0.9], [-0.15, -0.5, -1.2, -2.8, -7.0]);

/// Starts taken from the grid.
const STARTS: usize = 2;

/// The likelihood over (λ, φ), ρ being at its best for each.
struct Surface<'a> {
    data: Data<'a>,
    sample: Sample,
    of_lag: Option<&'a LogDet>,
    of_error: &'a LogDet,
}

impl Surface<'_> {
    /// ρ at its best for the other two, zero where the response has no lag.
    fn rho(&self, at: &LagProfile, roughly: bool) -> Result<Option<Peak>, Error> {
        let Some(logdet) = self.of_lag else { return Ok(None) };
        let search = Search {
            parameter: "rho",
            log_determinant: logdet.method,
            bounds: logdet.bounds(),
            observations: self.sample.observations,
        };
        let exact = |rho| concentrated(at, logdet, self.sample, rho);
        if !logdet.is_costly() {
            return search.maximise(exact).map(Some);
        }
        let rough = |rho| roughly_concentrated(at, logdet, self.sample, rho);
        if roughly { search.maximise(rough) } else { search.maximise_from(rough, exact) }.map(Some)
    }

    /// The value, good enough to start from; minus infinity where there is none.
    fn value(&self, [lambda, ln_phi]: [f64; 2]) -> f64 {
        let value = || -> Result<f64, Error> {
            let at = self.data.at(lambda, ln_phi.exp())?;
            let profile = at.of_lag();
            let peak = self.rho(&profile, true)?;
            let rho = peak.map_or(0.0, |peak| peak.at);
            let jacobian = self.of_lag.map_or(0.0, |logdet| logdet.rough(rho).value)
                + self.of_error.rough(lambda).value;
            Ok(at.value(profile.sum_of_squares(rho)?.value) + self.sample.periods * jacobian)
        };
        value().unwrap_or(f64::NEG_INFINITY)
    }

    fn slopes(&self, [lambda, ln_phi]: [f64; 2]) -> Result<Slopes<2>, Error> {
        let at = self.data.at(lambda, ln_phi.exp())?;
        let rho = self.rho(&at.of_lag(), false)?.map_or(0.0, |peak| peak.at);
        Ok(self.slopes_at(&at, rho, lambda))
    }

    /// By the envelope theorem those at the best ρ.
    fn slopes_at(&self, at: &At, rho: f64, lambda: f64) -> Slopes<2> {
        let rest = at.slopes(rho);
        let t = self.sample.periods;
        let error = self.of_error.at(lambda);
        let lag = self.of_lag.map_or(0.0, |logdet| logdet.at(rho).value);
        Slopes {
            value: rest.value + t * (lag + error.value),
            slope: [rest.slope[0] + t * error.slope, rest.slope[1]],
        }
    }

    /// The best points of the grid that no neighbour on it exceeds.
    fn starts(&self) -> Vec<[f64; 2]> {
        let (shares, heights) = GRID;
        let (lower, upper) = self.of_error.bounds();
        let point = |(i, j): (usize, usize)| [lower + (upper - lower) * shares[i], heights[j]];
        let cells: Vec<(usize, usize)> =
            (0..shares.len()).flat_map(|i| (0..heights.len()).map(move |j| (i, j))).collect();
        let values: Vec<f64> = cells.iter().map(|&cell| self.value(point(cell))).collect();
        let mut tops: Vec<usize> = (0..cells.len())
            .filter(|&a| {
                let beside = |b: usize| {
                    cells[a].0.abs_diff(cells[b].0) <= 1 && cells[a].1.abs_diff(cells[b].1) <= 1
                };
                let exceeded = (0..cells.len()).any(|b| beside(b) && values[b] > values[a]);
                values[a].is_finite() && !exceeded
            })
            .collect();
        tops.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        tops.truncate(STARTS);
        tops.into_iter().map(|at| point(cells[at])).collect()
    }
}

/// The maximum over (λ, φ), and over ρ where `flat`, the maximum at φ = 1, has one.
pub(super) fn find(
    design: &Design,
    lags: &ErrorLags,
    w: &Prepared,
    m: &Prepared,
    flat: Maximum,
) -> Result<Maximum, Error> {
    let square = Square::new(m.weights())?;
    let periods = design.t as f64;
    let observations = (design.n * design.t) as f64;
    let surface = Surface {
        data: Data::new(design, lags, &square)?,
        sample: Sample { observations, periods, without_unit_root: false },
        of_lag: flat.point.rho.map(|_| w.logdet()).transpose()?.map(AsRef::as_ref),
        of_error: m.logdet()?,
    };
    let lambda = flat.point.lambda.unwrap_or(0.0);
    let of_flat = surface.data.at(lambda, 1.0)?;
    if surface.slopes_at(&of_flat, flat.point.rho.unwrap_or(0.0), lambda).slope[1] >= 0.0 {
        return Ok(flat);
    }
    let search = BoxSearch {
        parameters: ["lambda", "phi"],
        log_determinant: Some(surface.of_error.method),
        bounds: [surface.of_error.bounds(), LN_PHI],
        observations,
    };
    let found = search.highest(surface.starts(), |at| surface.slopes(at))?;
    let (lambda, phi) = (found.at[0], found.at[1].exp());
    let profile = surface.data.at(lambda, phi)?.of_lag();
    let peak = surface.rho(&profile, false)?;
    let rho = peak.as_ref().map(|peak| peak.at);
    let sum_of_squares = profile.sum_of_squares(rho.unwrap_or(0.0))?.value;
    Ok(Maximum {
        point: Point {
            coefficients: profile.coefficients(rho.unwrap_or(0.0))?,
            rho,
            lambda: Some(lambda),
            phi: Some(phi),
            sigma2: sum_of_squares / observations,
        },
        log_likelihood: found.value,
        convergence: with_lag(record(found), peak),
    })
}

/// The record with ρ first, where there is one.
fn with_lag(of_rest: Convergence, of_lag: Option<Peak>) -> Convergence {
    let Some(Peak { convergence: lag, .. }) = of_lag else { return of_rest };
    let lambda = of_rest.parameter.zip(of_rest.bounds);
    let lambda = lambda.map(|(parameter, bounds)| Searched { parameter, bounds });
    Convergence {
        parameter: lag.parameter,
        log_determinant: lag.log_determinant,
        bounds: lag.bounds,
        also: lambda.into_iter().chain(of_rest.also).collect(),
        gradient: of_rest.gradient.max(lag.gradient.abs()),
        curvature: lag.curvature,
        near_boundary: of_rest.near_boundary || lag.near_boundary,
        ..of_rest
    }
}
