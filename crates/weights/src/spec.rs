//! The words by which weights are asked for.

mod parse;
mod words;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Band, Bandwidth, Contiguity, Kernel};

/// What weights to build or read.
#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    /// Contiguity of the units' polygons.
    Contiguity {
        /// Queen or rook.
        kind: Contiguity,
        /// How many borders away.
        order: Order,
    },
    /// The `k` nearest units.
    Nearest {
        /// Neighbours of every unit.
        k: usize,
    },
    /// All units within a distance.
    Distance(Band),
    /// A falling power of the distance.
    InverseDistance {
        /// How far.
        band: Band,
        /// Exponent of the distance.
        power: f64,
    },
    /// A kernel of the distance.
    Kernel {
        /// Its shape.
        kernel: Kernel,
        /// Its reach.
        bandwidth: Bandwidth,
    },
    /// `1/|x_i − x_j|` between contiguous (queen) or all units.
    Economic {
        /// Attribute x.
        field: String,
        /// All pairs, not only the contiguous ones.
        all: bool,
    },
    /// Other weights, each multiplied by `1/|x_i − x_j|`.
    Nested {
        /// Attribute x.
        field: String,
        /// The weights in geography.
        within: Box<Spec>,
    },
    /// Units with the same value of an attribute.
    Block {
        /// The attribute.
        field: String,
    },
    /// Two or more weights taken together.
    Combined {
        /// How.
        operation: Operation,
        /// Which, in order.
        parts: Vec<Spec>,
    },
    /// A weights file, by its extension.
    File(PathBuf),
}

/// Order of contiguity: the number of borders that lie between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Neighbours up to this order, from 1.
    pub highest: usize,
    /// Neighbours of that order alone, without the lower ones.
    pub only: bool,
}

impl Order {
    /// Direct neighbours.
    pub const FIRST: Self = Self { highest: 1, only: false };
}

/// How links of several weights are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Links of any of them; each with the weight of the first that has it.
    Union,
    /// Links of all of them, with the weights of the first.
    Intersection,
    /// Links of the first that no other has.
    Difference,
}

/// What to do about units without neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Islands {
    /// Refuse, naming them.
    Error,
    /// Keep them without neighbours, and warn.
    Keep,
    /// Link each to its nearest unit.
    Nearest,
}

/// A word that asks for no weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// Not in the language.
    #[error("`{spec}` is malformed: expected {expected}")]
    Malformed {
        /// What was given.
        spec: String,
        /// What is allowed there.
        expected: &'static str,
    },
}

impl Spec {
    /// Queen contiguity of the first order.
    pub const QUEEN: Self = Self::Contiguity { kind: Contiguity::Queen, order: Order::FIRST };

    /// Whether building needs the geometry of the units.
    pub fn needs_geometry(&self) -> bool {
        match self {
            Self::File(_) | Self::Block { .. } | Self::Economic { all: true, .. } => false,
            Self::Nested { within, .. } => within.needs_geometry(),
            Self::Combined { parts, .. } => parts.iter().any(Self::needs_geometry),
            _ => true,
        }
    }

    /// Whether borders are compared, so that snapping them has a meaning.
    pub fn compares_borders(&self) -> bool {
        match self {
            Self::Contiguity { .. } | Self::Economic { all: false, .. } => true,
            Self::Nested { within, .. } => within.compares_borders(),
            Self::Combined { parts, .. } => parts.iter().any(Self::compares_borders),
            _ => false,
        }
    }

    /// The attributes of the units that enter.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::Economic { field, .. } | Self::Block { field } => vec![field],
            Self::Nested { field, within } => {
                std::iter::once(field.as_str()).chain(within.fields()).collect()
            }
            Self::Combined { parts, .. } => parts.iter().flat_map(Self::fields).collect(),
            _ => Vec::new(),
        }
    }

    /// The weights files that are read.
    pub fn files(&self) -> Vec<&PathBuf> {
        match self {
            Self::File(path) => vec![path],
            Self::Nested { within, .. } => within.files(),
            Self::Combined { parts, .. } => parts.iter().flat_map(Self::files).collect(),
            _ => Vec::new(),
        }
    }

    /// The same weights with every file name replaced by what `rename` makes of it.
    #[must_use]
    pub fn with_files(self, rename: &impl Fn(PathBuf) -> PathBuf) -> Self {
        match self {
            Self::File(path) => Self::File(rename(path)),
            Self::Nested { field, within } => {
                Self::Nested { field, within: Box::new(within.with_files(rename)) }
            }
            Self::Combined { operation, parts } => {
                let parts = parts.into_iter().map(|part| part.with_files(rename)).collect();
                Self::Combined { operation, parts }
            }
            other => other,
        }
    }
}
