//! What is fitted to the panels drawn.

use std::str::FromStr;

use durbin_core::{Estimate, Panel};
use durbin_gmm::{GmmSpec, Transform};
use durbin_sdm::{Durbin, Dynamic, Model, Prepared, SdmSpec};
use durbin_weights::Weights;
use serde::Serialize;

use super::{SIMULATED, Truth};
use crate::{
    Error, Neighbours,
    neighbours::{Spatial, insert},
};

/// What is fitted to the panels drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Estimator {
    /// Maximum likelihood, as `durbin sdm`.
    #[default]
    Ml,
    /// Difference GMM, as `durbin gmm`.
    Difference,
    /// System GMM.
    System,
}

impl FromStr for Estimator {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ml" => Ok(Self::Ml),
            "difference" => Ok(Self::Difference),
            "system" => Ok(Self::System),
            _ => Err("one of ml, difference, system".to_owned()),
        }
    }
}

impl Estimator {
    /// The model as it is fitted: by GMM with the lagged response, whether or not its coefficient is zero.
    pub(super) fn fitted(self, truth: &Truth) -> Truth {
        let dynamic = match (self, truth.dynamic()) {
            (Self::Ml, dynamic) => dynamic,
            (_, Dynamic::None) => Dynamic::Time,
            (_, Dynamic::Space) => Dynamic::Both,
            (_, dynamic) => dynamic,
        };
        Truth { dynamic, ..truth.clone() }
    }
}

/// A model ready to be fitted to panel after panel.
pub(super) enum Fitting<'a> {
    Likelihood(SdmSpec, Prepared<'a>),
    Moments(Spatial, &'a Weights),
}

impl<'a> Fitting<'a> {
    pub fn new(estimator: Estimator, truth: &Truth, w: &'a Weights) -> Result<Self, Error> {
        let x = truth.beta.keys().cloned();
        let spec = match estimator {
            Estimator::Ml => {
                let durbin =
                    if truth.model.has_durbin_terms() { Durbin::All } else { Durbin::None };
                let spec = SdmSpec::new(truth.y.clone(), x)
                    .durbin(durbin)
                    .model(truth.model)
                    .effects(truth.effects)
                    .bias_correction(truth.bias_correction)
                    .dynamic(truth.dynamic());
                return Ok(Self::Likelihood(spec, Prepared::new(w)));
            }
            Estimator::Difference => GmmSpec::difference(truth.y.clone(), x),
            Estimator::System => GmmSpec::system(truth.y.clone(), x),
        };
        let past = truth.dynamic().in_space().then(|| format!("L.W*{}", truth.y));
        let spec = GmmSpec {
            x: spec.x.into_iter().chain(past).collect(),
            collapse: true,
            transform: Transform::Orthogonal,
            time_effects: truth.effects.of_periods(),
            ..spec
        };
        let model = Some(truth.model).filter(|model| *model != Model::Ols);
        let neighbours = Neighbours { model, durbin: Durbin::All };
        let failed = |source| Error::Gmm { file: SIMULATED.to_owned(), source };
        // Every variable is drawn, and none is named W.
        let spatial = neighbours.spatial(&spec, &|name| truth.draws(name)).map_err(failed)?;
        Ok(Self::Moments(spatial, w))
    }

    /// Coefficients by the names of the truth.
    pub fn fit(&self, mut panel: Panel) -> Result<Vec<(String, Estimate)>, Error> {
        match self {
            Self::Likelihood(spec, prepared) => {
                let fit = spec
                    .fit_prepared(&panel, prepared)
                    .map_err(|source| Error::Sdm { file: SIMULATED.to_owned(), source })?;
                let rho = fit.rho().map(|rho| ("rho".to_owned(), rho));
                let lambda = fit.lambda().map(|lambda| ("lambda".to_owned(), lambda));
                Ok(fit.coefficients().into_iter().chain(rho).chain(lambda).collect())
            }
            Self::Moments(Spatial { spec, lagged, .. }, w) => {
                insert(&mut panel, lagged, w).map_err(Error::data(SIMULATED))?;
                let fit = spec
                    .fit(&panel)
                    .map_err(|source| Error::Gmm { file: SIMULATED.to_owned(), source })?;
                let of_y = format!("W*{}", spec.y);
                let named = |(name, estimate)| {
                    (if name == of_y { "rho".to_owned() } else { name }, estimate)
                };
                Ok(fit.coefficients().into_iter().map(named).collect())
            }
        }
    }

    /// What is fitted, in words.
    pub fn in_words(&self) -> String {
        match self {
            Self::Likelihood(spec, _) => match spec.dynamic {
                Dynamic::None => "maximum likelihood".to_owned(),
                dynamic => format!("maximum likelihood, dynamic {dynamic}"),
            },
            Self::Moments(Spatial { spec, .. }, _) => {
                let named = |styles: Vec<String>| {
                    if styles.is_empty() {
                        "y:2-, regressors".to_owned()
                    } else {
                        styles.join(", ")
                    }
                };
                let styles = spec.gmm_style.iter().map(ToString::to_string);
                let iv = spec.iv_style.iter().map(ToString::to_string);
                format!(
                    "two-step {} GMM, orthogonal deviations, collapsed instruments {}",
                    spec.estimator,
                    named(styles.chain(iv).collect())
                )
            }
        }
    }
}
