//! `durbin sdm`: a panel and its weights in; coefficients, effects and a layer of effects per unit out.

use durbin_core::{
    Estimate, Layer, Metadata, Missing, Panel, PanelKeys, Progress, TestStat, Units, Warning,
};
use durbin_io::{Existing, write_layer};
use durbin_sdm::{Comparison, Fit, Impacts, Prepared, SdmSpec, UnitEffects};
use durbin_weights::{Islands, Summary, Transform, Weights};
use serde::Serialize;

use crate::{
    Error, Formula, PanelSource, WeightsChoice,
    choice::{Site, WeightsDefaults},
    inputs::{PanelInput, treat_missing},
    jobs::destination::with_columns,
};

pub(crate) const DEFAULTS: WeightsDefaults = WeightsDefaults {
    transform: Transform::Row,
    islands: Islands::Error,
    kept_islands: Some("kept: their spatial lag is zero"),
    self_links: false,
};

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
    /// Variables taken in logs; they keep their names.
    pub log: Vec<String>,
    /// Which weights.
    pub weights: WeightsChoice,
    /// What to do about missing values.
    pub missing: Missing,
    /// Where to write the layer of effects per unit, if at all.
    pub output: Option<String>,
    /// Its name.
    pub output_layer: String,
    /// What to do when the output exists.
    pub existing: Existing,
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
    /// Tests of the specification and the residuals, where asked for.
    pub tests: Vec<TestStat>,
    /// The family side by side, where asked for.
    pub comparison: Option<Comparison>,
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
        if let Some(output) = &self.output {
            let inputs = [Some(&self.panel.source), self.panel.boundaries.as_ref()];
            crate::files::refuse_layer(output, self.existing, &inputs)?;
            self.weights.refuse_output(output)?;
        }
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
        progress.begin("fit", 0);
        let prepared = Prepared::new(&weights);
        let fit = self.spec.fit_prepared(&panel, &prepared).map_err(failed)?;
        progress.end();
        progress.begin("effects", 0);
        let impacts = fit.impacts().map_err(failed)?;
        if let (Some(output), Some(units)) = (&self.output, &units) {
            let history =
                std::iter::once(self.command.clone()).chain(history(&fit, &weights)).collect();
            let effects = fit.per_unit().map_err(failed)?;
            let layer = effects_layer(units, &effects, &self.output_layer, history, &file)?;
            warnings.extend(write_layer(&layer, output, self.existing)?);
        }
        progress.end();
        let tests = if self.tests {
            progress.begin("tests", 0);
            fit.tests(&panel, &prepared).map_err(failed)?.tests
        } else {
            Vec::new()
        };
        let comparison = if self.compare {
            progress.begin("compare", 0);
            Some(self.spec.compare(&panel, &prepared).map_err(failed)?)
        } else {
            None
        };
        let weights = Summary::of(&weights);
        warnings.extend(fit.warnings.iter().cloned());
        Ok(SdmResult { fit, impacts, tests, comparison, weights, log: self.log.clone(), warnings })
    }

    fn read(&self, warnings: &mut Vec<Warning>) -> Result<Read, Error> {
        let names: Vec<String> =
            std::iter::once(&self.spec.y).chain(&self.spec.x).cloned().collect();
        if let Some(stranger) = self.log.iter().find(|name| !names.contains(name)) {
            return Err(Error::Usage(format!("--log {stranger}: not among --y and --x")));
        }
        let geometry = self.weights.needs_geometry() || self.output.is_some();
        let input = self.panel.read(geometry, warnings).map_err(|error| match error {
            Error::NoGeometry { file } if !self.weights.needs_geometry() => {
                Error::NoGeometryToWrite { file }
            }
            error => error,
        })?;
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

/// What a reader of a layer of effects must know about where it comes from.
pub(crate) fn history(fit: &Fit, weights: &Weights) -> Vec<String> {
    let mut lines = vec![format!("weights: {}, {} links", weights.kind, weights.n_links())];
    lines.extend(fit.conventions.iter().map(|(name, choice)| format!("{name}: {choice}")));
    lines
}

/// The layer `effects`: per unit and variable direct, spill-in, spill-out and total, each with its error.
pub(crate) fn effects_layer(
    units: &Units,
    effects: &UnitEffects,
    name: &str,
    history: Vec<String>,
    file: &str,
) -> Result<Layer, Error> {
    Ok(Layer {
        name: name.to_owned(),
        style: Some(effects.style()),
        metadata: Metadata {
            title: format!("Effects per unit of {}", effects.variables.join(", ")),
            description: "Direct effect, spill-in received from the others, spill-out sent to them, and \
                          total effect (direct plus spill-in) of each variable, with delta-method errors."
                .to_owned(),
            history,
        },
        ..with_columns(units.layer.clone(), effects.columns(), file)?
    })
}

#[derive(Serialize)]
struct NamedEstimate<'a> {
    name: &'a str,
    #[serde(flatten)]
    estimate: Estimate,
}

impl Serialize for SdmResult {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let fit = &self.fit;
        let coefficients = fit.coefficients();
        let coefficients: Vec<NamedEstimate> = coefficients
            .iter()
            .map(|(name, estimate)| NamedEstimate { name, estimate: *estimate })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("model", &fit.spec.model)?;
        map.serialize_entry("effects", &fit.spec.effects)?;
        map.serialize_entry("bias_correction", &fit.spec.bias_correction)?;
        map.serialize_entry("y", &fit.spec.y)?;
        map.serialize_entry("log", &self.log)?;
        map.serialize_entry("n_units", &fit.n_units)?;
        map.serialize_entry("n_periods", &fit.n_periods)?;
        let dropped: usize = self.warnings.iter().map(Warning::dropped).sum();
        let filled: usize = self.warnings.iter().map(Warning::filled).sum();
        map.serialize_entry("dropped", &dropped)?;
        map.serialize_entry("filled", &filled)?;
        map.serialize_entry("weights", &self.weights)?;
        map.serialize_entry("coefficients", &coefficients)?;
        map.serialize_entry("rho", &fit.rho())?;
        map.serialize_entry("lambda", &fit.lambda())?;
        map.serialize_entry("sigma2", &fit.sigma2)?;
        map.serialize_entry("log_likelihood", &fit.log_likelihood)?;
        map.serialize_entry("aic", &fit.aic)?;
        map.serialize_entry("bic", &fit.bic)?;
        map.serialize_entry("r_squared", &fit.r_squared)?;
        map.serialize_entry("r_squared_within", &fit.r_squared_within)?;
        map.serialize_entry("impacts", &self.impacts.rows)?;
        map.serialize_entry("tests", &self.tests)?;
        if let Some(comparison) = &self.comparison {
            map.serialize_entry("comparison", comparison)?;
        }
        map.serialize_entry("convergence", &fit.convergence)?;
        map.serialize_entry("conventions", &fit.conventions)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}
