use clap::Args;
use durbin::{
    core::Missing,
    hotspot::{Change, Correction},
};

use super::{BoundariesArgs, ExistingArgs, WeightsOptions, parse};

/// Getis-Ord Gi* hot and cold spots.
///
/// Adds gi_z, gi_p (two-sided normal), gi_bin (-3 … 3: cold/hot at 99, 95, 90 %), gi_neighbors, and with
/// permutations gi_p_sim (two-sided) and gi_z_sim.
#[derive(Args)]
pub struct HotspotArgs {
    /// A layer (anything GDAL opens), or - for GeoJSON on standard input
    pub input: String,
    /// The layer to write, or - for GeoJSONSeq on standard output
    pub output: String,
    /// Field to test; may be repeated or comma-separated
    #[arg(long, value_name = "F", required = true, value_delimiter = ',')]
    pub field: Vec<String>,
    /// Layer of INPUT, where it has several
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// Key field; without it the feature id
    #[arg(long, value_name = "FIELD")]
    pub id: Option<String>,
    /// Test the change between two periods of a panel
    #[arg(long, value_name = "FROM,TO", value_parser = parse::two_periods, requires_all = ["id", "time"])]
    pub change: Option<(String, String)>,
    /// What --change measures: growth, difference or log-difference
    #[arg(long, value_name = "KIND", default_value = "growth", value_parser = parse::from_str::<Change>, requires = "change")]
    pub change_measure: Change,
    /// Time field of a panel
    #[arg(long, value_name = "FIELD", requires = "change")]
    pub time: Option<String>,
    #[command(flatten)]
    pub boundaries: BoundariesArgs,
    #[command(flatten)]
    pub weights: WeightsOptions,
    /// Leave the unit itself out: Gi instead of Gi*
    #[arg(long)]
    pub no_self: bool,
    /// Conditional permutations
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub permutations: usize,
    /// Correction of gi_bin for many tests: none, fdr or bonferroni
    #[arg(long, value_name = "KIND", default_value = "none", value_parser = parse::from_str::<Correction>)]
    pub correction: Correction,
    /// Missing values: error, drop, or for panels interpolate
    #[arg(long, value_name = "POLICY", default_value = "error", value_parser = parse::missing)]
    pub missing: Missing,
    /// Follow another program's conventions (not yet)
    #[arg(long, value_name = "PROGRAM", value_parser = parse::not_yet)]
    compat: Option<String>,
    /// Name of the layer written [default: INPUT's]
    #[arg(long, value_name = "NAME")]
    pub output_layer: Option<String>,
    #[command(flatten)]
    pub existing: ExistingArgs,
}
