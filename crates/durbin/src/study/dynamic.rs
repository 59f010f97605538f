//! The dynamic panel models of a study.

use durbin_core::{Panel, Progress};
use durbin_gmm::Fit;

use super::Study;
use crate::{Error, jobs::gmm::heading};

pub(super) struct DynamicDone {
    pub heading: String,
    pub fit: Fit,
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

/// Each dynamic panel model of the study.
pub(super) fn fit_all(
    study: &Study,
    panel: &Panel,
    progress: &dyn Progress,
) -> Result<Vec<DynamicDone>, Error> {
    progress.begin("dynamic models", study.gmm.len() as u64);
    let mut all = Vec::new();
    for gmm in &study.gmm {
        let fit = gmm.spec.fit(panel);
        let fit = fit.map_err(|source| Error::Gmm { file: study.panel.file.clone(), source })?;
        let heading = gmm.name.clone().unwrap_or_else(|| heading(&fit));
        all.push(DynamicDone { heading, fit });
        progress.advance(1);
    }
    progress.end();
    Ok(all)
}
