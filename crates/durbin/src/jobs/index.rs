//! `durbin index`: a panel or a cross-section in; weights of its indicators, and the panel with the index out.

mod columns;
mod style;

use durbin_core::{Conventions, Layer, Metadata, Missing, PanelKeys, Progress, Table, Warning};
use durbin_index::{Index, IndexSpec, IndicatorWeight};
use durbin_io::{Source, read_units};
use serde::Serialize;

use super::{Destination, destination::with_columns};
use crate::{Error, inputs::treat_missing, provenance::history};

pub(crate) use style::graded;

/// What `durbin index` is asked to do.
#[derive(Debug, Clone)]
pub struct IndexJob {
    /// The panel, a table or a layer.
    pub source: Source,
    /// Unit field; without it every row is a unit.
    pub id: Option<String>,
    /// Time field; without it the panel is a cross-section.
    pub time: Option<String>,
    /// Indicators, weights, score.
    pub spec: IndexSpec,
    /// What to do about missing values.
    pub missing: Missing,
    /// Add the contribution and the obstacle degree of every indicator.
    pub parts: bool,
    /// Add the coupling coordination degree of the dimensions.
    pub coupling: bool,
    /// What to write.
    pub destination: Destination,
}

/// Weights of indicators and how they were found.
#[derive(Debug, Serialize)]
pub struct IndexResult {
    /// Where weights come from.
    pub method: durbin_index::Method,
    /// How they make a score.
    pub score: durbin_index::Score,
    /// Rows over which weights are computed.
    pub pool: durbin_index::Pool,
    /// Rows over which min–max runs.
    pub normalize: durbin_index::Normalize,
    /// Units with an index.
    pub n_units: usize,
    /// Periods.
    pub n_periods: usize,
    /// Units left out for missing values.
    pub dropped: usize,
    /// Values filled by interpolation.
    pub filled: usize,
    /// One per indicator.
    pub weights: Vec<IndicatorWeight>,
    /// Dimensions with the sum of their weights.
    pub dimensions: Vec<DimensionWeight>,
    /// Every choice behind the numbers.
    pub conventions: Conventions,
    /// What was noticed.
    pub warnings: Vec<Warning>,
    /// The weights as a table for a terminal.
    #[serde(skip)]
    pub table: Table,
}

/// A dimension and the sum of the weights of its indicators.
#[derive(Debug, Serialize)]
pub struct DimensionWeight {
    /// Its name.
    pub name: String,
    /// The sum.
    pub weight: f64,
}

impl IndexJob {
    /// Computes and writes.
    ///
    /// # Errors
    /// Input that cannot be read, an unbalanced panel, an indicator that is absent, missing a value or constant, an
    /// output that exists.
    pub fn run(&self, progress: &dyn Progress) -> Result<IndexResult, Error> {
        let file = self.source.to_string();
        let failed = |source| Error::Index { file: file.clone(), source };
        self.spec.check().map_err(failed)?;
        if self.missing == Missing::Interpolate && self.time.is_none() {
            return Err(Error::Usage(
                "--missing interpolate fills the gaps of a panel over time: it needs --time"
                    .to_owned(),
            ));
        }
        if self.time.is_some() && self.id.is_none() {
            return Err(Error::Usage(
                "--time needs the key of the units too: --id FIELD".to_owned(),
            ));
        }
        let output = &self.destination;
        crate::files::check_projects(&output.output, &output.projects)?;
        let (layer, inputs) = (output.layer.as_deref(), [Some(&self.source)]);
        crate::files::refuse_layer(&output.output, layer, output.existing, &inputs)?;
        progress.begin("read", 0);
        let layer = read_units(&self.source)?.layer;
        progress.end();
        let keys = self.keys(&layer).map_err(Error::data(&file))?;
        let mut panel = keys.panel();
        let names: Vec<String> = self.spec.indicators.iter().map(|i| i.name.clone()).collect();
        for name in &names {
            let column = layer.column(name).map_err(Error::data(&file))?;
            panel.insert(name, keys.values(column).map_err(Error::data(&file))?);
        }
        let mut warnings = Vec::new();
        treat_missing(&mut panel, &names, self.missing, &file, &mut warnings)?;
        let index = self.spec.fit(&panel).map_err(failed)?;
        let mut columns = columns::scores(&index);
        if self.parts {
            columns.extend(columns::parts(&index));
        }
        if self.coupling {
            let coupling = index.coupling().map_err(failed)?;
            warnings.extend(coupling.warnings.iter().cloned());
            columns.extend(columns::coupling(coupling));
        }
        let columns =
            columns.into_iter().map(|values| values.over(&panel, &keys)).collect::<Vec<_>>();
        let spatial = layer.geometry.iter().any(Option::is_some);
        let written = Layer {
            name: output.layer.clone().unwrap_or_else(|| layer.name.clone()),
            style: spatial.then(|| graded("index", "Index", index.scores.iter().copied())),
            metadata: self.metadata(&index)?,
            ..with_columns(layer, columns, &file)?
        };
        progress.begin("write", 0);
        warnings.extend(output.put(std::slice::from_ref(&written))?);
        progress.end();
        Ok(self.result(&index, panel.n_units(), panel.n_periods(), warnings))
    }

    fn keys(&self, layer: &Layer) -> Result<PanelKeys, durbin_core::Error> {
        let mut columns = layer.columns.clone();
        if self.id.is_none() {
            columns.push(durbin_core::Column::int("feature id", layer.fids.iter().copied()));
        }
        let table = Table { name: layer.name.clone(), title: String::new(), columns };
        let id = self.id.as_deref().unwrap_or("feature id");
        match &self.time {
            Some(time) => PanelKeys::new(&table, id, time),
            None => PanelKeys::cross_section(&table, id),
        }
    }

    fn metadata(&self, index: &Index) -> Result<Metadata, Error> {
        let choices = index.conventions.iter();
        let choices = choices.map(|(name, choice)| format!("{name}: {choice}"));
        let weights = index
            .weights
            .iter()
            .map(|w| format!("weight of {} ({}): {}", w.indicator, w.sign, w.weight));
        Ok(Metadata {
            title: format!("Composite index of {} indicators", index.weights.len()),
            description:
                "The index and the scores of its dimensions behind the columns of the panel."
                    .to_owned(),
            history: std::iter::once(self.destination.command.clone())
                .chain(history(&[Some(&self.source)], &[])?)
                .chain(choices)
                .chain(weights)
                .collect(),
        })
    }

    fn result(&self, index: &Index, n: usize, t: usize, warnings: Vec<Warning>) -> IndexResult {
        IndexResult {
            method: self.spec.method,
            score: self.spec.score,
            pool: self.spec.pool,
            normalize: self.spec.normalize,
            n_units: n,
            n_periods: t,
            dropped: warnings.iter().map(Warning::dropped).sum(),
            filled: warnings.iter().map(Warning::filled).sum(),
            weights: index.weights.clone(),
            dimensions: index
                .dimensions
                .iter()
                .map(|d| DimensionWeight { name: d.name.clone(), weight: d.weight })
                .collect(),
            conventions: index.conventions.clone(),
            warnings,
            table: index.table("weights", "Weights of the indicators"),
        }
    }
}
