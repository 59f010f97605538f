//! The models of the family side by side, and which one the tests lead to.

mod verdict;

use durbin_core::Panel;
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    Durbin, Error, Fit, Impacts, Model, Prepared, PreparedPanel, SdmSpec, design::Design,
    likelihood::gaussian,
};

pub use verdict::Verdict;

/// The models compared, simplest first.
const MODELS: [Model; 6] =
    [Model::Ols, Model::Slx, Model::Sar, Model::Sem, Model::Sdm, Model::Sdem];

/// One model of a comparison.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The fit.
    pub fit: Fit,
    /// Its effects.
    pub impacts: Impacts,
    /// `1 − exp(−2(ℓ − ℓ₀)/m)`, ℓ₀ of the response on its effects alone (Nagelkerke 1991).
    pub r_squared_nagelkerke: f64,
    /// Posterior probability from BIC with equal priors: `exp(−BIC/2)` over its sum (Raftery 1995).
    pub probability: f64,
}

/// OLS, SLX, SAR, SEM, SDM and SDEM under the same effects, correction and weights.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The models that could be fitted.
    pub models: Vec<Compared>,
    /// Those that could not, with the reason.
    pub failed: Vec<(Model, Error)>,
    /// Where the tests lead.
    pub verdict: Verdict,
}

impl SdmSpec {
    /// Fits the six models of the family with the regressors and effects of this specification. Regressors lag as in
    /// `durbin`; all of them if the specification's own model has no such terms.
    ///
    /// # Errors
    /// What makes every model impossible: variables or units that are not there, too few observations.
    pub fn compare(&self, panel: &Panel, w: &Prepared) -> Result<Comparison, Error> {
        let ols = self.of_family(Model::Ols);
        let data = PreparedPanel::new(panel, w);
        let design = Design::from_columns(&ols, &data.columns)?;
        let (mut models, mut failed) = (Vec::new(), Vec::new());
        for model in MODELS {
            let fitted = self
                .of_family(model)
                .fit_prepared_panel(&data)
                .and_then(|fit| Ok((fit.impacts()?, fit)));
            match fitted {
                Ok((impacts, fit)) => models.push(Compared {
                    r_squared_nagelkerke: nagelkerke(&fit, &design),
                    impacts,
                    fit,
                    probability: 0.0,
                }),
                Err(error) => failed.push((model, error)),
            }
        }
        let best = models.iter().map(|one| one.fit.bic).fold(f64::INFINITY, f64::min);
        let odds = |one: &Compared| (-0.5 * (one.fit.bic - best)).exp();
        let sum: f64 = models.iter().map(odds).sum();
        for one in &mut models {
            one.probability = odds(one) / sum;
        }
        let verdict = Verdict::of(&self.of_family(Model::Sdm), &models, panel, w)?;
        Ok(Comparison { models, failed, verdict })
    }

    /// The same with another model of the family.
    pub(crate) fn of_family(&self, model: Model) -> Self {
        let durbin = match (model.has_durbin_terms(), self.model.has_durbin_terms()) {
            (true, true) => self.durbin.clone(),
            _ => Durbin::All,
        };
        self.clone().model(model).durbin(durbin)
    }
}

fn nagelkerke(fit: &Fit, design: &Design) -> f64 {
    let count = design.y.len() as f64;
    let mean = design.y.sum() / count;
    let squares: f64 = design.y.iter().map(|v| (v - mean).powi(2)).sum();
    // The transformed likelihood counts fewer observations.
    let m = fit.observations();
    1.0 - (2.0 / m * (gaussian(squares, m) - fit.log_likelihood)).exp()
}

impl Fit {
    /// Observations that the likelihood counts.
    pub(crate) fn observations(&self) -> f64 {
        crate::sample::Sample::new(&self.spec, self.n_units, self.n_periods).observations
    }
}

impl Serialize for Compared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Named {
            name: String,
            #[serde(flatten)]
            estimate: durbin_core::Estimate,
        }
        let fit = &self.fit;
        let coefficients = fit.coefficients().into_iter();
        let coefficients: Vec<Named> =
            coefficients.map(|(name, estimate)| Named { name, estimate }).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("model", &fit.spec.model)?;
        map.serialize_entry("coefficients", &coefficients)?;
        map.serialize_entry("rho", &fit.rho())?;
        map.serialize_entry("lambda", &fit.lambda())?;
        map.serialize_entry("sigma2", &fit.sigma2)?;
        map.serialize_entry("impacts", &self.impacts.rows)?;
        map.serialize_entry("log_likelihood", &fit.log_likelihood)?;
        map.serialize_entry("aic", &fit.aic)?;
        map.serialize_entry("bic", &fit.bic)?;
        map.serialize_entry("r_squared", &fit.r_squared)?;
        map.serialize_entry("r_squared_within", &fit.r_squared_within)?;
        map.serialize_entry("r_squared_nagelkerke", &self.r_squared_nagelkerke)?;
        map.serialize_entry("probability", &self.probability)?;
        map.end()
    }
}

impl Serialize for Comparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Failed {
            model: Model,
            reason: String,
        }
        let failed: Vec<Failed> = self
            .failed
            .iter()
            .map(|(model, error)| Failed { model: *model, reason: error.to_string() })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("models", &self.models)?;
        map.serialize_entry("failed", &failed)?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.end()
    }
}
