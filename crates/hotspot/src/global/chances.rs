//! How many joins there are, and how many are to be expected.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::join_counts::Join;
use super::sums::Links;
use crate::Error;

/// How the categories came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sampling {
    /// The number of units in each is fixed; only their places are random.
    #[default]
    NonFree,
    /// Every unit draws its own with the observed shares as probabilities.
    Free,
}

impl Sampling {
    /// `nonfree` or `free`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NonFree => "nonfree",
            Self::Free => "free",
        }
    }
}

impl FromStr for Sampling {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "nonfree" => Ok(Self::NonFree),
            "free" => Ok(Self::Free),
            _ => Err(Error::UnknownSampling { word: word.to_owned() }),
        }
    }
}

/// A kind of join by the numbers of its categories.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Same(usize),
    Between(usize, usize),
    Different,
}

impl Kind {
    pub fn named(self, names: &[&str]) -> Join {
        let name = |category: usize| names[category].to_owned();
        match self {
            Self::Same(category) => Join::Same(name(category)),
            Self::Between(one, other) => Join::Between(name(one), name(other)),
            Self::Different => Join::Different,
        }
    }
}

/// Every category with itself, then every pair, then all different.
pub fn kinds(categories: usize) -> impl Iterator<Item = Kind> {
    let pairs = (0..categories)
        .flat_map(move |one| (one + 1..categories).map(move |other| Kind::Between(one, other)));
    (0..categories).map(Kind::Same).chain(pairs).chain([Kind::Different])
}

/// Joins of each kind, `½ Σ_i Σ_j w_ij`, in the order of [`kinds`].
pub fn counts(links: &Links, codes: &[usize], categories: usize) -> Vec<f64> {
    let mut table = vec![0.0; categories * categories];
    for row in links.rows() {
        let from = codes[row.unit()] * categories;
        for (j, w) in row.others() {
            table[from + codes[j]] += w / 2.0;
        }
    }
    let joins = |from: usize, to: usize| table[from * categories + to];
    let mut different = 0.0;
    kinds(categories)
        .map(|kind| match kind {
            Kind::Same(category) => joins(category, category),
            Kind::Between(one, other) => {
                let both = joins(one, other) + joins(other, one);
                different += both;
                both
            }
            Kind::Different => different,
        })
        .collect()
}

/// The chances that pairs of units are joins of a kind.
pub struct Chances {
    /// Units.
    pub n: f64,
    /// Units of each category.
    pub sizes: Vec<f64>,
    pub sampling: Sampling,
}

impl Chances {
    /// That a pair is such a join, that two pairs with a unit in common both are, and that two pairs
    /// without both are.
    pub fn of(&self, kind: Kind) -> (f64, f64, f64) {
        match kind {
            Kind::Same(r) => (self.all(&[(r, 2)]), self.all(&[(r, 3)]), self.all(&[(r, 4)])),
            Kind::Between(r, s) => (
                2.0 * self.all(&[(r, 1), (s, 1)]),
                self.all(&[(r, 1), (s, 2)]) + self.all(&[(r, 2), (s, 1)]),
                4.0 * self.all(&[(r, 2), (s, 2)]),
            ),
            Kind::Different => self.different(),
        }
    }

    /// By what is left when joins of the same category are taken out.
    fn different(&self) -> (f64, f64, f64) {
        let categories = 0..self.sizes.len();
        let same = |more: u8| -> f64 {
            let joins = categories.clone().map(|r| self.all(&[(r, 2)]) * self.any(2, more));
            joins.sum()
        };
        let three: f64 = categories.clone().map(|r| self.all(&[(r, 3)])).sum();
        let both: f64 = categories
            .clone()
            .flat_map(|r| categories.clone().map(move |s| (r, s)))
            .map(|(r, s)| if r == s { self.all(&[(r, 4)]) } else { self.all(&[(r, 2), (s, 2)]) })
            .sum();
        (
            self.any(0, 2) - same(0),
            self.any(0, 3) - 2.0 * same(1) + three,
            self.any(0, 4) - 2.0 * same(2) + both,
        )
    }

    /// The "chance" that `more` units after so many are of any category: one, unless `n` does not count
    /// the islands that the categories count.
    fn any(&self, after: u8, more: u8) -> f64 {
        let units: f64 = self.sizes.iter().sum();
        let drawn = (after..after + more).map(|taken| match self.sampling {
            Sampling::NonFree => (units - f64::from(taken)) / (self.n - f64::from(taken)),
            Sampling::Free => units / self.n,
        });
        drawn.product()
    }

    /// The chance that units taken one after the other are so many of each category.
    fn all(&self, wanted: &[(usize, u8)]) -> f64 {
        let mut chance = 1.0;
        let mut taken = 0.0;
        for &(category, count) in wanted {
            for already in 0..count {
                chance *= match self.sampling {
                    Sampling::NonFree => {
                        (self.sizes[category] - f64::from(already)) / (self.n - taken)
                    }
                    Sampling::Free => self.sizes[category] / self.n,
                };
                taken += 1.0;
            }
        }
        chance
    }
}
