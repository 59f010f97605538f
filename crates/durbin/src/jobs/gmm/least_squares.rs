//! The equation of `durbin gmm` by least squares: pooled, fixed or random effects.

use durbin_core::{
    Column, Estimate, EstimateTable, Panel, Progress, Row, Table, TestStat, Warning, p_value_text,
};
use durbin_gmm::{BiasCorrection, Correction, GmmSpec, LeastSquaresFit, UnitEffects, UnitRoot};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{GmmJob, Read, json::named};
use crate::{Error, neighbours::name_weights};

/// A panel regression by least squares.
#[derive(Debug)]
pub struct LeastSquaresResult {
    /// The response.
    pub y: String,
    /// The fit.
    pub fit: LeastSquaresFit,
    /// Tests for unit roots that were asked for.
    pub unit_roots: Vec<UnitRoot>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl GmmJob {
    /// Fits the same equation by least squares; instruments are not used.
    ///
    /// # Errors
    /// Input that cannot be read, missing values, options of GMM alone, nothing to estimate.
    pub fn least_squares(
        &self,
        effects: UnitEffects,
        progress: &dyn Progress,
    ) -> Result<LeastSquaresResult, Error> {
        self.without_instruments(progress, |spec, panel| spec.least_squares(panel, effects))
    }

    /// Fits the same equation with fixed effects, less the bias of the lagged response.
    ///
    /// # Errors
    /// As [`GmmJob::least_squares`]; a model that the correction is not for.
    pub fn bias_corrected(
        &self,
        how: &BiasCorrection,
        progress: &dyn Progress,
    ) -> Result<LeastSquaresResult, Error> {
        self.without_instruments(progress, |spec, panel| spec.bias_corrected(panel, how))
    }

    fn without_instruments(
        &self,
        progress: &dyn Progress,
        fit: impl Fn(&GmmSpec, &Panel) -> Result<LeastSquaresFit, durbin_gmm::Error>,
    ) -> Result<LeastSquaresResult, Error> {
        let gmm_alone = !self.spec.gmm_style.is_empty()
            || !self.spec.iv_style.is_empty()
            || self.cluster.is_some()
            || !self.margins.is_empty()
            || self.tables.is_some();
        if gmm_alone {
            return Err(Error::Usage(
                "--gmm-style, --iv-style, --cluster, --marginal-effect and --tables belong to --estimator difference or system"
                    .to_owned(),
            ));
        }
        let mut warnings = Vec::new();
        let Read { file, spec, panel, w, .. } = self.read(&mut warnings, progress)?;
        progress.begin("fit", 0);
        let failed = |source| Error::Gmm { file: file.clone(), source };
        let own = format!("W*{}", spec.y);
        if w.is_some() && spec.x.contains(&own) {
            return Err(Error::Usage(format!(
                "{own} is endogenous, and least squares takes it as given: --estimator difference or system, or durbin sdm"
            )));
        }
        let mut fit = fit(&spec, &panel).map_err(failed)?;
        if let Some(w) = &w {
            fit.conventions = name_weights(&fit.conventions, w);
        }
        let unit_roots = self.unit_roots(&panel).map_err(failed)?;
        progress.end();
        if !fit.dropped.is_empty() {
            warnings.push(Warning::Other(format!(
                "dropped, since they do not vary or depend linearly on the regressors before them: {}",
                fit.dropped.join(", ")
            )));
        }
        if self.spec.lags > 0 && fit.effects != UnitEffects::Pooled && fit.correction.is_none() {
            warnings.push(Warning::Other(
                "the coefficient of the lagged response is biased in short panels (Nickell 1981); \
                 --estimator lsdvc takes most of it off"
                    .to_owned(),
            ));
        }
        warnings.extend(fit.correction.iter().flat_map(Correction::warnings));
        Ok(LeastSquaresResult { y: self.spec.y.clone(), fit, unit_roots, warnings })
    }
}

impl LeastSquaresResult {
    /// The table for a terminal.
    pub fn text(&self) -> String {
        let fit = &self.fit;
        let heading = match (fit.effects, &fit.correction) {
            (_, Some(_)) => "LSDVC",
            (UnitEffects::Pooled, _) => "pooled",
            (UnitEffects::Fixed, _) => "fixed effects",
            _ => "random effects",
        };
        let p = |test: &TestStat| test.p_value().map_or_else(String::new, p_value_text);
        let mut footer = vec![
            ("Observations".to_owned(), vec![fit.n_obs.to_string()]),
            ("Groups".to_owned(), vec![fit.n_groups.to_string()]),
            ("σ²".to_owned(), vec![format!("{:.6}", fit.sigma2)]),
        ];
        if let Some(sigma2) = fit.sigma2_effects {
            footer.push(("σ² of unit effects".to_owned(), vec![format!("{sigma2:.6}")]));
        }
        footer.push(("CD, p".to_owned(), vec![p(&fit.cd)]));
        let row = |(label, estimate): (String, Estimate)| Row {
            group: None,
            label,
            cells: vec![Some(estimate)],
        };
        durbin_report::table::text(&EstimateTable {
            name: "least_squares".to_owned(),
            title: "Panel regression".to_owned(),
            headings: vec![format!("{}, {heading}", self.y)],
            rows: fit.coefficients().into_iter().map(row).collect(),
            footer,
            conventions: fit.conventions.clone(),
        }) + &self.steps().unwrap_or_default()
            + &super::unit_root::text(&self.unit_roots)
                .map_or_else(String::new, |t| format!("\n{t}"))
    }

    /// What the correction started from and took off.
    fn steps(&self) -> Option<String> {
        let correction = self.fit.correction.as_ref()?;
        let columns = [
            ("LSDV", &correction.uncorrected),
            ("bias", &correction.bias),
            ("LSDVC", &self.fit.estimates),
            ("initial", &correction.initial),
        ];
        let numbers = columns.map(|(name, values)| Column::float(name, values.iter().copied()));
        let names = Column::text("coefficient", self.fit.names.iter().cloned());
        let table = Table {
            name: "bias_correction".to_owned(),
            title: "Bias correction".to_owned(),
            columns: std::iter::once(names).chain(numbers).collect(),
        };
        Some(format!("\n{}", durbin_report::table::text(&table)))
    }
}

impl Serialize for LeastSquaresResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fit = &self.fit;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("y", &self.y)?;
        match &fit.correction {
            Some(_) => map.serialize_entry("estimator", "lsdvc")?,
            None => map.serialize_entry("estimator", &fit.effects)?,
        }
        map.serialize_entry("coefficients", &named(&fit.coefficients()))?;
        map.serialize_entry("n_obs", &fit.n_obs)?;
        map.serialize_entry("n_groups", &fit.n_groups)?;
        map.serialize_entry("sigma2", &fit.sigma2)?;
        map.serialize_entry("sigma2_effects", &fit.sigma2_effects)?;
        if let Some(correction) = &fit.correction {
            let of = |values: &[f64]| -> serde_json::Map<String, serde_json::Value> {
                fit.names.iter().cloned().zip(values.iter().map(|&value| value.into())).collect()
            };
            let told = serde_json::json!({
                "initial_estimator": correction.how.initial,
                "order": correction.how.order,
                "replications": correction.replications,
                "seed": correction.how.seed,
                "uncorrected": of(&correction.uncorrected),
                "initial": of(&correction.initial),
                "bias": of(&correction.bias),
            });
            map.serialize_entry("bias_correction", &told)?;
        }
        map.serialize_entry("tests", &serde_json::json!({ "cd": fit.cd }))?;
        map.serialize_entry("unit_root", &self.unit_roots)?;
        map.serialize_entry("conventions", &fit.conventions)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}
