//! What an index is made of.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Error;

/// Whether more of an indicator is better or worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Sign {
    /// `+`: more is better.
    Positive,
    /// `-`: less is better.
    Negative,
}

impl FromStr for Sign {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word.trim() {
            "+" | "positive" => Ok(Self::Positive),
            "-" | "−" | "negative" => Ok(Self::Negative),
            _ => Err(Error::UnknownSign { word: word.to_owned() }),
        }
    }
}

impl TryFrom<String> for Sign {
    type Error = Error;

    fn try_from(word: String) -> Result<Self, Error> {
        word.parse()
    }
}

impl From<Sign> for &'static str {
    fn from(sign: Sign) -> Self {
        match sign {
            Sign::Positive => "+",
            Sign::Negative => "-",
        }
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str((*self).into())
    }
}

/// One indicator: a variable of the panel, its sign, the dimension it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Indicator {
    /// Variable of the panel.
    pub name: String,
    /// Whether more is better.
    pub sign: Sign,
    /// Name of the dimension, where the index has dimensions.
    pub dimension: Option<String>,
    /// Weight of one's own, for [`Method::Given`](crate::Method::Given); scaled so that all sum to one.
    pub weight: Option<f64>,
}

impl Indicator {
    /// An indicator without a dimension.
    pub fn new(name: impl Into<String>, sign: Sign) -> Self {
        Self { name: name.into(), sign, dimension: None, weight: None }
    }

    /// The same indicator in a dimension.
    #[must_use]
    pub fn dimension(mut self, dimension: impl Into<String>) -> Self {
        self.dimension = Some(dimension.into());
        self
    }

    /// The same indicator with a weight of one's own.
    #[must_use]
    pub fn weight(mut self, weight: f64) -> Self {
        self.weight = Some(weight);
        self
    }
}
