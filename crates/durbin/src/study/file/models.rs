//! The sections of models: `[[sdm]]` and `[[gmm]]`.

use std::num::NonZeroUsize;

use durbin_gmm::GmmSpec;
use durbin_sdm::{BiasCorrection, Durbin, Dynamic, Effects, Model, Vcov};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::yes;
use crate::Neighbours;

/// One spatial model.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sdm {
    /// Heads its columns where the study has several models.
    #[serde(default)]
    pub name: Option<String>,
    /// Explained variable.
    pub y: String,
    /// Regressors.
    pub x: Vec<String>,
    /// `all`, `none`, or the regressors whose spatial lag enters.
    #[serde(default)]
    pub durbin: Lagged,
    /// The model.
    #[serde(default = "default_model")]
    pub model: Model,
    /// Fixed effects.
    #[serde(default = "default_effects")]
    pub effects: Effects,
    /// Bias corrections, each fitted and shown side by side.
    #[serde(default = "default_bias")]
    pub bias_correction: OneOrMore<BiasCorrection>,
    /// Whether to test the specification and the residuals, of the first bias correction.
    #[serde(default = "yes")]
    pub tests: bool,
    /// Whether to fit the whole family side by side, under the first bias correction.
    #[serde(default)]
    pub compare: bool,
    /// Whether to leave out each unit by itself, of the first bias correction, or how many of the most influential units to name.
    #[serde(default)]
    pub influence: Influential,
    /// Lags in time among the regressors.
    #[serde(default)]
    pub dynamic: Dynamic,
    /// How the covariance of the parameters is computed.
    #[serde(default)]
    pub vcov: Vcov,
    /// The layer of effects per unit.
    #[serde(default)]
    pub effects_layer: Option<EffectsLayer>,
}

/// Whether the influence of units is asked for, and how many of them are named.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Influential {
    /// `true`: ten; `false`: it is not.
    Whether(bool),
    /// So many.
    Count(NonZeroUsize),
}

impl Influential {
    /// How many units are named, where it is asked for.
    pub(crate) fn count(self) -> Option<usize> {
        match self {
            Self::Whether(asked) => asked.then_some(10),
            Self::Count(count) => Some(count.get()),
        }
    }
}

impl Default for Influential {
    fn default() -> Self {
        Self::Whether(false)
    }
}

/// The layer of effects per unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectsLayer {
    /// Layer name.
    pub name: String,
    /// The bias correction whose fit it shows; the first one without it.
    #[serde(default)]
    pub from: Option<BiasCorrection>,
}

/// One dynamic panel model: the keys of [`GmmSpec`], a name, and the neighbours' terms that enter.
#[derive(Debug, Clone, Serialize)]
pub struct Gmm {
    /// Heads its column where the study has several.
    pub name: Option<String>,
    /// The model.
    #[serde(flatten)]
    pub spec: GmmSpec,
    /// `model` and `durbin`: the neighbours in the equation, by the study's weights.
    #[serde(flatten)]
    pub neighbours: Neighbours,
}

// By hand, since serde's `flatten` would let unknown keys pass.
impl<'de> Deserialize<'de> for Gmm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut table = toml::Table::deserialize(deserializer)?;
        let name = match table.remove("name") {
            Some(toml::Value::String(name)) => Some(name),
            Some(_) => return Err(de::Error::custom("[[gmm]] name: not a text")),
            None => None,
        };
        let model: Option<Model> = taken(&mut table, "model").map_err(de::Error::custom)?;
        let durbin: Option<Durbin> = taken(&mut table, "durbin").map_err(de::Error::custom)?;
        if durbin.is_some() && model.is_none() {
            return Err(de::Error::custom(
                "[[gmm]] durbin says which regressors enter with their spatial lag: it needs model = \"sdm\" or \"slx\"",
            ));
        }
        let neighbours = Neighbours { model, durbin: durbin.unwrap_or_default() };
        let spec = toml::Value::Table(table).try_into().map_err(de::Error::custom)?;
        Ok(Self { name, spec, neighbours })
    }
}

/// A key that another type reads, out of the table.
fn taken<'de, T: Deserialize<'de>>(
    table: &mut toml::Table,
    key: &str,
) -> Result<Option<T>, toml::de::Error> {
    table.remove(key).map(toml::Value::try_into).transpose()
}

/// Which regressors are spatially lagged.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Lagged {
    /// `"all"` or `"none"`.
    Word(LaggedWord),
    /// These.
    Only(Vec<String>),
}

/// All regressors or none.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LaggedWord {
    /// All.
    All,
    /// None.
    None,
}

/// One value or a list of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore<T> {
    /// One.
    One(T),
    /// A list.
    More(Vec<T>),
}

impl<T: Clone> OneOrMore<T> {
    pub(crate) fn to_vec(&self) -> Vec<T> {
        match self {
            Self::One(value) => vec![value.clone()],
            Self::More(values) => values.clone(),
        }
    }
}

impl Default for Lagged {
    fn default() -> Self {
        Self::Word(LaggedWord::All)
    }
}

fn default_model() -> Model {
    Model::Sdm
}

fn default_effects() -> Effects {
    Effects::TwoWays
}

fn default_bias() -> OneOrMore<BiasCorrection> {
    OneOrMore::One(BiasCorrection::LeeYu)
}
