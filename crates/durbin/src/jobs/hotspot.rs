//! `durbin hotspot`: a layer, or a panel on boundaries, in; a styled layer of hot and cold spots out.

use std::collections::BTreeMap;

use durbin_core::{Column, Layer, Metadata, Missing, Panel, Progress, Units, Warning};
use durbin_hotspot::{Gi, Options};
use durbin_io::{Existing, Source, write_layer};
use durbin_weights::{Islands, Summary, Transform};
use serde::Serialize;

use super::change::{Change, Values, changed};
use crate::{
    Error, PanelSource, WeightsChoice,
    choice::{Site, WeightsDefaults},
    inputs::{PanelInput, read_checked, report_gaps},
};

pub(crate) const DEFAULTS: WeightsDefaults = WeightsDefaults {
    transform: Transform::Binary,
    islands: Islands::Keep,
    kept_islands: None,
    self_links: true,
};

/// What `durbin hotspot` is asked to do.
#[derive(Debug, Clone)]
pub struct HotspotJob {
    /// The layer, or the panel.
    pub input: Source,
    /// Key field; without it the feature id.
    pub id: Option<String>,
    /// Time field of a panel.
    pub time: Option<String>,
    /// Polygons for a table without geometry.
    pub boundaries: Option<Source>,
    /// Fields to test, each by itself.
    pub fields: Vec<String>,
    /// Test the change between two periods of a panel.
    pub change: Option<Change>,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Statistic, correction, permutations, seed.
    pub options: Options,
    /// What to do about missing values.
    pub missing: Missing,
    /// The layer to write, `-` for GeoJSONSeq on standard output.
    pub output: String,
    /// Its name; without it the input's.
    pub output_layer: Option<String>,
    /// What to do when the output exists.
    pub existing: Existing,
    /// The command line, for the layer's history.
    pub command: String,
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
    /// Where the units were read.
    pub units_file: &'a str,
}

impl HotspotJob {
    /// Computes and writes.
    ///
    /// # Errors
    /// Input that cannot be read or joined, weights that cannot be built, a field that is constant,
    /// missing or no number, an output that exists.
    pub fn run(&self, progress: &dyn Progress) -> Result<Vec<HotspotResult>, Error> {
        crate::files::refuse_layer(
            &self.output,
            self.existing,
            &[Some(&self.input), self.boundaries.as_ref()],
        )?;
        self.weights.refuse_output(&self.output)?;
        self.check()?;
        let mut warnings = Vec::new();
        progress.begin("read", 0);
        let (units, order, variables) = self.read(&mut warnings)?;
        progress.end();

        let several = self.fields.len() > 1;
        let file = self.input.to_string();
        let units_file = self.boundaries.as_ref().map_or(file.clone(), ToString::to_string);
        let mut columns = Vec::new();
        let mut results = Vec::new();
        let mut style = None;
        for (field, values) in self.fields.iter().zip(&variables) {
            let prefix = if several { format!("{field}_") } else { String::new() };
            let variable = Variable {
                name: &values.name,
                values: &values.numbers,
                prefix: &prefix,
                file: &file,
                units_file: &units_file,
            };
            let tested = self.test(&variable, &units.select(&order), progress, &warnings)?;
            let back = inverse(&order);
            columns.extend(values.added.iter().map(|column| column.select(&back)));
            columns.extend(tested.columns.iter().map(|column| column.select(&back)));
            style.get_or_insert_with(|| tested.gi.style(&prefix));
            results.push(tested.result);
        }
        let history = results.iter().flat_map(|result| {
            let said = result.conventions.iter().map(|(name, choice)| format!("{name}: {choice}"));
            std::iter::once(format!("field: {}", result.field)).chain(said).collect::<Vec<_>>()
        });
        let layer = Layer {
            name: self.output_layer.clone().unwrap_or_else(|| units.layer.name.clone()),
            style,
            metadata: Metadata {
                title: format!("Hot and cold spots of {}", self.fields.join(", ")),
                description:
                    "Getis-Ord statistic per unit; gi_bin −3 … 3 is cold to hot at 99, 95, 90 %."
                        .to_owned(),
                history: std::iter::once(self.command.clone()).chain(history).collect(),
            },
            ..with_columns(&units, columns, &self.input.to_string())?
        };
        let written = write_layer(&layer, &self.output, self.existing)?;
        if let Some(first) = results.first_mut() {
            first.warnings.extend(written);
        }
        Ok(results)
    }

    /// Options that contradict each other.
    fn check(&self) -> Result<(), Error> {
        self.weights.check()?;
        let mut fields = self.fields.iter().enumerate();
        if let Some((_, twice)) = fields.find(|(at, field)| self.fields[..*at].contains(field)) {
            return Err(Error::Usage(format!("--field {twice} is named twice")));
        }
        if self.missing == Missing::Interpolate && self.change.is_none() {
            return Err(Error::Usage(
                "--missing interpolate fills panels over time: it needs --change".to_owned(),
            ));
        }
        Ok(())
    }

    fn test(
        &self,
        variable: &Variable,
        units: &Units,
        progress: &dyn Progress,
        warnings: &[Warning],
    ) -> Result<Tested, Error> {
        test(
            variable,
            units,
            &self.weights,
            &self.options,
            self.missing,
            progress,
            warnings.to_vec(),
        )
    }

    /// The units in file order, their rows in key order, and per field its values in key order.
    fn read(&self, warnings: &mut Vec<Warning>) -> Result<(Units, Vec<usize>, Vec<Values>), Error> {
        if self.change.is_none() && self.boundaries.is_none() {
            let source = match &self.id {
                Some(id) => self.input.clone().id(id),
                None => self.input.clone(),
            };
            let units = read_checked(&source, warnings)?;
            let order = units.key_order();
            let file = self.input.to_string();
            let values = self.fields.iter().map(|field| {
                let column = units.layer.column(field)?;
                let numbers = named_by_unit(column, &units.ids)?;
                let values = order.iter().map(|&row| numbers[row]).collect();
                Ok(Values { name: field.clone(), numbers: values, added: Vec::new() })
            });
            let values: Result<_, _> = values.collect();
            return Ok((units, order, values.map_err(Error::data(&file))?));
        }
        let source = PanelSource {
            source: self.input.clone(),
            id: self.id.clone().ok_or_else(|| {
                Error::Usage("a panel or a table on boundaries needs its key: --id FIELD".into())
            })?,
            time: self.time.clone(),
            boundaries: self.boundaries.clone(),
        };
        let mut input = source.read(true, warnings)?;
        if let Some(change) = &self.change {
            let time = self.time.as_deref().ok_or_else(|| {
                Error::Usage(
                    "--change compares two periods of a panel: name its field with --time".into(),
                )
            })?;
            if self.missing != Missing::Interpolate {
                input.keep_periods(time, &[&change.from, &change.to])?;
            }
        }
        let keys = input.keys(&source)?;
        let mut panel = input.panel(&keys, &self.fields)?;
        if self.missing == Missing::Interpolate {
            let file = input.file.clone();
            crate::inputs::treat_missing(&mut panel, &self.fields, self.missing, &file, warnings)?;
        }
        let units = input
            .units(&panel, &keys, warnings)?
            .ok_or_else(|| Error::NoGeometry { file: input.file.clone() })?;
        let order = (0..units.len()).collect();
        let values = self.fields.iter().map(|field| self.values(&panel, field, &input));
        Ok((units, order, values.collect::<Result<_, _>>()?))
    }

    fn values(&self, panel: &Panel, field: &str, input: &PanelInput) -> Result<Values, Error> {
        let of = |label: &str| -> Result<Vec<f64>, Error> {
            let period = panel.period(label).map_err(Error::data(&input.file))?;
            Ok(panel.get(field).map_err(Error::data(&input.file))?.row(period).to_vec())
        };
        match &self.change {
            Some(asked) => {
                changed(field, asked, &of(&asked.from)?, &of(&asked.to)?, &panel.ids, &input.file)
            }
            None if panel.n_periods() == 1 => {
                let values = of(&panel.periods[0])?;
                let added = vec![Column::float(field, values.clone())];
                Ok(Values { name: field.to_owned(), numbers: values, added })
            }
            None => Err(Error::Usage(format!(
                "the panel has {} periods: say which with --change FROM,TO",
                panel.n_periods()
            ))),
        }
    }
}

/// Gi of `variable` over `units` (in key order), leaving out units without a value if the policy says so.
pub(crate) fn test(
    variable: &Variable,
    units: &Units,
    weights: &WeightsChoice,
    options: &Options,
    missing: Missing,
    progress: &dyn Progress,
    mut warnings: Vec<Warning>,
) -> Result<Tested, Error> {
    let field = variable.name;
    let (kept, left): (Vec<usize>, Vec<usize>) =
        (0..units.len()).partition(|&row| !variable.values[row].is_nan());
    report_gaps(
        variable.file,
        field,
        left.iter().map(|&row| units.ids[row].clone()),
        missing,
        &mut warnings,
    )?;
    let present = units.select(&kept);
    let site =
        Site { ids: &present.ids, units: Some(&present), panel: None, file: variable.units_file };
    let w = weights.build(site, DEFAULTS, &mut warnings)?;
    let values: Vec<f64> = kept.iter().map(|&row| variable.values[row]).collect();
    let named =
        |source| Error::Hotspot { file: variable.file.to_owned(), field: field.to_owned(), source };
    let gi = durbin_hotspot::gi(&values, &w, options, progress).map_err(named)?;
    warnings.extend(gi.warnings.iter().cloned());

    let mut at = vec![None; units.len()];
    for (row, &unit) in kept.iter().enumerate() {
        at[unit] = Some(row);
    }
    let columns =
        gi.columns(variable.prefix).iter().map(|column| column.select_or_null(&at)).collect();
    let bins = gi.counts();
    let undefined = units.len() - bins.values().sum::<usize>();
    let result = HotspotResult {
        field: field.to_owned(),
        n: present.len(),
        self_included: options.self_included,
        transform: w.transform,
        correction: options.correction,
        permutations: options.permutations,
        seed: options.seed,
        islands: w.islands().len(),
        dropped: warnings.iter().map(Warning::dropped).sum(),
        filled: warnings.iter().map(Warning::filled).sum(),
        bins,
        undefined,
        conventions: gi.conventions.clone(),
        weights: Summary::of(&w),
        warnings,
    };
    Ok(Tested { gi, result, columns })
}

/// The layer of `units` with result columns behind its own.
pub(crate) fn with_columns(units: &Units, added: Vec<Column>, file: &str) -> Result<Layer, Error> {
    let mut layer = units.layer.clone();
    for column in added {
        if layer.columns.iter().any(|known| known.name.eq_ignore_ascii_case(&column.name)) {
            return Err(Error::ColumnExists { file: file.to_owned(), field: column.name });
        }
        layer.columns.push(column);
    }
    Ok(layer)
}

/// Numbers of a column; what is no number is named by its unit.
fn named_by_unit(column: &Column, ids: &[String]) -> Result<Vec<f64>, durbin_core::Error> {
    column.numbers().map_err(|error| match error {
        durbin_core::Error::NotNumeric { field, row, value } => {
            durbin_core::Error::NotNumericCell { field, cell: ids[row].clone(), value }
        }
        other => other,
    })
}

fn inverse(order: &[usize]) -> Vec<usize> {
    let mut back = vec![0; order.len()];
    for (at, &row) in order.iter().enumerate() {
        back[row] = at;
    }
    back
}
