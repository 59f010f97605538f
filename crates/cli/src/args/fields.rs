use clap::Args;
use durbin::{
    core::Missing,
    hotspot::Change,
    jobs::{self, Destination, FieldSource},
};

use super::{BoundariesArgs, ExistingArgs, ProjectArgs, parse};
use crate::commands::{Context, source};

/// Which fields, and where they are.
#[derive(Args)]
pub struct FieldArgs {
    /// Field to test; may be repeated or comma-separated
    #[arg(long, value_name = "F", required = true, value_delimiter = ',')]
    field: Vec<String>,
    /// Layer of INPUT, where it has several
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Key field; without it the feature id
    #[arg(long, value_name = "FIELD")]
    id: Option<String>,
    /// Time field of a panel
    #[arg(long, value_name = "FIELD", requires = "id")]
    time: Option<String>,
    #[command(flatten)]
    boundaries: BoundariesArgs,
    /// Missing values: error, drop (the unit), or for panels interpolate
    #[arg(long, value_name = "POLICY", default_value = "error", value_parser = parse::missing)]
    missing: Missing,
}

/// The change of a field between two periods.
#[derive(Args)]
pub struct ChangeArgs {
    /// Test the change between two periods of a panel
    #[arg(long, value_name = "FROM,TO", value_parser = parse::two_periods, requires_all = ["id", "time"])]
    change: Option<(String, String)>,
    /// What --change measures: growth, difference or log-difference
    #[arg(long, value_name = "KIND", default_value = "growth", value_parser = parse::from_str::<Change>, requires = "change")]
    change_measure: Change,
}

/// The layer to write.
#[derive(Args)]
pub struct DestinationArgs {
    /// Name of the layer written [default: INPUT's]
    #[arg(long, value_name = "NAME")]
    output_layer: Option<String>,
    #[command(flatten)]
    existing: ExistingArgs,
    #[command(flatten)]
    projects: ProjectArgs,
}

impl FieldArgs {
    /// The fields in `input`, or their change.
    pub fn source(&self, input: &str, change: Option<&ChangeArgs>) -> FieldSource {
        FieldSource {
            input: source(input, self.layer.as_ref(), None),
            id: self.id.clone(),
            time: self.time.clone(),
            boundaries: self.boundaries.source(self.id.as_ref()),
            fields: self.field.clone(),
            change: change.and_then(ChangeArgs::change),
            missing: self.missing,
        }
    }
}

impl ChangeArgs {
    fn change(&self) -> Option<jobs::Change> {
        let (from, to) = self.change.clone()?;
        Some(jobs::Change { from, to, measure: self.change_measure })
    }
}

impl DestinationArgs {
    pub fn destination(&self, output: &str, context: &Context) -> Destination {
        Destination {
            output: output.to_owned(),
            layer: self.output_layer.clone(),
            existing: self.existing.existing(),
            projects: self.projects.projects(),
            command: context.command_line.clone(),
        }
    }
}
