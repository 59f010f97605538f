//! The panel of dynamic models: as it came, with its gaps, where other steps need a balanced one.

use std::collections::BTreeSet;

use durbin_core::{Panel, PanelKeys, Units, Warning};

use super::{
    Study,
    file::Gmm,
    methods::listed,
    prepare::Prepare,
    variables::{self, Assembled},
};
use crate::{Error, choice::Site, inputs::PanelInput};

/// What the file of the panel has, for models that go by time and take gaps as they are.
pub(super) struct AsItCame {
    input: PanelInput,
    keys: PanelKeys,
    units: Units,
    pub panel: Panel,
}

impl AsItCame {
    /// The `whole` file for the models that can use it, where it has more than the `balanced` panel.
    pub(super) fn gather(
        study: &Study,
        (input, keys): (PanelInput, PanelKeys),
        units: &Units,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<Self>, Error> {
        let is_column = |name: &str| input.table.column(name).is_ok();
        let Some(alone) = study.dynamic_alone(&is_column)? else { return Ok(None) };
        let Assembled { panel, .. } = variables::assemble(&alone, &input, &keys, warnings)?;
        let units = units.matching(&panel.ids, &input.file).map_err(Error::data(&input.file))?;
        Ok(Some(Self { input, keys, units, panel }))
    }

    /// Where weights are built.
    pub(super) fn site<'a>(&'a self, file: &'a str) -> Site<'a> {
        Site {
            ids: &self.panel.ids,
            units: Some(&self.units),
            panel: Some((&self.input, &self.keys)),
            file,
        }
    }

    /// A model on this panel.
    pub(super) fn on(&self, balanced: &Panel) -> OnPanel {
        let OnPanel { said, .. } = OnPanel::with_gaps(&self.panel, &self.keys);
        let units = balanced.n_units();
        let said = format!("{said}, of which {units} are in the balanced panel of the other steps");
        OnPanel { as_it_came: true, said }
    }
}

/// Which panel a dynamic model is fitted to.
pub(super) struct OnPanel {
    /// Whether that is not the panel of the other steps.
    pub as_it_came: bool,
    /// In words.
    pub said: String,
}

impl OnPanel {
    /// The balanced panel, of which the file has `units_of_file`; why it is that, where the file has more.
    pub(super) fn balanced(panel: &Panel, units_of_file: usize, made: &[String]) -> Self {
        let (n, t) = (panel.n_units(), panel.n_periods());
        let mut said = format!("balanced, {n} units × {t} periods");
        if n < units_of_file && !made.is_empty() {
            let made: Vec<String> = made.iter().map(|name| format!("`{name}`")).collect();
            said = format!(
                "{said} of the {units_of_file} units of the file, as for the other steps: {} come from an index, which is made there alone",
                listed(&made)
            );
        }
        Self { as_it_came: false, said }
    }

    /// A panel with gaps, where there are no other steps.
    pub(super) fn with_gaps(panel: &Panel, keys: &PanelKeys) -> Self {
        let present = keys.present();
        let rows = keys.periods.iter().zip(present.rows());
        let rows = rows.filter(|(label, _)| panel.periods.contains(label));
        let rows = rows.map(|(_, row)| row.iter().filter(|there| **there).count()).sum::<usize>();
        let (n, t) = (panel.n_units(), panel.n_periods());
        let said = format!("as it came, {rows} rows of {n} units in {t} periods");
        Self { as_it_came: false, said }
    }
}

impl Study {
    /// The dynamic models that do without an index, with what they need and nothing else.
    fn dynamic_alone(&self, is_column: &dyn Fn(&str) -> bool) -> Result<Option<Self>, Error> {
        let made = variables::of_indices(self)?;
        let mut alone = self.clone();
        alone.gmm.retain(|gmm| gmm.made_of(&made).is_empty());
        if alone.gmm.is_empty() {
            return Ok(None);
        }
        let has = |name: &str| is_column(name) || self.variables.contains_key(name);
        let of_models = alone.gmm.iter().flat_map(|gmm| gmm.variables(&has));
        let needed = variables::behind(self, of_models.collect())?;
        let needed = |name: &str| needed.contains(name);
        alone.variables.retain(|name, _| needed(name));
        let steps = std::mem::take(&mut alone.prepare).into_iter();
        alone.prepare = steps.filter_map(|step: Prepare| step.of_needed(needed)).collect();
        alone.index.clear();
        alone.hotspot.clear();
        alone.sdm.clear();
        alone.robustness = None;
        alone.figure.clear();
        Ok(Some(alone))
    }
}

impl Gmm {
    /// The variables of the model; none of one that cannot be read, which is refused where it is fitted.
    fn variables(&self, has: &dyn Fn(&str) -> bool) -> Vec<String> {
        self.equation(has).map(|found| found.variables).unwrap_or_default()
    }

    /// Which of the variables `made` the model has.
    pub(super) fn made_of(&self, made: &BTreeSet<String>) -> Vec<String> {
        let variables = self.variables(&|name| made.contains(name));
        made.iter().filter(|name| variables.contains(name)).cloned().collect()
    }
}
