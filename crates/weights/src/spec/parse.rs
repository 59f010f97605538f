//! Weights from words.

use std::path::Path;
use std::str::FromStr;

use super::{Islands, Operation, Order, Spec, SpecError};
use crate::{Band, Bandwidth, Contiguity, Format, Kernel, Length};

const SPECS: &str = "queen, rook, queen:K, queen:Konly, knn:K, distance:LENGTH, \
    inverse-distance:LENGTH[:POWER], kernel:NAME:LENGTH, kernel:NAME:knn:K, economic:FIELD[:all], \
    nested:FIELD:SPEC, block:FIELD, union:SPEC,SPEC, intersection:SPEC,SPEC, difference:SPEC,SPEC, \
    or a .gal, .gwt, .swm, .mtx, .dat, .csv or .txt file";
const LENGTH: &str =
    "a positive length such as 50km (m, km, ft, mi, or CRS units when bare), or auto";
const BANDWIDTH: &str = "a bandwidth: a positive length such as 50km (m, km, ft, mi, or CRS units \
    when bare), or knn:K";
const COUNT: &str = "a whole number of neighbours from 1";
const ORDER: &str = "an order of contiguity from 1, as in queen:2 (up to 2) or queen:2only";
const KERNEL: &str = "uniform, triangular, epanechnikov, quartic or gaussian";
const POWER: &str = "a positive power, as in inverse-distance:100km:2";
const PARTS: &str = "two or more weights with commas between, none of them a union, intersection or \
    difference itself (difference takes two), as in union:queen,knn:4";
const NESTED: &str = "nested:FIELD:SPEC, as in nested:gdp:inverse-distance:100km";

/// A part of a word, or what should stand there.
type Part<T> = Result<T, &'static str>;

impl FromStr for Spec {
    type Err = SpecError;

    fn from_str(spec: &str) -> Result<Self, SpecError> {
        parse(spec).map_err(|expected| SpecError::Malformed { spec: spec.to_owned(), expected })
    }
}

fn parse(spec: &str) -> Part<Spec> {
    let (keyword, rest) = match spec.split_once(':') {
        Some((keyword, rest)) => (keyword.to_ascii_lowercase(), Some(rest)),
        None => (spec.to_ascii_lowercase(), None),
    };
    let combined = Operation::ALL.into_iter().find(|operation| operation.name() == keyword);
    if let (Some(operation), Some(rest)) = (combined, rest) {
        return combination(operation, rest);
    }
    if let ("nested", Some(rest)) = (keyword.as_str(), rest) {
        return nested(rest);
    }
    if Format::of(Path::new(spec)).is_some() {
        return Ok(Spec::File(spec.into()));
    }
    let parts: Vec<&str> = rest.map(|rest| rest.split(':').collect()).unwrap_or_default();
    match (keyword.as_str(), parts.as_slice()) {
        ("queen", [] | [_]) => {
            Ok(Spec::Contiguity { kind: Contiguity::Queen, order: order(&parts)? })
        }
        ("rook", [] | [_]) => {
            Ok(Spec::Contiguity { kind: Contiguity::Rook, order: order(&parts)? })
        }
        ("knn", [k]) => Ok(Spec::Nearest { k: count(k)? }),
        ("distance", [length]) => Ok(Spec::Distance(band(length)?)),
        ("inverse-distance", [length]) => {
            Ok(Spec::InverseDistance { band: band(length)?, power: 1.0 })
        }
        ("inverse-distance", [length, exponent]) => {
            Ok(Spec::InverseDistance { band: band(length)?, power: power(exponent)? })
        }
        ("kernel", [name, reach @ ..]) => {
            Ok(Spec::Kernel { kernel: kernel(name)?, bandwidth: bandwidth(reach)? })
        }
        ("economic", [field]) if !field.is_empty() => {
            Ok(Spec::Economic { field: (*field).to_owned(), all: false })
        }
        ("economic", [field, "all"]) if !field.is_empty() => {
            Ok(Spec::Economic { field: (*field).to_owned(), all: true })
        }
        ("economic", _) => Err("economic:FIELD or economic:FIELD:all"),
        ("block", [field]) if !field.is_empty() => Ok(Spec::Block { field: (*field).to_owned() }),
        ("block", _) => Err("block:FIELD"),
        _ => Err(SPECS),
    }
}

fn combination(operation: Operation, parts: &str) -> Part<Spec> {
    let parts: Vec<Spec> = parts.split(',').map(parse).collect::<Part<_>>()?;
    let flat = !parts.iter().any(|part| matches!(part, Spec::Combined { .. }));
    let enough = match operation {
        Operation::Difference => parts.len() == 2,
        Operation::Union | Operation::Intersection => parts.len() >= 2,
    };
    if flat && enough { Ok(Spec::Combined { operation, parts }) } else { Err(PARTS) }
}

fn nested(rest: &str) -> Part<Spec> {
    match rest.split_once(':') {
        Some((field, within)) if !field.is_empty() => {
            Ok(Spec::Nested { field: field.to_owned(), within: Box::new(parse(within)?) })
        }
        _ => Err(NESTED),
    }
}

fn order(parts: &[&str]) -> Part<Order> {
    let Some(word) = parts.first() else {
        return Ok(Order::FIRST);
    };
    let number = word.strip_suffix("only");
    let highest = count(number.unwrap_or(word)).map_err(|_| ORDER)?;
    Ok(Order { highest, only: number.is_some() })
}

fn count(text: &str) -> Part<usize> {
    text.parse().ok().filter(|&k| k > 0 && u32::try_from(k).is_ok()).ok_or(COUNT)
}

fn power(text: &str) -> Part<f64> {
    text.parse().ok().filter(|x: &f64| *x > 0.0 && x.is_finite()).ok_or(POWER)
}

fn length(text: &str) -> Option<Length> {
    text.parse().ok().filter(|length: &Length| length.value > 0.0)
}

fn band(text: &str) -> Part<Band> {
    if text.eq_ignore_ascii_case("auto") {
        return Ok(Band::Auto);
    }
    length(text).map(Band::Within).ok_or(LENGTH)
}

fn bandwidth(parts: &[&str]) -> Part<Bandwidth> {
    match parts {
        [knn, k] if knn.eq_ignore_ascii_case("knn") => Ok(Bandwidth::Nearest(count(k)?)),
        [text] => length(text).map(Bandwidth::Fixed).ok_or(BANDWIDTH),
        _ => Err(BANDWIDTH),
    }
}

fn kernel(name: &str) -> Part<Kernel> {
    let known = Kernel::ALL.into_iter().find(|kernel| kernel.name().eq_ignore_ascii_case(name));
    known.ok_or(KERNEL)
}

impl FromStr for Islands {
    type Err = SpecError;

    fn from_str(word: &str) -> Result<Self, SpecError> {
        match word {
            "error" => Ok(Self::Error),
            "keep" => Ok(Self::Keep),
            "nearest" => Ok(Self::Nearest),
            _ => Err(SpecError::Malformed {
                spec: word.to_owned(),
                expected: "error, keep or nearest",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_and_says_itself_again() {
        for spec in [
            "queen",
            "rook",
            "queen:2",
            "rook:3only",
            "knn:8",
            "distance:50km",
            "distance:0.5",
            "distance:auto",
            "inverse-distance:100km:2",
            "inverse-distance:1000m:0.5",
            "kernel:gaussian:100km",
            "kernel:quartic:knn:10",
            "economic:gdp",
            "economic:gdp:all",
            "nested:gdp:inverse-distance:100km:1",
            "nested:gdp:queen",
            "block:prefecture",
            "union:queen,knn:4",
            "intersection:queen,block:region,distance:50km",
            "difference:queen:2,rook",
            "union:queen,ferries.gal",
            "w.gal",
            "w.GWT",
            "my.w.csv",
            "w.swm",
            "w.mtx",
            "w.dat",
        ] {
            assert_eq!(spec.parse::<Spec>().unwrap().to_string(), spec);
        }
    }

    #[test]
    fn defaults_and_case_do_not_matter() {
        assert_eq!("QUEEN:1".parse(), Ok(Spec::QUEEN));
        assert_eq!("queen:1only".parse::<Spec>().unwrap().to_string(), "queen");
        let squared = "Inverse-Distance:5KM".parse::<Spec>().unwrap();
        assert_eq!(squared.to_string(), "inverse-distance:5km:1");
    }

    #[test]
    fn a_slip_is_malformed_and_the_message_says_what_is_allowed_there() {
        for (spec, allowed) in [
            ("", "queen, rook"),
            ("quen", "queen, rook"),
            ("queen:0", "an order"),
            ("queen:two", "an order"),
            ("knn", "queen, rook"),
            ("knn:x", "a whole number"),
            ("knn:0", "a whole number"),
            ("knn:8:2", "queen, rook"),
            ("distance:", "a positive length"),
            ("distance:50miles", "a positive length"),
            ("distance:-1km", "a positive length"),
            ("distance:0km", "a positive length"),
            ("distance:km", "a positive length"),
            ("inverse-distance:1km:0", "a positive power"),
            ("kernel:cosine:1km", "uniform"),
            ("kernel:gaussian", "a bandwidth"),
            ("kernel:gaussian:knn:0", "a whole number"),
            ("economic", "economic:FIELD"),
            ("economic:", "economic:FIELD"),
            ("block:", "block:FIELD"),
            ("nested:gdp", "nested:FIELD:SPEC"),
            ("nested:gdp:quen", "queen, rook"),
            ("union:queen", "two or more"),
            ("difference:queen,rook,knn:2", "two or more"),
            ("w.xls", "queen, rook"),
        ] {
            let error = spec.parse::<Spec>().unwrap_err().to_string();
            assert!(error.contains(&format!("expected {allowed}")), "{spec}: {error}");
        }
    }

    #[test]
    fn island_policies_parse_by_their_names() {
        assert_eq!("keep".parse(), Ok(Islands::Keep));
        assert_eq!("nearest".parse(), Ok(Islands::Nearest));
        assert!(matches!("drop".parse::<Islands>(), Err(SpecError::Malformed { .. })));
    }
}
