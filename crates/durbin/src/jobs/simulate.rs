//! `durbin simulate`: a panel from a known model on given boundaries, or the bias, coverage and power of its estimator.

mod draw;
mod estimator;
mod file;
mod former;
mod indicators;
mod replicate;
mod truth;

use durbin_core::{
    Column, Layer, Metadata, Panel, PanelKeys, Progress, Rgb, Style, Symbol, Table, Units, Warning,
};
use durbin_io::Source;
use durbin_weights::{Summary, Weights};
use serde::Serialize;

use super::{Destination, sdm};
use crate::{Error, WeightsChoice, choice::Site, inputs::read_checked, provenance::history};

pub use estimator::Estimator;
pub use former::Former;
pub use indicators::Simulated;
pub use replicate::Replicated;
pub use truth::Truth;

/// What stands in every row of a simulated panel, under `data`.
pub(crate) const SIMULATED: &str = "simulated";

/// What `durbin simulate` is asked to do.
#[derive(Debug, Clone)]
pub struct SimulateJob {
    /// The polygons.
    pub boundaries: Source,
    /// Units that are left out.
    pub without: Vec<String>,
    /// Period labels.
    pub periods: Vec<String>,
    /// The model and its parameters.
    pub truth: Truth,
    /// Indicators that measure its variables; without any the variables themselves are written.
    pub indicators: Vec<Simulated>,
    /// Units that had another key in earlier periods.
    pub former: Vec<Former>,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Seed of every draw.
    pub seed: u64,
    /// Replications of the estimator.
    pub replicate: Option<u32>,
    /// Which estimator.
    pub estimator: Estimator,
    /// Whether replications go without missing values and outliers.
    pub clean: bool,
    /// The panel to write.
    pub destination: Option<Destination>,
}

/// What was simulated.
#[derive(Debug, Serialize)]
pub struct SimulateResult {
    /// Always true: nothing here was observed.
    pub simulated: bool,
    /// The model and its parameters.
    pub truth: Truth,
    /// Units.
    pub n_units: usize,
    /// Periods.
    pub n_periods: usize,
    /// Seed.
    pub seed: u64,
    /// Summary of W.
    pub weights: Summary,
    /// Variables written.
    pub variables: Vec<String>,
    /// What replications of the estimator say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replications: Option<Replicated>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl SimulateJob {
    /// Simulates and writes, or replicates, or both.
    ///
    /// # Errors
    /// Boundaries that cannot be read, parameters without a stationary model, an estimator that fails, an output that
    /// exists.
    pub fn run(&self, progress: &dyn Progress) -> Result<SimulateResult, Error> {
        self.truth.check()?;
        if self.replicate.is_none() && self.destination.is_none() {
            return Err(Error::Usage(
                "name an OUTPUT for the panel, or ask for --replicate N".into(),
            ));
        }
        if let Some(output) = &self.destination {
            crate::files::check_projects(&output.output, &output.projects)?;
            let (layer, inputs) = (output.layer.as_deref(), [Some(&self.boundaries)]);
            crate::files::refuse_layer(&output.output, layer, output.existing, &inputs)?;
        }
        let mut warnings = Vec::new();
        progress.begin("read", 0);
        let units = self.units(&mut warnings)?;
        progress.end();
        let file = self.boundaries.to_string();
        let site = Site { ids: &units.ids, units: Some(&units), panel: None, file: &file };
        let w = self.weights.build(site, sdm::DEFAULTS, &mut warnings)?;
        let variables = match &self.destination {
            Some(output) => self.write(output, &units, &w, &mut warnings)?,
            None => Vec::new(),
        };
        let replications = match self.replicate {
            Some(count) => {
                let blank = self.blank(&units.ids)?;
                let mut truth = self.truth.clone();
                if self.clean {
                    (truth.missing_share, truth.outliers) = (0.0, 0.0);
                }
                if truth.outliers > 0.0 {
                    warnings.push(Warning::Other(format!(
                        "replications keep the outliers of the model ({} of the values) and are fitted as they are: this says \
                         what untreated outliers do; with --clean it says what the estimator does",
                        truth.outliers
                    )));
                }
                Some(replicate::replicate(
                    &truth,
                    &blank,
                    &w,
                    self.seed,
                    count,
                    self.estimator,
                    progress,
                )?)
            }
            None => None,
        };
        Ok(SimulateResult {
            simulated: true,
            truth: self.truth.clone(),
            n_units: units.len(),
            n_periods: self.periods.len(),
            seed: self.seed,
            weights: Summary::of(&w),
            variables,
            replications,
            warnings,
        })
    }

    /// The units in order of key, without those left out.
    fn units(&self, warnings: &mut Vec<Warning>) -> Result<Units, Error> {
        let units = read_checked(&self.boundaries, warnings)?;
        let to = self.boundaries.to_string();
        units.matching(&self.without, "the units to leave out").map_err(Error::data(&to))?;
        let mut order = units.key_order();
        order.retain(|&row| !self.without.contains(&units.ids[row]));
        Ok(units.select(&order))
    }

    fn blank(&self, ids: &[String]) -> Result<Panel, Error> {
        let (n, t) = (ids.len(), self.periods.len());
        let rows = (0..t * n).map(|at| (&ids[at % n], &self.periods[at / n]));
        let table = Table {
            name: SIMULATED.to_owned(),
            title: String::new(),
            columns: vec![
                Column::text("unit", rows.clone().map(|row| row.0)),
                Column::text("period", rows.map(|row| row.1)),
            ],
        };
        let keys = PanelKeys::new(&table, "unit", "period").map_err(Error::data(SIMULATED))?;
        Ok(keys.panel())
    }

    fn write(
        &self,
        output: &Destination,
        units: &Units,
        w: &Weights,
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<String>, Error> {
        let blank = self.blank(&units.ids)?;
        let mut panel = draw::panel(&self.truth, &blank, w, self.seed, 0);
        if !self.indicators.is_empty() {
            panel = indicators::measure(&self.indicators, &panel, &blank, self.seed)?;
        }
        let said = draw::spoil(&self.truth, &mut panel, self.seed, 0);
        if said > 0 {
            warnings.push(Warning::Other(format!(
                "{said} value(s) left missing or made outliers on purpose"
            )));
        }
        let (n, t) = (units.len(), self.periods.len());
        let rows: Vec<usize> = (0..t * n).map(|at| at % n).collect();
        let mut layer = units.layer.select(&rows);
        layer.fids = (1..).take(rows.len()).collect();
        let labels = (0..t * n).map(|at| panel.periods[at / n].as_str());
        let labels: Vec<&str> = labels.collect();
        let numbers: Option<Vec<i64>> = labels.iter().map(|label| label.parse().ok()).collect();
        former::rename(&self.former, &self.boundaries, &labels, &mut layer)?;
        layer.columns.push(match numbers {
            Some(numbers) => Column::int("year", numbers),
            None => Column::text("period", labels),
        });
        layer.columns.push(Column::text("data", rows.iter().map(|_| SIMULATED)));
        let added = panel.names().to_vec();
        for name in &added {
            let values = panel.get(name).map_err(Error::data(SIMULATED))?;
            layer.columns.push(Column::float(name, values.iter().copied()));
        }
        for (at, column) in layer.columns.iter().enumerate() {
            let same = |other: &Column| other.name.eq_ignore_ascii_case(&column.name);
            if layer.columns[..at].iter().any(same) {
                let (file, field) = (self.boundaries.to_string(), column.name.clone());
                return Err(Error::ColumnExists { file, field });
            }
        }
        let layer = Layer {
            name: output.layer.clone().unwrap_or_else(|| SIMULATED.to_owned()),
            // Values may be missing on purpose, and several variables are as good as one another.
            style: Some(Style::Single {
                title: "Simulated units".to_owned(),
                symbol: Symbol::area(Rgb(214, 222, 232)),
            }),
            metadata: Metadata {
                title: format!("Simulated panel of {n} units and {t} periods"),
                description: "Simulated data from a stated model; nothing here was observed."
                    .to_owned(),
                history: std::iter::once(output.command.clone())
                    .chain(history(&[Some(&self.boundaries)], &[&self.weights])?)
                    .chain([
                        format!("seed: {}", self.seed),
                        format!("model: {}", self.truth.in_words()),
                    ])
                    .collect(),
            },
            ..layer
        };
        warnings.extend(output.put(std::slice::from_ref(&layer))?);
        Ok(added)
    }
}
