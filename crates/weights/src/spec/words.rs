//! Weights as words, the way they are typed.

use std::fmt;

use super::{Operation, Order, Spec};
use crate::{Band, Bandwidth, Contiguity};

impl Operation {
    pub(super) const ALL: [Self; 3] = [Self::Union, Self::Intersection, Self::Difference];

    /// `union`, `intersection` or `difference`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::Intersection => "intersection",
            Self::Difference => "difference",
        }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contiguity { kind, order } => contiguity(f, *kind, *order),
            Self::Nearest { k } => write!(f, "knn:{k}"),
            Self::Distance(band) => write!(f, "distance:{band}"),
            Self::InverseDistance { band, power } => write!(f, "inverse-distance:{band}:{power}"),
            Self::Kernel { kernel, bandwidth } => {
                write!(f, "kernel:{}:{bandwidth}", kernel.name())
            }
            Self::Economic { field, all: false } => write!(f, "economic:{field}"),
            Self::Economic { field, all: true } => write!(f, "economic:{field}:all"),
            Self::Nested { field, within } => write!(f, "nested:{field}:{within}"),
            Self::Block { field } => write!(f, "block:{field}"),
            Self::Combined { operation, parts } => {
                let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
                write!(f, "{}:{}", operation.name(), parts.join(","))
            }
            Self::File(path) => {
                f.write_str(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
            }
        }
    }
}

fn contiguity(f: &mut fmt::Formatter<'_>, kind: Contiguity, order: Order) -> fmt::Result {
    let kind = kind.name();
    match order {
        Order { highest: 1, .. } => f.write_str(kind),
        Order { highest, only: true } => write!(f, "{kind}:{highest}only"),
        Order { highest, only: false } => write!(f, "{kind}:{highest}"),
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(length) => length.fmt(f),
            Self::Auto => f.write_str("auto"),
        }
    }
}

impl fmt::Display for Bandwidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(length) => length.fmt(f),
            Self::Nearest(k) => write!(f, "knn:{k}"),
        }
    }
}
