//! The single commands: options in, files written, a result with its JSON out.

pub mod audit;
pub(crate) mod change;
pub(crate) mod destination;
mod emerging;
mod followed;
pub(crate) mod gmm;
pub(crate) mod hotspot;
pub(crate) mod index;
mod lisa;
pub(crate) mod long;
mod map;
pub(crate) mod matrices;
mod moran;
pub(crate) mod sdm;
pub(crate) mod simulate;
mod source;
mod style;
mod table_files;
mod weights;

pub use change::Change;
pub use destination::Destination;
pub use emerging::{EmergingJob, EmergingResult};
pub use gmm::{GmmJob, GmmResult, LeastSquaresResult};
pub use hotspot::{HotspotJob, HotspotResult};
pub use index::{IndexJob, IndexResult};
pub use lisa::{LisaJob, LisaResult, LisaStatistic};
pub use map::{MapClass, MapJob, MapResult};
pub use moran::{GlobalRow, GlobalStatistic, MoranJob, MoranResult};
pub use sdm::{Balance, SdmJob, SdmResult, StandardErrors};
pub use simulate::{Estimator, Replicated, SimulateJob, SimulateResult, Simulated, Truth};
pub use source::FieldSource;
pub use style::{StyleJob, StyleResult, Styled};
pub use weights::{AuditChoice, WeightsJob, WeightsResult};
