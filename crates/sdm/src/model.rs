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
}

named!(Model, "model", {
    Ols => "ols",
    Slx => "slx",
    Sar => "sar",
    Sem => "sem",
    Sdm => "sdm",
    Sdem => "sdem",
}, later: ["sac", "gns"]);

/// Where the spatial autoregression sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    /// Nowhere: least squares.
    Linear,
    /// In the response, `ρWy`.
    Lag,
    /// In the error, `λWu`.
    Error,
}

impl Process {
    /// Name of its parameter.
    pub(crate) fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Linear => None,
            Self::Lag => Some("rho"),
            Self::Error => Some("lambda"),
        }
    }
}

impl Model {
    /// Whether regressors may enter with their spatial lag, `WXθ`.
    pub fn has_durbin_terms(self) -> bool {
        matches!(self, Self::Slx | Self::Sdm | Self::Sdem)
    }

    pub(crate) fn process(self) -> Process {
        match self {
            Self::Ols | Self::Slx => Process::Linear,
            Self::Sar | Self::Sdm => Process::Lag,
            Self::Sem | Self::Sdem => Process::Error,
        }
    }
}

/// Fixed effects, removed by demeaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
}

named!(Effects, "effects", {
    None => "none",
    Unit => "unit",
    Time => "time",
    TwoWays => "twoways",
}, later: ["random"]);

impl Effects {
    /// Whether units have their own constants.
    pub fn of_units(self) -> bool {
        matches!(self, Self::Unit | Self::TwoWays)
    }

    /// Whether periods have their own constants.
    pub fn of_periods(self) -> bool {
        matches!(self, Self::Time | Self::TwoWays)
    }

    /// Constants estimated implicitly by demeaning `n` units over `t` periods.
    pub(crate) fn absorbed(self, n: usize, t: usize) -> usize {
        match self {
            Self::None => 0,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SpecError;

    #[test]
    fn words_are_read_and_written_alike() {
        for word in ["ols", "slx", "sar", "sem", "sdm", "sdem"] {
            assert_eq!(word.parse::<Model>().unwrap().to_string(), word);
        }
        for word in ["none", "unit", "time", "twoways"] {
            assert_eq!(word.parse::<Effects>().unwrap().to_string(), word);
        }
        let json = serde_json::to_string(&BiasCorrection::LeeYu).unwrap();
        assert_eq!(json, "\"lee-yu\"");
        assert_eq!(serde_json::from_str::<BiasCorrection>(&json).unwrap(), BiasCorrection::LeeYu);
    }

    #[test]
    fn models_to_come_are_told_apart_from_mistakes() {
        assert!(matches!("sac".parse::<Model>(), Err(SpecError::NotYet { .. })));
        assert!(matches!("random".parse::<Effects>(), Err(SpecError::NotYet { .. })));
        assert!(matches!("smd".parse::<Model>(), Err(SpecError::Unknown { .. })));
    }
}
