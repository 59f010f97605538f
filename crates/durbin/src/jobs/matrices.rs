//! Weights that serve several fields, built once for each set of units.

use std::rc::Rc;

use durbin_core::Warning;
use durbin_weights::{Summary, Weights};

use crate::{
    Error, WeightsChoice,
    choice::{Site, WeightsDefaults},
};

/// The weights a user asks for, over a site or some of its units.
pub(crate) struct Matrices<'a> {
    choice: &'a WeightsChoice,
    defaults: WeightsDefaults,
    site: Site<'a>,
    built: Vec<(Vec<usize>, Rc<Matrix>)>,
}

/// Weights with all there is to say about them.
pub(crate) struct Matrix {
    pub weights: Weights,
    pub summary: Summary,
    pub warnings: Vec<Warning>,
}

impl<'a> Matrices<'a> {
    pub fn new(choice: &'a WeightsChoice, defaults: WeightsDefaults, site: Site<'a>) -> Self {
        Self { choice, defaults, site, built: Vec::new() }
    }

    /// The weights of the units `kept`, ascending rows of the site.
    pub fn of(&mut self, kept: &[usize]) -> Result<Rc<Matrix>, Error> {
        if let Some((_, known)) = self.built.iter().find(|(units, _)| units == kept) {
            return Ok(Rc::clone(known));
        }
        let mut warnings = Vec::new();
        let mut build = |site| self.choice.build(site, self.defaults, &mut warnings);
        let weights = if kept.len() == self.site.ids.len() {
            build(self.site)?
        } else {
            let ids: Vec<String> = kept.iter().map(|&row| self.site.ids[row].clone()).collect();
            let units = self.site.units.map(|units| units.select(kept));
            build(Site { ids: &ids, units: units.as_ref(), ..self.site })?
        };
        let matrix = Rc::new(Matrix { summary: Summary::of(&weights), weights, warnings });
        self.built.push((kept.to_vec(), Rc::clone(&matrix)));
        Ok(matrix)
    }
}
