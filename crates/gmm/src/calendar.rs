//! Periods by time, not by row: what is one step, and where steps are missing.

use durbin_core::{Panel, Times};

use crate::Error;

/// More steps than this are taken for labels that are no periods.
const MOST: usize = 1000;

/// Where the periods of a panel stand on an even grid of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// Grid position of each period of the panel.
    pub position: Vec<usize>,
    /// Label at each grid position; `None` where the panel has no such period.
    pub labels: Vec<Option<String>>,
    /// How periods were placed, in words.
    pub rule: String,
    /// Name of the time field.
    pub field: String,
}

impl Calendar {
    /// The grid of a panel by its [`times`](durbin_core::times): numbers and dates step by their greatest common divisor,
    /// quarters and months that are named as such by one; labels that tell no time by their order.
    ///
    /// # Errors
    /// [`Error::TooManyPeriods`] where the labels are too far apart to be periods.
    pub fn new(panel: &Panel) -> Result<Self, Error> {
        let field = panel.time_field().unwrap_or("time").to_owned();
        let labels = &panel.periods;
        let Some(times) = durbin_core::times(labels) else {
            let all = labels.iter().cloned().map(Some).collect();
            let rule = format!("labels of `{field}` in order, each one period after the other");
            return Ok(Self { position: (0..labels.len()).collect(), labels: all, rule, field });
        };
        Self::on_grid(field, labels, &times)
    }

    fn on_grid(field: String, labels: &[String], times: &Times) -> Result<Self, Error> {
        let first = times.at.first().copied().unwrap_or(0.0);
        let apart = times.at.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, divisor);
        let step = if times.by_unit || apart == 0.0 { 1.0 } else { apart };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let place = |time: &f64| ((time - first) / step).round() as usize;
        let position: Vec<usize> = times.at.iter().map(place).collect();
        let steps = position.iter().copied().max().unwrap_or(0);
        let unit = times.unit;
        // Decimals of a year, such as 1990.0833, are as long as they were written.
        let step = (step * 1e4).round() / 1e4;
        if steps >= MOST {
            return Err(Error::TooManyPeriods {
                field,
                steps,
                step: format!("{step}{unit}"),
                first: labels.first().cloned().unwrap_or_default(),
                last: labels.last().cloned().unwrap_or_default(),
                most: MOST,
            });
        }
        let mut at = vec![None; steps + 1];
        for (label, &position) in labels.iter().zip(&position) {
            at[position] = Some(label.clone());
        }
        let rule = format!(
            "by `{field}`, one period is {step}{unit}; nothing is lagged or differenced across a gap"
        );
        Ok(Self { position, labels: at, rule, field })
    }

    /// Number of grid positions.
    pub fn positions(&self) -> usize {
        self.labels.len()
    }
}

/// The greatest common divisor of lengths that are rounded to a thousandth of the smaller one.
fn divisor(a: f64, b: f64) -> f64 {
    let (mut large, mut small) = (a.max(b), a.min(b));
    let least = 1e-2 * if small > 0.0 { small } else { large };
    while small > least {
        let times = (large / small).round();
        (large, small) = (small, (large - times * small).abs());
    }
    large
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(labels: &[&str]) -> Calendar {
        let rows = labels.len();
        let table = durbin_core::Table {
            name: String::new(),
            title: String::new(),
            columns: vec![
                durbin_core::Column::text("id", vec!["a"; rows]),
                durbin_core::Column::text("t", labels.iter().copied()),
            ],
        };
        let keys = durbin_core::PanelKeys::unbalanced(&table, "id", "t").unwrap();
        Calendar::new(&keys.panel()).unwrap()
    }

    #[test]
    fn a_missing_year_leaves_a_gap() {
        assert_eq!(calendar(&["1979", "1978", "1981"]).position, [0, 1, 3]);
        assert_eq!(calendar(&["1990", "1995", "2005"]).position, [0, 1, 3]);
    }

    #[test]
    fn quarters_and_months_go_over_the_new_year() {
        assert_eq!(calendar(&["2011-Q4", "2012-Q1", "2012-Q3"]).position, [0, 1, 3]);
        assert_eq!(calendar(&["2011-11", "2011-12", "2012-02"]).position, [0, 1, 3]);
        assert_eq!(calendar(&["before", "during", "later"]).position, [0, 1, 2]);
    }

    #[test]
    fn dates_and_decimals_of_a_year_know_their_gaps() {
        assert_eq!(calendar(&["1990-01-01", "1991-01-01", "1993-01-01"]).position, [0, 1, 3]);
        assert_eq!(calendar(&["1990-01-31", "1990-04-31", "1990-10-31"]).position, [0, 1, 2]);
        assert_eq!(calendar(&["2012-03-31", "2012-06-30", "2012-12-31"]).position, [0, 1, 3]);
        assert_eq!(calendar(&["1990-01-15", "1990-04-15", "1990-10-15"]).position, [0, 1, 3]);
        assert_eq!(calendar(&["1990.25", "1990.5", "1991"]).position, [0, 1, 3]);
        let months = ["1990.0833", "1990.1667", "1990.3333", "1990.4167"];
        assert_eq!(calendar(&months).position, [0, 1, 3, 4]);
        assert_eq!(calendar(&["T9", "T10", "T12"]).position, [0, 1, 3]);
    }
}
