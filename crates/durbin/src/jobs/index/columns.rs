//! What an index adds to its panel.

use durbin_core::{Column, Panel, PanelKeys};
use durbin_index::{Coupling, Index};
use ndarray::Array2;

/// A variable of shape `t × n` on its way into a table.
pub(super) struct Values {
    name: String,
    alias: Option<String>,
    matrix: Array2<f64>,
}

impl Values {
    fn new(name: impl Into<String>, values: Array2<f64>) -> Self {
        Self { name: name.into(), alias: None, matrix: values }
    }

    fn alias(mut self, alias: String) -> Self {
        self.alias = Some(alias);
        self
    }

    /// The column in the order of the table, null for units that were left out of the panel.
    pub fn over(self, panel: &Panel, keys: &PanelKeys) -> Column {
        let position = |id: &String| keys.ids.binary_search(id).ok();
        let mut whole = Array2::from_elem((keys.periods.len(), keys.ids.len()), f64::NAN);
        for (unit, at) in panel.ids.iter().map(position).enumerate() {
            let Some(at) = at else { continue };
            whole.column_mut(at).assign(&self.matrix.column(unit));
        }
        let column = Column::float(self.name, keys.by_row(&whole));
        match self.alias {
            Some(alias) => column.alias(alias),
            None => column,
        }
    }
}

/// `index` and one column per dimension.
pub(super) fn scores(index: &Index) -> Vec<Values> {
    let dimensions = index.dimensions.iter();
    std::iter::once(Values::new("index", index.scores.clone()))
        .chain(dimensions.map(|d| Values::new(&d.name, d.scores.clone())))
        .collect()
}

/// `contribution_X` and `obstacle_X` of every indicator.
pub(super) fn parts(index: &Index) -> Vec<Values> {
    let both = [
        ("contribution", "share in the score", index.contributions()),
        ("obstacle", "share in what is lacking", index.obstacles()),
    ];
    both.into_iter()
        .flat_map(|(kind, words, all)| {
            index.weights.iter().zip(all).map(move |(w, values)| {
                let name = format!("{kind}_{}", w.indicator);
                Values::new(name, values).alias(format!("{}: {words}", w.indicator))
            })
        })
        .collect()
}

/// `coupling`, `development`, `coordination`.
pub(super) fn coupling(coupling: Coupling) -> Vec<Values> {
    vec![
        Values::new("coupling", coupling.coupling).alias("degree of coupling C".to_owned()),
        Values::new("development", coupling.development).alias("level of development T".to_owned()),
        Values::new("coordination", coupling.coordination)
            .alias("coupling coordination degree D = √(C·T)".to_owned()),
    ]
}
