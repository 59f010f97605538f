//! Estimation, from checked data to the fitted model.

use durbin_core::{Panel, Warning};
use ndarray::Array2;

use crate::{
    BiasCorrection, Convergence, Dynamic, Effects, Error, Fit, Prepared, SdmSpec, Vcov,
    bias::lee_yu,
    columns::Columns,
    convention,
    design::Design,
    dynamic::{self, Dynamics},
    goodness::{Goodness, residuals},
    information,
    likelihood::ErrorProfile,
    maximum::{self, Maximum},
    model::Process,
    multiplier::{Multiplier, Reach},
    parameters::{Point, Positions, counted, named},
    random,
    sample::Sample,
    scores::{Estimated, Scores, share},
};

/// Estimates `spec` on `panel` with weights `w` of the lags, and of the error where `m` gives no others; from `columns` of
/// them that other fits share, if there are some.
pub(crate) fn estimate(
    spec: &SdmSpec,
    panel: &Panel,
    w: &Prepared,
    m: Option<&Prepared>,
    columns: Option<&Columns>,
) -> Result<Fit, Error> {
    if m.is_some() && !spec.model.process().has_lambda() {
        return Err(Error::NoErrorWeights { model: spec.model });
    }
    // The same weights twice have one log-determinant.
    let m = m.filter(|m| !std::ptr::eq(m.weights(), w.weights()));
    let prepared = Weighted { w, m: m.unwrap_or(w) };
    let (w, m) = (w.weights(), prepared.m.weights());
    let design = match columns {
        Some(columns) => Design::from_columns(spec, columns)?,
        None => Design::new(spec, panel, w, m)?,
    };
    let sample = Sample::new(spec, design.n, design.t);
    let Maximum { point, log_likelihood, mut convergence } =
        maximum::find(spec, &design, sample, prepared.w, prepared.m)?;
    let data = Data { spec, design: &design, sample, prepared };
    let mut inference = data.at(point, None)?;
    if let Some(corrected) = data.corrected(&inference)? {
        inside(&inference.point, &corrected, &convergence)?;
        inference = data.at(corrected, Some(inference))?;
    }
    let covariance;
    (covariance, convergence.covariance_error) = data.covariance(&inference)?;
    let Inference { point, of_lag, of_error, lagged, .. } = inference;
    drop(of_error);
    let lagged =
        of_lag.as_ref().map(|g| lagged.unwrap_or_else(|| g.lagged(&design.fitted(&point))));
    let goodness = Goodness::new(&design, &point, lagged.as_ref());
    drop(lagged);
    let reach = match &of_lag {
        Some(multiplier) => Reach::of(multiplier, data.prepared.w.logdet()?),
        None => Reach::without_feedback(w),
    };
    drop(of_lag);
    let positions = Positions::of(&point);
    let dynamics = Dynamics::of(&design);
    let (names, parameters) = named(&design, &point);
    let stability = match spec.dynamic {
        Dynamic::None => None,
        _ => Some(dynamic::stability(&design, &point, data.bounds(&convergence)?)),
    };
    let long_run = match stability {
        None => None,
        Some(stability) => {
            let (_, kappa) = dynamics.long_run(&parameters, positions);
            let logdet = data.prepared.w.logdet()?;
            let reach = logdet.multiplier(kappa).map(|multiplier| Reach::of(&multiplier, logdet));
            // Without stability there may be no equilibrium either.
            if stability.stable { Some(reach?) } else { reach.ok() }
        }
    };
    let p = counted(spec, &design);
    let mut warnings = warnings(spec, &point, &convergence);
    warnings.extend(stability.as_ref().and_then(dynamic::warning));
    if spec.dynamic != Dynamic::None {
        warnings.extend(dynamic::uneven(&panel.periods));
    }
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
        conventions: convention::of_fit(spec, w, m, &convergence),
        warnings,
        convergence,
        stability,
        positions,
        dynamics,
        terms: design.terms,
        reach,
        long_run,
        spec: spec.clone(),
    })
}

/// What a model is estimated from.
struct Data<'a> {
    spec: &'a SdmSpec,
    design: &'a Design,
    sample: Sample,
    prepared: Weighted<'a>,
}

/// Weights of the lags and of the error, with what fits over them share.
#[derive(Clone, Copy)]
struct Weighted<'a> {
    w: &'a Prepared<'a>,
    m: &'a Prepared<'a>,
}

/// A point with the information there.
struct Inference {
    point: Point,
    /// Square, in the order of [`Positions`].
    information: Estimated,
    /// `(I − ρW)⁻¹` and its lag.
    of_lag: Option<Multiplier>,
    /// The same for λ.
    of_error: Option<Multiplier>,
    /// `(I⊗G)Zγ`, `t × n`, where it was needed.
    lagged: Option<Array2<f64>>,
}

impl Data<'_> {
    /// The information at `point`. The correction for one-way effects moves σ² alone: what does not depend on it is then
    /// taken from `before`.
    fn at(&self, point: Point, before: Option<Inference>) -> Result<Inference, Error> {
        let Self { design, sample, prepared, .. } = *self;
        let before = before.filter(|before| before.point.differs_in_variance_alone(&point));
        let (of_lag, of_error, mut lagged) = before
            .map_or((None, None, None), |before| (before.of_lag, before.of_error, before.lagged));
        let multiplier = |known, of: &Prepared, at: Option<f64>| match (known, at) {
            (None, Some(at)) => of.logdet()?.multiplier(at).map(Some),
            (known, _) => Ok::<Option<Multiplier>, Error>(known),
        };
        let of_lag = multiplier(of_lag, prepared.w, point.rho)?;
        if let (Some(lambda), Some(phi)) = (point.lambda, point.phi) {
            let lag = (prepared.w, of_lag.as_ref());
            let information = random::information(design, &point, (lambda, phi), lag, prepared.m)?;
            return Ok(Inference { point, information, of_lag, of_error: None, lagged: None });
        }
        let of_error = multiplier(of_error, prepared.m, point.lambda)?;
        let information = match (&of_lag, point.lambda.zip(of_error.as_ref()), &design.error) {
            (Some(g), Some((_, h)), _) => {
                Scores::new(design, sample, &point, Some(g), Some(h)).information()?
            }
            (None, Some((lambda, h)), Some(lags)) => {
                let compact = design.compact();
                let lags = compact.error.as_ref().unwrap_or(lags);
                let profile = ErrorProfile::new(compact, lags, 0.0);
                Estimated::exact(information::of_error(&profile, sample, &point, lambda, h))
            }
            (g, _, _) => {
                let starred = point.phi.map(|phi| design.quasi_demeaned(phi));
                let seen = starred.as_ref().unwrap_or(design);
                Estimated::exact(match g {
                    Some(g) => {
                        let along = lagged.take().unwrap_or_else(|| g.lagged(&seen.fitted(&point)));
                        let information = information::of_lag(seen, sample, &point, g, &along);
                        lagged = starred.is_none().then_some(along);
                        information
                    }
                    None => information::of_coefficients(seen.gram(), sample, &point),
                })
            }
        };
        Ok(Inference { point, information, of_lag, of_error, lagged })
    }

    /// The point without the bias that fixed effects leave, where that is asked for.
    fn corrected(&self, inference: &Inference) -> Result<Option<Point>, Error> {
        let Self { spec, design, sample, prepared: Weighted { w, m }, .. } = *self;
        let Inference { point, information, .. } = inference;
        if spec.bias_correction != BiasCorrection::LeeYu || !spec.effects.are_fixed() {
            return Ok(None);
        }
        if spec.dynamic_within() {
            return dynamic::corrected(point, design, sample, &information.value, w, m).map(Some);
        }
        lee_yu(point, &information.value, spec.effects, design.n, design.t).map(Some)
    }

    /// With the share of a standard error by which random vectors may have moved it, where there are such.
    fn covariance(&self, inference: &Inference) -> Result<(Array2<f64>, Option<f64>), Error> {
        let Self { spec, design, sample, .. } = *self;
        let Inference { point, information, of_lag, of_error, .. } = inference;
        if spec.vcov != Vcov::Information {
            let of_lag = of_lag.as_ref();
            let scores = || Scores::new(design, sample, point, of_lag, of_error.as_ref());
            let bread = information::inverse(&information.value)?;
            let meat = match (spec.vcov, point.phi) {
                (Vcov::Cluster, Some(phi)) => {
                    random::clustered(design, sample, point, phi, of_lag)?
                }
                (Vcov::Cluster, None) => scores().clustered(None)?,
                (_, Some(phi)) => {
                    let beyond = random::beyond_normal(design, point, phi, of_lag)?;
                    information.plus(&Estimated::exact(beyond))
                }
                (_, None) => information.plus(&scores().beyond_normal(spec)),
            };
            let covariance = bread.dot(&meat.value).dot(&bread);
            let error = share(&bread, &covariance, &information.error, Some(&meat.error));
            return Ok((covariance, error));
        }
        if spec.model.process() == Process::Linear && spec.effects != Effects::Random {
            let e = residuals(design, point);
            let absorbed = spec.effects.absorbed(design.n, design.t);
            let free = (design.n * design.t - absorbed - design.names.len()) as f64;
            let unbiased = e.dot(&e) / free;
            let (of, sigma2) = (information::covariance_of_least_squares, point.sigma2);
            return Ok((of(design, sample, unbiased, sigma2)?, None));
        }
        let covariance = information::inverse(&information.value)?;
        let error = share(&covariance, &covariance, &information.error, None);
        Ok((covariance, error))
    }

    /// The inverse extreme real eigenvalues of W.
    fn bounds(&self, convergence: &Convergence) -> Result<(f64, f64), Error> {
        match (convergence.parameter, convergence.bounds) {
            (Some("rho"), Some(bounds)) => Ok(bounds),
            _ => Ok(self.prepared.w.logdet()?.bounds()),
        }
    }
}

/// Whether a correction stays where the model is defined.
fn inside(from: &Point, to: &Point, convergence: &Convergence) -> Result<(), Error> {
    for searched in convergence.searched() {
        let value = |point: &Point| match searched.parameter {
            "rho" => point.rho,
            "lambda" => point.lambda,
            _ => None,
        };
        let (lower, upper) = searched.bounds;
        if let (Some(from), Some(to)) = (value(from), value(to))
            && (to <= lower || to >= upper)
        {
            let parameter = searched.parameter;
            return Err(Error::CorrectedOutside { parameter, from, to, lower, upper });
        }
    }
    Ok(())
}

fn warnings(spec: &SdmSpec, point: &Point, convergence: &Convergence) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if convergence.near_boundary {
        let searched = convergence.searched();
        let words: Vec<String> = searched
            .iter()
            .map(|s| format!("{} in ({:.6}, {:.6})", s.parameter, s.bounds.0, s.bounds.1))
            .collect();
        let verb = if words.len() == 1 { "lies" } else { "lie" };
        warnings.push(Warning::Other(format!(
            "{} {verb} at the edge of what is possible: standard errors and effects are not to be \
             trusted there",
            words.join(", ")
        )));
    }
    if spec.effects == Effects::Random && point.phi.is_none() {
        warnings.push(Warning::Other(
            "no variance between units was found beyond that of the errors: the random effects are \
             zero, and the estimates those of effects `none`"
                .to_owned(),
        ));
    }
    warnings
}
