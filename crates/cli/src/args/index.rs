use std::path::PathBuf;

use clap::Args;
use durbin::{
    Error, Indicators,
    core::Missing,
    index::{DimensionScore, IndexSpec, Method, Normalize, Pool, Score},
};

use super::{DestinationArgs, parse};

/// Weights of indicators and composite indices.
///
/// Writes the panel with `index` and, where the indicators have dimensions, one column per dimension.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
pub struct IndexArgs {
    /// A table or layer: one row per unit and period, or one per unit; - for GeoJSON on standard input
    pub panel: String,
    /// The panel with the index, or - for GeoJSONSeq on standard output
    pub output: String,
    /// Layer or sheet of PANEL, where it has several
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// Unit field; without it every row is a unit
    #[arg(long, value_name = "FIELD")]
    pub id: Option<String>,
    /// Time field; without it PANEL is a cross-section
    #[arg(long, value_name = "FIELD", requires = "id")]
    pub time: Option<String>,
    /// Indicators of which more is better; may be repeated or comma-separated
    #[arg(long, value_name = "F,…", value_delimiter = ',')]
    positive: Vec<String>,
    /// Indicators of which less is better; may be repeated or comma-separated
    #[arg(long, value_name = "F,…", value_delimiter = ',')]
    negative: Vec<String>,
    /// Indicators with dimensions, or weights of your own, in a TOML file
    ///
    /// [[dimension]] with name, positive = [...], negative = [...]; or [[indicator]] with name, sign = "+" or
    /// "-", dimension, weight.
    #[arg(long, value_name = "FILE.toml", conflicts_with_all = ["positive", "negative"])]
    indicators: Option<PathBuf>,
    /// Weights: entropy, critic, equal, or given (in FILE.toml)
    #[arg(long, value_name = "KIND", default_value = "entropy", value_parser = parse::from_str::<Method>)]
    method: Method,
    /// Score: sum, topsis, or topsis-vector (values divided by the root of their sum of squares)
    #[arg(long, value_name = "KIND", default_value = "sum", value_parser = parse::from_str::<Score>)]
    score: Score,
    /// Weights of every period averaged (mean-of-years), over all rows (pooled), or each period its own (yearly)
    #[arg(long, value_name = "KIND", default_value = "mean-of-years", value_parser = parse::from_str::<Pool>)]
    pool: Pool,
    /// Min-max over all rows (pooled: scores compare across periods) or in every period (yearly)
    #[arg(long, value_name = "KIND", default_value = "pooled", value_parser = parse::from_str::<Normalize>)]
    normalize: Normalize,
    /// Added to min-max values before shares are taken; 0 takes 0 ln 0 = 0
    #[arg(long, value_name = "A", default_value_t = 0.0)]
    shift: f64,
    /// Entropy of the shares of raw values, without min-max and signs
    #[arg(long)]
    raw_shares: bool,
    /// Score of a dimension: part (dimensions add up to the index) or mean (of its indicators, 0 to 1)
    #[arg(long, value_name = "KIND", default_value = "part", value_parser = parse::from_str::<DimensionScore>)]
    dimension_score: DimensionScore,
    /// Add the contribution and the obstacle degree of every indicator
    #[arg(long)]
    pub parts: bool,
    /// Add the coupling coordination degree of the dimensions
    #[arg(long)]
    pub coupling: bool,
    /// Missing values: error, drop (the unit), or for panels interpolate
    #[arg(long, value_name = "POLICY", default_value = "error", value_parser = parse::missing)]
    pub missing: Missing,
    #[command(flatten)]
    pub destination: DestinationArgs,
}

impl IndexArgs {
    pub fn spec(&self) -> Result<IndexSpec, Error> {
        let indicators = match &self.indicators {
            Some(file) => Indicators::read(file)?,
            None => Indicators {
                positive: self.positive.clone(),
                negative: self.negative.clone(),
                ..Indicators::default()
            },
        };
        Ok(IndexSpec {
            method: self.method,
            score: self.score,
            pool: self.pool,
            normalize: self.normalize,
            shift: self.shift,
            raw_shares: self.raw_shares,
            dimension_score: self.dimension_score,
            ..IndexSpec::new(indicators.list())
        })
    }
}
