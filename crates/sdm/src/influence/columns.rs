//! Influence as columns of a layer and as a table of the most influential units.

use durbin_core::{Column, Table};

use super::{Change, Influence};

impl Influence {
    /// ρ or λ, where the model has one: the last of the parameters.
    pub(super) fn spatial(&self) -> Option<&Change> {
        self.parameters.last().filter(|change| matches!(change.name.as_str(), "rho" | "lambda"))
    }

    /// The quantities of the layer: the spatial parameter and every effect.
    fn mapped(&self) -> impl Iterator<Item = &Change> {
        self.spatial().into_iter().chain(&self.effects)
    }

    /// The columns `cook`, `rho_change`, `rho_in_se`, `P_direct_change`, … of a layer, in the order of `ids`.
    pub fn columns(&self) -> Vec<Column> {
        let n = self.ids.len();
        let cook = Column::float("cook", self.cook.iter().copied());
        let mut columns = vec![cook.alias("Cook's distance of all coefficients")];
        for change in self.mapped() {
            let (name, words) = (&change.name, &change.words);
            columns.push(
                Column::float(format!("{name}_change"), change.changes.iter().copied())
                    .alias(format!("{words}, change when the unit is left out")),
            );
            columns.push(
                Column::float(format!("{name}_in_se"), (0..n).map(|i| change.in_errors(i)))
                    .alias(format!("{words}, the same in standard errors")),
            );
        }
        columns
    }

    /// Positions of the `count` units with the largest Cook's distance, largest first.
    pub fn most(&self, count: usize) -> Vec<usize> {
        let known = |i: &usize| !self.cook[*i].is_nan();
        let mut units: Vec<usize> = (0..self.ids.len()).filter(known).collect();
        units.sort_by(|&a, &b| self.cook[b].total_cmp(&self.cook[a]));
        units.truncate(count);
        units
    }

    /// The `count` most influential units: Cook's distance, the change of ρ (or λ), and the effect that the unit moves
    /// farthest in standard errors.
    pub fn table(&self, count: usize) -> Table {
        let farthest = |i: usize| {
            let moved = |change: &&Change| change.in_errors(i).abs();
            self.effects.iter().max_by(|a, b| moved(a).total_cmp(&moved(b)))
        };
        let units = self.most(count);
        let rows: Vec<(usize, Option<&Change>)> = units.iter().map(|&i| (i, farthest(i))).collect();
        let of = |change: Option<&Change>, value: &dyn Fn(&Change) -> f64| {
            change.map_or(f64::NAN, value)
        };
        let mut columns = vec![
            Column::text("unit", units.iter().map(|&i| self.ids[i].clone())),
            Column::float("cook", units.iter().map(|&i| self.cook[i])),
        ];
        if let Some(change) = self.spatial() {
            let changes = units.iter().map(|&i| change.changes[i]);
            let in_se = units.iter().map(|&i| change.in_errors(i));
            columns.push(Column::float(format!("{}_change", change.name), changes));
            columns.push(Column::float(format!("{}_in_se", change.name), in_se));
        }
        let names = rows.iter().map(|(_, effect)| effect.map_or("", |effect| &effect.name));
        columns.push(Column::text("effect", names));
        let changes = rows.iter().map(|&(i, effect)| of(effect, &|effect| effect.changes[i]));
        columns.push(Column::float("effect_change", changes));
        let in_se = rows.iter().map(|&(i, effect)| of(effect, &|effect| effect.in_errors(i)));
        columns.push(Column::float("effect_in_se", in_se));
        Table {
            name: "influential".to_owned(),
            title: format!("The {} most influential units, each left out by itself", units.len()),
            columns,
        }
    }

    /// What the table says, in a sentence.
    pub fn sentence(&self) -> String {
        let Some(&first) = self.most(1).first() else {
            return "No unit can be left out: without any of them the others do not identify the model.".to_owned();
        };
        let moved = match self.spatial() {
            Some(change) => format!(
                "; {} changes by {:+.4}, {:+.2} standard errors",
                change.name,
                change.changes[first],
                change.in_errors(first)
            ),
            None => String::new(),
        };
        let n = self.ids.len();
        let far = |i: &usize| self.effects.iter().any(|change| change.in_errors(*i).abs() > 1.0);
        let number = (0..n).filter(far).count();
        format!(
            "What leaving out one unit's equation changes, its values staying in the spatial lags of its neighbours. \
             The estimates move most without {} (Cook's distance {:.3}){moved}. Of the {n} units there are {number} without \
             which, by itself, some effect moves by more than its standard error.",
            self.ids[first], self.cook[first],
        )
    }
}
