//! The hot spot analyses of a study.

use durbin_core::{Column, Panel, Progress, Units, Warning};
use durbin_hotspot::Options;

use super::{Study, file::Hotspot};
use crate::{
    Error, WeightsChoice,
    choice::Site,
    inputs::report_gaps,
    jobs::{
        change::{Change, Values, changed, measure_words},
        hotspot::{DEFAULTS, How, Tested, Variable, test},
        matrices::Matrices,
    },
};

pub(super) struct HotspotDone {
    pub layer: String,
    /// The field and period, where it is one period of a field that is tested.
    pub period: Option<(String, String)>,
    /// The variable in words.
    pub title: String,
    pub tested: Tested,
    /// Where the tested values come from.
    pub added: Vec<Column>,
}

/// Each analysis of the study over `units`, which are in the order of the panel.
pub(super) fn test_all(
    study: &Study,
    panel: &Panel,
    units: &Units,
    weights: &WeightsChoice,
    progress: &dyn Progress,
) -> Result<Vec<HotspotDone>, Error> {
    let (file, units_file) = (&study.panel.file, &study.boundaries.file);
    let site = Site { ids: &units.ids, units: Some(units), panel: None, file: units_file };
    let mut matrices = Matrices::new(weights, DEFAULTS, site);
    let mut all = Vec::new();
    for hotspot in &study.hotspot {
        progress.begin(&format!("hot spots: {}", hotspot.layer), 0);
        let mut warnings = Vec::new();
        let Values { name, numbers, added } = values(study, hotspot, panel, &mut warnings)?;
        let options = Options {
            self_included: hotspot.self_included,
            correction: hotspot.correction,
            permutations: hotspot.permutations,
            seed: study.study.seed,
            ..Options::default()
        };
        let (kept, left): (Vec<usize>, Vec<usize>) =
            (0..units.len()).partition(|&row| !numbers[row].is_nan());
        let left = left.into_iter().map(|row| units.ids[row].clone());
        report_gaps(file, &name, left, study.panel.missing, &mut warnings)?;
        let variable = Variable { name: &name, values: &numbers, prefix: "", file };
        let how = How { options: &options, compat: None };
        let tested = test(&variable, &kept, &mut matrices, how, progress, warnings)?;
        let (layer, title) = (hotspot.layer.clone(), title(study, hotspot));
        let period = hotspot.period.as_ref().filter(|_| hotspot.change.is_none());
        let period = period.map(|period| (hotspot.field.clone(), period.to_string()));
        all.push(HotspotDone { layer, period, title, tested, added });
        progress.end();
    }
    Ok(all)
}

fn title(study: &Study, hotspot: &Hotspot) -> String {
    let label = study.label(&hotspot.field);
    match (&hotspot.change, &hotspot.period) {
        (Some(change), _) => {
            format!("{label}, {} {}–{}", measure_words(change.measure), change.from, change.to)
        }
        (None, Some(period)) => format!("{label}, {period}"),
        (None, None) => label,
    }
}

/// What an analysis tests, and the columns it comes from.
fn values(
    study: &Study,
    hotspot: &Hotspot,
    panel: &Panel,
    warnings: &mut Vec<Warning>,
) -> Result<Values, Error> {
    let field = &hotspot.field;
    let file = &study.panel.file;
    let of = |label: &str| -> Result<Vec<f64>, Error> {
        let period = panel.period(label).map_err(Error::data(file))?;
        Ok(panel.get(field).map_err(Error::data(file))?.row(period).to_vec())
    };
    if let Some(over) = &hotspot.change {
        let (from, to) = (over.from.to_string(), over.to.to_string());
        let change = Change { from, to, measure: over.measure };
        let (first, second) = (of(&change.from)?, of(&change.to)?);
        return changed(field, &change, (&first, &second), &panel.ids, file, warnings);
    }
    let period = hotspot.period.as_ref().map(ToString::to_string).unwrap_or_default();
    let numbers = of(&period)?;
    let name = format!("{field}_{period}");
    let column =
        Column::float(&name, numbers.clone()).alias(format!("{}, {period}", study.label(field)));
    Ok(Values { name, numbers, added: vec![column] })
}
