//! What can be typed.

mod boundaries;
mod hotspot;
mod parse;
mod run;
mod sdm;
mod weights;

use std::num::NonZeroUsize;

use clap::{Args, Parser, Subcommand};

pub use boundaries::BoundariesArgs;
pub use hotspot::HotspotArgs;
pub use run::RunArgs;
pub use sdm::SdmArgs;
pub use weights::WeightsArgs;

/// Spatial statistics for regional science: weights, hot spots, spatial Durbin panels.
#[derive(Parser)]
#[command(name = "durbin", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Args)]
pub struct Common {
    /// Print one JSON object on standard output
    #[arg(long, global = true, help_heading = "Options of every command")]
    pub json: bool,
    /// Print nothing but errors on standard error
    #[arg(long, short, global = true, help_heading = "Options of every command")]
    pub quiet: bool,
    /// Use at most this many threads
    #[arg(long, global = true, value_name = "N", help_heading = "Options of every command")]
    pub threads: Option<NonZeroUsize>,
    /// Seed of every random draw [default: 12345, or the study's]
    #[arg(long, global = true, value_name = "N", help_heading = "Options of every command")]
    pub seed: Option<u64>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run a whole study: layers, tables, maps, report
    Run(RunArgs),
    /// Build spatial weights and write them
    Weights(WeightsArgs),
    /// Getis-Ord Gi* hot and cold spots of a layer or of a panel's change
    Hotspot(HotspotArgs),
    /// Spatial panel and cross-section models with direct, indirect and total effects
    Sdm(SdmArgs),
    /// Versions, drivers, CRS database, threads
    Doctor,
    /// Local Moran and Geary (not yet)
    Lisa(Rest),
    /// Global Moran, Geary, General G (not yet)
    Moran(Rest),
    /// Composite indices by entropy weights (not yet)
    Index(Rest),
    /// Difference and system GMM (not yet)
    Gmm(Rest),
    /// A map of one column (not yet)
    Map(Rest),
    /// Data from a known model (not yet)
    Simulate(Rest),
}

/// Whatever follows a command that is not available yet.
#[derive(Args)]
pub struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _rest: Vec<String>,
}

/// What to do when the output exists.
#[derive(Args)]
pub struct ExistingArgs {
    /// Replace the output layer if it exists
    #[arg(long)]
    overwrite: bool,
    /// Add a layer to an existing output
    #[arg(long, conflicts_with = "overwrite")]
    append: bool,
}

impl ExistingArgs {
    pub fn existing(&self) -> durbin::io::Existing {
        match (self.overwrite, self.append) {
            (true, _) => durbin::io::Existing::Overwrite,
            (_, true) => durbin::io::Existing::Append,
            _ => durbin::io::Existing::Refuse,
        }
    }
}

/// Which weights.
#[derive(Args)]
pub struct WeightsOptions {
    /// queen, rook, or a file (.gal .gwt .csv)
    #[arg(long, value_name = "SPEC", default_value = "queen", value_parser = parse::spec)]
    weights: durbin::weights::Spec,
    /// Scale rows: B (every link one) or R (rows sum to one)
    #[arg(long, value_name = "B|R", value_parser = parse::from_str::<durbin::weights::Transform>)]
    transform: Option<durbin::weights::Transform>,
    /// Units without neighbours: error or keep
    #[arg(long, value_name = "POLICY", value_parser = parse::from_str::<durbin::weights::Islands>)]
    islands: Option<durbin::weights::Islands>,
    /// Join vertices closer than this before contiguity (not yet)
    #[arg(long, value_name = "DIST", value_parser = parse::not_yet)]
    snap: Option<String>,
}

impl WeightsOptions {
    pub fn choice(&self) -> durbin::WeightsChoice {
        durbin::WeightsChoice {
            spec: self.weights.clone(),
            transform: self.transform,
            islands: self.islands,
        }
    }
}
