//! What the indicators of an index contribute to each unit's score, and which of them hold it back.

use durbin_core::{Column, Table};
use ndarray::Array2;

use super::{Study, indices::IndexDone};

impl IndexDone {
    /// Contribution and obstacle degree of every indicator by unit and period, where they are asked for.
    pub(super) fn parts(&self, study: &Study, ids: &[String]) -> Option<Table> {
        let parts = self.parts.as_ref()?;
        let mut columns = self.keys(study, ids);
        for (word, shares) in
            [("contribution", &parts.contributions), ("obstacle", &parts.obstacles)]
        {
            for (weight, values) in self.index.weights.iter().zip(shares) {
                let label = format!("{}: {word}", study.label(&weight.indicator));
                let name = format!("{word}_{}", weight.indicator);
                columns.push(Column::float(name, values.iter().copied()).alias(label));
            }
        }
        Some(Table {
            name: format!("{}_parts", self.name),
            title: format!(
                "{}: contribution and obstacle degree by unit and period",
                study.label(&self.name)
            ),
            columns,
        })
    }

    /// The same in the last period over all units: means, and of how many units an indicator is the greatest obstacle.
    pub(super) fn obstacles(&self, study: &Study) -> Option<Table> {
        let parts = self.parts.as_ref()?;
        let last = self.index.periods.len().checked_sub(1)?;
        let mut greatest = vec![0_i64; parts.obstacles.len()];
        for unit in 0..self.index.scores.ncols() {
            let of_unit = parts.obstacles.iter().map(|values| values[[last, unit]]).enumerate();
            // Who lacks nothing has no obstacle.
            let most =
                of_unit.filter(|(_, share)| !share.is_nan()).max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((indicator, _)) = most {
                greatest[indicator] += 1;
            }
        }
        let means = |shares: &[Array2<f64>]| -> Vec<f64> {
            shares.iter().map(|all| mean(all, last)).collect()
        };
        let weights = &self.index.weights;
        Some(Table {
            name: format!("{}_obstacles", self.name),
            title: format!(
                "{}: contribution and obstacle degree of the indicators, means over units in {}",
                study.label(&self.name),
                self.index.periods[last]
            ),
            columns: vec![
                Column::text("indicator", weights.iter().map(|w| w.indicator.as_str())),
                Column::float("contribution", means(&parts.contributions)),
                Column::float("obstacle", means(&parts.obstacles)),
                Column::int("units_most_held_back", greatest),
                Column::text("label", weights.iter().map(|w| study.label(&w.indicator))),
            ],
        })
    }
}

/// Over the units that have a value in the period.
fn mean(values: &Array2<f64>, period: usize) -> f64 {
    let known: Vec<f64> = values.row(period).iter().copied().filter(|v| !v.is_nan()).collect();
    known.iter().sum::<f64>() / known.len() as f64
}

/// Shares of the indicators in a score and in what it lacks, one `t × n` each.
pub(super) struct Parts {
    pub contributions: Vec<Array2<f64>>,
    pub obstacles: Vec<Array2<f64>>,
}
