//! What can be typed.

mod boundaries;
mod fields;
mod gmm;
mod hotspot;
mod index;
mod lisa;
mod map;
mod moran;
mod neighbours;
mod parse;
mod run;
mod sdm;
mod shell;
mod simulate;
mod style;
mod weights;

use std::num::NonZeroUsize;

use clap::{Args, Parser, Subcommand};

use crate::progress;

pub use boundaries::BoundariesArgs;
pub use fields::{ChangeArgs, DestinationArgs, FieldArgs};
pub use gmm::{GmmArgs, Wanted};
pub use hotspot::HotspotArgs;
pub use index::IndexArgs;
pub use lisa::LisaArgs;
pub use map::{LookArgs, MapArgs};
pub use moran::MoranArgs;
pub use neighbours::{NeighboursArgs, durbin_of};
pub use run::RunArgs;
pub use sdm::SdmArgs;
pub use shell::{CompletionsArgs, ManArgs};
pub use simulate::SimulateArgs;
pub use style::StyleArgs;
pub use weights::WeightsArgs;

/// Spatial statistics for regional science: weights, hot spots, spatial Durbin panels.
#[derive(Parser)]
#[command(name = "durbin", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    /// Print every command with its arguments and options as JSON
    #[arg(long, exclusive = true)]
    pub json_usage: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
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
    /// How progress is told on standard error
    #[arg(
        long,
        global = true,
        value_name = "KIND",
        value_enum,
        default_value_t = progress::Kind::Auto,
        help_heading = "Options of every command"
    )]
    pub progress: progress::Kind,
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
    /// Local Moran and Geary: clusters and outliers of a layer or of a panel's change
    Lisa(LisaArgs),
    /// Global Moran, Geary, General G, join counts of a layer or of every period of a panel
    Moran(MoranArgs),
    /// Spatial panel and cross-section models with direct, indirect and total effects
    Sdm(SdmArgs),
    /// Dynamic panels: difference and system GMM with its tests
    Gmm(GmmArgs),
    /// Weights of indicators and composite indices
    Index(IndexArgs),
    /// A map of one or several columns, as SVG or PNG
    Map(MapArgs),
    /// Put a style back on a layer of a GeoPackage, or another one
    Style(StyleArgs),
    /// Data from a known model: teaching, power, coverage
    Simulate(SimulateArgs),
    /// Versions, drivers, CRS database, threads
    Doctor,
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print or write manual pages
    Man(ManArgs),
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

/// QGIS projects that go with a GeoPackage.
#[derive(Args)]
pub struct ProjectArgs {
    /// Write a QGIS project beside the GeoPackage: its layers, styled, and a page to print
    #[arg(long)]
    project: bool,
    /// Store the project in the GeoPackage; it opens from there as long as the file keeps its name
    #[arg(long)]
    embed_project: bool,
}

impl ProjectArgs {
    pub fn projects(&self) -> durbin::io::Projects {
        durbin::io::Projects { beside: self.project, embedded: self.embed_project, title: None }
    }
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
    /// Who is whose neighbour
    ///
    /// queen, rook, queen:2 (up to order 2), queen:2only (order 2 alone), knn:8, distance:50km,
    /// distance:auto (the smallest band without islands), inverse-distance:100km:2 (band, power),
    /// kernel:gaussian:100km or kernel:gaussian:knn:8 (uniform, triangular, epanechnikov, quartic,
    /// gaussian), economic:FIELD (1/|xi - xj| between contiguous units; economic:FIELD:all between all),
    /// nested:FIELD:SPEC (SPEC times the economic distance), block:FIELD (same value),
    /// union:SPEC,SPEC, intersection:SPEC,SPEC, difference:SPEC,SPEC, or a file .gal .gwt .swm .mtx
    /// .dat .csv .txt. Lengths take m, km, ft, mi; bare ones are in the unit of the coordinates. On longitude and
    /// latitude distances are geodesic.
    #[arg(long, value_name = "SPEC", default_value = "queen", value_parser = parse::spec)]
    weights: durbin::weights::Spec,
    /// Scale W: B (every link one), R (rows sum to one), D (all sum to one), V (variance-stabilising),
    /// minmax or spectral
    #[arg(long, value_name = "KIND", value_parser = parse::from_str::<durbin::weights::Transform>)]
    transform: Option<durbin::weights::Transform>,
    /// Units without neighbours: error, keep, or nearest (link each to its nearest unit)
    #[arg(long, value_name = "POLICY", value_parser = parse::from_str::<durbin::weights::Islands>)]
    islands: Option<durbin::weights::Islands>,
    /// Borders closer than this touch, as 10m; closes gaps and slivers before contiguity
    #[arg(long, value_name = "DIST", value_parser = parse::from_str::<durbin::weights::Length>)]
    snap: Option<durbin::weights::Length>,
}

impl WeightsOptions {
    pub fn choice(&self) -> durbin::WeightsChoice {
        durbin::WeightsChoice {
            spec: self.weights.clone(),
            transform: self.transform,
            islands: self.islands,
            snap: self.snap,
        }
    }
}
