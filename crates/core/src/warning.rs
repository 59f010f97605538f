//! What a user must be told although the work went on.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Named;

/// Something found in the data that did not stop the work; counted, never silent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// Geometries that break the simple-features rules.
    InvalidGeometry {
        /// `key: reason` of each.
        units: Named,
        /// Whether it was repaired.
        repaired: bool,
    },
    /// Features without geometry.
    EmptyGeometry {
        /// Their keys.
        units: Named,
    },
    /// Units without neighbours.
    Islands {
        /// Their keys.
        units: Named,
        /// What was done about them.
        treatment: &'static str,
    },
    /// Units of the boundaries that the panel does not have.
    BoundariesWithoutData {
        /// Their keys.
        units: Named,
    },
    /// Units or rows left out for missing values.
    MissingDropped {
        /// What was missing.
        field: String,
        /// Who was left out.
        units: Named,
    },
    /// Units left out because some period has no row for them.
    UnbalancedDropped {
        /// Periods of the panel.
        periods: usize,
        /// Who was left out.
        units: Named,
    },
    /// Values filled by interpolation.
    MissingInterpolated {
        /// Variable.
        field: String,
        /// `unit period` of each.
        cells: Named,
    },
    /// Characters of a picture that no installed font has.
    Glyphs {
        /// The characters.
        characters: Named,
    },
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidGeometry { units, repaired: true } => {
                write!(f, "invalid geometry, repaired on reading: {units}")
            }
            Self::InvalidGeometry { units, repaired: false } => {
                write!(f, "invalid geometry, used as it came: {units}")
            }
            Self::EmptyGeometry { units } => write!(f, "no geometry: {units}"),
            Self::Islands { units, treatment } => {
                write!(f, "units without neighbours: {units}; {treatment}")
            }
            Self::BoundariesWithoutData { units } => {
                write!(f, "boundaries without rows in the panel, left out: {units}")
            }
            Self::MissingDropped { field, units } => {
                write!(f, "`{field}` is missing, left out: {units}")
            }
            Self::UnbalancedDropped { periods, units } => {
                write!(f, "not observed in all {periods} periods, left out: {units}")
            }
            Self::MissingInterpolated { field, cells } => {
                write!(f, "`{field}` filled by linear interpolation within the unit: {cells}")
            }
            Self::Glyphs { characters } => write!(
                f,
                "no installed font has these characters of the picture, they are drawn as boxes: {characters}; install a \
                 font that has them (Debian and Ubuntu: fonts-noto-cjk, or the smaller fonts-wqy-microhei), or write .svg, \
                 which is drawn with the fonts of whoever opens it"
            ),
            Self::Other(words) => f.write_str(words),
        }
    }
}

impl Warning {
    /// How many units were left out for missing values or rows.
    pub fn dropped(&self) -> usize {
        match self {
            Self::MissingDropped { units, .. } | Self::UnbalancedDropped { units, .. } => {
                units.count
            }
            _ => 0,
        }
    }

    /// How many values were filled by interpolation.
    pub fn filled(&self) -> usize {
        match self {
            Self::MissingInterpolated { cells, .. } => cells.count,
            _ => 0,
        }
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
