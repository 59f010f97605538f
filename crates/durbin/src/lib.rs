//! durbin: spatial statistics for regional science.
//!
//! The rooms are re-exported under their field's names ([`weights`], [`hotspot`], [`sdm`], …); [`jobs`]
//! are the single commands and [`study`] is the whole: a study file in, all results out.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use durbin::{hotspot, io, weights};
//!
//! let units = io::read_units(&io::Source::new("counties.gpkg").id("fips"))?;
//! let w = weights::contiguity(&units, weights::Contiguity::Queen)?;
//! let income = units.layer.column("income")?.numbers()?;
//! let gi = hotspot::gi(&income, &w, &hotspot::Options::default(), &durbin::core::Silent)?;
//! println!("{:?}", gi.counts());
//! # Ok(())
//! # }
//! ```

pub use durbin_core as core;
pub use durbin_gmm as gmm;
pub use durbin_hotspot as hotspot;
pub use durbin_index as index;
pub use durbin_io as io;
pub use durbin_report as report;
pub use durbin_sdm as sdm;
pub use durbin_weights as weights;

mod choice;
mod error;
mod explain;
mod files;
mod formula;
mod indicators;
mod inputs;
pub mod jobs;
mod look;
mod neighbours;
mod provenance;
pub mod study;
mod tables;

pub use choice::WeightsChoice;
pub use error::Error;
pub use formula::Formula;
pub use indicators::Indicators;
pub use inputs::PanelSource;
pub use look::{Kind as LookKind, LookChoice};
pub use neighbours::Neighbours;

/// The seed of every random draw where none is given.
pub const DEFAULT_SEED: u64 = 12345;
