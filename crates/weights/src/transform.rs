//! How the raw weights are scaled.

use std::str::FromStr;

use durbin_core::Named;
use durbin_core::linalg::{eigenvalues, symmetric_spectral_radius};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::{Error, SpecError, Weights};

/// Units up to which the eigenvalues of an asymmetric matrix are computed.
const DENSE: usize = 2000;

/// A scaling of W.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Transform {
    /// As built or read.
    #[serde(rename = "none")]
    Raw,
    /// Every link weighs one.
    #[default]
    #[serde(rename = "B")]
    Binary,
    /// `w_ij / Σ_j w_ij`: every row with a neighbour sums to one.
    #[serde(rename = "R")]
    Row,
    /// `w_ij / Σ_i Σ_j w_ij`: all weights sum to one (PySAL's D, spdep's U).
    #[serde(rename = "D")]
    Double,
    /// Variance-stabilising: `n / Q · w_ij / √(Σ_j w_ij²)`, with Q such that all weights sum to n
    /// (Tiefelsdorf, Griffith & Boots 1999; PySAL's V, spdep's S).
    #[serde(rename = "V")]
    Variance,
    /// Divided by the smaller of the largest row sum and the largest column sum, of absolute values
    /// (Kelejian & Prucha 2010).
    #[serde(rename = "minmax")]
    MinMax,
    /// Divided by the spectral radius: the largest eigenvalue is one in modulus, and symmetry is kept.
    #[serde(rename = "spectral")]
    Spectral,
}

impl Transform {
    /// Every scaling that can be asked for by name.
    pub const ALL: [Self; 6] =
        [Self::Binary, Self::Row, Self::Double, Self::Variance, Self::MinMax, Self::Spectral];

    /// `B`, `R`, `D`, `V`, `minmax`, `spectral`, or `none` for weights as they came.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "none",
            Self::Binary => "B",
            Self::Row => "R",
            Self::Double => "D",
            Self::Variance => "V",
            Self::MinMax => "minmax",
            Self::Spectral => "spectral",
        }
    }

    /// What it does, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Raw => "as they came",
            Self::Binary => "every link one (B)",
            Self::Row => "rows sum to one (R)",
            Self::Double => "all weights sum to one (D)",
            Self::Variance => "variance-stabilising, all weights sum to n (V)",
            Self::MinMax => "divided by the smaller of the largest row and column sums (minmax)",
            Self::Spectral => "divided by the spectral radius (spectral)",
        }
    }
}

impl FromStr for Transform {
    type Err = SpecError;

    fn from_str(word: &str) -> Result<Self, SpecError> {
        let known = Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(word));
        known.ok_or_else(|| SpecError::Malformed {
            spec: word.to_owned(),
            expected: "B, R, D, V, minmax or spectral",
        })
    }
}

impl Weights {
    /// The same links rescaled. What is empty stays empty: a row without neighbours, a matrix of zeros.
    ///
    /// A scaling works on the weights as they stand: of weights scaled before, the original ones are gone.
    ///
    /// # Errors
    /// [`Error::RowSums`] for rows that cannot sum to one. For spectral scaling: [`Error::AsymmetricSpectral`] for asymmetric weights of more than 2,000 units,
    /// [`Error::NoSpectralRadius`] when their eigenvalues are not found.
    pub fn transform(&self, transform: Transform) -> Result<Self, Error> {
        let mut scaled = self.clone();
        match transform {
            Transform::Raw => return Ok(scaled),
            Transform::Binary => scaled.values.fill(1.0),
            Transform::Row => {
                self.check_row_sums()?;
                scaled.divide_rows(|row| row.iter().sum());
            }
            Transform::Double => scaled.divide(self.values.iter().sum()),
            Transform::Variance => {
                // Squares of very large or small weights would leave the range of numbers.
                scaled.divide(self.largest());
                scaled.divide_rows(|row| row.iter().map(|w| w * w).sum::<f64>().sqrt());
                let total: f64 = scaled.values.iter().sum();
                scaled.divide(total / self.n_units() as f64);
            }
            Transform::MinMax => scaled.divide(self.smaller_norm()),
            Transform::Spectral => {
                scaled.divide(self.largest());
                let radius = scaled.spectral_radius()?;
                scaled.divide(radius);
            }
        }
        scaled.transform = transform;
        Ok(scaled)
    }

    /// The largest modulus of an eigenvalue of W.
    fn spectral_radius(&self) -> Result<f64, Error> {
        let n = self.n_units();
        let kind = self.kind.clone();
        if self.is_symmetric() {
            return symmetric_spectral_radius(n, |x| self.lag(x))
                .map_err(|_| Error::NoSpectralRadius { kind });
        }
        if n > DENSE {
            return Err(Error::AsymmetricSpectral { kind, n, limit: DENSE });
        }
        let dense = Array2::from_shape_fn((n, n), |(i, j)| self.get(i, j));
        let values = eigenvalues(&dense).map_err(|_| Error::NoSpectralRadius { kind })?;
        Ok(values.into_iter().map(|(re, im)| re.hypot(im)).fold(0.0, f64::max))
    }

    /// The largest modulus of a weight.
    fn largest(&self) -> f64 {
        self.values.iter().fold(0.0, |largest: f64, w| largest.max(w.abs()))
    }

    /// Refuses rows whose sum is no scale: negative, or zero although there are weights.
    fn check_row_sums(&self) -> Result<(), Error> {
        let no_scale = |&i: &usize| {
            let values = self.row(i).1;
            let sum: f64 = values.iter().sum();
            sum < 0.0 || (sum == 0.0 && values.iter().any(|&w| w != 0.0))
        };
        let units: Named = (0..self.n_units()).filter(no_scale).map(|i| &self.ids()[i]).collect();
        if units.count == 0 {
            return Ok(());
        }
        Err(Error::RowSums { kind: self.kind.clone(), units })
    }

    /// `min(max_i Σ_j |w_ij|, max_j Σ_i |w_ij|)`.
    fn smaller_norm(&self) -> f64 {
        let mut columns = vec![0.0; self.n_units()];
        let mut largest_row = 0.0_f64;
        for i in 0..self.n_units() {
            let (neighbours, weights) = self.row(i);
            largest_row = largest_row.max(weights.iter().map(|w| w.abs()).sum());
            for (&j, w) in neighbours.iter().zip(weights) {
                columns[j as usize] += w.abs();
            }
        }
        largest_row.min(columns.into_iter().fold(0.0, f64::max))
    }

    fn divide(&mut self, by: f64) {
        if by != 0.0 {
            for w in &mut self.values {
                *w /= by;
            }
        }
    }

    fn divide_rows(&mut self, divisor: impl Fn(&[f64]) -> f64) {
        for i in 0..self.n_units() {
            let row = &mut self.values[self.offsets[i]..self.offsets[i + 1]];
            let by = divisor(row);
            if by != 0.0 {
                for w in row {
                    *w /= by;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        let ids = ["a", "b", "c"].map(String::from).to_vec();
        Weights::from_rows(ids, vec![vec![(1, 2.0)], vec![(2, 1.0), (0, 3.0)], vec![]], "test")
    }

    fn values(transform: Transform) -> Vec<f64> {
        weights().transform(transform).unwrap().values
    }

    fn close(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn row_scaling_sums_to_one_and_leaves_an_island_empty() {
        let row = weights().transform(Transform::Row).unwrap();
        assert_eq!(row.row(1), (&[0, 2][..], &[0.75, 0.25][..]));
        assert_eq!(row.islands(), [2]);
        assert_eq!(row.lag(&[1.0, 1.0, 1.0]), [1.0, 1.0, 0.0]);
    }

    #[test]
    fn d_sums_to_one_and_v_to_the_number_of_units() {
        assert!(close(&values(Transform::Double), &[2.0 / 6.0, 3.0 / 6.0, 1.0 / 6.0]));
        let root = 10.0_f64.sqrt();
        let total = 1.0 + 4.0 / root;
        let expected = [1.0, 3.0 / root, 1.0 / root].map(|w| w * 3.0 / total);
        assert!(close(&values(Transform::Variance), &expected));
    }

    #[test]
    fn minmax_divides_by_the_smaller_of_the_largest_row_and_column_sums() {
        // Rows sum to 2, 4, 0; columns to 3, 2, 1.
        assert!(close(&values(Transform::MinMax), &[2.0 / 3.0, 1.0, 1.0 / 3.0]));
    }

    #[test]
    fn spectral_scaling_leaves_a_largest_eigenvalue_of_one() {
        // The eigenvalues are ±√6 and 0.
        assert!(close(&values(Transform::Spectral), &[2.0, 3.0, 1.0].map(|w| w / 6.0_f64.sqrt())));
    }

    #[test]
    fn spectral_scaling_keeps_symmetry() {
        let ids = ["a", "b", "c"].map(String::from).to_vec();
        let star = vec![vec![(1, 2.0), (2, 2.0)], vec![(0, 2.0)], vec![(0, 2.0)]];
        let scaled = Weights::from_rows(ids, star, "star").transform(Transform::Spectral).unwrap();
        // The eigenvalues are ±2√2 and 0.
        assert!(close(&scaled.values, &[0.5_f64.sqrt(); 4]));
        assert!(scaled.is_symmetric());
    }

    #[test]
    fn the_size_of_the_weights_does_not_matter_to_v_and_spectral_scaling() {
        for transform in [Transform::Variance, Transform::Spectral] {
            let expected = values(transform);
            for size in [1e-200, 1e200] {
                let mut sized = weights();
                sized.values.iter_mut().for_each(|w| *w *= size);
                assert!(close(&sized.transform(transform).unwrap().values, &expected));
            }
        }
    }

    #[test]
    fn a_row_that_cannot_sum_to_one_is_refused_by_name() {
        let ids = ["a", "b"].map(String::from).to_vec();
        for (first, second) in [(1.0, -1.0), (-2.0, -2.0)] {
            let rows = vec![vec![(0, first), (1, second)], vec![(0, 1.0)]];
            let w = Weights::from_rows(ids.clone(), rows, "signed");
            let error = w.transform(Transform::Row).unwrap_err().to_string();
            assert!(error.contains("1 (a)"), "{error}");
        }
    }

    #[test]
    fn weights_that_are_all_zero_stay_so() {
        let none = Weights::from_rows(vec!["a".to_owned()], vec![vec![]], "test");
        for transform in Transform::ALL {
            assert_eq!(none.transform(transform).unwrap().n_links(), 0);
        }
    }

    #[test]
    fn names_parse_in_any_case() {
        for transform in Transform::ALL {
            assert_eq!(transform.name().to_lowercase().parse(), Ok(transform));
        }
        assert!(matches!("Z".parse::<Transform>(), Err(SpecError::Malformed { .. })));
    }
}
