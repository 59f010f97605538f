//! Estimation, from checked data to the fitted model.

use durbin_core::{Panel, Warning};
use durbin_weights::Weights;
use ndarray::Array2;

use crate::{
    BiasCorrection, Convergence, Effects, Error, Fit, Prepared, SdmSpec,
    bias::lee_yu,
    convention,
    design::Design,
    goodness::Goodness,
    information::{self, Point},
    likelihood::ErrorProfile,
    maximum::{self, Maximum},
    model::Process,
    multiplier::{Multiplier, UnitSums},
    sample::Sample,
};

/// Estimates `spec` on `panel` with weights `w`.
pub(crate) fn estimate(spec: &SdmSpec, panel: &Panel, prepared: &Prepared) -> Result<Fit, Error> {
    let w = prepared.weights();
    let design = Design::new(spec, panel, w)?;
    let sample = Sample::new(spec, design.n, design.t);
    let Maximum { point, log_likelihood, convergence } =
        maximum::find(spec, &design, sample, prepared)?;
    let mut inference = Inference::at(point, &design, sample, w)?;
    if spec.bias_correction == BiasCorrection::LeeYu && spec.effects != Effects::None {
        let Inference { point, information, .. } = &inference;
        let corrected = lee_yu(point, information, spec.effects, design.n, design.t)?;
        inside(point, &corrected, &convergence)?;
        inference = Inference::at(corrected, &design, sample, w)?;
    }
    let Inference { point, information, multiplier } = inference;
    let covariance = match spec.model.process() {
        Process::Linear => {
            let residuals = &design.y - &design.z.dot(&point.coefficients);
            let absorbed = spec.effects.absorbed(design.n, design.t);
            let free = (design.n * design.t - absorbed - design.names.len()) as f64;
            let unbiased = residuals.dot(&residuals) / free;
            information::covariance_of_least_squares(&design, sample, unbiased, point.sigma2)?
        }
        Process::Lag | Process::Error => information::inverse(&information)?,
    };
    let goodness = Goodness::new(&design, &point, multiplier.as_ref());
    let sums = match (&multiplier, spec.model.process()) {
        (Some(multiplier), Process::Lag) => multiplier.sums(),
        _ => UnitSums::without_feedback(w),
    };
    let (names, parameters) = parameters(spec, &design, &point);
    let p = parameters.len() as f64;
    Ok(Fit {
        ids: panel.ids.clone(),
        n_units: design.n,
        n_periods: design.t,
        names,
        parameters,
        covariance,
        log_likelihood,
        sigma2: point.sigma2,
        r_squared: goodness.r_squared,
        r_squared_within: goodness.r_squared_within,
        aic: 2.0 * (p - log_likelihood),
        bic: p * sample.observations.ln() - 2.0 * log_likelihood,
        conventions: convention::of_fit(spec, w, &convergence),
        warnings: warnings(&convergence),
        convergence,
        n_coefficients: design.names.len(),
        terms: design.terms,
        sums,
        spec: spec.clone(),
    })
}

/// A point with the information there.
struct Inference {
    point: Point,
    /// `(k + 2) × (k + 2)`, or `(k + 1) × (k + 1)` for least squares.
    information: Array2<f64>,
    /// `(I − ρW)⁻¹` and its lag, for ρ or λ.
    multiplier: Option<Multiplier>,
}

impl Inference {
    fn at(point: Point, design: &Design, sample: Sample, w: &Weights) -> Result<Self, Error> {
        let (information, multiplier) = match (point.spatial, &design.wz) {
            (None, _) => (information::of_least_squares(design, sample, &point), None),
            (Some(lambda), Some(wz)) => {
                let multiplier = Multiplier::new(w, lambda)?;
                let profile = ErrorProfile::new(design, wz);
                let information =
                    information::of_error(&profile, sample, &point, lambda, &multiplier);
                (information, Some(multiplier))
            }
            (Some(rho), None) => {
                let multiplier = Multiplier::new(w, rho)?;
                let information = information::of_lag(design, sample, &point, rho, &multiplier);
                (information, Some(multiplier))
            }
        };
        Ok(Self { point, information, multiplier })
    }
}

/// Names and values of all parameters, in the order of the covariance.
fn parameters(spec: &SdmSpec, design: &Design, point: &Point) -> (Vec<String>, Vec<f64>) {
    let mut names = design.names.clone();
    let mut values = point.coefficients.to_vec();
    if let (Some(name), Some(value)) = (spec.model.process().parameter(), point.spatial) {
        names.push(name.to_owned());
        values.push(value);
    }
    names.push("sigma2".to_owned());
    values.push(point.sigma2);
    (names, values)
}

/// Whether a correction stays where the model is defined.
fn inside(from: &Point, to: &Point, convergence: &Convergence) -> Result<(), Error> {
    let (Some(parameter), Some((lower, upper))) = (convergence.parameter, convergence.bounds)
    else {
        return Ok(());
    };
    match (from.spatial, to.spatial) {
        (Some(from), Some(to)) if to <= lower || to >= upper => {
            Err(Error::CorrectedOutside { parameter, from, to, lower, upper })
        }
        _ => Ok(()),
    }
}

fn warnings(convergence: &Convergence) -> Vec<Warning> {
    let (Some(parameter), Some((lower, upper))) = (convergence.parameter, convergence.bounds)
    else {
        return Vec::new();
    };
    let near = convergence.near_boundary.then(|| {
        Warning::Other(format!(
            "{parameter} lies at the edge of its interval ({lower:.6}, {upper:.6}): standard errors \
             and effects are not to be trusted there"
        ))
    });
    near.into_iter().collect()
}
