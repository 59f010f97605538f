//! Everything a study computes, before anything is written.

use durbin_core::{PanelKeys, Progress, Units, Warning};
use durbin_weights::Summary;

use super::{
    Study,
    file::Invalid,
    hotspots::{self, HotspotDone},
    indices::IndexDone,
    models::{self, ModelDone},
    prepare::Prepared,
    reshape,
    robustness::{self, Grid},
    variables,
};
use crate::{
    Error, PanelSource,
    choice::Site,
    inputs::{PanelInput, invalid, join, report_empty},
    jobs::{SdmResult, sdm},
};

/// Units and panel are in key order, so nothing here depends on the order of either file.
pub(super) struct Results {
    pub units: Units,
    pub n_periods: usize,
    pub periods: (String, String),
    pub indices: Vec<IndexDone>,
    /// What was done to the panel: step, variable, values touched.
    pub prepared: Vec<Prepared>,
    pub hotspots: Vec<HotspotDone>,
    pub models: Vec<ModelDone>,
    /// Rows of the robustness grid.
    pub robustness: Vec<robustness::Row>,
    pub weights: Option<Summary>,
    pub warnings: Vec<Warning>,
}

/// What a study computes from, in key order.
struct Loaded {
    boundaries: Units,
    input: PanelInput,
    keys: PanelKeys,
    assembled: variables::Assembled,
    /// Units as weights see them.
    as_they_came: Units,
    boundaries_file: String,
}

impl Loaded {
    fn site(&self) -> Site<'_> {
        Site {
            ids: &self.assembled.panel.ids,
            units: Some(&self.as_they_came),
            panel: Some((&self.input, &self.keys)),
            file: &self.boundaries_file,
        }
    }
}

fn load(study: &Study, warnings: &mut Vec<Warning>) -> Result<Loaded, Error> {
    let boundaries = durbin_io::read_units(&study.boundaries_source())?;
    let source = PanelSource {
        source: study.panel_source(),
        id: study.panel.id.clone(),
        time: Some(study.panel.time.clone()),
        boundaries: None,
    };
    let mut input = source.read(false, warnings)?;
    reshape::reshape(study, &mut input, warnings)?;
    let keys = input.keys(&source)?;
    let assembled = variables::assemble(study, &input, &keys, warnings)?;
    let to = study.resolve(&study.boundaries.file);
    let joined = join(&boundaries, &keys.ids, &input.file, &to, warnings)?;
    let as_they_came =
        joined.matching(&assembled.panel.ids, &input.file).map_err(Error::data(&to))?;
    Ok(Loaded { boundaries, input, keys, assembled, as_they_came, boundaries_file: to })
}

/// The fit of one specification of `[robustness]`, by its number in the table.
pub(super) fn single(study: &Study, number: usize) -> Result<SdmResult, Error> {
    let section = study.robustness.as_ref().ok_or_else(|| {
        Error::Usage("--specification: the study file has no section [robustness]".to_owned())
    })?;
    let mut warnings = Vec::new();
    let loaded = load(study, &mut warnings)?;
    let panel = &loaded.assembled.panel;
    let grid = Grid::new(study, section, panel, loaded.site(), &mut warnings)?;
    let (fit, impacts, w) = grid.single(number)?;
    warnings.extend(fit.warnings.iter().cloned());
    Ok(SdmResult {
        fit,
        impacts,
        tests: Vec::new(),
        comparison: None,
        weights: Summary::of(&w),
        log: Vec::new(),
        warnings: distinct(warnings),
    })
}

pub(super) fn compute(study: &Study, progress: &dyn Progress) -> Result<Results, Error> {
    let mut warnings = Vec::new();
    progress.begin("read", 0);
    let loaded = load(study, &mut warnings)?;
    let (to, panel) = (&loaded.boundaries_file, &loaded.assembled.panel);
    let whole = repaired(loaded.boundaries.clone(), study.boundaries.invalid, to, &mut warnings)?;
    let mut units = whole.matching(&panel.ids, &loaded.input.file).map_err(Error::data(to))?;
    // Feature ids in key order do not carry the order of the file.
    units.layer.fids = (1..).take(units.len()).collect();
    progress.end();

    let choice = study.weights_choice()?;
    let hotspots = hotspots::test_all(study, panel, &loaded.as_they_came, &choice, progress)?;
    warnings.extend(hotspots.iter().flat_map(|done| done.tested.result.warnings.iter().cloned()));
    let mut models = Vec::new();
    let mut weights = None;
    if !study.sdm.is_empty() {
        let w = choice.build(loaded.site(), sdm::DEFAULTS, &mut warnings)?;
        models = models::fit_all(study, panel, &w, progress)?;
        weights = Some(Summary::of(&w));
    }
    warnings.extend(models.iter().flat_map(|model| model.fit.warnings.iter().cloned()));
    let robustness = match &study.robustness {
        Some(section) => {
            let grid = Grid::new(study, section, panel, loaded.site(), &mut warnings)?;
            grid.compute(progress)
        }
        None => Vec::new(),
    };
    let label = |at: Option<&String>| at.cloned().unwrap_or_default();
    Ok(Results {
        n_periods: panel.n_periods(),
        periods: (label(panel.periods.first()), label(panel.periods.last())),
        units,
        hotspots,
        models,
        robustness,
        weights,
        warnings: distinct(warnings),
        indices: loaded.assembled.indices,
        prepared: loaded.assembled.prepared,
    })
}

/// Steps that meet the same units say the same things.
fn distinct(warnings: Vec<Warning>) -> Vec<Warning> {
    let mut distinct: Vec<Warning> = Vec::new();
    for warning in warnings {
        if !distinct.contains(&warning) {
            distinct.push(warning);
        }
    }
    distinct
}

/// The boundaries as they are written: invalid rings repaired, kept or refused, and said so.
fn repaired(
    mut units: Units,
    policy: Invalid,
    file: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Units, Error> {
    let invalid = invalid(&units);
    if invalid.count > 0 {
        match policy {
            Invalid::Error => {
                return Err(Error::InvalidGeometry { file: file.to_owned(), units: invalid });
            }
            Invalid::Repair => {
                durbin_io::repair(&mut units)?;
                warnings.push(Warning::InvalidGeometry { units: invalid, repaired: true });
            }
            Invalid::Keep => {
                warnings.push(Warning::InvalidGeometry { units: invalid, repaired: false });
            }
        }
    }
    report_empty(&units, warnings);
    Ok(units)
}
