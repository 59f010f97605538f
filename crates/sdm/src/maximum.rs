//! The maximum-likelihood point of a model.

use durbin_core::linalg::LeastSquares;
use ndarray::Array1;

use crate::{
    Convergence, Effects, Error, Prepared, SdmSpec,
    design::{Design, ErrorLags},
    likelihood::{
        ErrorProfile, LagProfile, Profile, concentrated, gaussian, jacobian, roughly_concentrated,
    },
    logdet::{LogDet, Taylor},
    model::Process,
    optimise::Search,
    parameters::Point,
    random,
    sample::Sample,
    search::{BoxSearch, Slopes},
};

/// Share of the response's sum of squares below which residuals are rounding.
const EXACT: f64 = 1e-24;

/// Where the likelihood is highest.
pub(crate) struct Maximum {
    pub point: Point,
    pub log_likelihood: f64,
    pub convergence: Convergence,
}

/// Maximises the likelihood of `spec` with weights `w` of the lags and `m` of the error.
///
/// # Errors
/// A perfect fit, a W too large for its log-determinant, no convergence.
pub(crate) fn find(
    spec: &SdmSpec,
    design: &Design,
    sample: Sample,
    w: &Prepared,
    m: &Prepared,
) -> Result<Maximum, Error> {
    let (_, squares) = regress(design)?;
    if squares <= EXACT * design.y.dot(&design.y) {
        return Err(Error::PerfectFit { variable: spec.y.clone() });
    }
    if spec.effects == Effects::Random {
        return random::find(design, w, m, || pooled(spec.model.process(), design, sample, w, m));
    }
    pooled(spec.model.process(), design, sample, w, m)
}

/// The maximum without a random effect.
fn pooled(
    process: Process,
    design: &Design,
    sample: Sample,
    w: &Prepared,
    m: &Prepared,
) -> Result<Maximum, Error> {
    let compact = design.compact();
    match (process, &compact.error) {
        (Process::Lag, _) => {
            let profile = LagProfile::new(design)?;
            let (rho, found) = search("rho", &profile, sample, w)?;
            Ok(Maximum { point: Point { rho: Some(rho), ..found.point }, ..found })
        }
        (Process::Error, Some(lags)) => {
            let profile = ErrorProfile::new(compact, lags, 0.0);
            let (lambda, found) = search("lambda", &profile, sample, m)?;
            Ok(Maximum { point: Point { lambda: Some(lambda), ..found.point }, ..found })
        }
        (Process::Both, Some(lags)) => both(compact, lags, sample, w, m),
        _ => least_squares(design, sample),
    }
}

/// Coefficients and sum of squares without spatial parameters.
fn regress(design: &Design) -> Result<(Array1<f64>, f64), Error> {
    let design = design.compact();
    let ols = LeastSquares::new(&design.z)?;
    let residuals = ols.residuals(&design.y);
    Ok((ols.coefficients(&design.y), residuals.dot(&residuals)))
}

fn least_squares(design: &Design, sample: Sample) -> Result<Maximum, Error> {
    let (coefficients, squares) = regress(design)?;
    Ok(Maximum {
        point: Point {
            coefficients,
            rho: None,
            lambda: None,
            phi: None,
            sigma2: squares / sample.observations,
        },
        log_likelihood: gaussian(squares, sample.observations),
        convergence: Convergence::closed_form(),
    })
}

/// One spatial parameter: its value, and the rest.
fn search(
    parameter: &'static str,
    profile: &impl Profile,
    sample: Sample,
    w: &Prepared,
) -> Result<(f64, Maximum), Error> {
    let logdet = w.logdet()?;
    let search = Search {
        parameter,
        log_determinant: logdet.method,
        bounds: logdet.bounds(),
        observations: sample.observations,
    };
    let exact = |spatial| concentrated(profile, logdet, sample, spatial);
    let found = if logdet.is_costly() {
        let rough = |spatial| roughly_concentrated(profile, logdet, sample, spatial);
        search.maximise_from(rough, exact)?
    } else {
        search.maximise(exact)?
    };
    let maximum = Maximum {
        point: Point {
            coefficients: profile.coefficients(found.at)?,
            rho: None,
            lambda: None,
            phi: None,
            sigma2: profile.sum_of_squares(found.at)?.value / sample.observations,
        },
        log_likelihood: found.value,
        convergence: Convergence {
            log_determinant_error: logdet.error(found.at),
            ..found.convergence
        },
    };
    Ok((found.at, maximum))
}

/// Both spatial parameters: `ℓ(ρ, λ) = T·ln|I − ρW| + T·ln|I − λM| − m/2·(ln(2π) + ln(e'e/m) + 1)` with
/// `e = B(y − ρWy − Zγ)` and γ at its best (Anselin 1988).
struct Surface<'a> {
    design: &'a Design,
    lags: &'a ErrorLags,
    sample: Sample,
    of_lag: &'a LogDet,
    of_error: &'a LogDet,
}

impl Surface<'_> {
    /// With log-determinants as `of` gives them.
    fn at(
        &self,
        [rho, lambda]: [f64; 2],
        of: impl Fn(&LogDet, f64) -> Taylor,
    ) -> Result<Slopes<2>, Error> {
        let profile = ErrorProfile::new(self.design, self.lags, rho);
        let squares = profile.sum_of_squares(lambda)?;
        let m = self.sample.observations;
        let growth = 0.5 * m / squares.value;
        let lag = jacobian(of(self.of_lag, rho), self.sample, rho);
        let error = jacobian(of(self.of_error, lambda), self.sample, lambda);
        Ok(Slopes {
            value: lag.value + error.value + gaussian(squares.value, m),
            slope: [
                lag.slope - growth * profile.slope_in_rho(lambda)?,
                error.slope - growth * squares.slope,
            ],
        })
    }

    /// A bound of the error of both log-determinants, of which one may be exact.
    fn error(&self, [rho, lambda]: [f64; 2]) -> Option<f64> {
        match (self.of_lag.error(rho), self.of_error.error(lambda)) {
            (Some(a), Some(b)) => Some(a + b),
            (one, other) => one.or(other),
        }
    }
}

fn both(
    design: &Design,
    lags: &ErrorLags,
    sample: Sample,
    w: &Prepared,
    m: &Prepared,
) -> Result<Maximum, Error> {
    let (of_lag, of_error) = (w.logdet()?.as_ref(), m.logdet()?.as_ref());
    let surface = Surface { design, lags, sample, of_lag, of_error };
    let search = BoxSearch {
        parameters: ["rho", "lambda"],
        log_determinant: Some(of_lag.method),
        bounds: [of_lag.bounds(), of_error.bounds()],
        observations: sample.observations,
    };
    let exact = |at| surface.at(at, LogDet::at);
    let found = if of_lag.is_costly() || of_error.is_costly() {
        search.maximise_from(|at| surface.at(at, LogDet::rough), exact)?
    } else {
        search.maximise(exact)?
    };
    let [rho, lambda] = found.at;
    let profile = ErrorProfile::new(design, lags, rho);
    Ok(Maximum {
        point: Point {
            coefficients: profile.coefficients(lambda)?,
            rho: Some(rho),
            lambda: Some(lambda),
            phi: None,
            sigma2: profile.sum_of_squares(lambda)?.value / sample.observations,
        },
        log_likelihood: found.value,
        convergence: Convergence {
            log_determinant_error: surface.error(found.at),
            ..found.convergence
        },
    })
}

#[cfg(test)]
mod tests;
