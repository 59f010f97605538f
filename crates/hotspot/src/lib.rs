//! Hot and cold spots: the local statistics Gi and Gi* of Getis and Ord, and the change that they are
//! often asked about.

mod bins;
mod change;
mod error;
mod gi;
mod moments;
mod permutation;
mod philox;
mod result;

pub use bins::Correction;
pub use change::{Change, change};
pub use error::Error;
pub use gi::{Options, gi};
pub use result::Gi;
