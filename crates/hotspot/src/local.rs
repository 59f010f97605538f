//! Local statistics of association: one number for each unit.

mod geary;
mod moran;

use durbin_core::{Conventions, Named, Warning};
use durbin_weights::Weights;

use crate::{Alternative, Significance, permutation};

pub(crate) use geary::style as geary_style;
pub use geary::{GearyCluster, LocalGeary, local_geary};
pub(crate) use moran::style as moran_style;
pub use moran::{Cluster, LocalMoran, lisa_cluster, local_moran};

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalOptions {
    /// Conditional permutations per unit, 0 for none.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
    /// Which tails count in the p-values.
    pub alternative: Alternative,
    /// When a unit counts as significant, by `p_sim` where there are permutations and by the normal p
    /// where there are none.
    pub significance: Significance,
    /// Divide by the variance of divisor `n` (spdep's local Moran, esda's local Geary) rather than
    /// `n − 1`. z and all p-values are the same.
    pub population_variance: bool,
}

impl Default for LocalOptions {
    fn default() -> Self {
        Self {
            permutations: 0,
            seed: 12345,
            alternative: Alternative::TwoSided,
            significance: Significance::default(),
            population_variance: false,
        }
    }
}

/// Islands, self links and units without a z.
fn warnings(weights: &Weights, statistic: &str, z: &[f64]) -> Vec<Warning> {
    let ids = weights.ids();
    let islands = weights.islands();
    let named = |rows: &[usize]| rows.iter().map(|&i| ids[i].clone()).collect::<Named>();
    let mut warnings = Vec::new();
    if !islands.is_empty() {
        let treatment = "kept among the others: their own statistic is undefined and left empty";
        warnings.push(Warning::Islands { units: named(&islands), treatment });
    }
    let linked = |i: &usize| weights.row(*i).0.iter().any(|&j| j as usize == *i);
    let self_linked: Vec<usize> = (0..z.len()).filter(linked).collect();
    if !self_linked.is_empty() {
        let units = named(&self_linked);
        warnings.push(Warning::Other(format!("self links are left out: {units}")));
    }
    let is_island = |i: &usize| islands.binary_search(i).is_ok();
    let undefined: Vec<usize> = (0..z.len()).filter(|i| z[*i].is_nan() && !is_island(i)).collect();
    if !undefined.is_empty() {
        let units = named(&undefined);
        warnings.push(Warning::Other(format!(
            "{statistic} has no z where the value is the mean, the neighbourhood is every unit or \
             the others do not vary: {units}"
        )));
    }
    warnings
}

/// What to know of any local statistic with a map of clusters.
fn conventions(weights: &Weights, options: &LocalOptions) -> Conventions {
    let (p_value, p_sim) = options.alternative.words();
    let Significance { level, correction } = options.significance;
    let deciding = if options.permutations == 0 { "p" } else { "p_sim" };
    let conventions = Conventions::new()
        .with("self", "left out")
        .with("transform", weights.transform.name())
        .with("p_value", p_value)
        .with("correction", correction.name())
        .with("clusters", format!("significant where {deciding}, corrected, is at most {level}"));
    if options.permutations == 0 {
        return conventions;
    }
    permutation::conventions(conventions, options.permutations, options.seed).with("p_sim", p_sim)
}
