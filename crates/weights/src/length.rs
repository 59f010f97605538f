//! Lengths as they are typed: `50km`, `0.5`.

use std::fmt;
use std::str::FromStr;

use crate::SpecError;

/// A length, zero or more, and the unit it was given in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    /// In `unit`.
    pub value: f64,
    /// What one means.
    pub unit: LengthUnit,
}

/// Units of length that can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// The unit of the layer's coordinates: none was typed.
    Coordinates,
    /// Metres.
    Metre,
    /// Kilometres.
    Kilometre,
    /// International feet, 0.3048 m.
    Foot,
    /// International miles, 1609.344 m.
    Mile,
}

impl LengthUnit {
    const ALL: [Self; 5] =
        [Self::Coordinates, Self::Metre, Self::Kilometre, Self::Foot, Self::Mile];

    /// As typed: nothing, `m`, `km`, `ft` or `mi`.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Coordinates => "",
            Self::Metre => "m",
            Self::Kilometre => "km",
            Self::Foot => "ft",
            Self::Mile => "mi",
        }
    }

    /// Metres in one; `None` for the unit of the coordinates.
    pub fn metres(self) -> Option<f64> {
        match self {
            Self::Coordinates => None,
            Self::Metre => Some(1.0),
            Self::Kilometre => Some(1000.0),
            Self::Foot => Some(0.3048),
            Self::Mile => Some(1609.344),
        }
    }
}

impl Length {
    pub(crate) const EXPECTED: &str =
        "a length such as 50km (m, km, ft, mi, or CRS units when bare)";

    /// The length in metres; `None` when it is in the unit of the coordinates.
    pub fn metres(self) -> Option<f64> {
        self.unit.metres().map(|metres| self.value * metres)
    }
}

impl FromStr for Length {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let malformed = || SpecError::Malformed { spec: text.to_owned(), expected: Self::EXPECTED };
        let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let symbol = &text[number.len()..];
        let unit = LengthUnit::ALL
            .into_iter()
            .find(|unit| unit.symbol().eq_ignore_ascii_case(symbol))
            .ok_or_else(malformed)?;
        let value: f64 = number.parse().map_err(|_| malformed())?;
        if value >= 0.0 && value.is_finite() { Ok(Self { value, unit }) } else { Err(malformed()) }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit.symbol())
    }
}
