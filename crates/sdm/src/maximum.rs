//! The maximum-likelihood point of a model.

use durbin_core::linalg::LeastSquares;

use crate::{
    Convergence, Error, Prepared, SdmSpec,
    design::Design,
    information::Point,
    likelihood::{ErrorProfile, LagProfile, Profile, concentrated, gaussian},
    optimise::Search,
    sample::Sample,
};

/// Share of the response's sum of squares below which residuals are rounding.
const EXACT: f64 = 1e-24;

/// Where the likelihood is highest.
pub(crate) struct Maximum {
    pub point: Point,
    pub log_likelihood: f64,
    pub convergence: Convergence,
}

/// Maximises the likelihood of `spec`.
///
/// # Errors
/// A perfect fit, a W too large for its eigenvalues, no convergence.
pub(crate) fn find(
    spec: &SdmSpec,
    design: &Design,
    sample: Sample,
    w: &Prepared,
) -> Result<Maximum, Error> {
    let ols = LeastSquares::new(&design.z)?;
    let residuals = ols.residuals(&design.y);
    let squares = residuals.dot(&residuals);
    if squares <= EXACT * design.y.dot(&design.y) {
        return Err(Error::PerfectFit { variable: spec.y.clone() });
    }
    match (spec.model.process().parameter(), &design.wz) {
        (None, _) => Ok(Maximum {
            point: Point {
                coefficients: ols.coefficients(&design.y),
                spatial: None,
                sigma2: squares / sample.observations,
            },
            log_likelihood: gaussian(squares, sample.observations),
            convergence: Convergence::closed_form(),
        }),
        (Some(parameter), Some(wz)) => search(parameter, &ErrorProfile::new(design, wz), sample, w),
        (Some(parameter), None) => search(parameter, &LagProfile::new(design)?, sample, w),
    }
}

fn search(
    parameter: &'static str,
    profile: &impl Profile,
    sample: Sample,
    w: &Prepared,
) -> Result<Maximum, Error> {
    let logdet = w.logdet()?;
    let search = Search {
        parameter,
        log_determinant: logdet.method,
        bounds: logdet.bounds(),
        observations: sample.observations,
    };
    let found = search.maximise(|spatial| concentrated(profile, logdet, sample, spatial))?;
    Ok(Maximum {
        point: Point {
            coefficients: profile.coefficients(found.at)?,
            spatial: Some(found.at),
            sigma2: profile.sum_of_squares(found.at)?.value / sample.observations,
        },
        log_likelihood: found.value,
        convergence: found.convergence,
    })
}
