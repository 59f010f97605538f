//! How hot spots come and go: the categories of ArcGIS's Emerging Hot Spot Analysis.

use serde::{Deserialize, Serialize};

/// Which kind of spot a pattern is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Temperature {
    /// Hot spots.
    Hot,
    /// Cold spots.
    Cold,
}

/// The pattern of a unit over all periods. What is said of hot spots holds for cold ones in reverse.
///
/// The definitions are ArcGIS's, which overlap: a unit that was cold and is hot for the first time is
/// both new and oscillating. The first that fits, in this order, is taken, so that each unit has one of
/// seventeen. ArcGIS leaves open whether a persistent hot spot must be hot in the last period; here it must,
/// and is historical if it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pattern {
    /// None of the others.
    None,
    /// Hot in the last period and never before.
    New(Temperature),
    /// Hot in an unbroken run of two periods or more up to the last and never before it, in less than 90 % of
    /// all periods.
    Consecutive(Temperature),
    /// Hot in at least 90 % of the periods, the last among them, and getting hotter: the trend of z is
    /// significant.
    Intensifying(Temperature),
    /// Hot in at least 90 % of the periods, the last among them, without a significant trend of z.
    Persistent(Temperature),
    /// Hot in at least 90 % of the periods, the last among them, and getting less hot: the trend of z
    /// is significant.
    Diminishing(Temperature),
    /// Hot in the last period and off and on before, in less than 90 % of all periods, and never cold.
    Sporadic(Temperature),
    /// Hot in the last period and off and on before, cold in some earlier one, hot in less than 90 % of all periods.
    Oscillating(Temperature),
    /// Hot in at least 90 % of the periods, but not in the last.
    Historical(Temperature),
}

impl Pattern {
    /// The pattern of a series of bins (positive hot, negative cold, 0 neither) and of the trend of z: 1 rises,
    /// −1 falls, 0 does neither significantly.
    pub fn of(bins: &[i8], trend: i8) -> Self {
        let Some(&last) = bins.last() else { return Self::None };
        let one = |temperature: Temperature| {
            let sign: i8 = if temperature == Temperature::Hot { 1 } else { -1 };
            let spot = |bin: &&i8| bin.signum() == sign;
            let spots = bins.iter().filter(spot).count();
            // At least 90 %, in whole numbers.
            let mostly = spots * 10 >= bins.len() * 9;
            if last.signum() != sign {
                return if mostly { Self::Historical(temperature) } else { Self::None };
            }
            let run = bins.iter().rev().take_while(spot).count();
            let reversed = bins.iter().any(|bin| bin.signum() == -sign);
            if spots == 1 {
                Self::New(temperature)
            } else if mostly {
                match trend * sign {
                    1 => Self::Intensifying(temperature),
                    -1 => Self::Diminishing(temperature),
                    _ => Self::Persistent(temperature),
                }
            } else if run == spots {
                Self::Consecutive(temperature)
            } else if reversed {
                Self::Oscillating(temperature)
            } else {
                Self::Sporadic(temperature)
            }
        };
        match one(Temperature::Hot) {
            Self::None => one(Temperature::Cold),
            hot => hot,
        }
    }
}

impl Pattern {
    /// Every pattern with its code: 0 for none, 1 to 8 hot, −1 to −8 cold.
    pub fn all() -> impl Iterator<Item = (i64, Self)> {
        let kinds = [
            Self::New,
            Self::Consecutive,
            Self::Intensifying,
            Self::Persistent,
            Self::Diminishing,
            Self::Sporadic,
            Self::Oscillating,
            Self::Historical,
        ];
        let coded = move |sign: i64, temperature| {
            (1..).zip(kinds).map(move |(code, kind)| (sign * code, kind(temperature)))
        };
        coded(1, Temperature::Hot).chain([(0, Self::None)]).chain(coded(-1, Temperature::Cold))
    }

    /// Its code as in [`Pattern::all`].
    pub fn code(self) -> i64 {
        Self::all().find(|&(_, pattern)| pattern == self).map_or(0, |(code, _)| code)
    }

    /// Such as `New hot spot`.
    pub fn label(self) -> &'static str {
        use Temperature::{Cold, Hot};
        match self {
            Self::None => "No pattern",
            Self::New(Hot) => "New hot spot",
            Self::Consecutive(Hot) => "Consecutive hot spot",
            Self::Intensifying(Hot) => "Intensifying hot spot",
            Self::Persistent(Hot) => "Persistent hot spot",
            Self::Diminishing(Hot) => "Diminishing hot spot",
            Self::Sporadic(Hot) => "Sporadic hot spot",
            Self::Oscillating(Hot) => "Oscillating hot spot",
            Self::Historical(Hot) => "Historical hot spot",
            Self::New(Cold) => "New cold spot",
            Self::Consecutive(Cold) => "Consecutive cold spot",
            Self::Intensifying(Cold) => "Intensifying cold spot",
            Self::Persistent(Cold) => "Persistent cold spot",
            Self::Diminishing(Cold) => "Diminishing cold spot",
            Self::Sporadic(Cold) => "Sporadic cold spot",
            Self::Oscillating(Cold) => "Oscillating cold spot",
            Self::Historical(Cold) => "Historical cold spot",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Temperature::{Cold, Hot};
    use super::*;

    /// The pattern of bins written as `+` hot, `-` cold and `.` neither.
    fn of(bins: &str, trend: i8) -> Pattern {
        let bin = |sign| match sign {
            '+' => 1,
            '-' => -2,
            _ => 0,
        };
        Pattern::of(&bins.chars().map(bin).collect::<Vec<_>>(), trend)
    }

    #[test]
    fn every_pattern_is_found_in_a_series_made_for_it() {
        let cases: [(&str, i8, Pattern); 21] = [
            ("..........", 0, Pattern::None),
            (".........+", 0, Pattern::New(Hot)),
            ("-........+", 0, Pattern::New(Hot)),
            (".......+++", 1, Pattern::Consecutive(Hot)),
            ("-......+++", 0, Pattern::Consecutive(Hot)),
            (".+++++++++", 1, Pattern::Intensifying(Hot)),
            ("++++++++++", 0, Pattern::Persistent(Hot)),
            ("+++++.++++", -1, Pattern::Diminishing(Hot)),
            ("..+..++..+", 0, Pattern::Sporadic(Hot)),
            ("+++++.+++.", 0, Pattern::None),
            (".+..-+...+", 0, Pattern::Oscillating(Hot)),
            ("+++++++++.", 0, Pattern::Historical(Hot)),
            ("+++++++++-", 0, Pattern::Historical(Hot)),
            (".........-", 0, Pattern::New(Cold)),
            ("........--", 0, Pattern::Consecutive(Cold)),
            ("----------", -1, Pattern::Intensifying(Cold)),
            ("----------", 0, Pattern::Persistent(Cold)),
            ("----------", 1, Pattern::Diminishing(Cold)),
            ("-.-......-", 0, Pattern::Sporadic(Cold)),
            ("-.+......-", 0, Pattern::Oscillating(Cold)),
            ("---------.", 0, Pattern::Historical(Cold)),
        ];
        for (bins, trend, pattern) in cases {
            assert_eq!(of(bins, trend), pattern, "{bins} {trend}");
        }
    }

    #[test]
    fn ninety_percent_is_reached_at_nine_of_ten_and_not_at_eight_of_nine() {
        assert_eq!(of(".+++++++++", 0), Pattern::Persistent(Hot));
        assert_eq!(of(".++++++++", 0), Pattern::Consecutive(Hot));
    }

    #[test]
    fn the_other_sign_gives_the_other_temperature() {
        for bits in 0..3_u32.pow(6) {
            let bins: Vec<i8> = (0..6).map(|at| (bits / 3_u32.pow(at) % 3) as i8 - 1).collect();
            let opposite: Vec<i8> = bins.iter().map(|bin| -bin).collect();
            for trend in [-1, 0, 1] {
                let (one, other) = (Pattern::of(&bins, trend), Pattern::of(&opposite, -trend));
                assert_eq!(one.code(), -other.code(), "{bins:?}");
            }
        }
    }

    #[test]
    fn there_are_seventeen_codes_and_labels() {
        let mut labels: Vec<&str> = Pattern::all().map(|(_, pattern)| pattern.label()).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), 17);
        assert!(Pattern::all().all(|(code, pattern)| pattern.code() == code));
    }
}
