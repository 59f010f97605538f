//! Everything a study computes, before anything is written.

use durbin_core::{Panel, PanelKeys, Progress, Units, Warning};
use durbin_weights::Summary;

use super::{
    Study,
    as_it_came::{AsItCame, OnPanel},
    dynamic::{self, DynamicDone, Ground},
    file::{Gmm, Invalid},
    gaps,
    hotspots::{self, HotspotDone},
    indices::IndexDone,
    models::{self, ModelDone},
    preliminaries::{self, Preliminaries},
    prepare::Prepared,
    reshape,
    robustness::{self, Grid, Robustness, Row},
    variables,
};
use crate::{
    Error, PanelSource,
    choice::Site,
    inputs::{PanelInput, invalid, join, report_empty},
    jobs::{Balance, sdm},
};

/// Units and panel are in key order, so nothing here depends on the order of either file.
pub(super) struct Results {
    pub units: Units,
    /// Everything that was analysed.
    pub panel: Panel,
    pub n_periods: usize,
    pub periods: (String, String),
    pub indices: Vec<IndexDone>,
    /// What was done to the panel: step, variable, values touched.
    pub prepared: Vec<Prepared>,
    pub hotspots: Vec<HotspotDone>,
    /// Where there are spatial models.
    pub preliminaries: Option<Preliminaries>,
    pub models: Vec<ModelDone>,
    /// The specifications of the robustness grid and what each found.
    pub robustness: Option<(Grid, Vec<Row>)>,
    pub dynamic: Vec<DynamicDone>,
    pub weights: Option<Summary>,
    pub warnings: Vec<Warning>,
}

/// What a study reads, joined and in key order.
pub(super) struct Gathered {
    input: PanelInput,
    keys: PanelKeys,
    pub panel: Panel,
    /// What dynamic panel models can use of the rows that the balanced panel leaves out.
    as_it_came: Option<AsItCame>,
    /// Units of the panel's file.
    units_of_file: usize,
    indices: Vec<IndexDone>,
    prepared: Vec<Prepared>,
    as_they_came: Units,
    units: Units,
    file: String,
}

impl Gathered {
    /// Where weights are built.
    pub(super) fn site(&self) -> Site<'_> {
        Site {
            ids: &self.panel.ids,
            units: Some(&self.as_they_came),
            panel: Some((&self.input, &self.keys)),
            file: &self.file,
        }
    }

    /// Which panel each dynamic model is fitted to.
    fn panels_of_dynamic(&self, study: &Study) -> Result<Vec<OnPanel>, Error> {
        let made = variables::of_indices(study)?;
        let on = |gmm: &Gmm| match &self.as_it_came {
            Some(it) if gmm.made_of(&made).is_empty() => it.on(&self.panel),
            _ if study.may_lack_rows() => OnPanel::with_gaps(&self.panel, &self.keys),
            _ => OnPanel::balanced(&self.panel, self.units_of_file, &gmm.made_of(&made)),
        };
        Ok(study.gmm.iter().map(on).collect())
    }

    /// The robustness grid that the study asks for.
    pub(super) fn grid(&self, study: &Study, asked: &Robustness) -> Result<Grid, Error> {
        let attribute =
            |field: &str| self.site().attribute(field).map_err(Error::data(&self.input.file));
        Grid::new(study, asked, &self.panel, attribute)
    }
}

/// Reads boundaries and panel, joins them by key and makes the variables.
pub(super) fn gather(
    study: &Study,
    progress: &dyn Progress,
    warnings: &mut Vec<Warning>,
) -> Result<Gathered, Error> {
    progress.begin("read", 0);
    let boundaries = durbin_io::read_units(&study.boundaries_source())?;
    let source = PanelSource {
        source: study.panel_source(),
        id: study.panel.id.clone(),
        time: Some(study.panel.time.clone()),
        boundaries: None,
    };
    let mut input = source.read(false, warnings)?;
    let mut reshaped = reshape::reshape(study, &mut input, warnings)?;
    let whole = input.clone();
    let of_whole = whole.unbalanced_keys(&source.id, &study.panel.time)?;
    let keys = if study.may_lack_rows() {
        of_whole.clone()
    } else {
        balance(study, &mut input, warnings)?;
        input.keys(&source).map_err(|error| gaps::in_words(study, &input.file, error))?
    };
    let variables::Assembled { panel, indices, prepared } =
        variables::assemble(study, &input, &keys, warnings)?;
    reshaped.extend(prepared);
    let prepared = reshaped;
    let (panel_file, to) = (&input.file, study.resolve(&study.boundaries.file));
    let joined = join(&boundaries, &of_whole.ids, panel_file, &to, warnings)?;
    let as_they_came = joined.matching(&panel.ids, panel_file).map_err(Error::data(&to))?;
    let units_of_file = of_whole.ids.len();
    let as_it_came = if study.may_lack_rows() || panel.n_units() == units_of_file {
        None
    } else {
        AsItCame::gather(study, (whole, of_whole), &joined, warnings)?
    };
    let whole = repaired(boundaries, study.boundaries.invalid, &to, warnings)?;
    let mut units = whole.matching(&panel.ids, panel_file).map_err(Error::data(&to))?;
    // Feature ids in key order do not carry the order of the file.
    units.layer.fids = (1..).take(units.len()).collect();
    progress.end();
    Ok(Gathered {
        input,
        keys,
        panel,
        as_it_came,
        units_of_file,
        indices,
        prepared,
        as_they_came,
        units,
        file: to,
    })
}

/// The dynamic models on the panel as it came, or the others.
fn of<'a>(
    study: &'a Study,
    panels: &'a [OnPanel],
    as_it_came: bool,
) -> impl Iterator<Item = &'a Gmm> {
    let each = study.gmm.iter().zip(panels);
    each.filter(move |(_, on)| on.as_it_came == as_it_came).map(|(gmm, _)| gmm)
}

/// The rows of units that are there in every period, where the study says so.
fn balance(
    study: &Study,
    input: &mut PanelInput,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    if study.panel.balance == Balance::Intersect {
        let cut = sdm::intersect(&input.table, &study.panel.id, &study.panel.time);
        if let Some((table, warning)) = cut.map_err(Error::data(&input.file))? {
            input.table = table;
            warnings.push(warning);
        }
    }
    Ok(())
}

pub(super) fn compute(study: &Study, progress: &dyn Progress) -> Result<Results, Error> {
    let mut warnings = Vec::new();
    let gathered = gather(study, progress, &mut warnings)?;
    let (panel, as_they_came) = (&gathered.panel, &gathered.as_they_came);
    let choice = study.weights_choice()?;
    let hotspots = hotspots::test_all(study, panel, as_they_came, &choice, progress)?;
    warnings.extend(hotspots.iter().flat_map(|done| done.tested.result.warnings.iter().cloned()));
    let mut models = Vec::new();
    let mut preliminaries = None;
    let panels = gathered.panels_of_dynamic(study)?;
    let dynamic_w = dynamic::need_weights(of(study, &panels, false), panel);
    let w = (dynamic_w || !study.sdm.is_empty())
        .then(|| choice.build(gathered.site(), sdm::DEFAULTS, &mut warnings))
        .transpose()?;
    if let (Some(w), false) = (&w, study.sdm.is_empty()) {
        preliminaries = Some(preliminaries::look(study, panel, gathered.site(), progress)?);
        models = models::fit_all(study, panel, w, progress)?;
    }
    warnings.extend(models.iter().flat_map(|model| model.fit.warnings.iter().cloned()));
    let influence = models.iter().filter_map(|model| model.influence.as_ref());
    warnings.extend(influence.flat_map(|(found, _)| found.warnings.iter().cloned()));
    let robustness = match &study.robustness {
        Some(asked) => {
            let grid = gathered.grid(study, asked)?;
            let site = gathered.site();
            let rows = robustness::fit_all(study, &grid, panel, site, progress, &mut warnings)?;
            Some((grid, rows))
        }
        None => None,
    };
    let as_it_came = gathered.as_it_came.as_ref();
    let its_w = match as_it_came {
        Some(it) if dynamic::need_weights(of(study, &panels, true), &it.panel) => {
            let site = it.site(&gathered.file);
            Some(choice.build(site, sdm::DEFAULTS, &mut warnings)?)
        }
        _ => None,
    };
    let ground = |on: &OnPanel| match as_it_came.filter(|_| on.as_it_came) {
        Some(it) => Ground { panel: &it.panel, w: its_w.as_ref(), said: on.said.clone() },
        None => Ground { panel, w: w.as_ref(), said: on.said.clone() },
    };
    let grounds: Vec<Ground> = panels.iter().map(ground).collect();
    let dynamic = dynamic::fit_all(study, &grounds, progress)?;
    warnings.extend(dynamic.iter().flat_map(|done| done.warnings.iter().cloned()));
    let label = |at: Option<&String>| at.cloned().unwrap_or_default();
    Ok(Results {
        n_periods: panel.n_periods(),
        periods: (label(panel.periods.first()), label(panel.periods.last())),
        units: gathered.units,
        panel: gathered.panel,
        indices: gathered.indices,
        prepared: gathered.prepared,
        hotspots,
        preliminaries,
        models,
        robustness,
        dynamic,
        weights: w.as_ref().map(Summary::of),
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
