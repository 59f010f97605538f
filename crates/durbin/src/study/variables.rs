//! The panel of a study: columns of the table and variables by formula.

use std::collections::BTreeSet;

use durbin_core::{Panel, PanelKeys, Table, Warning};

use super::Study;
use crate::{Error, Formula, inputs::PanelInput};

/// All variables the study's steps use, those by formula included.
///
/// A name on the left of a formula stands for the formula everywhere, except inside its own: there it is
/// the column of the table.
pub(super) fn assemble(
    study: &Study,
    input: &PanelInput,
    keys: &PanelKeys,
    warnings: &mut Vec<Warning>,
) -> Result<Panel, Error> {
    let formulas: Vec<(String, Formula)> = study
        .variables
        .iter()
        .map(|(name, text)| {
            let formula =
                Formula::parse(name, text).map_err(|error| study.wrong(error.to_string()))?;
            Ok((name.clone(), formula))
        })
        .collect::<Result<_, Error>>()?;
    let defined = |name: &str| formulas.iter().any(|(known, _)| known == name);
    let used = formulas.iter().flat_map(|(name, formula)| {
        formula.variables().iter().filter(move |&variable| !defined(variable) || variable == name)
    });
    let raw: BTreeSet<String> = used
        .cloned()
        .chain(wanted(study).filter(|name| !defined(name)).map(str::to_owned))
        .chain(dynamic(study, &input.table, &defined)?.into_iter().filter(|name| !defined(name)))
        .collect();
    let raw: Vec<String> = raw.into_iter().collect();
    let mut panel = input.panel(keys, &raw)?;
    crate::inputs::treat_missing(&mut panel, &raw, study.panel.missing, &input.file, warnings)?;

    let mut waiting: Vec<&(String, Formula)> = formulas.iter().collect();
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|(name, _)| name.clone()).collect();
        let ready = |(name, formula): &&(String, Formula)| {
            formula.variables().iter().all(|variable| variable == name || !names.contains(variable))
        };
        let (now, later): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|formula| ready(formula));
        if now.is_empty() {
            return Err(study
                .wrong(format!("the variables {} are defined by each other", names.join(", "))));
        }
        for (name, formula) in now {
            let values =
                formula.evaluate(&panel).map_err(|error| study.wrong(error.to_string()))?;
            panel.insert(name, values);
        }
        waiting = later;
    }
    Ok(panel)
}

/// The variables the steps name.
fn wanted(study: &Study) -> impl Iterator<Item = &str> {
    let hotspots = study.hotspot.iter().map(|hotspot| hotspot.field.as_str());
    let models = study
        .sdm
        .iter()
        .flat_map(|sdm| std::iter::once(sdm.y.as_str()).chain(sdm.x.iter().map(String::as_str)));
    hotspots.chain(models)
}

/// The variables of the dynamic panel models; a name that is a column or a formula is that, whatever it looks like.
fn dynamic(
    study: &Study,
    table: &Table,
    defined: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, Error> {
    let has = |name: &str| defined(name) || table.columns.iter().any(|column| column.name == name);
    let mut all = Vec::new();
    for gmm in &study.gmm {
        let names = gmm.spec.variables(has);
        all.extend(names.map_err(|error| study.wrong(format!("[[gmm]] {error}")))?);
    }
    Ok(all)
}
