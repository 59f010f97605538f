//! Indicators as files and studies list them.

use std::path::Path;

use durbin_index::{Indicator, Sign};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The indicators of an index: plain lists, dimensions of lists, or one by one.
///
/// ```toml
/// [[dimension]]
/// name     = "economy"
/// positive = ["income", "roads"]
/// negative = ["debt"]
///
/// [[indicator]]           # or one by one, with a weight of one's own where wanted
/// name = "smoke"
/// sign = "-"
/// dimension = "nature"
/// weight = 2
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    /// Indicators of which more is better.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    /// Indicators of which less is better.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
    /// Dimensions.
    #[serde(default, alias = "dimensions", skip_serializing_if = "Vec::is_empty")]
    pub dimension: Vec<DimensionOf>,
    /// Indicators one by one.
    #[serde(default, alias = "indicators", skip_serializing_if = "Vec::is_empty")]
    pub indicator: Vec<One>,
}

/// One dimension and its indicators.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionOf {
    /// Its name, which names its column.
    pub name: String,
    /// Indicators of which more is better.
    #[serde(default)]
    pub positive: Vec<String>,
    /// Indicators of which less is better.
    #[serde(default)]
    pub negative: Vec<String>,
}

/// One indicator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct One {
    /// The variable.
    pub name: String,
    /// `+` or `-`.
    pub sign: Sign,
    /// The dimension it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    /// A weight of one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

impl Indicators {
    /// Reads a TOML file of indicators.
    ///
    /// # Errors
    /// A file that cannot be read; an unknown key or sign, with its line.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::file(path))?;
        toml::from_str(&text).map_err(|error| Error::Indicators {
            file: path.display().to_string(),
            reason: error.to_string(),
        })
    }

    /// All of them in order: those without a dimension, then those of each dimension, then those listed one by one.
    pub fn list(&self) -> Vec<Indicator> {
        let lists = |positive: &[String], negative: &[String], dimension: Option<&str>| {
            let signed = [(positive, Sign::Positive), (negative, Sign::Negative)];
            let mut all = Vec::new();
            for (names, sign) in signed {
                all.extend(names.iter().map(|name| match dimension {
                    Some(dimension) => Indicator::new(name, sign).dimension(dimension),
                    None => Indicator::new(name, sign),
                }));
            }
            all
        };
        let mut all = lists(&self.positive, &self.negative, None);
        for dimension in &self.dimension {
            all.extend(lists(&dimension.positive, &dimension.negative, Some(&dimension.name)));
        }
        all.extend(self.indicator.iter().map(|one| Indicator {
            name: one.name.clone(),
            sign: one.sign,
            dimension: one.dimension.clone(),
            weight: one.weight,
        }));
        all
    }
}
