//! What to estimate, as a plain value.

use durbin_core::Panel;
use durbin_weights::Weights;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    BiasCorrection, Dynamic, Effects, Error, Fit, LogDeterminant, Model, Prepared, PreparedPanel,
    Vcov, estimate,
};

/// Which regressors enter with their spatial lag in models that have such terms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Durbin {
    /// All of them.
    #[default]
    All,
    /// None of them.
    None,
    /// These.
    Only(Vec<String>),
}

impl Serialize for Durbin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::None => serializer.serialize_str("none"),
            Self::Only(names) => names.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Durbin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Word(String),
            List(Vec<String>),
        }
        match Written::deserialize(deserializer)? {
            Written::Word(word) if word == "all" => Ok(Self::All),
            Written::Word(word) if word == "none" => Ok(Self::None),
            Written::Word(word) => Err(de::Error::custom(format!(
                "`{word}`: durbin is \"all\", \"none\" or a list of regressors"
            ))),
            Written::List(names) => Ok(Self::Only(names)),
        }
    }
}

/// A model of the spatial Durbin family.
///
/// ```
/// use durbin_sdm::{BiasCorrection, Effects, Model, SdmSpec};
///
/// let spec = SdmSpec::new("V", ["P", "C"])
///     .model(Model::Sdm)
///     .effects(Effects::TwoWays)
///     .bias_correction(BiasCorrection::LeeYu);
/// assert_eq!(spec.x, ["P", "C"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct SdmSpec {
    /// The response.
    pub y: String,
    /// The regressors, without a constant.
    pub x: Vec<String>,
    /// The regressors that enter with their spatial lag too.
    #[serde(default)]
    pub durbin: Durbin,
    /// The equation.
    #[serde(default)]
    pub model: Model,
    /// The fixed effects.
    #[serde(default)]
    pub effects: Effects,
    /// What is done about the bias of estimating them.
    #[serde(default)]
    pub bias_correction: BiasCorrection,
    /// Lags in time among the regressors.
    #[serde(default)]
    pub dynamic: Dynamic,
    /// How the covariance of the parameters is computed.
    #[serde(default)]
    pub vcov: Vcov,
    /// How `ln|I − ρW|` is computed.
    #[serde(default)]
    pub log_determinant: LogDeterminant,
}

impl SdmSpec {
    /// A spatial Durbin model of `y` on `x` with two-way effects and the Lee–Yu correction.
    pub fn new<S: Into<String>>(y: impl Into<String>, x: impl IntoIterator<Item = S>) -> Self {
        Self {
            y: y.into(),
            x: x.into_iter().map(Into::into).collect(),
            durbin: Durbin::default(),
            model: Model::default(),
            effects: Effects::default(),
            bias_correction: BiasCorrection::default(),
            dynamic: Dynamic::default(),
            vcov: Vcov::default(),
            log_determinant: LogDeterminant::default(),
        }
    }

    /// The same with another equation.
    #[must_use]
    pub fn model(mut self, model: Model) -> Self {
        self.model = model;
        self
    }

    /// The same with other effects.
    #[must_use]
    pub fn effects(mut self, effects: Effects) -> Self {
        self.effects = effects;
        self
    }

    /// The same with another bias correction.
    #[must_use]
    pub fn bias_correction(mut self, bias_correction: BiasCorrection) -> Self {
        self.bias_correction = bias_correction;
        self
    }

    /// The same with another log-determinant.
    #[must_use]
    pub fn log_determinant(mut self, log_determinant: LogDeterminant) -> Self {
        self.log_determinant = log_determinant;
        self
    }

    /// The same with other lagged regressors.
    #[must_use]
    pub fn durbin(mut self, durbin: Durbin) -> Self {
        self.durbin = durbin;
        self
    }

    /// The same with lags in time among the regressors.
    #[must_use]
    pub fn dynamic(mut self, dynamic: Dynamic) -> Self {
        self.dynamic = dynamic;
        self
    }

    /// The same with another covariance of the parameters.
    #[must_use]
    pub fn vcov(mut self, vcov: Vcov) -> Self {
        self.vcov = vcov;
        self
    }

    /// Estimates the model by maximum likelihood on a balanced panel (`n` units, `t` periods; a
    /// cross-section is one period).
    ///
    /// `W` is used as it stands: row-standardise it first where that is meant. The order of its units
    /// must be the panel's.
    ///
    /// # Errors
    /// Everything [`Error`] lists: a specification that contradicts itself, data that cannot
    /// identify it (constant, absorbed or collinear columns, too few observations), a matrix
    /// too large for the log-determinant asked for, and an optimiser that did not converge.
    pub fn fit(&self, panel: &Panel, w: &Weights) -> Result<Fit, Error> {
        self.fit_prepared(panel, &Prepared::by(w, self.log_determinant))
    }

    /// The same over weights whose log-determinant other fits share, by the method chosen for it.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_prepared(&self, panel: &Panel, w: &Prepared) -> Result<Fit, Error> {
        estimate::estimate(self, panel, w, None, None)
    }

    /// The same on a panel whose lags and cross-products other fits share.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_prepared_panel(&self, data: &PreparedPanel) -> Result<Fit, Error> {
        estimate::estimate(self, data.columns.panel, data.w, None, Some(&data.columns))
    }

    /// The same with weights `m` of the error, `u = λMu + ε`, that differ from those of the lags.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit); a model without a lag of the error.
    pub fn fit_with(&self, panel: &Panel, w: &Weights, m: &Weights) -> Result<Fit, Error> {
        let by = |w| Prepared::by(w, self.log_determinant);
        self.fit_prepared_with(panel, &by(w), &by(m))
    }

    /// The same over weights whose log-determinants other fits share.
    ///
    /// # Errors
    /// As [`fit_with`](Self::fit_with).
    pub fn fit_prepared_with(
        &self,
        panel: &Panel,
        w: &Prepared,
        m: &Prepared,
    ) -> Result<Fit, Error> {
        estimate::estimate(self, panel, w, Some(m), None)
    }

    /// Whether the transformed equation of a dynamic model with two-way effects is meant: period effects
    /// leave with an orthonormal transformation, unit effects with their means (Lee & Yu 2010).
    pub(crate) fn dynamic_within(&self) -> bool {
        self.dynamic != Dynamic::None && self.effects.of_units()
    }

    /// Regressors that enter with their spatial lag under this model.
    pub(crate) fn lagged(&self) -> Vec<&str> {
        let all = self.x.iter().map(String::as_str);
        match &self.durbin {
            _ if !self.model.has_durbin_terms() => Vec::new(),
            Durbin::All => all.collect(),
            Durbin::None => Vec::new(),
            Durbin::Only(names) => all.filter(|x| names.iter().any(|name| name == x)).collect(),
        }
    }

    /// Contradictions that need no data to be seen.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.x.is_empty() {
            return Err(Error::NoRegressors);
        }
        if self.x.contains(&self.y) {
            return Err(Error::ResponseAmongRegressors { variable: self.y.clone() });
        }
        let twice = |names: &[String]| {
            let mut seen = names.iter().enumerate();
            seen.find(|(at, name)| names[..*at].contains(name)).map(|(_, name)| name.clone())
        };
        if let Some(variable) = twice(&self.x) {
            return Err(Error::DuplicateRegressor { variable });
        }
        self.check_dynamic()?;
        self.check_random()?;
        if let Durbin::Only(names) = &self.durbin {
            if !self.model.has_durbin_terms() {
                return Err(Error::NoDurbinTerms { model: self.model });
            }
            if let Some(variable) = twice(names) {
                return Err(Error::DuplicateRegressor { variable });
            }
            if let Some(name) = names.iter().find(|name| !self.x.contains(name)) {
                return Err(Error::DurbinNotInX { variable: name.clone(), x: self.x.clone() });
            }
        }
        Ok(())
    }

    fn check_dynamic(&self) -> Result<(), Error> {
        if self.dynamic == Dynamic::None {
            return Ok(());
        }
        let refuse = |why| Err(Error::NoDynamic { dynamic: self.dynamic, why });
        match self.effects {
            Effects::Random => {
                refuse("random effects are correlated with the lagged response; use fixed effects")
            }
            _ if self.dynamic_within() && self.bias_correction == BiasCorrection::Transform => {
                refuse(
                    "the transformation of unit effects mixes periods, and with them the lagged response and the error; use the bias correction lee-yu",
                )
            }
            _ => Ok(()),
        }
    }

    fn check_random(&self) -> Result<(), Error> {
        if self.effects != Effects::Random {
            return Ok(());
        }
        let refuse = |why| Err(Error::NoSandwich { vcov: self.vcov, why });
        match self.vcov {
            Vcov::Qml | Vcov::Cluster if self.model.process().has_lambda() => refuse(
                "a lag of the error spreads each unit's errors over its neighbours but leaves its effect where it is, so that no part of the residuals belongs to one unit alone; use information, or fixed effects",
            ),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_are_named_before_any_data_is_read() {
        let none: [&str; 0] = [];
        assert_eq!(SdmSpec::new("y", none).check(), Err(Error::NoRegressors));
        assert!(matches!(
            SdmSpec::new("y", ["x", "y"]).check(),
            Err(Error::ResponseAmongRegressors { variable }) if variable == "y"
        ));
        assert!(matches!(
            SdmSpec::new("y", ["x", "z", "x"]).check(),
            Err(Error::DuplicateRegressor { variable }) if variable == "x"
        ));
        let only = Durbin::Only(vec!["q".into()]);
        assert!(matches!(
            SdmSpec::new("y", ["x"]).durbin(only.clone()).check(),
            Err(Error::DurbinNotInX { variable, .. }) if variable == "q"
        ));
        assert!(matches!(
            SdmSpec::new("y", ["x"]).model(Model::Sar).durbin(only).check(),
            Err(Error::NoDurbinTerms { model: Model::Sar })
        ));
    }

    #[test]
    fn lagged_regressors_follow_the_order_of_x() {
        let only = Durbin::Only(vec!["c".into(), "a".into()]);
        let spec = SdmSpec::new("y", ["a", "b", "c"]).durbin(only);
        assert_eq!(spec.lagged(), ["a", "c"]);
        assert!(spec.model(Model::Sar).durbin(Durbin::All).lagged().is_empty());
    }

    #[test]
    fn a_study_may_leave_out_what_has_a_default() {
        let spec: SdmSpec = serde_json::from_str(r#"{"y":"v","x":["p"],"durbin":["p"]}"#).unwrap();
        assert_eq!(spec, SdmSpec::new("v", ["p"]).durbin(Durbin::Only(vec!["p".into()])));
        assert!(serde_json::from_str::<SdmSpec>(r#"{"y":"v","x":[],"durbin":"some"}"#).is_err());
        assert!(serde_json::from_str::<SdmSpec>(r#"{"y":"v","x":[],"modle":"sdm"}"#).is_err());
    }
}
