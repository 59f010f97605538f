//! An index as it was computed.

use durbin_core::{Column, Conventions, Table};
use ndarray::Array2;
use serde::{Serialize, Serializer};

use crate::{IndexSpec, Sign};

/// Scores of n units in t periods, and what they are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// What was asked.
    pub spec: IndexSpec,
    /// The index, `t × n`.
    pub scores: Array2<f64>,
    /// Its dimensions.
    pub dimensions: Vec<Dimension>,
    /// One per indicator.
    pub weights: Vec<IndicatorWeight>,
    /// Period labels.
    pub periods: Vec<String>,
    /// Every choice behind the numbers.
    pub conventions: Conventions,
    /// Weights that scored each period, `t` lists of `k`.
    pub(crate) applied: Vec<Vec<f64>>,
    /// Indicators on 0 … 1, `k` of `t × n`.
    pub(crate) scaled: Vec<Array2<f64>>,
}

/// A dimension of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Sum of the weights of its indicators.
    pub weight: f64,
    /// Its scores, `t × n`.
    pub scores: Array2<f64>,
    pub(crate) members: Vec<usize>,
}

/// The weight of one indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorWeight {
    /// The indicator.
    pub indicator: String,
    /// Whether more is better.
    pub sign: Sign,
    /// Its dimension, where there are dimensions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    /// Its entropy, the mean of those of the periods where there are several; null for other methods.
    pub entropy: Option<f64>,
    /// Its weight, the mean of those of the periods where there are several.
    pub weight: f64,
    /// Its weight in each period; empty where weights are of all periods at once.
    #[serde(serialize_with = "in_order")]
    pub by_period: Vec<(String, f64)>,
    /// Its entropy in each period.
    #[serde(serialize_with = "in_order")]
    pub entropy_by_period: Vec<(String, f64)>,
}

fn in_order<S: Serializer>(pairs: &[(String, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(period, value)| (period, value)))
}

impl Index {
    /// The weights as a table: one row per indicator, one column per period behind the mean.
    pub fn table(&self, name: &str, title: &str) -> Table {
        let w = &self.weights;
        let mut columns = Vec::new();
        if w.iter().any(|w| w.dimension.is_some()) {
            let dimensions = w.iter().map(|w| w.dimension.clone().unwrap_or_default());
            columns.push(Column::text("dimension", dimensions));
        }
        columns.push(Column::text("indicator", w.iter().map(|w| w.indicator.as_str())));
        columns.push(Column::text("sign", w.iter().map(|w| w.sign.to_string())));
        if w.iter().all(|w| w.entropy.is_some()) {
            columns.push(Column::float("entropy", w.iter().filter_map(|w| w.entropy)));
        }
        columns.push(Column::float("weight", w.iter().map(|w| w.weight)));
        for (at, period) in self.periods.iter().enumerate() {
            let values: Vec<f64> =
                w.iter().filter_map(|w| w.by_period.get(at)).map(|(_, value)| *value).collect();
            if values.len() == w.len() {
                columns.push(Column::float(format!("weight_{period}"), values));
            }
        }
        Table { name: name.to_owned(), title: title.to_owned(), columns }
    }
}
