//! The section `[robustness]` of a study file.

use durbin_sdm::{Effects, Model};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    study::{
        Study,
        file::{Label, Sdm},
    },
};

/// Choices to combine; what is left out stays as in the model.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Robustness {
    /// Name of the `[[sdm]]`; the first one without it.
    #[serde(default)]
    pub of: Option<String>,
    /// Kinds or files of weights, as `[weights] kind`.
    #[serde(default)]
    pub weights: Vec<String>,
    /// Models.
    #[serde(default)]
    pub models: Vec<Model>,
    /// Fixed effects.
    #[serde(default)]
    pub effects: Vec<Effects>,
    /// Shares cut at both ends, such as 0.01: values beyond take the value of that quantile.
    #[serde(default)]
    pub winsorize: Vec<f64>,
    /// What is done to response and regressors.
    #[serde(default)]
    pub transformations: Vec<Transformation>,
    /// A field of groups: each by itself is a sample, beside all units.
    #[serde(default)]
    pub regions: Option<String>,
    /// A field of groups: all units without each is a sample.
    #[serde(default)]
    pub leave_out: Option<String>,
    /// First and last period of samples, beside all periods.
    #[serde(default)]
    pub periods: Vec<[Label; 2]>,
    /// The regressors whose curves are drawn; all without it.
    #[serde(default)]
    pub interest: Vec<String>,
}

/// A transformation of response and regressors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transformation {
    /// As they are.
    None,
    /// Natural logarithm.
    Log,
    /// Inverse hyperbolic sine, `ln(v + √(v² + 1))`.
    Ihs,
    /// Less the mean, over the standard deviation, of the sample.
    Standardize,
}

impl Transformation {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Log => "log",
            Self::Ihs => "ihs",
            Self::Standardize => "standardize",
        }
    }
}

impl Robustness {
    /// The model whose robustness it is.
    pub(super) fn sdm<'a>(&self, study: &'a Study) -> Result<&'a Sdm, Error> {
        let found = match &self.of {
            None => study.sdm.first(),
            name => study.sdm.iter().find(|sdm| sdm.name == *name),
        };
        let sdm = found.ok_or_else(|| match &self.of {
            Some(name) => {
                study.wrong(format!("[robustness] of = \"{name}\": no [[sdm]] has that name"))
            }
            None => study.wrong("[robustness] needs a [[sdm]] whose robustness it is"),
        })?;
        if let Some(stranger) = self.interest.iter().find(|name| !sdm.x.contains(name)) {
            return Err(study.wrong(format!(
                "[robustness] interest = \"{stranger}\": the regressors are {}",
                sdm.x.join(", ")
            )));
        }
        if let Some(share) = self.winsorize.iter().find(|share| !(0.0..0.5).contains(*share)) {
            return Err(study.wrong(format!(
                "[robustness] winsorize = {share}: a share from 0 to less than 0.5 is cut at both ends"
            )));
        }
        Ok(sdm)
    }
}
