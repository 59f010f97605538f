use clap::Args;

use super::LookArgs;

/// Put a style back on a layer of a GeoPackage that has lost it, or another one.
///
/// Without --field, columns that durbin made are recognised: gi_bin, lisa_cluster, geary_cluster,
/// emerging_code, effects and index. Nothing else in the file changes.
#[derive(Args)]
pub struct StyleArgs {
    /// The GeoPackage or PG: connection, changed in place: as a whole or not at all
    #[arg(value_name = "FILE.gpkg")]
    pub file: String,
    /// Layer to style [default: every layer with a column that durbin made]
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// Column to draw
    #[arg(long, value_name = "F")]
    pub field: Option<String>,
    /// Draw this field as circles of proportional area
    #[arg(long, value_name = "FIELD", conflicts_with = "field")]
    pub symbols: Option<String>,
    #[command(flatten)]
    pub look: LookArgs,
    /// Legend title [default: the name of the column]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
}
