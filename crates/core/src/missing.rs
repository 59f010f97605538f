//! What to do about missing values.

use serde::{Deserialize, Serialize};

/// The policy for missing values; what was dropped or filled is always counted in a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// Refuse, naming the units.
    #[default]
    Error,
    /// Leave out the units that miss a value.
    Drop,
    /// Panels only: linear within the unit between observed periods, never extrapolated.
    Interpolate,
}
