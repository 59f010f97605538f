//! Periods by time, not by row: what is one step, and where steps are missing.

use durbin_core::Panel;

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
        let whole = durbin_core::times(labels).and_then(|times| Some((wholes(&times.at)?, times)));
        let Some(((numbers, parts), times)) = whole else {
            let all = labels.iter().cloned().map(Some).collect();
            let rule = format!("labels of `{field}` in order, each one period after the other");
            return Ok(Self { position: (0..labels.len()).collect(), labels: all, rule, field });
        };
        let apart = numbers.windows(2).map(|pair| pair[1].abs_diff(pair[0])).fold(0, gcd);
        // Months and quarters are one apart even where every other one is missing.
        let step = if times.by_unit { 1 } else { apart.max(1) };
        let unit = if parts == 1 { times.unit.to_owned() } else { format!("/{parts}") };
        Self::on_grid(field, labels, &numbers, step, &unit)
    }

    fn on_grid(
        field: String,
        labels: &[String],
        numbers: &[i64],
        step: u64,
        unit: &str,
    ) -> Result<Self, Error> {
        let first = numbers.first().copied().unwrap_or(0);
        let place =
            |number: &i64| usize::try_from(number.abs_diff(first) / step).unwrap_or(usize::MAX);
        let position: Vec<usize> = numbers.iter().map(place).collect();
        let steps = position.iter().copied().max().unwrap_or(0);
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

/// Ascending times as whole numbers of the largest part of a unit that holds them all, and how many parts a unit has: wholes, halves,
/// quarters and twelfths of a year as they are written with two decimals or more, tenths, hundredths, thousandths. None where two would coincide.
fn wholes(times: &[f64]) -> Option<(Vec<i64>, i64)> {
    [1_i32, 2, 4, 12, 10, 100, 1000].into_iter().find_map(|parts| {
        let per = f64::from(parts);
        let scaled = || times.iter().map(|time| time * per);
        let rounding = (0.006 * per).min(0.1);
        let near = scaled().all(|time| (time - time.round()).abs() < rounding && time.abs() < 1e15);
        #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
        let numbers: Vec<i64> = scaled().map(|time| time.round() as i64).collect();
        let apart = numbers.windows(2).all(|pair| pair[0] < pair[1]);
        (near && apart).then_some((numbers, parts.into()))
    })
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
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
        assert_eq!(calendar(&["1990.08", "1990.17", "1990.33", "1990.42"]).position, [0, 1, 3, 4]);
        assert_eq!(calendar(&["0.1", "0.2", "0.4"]).position, [0, 1, 3]);
        assert_eq!(calendar(&["0", "300", "601"]).position, [0, 300, 601]);
        assert_eq!(calendar(&["T9", "T10", "T12"]).position, [0, 1, 3]);
    }
}
