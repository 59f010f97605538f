//! Local Geary's C.

use std::collections::BTreeMap;

use durbin_core::{Column, Conventions, Progress, Rgb, Style, Values, Warning};
use durbin_weights::Weights;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{LocalOptions, warnings};
use crate::Error;
use crate::cluster::{self, Entry, Quadrant, aliased};
use crate::moments::{Deviations, Neighbourhood, conditional};
use crate::permutation::{self, Statistic, Tally};

/// Local Geary's C of `n` units, one entry per unit in every list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LocalGeary {
    /// The statistic, `NaN` for an island.
    pub c: Vec<f64>,
    /// Its conditional expectation.
    pub expected: Vec<f64>,
    /// Its conditional variance.
    pub variance: Vec<f64>,
    /// `(c − expected) / √variance`: negative where the unit is like its neighbours.
    pub z: Vec<f64>,
    /// Normal p-values of `z`, uncorrected.
    pub p: Vec<f64>,
    /// Classes of the map.
    pub clusters: Vec<GearyCluster>,
    /// Neighbours of each unit, itself not counted.
    pub neighbors: Vec<usize>,
    /// Pseudo p-values of the permutations, if there were any.
    pub p_sim: Option<Vec<f64>>,
    /// Observed values standardised by the permutations, if there were any.
    pub z_sim: Option<Vec<f64>>,
    /// Islands, self links and units without a z.
    pub warnings: Vec<Warning>,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
}

/// The class of a unit on a map of local Geary, with GeoDa's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GearyCluster {
    /// 0.
    NotSignificant,
    /// 1: like its neighbours, and all are above the mean.
    HighHigh,
    /// 2: like its neighbours, and all are below the mean.
    LowLow,
    /// 3: like its neighbours on the other side of the mean.
    OtherPositive,
    /// 4: unlike its neighbours.
    Negative,
    /// 5: no p-value.
    Undefined,
    /// 6: no neighbour.
    Neighborless,
}

const NAME: &str = "local Geary";

/// Codes, labels and colours as in GeoDa.
const LEGEND: [Entry; 7] = [
    (0, "Not significant", Rgb(238, 238, 238)),
    (1, "High-High", Rgb(178, 24, 43)),
    (2, "Low-Low", Rgb(239, 138, 98)),
    (3, "Other positive", Rgb(253, 219, 199)),
    (4, "Negative", Rgb(103, 173, 199)),
    (5, "Undefined", Rgb(70, 70, 70)),
    (6, "Neighborless", Rgb(153, 153, 153)),
];

impl GearyCluster {
    /// 0 to 6, as in GeoDa.
    pub fn code(self) -> i64 {
        match self {
            Self::NotSignificant => 0,
            Self::HighHigh => 1,
            Self::LowLow => 2,
            Self::OtherPositive => 3,
            Self::Negative => 4,
            Self::Undefined => 5,
            Self::Neighborless => 6,
        }
    }
}

/// Local Geary's C of `n` values,
///
/// `c_i = Σ_{j≠i} w_ij (x_i − x_j)² / s²`, `s² = Σ_j (x_j − x̄)² / (n − 1)`
///
/// (Anselin 1995, 2019, *Geographical Analysis* 27 and 51; the scale of spdep's `localC` and of GeoDa, esda
/// divides by the variance of divisor `n`). A small c tells that the unit is like its neighbours.
///
/// Expectation and variance are exact for conditional permutations: the neighbours draw
/// `u_j = (x_i − x_j)²` without replacement from those of the other `n − 1` units, so that
/// `E = W_i ū` and `Var = s_u² ((n − 1) S1_i − W_i²) / (n − 2)`, `s_u²` of divisor `n − 1`. The
/// distribution is skewed: p-values of permutations are to be preferred. Self links are left out.
///
/// # Errors
/// As [`local_moran`](crate::local_moran).
pub fn local_geary(
    values: &[f64],
    weights: &Weights,
    options: &LocalOptions,
    progress: &dyn Progress,
) -> Result<LocalGeary, Error> {
    let n = weights.n_units();
    let permutations = permutation::count(options.permutations)?;
    options.significance.check()?;
    if n < 3 && values.len() == n {
        return Err(Error::TooFewUnits { statistic: "local Geary's C", needed: 3, n });
    }
    let x = Deviations::new(values, weights.ids())?;
    let rows: Vec<Neighbourhood> = (0..n).map(|i| Neighbourhood::new(weights, i, false)).collect();
    let divisor = if options.population_variance { n as f64 } else { (n - 1) as f64 };
    let deviation = (x.sum_of_squares / divisor).sqrt();
    let standard: Vec<f64> = x.d.iter().map(|d| d / deviation).collect();
    let differences = Differences::new(&standard);
    let local = |(i, row): (usize, &Neighbourhood)| {
        let (mean, variance) = differences.from(standard[i]);
        let (mean, variance) = conditional(row, n, mean, variance);
        let squared = |(j, w): (usize, f64)| w * (standard[i] - standard[j]).powi(2);
        (row.others().map(squared).sum::<f64>(), mean, variance)
    };
    let units: Vec<(f64, f64, f64)> = rows.par_iter().enumerate().map(local).collect();
    let island = |i: usize| rows[i].others().next().is_none();
    let of = |pick: &dyn Fn(&(f64, f64, f64)) -> f64| -> Vec<f64> {
        let picked = |(i, unit)| if island(i) { f64::NAN } else { pick(unit) };
        units.iter().enumerate().map(picked).collect()
    };
    let z = of(&|(c, mean, variance)| (c - mean) / variance.sqrt());
    let p: Vec<f64> = z.iter().map(|&z| options.alternative.normal_p(-z)).collect();
    let tallies = (permutations > 0).then(|| {
        let draws = (permutations, options.seed);
        let sampled = |i: usize| !z[i].is_nan();
        let statistic = Statistic::SquaredDifferences;
        permutation::simulate(&rows, &standard, statistic, sampled, draws, progress)
    });
    // A small c is what positive autocorrelation makes.
    let p_sim = tallies.as_ref().map(|tallies| {
        let turned: Vec<_> = tallies.iter().map(|tally| tally.map(Tally::negated)).collect();
        permutation::p_sim(&turned, options.alternative)
    });
    let z_sim = tallies.as_ref().map(|tallies| permutation::z_sim(tallies));
    let significant = options.significance.of(p_sim.as_ref().unwrap_or(&p));
    let deciding = z_sim.as_ref().unwrap_or(&z);
    let class = |i: usize| {
        if island(i) {
            GearyCluster::Neighborless
        } else if deciding[i].is_nan() {
            GearyCluster::Undefined
        } else if !significant[i] {
            GearyCluster::NotSignificant
        } else if deciding[i] > 0.0 {
            GearyCluster::Negative
        } else {
            match Quadrant::of(x.d[i], rows[i].lag(&x.d)) {
                Quadrant::HighHigh => GearyCluster::HighHigh,
                Quadrant::LowLow => GearyCluster::LowLow,
                Quadrant::LowHigh | Quadrant::HighLow => GearyCluster::OtherPositive,
            }
        }
    };
    Ok(LocalGeary {
        clusters: (0..n).map(class).collect(),
        c: of(&|unit| unit.0),
        expected: of(&|unit| unit.1),
        variance: of(&|unit| unit.2),
        neighbors: (0..n).map(|i| weights.cardinality(i)).collect(),
        warnings: warnings(weights, "local Geary's C", &z),
        conventions: conventions(weights, options),
        z,
        p,
        p_sim,
        z_sim,
    })
}

/// Squared differences of a value to all others, through the moments of all.
struct Differences {
    others: f64,
    squares: f64,
    cubes: f64,
    fourths: f64,
}

impl Differences {
    /// `z` are deviations from their mean.
    fn new(z: &[f64]) -> Self {
        let sum = |power| z.iter().map(|z| z.powi(power)).sum();
        let others = (z.len() - 1) as f64;
        Self { others, squares: sum(2), cubes: sum(3), fourths: sum(4) }
    }

    /// Mean and variance (divisor `n − 1`) of `(z − z_j)²` over the others; its own difference is zero.
    fn from(&self, z: f64) -> (f64, f64) {
        let n = self.others + 1.0;
        let sum = n * z * z + self.squares;
        let fourths =
            n * z.powi(4) + 6.0 * z * z * self.squares - 4.0 * z * self.cubes + self.fourths;
        let mean = sum / self.others;
        let variance = fourths / self.others - mean * mean;
        // Where all others are equally far away only rounding is left.
        let rounding = 1e-12 * fourths / self.others;
        (mean, if variance > rounding { variance } else { 0.0 })
    }
}

fn conventions(weights: &Weights, options: &LocalOptions) -> Conventions {
    let divisor = if options.population_variance { "n" } else { "n − 1" };
    super::conventions(weights, options)
        .with(
            "statistic",
            format!("local Geary's C: Σ_j w_ij (x_i − x_j)² / s², s² of divisor {divisor}"),
        )
        .with("z", "exact moments of conditional permutations; negative where neighbours are alike")
}

impl LocalGeary {
    /// Units per class, by label, all seven present.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        cluster::counts(&LEGEND, self.clusters.iter().map(|cluster| cluster.code()))
    }

    /// `geary_c`, `geary_z`, `geary_p`, `geary_neighbors`, `geary_cluster` (GeoDa's code), `geary_label`
    /// and, with permutations, `geary_p_sim`, `geary_z_sim`, each name after `prefix`.
    pub fn columns(&self, prefix: &str) -> Vec<Column> {
        let name = |column: &str| format!("{prefix}{column}");
        let alias = |words: &str| aliased(prefix, NAME, words);
        let float = |column: &str, words: &str, values: &[f64]| {
            Column::float(name(column), values.iter().copied()).alias(alias(words))
        };
        let neighbors = self.neighbors.iter().map(|&k| i64::try_from(k).ok()).collect();
        let codes: Vec<i64> = self.clusters.iter().map(|cluster| cluster.code()).collect();
        let mut columns = vec![
            float("geary_c", "C", &self.c),
            float("geary_z", "z-score", &self.z),
            float("geary_p", "p-value", &self.p),
            Column::new(name("geary_neighbors"), Values::Int(neighbors)).alias(alias("neighbours")),
        ];
        columns.extend(cluster::columns(prefix, NAME, &LEGEND, &codes));
        if let Some(p_sim) = &self.p_sim {
            columns.push(float("geary_p_sim", "pseudo p-value of permutations", p_sim));
        }
        if let Some(z_sim) = &self.z_sim {
            columns.push(float("geary_z_sim", "z-score from permutations", z_sim));
        }
        columns
    }

    /// Seven classes over `geary_cluster` in GeoDa's colours.
    pub fn style(&self, prefix: &str) -> Style {
        style(prefix)
    }
}

pub(crate) fn style(prefix: &str) -> Style {
    cluster::style(prefix, NAME, &LEGEND)
}
