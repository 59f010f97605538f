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
    /// The grid of a panel: whole numbers step by their greatest common divisor, quarters (`2012-Q1`,
    /// `2012Q1`) and months (`2012-01`) by one, other labels by their order.
    ///
    /// # Errors
    /// [`Error::TooManyPeriods`] where the labels are too far apart to be periods.
    pub fn new(panel: &Panel) -> Result<Self, Error> {
        let field = panel.time_field().unwrap_or("time").to_owned();
        let labels = &panel.periods;
        let (numbers, unit) = if let Some(years) = labels.iter().map(|l| whole(l)).collect() {
            (years, "")
        } else if let Some(quarters) = labels.iter().map(|l| quarter(l)).collect() {
            (quarters, " quarter")
        } else if let Some(months) = labels.iter().map(|l| month(l)).collect() {
            (months, " month")
        } else {
            (Vec::new(), "")
        };
        if numbers.is_empty() {
            let all = labels.iter().cloned().map(Some).collect();
            let rule = format!("labels of `{field}` in order, each one period after the other");
            return Ok(Self { position: (0..labels.len()).collect(), labels: all, rule, field });
        }
        Self::on_grid(field, labels, &numbers, unit)
    }

    fn on_grid(
        field: String,
        labels: &[String],
        numbers: &[i64],
        unit: &str,
    ) -> Result<Self, Error> {
        let first = numbers.first().copied().unwrap_or(0);
        let apart = numbers.windows(2).map(|pair| pair[1].abs_diff(pair[0])).fold(0, gcd);
        // Months and quarters are one apart even where every other one is missing.
        let step = if unit.is_empty() { apart.max(1) } else { 1 };
        let place =
            |number: i64| usize::try_from(number.abs_diff(first) / step).unwrap_or(usize::MAX);
        let steps = numbers.iter().map(|&number| place(number)).max().unwrap_or(0);
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
        let position: Vec<usize> = numbers.iter().map(|&number| place(number)).collect();
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

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn whole(label: &str) -> Option<i64> {
    label.parse().ok().or_else(|| {
        let number: f64 = label.parse().ok()?;
        #[allow(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
    })
}

fn quarter(label: &str) -> Option<i64> {
    let (year, quarter) = label.split_once(['Q', 'q'])?;
    let year: i64 = year.trim_end_matches(['-', ' ']).parse().ok()?;
    let quarter: i64 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
    Some(4 * year + quarter - 1)
}

fn month(label: &str) -> Option<i64> {
    let (year, month) = label.split_once(['-', 'm', 'M'])?;
    let year: i64 = year.parse().ok().filter(|_| year.len() == 4)?;
    let month: i64 = month.parse().ok().filter(|m| (1..=12).contains(m))?;
    Some(12 * year + month - 1)
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
}
