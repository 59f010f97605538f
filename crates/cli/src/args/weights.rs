use clap::Args;

use super::WeightsOptions;

/// Build spatial weights of a layer, write them and print their summary.
#[derive(Args)]
pub struct WeightsArgs {
    /// A layer (anything GDAL opens), or - for GeoJSON on standard input
    pub input: String,
    /// The weights file: .gal, .gwt or .csv
    pub output: String,
    /// Layer of INPUT, where it has several
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// Key field; without it the feature id
    #[arg(long, value_name = "FIELD")]
    pub id: Option<String>,
    /// Replace the output if it exists
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub weights: WeightsOptions,
    /// Layers that show where a map is wrong (not yet)
    #[arg(long, value_name = "OUT.gpkg", value_parser = super::parse::not_yet)]
    audit: Option<String>,
}
