//! The words by which weights are asked for.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Contiguity, Format, Transform};

/// What weights to build or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spec {
    /// Contiguity of the units' polygons.
    Contiguity(Contiguity),
    /// A weights file, by its extension `.gal`, `.gwt` or `.csv`.
    File(PathBuf),
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

/// A word that asks for no weights, or for weights that cannot be built yet.
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
    /// Well formed, but not available yet.
    #[error("`{spec}`: {what} is not available yet; available are {available}")]
    NotYet {
        /// What was given.
        spec: String,
        /// What it asks for.
        what: &'static str,
        /// What can be had instead.
        available: &'static str,
    },
}

const SPECS: &str = "queen, rook, queen:K, queen:Konly, knn:K, distance:LENGTH, \
    inverse-distance:LENGTH[:POWER], kernel:NAME:LENGTH, kernel:NAME:knn:K, economic:FIELD[:all], \
    or a .gal, .gwt, .swm, .mtx or .csv file";
const SPECS_NOW: &str = "queen, rook and .gal, .gwt and .csv files";
const LENGTH: &str = "a positive length such as 50km (m, km, ft, mi, or CRS units when bare)";
const COUNT: &str = "a whole number of neighbours from 1";
const ORDER: &str = "an order of contiguity from 1, as in queen:2 (up to 2) or queen:2only";

impl FromStr for Spec {
    type Err = SpecError;

    fn from_str(spec: &str) -> Result<Self, SpecError> {
        if let Some(file) = file(spec) {
            return file;
        }
        let malformed = |expected| SpecError::Malformed { spec: spec.to_owned(), expected };
        let need = |holds: bool, expected| holds.then_some(()).ok_or(malformed(expected));
        let parts: Vec<&str> = spec.split(':').collect();
        let keyword = parts[0].to_ascii_lowercase();
        let what = match (keyword.as_str(), &parts[1..]) {
            ("queen", [] | ["1" | "1only"]) => return Ok(Self::Contiguity(Contiguity::Queen)),
            ("rook", [] | ["1" | "1only"]) => return Ok(Self::Contiguity(Contiguity::Rook)),
            ("queen" | "rook", [order]) => {
                need(is_count(order.strip_suffix("only").unwrap_or(order)), ORDER)?;
                "contiguity of a given order"
            }
            ("knn", [k]) => {
                need(is_count(k), COUNT)?;
                "k nearest neighbours"
            }
            ("distance", [band]) => {
                need(is_length(band), LENGTH)?;
                "a distance band"
            }
            ("inverse-distance", [band]) => {
                need(is_length(band), LENGTH)?;
                "inverse distance"
            }
            ("inverse-distance", [band, power]) => {
                need(is_length(band), LENGTH)?;
                need(is_positive(power), "a positive power, as in inverse-distance:100km:2")?;
                "inverse distance"
            }
            ("kernel", [name, bandwidth @ ..]) => {
                need(is_kernel(name), "uniform, triangular, epanechnikov, quartic or gaussian")?;
                match bandwidth {
                    [length] => need(is_length(length), LENGTH)?,
                    [knn, k] if knn.eq_ignore_ascii_case("knn") => need(is_count(k), COUNT)?,
                    _ => return Err(malformed("a bandwidth: a length, or knn:K")),
                }
                "a kernel"
            }
            ("economic", [field]) if !field.is_empty() => "economic distance",
            ("economic", [field, "all"]) if !field.is_empty() => "economic distance",
            ("economic", _) => return Err(malformed("economic:FIELD or economic:FIELD:all")),
            _ => return Err(malformed(SPECS)),
        };
        Err(SpecError::NotYet { spec: spec.to_owned(), what, available: SPECS_NOW })
    }
}

/// The file that `spec` names by a known extension.
fn file(spec: &str) -> Option<Result<Spec, SpecError>> {
    let path = Path::new(spec);
    if Format::of(path).is_some() {
        return Some(Ok(Spec::File(path.to_owned())));
    }
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    let what = match extension.as_str() {
        "swm" => "a .swm file",
        "mtx" => "a .mtx file",
        _ => return None,
    };
    let spec = spec.to_owned();
    Some(Err(SpecError::NotYet { spec, what, available: SPECS_NOW }))
}

fn is_count(text: &str) -> bool {
    text.parse::<u32>().is_ok_and(|k| k > 0)
}

fn is_positive(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|x| x > 0.0 && x.is_finite())
}

fn is_length(text: &str) -> bool {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[number.len()..].to_ascii_lowercase();
    ["", "m", "km", "ft", "mi"].contains(&unit.as_str()) && is_positive(number)
}

fn is_kernel(name: &str) -> bool {
    let kernels = ["uniform", "triangular", "epanechnikov", "quartic", "gaussian"];
    kernels.iter().any(|kernel| name.eq_ignore_ascii_case(kernel))
}

impl FromStr for Islands {
    type Err = SpecError;

    fn from_str(word: &str) -> Result<Self, SpecError> {
        match word {
            "error" => Ok(Self::Error),
            "keep" => Ok(Self::Keep),
            "nearest" => Err(SpecError::NotYet {
                spec: word.to_owned(),
                what: "linking islands to their nearest unit",
                available: "error and keep",
            }),
            _ => Err(SpecError::Malformed {
                spec: word.to_owned(),
                expected: "error, keep or nearest",
            }),
        }
    }
}

impl FromStr for Transform {
    type Err = SpecError;

    fn from_str(word: &str) -> Result<Self, SpecError> {
        let what = match word {
            "B" | "b" => return Ok(Self::Binary),
            "R" | "r" => return Ok(Self::Row),
            "D" | "d" => "scaling by the sum of all weights",
            "V" | "v" => "variance-stabilising scaling",
            "minmax" => "min-max scaling",
            "spectral" => "spectral scaling",
            _ => {
                return Err(SpecError::Malformed {
                    spec: word.to_owned(),
                    expected: "B, R, D, V, minmax or spectral",
                });
            }
        };
        Err(SpecError::NotYet { spec: word.to_owned(), what, available: "B and R" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused_as_not_yet(spec: &str) -> bool {
        matches!(spec.parse::<Spec>(), Err(SpecError::NotYet { .. }))
    }

    fn refused_as_malformed(spec: &str) -> bool {
        matches!(spec.parse::<Spec>(), Err(SpecError::Malformed { .. }))
    }

    #[test]
    fn contiguity_and_files_are_available() {
        assert_eq!("queen".parse(), Ok(Spec::Contiguity(Contiguity::Queen)));
        assert_eq!("rook".parse(), Ok(Spec::Contiguity(Contiguity::Rook)));
        for name in ["w.gal", "dir/w.GWT", "my.w.csv"] {
            assert_eq!(name.parse(), Ok(Spec::File(name.into())));
        }
    }

    #[test]
    fn a_well_formed_word_of_the_language_is_not_yet_available() {
        for spec in [
            "queen:2",
            "queen:2only",
            "rook:3",
            "knn:8",
            "distance:50km",
            "distance:0.5",
            "inverse-distance:100km:2",
            "inverse-distance:1e3m",
            "kernel:gaussian:100km",
            "kernel:quartic:knn:10",
            "economic:gdp",
            "economic:gdp:all",
            "w.swm",
            "w.mtx",
        ] {
            assert!(refused_as_not_yet(spec), "{spec}");
        }
    }

    #[test]
    fn a_slip_is_malformed_and_the_message_lists_what_is_allowed() {
        for spec in [
            "",
            "quen",
            "queen:0",
            "queen:two",
            "knn",
            "knn:x",
            "knn:0",
            "knn:8:2",
            "distance:",
            "distance:50miles",
            "distance:-1km",
            "distance:km",
            "inverse-distance:1km:0",
            "kernel:cosine:1km",
            "kernel:gaussian",
            "economic",
            "economic:",
            "w.txt",
        ] {
            assert!(refused_as_malformed(spec), "{spec}");
        }
        let message = "quen".parse::<Spec>().unwrap_err().to_string();
        assert!(message.contains("queen, rook"), "{message}");
    }

    #[test]
    fn transforms_and_island_policies_parse_by_their_names() {
        assert_eq!("B".parse(), Ok(Transform::Binary));
        assert_eq!("R".parse(), Ok(Transform::Row));
        assert!(matches!("minmax".parse::<Transform>(), Err(SpecError::NotYet { .. })));
        assert!(matches!("Z".parse::<Transform>(), Err(SpecError::Malformed { .. })));
        assert_eq!("keep".parse(), Ok(Islands::Keep));
        assert!(matches!("nearest".parse::<Islands>(), Err(SpecError::NotYet { .. })));
        assert!(matches!("drop".parse::<Islands>(), Err(SpecError::Malformed { .. })));
    }
}
