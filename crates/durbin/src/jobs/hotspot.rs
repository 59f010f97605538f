//! `durbin hotspot`: a layer, or a panel on boundaries, in; a styled layer of hot and cold spots out.

use std::collections::BTreeMap;

use durbin_core::{Column, Progress, Warning};
use durbin_hotspot::{BinsBy, Compat, Gi, Options};
use durbin_weights::{Islands, Summary, Transform};
use serde::Serialize;

use super::{
    change::single,
    destination::{Added, Destination, prefix},
    followed::named,
    matrices::Matrices,
    source::FieldSource,
};
use crate::{Error, WeightsChoice, choice::WeightsDefaults};

pub(crate) const DEFAULTS: WeightsDefaults = WeightsDefaults {
    transform: Transform::Binary,
    islands: Islands::Keep,
    kept_islands: None,
    self_links: true,
};

/// What `durbin hotspot` is asked to do.
#[derive(Debug, Clone)]
pub struct HotspotJob {
    /// The fields.
    pub source: FieldSource,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Statistic, correction, permutations, seed.
    pub options: Options,
    /// Follow this program's conventions.
    pub compat: Option<Compat>,
    /// The layer to write.
    pub destination: Destination,
}

/// The result of one field.
#[derive(Debug, Serialize)]
pub struct HotspotResult {
    /// The field, or the change of it.
    pub field: String,
    /// Units in the statistic.
    pub n: usize,
    /// Whether the unit itself counts (Gi*).
    #[serde(rename = "self")]
    pub self_included: bool,
    /// Transform of the weights.
    pub transform: Transform,
    /// Correction of the bins for many tests.
    pub correction: durbin_hotspot::Correction,
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
    /// Units per bin, −3 … 3.
    pub bins: BTreeMap<i8, usize>,
    /// Units whose statistic is undefined or whose value is missing.
    pub undefined: usize,
    /// The program whose conventions were followed.
    pub compat: Option<Compat>,
    /// Every choice behind the numbers.
    pub conventions: durbin_core::Conventions,
    /// Summary of W.
    pub weights: Summary,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// Gi of one field over the units that have a value.
pub(crate) struct Tested {
    pub gi: Gi,
    pub result: HotspotResult,
    /// Result columns over all units; null where the value is missing.
    pub columns: Vec<Column>,
}

/// A variable over units in key order.
pub(crate) struct Variable<'a> {
    pub name: &'a str,
    pub values: &'a [f64],
    /// Put before the names of the result columns.
    pub prefix: &'a str,
    /// Where it was read.
    pub file: &'a str,
}

/// The statistic, and the program it is to agree with.
#[derive(Clone, Copy)]
pub(crate) struct How<'a> {
    pub options: &'a Options,
    pub compat: Option<Compat>,
}

impl HotspotJob {
    /// Computes and writes.
    ///
    /// # Errors
    /// Input that cannot be read or joined, weights that cannot be built, a field that is constant,
    /// missing or no number, an output that exists.
    pub fn run(&self, progress: &dyn Progress) -> Result<Vec<HotspotResult>, Error> {
        self.destination.check(&self.source, &self.weights)?;
        self.weights.check()?;
        self.source.check()?;
        self.source.check_single()?;
        check_bins(&self.options)?;
        progress.begin("read", 0);
        let sample = self.source.read(true, &self.weights)?;
        progress.end();
        let mut matrices = Matrices::new(&self.weights, DEFAULTS, sample.site());
        let mut added = Vec::new();
        let mut results = Vec::new();
        for field in &self.source.fields {
            let mut warnings = sample.warnings.clone();
            let values = single(field, &self.source, &sample, &mut warnings)?;
            let prefix = prefix(&self.source, field);
            let gaps = |_, unit: usize| values.numbers[unit].is_nan();
            let kept = sample.complete(&values.name, 1, gaps, &mut warnings)?;
            let variable = Variable {
                name: &values.name,
                values: &values.numbers,
                prefix: &prefix,
                file: &sample.file,
            };
            let how = How { options: &self.options, compat: self.compat };
            let tested = test(&variable, &kept, &mut matrices, how, progress, warnings)?;
            added.push(Added {
                columns: values.added.into_iter().chain(tested.columns).collect(),
                style: tested.gi.style(&prefix),
                conventions: tested.result.conventions.clone(),
                field: values.name,
            });
            results.push(tested.result);
        }
        let title = format!("Hot and cold spots of {}", self.source.fields.join(", "));
        let description =
            "Getis-Ord statistic per unit; gi_bin −3 … 3 is cold to hot at 99, 95, 90 %.";
        let written = self.destination.write(sample, added, title, description)?;
        if let Some(first) = results.first_mut() {
            first.warnings.extend(written);
        }
        Ok(results)
    }
}

/// Bins by permutations need some.
pub(crate) fn check_bins(options: &Options) -> Result<(), Error> {
    if options.bins == BinsBy::Permutations && options.permutations == 0 {
        return Err(Error::Usage(
            "--bins-by permutations needs --permutations N, such as 999".to_owned(),
        ));
    }
    Ok(())
}

/// Gi of `variable` over the units `kept`, which are those with a value.
pub(crate) fn test(
    variable: &Variable,
    kept: &[usize],
    matrices: &mut Matrices,
    how: How,
    progress: &dyn Progress,
    mut warnings: Vec<Warning>,
) -> Result<Tested, Error> {
    let matrix = matrices.of(kept)?;
    warnings.extend(matrix.warnings.iter().cloned());
    let options = match how.compat {
        Some(program) => program.gi(*how.options),
        None => *how.options,
    };
    let values: Vec<f64> = kept.iter().map(|&row| variable.values[row]).collect();
    let (file, field) = (variable.file.to_owned(), variable.name.to_owned());
    let mut gi = durbin_hotspot::gi(&values, &matrix.weights, &options, progress)
        .map_err(|source| Error::Hotspot { file, field, source })?;
    gi.conventions = named(gi.conventions, how.compat);
    warnings.extend(gi.warnings.iter().cloned());
    let units = variable.values.len();
    let columns = over_all(gi.columns(variable.prefix), kept, units);
    let bins = gi.counts();
    let undefined = units - bins.values().sum::<usize>();
    let result = HotspotResult {
        field: variable.name.to_owned(),
        n: kept.len(),
        self_included: options.self_included,
        transform: matrix.weights.transform,
        correction: options.correction,
        permutations: options.permutations,
        seed: options.seed,
        islands: matrix.summary.islands,
        dropped: warnings.iter().map(Warning::dropped).sum(),
        filled: warnings.iter().map(Warning::filled).sum(),
        bins,
        undefined,
        compat: how.compat,
        conventions: gi.conventions.clone(),
        weights: matrix.summary.clone(),
        warnings,
    };
    Ok(Tested { gi, result, columns })
}

/// Columns of the units `kept` over all `n` of them, null for the others.
pub(crate) fn over_all(columns: Vec<Column>, kept: &[usize], n: usize) -> Vec<Column> {
    if kept.len() == n {
        return columns;
    }
    let mut at = vec![None; n];
    for (row, &unit) in kept.iter().enumerate() {
        at[unit] = Some(row);
    }
    columns.iter().map(|column| column.select_or_null(&at)).collect()
}
