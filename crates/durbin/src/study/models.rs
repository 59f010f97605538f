//! The spatial models of a study.

use durbin_core::{Panel, Progress, TestStat};
use durbin_sdm::{
    BiasCorrection, Comparison, Durbin, Fit, Impacts, Influence, Prepared, SdmSpec, UnitEffects,
};
use durbin_weights::Weights;

use super::{
    Study,
    file::{Lagged, LaggedWord, Sdm},
    results::Results,
};
use crate::{Error, jobs::sdm, tables};

pub(super) struct ModelDone {
    pub heading: String,
    pub fit: Fit,
    pub impacts: Impacts,
    pub long_run: Option<Impacts>,
    pub effects: Option<EffectsDone>,
    /// Of the specification and the residuals, where asked for.
    pub tests: Vec<TestStat>,
    /// The family side by side, where asked for.
    pub comparison: Option<Comparison>,
    /// What single units do to the estimates, and how many of them are named, where asked for.
    pub influence: Option<(Influence, usize)>,
    /// What a layer of the model says about where it comes from.
    pub history: Vec<String>,
}

pub(super) struct EffectsDone {
    pub layer: String,
    pub effects: UnitEffects,
    /// In the long run, of a dynamic model.
    pub long_run: Option<UnitEffects>,
}

/// Each model of the study with each of its bias corrections.
pub(super) fn fit_all(
    study: &Study,
    panel: &Panel,
    w: &Weights,
    progress: &dyn Progress,
) -> Result<Vec<ModelDone>, Error> {
    let fits: usize = study.sdm.iter().map(|sdm| sdm.bias_correction.to_vec().len()).sum();
    progress.begin("models", fits as u64);
    let mut all = Vec::new();
    for sdm in &study.sdm {
        all.extend(fit(sdm, panel, w, &study.panel.file, progress)?);
    }
    progress.end();
    Ok(all)
}

/// The fits of one model, one per bias correction.
fn fit(
    sdm: &Sdm,
    panel: &Panel,
    w: &Weights,
    file: &str,
    progress: &dyn Progress,
) -> Result<Vec<ModelDone>, Error> {
    let corrections = sdm.bias_correction.to_vec();
    let effects_from =
        sdm.effects_layer.as_ref().map(|layer| layer.from.or(corrections.first().copied()));
    let mut done = Vec::new();
    for &correction in &corrections {
        let spec = spec(sdm, correction);
        let failed = |source| Error::Sdm { file: file.to_owned(), source };
        let prepared = Prepared::by(w, spec.log_determinant);
        let fit = spec.fit_prepared(panel, &prepared).map_err(failed)?;
        let impacts = fit.impacts().map_err(failed)?;
        let long_run = fit.long_run_impacts().map_err(failed)?;
        let effects = match &sdm.effects_layer {
            Some(layer) if effects_from == Some(Some(correction)) => Some(EffectsDone {
                layer: layer.name.clone(),
                effects: fit.per_unit().map_err(failed)?,
                long_run: fit.long_run_per_unit().map_err(failed)?,
            }),
            _ => None,
        };
        // They do not depend on the correction, or hardly.
        let tests = if sdm.tests && done.is_empty() {
            fit.tests(panel, &prepared).map_err(failed)?.tests
        } else {
            Vec::new()
        };
        let comparison = if sdm.compare && done.is_empty() {
            Some(spec.compare(panel, &prepared).map_err(failed)?)
        } else {
            None
        };
        let influence = match sdm.influence.count() {
            Some(count) if done.is_empty() => {
                Some((fit.influence(panel, &prepared, None).map_err(failed)?, count))
            }
            _ => None,
        };
        let correction = tables::correction_words(sdm.effects, correction);
        let heading = match &sdm.name {
            Some(name) if corrections.len() > 1 => format!("{name}, {correction}"),
            Some(name) => name.clone(),
            None => capitalised(correction),
        };
        let history = sdm::history(&fit, w);
        done.push(ModelDone {
            heading,
            fit,
            impacts,
            long_run,
            effects,
            tests,
            comparison,
            influence,
            history,
        });
        progress.advance(1);
    }
    Ok(done)
}

/// The models whose influence is asked for, with the names of their layers: `influence`, numbered where there are several.
pub(super) fn influences(
    results: &Results,
) -> impl Iterator<Item = (String, &ModelDone, &Influence)> {
    numbered("influence", &results.models, |model| Some(&model.influence.as_ref()?.0))
}

/// What some of the models have, with a name that is numbered where several have it.
pub(super) fn numbered<'a, T>(
    name: &'static str,
    models: &'a [ModelDone],
    of: impl Fn(&'a ModelDone) -> Option<T>,
) -> impl Iterator<Item = (String, &'a ModelDone, T)> {
    let there: Vec<_> = models.iter().filter_map(|model| Some((model, of(model)?))).collect();
    let several = there.len() > 1;
    let named = move |(at, (model, found))| {
        let name = if several { format!("{name}_{}", at + 1) } else { name.to_owned() };
        (name, model, found)
    };
    there.into_iter().enumerate().map(named)
}

/// What is estimated with one of the bias corrections.
pub(super) fn spec(sdm: &Sdm, correction: BiasCorrection) -> SdmSpec {
    SdmSpec::new(sdm.y.clone(), sdm.x.clone())
        .durbin(durbin(&sdm.durbin))
        .model(sdm.model)
        .effects(sdm.effects)
        .bias_correction(correction)
        .dynamic(sdm.dynamic)
        .vcov(sdm.vcov)
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn durbin(lagged: &Lagged) -> Durbin {
    match lagged {
        Lagged::Word(LaggedWord::All) => Durbin::All,
        Lagged::Word(LaggedWord::None) => Durbin::None,
        Lagged::Only(names) => Durbin::Only(names.clone()),
    }
}
