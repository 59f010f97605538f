use clap::Args;
use durbin::io::Source;

use crate::commands::source;

/// Where the polygons are, when they are not in the input.
#[derive(Args)]
pub struct BoundariesArgs {
    /// Polygons of the units, when the panel has no geometry
    #[arg(long, value_name = "INPUT", requires = "id")]
    boundaries: Option<String>,
    /// Layer of --boundaries
    #[arg(long, value_name = "NAME", requires = "boundaries")]
    boundaries_layer: Option<String>,
    /// Key field of --boundaries [default: --id]
    #[arg(long, value_name = "FIELD", requires = "boundaries")]
    boundaries_id: Option<String>,
}

impl BoundariesArgs {
    /// The polygons, keyed by a field of their own or by `id`.
    pub fn source(&self, id: Option<&String>) -> Option<Source> {
        let key = self.boundaries_id.as_ref().or(id);
        self.boundaries.as_ref().map(|file| source(file, self.boundaries_layer.as_ref(), key))
    }
}
