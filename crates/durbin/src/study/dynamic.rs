//! The dynamic panel models of a study.

use durbin_core::{Panel, Progress, Warning, p_value_words};
use durbin_gmm::Fit;
use durbin_sdm::EquationEffects;
use durbin_weights::{Summary, Weights};

use super::{Study, file::Gmm, methods::listed};
use crate::{
    Error,
    jobs::gmm::heading,
    neighbours::{
        Spatial, are_in, effects, insert, is_of_neighbours, name_weights, too_near, wald,
    },
};

pub(super) struct DynamicDone {
    pub heading: String,
    pub fit: Fit,
    /// Summary of W, where neighbours enter.
    pub weights: Option<Summary>,
    /// Average effects there.
    pub effects: Option<EquationEffects>,
    /// What was noticed, on the fit and before it.
    pub warnings: Vec<Warning>,
}

impl Gmm {
    /// The model with its spatial lags by name, and the variables behind it.
    pub(super) fn equation(
        &self,
        has: &dyn Fn(&str) -> bool,
    ) -> Result<Spatial, durbin_gmm::Error> {
        if self.neighbours.enter(&self.spec, has) {
            return self.neighbours.spatial(&self.spec, has);
        }
        let variables = self.spec.variables(has)?;
        Ok(Spatial { spec: self.spec.clone(), variables, lagged: Vec::new() })
    }
}

impl Study {
    /// Whether pairs of unit and period may be absent from the panel: where dynamic panel models are all there is, which
    /// go by time and take gaps as they are.
    pub(super) fn may_lack_rows(&self) -> bool {
        !self.gmm.is_empty()
            && self.index.is_empty()
            && self.hotspot.is_empty()
            && self.sdm.is_empty()
            && self.robustness.is_none()
            && self.figure.is_empty()
    }
}

/// Whether neighbours enter one of the dynamic panel models `of` a panel.
pub(super) fn need_weights<'a>(of: impl IntoIterator<Item = &'a Gmm>, panel: &Panel) -> bool {
    let has = |name: &str| panel.get(name).is_ok();
    of.into_iter().any(|gmm| gmm.neighbours.enter(&gmm.spec, &has))
}

/// What a dynamic panel model is fitted to.
pub(super) struct Ground<'a> {
    pub panel: &'a Panel,
    /// Where neighbours enter a model of the panel.
    pub w: Option<&'a Weights>,
    /// Which panel it is, in words.
    pub said: String,
}

/// Each dynamic panel model of the study on its ground.
pub(super) fn fit_all(
    study: &Study,
    grounds: &[Ground],
    progress: &dyn Progress,
) -> Result<Vec<DynamicDone>, Error> {
    progress.begin("dynamic models", study.gmm.len() as u64);
    let mut all = Vec::new();
    for (gmm, ground) in study.gmm.iter().zip(grounds) {
        all.push(fit(study, gmm, ground)?);
        progress.advance(1);
    }
    progress.end();
    Ok(all)
}

fn fit(study: &Study, gmm: &Gmm, ground: &Ground) -> Result<DynamicDone, Error> {
    let Ground { panel, w, said } = ground;
    let failed = |source| Error::Gmm { file: study.panel.file.clone(), source };
    let has = |name: &str| panel.get(name).is_ok();
    let Spatial { spec, lagged, .. } = gmm.equation(&has).map_err(failed)?;
    let w = (*w).filter(|_| !lagged.is_empty());
    let (mut fit, effects, mut warnings) = match w {
        Some(w) => {
            let mut panel = Panel::clone(panel);
            let warnings = insert(&mut panel, &lagged, w);
            let mut warnings = warnings.map_err(Error::data(&study.panel.file))?;
            warnings.extend(too_near(&spec));
            let mut fit = spec.fit(&panel).map_err(failed)?;
            fit.conventions = name_weights(&fit.conventions, w);
            let of_effects = |source| Error::Sdm { file: study.panel.file.clone(), source };
            let effects = effects(&fit, w).map_err(of_effects)?;
            warnings.extend(effects.warnings.iter().cloned());
            (fit, Some(effects), warnings)
        }
        None => (spec.fit(panel).map_err(failed)?, None, Vec::new()),
    };
    fit.conventions = fit.conventions.with("panel", said.as_str());
    warnings.extend(fit.warnings.iter().cloned());
    let heading = gmm.name.clone().unwrap_or_else(|| heading(&fit));
    Ok(DynamicDone { heading, fit, weights: w.map(Summary::of), effects, warnings })
}

/// Why a model without neighbours and one with them differ, where a study has both of one response.
pub(super) fn beside(study: &Study, done: &[DynamicDone]) -> Option<String> {
    let with = done.iter().find(|one| are_in(&one.fit))?;
    let y = &with.fit.spec.y;
    let without = done.iter().find(|one| !are_in(&one.fit) && one.fit.spec.y == *y)?;
    let test = wald(&with.fit)?;
    let found = match (test.statistic, test.p_value()) {
        (Some(statistic), Some(p)) => {
            format!(
                " That the spatial lags have no coefficients: χ² = {statistic:.1}, {}.",
                p_value_words(p)
            )
        }
        _ => String::new(),
    };
    let spatial = with.fit.names.iter().filter(|name| is_of_neighbours(name));
    let spatial: Vec<String> = spatial.map(|name| study.label(name)).collect();
    Some(format!(
        "“{}” takes each unit by itself; “{}” has {} in its equation. Where neighbours act on a unit and resemble it, the former takes a \
         part of what they do for the unit's own, and its coefficients differ from the latter's by that part.{found}",
        without.heading,
        with.heading,
        listed(&spatial)
    ))
}
