//! The single commands: options in, files written, a result with its JSON out.

pub mod audit;
pub(crate) mod change;
pub(crate) mod destination;
mod emerging;
mod followed;
pub(crate) mod hotspot;
mod lisa;
pub(crate) mod matrices;
mod moran;
pub(crate) mod sdm;
mod source;
mod weights;

pub use change::Change;
pub use destination::Destination;
pub use emerging::{EmergingJob, EmergingResult};
pub use hotspot::{HotspotJob, HotspotResult};
pub use lisa::{LisaJob, LisaResult, LisaStatistic};
pub use moran::{GlobalRow, GlobalStatistic, MoranJob, MoranResult};
pub use sdm::{Balance, SdmJob, SdmResult, StandardErrors};
pub use source::FieldSource;
pub use weights::{AuditChoice, WeightsJob, WeightsResult};
