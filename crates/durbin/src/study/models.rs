//! The spatial models of a study.

use durbin_core::{Panel, Progress, TestStat};
use durbin_sdm::{BiasCorrection, Durbin, Fit, Impacts, Prepared, SdmSpec, UnitEffects};
use durbin_weights::Weights;

use super::{
    Study,
    file::{Lagged, LaggedWord, Sdm},
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
}

pub(super) struct EffectsDone {
    pub layer: String,
    pub effects: UnitEffects,
    /// In the long run, of a dynamic model.
    pub long_run: Option<UnitEffects>,
    pub history: Vec<String>,
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
                history: sdm::history(&fit, w),
            }),
            _ => None,
        };
        // They do not depend on the correction, or hardly.
        let tests = if sdm.tests && done.is_empty() {
            fit.tests(panel, &prepared).map_err(failed)?.tests
        } else {
            Vec::new()
        };
        let correction = tables::correction_words(sdm.effects, correction);
        let heading = match &sdm.name {
            Some(name) if corrections.len() > 1 => format!("{name}, {correction}"),
            Some(name) => name.clone(),
            None => capitalised(correction),
        };
        done.push(ModelDone { heading, fit, impacts, long_run, effects, tests });
        progress.advance(1);
    }
    Ok(done)
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
