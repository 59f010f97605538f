//! Values of options.

use std::{fmt::Display, str::FromStr};

use durbin::core::Missing;

pub fn spec(text: &str) -> Result<durbin::weights::Spec, String> {
    from_str(text)
}

pub fn from_str<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

pub fn not_yet(value: &str) -> Result<String, String> {
    Err(format!("`{value}`: not available yet in durbin {}", env!("CARGO_PKG_VERSION")))
}

pub fn missing(text: &str) -> Result<Missing, String> {
    match text {
        "error" => Ok(Missing::Error),
        "drop" => Ok(Missing::Drop),
        "interpolate" => Ok(Missing::Interpolate),
        _ => Err("one of error, drop, interpolate".to_owned()),
    }
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
