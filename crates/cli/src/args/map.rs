use clap::Args;
use durbin::{
    LookChoice, LookKind,
    core::{Palette, Scheme},
};

use super::parse;

/// A map of one column, or of several that share their classes.
///
/// Shapes in longitude and latitude are drawn in an equal-area projection, which the picture and --json name.
#[derive(Args)]
pub struct MapArgs {
    /// A layer (anything GDAL opens), or - for GeoJSON on standard input
    pub input: String,
    /// The picture: .svg or .png
    pub output: String,
    /// Column to draw; several, repeated or comma-separated, make small maps with the same classes
    /// [default: a column that durbin made, or the shapes alone]
    #[arg(long, value_name = "F", value_delimiter = ',')]
    pub field: Vec<String>,
    /// Layer of INPUT, where it has several
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// Field that names shapes under the pointer [default: the feature id]
    #[arg(long, value_name = "FIELD")]
    pub id: Option<String>,
    #[command(flatten)]
    pub look: LookArgs,
    /// Headline [default: the name of the column]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Write the names in this field on the map, where they have room
    #[arg(long, value_name = "FIELD")]
    pub labels: Option<String>,
    /// Draw this field as circles of proportional area
    #[arg(long, value_name = "FIELD")]
    pub symbols: Option<String>,
    /// Pixels across of a .png
    #[arg(long, value_name = "PIXELS", default_value_t = 1600)]
    pub width: u32,
    /// Replace the output if it exists
    #[arg(long)]
    pub overwrite: bool,
}

/// Classes and colours.
#[derive(Args)]
pub struct LookArgs {
    /// auto, graded, diverging (around zero), hotspot or categories
    #[arg(long, value_name = "STYLE", default_value = "auto", value_parser = parse::from_str::<LookKind>)]
    style: LookKind,
    /// How many classes [default: 5]
    #[arg(long, value_name = "N")]
    classes: Option<usize>,
    /// natural-breaks, quantiles or equal [default: natural-breaks]
    #[arg(long, value_name = "SCHEME", value_parser = parse::from_str::<Scheme>)]
    scheme: Option<Scheme>,
    /// yellow-green, blues, oranges, purples, greys, cividis; diverging: blue-red, purple-green,
    /// brown-teal; categories: okabe-ito
    #[arg(long, value_name = "PALETTE", value_parser = parse::from_str::<Palette>)]
    palette: Option<Palette>,
}

impl LookArgs {
    pub fn choice(&self) -> LookChoice {
        LookChoice {
            kind: self.style,
            classes: self.classes,
            scheme: self.scheme,
            palette: self.palette,
        }
    }
}
