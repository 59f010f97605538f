use clap::Args;
use durbin::hotspot::{BinsBy, Compat, Correction};

use super::{ChangeArgs, DestinationArgs, FieldArgs, WeightsOptions, parse};

/// Getis-Ord Gi* hot and cold spots.
///
/// Adds gi_z, gi_p (two-sided normal), gi_bin (-3 … 3: cold/hot at 99, 95, 90 %), gi_neighbors, and with
/// permutations gi_p_sim (two-sided) and gi_z_sim. With --emerging: emerging_code, emerging_label, trend_z,
/// trend_p, hot_periods, cold_periods, and gi_z_PERIOD and gi_bin_PERIOD of every period.
#[derive(Args)]
pub struct HotspotArgs {
    /// A layer (anything GDAL opens), or - for GeoJSON on standard input
    pub input: String,
    /// The layer to write, or - for GeoJSONSeq on standard output
    pub output: String,
    #[command(flatten)]
    pub fields: FieldArgs,
    #[command(flatten)]
    pub change: ChangeArgs,
    /// How hot spots come and go over all periods of a panel, with ArcGIS's categories
    #[arg(long, conflicts_with = "change", requires_all = ["id", "time"])]
    pub emerging: bool,
    /// With --emerging, write a second layer too: one feature per unit and period, which QGIS's temporal controller
    /// animates
    #[arg(long, requires = "emerging")]
    pub by_period: bool,
    #[command(flatten)]
    pub weights: WeightsOptions,
    /// Leave the unit itself out: Gi instead of Gi*
    #[arg(long)]
    pub no_self: bool,
    /// Conditional permutations
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub permutations: usize,
    /// Correction of gi_bin for many tests: none, fdr or bonferroni [default: none; fdr with --emerging]
    #[arg(long, value_name = "KIND", value_parser = parse::from_str::<Correction>)]
    pub correction: Option<Correction>,
    /// Which p-values decide gi_bin: normal or permutations
    #[arg(long, value_name = "KIND", default_value = "normal", value_parser = parse::bins_by)]
    pub bins_by: BinsBy,
    /// Follow another program's conventions: arcgis, geoda, pysal or spdep
    #[arg(long, value_name = "PROGRAM", value_parser = parse::from_str::<Compat>)]
    pub compat: Option<Compat>,
    #[command(flatten)]
    pub destination: DestinationArgs,
}
