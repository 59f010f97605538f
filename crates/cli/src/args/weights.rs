use clap::Args;

use super::WeightsOptions;

/// Build spatial weights of a layer, write them and print their summary.
#[derive(Args)]
pub struct WeightsArgs {
    /// A layer (anything GDAL opens), or - for GeoJSON on standard input
    pub input: String,
    /// The weights file: .gal, .gwt, .swm, .mtx, .dat, .csv, or .txt for Stata
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
    /// Write a .csv as a full matrix with one column per unit, as Stata wants it
    #[arg(long)]
    pub wide: bool,
    /// A GeoPackage that shows the links and where the map is wrong: gaps, overlaps, near misses,
    /// islands, invalid geometries
    #[arg(long, value_name = "OUT.gpkg")]
    pub audit: Option<String>,
    /// How close units are that nearly touch [default: a thousandth of the side of the median unit]
    #[arg(long, value_name = "DIST", requires = "audit", value_parser = super::parse::from_str::<durbin::weights::Length>)]
    pub audit_tolerance: Option<durbin::weights::Length>,
}
