//! From p-values to the seven bins of a hot-spot map.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// How the p-values are corrected for testing every unit before they decide the bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Correction {
    /// Not at all.
    #[default]
    None,
    /// False discovery rate: the step-up procedure of Benjamini & Hochberg (1995), *JRSS B* 57, at each of
    /// the three levels.
    ///
    /// This is also the FDR correction of ArcGIS's Hot Spot Analysis. It ranks the p-values and lowers
    /// the critical value of each confidence level to the largest `p_(k) ≤ α·k/m`; a p-value is within
    /// that exactly when its adjusted value `min_{l ≥ k} m·p_(l)/l` is at most α.
    Fdr,
    /// Family-wise error: `min(1, m·p)`.
    Bonferroni,
}

impl Correction {
    /// `none`, `fdr` or `bonferroni`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Fdr => "fdr",
            Self::Bonferroni => "bonferroni",
        }
    }

    /// The corrected p-values: to compare them with α is to run the procedure at level α. The `m` tests
    /// are those with a p-value; `NaN` stays `NaN`.
    pub fn apply(self, p: &[f64]) -> Vec<f64> {
        let tests = p.iter().filter(|p| !p.is_nan()).count() as f64;
        match self {
            Self::None => p.to_vec(),
            Self::Bonferroni => {
                let bounded = |p: &f64| {
                    if p.is_nan() { f64::NAN } else { (tests * p).min(1.0) }
                };
                p.iter().map(bounded).collect()
            }
            Self::Fdr => benjamini_hochberg(p, tests),
        }
    }
}

/// Which p-values decide the bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BinsBy {
    /// Those of the normal distribution.
    #[default]
    Normal,
    /// Those of the permutations.
    Permutations,
}

/// `min_{k ≥ rank} m·p_(k)/k` for every p-value.
fn benjamini_hochberg(p: &[f64], tests: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    order.sort_by(|&i, &j| p[i].total_cmp(&p[j]));
    let mut corrected = vec![f64::NAN; p.len()];
    let mut least: f64 = 1.0;
    for (rank, &i) in order.iter().enumerate().rev() {
        least = least.min(tests * p[i] / (rank + 1) as f64);
        corrected[i] = least;
    }
    corrected
}

/// The bin of a unit: 3, 2, 1 where its corrected two-sided p is at most 0.01, 0.05, 0.10, negative for a
/// negative z, 0 otherwise; `None` where z is undefined.
pub fn bin(z: f64, p: f64) -> Option<i8> {
    if z.is_nan() || p.is_nan() {
        return None;
    }
    let levels = [0.10, 0.05, 0.01];
    let strength = levels.iter().map(|&level| i8::from(p <= level)).sum::<i8>();
    Some(if z < 0.0 { -strength } else { strength })
}

impl FromStr for Correction {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "none" => Ok(Self::None),
            "fdr" => Ok(Self::Fdr),
            "bonferroni" => Ok(Self::Bonferroni),
            _ => Err(Error::UnknownCorrection { word: word.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_false_discovery_rate_steps_up_from_the_largest_p() {
        // By hand: m·p/k = 0.05, 0.05, 0.05, 0.05, 0.05 for p = k/100, m = 5.
        let p = [0.04, 0.01, 0.05, f64::NAN, 0.02, 0.03];
        let corrected = Correction::Fdr.apply(&p);
        assert!(corrected[3].is_nan());
        let rest = corrected.iter().filter(|p| !p.is_nan());
        assert!(rest.into_iter().all(|p| (p - 0.05).abs() < 1e-15), "{corrected:?}");
        // Benjamini & Hochberg's own rule: of 0.001, 0.02, 0.04, 0.9 at α = 0.05 the first two pass.
        let corrected = Correction::Fdr.apply(&[0.9, 0.04, 0.02, 0.001]);
        let hand = [0.9, 0.04 * 4.0 / 3.0, 0.04, 0.004];
        assert!(corrected.iter().zip(hand).all(|(a, b)| (a - b).abs() < 1e-15), "{corrected:?}");
    }

    #[test]
    fn the_critical_values_of_arcgis_select_the_same_units() {
        let p: Vec<f64> = (0..60).map(|i| f64::from(i * 37 % 60).powi(3) / 250_000.0).collect();
        let mut ranked = p.clone();
        ranked.sort_by(f64::total_cmp);
        let corrected = Correction::Fdr.apply(&p);
        for level in [0.01, 0.05, 0.10] {
            let passing = (1..).zip(&ranked).filter(|&(k, &p)| p <= level * f64::from(k) / 60.0);
            let critical = passing.last().map_or(0.0, |(_, &p)| p);
            let both = p.iter().zip(&corrected);
            assert!(both.into_iter().all(|(&p, &q)| (p <= critical) == (q <= level)), "{level}");
        }
    }

    #[test]
    fn bonferroni_multiplies_by_the_number_of_tests_made() {
        let corrected = Correction::Bonferroni.apply(&[0.01, f64::NAN, 0.8]);
        assert_eq!((corrected[0], corrected[2]), (0.02, 1.0));
        assert!(corrected[1].is_nan());
    }

    #[test]
    fn bins_follow_the_sign_of_z_and_the_level_of_p() {
        let cases = [(2.6, 0.0099, 3), (-2.0, 0.0455, -2), (1.7, 0.089, 1), (-1.0, 0.3, 0)];
        for (z, p, expected) in cases {
            assert_eq!(bin(z, p), Some(expected));
        }
        assert_eq!(bin(f64::NAN, f64::NAN), None);
    }
}
