//! `[robustness]`: other reasonable choices for one of the study's spatial models.

use durbin_sdm::{Effects, Model};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::study::file::{Label, yes};

/// Which choices of a model vary; every combination is one specification.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Robustness {
    /// The name of the `[[sdm]]` that varies; the first one without it.
    #[serde(default)]
    pub of: Option<String>,
    /// Kinds or files of weights; the study's without it.
    #[serde(default)]
    pub weights: Vec<String>,
    /// Whether the whole panel is a sample, the first.
    #[serde(default = "yes")]
    pub whole: bool,
    /// Parts of the panel.
    #[serde(default)]
    pub samples: Vec<Part>,
    /// Shares winsorised at each end of every variable, over the rows of the sample; 0 for none.
    #[serde(default)]
    pub winsorise: Vec<f64>,
    /// Other variables in place of those of the model.
    #[serde(default)]
    pub transformations: Vec<Transformation>,
    /// Models.
    #[serde(default)]
    pub models: Vec<Model>,
    /// Effects.
    #[serde(default)]
    pub effects: Vec<Effects>,
    /// Regressors whose effects are compared; all of them without it.
    #[serde(default)]
    pub interest: Vec<String>,
}

/// Parts of the panel.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// First period.
    #[serde(default)]
    pub from: Option<Label>,
    /// Last period.
    #[serde(default)]
    pub to: Option<Label>,
    /// One sample for each group of units that share a value of this field.
    #[serde(default)]
    pub each: Option<String>,
    /// One sample without each such group.
    #[serde(default)]
    pub leave_out: Option<String>,
}

/// Variables in place of others, under a name for the tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transformation {
    /// Stands in the tables.
    pub name: String,
    /// The variable of the model, and the one that takes its place.
    pub replace: BTreeMap<String, String>,
}
