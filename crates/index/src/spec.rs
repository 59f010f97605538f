//! How an index is made.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Error, Indicator};

/// A choice with a word for each alternative, in files, options and results.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub enum $name { $($(#[$each])* #[serde(rename = $word)] $variant),+ }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(word: &str) -> Result<Self, Error> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Error::UnknownWord {
                        word: word.to_owned(),
                        known: [$($word),+].join(", "),
                    }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word),+ })
            }
        }
    };
}

words!(
    /// Where the weights of indicators come from.
    Method {
        /// Shannon entropy of the shares: the more uneven, the heavier (see [`IndexSpec`]).
        #[default]
        Entropy = "entropy",
        /// Standard deviation times conflict with the other indicators (Diakoulaki, Mavrotas & Papayannakis 1995).
        Critic = "critic",
        /// All the same.
        Equal = "equal",
        /// Those given with the indicators.
        Given = "given",
    }
);

words!(
    /// How weighted indicators become one number.
    Score {
        /// Σⱼ wⱼ zⱼ.
        #[default]
        Sum = "sum",
        /// Closeness to the ideal, D⁻/(D⁺ + D⁻), of the weighted min–max values.
        Topsis = "topsis",
        /// The same of raw values divided by the root of their sum of squares (Hwang & Yoon 1981).
        TopsisVector = "topsis-vector",
    }
);

words!(
    /// Over which rows weights are computed.
    Pool {
        /// In every period, and then averaged over the periods.
        #[default]
        MeanOfYears = "mean-of-years",
        /// Over all n·t rows at once.
        Pooled = "pooled",
        /// In every period, each period scored with its own.
        Yearly = "yearly",
    }
);

words!(
    /// Over which rows indicators are brought onto 0 … 1.
    Normalize {
        /// Over all n·t rows, so that scores compare across periods.
        #[default]
        Pooled = "pooled",
        /// In every period.
        Yearly = "yearly",
    }
);

words!(
    /// What the score of a dimension is under [`Score::Sum`].
    DimensionScore {
        /// Its part of the index: the dimensions add up to it.
        #[default]
        Part = "part",
        /// The weighted mean of its indicators, 0 … 1.
        Mean = "mean",
    }
);

/// An index to be made from the variables of a panel.
///
/// With zᵢⱼ on 0 … 1, shares pᵢⱼ = zᵢⱼ / Σᵢ zᵢⱼ over the m rows of a pool (m = n in a period, n·t over all), entropy
/// weights are
///
/// eⱼ = −(1/ln m) Σᵢ pᵢⱼ ln pᵢⱼ, with 0·ln 0 = 0; wⱼ = (1 − eⱼ) / Σₖ (1 − eₖ).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndexSpec {
    /// The indicators, in the order of results.
    pub indicators: Vec<Indicator>,
    /// Where weights come from.
    pub method: Method,
    /// How they make a score.
    pub score: Score,
    /// Rows over which weights are computed.
    pub pool: Pool,
    /// Rows over which min–max runs.
    pub normalize: Normalize,
    /// Added to every min–max value before shares are taken. 0 takes 0·ln 0 = 0; other programs add 0.0001 or 0.01, and 1
    /// flattens the weights.
    pub shift: f64,
    /// Entropy of the shares of raw values, without min–max and signs.
    pub raw_shares: bool,
    /// What dimensions score.
    pub dimension_score: DimensionScore,
}

impl IndexSpec {
    /// Entropy weights as the mean of those of the periods, min–max over all rows, an additive score.
    pub fn new(indicators: Vec<Indicator>) -> Self {
        Self {
            indicators,
            method: Method::default(),
            score: Score::default(),
            pool: Pool::default(),
            normalize: Normalize::default(),
            shift: 0.0,
            raw_shares: false,
            dimension_score: DimensionScore::default(),
        }
    }

    /// The dimensions in order of first appearance, with the positions of their indicators.
    pub fn dimensions(&self) -> Vec<(String, Vec<usize>)> {
        let mut all: Vec<(String, Vec<usize>)> = Vec::new();
        for (at, indicator) in self.indicators.iter().enumerate() {
            let Some(name) = &indicator.dimension else { continue };
            match all.iter_mut().find(|(known, _)| known == name) {
                Some((_, members)) => members.push(at),
                None => all.push((name.clone(), vec![at])),
            }
        }
        all
    }

    /// Refuses a specification that contradicts itself.
    ///
    /// # Errors
    /// No indicators, one named twice, one without a dimension among others that have one, a weight that is missing or not
    /// positive, a negative shift.
    pub fn check(&self) -> Result<(), Error> {
        if self.indicators.is_empty() {
            return Err(Error::NoIndicators);
        }
        for (at, indicator) in self.indicators.iter().enumerate() {
            if self.indicators[..at].iter().any(|earlier| earlier.name == indicator.name) {
                return Err(Error::Duplicate { indicator: indicator.name.clone() });
            }
        }
        let with_dimension = self.indicators.iter().any(|i| i.dimension.is_some());
        let without = self.indicators.iter().find(|i| i.dimension.is_none());
        if let (true, Some(indicator)) = (with_dimension, without) {
            return Err(Error::WithoutDimension { indicator: indicator.name.clone() });
        }
        if self.method == Method::Given {
            let bad = |weight: Option<f64>| weight.is_none_or(|w| !(w.is_finite() && w > 0.0));
            if let Some(indicator) = self.indicators.iter().find(|i| bad(i.weight)) {
                let weight =
                    indicator.weight.map_or_else(|| "missing".to_owned(), |w| w.to_string());
                return Err(Error::BadWeight { indicator: indicator.name.clone(), weight });
            }
        }
        if !(self.shift.is_finite() && self.shift >= 0.0) {
            return Err(Error::BadShift { shift: self.shift });
        }
        Ok(())
    }
}
