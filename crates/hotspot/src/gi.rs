//! The statistics and their normal inference.

use durbin_core::{Conventions, Named, Progress, Warning};
use durbin_weights::Weights;
use rayon::prelude::*;

use crate::bins::{BinsBy, Correction, bin};
use crate::moments::{Deviations, Neighbourhood, conditional, spread};
use crate::permutation::{self, Statistic};
use crate::{Alternative, Error, Gi};

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Gi* (each unit in its own neighbourhood) rather than Gi.
    pub self_included: bool,
    /// Correction of `gi_bin` for testing every unit.
    pub correction: Correction,
    /// Conditional permutations per unit, 0 for none.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
    /// Which p-values decide the bins.
    pub bins: BinsBy,
    /// Which tails count in the p-values.
    pub alternative: Alternative,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            self_included: true,
            correction: Correction::None,
            permutations: 0,
            seed: 12345,
            bins: BinsBy::Normal,
            alternative: Alternative::TwoSided,
        }
    }
}

impl Options {
    /// `Gi*` or `Gi`.
    pub fn statistic(&self) -> &'static str {
        if self.self_included { "Gi*" } else { "Gi" }
    }
}

/// Getis-Ord Gi* or Gi of `n` values as z-scores.
///
/// With `W_i = Σ_j w_ij` and `S1_i = Σ_j w_ij²`, Gi* takes the unit in and standardises by the moments
/// of all units,
///
/// `z_i = (Σ_j w_ij x_j − W_i x̄) / √( s² (n S1_i − W_i²) / (n − 1) )`, `s² = Σ_j (x_j − x̄)² / n`;
///
/// Gi leaves it out of both,
///
/// `z_i = (Σ_{j≠i} w_ij x_j − W_i x̄_i) / √( s_i² ((n − 1) S1_i − W_i²) / (n − 2) )`,
/// `s_i² = Σ_{j≠i} (x_j − x̄_i)² / (n − 1)`
///
/// (Ord & Getis 1995, *Geographical Analysis* 27; the values of spdep's `localG`). z does not
/// change when a row of weights is multiplied by a constant, nor when x is shifted. The unit's own weight in
/// Gi* is that of its self link, or else the largest weight of its row (one for binary weights).
///
/// Gi of an island is `NaN`; Gi* of an island rests on its own value. Where the neighbourhood is every unit
/// with equal weight z is 0/0 and `NaN`. Both are told in [`Gi::warnings`].
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`], [`Error::TooFewUnits`] (Gi* needs 2 units, Gi 3),
/// [`Error::Constant`], [`Error::TooManyPermutations`], [`Error::NoPermutations`] for bins by permutations
/// without any.
pub fn gi(
    values: &[f64],
    weights: &Weights,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Gi, Error> {
    let n = weights.n_units();
    let permutations = permutation::count(options.permutations)?;
    if permutations == 0 && options.bins == BinsBy::Permutations {
        return Err(Error::NoPermutations);
    }
    let needed = if options.self_included { 2 } else { 3 };
    if n < needed && values.len() == n {
        return Err(Error::TooFewUnits { statistic: options.statistic(), needed, n });
    }
    let x = Deviations::new(values, weights.ids())?;
    let rows: Vec<Neighbourhood> =
        (0..n).map(|i| Neighbourhood::new(weights, i, options.self_included)).collect();
    let standardise = if options.self_included { gi_star_z } else { gi_z };
    let z: Vec<f64> = rows.par_iter().enumerate().map(|(i, row)| standardise(i, row, &x)).collect();
    let p: Vec<f64> = z.iter().map(|&z| options.alternative.normal_p(z)).collect();
    let simulated = (permutations > 0).then(|| {
        let sampled = |i: usize| !z[i].is_nan();
        let draws = (permutations, options.seed);
        permutation::simulate(&rows, &x.d, Statistic::Lag, sampled, draws, progress)
    });
    let p_sim = simulated.as_ref().map(|tallies| permutation::p_sim(tallies, options.alternative));
    let z_sim = simulated.as_ref().map(|tallies| permutation::z_sim(tallies));
    let deciding = match (options.bins, &p_sim) {
        (BinsBy::Permutations, Some(p_sim)) => p_sim,
        _ => &p,
    };
    let corrected = options.correction.apply(deciding);
    Ok(Gi {
        self_included: options.self_included,
        bins: z.iter().zip(&corrected).map(|(&z, &p)| bin(z, p)).collect(),
        neighbors: (0..n).map(|i| weights.cardinality(i)).collect(),
        warnings: warnings(weights, &z, options),
        conventions: conventions(weights, options),
        z,
        p,
        p_sim,
        z_sim,
    })
}

fn gi_star_z(_: usize, row: &Neighbourhood, x: &Deviations) -> f64 {
    let n = x.d.len() as f64;
    let variance = x.sum_of_squares / n * spread(row, n) / (n - 1.0);
    row.lag(&x.d) / variance.sqrt()
}

fn gi_z(i: usize, row: &Neighbourhood, x: &Deviations) -> f64 {
    let (mean, variance) = x.without(i);
    let (mean, variance) = conditional(row, x.d.len(), mean, variance);
    (row.lag(&x.d) - mean) / variance.sqrt()
}

fn warnings(weights: &Weights, z: &[f64], options: &Options) -> Vec<Warning> {
    let ids = weights.ids();
    let islands = weights.islands();
    let named = |rows: &[usize]| rows.iter().map(|&i| ids[i].clone()).collect::<Named>();
    let mut warnings = Vec::new();
    if !islands.is_empty() {
        let treatment = if options.self_included {
            "kept: their Gi* rests on their own value alone"
        } else {
            "kept: their Gi is undefined and left empty"
        };
        warnings.push(Warning::Islands { units: named(&islands), treatment });
    }
    let is_island = |i: &usize| islands.binary_search(i).is_ok();
    let undefined: Vec<usize> = (0..z.len()).filter(|i| z[*i].is_nan() && !is_island(i)).collect();
    if !undefined.is_empty() {
        warnings.push(Warning::Other(format!(
            "{} is undefined and left empty where the neighbourhood is every unit or does not vary: {}",
            options.statistic(),
            named(&undefined)
        )));
    }
    warnings
}

fn conventions(weights: &Weights, options: &Options) -> Conventions {
    let own = if options.self_included {
        "included, with the weight of its self link or else the largest of its row"
    } else {
        "left out, of the mean and the variance too"
    };
    let (p_value, p_sim) = options.alternative.words();
    let deciding = match options.bins {
        BinsBy::Normal => "normal p",
        BinsBy::Permutations => "p_sim",
    };
    let conventions = Conventions::new()
        .with("statistic", format!("Getis-Ord {}", options.statistic()))
        .with("self", own)
        .with(
            "transform",
            format!("{}; z does not change with row scaling", weights.transform.name()),
        )
        .with("p_value", p_value)
        .with("correction", options.correction.name())
        .with(
            "bins",
            format!("±3, ±2, ±1 where the {deciding}, corrected, is at most 0.01, 0.05, 0.10"),
        );
    if options.permutations == 0 {
        return conventions;
    }
    permutation::conventions(conventions, options.permutations, options.seed).with("p_sim", p_sim)
}
