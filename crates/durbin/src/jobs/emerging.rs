//! `durbin hotspot --emerging`: how hot and cold spots come and go over the periods of a panel.

use std::collections::BTreeMap;

use durbin_core::{Column, Conventions, Progress, Values, Warning};
use durbin_hotspot::{Compat, Correction, Emerging, EmergingOptions};
use durbin_weights::{Summary, Transform};
use serde::Serialize;

use super::{
    destination::{Added, Destination, prefix},
    followed::named,
    hotspot::{DEFAULTS, check_bins, over_all},
    long,
    matrices::Matrices,
    source::{FieldSource, Sample},
};
use crate::{Error, WeightsChoice};

/// What `durbin hotspot --emerging` is asked to do.
#[derive(Debug, Clone)]
pub struct EmergingJob {
    /// The fields of a panel.
    pub source: FieldSource,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Statistic of every period and level of the trend.
    pub options: EmergingOptions,
    /// Follow this program's conventions.
    pub compat: Option<Compat>,
    /// The layer to write.
    pub destination: Destination,
    /// Write a second layer of one feature per unit and period too.
    pub by_period: bool,
}

/// The result of one field.
#[derive(Debug, Serialize)]
pub struct EmergingResult {
    /// The field.
    pub field: String,
    /// Units in the statistic.
    pub n: usize,
    /// Labels of the periods, in time order.
    pub periods: Vec<String>,
    /// Whether the unit itself counts (Gi*).
    #[serde(rename = "self")]
    pub self_included: bool,
    /// Transform of the weights.
    pub transform: Transform,
    /// Correction of the bins for many tests.
    pub correction: Correction,
    /// Conditional permutations per period.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
    /// Level at which a trend counts.
    pub trend_level: f64,
    /// Number of units without neighbours.
    pub islands: usize,
    /// Units left out for missing values.
    pub dropped: usize,
    /// Values filled by interpolation.
    pub filled: usize,
    /// Units per pattern, by label.
    pub patterns: BTreeMap<&'static str, usize>,
    /// Units per bin −3 … 3, by period.
    pub bins: BTreeMap<String, BTreeMap<i8, usize>>,
    /// Units without a pattern or with a value that is missing.
    pub undefined: usize,
    /// The program whose conventions were followed.
    pub compat: Option<Compat>,
    /// Every choice behind the numbers.
    pub conventions: Conventions,
    /// Summary of W.
    pub weights: Summary,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl EmergingJob {
    /// Computes and writes.
    ///
    /// # Errors
    /// As [`HotspotJob::run`](super::HotspotJob::run), and fewer than four periods.
    pub fn run(&self, progress: &dyn Progress) -> Result<Vec<EmergingResult>, Error> {
        self.destination.check(&self.source, &self.weights)?;
        self.weights.check()?;
        self.source.check()?;
        check_bins(&self.options.gi)?;
        if self.source.time.is_none() {
            return Err(Error::Usage("--emerging needs the periods of a panel: --time".to_owned()));
        }
        if self.by_period && !crate::files::holds_layers(&self.destination.output) {
            return Err(Error::Usage(
                "--by-period writes a second layer, which takes a GeoPackage or a database: OUTPUT.gpkg, PG:…"
                    .to_owned(),
            ));
        }
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
        let title = format!("Emerging hot spots of {}", self.source.fields.join(", "));
        let description = "How Getis-Ord hot and cold spots come and go over the periods: pattern, Mann–Kendall \
                           trend of z, and z and bin of every period.";
        let (periods, file) = (sample.periods(), sample.file.clone());
        let mut layers = vec![self.destination.assemble(sample, added, title, description)?];
        let boundaries = self.source.boundaries.as_ref();
        let key = boundaries.map_or(self.source.id.as_deref(), durbin_io::Source::id_field);
        if let (true, Some(id)) = (self.by_period, key) {
            let fields = self.source.fields.iter();
            let prefixes: Vec<String> = fields.map(|field| prefix(&self.source, field)).collect();
            layers.push(long::by_period(&layers[0], id, &periods, &prefixes, &file)?);
        }
        let written = self.destination.put(&layers)?;
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
    ) -> Result<(Added, EmergingResult), Error> {
        let mut warnings = sample.warnings.clone();
        let numbers = sample.numbers(field, &mut warnings)?;
        let gap = |period: usize, unit: usize| numbers[period][unit].is_nan();
        let kept = sample.complete(field, numbers.len(), gap, &mut warnings)?;
        let matrix = matrices.of(&kept)?;
        warnings.extend(matrix.warnings.iter().cloned());
        let of_kept = |values: &Vec<f64>| kept.iter().map(|&row| values[row]).collect();
        let numbers: Vec<Vec<f64>> = numbers.iter().map(of_kept).collect();
        let numbers: Vec<&[f64]> = numbers.iter().map(Vec::as_slice).collect();
        let gi = match self.compat {
            Some(program) => program.gi(self.options.gi),
            None => self.options.gi,
        };
        let options = EmergingOptions { gi, ..self.options };
        let periods = sample.periods();
        let found = durbin_hotspot::emerging(&numbers, &matrix.weights, &options, progress)
            .map_err(|error| match error {
                durbin_hotspot::Error::Period { period, source } => {
                    Error::of_period(&sample.file, field, &periods[period], *source)
                }
                source => Error::of_period(&sample.file, field, "", source),
            })?;
        warnings.extend(found.warnings.iter().cloned());
        let prefix = prefix(&self.source, field);
        let n = sample.ids().len();
        let mut columns = found.columns(&prefix);
        columns.extend(by_period(&found, &periods, &prefix));
        let conventions = named(found.conventions.clone(), self.compat);
        let patterns = found.counts();
        let result = EmergingResult {
            field: field.to_owned(),
            n: kept.len(),
            self_included: gi.self_included,
            transform: matrix.weights.transform,
            correction: gi.correction,
            permutations: gi.permutations,
            seed: gi.seed,
            trend_level: options.trend_level,
            islands: matrix.summary.islands,
            dropped: warnings.iter().map(Warning::dropped).sum(),
            filled: warnings.iter().map(Warning::filled).sum(),
            undefined: n - patterns.values().sum::<usize>(),
            patterns,
            bins: periods.iter().cloned().zip(found.bins.iter().map(|bins| counts(bins))).collect(),
            periods,
            compat: self.compat,
            conventions: conventions.clone(),
            weights: matrix.summary.clone(),
            warnings,
        };
        let columns = over_all(columns, &kept, n);
        let style = found.style(&prefix);
        Ok((Added { field: field.to_owned(), columns, style, conventions }, result))
    }
}

/// `gi_z_PERIOD` and `gi_bin_PERIOD` of every period.
fn by_period(found: &Emerging, periods: &[String], prefix: &str) -> Vec<Column> {
    let of = |(period, (z, bins)): (&String, (&Vec<f64>, &Vec<Option<i8>>))| {
        let bins = bins.iter().map(|bin| bin.map(i64::from)).collect();
        let z = Column::float(format!("{prefix}gi_z_{period}"), z.iter().copied());
        let bins = Column::new(format!("{prefix}gi_bin_{period}"), Values::Int(bins));
        [z.alias(format!("z-score, {period}")), bins.alias(format!("bin, {period}"))]
    };
    periods.iter().zip(found.z.iter().zip(&found.bins)).flat_map(of).collect()
}

/// Units per bin, all seven present.
fn counts(bins: &[Option<i8>]) -> BTreeMap<i8, usize> {
    let mut counts: BTreeMap<i8, usize> = (-3..=3).map(|bin| (bin, 0)).collect();
    for bin in bins.iter().flatten() {
        *counts.entry(*bin).or_default() += 1;
    }
    counts
}
