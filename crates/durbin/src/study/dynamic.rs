//! The dynamic panel models of a study.

use durbin_core::{Panel, Progress, Warning, p_value_words};
use durbin_gmm::Fit;
use durbin_weights::{Summary, Weights};

use super::{Study, file::Gmm, methods::listed};
use crate::{
    Error,
    jobs::gmm::heading,
    neighbours::{Spatial, are_in, insert, is_of_neighbours, name_weights, too_near, wald},
};

pub(super) struct DynamicDone {
    pub heading: String,
    pub fit: Fit,
    /// Summary of W, where neighbours enter.
    pub weights: Option<Summary>,
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

/// Whether neighbours enter one of the dynamic panel models.
pub(super) fn need_weights(study: &Study, panel: &Panel) -> bool {
    let has = |name: &str| panel.get(name).is_ok();
    study.gmm.iter().any(|gmm| gmm.neighbours.enter(&gmm.spec, &has))
}

/// Each dynamic panel model of the study; with `w` where neighbours enter.
pub(super) fn fit_all(
    study: &Study,
    panel: &Panel,
    w: Option<&Weights>,
    progress: &dyn Progress,
) -> Result<Vec<DynamicDone>, Error> {
    progress.begin("dynamic models", study.gmm.len() as u64);
    let mut all = Vec::new();
    for gmm in &study.gmm {
        let failed = |source| Error::Gmm { file: study.panel.file.clone(), source };
        let has = |name: &str| panel.get(name).is_ok();
        let Spatial { spec, lagged, .. } = gmm.equation(&has).map_err(failed)?;
        let w = w.filter(|_| !lagged.is_empty());
        let (fit, mut warnings) = match w {
            Some(w) => {
                let mut panel = panel.clone();
                let warnings = insert(&mut panel, &lagged, w);
                let mut warnings = warnings.map_err(Error::data(&study.panel.file))?;
                warnings.extend(too_near(&spec));
                let mut fit = spec.fit(&panel).map_err(failed)?;
                fit.conventions = name_weights(&fit.conventions, w);
                (fit, warnings)
            }
            None => (spec.fit(panel).map_err(failed)?, Vec::new()),
        };
        warnings.extend(fit.warnings.iter().cloned());
        let heading = gmm.name.clone().unwrap_or_else(|| heading(&fit));
        all.push(DynamicDone { heading, fit, weights: w.map(Summary::of), warnings });
        progress.advance(1);
    }
    progress.end();
    Ok(all)
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
