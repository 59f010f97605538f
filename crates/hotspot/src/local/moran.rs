//! Local Moran's I.

use std::collections::BTreeMap;

use durbin_core::{Column, Conventions, Progress, Rgb, Style, Values, Warning};
use durbin_weights::Weights;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{LocalOptions, warnings};
use crate::Error;
use crate::cluster::{self, Entry, Quadrant, Significance, aliased};
use crate::moments::{Deviations, Neighbourhood, conditional};
use crate::permutation::{self, Statistic};

/// Local Moran's I of `n` units, one entry per unit in every list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LocalMoran {
    /// The statistic, `NaN` for an island.
    pub i: Vec<f64>,
    /// Its conditional expectation.
    pub expected: Vec<f64>,
    /// Its conditional variance.
    pub variance: Vec<f64>,
    /// `(i − expected) / √variance`.
    pub z: Vec<f64>,
    /// Normal p-values of `z`, uncorrected.
    pub p: Vec<f64>,
    /// Quadrants of the Moran scatterplot; `None` for an island.
    pub quadrants: Vec<Option<Quadrant>>,
    /// Classes of the map.
    pub clusters: Vec<Cluster>,
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

/// The class of a unit on a map of clusters and outliers, with GeoDa's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cluster {
    /// 0.
    NotSignificant,
    /// 1: high among high.
    HighHigh,
    /// 2: low among low.
    LowLow,
    /// 3: low among high, an outlier.
    LowHigh,
    /// 4: high among low, an outlier.
    HighLow,
    /// 5: no p-value.
    Undefined,
    /// 6: no neighbour.
    Neighborless,
}

const NAME: &str = "local Moran";

/// Codes, labels and colours as in GeoDa.
const LEGEND: [Entry; 7] = [
    (0, "Not significant", Rgb(238, 238, 238)),
    (1, "High-High", Rgb(255, 0, 0)),
    (2, "Low-Low", Rgb(0, 0, 255)),
    (3, "Low-High", Rgb(167, 173, 249)),
    (4, "High-Low", Rgb(244, 173, 168)),
    (5, "Undefined", Rgb(70, 70, 70)),
    (6, "Neighborless", Rgb(153, 153, 153)),
];

impl Cluster {
    /// 0 to 6, as in GeoDa.
    pub fn code(self) -> i64 {
        match self {
            Self::NotSignificant => 0,
            Self::HighHigh => 1,
            Self::LowLow => 2,
            Self::LowHigh => 3,
            Self::HighLow => 4,
            Self::Undefined => 5,
            Self::Neighborless => 6,
        }
    }
}

/// Local Moran's I of `n` values with deviations `d`,
///
/// `I_i = (n − 1) d_i Σ_{j≠i} w_ij d_j / Σ_j d_j²`
///
/// (Anselin 1995, *Geographical Analysis* 27; the scale of esda and GeoDa), with the expectation and variance
/// it has when the unit keeps its value and the others are dealt anew around it (Sokal, Oden & Thomson 1998,
/// *Geographical Analysis* 30; spdep's `conditional = TRUE`). z is that of Gi with the sign of `d_i`.
/// The sum of all I is (n − 1) S0/n times Moran's I.
///
/// A unit with exactly the mean for its value has I = 0 and no z. Self links are left out.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`], [`Error::TooFewUnits`] (3 units are needed), [`Error::Constant`],
/// [`Error::TooManyPermutations`], [`Error::Level`].
pub fn local_moran(
    values: &[f64],
    weights: &Weights,
    options: &LocalOptions,
    progress: &dyn Progress,
) -> Result<LocalMoran, Error> {
    let n = weights.n_units();
    let permutations = permutation::count(options.permutations)?;
    options.significance.check()?;
    if n < 3 && values.len() == n {
        return Err(Error::TooFewUnits { statistic: "local Moran's I", needed: 3, n });
    }
    let x = Deviations::new(values, weights.ids())?;
    let rows: Vec<Neighbourhood> = (0..n).map(|i| Neighbourhood::new(weights, i, false)).collect();
    let divisor = if options.population_variance { n as f64 } else { (n - 1) as f64 };
    let scale = divisor / x.sum_of_squares;
    let local = |(i, row): (usize, &Neighbourhood)| {
        let (mean, variance) = x.without(i);
        let (mean, variance) = conditional(row, n, mean, variance);
        let (own, lag) = (scale * x.d[i], row.lag(&x.d));
        let z = (lag - mean) / variance.sqrt() * sign(x.d[i]);
        Unit { lag, i: own * lag, expected: own * mean, variance: own * own * variance, z }
    };
    let units: Vec<Unit> = rows.par_iter().enumerate().map(local).collect();
    let island = |i: usize| rows[i].others().next().is_none();
    let of = |pick: fn(&Unit) -> f64| -> Vec<f64> {
        let picked = |(i, unit)| if island(i) { f64::NAN } else { pick(unit) };
        units.iter().enumerate().map(picked).collect()
    };
    let z = of(|unit| unit.z);
    let p: Vec<f64> = z.iter().map(|&z| options.alternative.normal_p(z)).collect();
    let tallies = (permutations > 0).then(|| {
        let draws = (permutations, options.seed);
        let sampled = |i: usize| !z[i].is_nan();
        let lags = permutation::simulate(&rows, &x.d, Statistic::Lag, sampled, draws, progress);
        // I is the lag times the unit's own deviation, whose sign alone matters to ranks.
        let turned = lags.into_iter().zip(&x.d);
        let turned = turned
            .map(|(lag, &d)| if d < 0.0 { lag.map(permutation::Tally::negated) } else { lag });
        turned.collect::<Vec<_>>()
    });
    let p_sim = tallies.as_ref().map(|tallies| permutation::p_sim(tallies, options.alternative));
    let z_sim = tallies.as_ref().map(|tallies| permutation::z_sim(tallies));
    let quadrant = |i: usize| (!island(i)).then(|| Quadrant::of(x.d[i], units[i].lag));
    let quadrants: Vec<Option<Quadrant>> = (0..n).map(quadrant).collect();
    let deciding = p_sim.as_ref().unwrap_or(&p);
    Ok(LocalMoran {
        clusters: lisa_cluster(&quadrants, deciding, &options.significance),
        quadrants,
        i: of(|unit| unit.i),
        expected: of(|unit| unit.expected),
        variance: of(|unit| unit.variance),
        neighbors: (0..n).map(|i| weights.cardinality(i)).collect(),
        warnings: warnings(weights, "local Moran's I", &z),
        conventions: conventions(weights, options),
        z,
        p,
        p_sim,
        z_sim,
    })
}

/// The numbers of one unit.
struct Unit {
    lag: f64,
    i: f64,
    expected: f64,
    variance: f64,
    z: f64,
}

/// The sign of a deviation, `NaN` for none.
fn sign(d: f64) -> f64 {
    if d == 0.0 { f64::NAN } else { d.signum() }
}

/// The classes of units by their quadrants and p-values, as GeoDa maps them: a unit without a quadrant is
/// neighbourless, one without a p-value undefined.
pub fn lisa_cluster(
    quadrants: &[Option<Quadrant>],
    p: &[f64],
    significance: &Significance,
) -> Vec<Cluster> {
    let significant = significance.of(p);
    let units = quadrants.iter().zip(p).zip(significant);
    units
        .map(|((quadrant, p), significant)| match quadrant {
            None => Cluster::Neighborless,
            Some(_) if p.is_nan() => Cluster::Undefined,
            Some(_) if !significant => Cluster::NotSignificant,
            Some(Quadrant::HighHigh) => Cluster::HighHigh,
            Some(Quadrant::LowLow) => Cluster::LowLow,
            Some(Quadrant::LowHigh) => Cluster::LowHigh,
            Some(Quadrant::HighLow) => Cluster::HighLow,
        })
        .collect()
}

fn conventions(weights: &Weights, options: &LocalOptions) -> Conventions {
    let scale = if options.population_variance { "n" } else { "n − 1" };
    super::conventions(weights, options)
        .with("statistic", format!("local Moran's I: ({scale}) d_i Σ_j w_ij d_j / Σ_j d_j²"))
        .with("z", "conditional variance (Sokal, Oden & Thomson 1998)")
        .with("quadrants", "own value, then neighbours: above the mean is high")
}

impl LocalMoran {
    /// Units per class, by label, all seven present.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        cluster::counts(&LEGEND, self.clusters.iter().map(|cluster| cluster.code()))
    }

    /// `lisa_i`, `lisa_z`, `lisa_p`, `lisa_quadrant`, `lisa_neighbors`, `lisa_cluster` (GeoDa's code),
    /// `lisa_label` and, with permutations, `lisa_p_sim`, `lisa_z_sim`, each name after `prefix`.
    pub fn columns(&self, prefix: &str) -> Vec<Column> {
        let name = |column: &str| format!("{prefix}{column}");
        let alias = |words: &str| aliased(prefix, NAME, words);
        let float = |column: &str, words: &str, values: &[f64]| {
            Column::float(name(column), values.iter().copied()).alias(alias(words))
        };
        let quadrants = self.quadrants.iter();
        let quadrants = quadrants.map(|quadrant| quadrant.map(|q| q.name().to_owned())).collect();
        let neighbors = self.neighbors.iter().map(|&k| i64::try_from(k).ok()).collect();
        let codes: Vec<i64> = self.clusters.iter().map(|cluster| cluster.code()).collect();
        let mut columns = vec![
            float("lisa_i", "I", &self.i),
            float("lisa_z", "z-score", &self.z),
            float("lisa_p", "p-value", &self.p),
            Column::new(name("lisa_quadrant"), Values::Text(quadrants)).alias(alias("quadrant")),
            Column::new(name("lisa_neighbors"), Values::Int(neighbors)).alias(alias("neighbours")),
        ];
        columns.extend(cluster::columns(prefix, NAME, &LEGEND, &codes));
        if let Some(p_sim) = &self.p_sim {
            columns.push(float("lisa_p_sim", "pseudo p-value of permutations", p_sim));
        }
        if let Some(z_sim) = &self.z_sim {
            columns.push(float("lisa_z_sim", "z-score from permutations", z_sim));
        }
        columns
    }

    /// Seven classes over `lisa_cluster` in GeoDa's colours.
    pub fn style(&self, prefix: &str) -> Style {
        style(prefix)
    }
}

pub(crate) fn style(prefix: &str) -> Style {
    cluster::style(prefix, NAME, &LEGEND)
}
