//! `durbin sdm`: a panel and its weights in; coefficients, effects and a layer of effects per unit out.

mod balance;
mod json;
mod layers;
mod tables;

use std::path::PathBuf;

use durbin_core::{Missing, Panel, PanelKeys, Progress, TestStat, Units, Warning};
use durbin_io::{Existing, Projects, write_layers};
use durbin_sdm::{Comparison, Fit, Impacts, Influence, Prepared, SdmSpec};
use durbin_weights::{Islands, Spec, Summary, Transform, Weights};
use serde::{Deserialize, Serialize};

pub(crate) use balance::intersect;
use layers::flows_layer;
pub(crate) use layers::{effects_layer, history, influence_layer};

use crate::{
    Error, Formula, PanelSource, WeightsChoice,
    choice::{Site, WeightsDefaults},
    inputs::{PanelInput, treat_missing},
    provenance,
};

pub(crate) const DEFAULTS: WeightsDefaults = WeightsDefaults {
    transform: Transform::Row,
    islands: Islands::Error,
    kept_islands: Some("kept: their spatial lag is zero"),
    self_links: false,
};

/// What becomes of an unbalanced panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Balance {
    /// It is refused.
    #[default]
    Error,
    /// The units observed in every period are kept.
    Intersect,
}

/// How the errors of the average effects are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StandardErrors {
    /// By the delta method.
    #[default]
    Delta,
    /// From draws of the parameters.
    Simulated {
        /// How many.
        draws: u32,
        /// Of the random numbers.
        seed: u64,
    },
}

/// What `durbin sdm` is asked to do.
#[derive(Debug, Clone)]
pub struct SdmJob {
    /// The panel and its boundaries.
    pub panel: PanelSource,
    /// The model.
    pub spec: SdmSpec,
    /// Whether to test the specification and the residuals.
    pub tests: bool,
    /// Whether to fit the whole family side by side.
    pub compare: bool,
    /// How many of the most influential units to name, where influence is asked for; with an output, a layer too.
    pub influence: Option<usize>,
    /// Variables taken in logs; they keep their names.
    pub log: Vec<String>,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Which weights the error has, where they differ; scaled and checked as the others.
    pub error_weights: Option<Spec>,
    /// How the errors of the average effects are computed.
    pub standard_errors: StandardErrors,
    /// What to do about an unbalanced panel.
    pub balance: Balance,
    /// What to do about missing values.
    pub missing: Missing,
    /// Where to write the layer of effects per unit, if at all.
    pub output: Option<String>,
    /// Its name.
    pub output_layer: String,
    /// How many of the strongest effects from unit to unit to write as lines beside it.
    pub flows: Option<usize>,
    /// The folder for the tables, if they are to be written.
    pub tables: Option<PathBuf>,
    /// What to do when the output exists.
    pub existing: Existing,
    /// QGIS projects to write with the layers.
    pub projects: Projects,
    /// The command line, for the layer's history.
    pub command: String,
}

/// A fitted model with its effects.
#[derive(Debug)]
pub struct SdmResult {
    /// The fit.
    pub fit: Fit,
    /// Direct, indirect and total effects.
    pub impacts: Impacts,
    /// The same in the long run, of a dynamic model.
    pub long_run: Option<Impacts>,
    /// How their errors were computed.
    pub standard_errors: StandardErrors,
    /// Tests of the specification and the residuals, where asked for.
    pub tests: Vec<TestStat>,
    /// The family side by side, where asked for.
    pub comparison: Option<Comparison>,
    /// What single units do to the estimates, where asked for, and how many of them are named.
    pub influence: Option<(Influence, usize)>,
    /// Summary of W.
    pub weights: Summary,
    /// Variables taken in logs.
    pub log: Vec<String>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl SdmJob {
    /// Fits the model and writes the layer of effects if one is asked for.
    ///
    /// # Errors
    /// Input that cannot be read or joined, an unbalanced panel, missing values, weights that cannot be
    /// built, a model that cannot be estimated, an output that exists.
    pub fn run(&self, progress: &dyn Progress) -> Result<SdmResult, Error> {
        self.refuse_outputs()?;
        self.weights.check()?;
        let mut warnings = Vec::new();
        progress.begin("read", 0);
        let Read { input, keys, panel, units } = self.read(&mut warnings)?;
        progress.end();
        let file = self.panel.source.to_string();
        let failed = |source| Error::Sdm { file: file.clone(), source };
        let site = Site {
            ids: &panel.ids,
            units: units.as_ref(),
            panel: Some((&input, &keys)),
            file: input.units_file(),
        };
        let weights = self.weights.build(site, DEFAULTS, &mut warnings)?;
        let of_error = self
            .of_error()
            .map(|choice| choice.build(site, DEFAULTS, &mut warnings))
            .transpose()?;
        progress.begin("fit", 0);
        let by = |weights| Prepared::by(weights, self.spec.log_determinant);
        let prepared = by(&weights);
        let of_error = of_error.as_ref().map(by);
        let fit = match &of_error {
            Some(of_error) => self.spec.fit_prepared_with(&panel, &prepared, of_error),
            None => self.spec.fit_prepared(&panel, &prepared),
        };
        let fit = fit.map_err(failed)?;
        progress.end();
        progress.begin("effects", 0);
        warnings.extend(fit.warnings.iter().cloned());
        let (impacts, long_run) = match self.standard_errors {
            StandardErrors::Delta => {
                (fit.impacts().map_err(failed)?, fit.long_run_impacts().map_err(failed)?)
            }
            StandardErrors::Simulated { draws, seed } => {
                let drawn = fit.simulated_impacts(&prepared, draws, seed).map_err(failed)?;
                warnings.extend(drawn.warnings);
                (drawn.impacts, drawn.long_run)
            }
        };
        progress.end();
        let influence = match self.influence {
            Some(count) => {
                progress.begin("influence", 0);
                let found = fit.influence(&panel, &prepared, of_error.as_ref()).map_err(failed)?;
                warnings.extend(found.warnings.iter().cloned());
                progress.end();
                Some((found, count))
            }
            None => None,
        };
        if let (Some(output), Some(units)) = (&self.output, &units) {
            let influence = influence.as_ref().map(|(influence, _)| influence);
            warnings.extend(self.write_layers(output, &fit, influence, units, &weights)?);
        }
        let tests = if self.tests {
            let tested = match &of_error {
                Some(of_error) => fit.tests_with(&panel, &prepared, of_error),
                None => fit.tests(&panel, &prepared),
            };
            tested.map_err(failed)?.tests
        } else {
            Vec::new()
        };
        let comparison = if self.compare {
            Some(self.spec.compare(&panel, &prepared).map_err(failed)?)
        } else {
            None
        };
        let result = SdmResult {
            tests,
            comparison,
            influence,
            fit,
            impacts,
            long_run,
            standard_errors: self.standard_errors,
            weights: Summary::of(&weights),
            log: self.log.clone(),
            warnings,
        };
        if let Some(folder) = &self.tables {
            result.write_tables(folder, self.existing)?;
        }
        Ok(result)
    }

    /// Refuses, before any work, outputs that are in the way or cannot hold what is asked for.
    fn refuse_outputs(&self) -> Result<(), Error> {
        if let Some(output) = &self.output {
            let inputs = [Some(&self.panel.source), self.panel.boundaries.as_ref()];
            crate::files::check_projects(output, &self.projects)?;
            let layer = Some(self.output_layer.as_str());
            crate::files::refuse_layer(output, layer, self.existing, &inputs)?;
            self.weights.refuse_output(output)?;
            if let Some(choice) = self.of_error() {
                choice.refuse_output(output)?;
            }
        }
        if let Some(folder) = &self.tables {
            tables::refuse(folder, self.existing)?;
        }
        for (option, asked) in
            [("--flows", self.flows.is_some()), ("--influence", self.influence.is_some())]
        {
            if let Some(output) = self.output.as_ref().filter(|_| asked)
                && !crate::files::holds_layers(output)
            {
                return Err(Error::Usage(format!(
                    "{option} adds a second layer: `{output}` holds one, give --output a .gpkg or a database"
                )));
            }
        }
        Ok(())
    }

    /// The layer of effects, and those of flows and of influence where asked for.
    fn write_layers(
        &self,
        output: &str,
        fit: &Fit,
        influence: Option<&Influence>,
        units: &Units,
        weights: &Weights,
    ) -> Result<Vec<Warning>, Error> {
        let file = self.panel.source.to_string();
        let failed = |source| Error::Sdm { file: file.clone(), source };
        let inputs = [Some(&self.panel.source), self.panel.boundaries.as_ref()];
        let of_error = self.of_error();
        let choices: Vec<&WeightsChoice> =
            std::iter::once(&self.weights).chain(&of_error).collect();
        let history: Vec<String> = std::iter::once(self.command.clone())
            .chain(provenance::history(&inputs, &choices)?)
            .chain(history(fit, weights))
            .collect();
        let effects = fit.per_unit().map_err(failed)?;
        let long_run = fit.long_run_per_unit().map_err(failed)?;
        let name = &self.output_layer;
        let layer =
            effects_layer(units, &effects, long_run.as_ref(), name, history.clone(), &file)?;
        let mut layers = vec![layer];
        if let Some(count) = self.flows {
            let flows = fit.flows(weights, count).map_err(failed)?;
            layers.push(flows_layer(units, &flows, history.clone(), &file)?);
        }
        if let Some(influence) = influence {
            layers.push(influence_layer(units, influence, "influence", history, &file)?);
        }
        Ok(write_layers(output, &layers, self.existing, &self.projects)?)
    }

    /// The weights of the error, built as the others where only their kind differs.
    fn of_error(&self) -> Option<WeightsChoice> {
        let spec = self.error_weights.clone()?;
        let snap = self.weights.snap.filter(|_| spec.compares_borders());
        Some(WeightsChoice { spec, snap, ..self.weights.clone() })
    }

    fn read(&self, warnings: &mut Vec<Warning>) -> Result<Read, Error> {
        let names: Vec<String> =
            std::iter::once(&self.spec.y).chain(&self.spec.x).cloned().collect();
        if let Some(stranger) = self.log.iter().find(|name| !names.contains(name)) {
            return Err(Error::Usage(format!("--log {stranger}: not among --y and --x")));
        }
        let of_error = self.of_error().is_some_and(|choice| choice.needs_geometry());
        let needed = self.weights.needs_geometry() || of_error;
        let geometry = needed || self.output.is_some();
        let mut input = self.panel.read(geometry, warnings).map_err(|error| match error {
            Error::NoGeometry { file } if !needed => Error::NoGeometryToWrite { file },
            error => error,
        })?;
        if let (Balance::Intersect, Some(time)) = (self.balance, &self.panel.time) {
            let cut = intersect(&input.table, &self.panel.id, time);
            if let Some((table, warning)) = cut.map_err(Error::data(&input.file))? {
                input.table = table;
                warnings.push(warning);
            }
        }
        let keys = input.keys(&self.panel)?;
        let mut panel = input.panel(&keys, &names)?;
        treat_missing(&mut panel, &names, self.missing, &input.file, warnings)?;
        for name in &self.log {
            let logged = Formula::log(name)?.evaluate(&panel)?;
            panel.insert(name, logged);
        }
        let units = input.units(&panel, &keys, warnings)?;
        Ok(Read { input, keys, panel, units })
    }
}

/// What a model is fitted to.
struct Read {
    input: PanelInput,
    keys: PanelKeys,
    panel: Panel,
    units: Option<Units>,
}
