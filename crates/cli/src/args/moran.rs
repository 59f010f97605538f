use clap::Args;
use durbin::{
    hotspot::{Assumption, Compat, Sampling},
    jobs::GlobalStatistic,
};

use super::{FieldArgs, WeightsOptions, parse};

/// Global Moran's I, Geary's C, General G, join counts and bivariate Moran.
///
/// Prints one line per field, period (with --time) and statistic.
#[derive(Args)]
pub struct MoranArgs {
    /// A layer or table (anything GDAL opens), or - for GeoJSON on standard input
    pub input: String,
    #[command(flatten)]
    pub fields: FieldArgs,
    /// moran, geary, g, join-counts (of categories) or bivariate (with --with); may be repeated or
    /// comma-separated
    #[arg(long, value_name = "STATISTIC", default_value = "moran", value_delimiter = ',', value_parser = parse::from_str::<GlobalStatistic>)]
    pub statistic: Vec<GlobalStatistic>,
    /// The neighbours' field of bivariate Moran
    #[arg(long, value_name = "G")]
    pub with: Option<String>,
    /// Where expectation and variance come from: randomization or normality
    #[arg(long, value_name = "KIND", default_value = "randomization", value_parser = parse::from_str::<Assumption>)]
    pub assumption: Assumption,
    /// How join counts draw categories: nonfree or free
    #[arg(long, value_name = "KIND", default_value = "nonfree", value_parser = parse::from_str::<Sampling>)]
    pub sampling: Sampling,
    #[command(flatten)]
    pub weights: WeightsOptions,
    /// Permutations of all values
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub permutations: usize,
    /// Follow another program's conventions: arcgis, geoda, pysal or spdep
    #[arg(long, value_name = "PROGRAM", value_parser = parse::from_str::<Compat>)]
    pub compat: Option<Compat>,
    /// Write the table too: .csv, .md or .tex
    #[arg(long, value_name = "FILE")]
    pub output: Option<String>,
    /// Replace that file if it exists
    #[arg(long, requires = "output")]
    pub overwrite: bool,
}
