//! Conditional permutation inference, one engine for all local statistics.
//!
//! A unit keeps its value; its `k` neighbours draw theirs from the other `n − 1` units without
//! replacement, in random order, so that each draw meets a weight of the row. All units share the draws of
//! a permutation: one random sequence of the others, of which a unit with `k` neighbours takes the first
//! `k`. For every single unit this is exactly the conditional permutation distribution, so its p-value is
//! what it would be with draws of its own; only the errors of different units' p-values are dependent
//! (esda shares its draws too).
//!
//! Sharing is what makes it fast. Between two units that follow each other hardly any permutation
//! changes, so that simulations are kept and amended rather than drawn. A unit costs a comparison
//! with every simulation, and where weights differ within its row one product per neighbour.

mod draws;
mod equal;
mod tally;
mod unequal;
mod walk;

use std::collections::BTreeMap;

use durbin_core::{Conventions, Progress};
use rayon::prelude::*;

use crate::moments::Neighbourhood;
use crate::{Alternative, Error};
use draws::Draws;
pub use tally::{Moments, Tally};

/// The local sum whose distribution is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// `Σ_j w_ij z_j`.
    Lag,
    /// `Σ_j w_ij (z_i − z_j)²`.
    SquaredDifferences,
}

/// A unit whose statistic is simulated.
struct Subject {
    unit: u32,
    tally: Tally,
}

/// Most draws held at a time.
const BATCH: usize = 1 << 17;

/// Units of a group handled at a time, at least.
const CHUNK: usize = 1 << 10;

/// The statistic of every unit against `permutations` simulations of it; `None` where `sampled` says no or
/// where there is nothing to permute.
///
/// The draws are a function of seed and permutation alone, and every sum is made in an order of its own, so
/// the outcome is the same for any number of threads. Simulations are counted and forgotten.
///
/// Rows with one positive weight for all neighbours are simulated as if that weight were one.
pub fn simulate(
    rows: &[Neighbourhood],
    z: &[f64],
    statistic: Statistic,
    sampled: impl Fn(usize) -> bool,
    (permutations, seed): (u32, u64),
    progress: &dyn Progress,
) -> Vec<Option<Tally>> {
    // By cardinality where the weights of a row are equal, all together (`None`) where they are not.
    let mut groups: BTreeMap<Option<usize>, Vec<Subject>> = BTreeMap::new();
    let largest = z.iter().fold(0.0, |largest: f64, z| largest.max(z.abs()));
    let mut longest = 0;
    for (unit, row) in (0..).zip(rows) {
        let k = row.others().count();
        if k > 0 && sampled(unit as usize) {
            longest = longest.max(k);
            let equal = row.is_equal();
            let tally = observed(row, equal, z, statistic, largest);
            groups.entry(equal.then_some(k)).or_default().push(Subject { unit, tally });
        }
    }
    let batch = u32::try_from(BATCH / longest.max(1)).unwrap_or(u32::MAX).max(1);
    let batches = u64::from(permutations.div_ceil(batch));
    let subjects: usize = groups.values().map(Vec::len).sum();
    progress.begin("permutations", subjects as u64 * batches);
    let mut from = 0;
    while from < permutations && longest > 0 {
        let to = from.saturating_add(batch).min(permutations);
        let draws = Draws::new(rows.len(), longest, from..to, seed);
        groups.par_iter_mut().for_each(|(equal, subjects)| match equal {
            Some(k) => equal::run(subjects, *k, &draws, z, statistic, progress),
            None => unequal::run(subjects, rows, &draws, z, statistic, progress),
        });
        from = to;
    }
    progress.end();
    let mut tallies = vec![None; rows.len()];
    for subject in groups.into_values().flatten() {
        tallies[subject.unit as usize] = Some(subject.tally);
    }
    tallies
}

/// The observed statistic, with weights of one in an equal row, and the rounding to be expected of it.
fn observed(
    row: &Neighbourhood,
    equal: bool,
    z: &[f64],
    statistic: Statistic,
    largest: f64,
) -> Tally {
    let links = row.others().map(|(j, w)| (z[j], if equal { 1.0 } else { w }));
    let own = z[row.unit()];
    let terms = |term: &dyn Fn(f64) -> f64| links.clone().map(|(z, w)| w * term(z)).sum::<f64>();
    let (value, term) = match statistic {
        Statistic::Lag => (terms(&|z| z), largest),
        Statistic::SquaredDifferences => {
            (terms(&|z| (own - z) * (own - z)), 4.0 * largest * largest)
        }
    };
    // Equal sums in another order differ by at most a few roundings per term of the largest partial sum.
    let total: f64 = links.clone().map(|(_, w)| w.abs()).sum();
    let tolerance = 2.0 * (links.count() + 4) as f64 * f64::EPSILON * total * term;
    Tally::new(value, tolerance)
}

/// The number of permutations as they are numbered.
///
/// # Errors
/// [`Error::TooManyPermutations`].
pub fn count(permutations: usize) -> Result<u32, Error> {
    u32::try_from(permutations).map_err(|_| Error::TooManyPermutations { permutations })
}

/// Pseudo p-values, `NaN` where there was nothing to permute.
pub fn p_sim(tallies: &[Option<Tally>], alternative: Alternative) -> Vec<f64> {
    let p = |tally: &Option<Tally>| tally.map_or(f64::NAN, |tally| tally.p_sim(alternative));
    tallies.iter().map(p).collect()
}

/// Values standardised by their simulations, `NaN` where there was nothing to permute.
pub fn z_sim(tallies: &[Option<Tally>]) -> Vec<f64> {
    tallies.iter().map(|tally| tally.map_or(f64::NAN, |tally| tally.z_sim())).collect()
}

/// What to know of conditional permutations.
pub fn conventions(conventions: Conventions, permutations: usize, seed: u64) -> Conventions {
    conventions
        .with("permutations", permutations.to_string())
        .with("seed", seed.to_string())
        .with(
            "permutation",
            "conditional: the unit keeps its value, its neighbours draw theirs from the others \
             without replacement; units share draws",
        )
        .with("z_sim", "(observed − mean) / standard deviation (divisor N − 1) of the permutations")
}
