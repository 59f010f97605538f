//! The robustness of a model: the same equation under every combination of other reasonable choices.

mod file;
mod products;
mod sample;

use std::collections::BTreeMap;

use durbin_core::{Estimate, Panel, Progress, Warning};
use durbin_sdm::{BiasCorrection, Durbin, Effects, Fit, Impacts, Model, Prepared, SdmSpec};
use durbin_weights::{Transform, Weights};
use rayon::prelude::*;

use super::{Study, file::Sdm, models};
use crate::{Error, choice::Site, jobs::sdm};

pub use file::{Robustness, Transformation};
pub(super) use products::{curves, tables};
use sample::{Sample, samples};

/// One combination of choices.
#[derive(Debug, Clone)]
pub(super) struct Specification {
    /// Its number, from 1; 1 is the study's own choice, or the first of each list.
    pub number: usize,
    pub weights: String,
    /// Position among the samples.
    sample: usize,
    pub sample_words: String,
    pub winsorize: f64,
    pub transformation: Transformation,
    pub model: Model,
    pub effects: Effects,
}

/// A specification with what came out.
pub(super) struct Row {
    pub specification: Specification,
    /// Or why there is none.
    pub outcome: Result<Outcome, String>,
}

/// The numbers of one fit.
pub(super) struct Outcome {
    pub n_units: usize,
    pub n_periods: usize,
    pub log_likelihood: f64,
    /// Term, `coefficient`, `direct`, `indirect` or `total`, estimate.
    pub terms: Vec<(String, &'static str, Estimate)>,
}

/// A grid ready to be computed: weights built once, samples cut once.
pub(super) struct Grid<'a> {
    study: &'a Study,
    sdm: &'a Sdm,
    panel: &'a Panel,
    samples: Vec<Sample>,
    weights: BTreeMap<String, Result<Weights, String>>,
    pub specifications: Vec<Specification>,
}

impl<'a> Grid<'a> {
    /// Every combination of the choices that `[robustness]` lists.
    pub(super) fn new(
        study: &'a Study,
        section: &Robustness,
        panel: &'a Panel,
        site: Site,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, Error> {
        let sdm = section.sdm(study)?;
        let samples = samples(study, section, panel, site)?;
        let or = |listed: &[String], own: &str| match listed {
            [] => vec![own.to_owned()],
            listed => listed.to_vec(),
        };
        let kinds = or(&section.weights, &study.weights.kind);
        let mut weights = BTreeMap::new();
        for kind in &kinds {
            let mut other = study.clone();
            other.weights.kind.clone_from(kind);
            let mut said = Vec::new();
            let built = other.weights_choice()?.build(site, sdm::DEFAULTS, &mut said);
            warnings.extend(said);
            weights.insert(kind.clone(), built.map_err(|error| error.to_string()));
        }
        let models =
            if section.models.is_empty() { vec![sdm.model] } else { section.models.clone() };
        let effects =
            if section.effects.is_empty() { vec![sdm.effects] } else { section.effects.clone() };
        let winsorize =
            if section.winsorize.is_empty() { vec![0.0] } else { section.winsorize.clone() };
        let transformations = match section.transformations.as_slice() {
            [] => vec![Transformation::None],
            listed => listed.to_vec(),
        };
        let mut specifications = Vec::new();
        for kind in &kinds {
            for (at, sample) in samples.iter().enumerate() {
                for &share in &winsorize {
                    for &transformation in &transformations {
                        for &model in &models {
                            for &effects in &effects {
                                specifications.push(Specification {
                                    number: specifications.len() + 1,
                                    weights: kind.clone(),
                                    sample: at,
                                    sample_words: sample.words.clone(),
                                    winsorize: share,
                                    transformation,
                                    model,
                                    effects,
                                });
                            }
                        }
                    }
                }
            }
        }
        Ok(Self { study, sdm, panel, samples, weights, specifications })
    }

    /// All of them, in parallel; the log-determinant is set up once for each W and set of units.
    pub(super) fn compute(&self, progress: &dyn Progress) -> Vec<Row> {
        progress.begin("robustness", self.specifications.len() as u64);
        let cut = self.cut_weights();
        let prepared: BTreeMap<_, _> =
            cut.iter().map(|(key, w)| (key, w.as_ref().map(Prepared::new))).collect();
        let rows = self
            .specifications
            .par_iter()
            .map(|specification| {
                let key = self.key(specification);
                let outcome = match &prepared[&key] {
                    Ok(w) => {
                        self.fit(specification, w).map(|(fit, impacts)| outcome(&fit, &impacts))
                    }
                    Err(reason) => Err((*reason).clone()),
                };
                progress.advance(1);
                Row { specification: specification.clone(), outcome }
            })
            .collect();
        progress.end();
        rows
    }

    /// One alone.
    pub(super) fn single(&self, number: usize) -> Result<(Fit, Impacts, Weights), Error> {
        let count = self.specifications.len();
        let specification =
            number.checked_sub(1).and_then(|at| self.specifications.get(at)).ok_or_else(|| {
                Error::Usage(format!("specification {number}: there are 1 to {count}"))
            })?;
        let w = self.cut(specification).map_err(|reason| self.study.wrong(reason))?;
        let fitted = self.fit(specification, &Prepared::new(&w));
        let (fit, impacts) = fitted.map_err(|reason| {
            self.study.wrong(format!("specification {number} of [robustness]: {reason}"))
        })?;
        Ok((fit, impacts, w))
    }

    /// W and the units it is cut to.
    fn key(&self, specification: &Specification) -> (String, Vec<usize>) {
        (specification.weights.clone(), self.samples[specification.sample].units.clone())
    }

    fn cut_weights(&self) -> BTreeMap<(String, Vec<usize>), Result<Weights, String>> {
        let mut cut = BTreeMap::new();
        for specification in &self.specifications {
            cut.entry(self.key(specification)).or_insert_with(|| self.cut(specification));
        }
        cut
    }

    /// W among the units of the sample, its rows scaled anew.
    fn cut(&self, specification: &Specification) -> Result<Weights, String> {
        let w = self.weights[&specification.weights].as_ref().map_err(Clone::clone)?;
        let units = &self.samples[specification.sample].units;
        if units.len() == w.n_units() {
            return Ok(w.clone());
        }
        let part = w.select(units);
        let transform = self.study.weights.transform.unwrap_or(Transform::Row);
        part.transform(transform).map_err(|error| error.to_string())
    }

    fn fit(&self, specification: &Specification, w: &Prepared) -> Result<(Fit, Impacts), String> {
        let panel =
            self.samples[specification.sample].panel(self.panel, specification, self.sdm)?;
        let correction = match specification.effects {
            Effects::None => BiasCorrection::None,
            _ => self.sdm.bias_correction.to_vec().first().copied().unwrap_or_default(),
        };
        let durbin = if specification.model.has_durbin_terms() {
            models::durbin(&self.sdm.durbin)
        } else {
            Durbin::All
        };
        let spec = SdmSpec::new(self.sdm.y.clone(), self.sdm.x.clone())
            .model(specification.model)
            .effects(specification.effects)
            .durbin(durbin)
            .bias_correction(correction);
        let fit = spec.fit_prepared(&panel, w).map_err(|error| error.to_string())?;
        let impacts = fit.impacts().map_err(|error| error.to_string())?;
        Ok((fit, impacts))
    }
}

fn outcome(fit: &Fit, impacts: &Impacts) -> Outcome {
    let spatial = fit.rho().map(|rho| ("rho".to_owned(), rho)).into_iter();
    let spatial = spatial.chain(fit.lambda().map(|lambda| ("lambda".to_owned(), lambda)));
    let coefficients = fit.coefficients().into_iter().chain(spatial);
    let mut terms: Vec<_> =
        coefficients.map(|(name, estimate)| (name, "coefficient", estimate)).collect();
    for row in &impacts.rows {
        let effects = [("direct", row.direct), ("indirect", row.indirect), ("total", row.total)];
        terms.extend(effects.map(|(kind, estimate)| (row.variable.clone(), kind, estimate)));
    }
    Outcome {
        n_units: fit.n_units,
        n_periods: fit.n_periods,
        log_likelihood: fit.log_likelihood,
        terms,
    }
}
