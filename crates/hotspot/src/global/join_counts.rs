//! Join counts of a binary or categorical variable.

use durbin_core::{Conventions, Progress, Warning};
use durbin_weights::Weights;
use serde::Serialize;

use super::chances::{Chances, Kind, Sampling, counts, kinds};
use super::shuffle::shuffles;
use super::sums::Links;
use super::test::{GlobalOptions, conventions, counted, enough, warnings};
use crate::Error;
use crate::permutation::{self, Moments, Tally};

/// Which joins are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Join {
    /// Both ends in this category (BB).
    Same(String),
    /// One end in each of two categories (BW).
    Between(String, String),
    /// Ends in different categories, whichever they are.
    Different,
}

/// One count of joins with its test.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JoinCount {
    /// What is counted.
    pub join: Join,
    /// `½ Σ_i Σ_j w_ij`, over joins of this kind.
    pub value: f64,
    /// Its expectation.
    pub expected: f64,
    /// Its variance.
    pub variance: f64,
    /// `(value − expected) / √variance`, `NaN` where the variance is not positive.
    pub z: f64,
    /// Normal p-value.
    pub p_value: f64,
    /// Pseudo p-value of the permutations, if there were any.
    pub p_sim: Option<f64>,
}

/// All counts of a variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JoinCounts {
    /// Each category with itself, then each pair, then all different.
    pub joins: Vec<JoinCount>,
    /// The categories in ascending order, with the number of their units.
    pub categories: Vec<(String, usize)>,
    /// Units counted in `n`.
    pub n: usize,
    /// Units without neighbours.
    pub islands: usize,
    /// Islands and self links.
    pub warnings: Vec<Warning>,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
}

/// More categories than this are taken for a numeric variable named by mistake.
const MOST: usize = 100;

/// Join counts of a variable with a category per unit (`n` of them): of joins within each category (BB),
/// between each two (BW), and between different ones altogether.
///
/// A count is `½ Σ_i Σ_j w_ij` over the pairs `i ≠ j` in question, so that all counts add up to S0/2. Expectation
/// and variance follow Cliff & Ord (1981), *Spatial Processes*: with the probabilities `a` that a pair is
/// such a join, `b` that two pairs with one unit in common both are, and `c` that two pairs without are,
///
/// `E = S0 a / 2`, `Var = ¼ (S1 a + (S2 − 2 S1) b + (S0² + S1 − S2) c) − E²`.
///
/// These are the values of spdep's `joincount.test` and `joincount.multi`. The assumption of `options` does
/// not apply. Permutations deal the categories anew to all units. For [`Alternative::Positive`](crate::Alternative::Positive) many joins of
/// the same category and few of different ones tell of positive autocorrelation.
///
/// # Errors
/// [`Error::Length`], [`Error::Categories`] for fewer than 2 or more than 100 categories,
/// [`Error::TooFewUnits`], [`Error::NoLinks`], [`Error::TooManyPermutations`].
pub fn join_counts<S: AsRef<str>>(
    values: &[S],
    weights: &Weights,
    sampling: Sampling,
    options: &GlobalOptions,
    progress: &dyn Progress,
) -> Result<JoinCounts, Error> {
    if values.len() != weights.n_units() {
        return Err(Error::Length { values: values.len(), units: weights.n_units() });
    }
    let mut names: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    names.sort_unstable();
    names.dedup();
    if !(2..=MOST).contains(&names.len()) {
        return Err(Error::Categories { count: names.len(), most: MOST });
    }
    let category = |value: &S| names.partition_point(|&name| name < value.as_ref());
    let codes: Vec<usize> = values.iter().map(category).collect();
    let mut sizes = vec![0_usize; names.len()];
    for &code in &codes {
        sizes[code] += 1;
    }
    let links = Links::new(weights)?;
    let n = enough("join counts", weights, &links, options)?;
    let permutations = permutation::count(options.permutations)?;
    let observed = counts(&links, &codes, names.len());
    let simulated = shuffles(&codes, (permutations, options.seed), progress, |codes| {
        counts(&links, codes, names.len())
    });
    let chances = Chances { n, sizes: sizes.iter().map(|&size| size as f64).collect(), sampling };
    let tolerance = 4.0 * f64::EPSILON * (links.count as f64).sqrt() * links.total;
    let joins = kinds(names.len()).enumerate().map(|(at, kind)| {
        let (a, b, c) = chances.of(kind);
        let expected = links.s0 * a / 2.0;
        let (s1, s2) = (links.s1, links.s2);
        let second = s1 * a + (s2 - 2.0 * s1) * b + (links.s0 * links.s0 + s1 - s2) * c;
        let variance = second / 4.0 - expected * expected;
        let deviation = if variance > 0.0 { variance.sqrt() } else { f64::NAN };
        let z = (observed[at] - expected) / deviation;
        let tally = (permutations > 0).then(|| {
            let simulated: Vec<f64> = simulated.iter().map(|counts| counts[at]).collect();
            let mut tally = Tally::new(observed[at], tolerance);
            tally.add(&simulated, Moments::of(&simulated));
            tally
        });
        let alike = matches!(kind, Kind::Same(_));
        let oriented = tally.map(|tally| if alike { tally } else { tally.negated() });
        JoinCount {
            join: kind.named(&names),
            value: observed[at],
            expected,
            variance,
            z,
            p_value: options.alternative.normal_p(if alike { z } else { -z }),
            p_sim: oriented.map(|tally| tally.p_sim(options.of_permutations())),
        }
    });
    Ok(JoinCounts {
        joins: joins.collect(),
        categories: names.iter().map(|&name| name.to_owned()).zip(sizes).collect(),
        n: counted(weights, &links, options),
        islands: links.islands.len(),
        warnings: warnings(weights, &links, options),
        conventions: conventions(weights, options)
            .with("formula", "½ Σ_i Σ_j w_ij over the joins in question")
            .with("sampling", sampling.name()),
    })
}
