//! Which equation, which effects, which correction.

use crate::named::named;

/// The equation, for one period, of `n` units and `k` regressors; `μ` are the effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Model {
    /// `y = Xβ + μ + ε`.
    Ols,
    /// `y = Xβ + WXθ + μ + ε`.
    Slx,
    /// `y = ρWy + Xβ + μ + ε`.
    Sar,
    /// `y = Xβ + μ + u`, `u = λWu + ε`.
    Sem,
    /// `y = ρWy + Xβ + WXθ + μ + ε`, the spatial Durbin model.
    #[default]
    Sdm,
    /// `y = Xβ + WXθ + μ + u`, `u = λWu + ε`.
    Sdem,
    /// `y = ρWy + Xβ + μ + u`, `u = λMu + ε` (Kelejian & Prucha 1998; SARAR).
    Sac,
    /// `y = ρWy + Xβ + WXθ + μ + u`, `u = λMu + ε`, the general nesting model (Elhorst 2014).
    Gns,
}

named!(Model, "model", {
    Ols => "ols",
    Slx => "slx",
    Sar => "sar",
    Sem => "sem",
    Sdm => "sdm",
    Sdem => "sdem",
    Sac => "sac",
    Gns => "gns",
}, later: []);

/// Where the spatial autoregression sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    /// Nowhere: least squares.
    Linear,
    /// In the response, `ρWy`.
    Lag,
    /// In the error, `λWu`.
    Error,
    /// In both.
    Both,
}

impl Process {
    /// Whether the response has a lag, `ρWy`.
    pub(crate) fn has_rho(self) -> bool {
        matches!(self, Self::Lag | Self::Both)
    }

    /// Whether the error has a lag, `λMu`.
    pub(crate) fn has_lambda(self) -> bool {
        matches!(self, Self::Error | Self::Both)
    }
}

impl Model {
    /// Whether regressors may enter with their spatial lag, `WXθ`.
    pub fn has_durbin_terms(self) -> bool {
        matches!(self, Self::Slx | Self::Sdm | Self::Sdem | Self::Gns)
    }

    pub(crate) fn process(self) -> Process {
        match self {
            Self::Ols | Self::Slx => Process::Linear,
            Self::Sar | Self::Sdm => Process::Lag,
            Self::Sem | Self::Sdem => Process::Error,
            Self::Sac | Self::Gns => Process::Both,
        }
    }
}

/// Effects of units and periods: fixed ones, removed by demeaning, or random ones of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Effects {
    /// One constant, `_cons`; the only choice for a cross-section.
    None,
    /// A constant per unit.
    Unit,
    /// A constant per period.
    Time,
    /// A constant per unit and one per period.
    #[default]
    TwoWays,
    /// One constant, and a normal random effect per unit, independent of the regressors.
    Random,
}

named!(Effects, "effects", {
    None => "none",
    Unit => "unit",
    Time => "time",
    TwoWays => "twoways",
    Random => "random",
}, later: []);

impl Effects {
    /// Whether units have their own constants.
    pub fn of_units(self) -> bool {
        matches!(self, Self::Unit | Self::TwoWays)
    }

    /// Whether periods have their own constants.
    pub fn of_periods(self) -> bool {
        matches!(self, Self::Time | Self::TwoWays)
    }

    /// Whether effects are removed by demeaning.
    pub fn are_fixed(self) -> bool {
        self.of_units() || self.of_periods()
    }

    /// Constants estimated implicitly by demeaning `n` units over `t` periods.
    pub(crate) fn absorbed(self, n: usize, t: usize) -> usize {
        match self {
            Self::None | Self::Random => 0,
            Self::Unit => n,
            Self::Time => t,
            Self::TwoWays => n + t - 1,
        }
    }
}

/// What is done about the bias that estimating the fixed effects leaves in σ² (and, with two-way
/// effects, in every parameter).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BiasCorrection {
    /// Nothing: maximum likelihood on demeaned data.
    None,
    /// The correction of Lee & Yu (2010, J. Econometrics 154) in the form of Elhorst (2014).
    ///
    /// Standard errors keep that form too: the information counts `n·t` observations. In short panels
    /// this makes those of λ (and of ρ where regressors say little about it) too small; those of
    /// [`Transform`](Self::Transform) are not.
    #[default]
    LeeYu,
    /// Maximum likelihood of orthonormally transformed data (Lee & Yu 2010): the effects are gone
    /// before the likelihood is written, so that nothing is left to correct.
    Transform,
}

named!(BiasCorrection, "bias correction", {
    None => "none",
    LeeYu => "lee-yu",
    Transform => "transform",
}, later: []);

/// Lags in time among the regressors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dynamic {
    /// None: a static model.
    #[default]
    None,
    /// `τ·y_{t−1}`, named `L.y`.
    Time,
    /// `η·W·y_{t−1}`, named `L.W*y`.
    Space,
    /// Both.
    Both,
}

named!(Dynamic, "dynamic", {
    None => "none",
    Time => "time",
    Space => "space",
    Both => "both",
}, later: []);

impl Dynamic {
    /// Whether `y_{t−1}` is a regressor.
    pub fn in_time(self) -> bool {
        matches!(self, Self::Time | Self::Both)
    }

    /// Whether `W·y_{t−1}` is a regressor.
    pub fn in_space(self) -> bool {
        matches!(self, Self::Space | Self::Both)
    }
}

/// How the covariance of the parameters is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vcov {
    /// The inverse of the expected information: right for normal errors.
    #[default]
    Information,
    /// The sandwich of quasi-maximum likelihood with third and fourth moments of the errors: right for
    /// independent errors of one distribution, normal or not (Lee 2004; Lee & Yu 2010).
    Qml,
    /// The sandwich clustered by unit: right for errors independent between units, whatever their
    /// variances and their dependence over time.
    Cluster,
}

named!(Vcov, "vcov", {
    Information => "information",
    Qml => "qml",
    Cluster => "cluster",
}, later: []);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SpecError;

    #[test]
    fn words_are_read_and_written_alike() {
        for word in ["ols", "slx", "sar", "sem", "sdm", "sdem", "sac", "gns"] {
            assert_eq!(word.parse::<Model>().unwrap().to_string(), word);
        }
        for word in ["none", "unit", "time", "twoways", "random"] {
            assert_eq!(word.parse::<Effects>().unwrap().to_string(), word);
        }
        let json = serde_json::to_string(&BiasCorrection::LeeYu).unwrap();
        assert_eq!(json, "\"lee-yu\"");
        assert_eq!(serde_json::from_str::<BiasCorrection>(&json).unwrap(), BiasCorrection::LeeYu);
    }

    #[test]
    fn a_word_that_is_no_model_is_refused_with_those_that_are() {
        assert!(matches!("smd".parse::<Model>(), Err(SpecError::Unknown { .. })));
    }
}
