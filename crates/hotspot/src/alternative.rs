//! Which departures from randomness count against it.

use durbin_core::two_sided_p;
use serde::{Deserialize, Serialize};

/// The alternative of a test: programs differ here by a factor of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alternative {
    /// Both tails: `p = 2·Φ(−|z|)`, `p_sim = min(1, 2·(min(R≥, R≤) + 1)/(N + 1))`.
    #[default]
    TwoSided,
    /// The tail in which the value lies, as in esda and GeoDa: `p = Φ(−|z|)`,
    /// `p_sim = (min(R≥, N − R≥) + 1)/(N + 1)`. Half the level of a test in advance is twice its level here.
    Nearer,
    /// Similar values beside each other (hot spots, positive autocorrelation), as by default in spdep's
    /// global tests: `p = Φ(−z)`, `p_sim = (R≥ + 1)/(N + 1)`, with the opposite tail for Geary's C, which
    /// is small where neighbours are alike.
    Positive,
}

impl Alternative {
    /// `two-sided`, `nearer` or `positive`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoSided => "two-sided",
            Self::Nearer => "nearer",
            Self::Positive => "positive",
        }
    }

    /// Normal p-value of a z that is large where similar values are beside each other.
    pub(crate) fn normal_p(self, z: f64) -> f64 {
        let both = two_sided_p(z);
        match self {
            Self::TwoSided => both,
            Self::Positive if z < 0.0 => 1.0 - both / 2.0,
            Self::Nearer | Self::Positive => both / 2.0,
        }
    }

    /// How p and p_sim are made, for the record of conventions.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::TwoSided => {
                ("two-sided normal", "two-sided: min(1, 2·(min(R≥, R≤) + 1)/(N + 1))")
            }
            Self::Nearer => {
                ("one-sided normal, the tail of z", "smaller tail: (min(R≥, N − R≥) + 1)/(N + 1)")
            }
            Self::Positive => (
                "one-sided normal, the tail of positive autocorrelation",
                "tail of positive autocorrelation: (R + 1)/(N + 1)",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tail_is_half_of_two_and_the_positive_one_keeps_its_side() {
        let p = |alternative: Alternative, z| alternative.normal_p(z);
        for z in [-1.5, 0.3, 2.0] {
            assert!((p(Alternative::Nearer, z) * 2.0 - p(Alternative::TwoSided, z)).abs() < 1e-16);
        }
        assert!((p(Alternative::Positive, 1.96) - 0.025).abs() < 1e-5);
        assert!((p(Alternative::Positive, -1.96) - 0.975).abs() < 1e-5);
    }
}
