//! `durbin gmm`: a panel in; coefficients, tests, bounds and warnings out.

mod json;
mod least_squares;
mod text;
mod unit_root;

use std::path::{Path, PathBuf};

use durbin_core::{Column, Missing, Panel, PanelKeys, Progress, Values, Warning};
use durbin_gmm::{Fit, GmmSpec, Margin, UnitRoot, UnitRootSpec};
use durbin_io::{Existing, write_whole};
use durbin_sdm::EquationEffects;
use durbin_weights::{Summary, Weights};

use super::{sdm, table_files};
use crate::{
    Error, Neighbours, PanelSource, WeightsChoice,
    choice::Site,
    inputs::PanelInput,
    neighbours::{Spatial, effects, insert, name_weights, too_near},
};

pub use least_squares::LeastSquaresResult;
pub(crate) use text::{all_tests, coefficients, heading, impacts, tests};

/// Points at which a marginal effect is computed.
const POINTS: usize = 21;

/// What `durbin gmm` is asked to do.
#[derive(Debug, Clone)]
pub struct GmmJob {
    /// The panel; it may lack rows.
    pub panel: PanelSource,
    /// The model.
    pub spec: GmmSpec,
    /// Neighbours' terms that enter beside those the model names.
    pub neighbours: Neighbours,
    /// Who is whose neighbour, where neighbours enter.
    pub weights: Option<WeightsChoice>,
    /// Field by which errors are clustered; units without it.
    pub cluster: Option<String>,
    /// Effects of one factor along another.
    pub margins: Vec<(String, String)>,
    /// Where to draw the first of them, if at all.
    pub plot: Option<String>,
    /// The folder for the tables, if they are to be written.
    pub tables: Option<PathBuf>,
    /// Whether the plot and the tables may replace files.
    pub overwrite: bool,
    /// What to do about missing values.
    pub missing: Missing,
    /// Variables that are tested for unit roots, and how.
    pub unit_roots: Vec<String>,
    /// How they are tested.
    pub unit_root: UnitRootSpec,
}

/// A fitted model.
#[derive(Debug)]
pub struct GmmResult {
    /// The fit.
    pub fit: Fit,
    /// Summary of W, where neighbours enter.
    pub weights: Option<Summary>,
    /// Average effects, where neighbours enter.
    pub effects: Option<EquationEffects>,
    /// Marginal effects asked for.
    pub margins: Vec<Margin>,
    /// Tests for unit roots that were asked for.
    pub unit_roots: Vec<UnitRoot>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl GmmJob {
    /// Fits the model, draws the marginal effect and writes the tables if they are asked for.
    ///
    /// # Errors
    /// Input that cannot be read, missing values, a model that cannot be estimated, a plot or tables that exist.
    pub fn run(&self, progress: &dyn Progress) -> Result<GmmResult, Error> {
        if let Some(plot) = &self.plot {
            if !Path::new(plot).extension().is_some_and(|e| e.eq_ignore_ascii_case("svg")) {
                return Err(Error::Usage(format!("--plot {plot}: a plot is .svg")));
            }
            crate::files::refuse_existing(plot, self.overwrite)?;
            crate::files::refuse_input(plot, &self.panel.source)?;
        }
        let existing = if self.overwrite { Existing::Overwrite } else { Existing::Refuse };
        if let Some(folder) = &self.tables {
            table_files::refuse(folder, &text::STEMS, existing)?;
        }
        let mut warnings = Vec::new();
        let Read { file, spec, panel, w, cluster } = self.read(&mut warnings, progress)?;
        let failed = |source| Error::Gmm { file: file.clone(), source };
        progress.begin("fit", 0);
        let mut fit = fit(&spec, &panel, cluster.as_deref()).map_err(failed)?;
        if let Some(w) = &w {
            fit.conventions = name_weights(&fit.conventions, w);
        }
        progress.end();
        let of_effects = |source| Error::Sdm { file: file.clone(), source };
        let effects = w.as_ref().map(|w| effects(&fit, w)).transpose().map_err(of_effects)?;
        let unit_roots = self.unit_roots(&panel).map_err(failed)?;
        let margins = self.margins.iter().map(|(of, along)| fit.margin(of, along, POINTS));
        let margins: Vec<Margin> = margins.collect::<Result<_, _>>().map_err(failed)?;
        if let (Some(plot), Some(margin)) = (&self.plot, margins.first()) {
            write_whole(Path::new(plot), drawn(margin, &self.spec.y).as_bytes(), existing)?;
        }
        warnings.extend(fit.warnings.iter().cloned());
        warnings.extend(effects.iter().flat_map(|found| found.warnings.iter().cloned()));
        let weights = w.as_ref().map(Summary::of);
        let result = GmmResult { fit, weights, effects, margins, unit_roots, warnings };
        if let Some(folder) = &self.tables {
            table_files::write(folder, result.files(), existing)?;
        }
        Ok(result)
    }
}

/// What a model is fitted to.
pub(crate) struct Read {
    file: String,
    /// The model, spatial lags among its regressors.
    spec: GmmSpec,
    panel: Panel,
    w: Option<Weights>,
    cluster: Option<Vec<usize>>,
}

impl GmmJob {
    fn read(&self, warnings: &mut Vec<Warning>, progress: &dyn Progress) -> Result<Read, Error> {
        progress.begin("read", 0);
        let geometry = self.weights.as_ref().is_some_and(WeightsChoice::needs_geometry);
        let input = self.panel.read(geometry, warnings)?;
        let time = self.panel.time.as_deref().unwrap_or_default();
        let keys = input.unbalanced_keys(&self.panel.id, time)?;
        let file = input.file.clone();
        let has = |name: &str| input.table.columns.iter().any(|column| column.name == name);
        let Spatial { spec, variables: mut names, lagged } = self.equation(&has, &file)?;
        for name in &self.unit_roots {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let mut panel = input.panel(&keys, &names)?;
        let present = keys.present();
        let treated = panel.treat_missing_observations(&names, self.missing, &present);
        warnings.extend(treated.map_err(Error::data(&file))?);
        let cluster =
            self.cluster.as_ref().map(|field| clusters(&input, &keys, field)).transpose()?;
        let w = match &self.weights {
            Some(choice) if !lagged.is_empty() => {
                let units = input.units(&panel, &keys, warnings)?;
                let site = Site {
                    ids: &panel.ids,
                    units: units.as_ref(),
                    panel: Some((&input, &keys)),
                    file: input.units_file(),
                };
                let w = choice.build(site, sdm::DEFAULTS, warnings)?;
                warnings.extend(insert(&mut panel, &lagged, &w).map_err(Error::data(&file))?);
                warnings.extend(too_near(&spec));
                Some(w)
            }
            _ => None,
        };
        progress.end();
        Ok(Read { file, spec, panel, w, cluster })
    }

    /// The model with its spatial lags by name.
    fn equation(&self, has: &dyn Fn(&str) -> bool, file: &str) -> Result<Spatial, Error> {
        let failed = |source| Error::Gmm { file: file.to_owned(), source };
        let enter = self.neighbours.enter(&self.spec, has);
        match (&self.weights, enter) {
            (Some(_), true) => self.neighbours.spatial(&self.spec, has).map_err(failed),
            (Some(_), false) => Err(Error::Usage(
                "--weights does nothing without neighbours in the equation: name them with --model sar, slx or sdm, or as \
                 spatial lags in --x, such as W*P"
                    .to_owned(),
            )),
            (None, true) => Err(Error::Usage(
                "a spatial lag such as W*P needs --weights: say who is whose neighbour".to_owned(),
            )),
            (None, false) => {
                let variables = self.spec.variables(has).map_err(failed)?;
                Ok(Spatial { spec: self.spec.clone(), variables, lagged: Vec::new() })
            }
        }
    }

    fn unit_roots(&self, panel: &Panel) -> Result<Vec<UnitRoot>, durbin_gmm::Error> {
        let tests = self.unit_root.prepare();
        self.unit_roots.iter().map(|name| tests.test(panel, name)).collect()
    }
}

fn fit(spec: &GmmSpec, panel: &Panel, cluster: Option<&[usize]>) -> Result<Fit, durbin_gmm::Error> {
    match cluster {
        Some(cluster) => spec.fit_clustered(panel, cluster),
        None => spec.fit(panel),
    }
}

/// The cluster of each unit, numbered by its key.
fn clusters(input: &PanelInput, keys: &PanelKeys, field: &str) -> Result<Vec<usize>, Error> {
    let data = Error::data(&input.file);
    let column = input.table.column(field).map_err(&data)?;
    // Marked as words, since numbers would be averaged over the periods.
    let word = |row: usize| column.key(row).map(|key| format!("={key}"));
    let words: Vec<Option<String>> = (0..column.len()).map(word).collect();
    let of_unit = keys.by_unit(&Column::new(&column.name, Values::Text(words))).map_err(&data)?;
    let words: Vec<String> =
        (0..of_unit.len()).map(|unit| of_unit.key(unit).unwrap_or_default()).collect();
    if let Some(unit) = words.iter().position(String::is_empty) {
        let cells = std::iter::once(&keys.ids[unit]).collect();
        return Err(data(durbin_core::Error::MissingValues { field: field.to_owned(), cells }));
    }
    let mut distinct = words.clone();
    distinct.sort_unstable();
    distinct.dedup();
    Ok(words.iter().map(|word| distinct.partition_point(|known| known < word)).collect())
}

/// A marginal effect with its band.
fn drawn(margin: &Margin, y: &str) -> String {
    let held = margin.held.iter().map(|(name, at)| format!("{name} = {at:.3}"));
    let held: Vec<String> = held.collect();
    let note = if held.is_empty() {
        String::new()
    } else {
        format!(" Others at their grand means: {}.", held.join(", "))
    };
    durbin_report::band_plot(&durbin_report::Band {
        title: format!("Marginal effect of {} on {y}", margin.of),
        x_label: margin.along.clone(),
        y_label: format!("∂{y}/∂{}", margin.of),
        points: &margin.points,
        note: format!("Line: estimate; band: 95 % interval by the delta method.{note}"),
    })
}
