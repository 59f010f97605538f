use clap::Args;
use durbin::{
    hotspot::{Compat, Correction},
    jobs::LisaStatistic,
};

use super::{ChangeArgs, DestinationArgs, FieldArgs, WeightsOptions, parse};

/// Local Moran or local Geary: clusters and outliers.
///
/// Adds lisa_i, lisa_z, lisa_p (two-sided normal, conditional variance), lisa_quadrant (HH LL LH HL),
/// lisa_neighbors, lisa_cluster (GeoDa's codes), lisa_label, and with permutations lisa_p_sim (two-sided) and lisa_z_sim.
/// Local Geary adds geary_c, geary_z, geary_p and so on.
#[derive(Args)]
pub struct LisaArgs {
    /// A layer (anything GDAL opens), or - for GeoJSON on standard input
    pub input: String,
    /// The layer to write, or - for GeoJSONSeq on standard output
    pub output: String,
    #[command(flatten)]
    pub fields: FieldArgs,
    #[command(flatten)]
    pub change: ChangeArgs,
    /// moran or geary
    #[arg(long, value_name = "STATISTIC", default_value = "moran", value_parser = parse::from_str::<LisaStatistic>)]
    pub statistic: LisaStatistic,
    #[command(flatten)]
    pub weights: WeightsOptions,
    /// Conditional permutations; without them clusters rest on the normal p-value
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub permutations: usize,
    /// Correction of the clusters for many tests: none, fdr or bonferroni
    #[arg(long, value_name = "KIND", default_value = "none", value_parser = parse::from_str::<Correction>)]
    pub correction: Correction,
    /// Level at which a unit belongs to a cluster
    #[arg(long, value_name = "P", default_value_t = 0.05, value_parser = parse::level)]
    pub alpha: f64,
    /// Follow another program's conventions: arcgis, geoda, pysal or spdep
    #[arg(long, value_name = "PROGRAM", value_parser = parse::from_str::<Compat>)]
    pub compat: Option<Compat>,
    #[command(flatten)]
    pub destination: DestinationArgs,
}
