//! Values of options.

use std::{fmt::Display, str::FromStr};

use durbin::{core::Missing, hotspot::BinsBy};

pub fn spec(text: &str) -> Result<durbin::weights::Spec, String> {
    from_str(text)
}

pub fn from_str<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

pub fn missing(text: &str) -> Result<Missing, String> {
    match text {
        "error" => Ok(Missing::Error),
        "drop" => Ok(Missing::Drop),
        "interpolate" => Ok(Missing::Interpolate),
        _ => Err("one of error, drop, interpolate".to_owned()),
    }
}

pub fn bins_by(text: &str) -> Result<BinsBy, String> {
    match text {
        "normal" => Ok(BinsBy::Normal),
        "permutations" => Ok(BinsBy::Permutations),
        _ => Err("one of normal, permutations".to_owned()),
    }
}

/// A level of significance.
pub fn level(text: &str) -> Result<f64, String> {
    let level = text.parse().ok().filter(|level: &f64| *level > 0.0 && *level < 1.0);
    level.ok_or_else(|| "a number between 0 and 1, such as 0.05".to_owned())
}

/// `FROM,TO`.
pub fn two_periods(text: &str) -> Result<(String, String), String> {
    match text.split(',').map(str::trim).collect::<Vec<_>>()[..] {
        [from, to] if !from.is_empty() && !to.is_empty() && from != to => {
            Ok((from.to_owned(), to.to_owned()))
        }
        _ => Err("two different periods, FROM,TO".to_owned()),
    }
}

/// `FIRST-LAST`, whole numbers.
pub fn periods(text: &str) -> Result<(i64, i64), String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok((first, last)),
        _ => Err("FIRST-LAST, such as 2012-2022".to_owned()),
    }
}

/// `NAME=NUMBER`.
pub fn named_number(text: &str) -> Result<(String, f64), String> {
    text.split_once('=')
        .and_then(|(name, value)| {
            let value: f64 = value.trim().parse().ok()?;
            let name = name.trim();
            (!name.is_empty() && value.is_finite()).then(|| (name.to_owned(), value))
        })
        .ok_or_else(|| format!("`{text}`: NAME=NUMBER, such as P=0.3"))
}
