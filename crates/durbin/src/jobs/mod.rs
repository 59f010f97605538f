//! The single commands: options in, files written, a result with its JSON out.

pub mod audit;
pub(crate) mod change;
pub(crate) mod hotspot;
pub(crate) mod sdm;
mod weights;

pub use change::Change;
pub use hotspot::{HotspotJob, HotspotResult};
pub use sdm::{SdmJob, SdmResult};
pub use weights::{AuditChoice, WeightsJob, WeightsResult};
