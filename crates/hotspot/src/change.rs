//! The change of a variable between two periods.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// How change is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Growth rate `(to − from) / from`.
    #[default]
    Growth,
    /// `to − from`.
    Difference,
    /// `ln to − ln from`.
    LogDifference,
}

impl Change {
    /// `growth`, `difference` or `log-difference`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Growth => "growth",
            Self::Difference => "difference",
            Self::LogDifference => "log-difference",
        }
    }

    /// The formula, for the record of conventions.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Growth => "(to − from) / from",
            Self::Difference => "to − from",
            Self::LogDifference => "ln(to) − ln(from)",
        }
    }
}

/// The change of `n` values from one period to another. A missing value (`NaN`) stays missing.
///
/// # Errors
/// [`Error::Periods`] for lists of different length, [`Error::NoGrowth`] with the position of a base of
/// zero (growth) or of a value that is not positive (log difference).
pub fn change(from: &[f64], to: &[f64], kind: Change) -> Result<Vec<f64>, Error> {
    if from.len() != to.len() {
        return Err(Error::Periods { from: from.len(), to: to.len() });
    }
    let pairs = from.iter().zip(to).enumerate();
    pairs
        .map(|(index, (&from, &to))| {
            let refused = |needs| Error::NoGrowth { index, from, to, needs };
            match kind {
                Change::Growth if from == 0.0 => Err(refused("growth from zero is undefined")),
                Change::Growth => Ok((to - from) / from),
                Change::Difference => Ok(to - from),
                Change::LogDifference if from <= 0.0 || to <= 0.0 => {
                    Err(refused("a logarithm needs positive values"))
                }
                Change::LogDifference => Ok((to / from).ln()),
            }
        })
        .collect()
}

impl FromStr for Change {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "growth" => Ok(Self::Growth),
            "difference" => Ok(Self::Difference),
            "log-difference" => Ok(Self::LogDifference),
            _ => Err(Error::UnknownChange { word: word.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_follows_its_formula() {
        let of = |kind| change(&[2.0], &[3.0], kind).unwrap()[0];
        assert_eq!((of(Change::Growth), of(Change::Difference)), (0.5, 1.0));
        assert!((of(Change::LogDifference) - (3.0_f64.ln() - 2.0_f64.ln())).abs() < 1e-15);
        assert!(change(&[f64::NAN], &[3.0], Change::Growth).unwrap()[0].is_nan());
    }

    #[test]
    fn a_base_without_growth_is_an_error_with_its_place() {
        let place = |from: &[f64], to: &[f64], kind| match change(from, to, kind) {
            Err(Error::NoGrowth { index, .. }) => Some(index),
            _ => None,
        };
        assert_eq!(place(&[1.0, 0.0], &[1.0, 1.0], Change::Growth), Some(1));
        assert_eq!(place(&[1.0, 2.0], &[-1.0, 1.0], Change::LogDifference), Some(0));
        assert_eq!(place(&[0.0], &[1.0], Change::Difference), None);
        let error = change(&[1.0], &[], Change::Growth).unwrap_err();
        assert_eq!(error, Error::Periods { from: 1, to: 0 });
    }
}
