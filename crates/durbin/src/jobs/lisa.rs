//! `durbin lisa`: a layer, or a panel on boundaries, in; a styled layer of clusters and outliers out.

use std::{collections::BTreeMap, str::FromStr};

use durbin_core::{Column, Conventions, Progress, Style, Warning};
use durbin_hotspot::{Compat, Correction, LocalOptions, local_geary, local_moran};
use durbin_weights::{Islands, Summary, Transform, Weights};
use serde::Serialize;

use super::{
    change::{Values, single},
    destination::{Added, Destination, prefix},
    followed::named,
    hotspot::over_all,
    matrices::Matrices,
    source::{FieldSource, Sample},
};
use crate::{Error, WeightsChoice, choice::WeightsDefaults};

const DEFAULTS: WeightsDefaults = WeightsDefaults {
    transform: Transform::Row,
    islands: Islands::Keep,
    kept_islands: None,
    self_links: true,
};

/// A local statistic of association.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LisaStatistic {
    /// Local Moran's I.
    #[default]
    Moran,
    /// Local Geary's C.
    Geary,
}

/// What `durbin lisa` is asked to do.
#[derive(Debug, Clone)]
pub struct LisaJob {
    /// The fields.
    pub source: FieldSource,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Which statistic.
    pub statistic: LisaStatistic,
    /// Permutations, seed, level and correction of the clusters.
    pub options: LocalOptions,
    /// Follow this program's conventions.
    pub compat: Option<Compat>,
    /// The layer to write.
    pub destination: Destination,
}

/// The result of one field.
#[derive(Debug, Serialize)]
pub struct LisaResult {
    /// The field, or the change of it.
    pub field: String,
    /// Units in the statistic.
    pub n: usize,
    /// Local Moran or Geary.
    pub statistic: LisaStatistic,
    /// Transform of the weights.
    pub transform: Transform,
    /// Correction of the clusters for many tests.
    pub correction: Correction,
    /// Level of the clusters.
    pub alpha: f64,
    /// Conditional permutations.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
    /// Number of units without neighbours.
    pub islands: usize,
    /// Units left out for missing values.
    pub dropped: usize,
    /// Values filled by interpolation.
    pub filled: usize,
    /// Units per class of the map, by label.
    pub clusters: BTreeMap<&'static str, usize>,
    /// Units per quadrant, significant or not (local Moran).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quadrants: Option<BTreeMap<&'static str, usize>>,
    /// The program whose conventions were followed.
    pub compat: Option<Compat>,
    /// Every choice behind the numbers.
    pub conventions: Conventions,
    /// Summary of W.
    pub weights: Summary,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// What either statistic comes to.
struct Local {
    columns: Vec<Column>,
    style: Style,
    clusters: BTreeMap<&'static str, usize>,
    quadrants: Option<BTreeMap<&'static str, usize>>,
    conventions: Conventions,
    warnings: Vec<Warning>,
}

impl FromStr for LisaStatistic {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "moran" => Ok(Self::Moran),
            "geary" => Ok(Self::Geary),
            _ => Err(Error::Usage(format!("`{word}` is no local statistic: moran or geary"))),
        }
    }
}

impl LisaJob {
    /// Computes and writes.
    ///
    /// # Errors
    /// Input that cannot be read or joined, weights that cannot be built, a field that is constant,
    /// missing or no number, an output that exists.
    pub fn run(&self, progress: &dyn Progress) -> Result<Vec<LisaResult>, Error> {
        self.destination.check(&self.source, &self.weights)?;
        self.weights.check()?;
        self.source.check()?;
        self.source.check_single()?;
        progress.begin("read", 0);
        let sample = self.source.read(true, &self.weights)?;
        progress.end();
        let mut matrices = Matrices::new(&self.weights, DEFAULTS, sample.site());
        let mut added = Vec::new();
        let mut results = Vec::new();
        for field in &self.source.fields {
            let (columns, result) = self.field(field, &sample, &mut matrices, progress)?;
            added.push(columns);
            results.push(result);
        }
        let fields = self.source.fields.join(", ");
        let (title, description) = match self.statistic {
            LisaStatistic::Moran => (
                format!("Clusters and outliers of {fields}"),
                "Local Moran's I per unit; lisa_cluster has GeoDa's codes, 0 not significant, 1 High-High, 2 Low-Low, \
                 3 Low-High, 4 High-Low, 5 undefined, 6 no neighbour.",
            ),
            LisaStatistic::Geary => (
                format!("Clusters of {fields} (local Geary)"),
                "Local Geary's C per unit; geary_cluster has GeoDa's codes, geary_label says them in words.",
            ),
        };
        let written = self.destination.write(sample, added, title, description)?;
        if let Some(first) = results.first_mut() {
            first.warnings.extend(written);
        }
        Ok(results)
    }

    fn field(
        &self,
        field: &str,
        sample: &Sample,
        matrices: &mut Matrices,
        progress: &dyn Progress,
    ) -> Result<(Added, LisaResult), Error> {
        let mut warnings = sample.warnings.clone();
        let Values { name, numbers, added } = single(field, &self.source, sample, &mut warnings)?;
        let gap = |_, unit: usize| numbers[unit].is_nan();
        let kept = sample.complete(&name, 1, gap, &mut warnings)?;
        let matrix = matrices.of(&kept)?;
        warnings.extend(matrix.warnings.iter().cloned());
        let prefix = prefix(&self.source, field);
        let numbers: Vec<f64> = kept.iter().map(|&row| numbers[row]).collect();
        let local = self.local(&numbers, &matrix.weights, &prefix, progress).map_err(|source| {
            Error::Hotspot { file: sample.file.clone(), field: name.clone(), source }
        })?;
        warnings.extend(local.warnings);
        let columns = over_all(local.columns, &kept, sample.ids().len());
        let result = LisaResult {
            field: name.clone(),
            n: kept.len(),
            statistic: self.statistic,
            transform: matrix.weights.transform,
            correction: self.options.significance.correction,
            alpha: self.options.significance.level,
            permutations: self.options.permutations,
            seed: self.options.seed,
            islands: matrix.summary.islands,
            dropped: warnings.iter().map(Warning::dropped).sum(),
            filled: warnings.iter().map(Warning::filled).sum(),
            clusters: local.clusters,
            quadrants: local.quadrants,
            compat: self.compat,
            conventions: local.conventions.clone(),
            weights: matrix.summary.clone(),
            warnings,
        };
        let columns = added.into_iter().chain(columns).collect();
        let (style, conventions) = (local.style, local.conventions);
        Ok((Added { field: name, columns, style, conventions }, result))
    }

    fn local(
        &self,
        numbers: &[f64],
        weights: &Weights,
        prefix: &str,
        progress: &dyn Progress,
    ) -> Result<Local, durbin_hotspot::Error> {
        let geary = self.statistic == LisaStatistic::Geary;
        let options = match self.compat {
            Some(program) => program.local(self.options, geary),
            None => self.options,
        };
        if geary {
            let found = local_geary(numbers, weights, &options, progress)?;
            return Ok(Local {
                columns: found.columns(prefix),
                style: found.style(prefix),
                clusters: found.counts(),
                quadrants: None,
                conventions: named(found.conventions, self.compat),
                warnings: found.warnings,
            });
        }
        let found = local_moran(numbers, weights, &options, progress)?;
        let mut quadrants: BTreeMap<_, _> = ["HH", "LL", "LH", "HL"].map(|name| (name, 0)).into();
        for quadrant in found.quadrants.iter().flatten() {
            *quadrants.entry(quadrant.name()).or_default() += 1;
        }
        Ok(Local {
            columns: found.columns(prefix),
            style: found.style(prefix),
            clusters: found.counts(),
            quadrants: Some(quadrants),
            conventions: named(found.conventions, self.compat),
            warnings: found.warnings,
        })
    }
}
