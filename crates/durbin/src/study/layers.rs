//! The layers of a study, in the study's words.

use durbin_core::{Column, Layer, Metadata, Style};
use durbin_sdm::Influence;

use super::{
    Study,
    hotspots::HotspotDone,
    models::{EffectsDone, ModelDone, influences},
    results::Results,
};
use crate::{
    Error,
    jobs::{
        destination::with_columns,
        sdm::{effects_layer, influence_layer},
    },
    provenance::programs,
};

pub(super) fn assemble(study: &Study, results: &Results) -> Result<Vec<Layer>, Error> {
    let hotspots = results.hotspots.iter().map(|done| hotspot(study, results, done));
    let effects = results
        .models
        .iter()
        .filter_map(|model| Some((model, model.effects.as_ref()?)))
        .map(|(model, done)| effects(study, results, model, done));
    let indices = results.indices.iter().map(|done| done.layers(study, results));
    let mut layers: Vec<Layer> = indices.collect::<Result<Vec<_>, _>>()?.concat();
    layers.extend(hotspots.chain(effects).collect::<Result<Vec<_>, Error>>()?);
    for (name, model, influence) in influences(results) {
        layers.push(influence_of(study, results, &name, model, influence)?);
    }
    let inputs = study.inputs()?;
    for layer in &mut layers {
        // Behind the title of the study, before the conventions.
        let said = [study.command(), programs(), format!("seed: {}", study.study.seed)];
        let said = said.into_iter().chain(inputs.iter().map(ToString::to_string));
        let history = &mut layer.metadata.history;
        history.splice(history.len().min(1)..history.len().min(1), said);
    }
    if study.study.simulated {
        for layer in &mut layers {
            layer.metadata.title.push_str(" (simulated data)");
            if !layer.columns.iter().any(|column| column.name.eq_ignore_ascii_case("data")) {
                let said = vec!["simulated"; layer.len()];
                layer.columns.push(Column::text("data", said));
            }
        }
    }
    Ok(layers)
}

fn hotspot(study: &Study, results: &Results, done: &HotspotDone) -> Result<Layer, Error> {
    let gi = &done.tested.gi;
    let columns: Vec<Column> = done.added.iter().chain(&done.tested.columns).cloned().collect();
    let conventions = gi.conventions.iter().map(|(name, choice)| format!("{name}: {choice}"));
    Ok(Layer {
        name: done.layer.clone(),
        style: Some(gi.style("")),
        metadata: Metadata {
            title: format!("Hot and cold spots: {}", done.title),
            description:
                "Getis-Ord statistic per unit; gi_bin −3 … 3 is cold to hot at 99, 95, 90 %."
                    .to_owned(),
            history: std::iter::once(origin(study)).chain(conventions).collect(),
        },
        ..with_columns(
            results.units.layer.clone(),
            columns,
            &study.resolve(&study.boundaries.file),
        )?
    })
}

fn effects(
    study: &Study,
    results: &Results,
    model: &ModelDone,
    done: &EffectsDone,
) -> Result<Layer, Error> {
    let history = history(study, model);
    let file = study.resolve(&study.boundaries.file);
    let long_run = done.long_run.as_ref();
    let mut layer =
        effects_layer(&results.units, &done.effects, long_run, &done.layer, history, &file)?;
    say(study, &mut layer, &done.effects.variables);
    let words: Vec<String> =
        done.effects.variables.iter().map(|variable| study.label(variable)).collect();
    layer.metadata.title = format!("Effects of {}, {}", words.join(", "), model.heading);
    Ok(layer)
}

/// The layer of influence of a model.
fn influence_of(
    study: &Study,
    results: &Results,
    name: &str,
    model: &ModelDone,
    influence: &Influence,
) -> Result<Layer, Error> {
    let file = study.resolve(&study.boundaries.file);
    let history = history(study, model);
    let mut layer = influence_layer(&results.units, influence, name, history, &file)?;
    say(study, &mut layer, &model.fit.spec.x);
    layer.metadata.title = format!("{}, {}", layer.metadata.title, model.heading);
    Ok(layer)
}

/// Puts the study's words for variables where a layer speaks to people.
fn say(study: &Study, layer: &mut Layer, variables: &[String]) {
    for variable in variables {
        let in_words = |text: &str| {
            let rest = text.strip_prefix(variable.as_str())?.strip_prefix(':')?;
            Some(format!("{}:{rest}", study.label(variable)))
        };
        for column in &mut layer.columns {
            column.alias = column.alias.take().map(|alias| in_words(&alias).unwrap_or(alias));
        }
        if let Some(Style::Graduated { title, .. }) = &mut layer.style {
            *title = in_words(title).unwrap_or_else(|| std::mem::take(title));
        }
    }
}

fn history(study: &Study, model: &ModelDone) -> Vec<String> {
    std::iter::once(origin(study)).chain(model.history.iter().cloned()).collect()
}

fn origin(study: &Study) -> String {
    format!("study: {}", study.study.title)
}
