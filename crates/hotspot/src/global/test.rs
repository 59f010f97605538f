//! Options and outcome that the global statistics share.

use std::str::FromStr;

use durbin_core::{Conventions, Named, Progress, Warning};
use durbin_weights::Weights;
use serde::{Deserialize, Serialize};

use super::shuffle::shuffles;
use super::sums::Links;
use crate::permutation::{self, Moments, Tally};
use crate::{Alternative, Error};

/// What is random about the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assumption {
    /// Their order over the units.
    #[default]
    Randomization,
    /// They are independent draws from one normal distribution.
    Normality,
}

/// How to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalOptions {
    /// Expectation and variance follow from this.
    pub assumption: Assumption,
    /// Permutations of all values, 0 for none.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
    /// Leave units without neighbours out of the number `n` in statistic and moments, though not out of
    /// mean and variance of the values: what spdep does (`adjust.n = TRUE`). esda keeps them in.
    pub drop_islands: bool,
    /// Which tails count in the p-values.
    pub alternative: Alternative,
    /// Which tails count in `p_sim`, where they differ.
    pub simulated: Option<Alternative>,
}

impl Default for GlobalOptions {
    fn default() -> Self {
        Self {
            assumption: Assumption::Randomization,
            permutations: 0,
            seed: 12345,
            drop_islands: false,
            alternative: Alternative::TwoSided,
            simulated: None,
        }
    }
}

impl GlobalOptions {
    pub(super) fn of_permutations(&self) -> Alternative {
        self.simulated.unwrap_or(self.alternative)
    }
}

/// A global statistic with its test.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GlobalTest {
    /// `moran`, `geary`, `g` or `bivariate-moran`.
    pub statistic: &'static str,
    /// The statistic.
    pub value: f64,
    /// Its expectation.
    pub expected: f64,
    /// Its variance.
    pub variance: f64,
    /// `(value − expected) / √variance`, `NaN` where the variance is not positive.
    pub z: f64,
    /// Normal p-value of `z`.
    pub p_value: f64,
    /// Pseudo p-value of the permutations, if there were any.
    pub p_sim: Option<f64>,
    /// The value standardised by the permutations, if there were any.
    pub z_sim: Option<f64>,
    /// Where expectation and variance come from.
    pub assumption: Assumption,
    /// Units counted in `n`.
    pub n: usize,
    /// Units without neighbours.
    pub islands: usize,
    /// Islands, self links and assumptions that do not apply.
    pub warnings: Vec<Warning>,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
}

impl Assumption {
    /// `randomization` or `normality`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Randomization => "randomization",
            Self::Normality => "normality",
        }
    }
}

impl FromStr for Assumption {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "randomization" => Ok(Self::Randomization),
            "normality" => Ok(Self::Normality),
            _ => Err(Error::UnknownAssumption { word: word.to_owned() }),
        }
    }
}

/// A statistic that has been computed and is to be tested.
pub struct Computed {
    pub name: &'static str,
    /// The formula, for the record of conventions.
    pub formula: &'static str,
    pub value: f64,
    pub expected: f64,
    pub variance: f64,
    pub assumption: Assumption,
    /// 1 where a large value tells of positive autocorrelation, −1 where a small one does.
    pub direction: f64,
    /// Rounding to be expected of the statistic.
    pub tolerance: f64,
}

impl Computed {
    /// The test, with `statistic` of permutations of `values` where these are wanted.
    pub fn test(
        self,
        weights: &Weights,
        links: &Links,
        options: &GlobalOptions,
        progress: &dyn Progress,
        values: &[f64],
        statistic: impl Fn(&[f64]) -> f64 + Sync,
    ) -> Result<GlobalTest, Error> {
        let permutations = permutation::count(options.permutations)?;
        let deviation = if self.variance > 0.0 { self.variance.sqrt() } else { f64::NAN };
        let z = (self.value - self.expected) / deviation;
        let tally = (permutations > 0).then(|| {
            let simulated = shuffles(values, (permutations, options.seed), progress, statistic);
            let mut tally = Tally::new(self.value, self.tolerance);
            tally.add(&simulated, Moments::of(&simulated));
            tally
        });
        let oriented =
            tally.map(|tally| if self.direction < 0.0 { tally.negated() } else { tally });
        Ok(GlobalTest {
            statistic: self.name,
            value: self.value,
            expected: self.expected,
            variance: self.variance,
            z,
            p_value: options.alternative.normal_p(self.direction * z),
            p_sim: oriented.map(|tally| tally.p_sim(options.of_permutations())),
            z_sim: tally.map(|tally| tally.z_sim()),
            assumption: self.assumption,
            n: counted(weights, links, options),
            islands: links.islands.len(),
            warnings: warnings(weights, links, options),
            conventions: conventions(weights, options)
                .with("formula", self.formula)
                .with("assumption", self.assumption.name()),
        })
    }
}

/// The number `n` of the formulas.
pub fn counted(weights: &Weights, links: &Links, options: &GlobalOptions) -> usize {
    weights.n_units() - if options.drop_islands { links.islands.len() } else { 0 }
}

/// Refuses fewer units than moments of fourth order need.
pub fn enough(
    statistic: &'static str,
    weights: &Weights,
    links: &Links,
    options: &GlobalOptions,
) -> Result<f64, Error> {
    let n = counted(weights, links, options);
    if n < 4 {
        return Err(Error::TooFewUnits { statistic, needed: 4, n });
    }
    Ok(n as f64)
}

/// Islands and self links, and what was done about them.
pub fn warnings(weights: &Weights, links: &Links, options: &GlobalOptions) -> Vec<Warning> {
    let named = |rows: &[usize]| rows.iter().map(|&i| weights.ids()[i].clone()).collect::<Named>();
    let mut warnings = Vec::new();
    if !links.islands.is_empty() {
        let treatment = if options.drop_islands {
            "not counted in n, as in spdep"
        } else {
            "kept in n, as in esda"
        };
        warnings.push(Warning::Islands { units: named(&links.islands), treatment });
    }
    if !links.self_linked.is_empty() {
        let units = named(&links.self_linked);
        warnings.push(Warning::Other(format!("self links are left out: {units}")));
    }
    warnings
}

/// What to know of any global test.
pub fn conventions(weights: &Weights, options: &GlobalOptions) -> Conventions {
    let (p_value, _) = options.alternative.words();
    let (_, p_sim) = options.of_permutations().words();
    let islands = if options.drop_islands { "not counted in n" } else { "counted in n" };
    let conventions = Conventions::new()
        .with("transform", weights.transform.name())
        .with("islands", islands)
        .with("p_value", p_value);
    if options.permutations == 0 {
        return conventions;
    }
    conventions
        .with("permutations", options.permutations.to_string())
        .with("seed", options.seed.to_string())
        .with("permutation", "all values are dealt anew to all units")
        .with("p_sim", p_sim)
}
