//! A model with all of its parameters.

use std::collections::BTreeMap;

use durbin_sdm::{BiasCorrection, Dynamic, Effects, Model};
use serde::{Deserialize, Serialize};

use crate::Error;

/// y = τy₋₁ + ηWy₋₁ + ρWy + Xβ + WXθ + μ + λ + u with u = λWu + ε, ε ~ N(0, σ²), and regressors x = trend·s + a + e with e = x_rho·We + v,
/// where s runs from 0 to 1 over the periods, a ~ N(0, x_unit_sd²) is of a unit and v ~ N(0, 1) of a unit and period.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// Name of the explained variable.
    #[serde(default = "y")]
    pub y: String,
    /// The model, which is also the one that is fitted.
    #[serde(default = "sdm")]
    pub model: Model,
    /// Effects drawn and fitted.
    #[serde(default = "twoways")]
    pub effects: Effects,
    /// Bias correction of the fit.
    #[serde(default = "lee_yu")]
    pub bias_correction: BiasCorrection,
    /// ρ.
    #[serde(default)]
    pub rho: f64,
    /// λ.
    #[serde(default)]
    pub lambda: f64,
    /// τ, of y one period before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tau: f64,
    /// η, of Wy one period before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub eta: f64,
    /// Lags in time that are fitted, those of τ and η where they are not zero among them.
    #[serde(default, skip_serializing_if = "is_static")]
    pub dynamic: Dynamic,
    /// β by regressor.
    pub beta: BTreeMap<String, f64>,
    /// θ by regressor; 0 where nothing is said.
    #[serde(default)]
    pub theta: BTreeMap<String, f64>,
    /// Standard deviation of ε.
    #[serde(default = "one")]
    pub sigma: f64,
    /// Standard deviation of the effects of units.
    #[serde(default = "one")]
    pub unit_sd: f64,
    /// Standard deviation of the effects of periods.
    #[serde(default = "one")]
    pub time_sd: f64,
    /// Growth of y over all periods that is common to all units.
    #[serde(default)]
    pub trend: f64,
    /// Growth of every regressor over all periods.
    #[serde(default)]
    pub x_trend: f64,
    /// Standard deviation of what a regressor keeps over time in a unit.
    #[serde(default = "one")]
    pub x_unit_sd: f64,
    /// Spatial dependence of the regressors.
    #[serde(default)]
    pub x_rho: f64,
    /// Share of values left missing, never in a unit's first or last period.
    #[serde(default)]
    pub missing_share: f64,
    /// Share of values moved by five standard deviations of their variable.
    #[serde(default)]
    pub outliers: f64,
}

fn y() -> String {
    "y".to_owned()
}
fn sdm() -> Model {
    Model::Sdm
}
fn twoways() -> Effects {
    Effects::TwoWays
}
fn lee_yu() -> BiasCorrection {
    BiasCorrection::LeeYu
}
fn one() -> f64 {
    1.0
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_static(dynamic: &Dynamic) -> bool {
    *dynamic == Dynamic::None
}

impl Truth {
    /// Refuses parameters that no model of this kind has.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = |reason: String| Err(Error::Usage(reason));
        if self.beta.is_empty() {
            return wrong("a model needs regressors: --beta P=0.3,C=0.1".to_owned());
        }
        if self.beta.contains_key(&self.y) {
            return wrong(format!("--y {0} is among the regressors of --beta", self.y));
        }
        if let Some(stranger) = self.theta.keys().find(|name| !self.beta.contains_key(*name)) {
            return wrong(format!("--theta {stranger}: not among the regressors of --beta"));
        }
        for (name, value, has) in [
            ("rho", self.rho, matches!(self.model, Model::Sar | Model::Sdm)),
            ("lambda", self.lambda, matches!(self.model, Model::Sem | Model::Sdem)),
        ] {
            if value != 0.0 && !has {
                return wrong(format!("--{name} {value}: the model {} has none", self.model));
            }
        }
        if !self.theta.is_empty() && !self.model.has_durbin_terms() {
            return wrong(format!("--theta: the model {} has no lagged regressors", self.model));
        }
        for (name, value) in [("rho", self.rho), ("lambda", self.lambda), ("x-rho", self.x_rho)] {
            if !(value > -1.0 && value < 1.0) {
                return wrong(format!(
                    "--{name} {value}: between -1 and 1, or the process explodes"
                ));
            }
        }
        // The eigenvalues of W lie in the unit disc, which (τ + ηω)/(1 − ρω) maps into one around its ends.
        let (tau, eta, rho) = (self.tau, self.eta, self.rho);
        if !((tau + eta).abs() < 1.0 - rho && (tau - eta).abs() < 1.0 + rho) {
            return wrong(format!(
                "--tau {tau} --eta {eta} --rho {rho}: |tau + eta| < 1 - rho and |tau - eta| < 1 + rho, or the process explodes"
            ));
        }
        for (name, value) in [("missing-share", self.missing_share), ("outliers", self.outliers)] {
            if !(0.0..1.0).contains(&value) {
                return wrong(format!("--{name} {value}: a share from 0 to below 1"));
            }
        }
        let sds = [("sigma", self.sigma), ("unit-sd", self.unit_sd), ("time-sd", self.time_sd)];
        if let Some((name, value)) =
            sds.into_iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0))
        {
            return wrong(format!("--{name} {value}: a standard deviation is not negative"));
        }
        if self.sigma <= 0.0 {
            return wrong("--sigma 0: without noise there is nothing to estimate".to_owned());
        }
        Ok(())
    }

    /// Lags in time that are fitted.
    pub(super) fn dynamic(&self) -> Dynamic {
        let in_time = self.tau != 0.0 || self.dynamic.in_time();
        match (in_time, self.eta != 0.0 || self.dynamic.in_space()) {
            (true, true) => Dynamic::Both,
            (true, false) => Dynamic::Time,
            (false, true) => Dynamic::Space,
            (false, false) => Dynamic::None,
        }
    }

    /// The coefficients by the names of the fit.
    pub(super) fn coefficients(&self) -> Vec<(String, f64)> {
        let mut all: Vec<(String, f64)> = self.beta.iter().map(|(n, b)| (n.clone(), *b)).collect();
        if self.model.has_durbin_terms() {
            let theta = |name: &String| self.theta.get(name).copied().unwrap_or_default();
            all.extend(self.beta.keys().map(|name| (format!("W*{name}"), theta(name))));
        }
        match self.model {
            Model::Sar | Model::Sdm => all.push(("rho".to_owned(), self.rho)),
            Model::Sem | Model::Sdem => all.push(("lambda".to_owned(), self.lambda)),
            _ => {}
        }
        if self.dynamic().in_time() {
            all.push((format!("L.{}", self.y), self.tau));
        }
        if self.dynamic().in_space() {
            all.push((format!("L.W*{}", self.y), self.eta));
        }
        all
    }

    /// Whether a variable is drawn.
    pub(super) fn draws(&self, name: &str) -> bool {
        name == self.y || self.beta.contains_key(name)
    }

    pub(super) fn in_words(&self) -> String {
        let parameters: Vec<String> =
            self.coefficients().iter().map(|(name, value)| format!("{name} = {value}")).collect();
        format!(
            "{} with effects {}, {}, sigma = {}",
            self.model,
            self.effects,
            parameters.join(", "),
            self.sigma
        )
    }
}
