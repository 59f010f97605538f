//! The specifications of a robustness grid, numbered from 1.

use std::{collections::BTreeMap, ops::Range};

use durbin_core::{Column, Panel};
use durbin_sdm::{BiasCorrection, Durbin, Effects, Model, SdmSpec};

use super::section::{Part, Robustness, Transformation};
use crate::{
    Error,
    study::{Study, file::Sdm, models, variables},
};

/// A part of the panel.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::study) struct Sample {
    pub name: String,
    pub units: Vec<usize>,
    pub periods: Range<usize>,
    /// What the samples are regions of, that each hold one group of units: the field, and the periods where they are some.
    pub regions: Option<String>,
}

/// One combination of choices, by position in the lists of its [`Grid`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::study) struct Specification {
    pub weights: usize,
    pub sample: usize,
    pub winsorise: usize,
    pub transformation: usize,
    pub model: Model,
    pub effects: Effects,
}

/// The lists of choices; the first of each make specification 1.
pub(in crate::study) struct Grid {
    sdm: Sdm,
    pub weights: Vec<String>,
    pub samples: Vec<Sample>,
    pub winsorise: Vec<f64>,
    pub transformations: Vec<Transformation>,
    pub models: Vec<Model>,
    pub effects: Vec<Effects>,
    pub interest: Vec<String>,
}

impl Grid {
    /// The lists as the study states them, what is left out as in the model itself.
    pub(in crate::study) fn new(
        study: &Study,
        asked: &Robustness,
        panel: &Panel,
        attribute: impl Fn(&str) -> Result<Column, Error>,
    ) -> Result<Self, Error> {
        let sdm = varied(study, asked)?.clone();
        let whole = || Sample {
            name: "whole".to_owned(),
            units: (0..panel.n_units()).collect(),
            periods: 0..panel.n_periods(),
            regions: None,
        };
        let mut samples: Vec<Sample> = asked.whole.then(whole).into_iter().collect();
        for part in &asked.samples {
            samples.extend(drawn(study, part, panel, &attribute)?);
        }
        let as_it_is = Transformation { name: "as stated".to_owned(), replace: BTreeMap::new() };
        let mut transformations = vec![as_it_is];
        transformations.extend(asked.transformations.iter().cloned());
        let interest =
            if asked.interest.is_empty() { sdm.x.clone() } else { asked.interest.clone() };
        Ok(Self {
            weights: or(&asked.weights, &study.weights.kind),
            samples,
            winsorise: or(&asked.winsorise, &0.0),
            transformations,
            models: or(&asked.models, &sdm.model),
            effects: or(&asked.effects, &sdm.effects),
            interest,
            sdm,
        })
    }

    /// Every combination, in the order of its number.
    pub(in crate::study) fn specifications(&self) -> Vec<Specification> {
        let mut all = Vec::new();
        for weights in 0..self.weights.len() {
            for sample in 0..self.samples.len() {
                for winsorise in 0..self.winsorise.len() {
                    for transformation in 0..self.transformations.len() {
                        for &model in &self.models {
                            for &effects in &self.effects {
                                all.push(Specification {
                                    weights,
                                    sample,
                                    winsorise,
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
        all
    }

    /// What is estimated under `one`.
    pub(in crate::study) fn spec(&self, one: &Specification) -> SdmSpec {
        let replace = &self.transformations[one.transformation].replace;
        let named = |name: &String| replace.get(name).unwrap_or(name).clone();
        let correction = match self.sdm.bias_correction.to_vec().first() {
            Some(&correction) if one.effects.are_fixed() => correction,
            _ => BiasCorrection::None,
        };
        let mut spec = models::spec(&self.sdm, correction);
        spec.durbin = match spec.durbin {
            _ if !one.model.has_durbin_terms() => Durbin::All,
            Durbin::Only(names) => Durbin::Only(names.iter().map(named).collect()),
            other => other,
        };
        spec.y = named(&spec.y);
        spec.x = spec.x.iter().map(named).collect();
        spec.model(one.model).effects(one.effects)
    }

    /// The model's own name of a regressor under `one`.
    pub(in crate::study) fn own_name<'a>(&'a self, one: &Specification, found: &'a str) -> &'a str {
        let replace = &self.transformations[one.transformation].replace;
        let back = replace.iter().find(|(own, other)| *other == found && self.sdm.x.contains(own));
        back.map_or(found, |(own, _)| own)
    }
}

/// The model that varies.
fn varied<'a>(study: &'a Study, asked: &Robustness) -> Result<&'a Sdm, Error> {
    let found = match &asked.of {
        Some(name) => study.sdm.iter().find(|sdm| sdm.name.as_ref() == Some(name)),
        None => study.sdm.first(),
    };
    found
        .ok_or_else(|| study.wrong("[robustness] varies an [[sdm]] of the study: there is no such"))
}

/// Refuses what no data is needed to refuse.
pub(in crate::study) fn check(study: &Study) -> Result<(), Error> {
    let Some(asked) = &study.robustness else { return Ok(()) };
    let sdm = varied(study, asked)?;
    let of_model = |name: &&String| **name == sdm.y || sdm.x.contains(name);
    if let Some(share) = asked.winsorise.iter().find(|share| !(0.0..0.5).contains(*share)) {
        return Err(study.wrong(format!(
            "[robustness] winsorise = {share}: at least 0 and below 0.5, such as 0.01"
        )));
    }
    if let Some(name) = asked.interest.iter().find(|name| !sdm.x.contains(name)) {
        return Err(study.wrong(format!("[robustness] interest: `{name}` is not among x")));
    }
    if !asked.whole && asked.samples.is_empty() {
        return Err(study.wrong(
            "[robustness] whole = false leaves no sample: name some in samples, or take the whole panel",
        ));
    }
    let replaced = asked.transformations.iter().flat_map(|one| one.replace.keys());
    if let Some(name) = replaced.into_iter().find(|name| !of_model(name)) {
        return Err(study.wrong(format!(
            "[robustness] transformations replace `{name}`, which the model does not have"
        )));
    }
    if asked.samples.iter().any(|part| part.each.is_some() && part.leave_out.is_some()) {
        return Err(study.wrong("[robustness] a sample has either each or leave_out"));
    }
    Ok(())
}

fn or<T: Clone>(asked: &[T], otherwise: &T) -> Vec<T> {
    if asked.is_empty() { vec![otherwise.clone()] } else { asked.to_vec() }
}

/// The samples of a part: one, or one for each group of units.
fn drawn(
    study: &Study,
    part: &Part,
    panel: &Panel,
    attribute: impl Fn(&str) -> Result<Column, Error>,
) -> Result<Vec<Sample>, Error> {
    let periods =
        variables::span(study, "[robustness]", (&part.from, &part.to), panel, &study.panel.file)?;
    let span = if periods == (0..panel.n_periods()) {
        String::new()
    } else {
        format!("{}–{}", panel.periods[periods.start], panel.periods[periods.end - 1])
    };
    let Some(field) = part.each.as_ref().or(part.leave_out.as_ref()) else {
        let units = (0..panel.n_units()).collect();
        return Ok(vec![Sample { name: span, units, periods, regions: None }]);
    };
    let column = attribute(field)?;
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for unit in 0..panel.n_units() {
        groups.entry(column.key(unit).unwrap_or_default()).or_default().push(unit);
    }
    let leave = part.leave_out.is_some();
    let samples = groups.iter().map(|(group, members)| {
        let name = if leave { format!("without {group}") } else { group.clone() };
        let units = if leave {
            (0..panel.n_units()).filter(|unit| members.binary_search(unit).is_err()).collect()
        } else {
            members.clone()
        };
        let spanned = |words: &str| {
            if span.is_empty() { words.to_owned() } else { format!("{words}, {span}") }
        };
        let regions = (!leave).then(|| spanned(field));
        Sample { name: spanned(&name), units, periods: periods.clone(), regions }
    });
    Ok(samples.collect())
}
