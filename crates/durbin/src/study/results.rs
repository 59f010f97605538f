//! Everything a study computes, before anything is written.

use durbin_core::{Progress, Units, Warning};
use durbin_weights::Summary;

use super::{
    Study,
    dynamic::{self, DynamicDone},
    file::Invalid,
    hotspots::{self, HotspotDone},
    indices::IndexDone,
    models::{self, ModelDone},
    prepare::Prepared,
    reshape, variables,
};
use crate::{
    Error, PanelSource,
    choice::Site,
    inputs::{invalid, join, report_empty},
    jobs::sdm,
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
    pub dynamic: Vec<DynamicDone>,
    pub weights: Option<Summary>,
    pub warnings: Vec<Warning>,
}

pub(super) fn compute(study: &Study, progress: &dyn Progress) -> Result<Results, Error> {
    let mut warnings = Vec::new();
    progress.begin("read", 0);
    let boundaries = durbin_io::read_units(&study.boundaries_source())?;
    let source = PanelSource {
        source: study.panel_source(),
        id: study.panel.id.clone(),
        time: Some(study.panel.time.clone()),
        boundaries: None,
    };
    let mut input = source.read(false, &mut warnings)?;
    reshape::reshape(study, &mut input, &mut warnings)?;
    let keys = input.keys(&source)?;
    let variables::Assembled { panel, indices, prepared } =
        variables::assemble(study, &input, &keys, &mut warnings)?;
    let (panel_file, to) = (&input.file, study.resolve(&study.boundaries.file));
    let joined = join(&boundaries, &keys.ids, panel_file, &to, &mut warnings)?;
    let as_they_came = joined.matching(&panel.ids, panel_file).map_err(Error::data(&to))?;
    let whole = repaired(boundaries, study.boundaries.invalid, &to, &mut warnings)?;
    let mut units = whole.matching(&panel.ids, panel_file).map_err(Error::data(&to))?;
    // Feature ids in key order do not carry the order of the file.
    units.layer.fids = (1..).take(units.len()).collect();
    progress.end();

    let choice = study.weights_choice()?;
    let hotspots = hotspots::test_all(study, &panel, &as_they_came, &choice, progress)?;
    warnings.extend(hotspots.iter().flat_map(|done| done.tested.result.warnings.iter().cloned()));
    let mut models = Vec::new();
    let mut weights = None;
    if !study.sdm.is_empty() {
        let site = Site {
            ids: &panel.ids,
            units: Some(&as_they_came),
            panel: Some((&input, &keys)),
            file: &to,
        };
        let w = choice.build(site, sdm::DEFAULTS, &mut warnings)?;
        models = models::fit_all(study, &panel, &w, progress)?;
        weights = Some(Summary::of(&w));
    }
    warnings.extend(models.iter().flat_map(|model| model.fit.warnings.iter().cloned()));
    let dynamic = dynamic::fit_all(study, &panel, progress)?;
    warnings.extend(dynamic.iter().flat_map(|done| done.fit.warnings.iter().cloned()));
    let label = |at: Option<&String>| at.cloned().unwrap_or_default();
    Ok(Results {
        n_periods: panel.n_periods(),
        periods: (label(panel.periods.first()), label(panel.periods.last())),
        units,
        indices,
        prepared,
        hotspots,
        models,
        dynamic,
        weights,
        warnings: distinct(warnings),
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
