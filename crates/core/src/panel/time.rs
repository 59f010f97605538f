//! When periods are, read off their labels.

use chrono::{Datelike, NaiveDate};

/// Where the labels of periods stand in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    /// One for each label.
    pub at: Vec<f64>,
    /// What they count, with a space before it; empty for plain numbers.
    pub unit: &'static str,
    /// Whether one unit is one period, however far apart the labels are: quarters and months that are named as such.
    pub by_unit: bool,
}

/// Reads labels that are all numbers (`2012`, `1990.25`, also between words that all share: `T6`, `2012年`), quarters (`2012-Q1`, `2012Q1`),
/// months (`2012-01`, `2012m1`) or dates (`2012-01-31`, also before a time of day; years where they are of one day of the year,
/// months where of one day of the month or its last, otherwise days). None where they are something else.
pub fn times(labels: &[String]) -> Option<Times> {
    let counted = |at: Vec<i64>, unit, by_unit| {
        Some(Times { at: at.into_iter().map(|at| at as f64).collect(), unit, by_unit })
    };
    if let Some(at) = numbers(labels.iter().map(String::as_str)).or_else(|| between_words(labels)) {
        return Some(Times { at, unit: "", by_unit: false });
    }
    if let Some(quarters) = labels.iter().map(|label| quarter(label)).collect() {
        return counted(quarters, " quarter", true);
    }
    if let Some(months) = labels.iter().map(|label| month(label)).collect() {
        return counted(months, " month", true);
    }
    let dates: Vec<NaiveDate> = labels.iter().map(|label| date(label)).collect::<Option<_>>()?;
    let of = |of: &dyn Fn(&NaiveDate) -> i64| dates.iter().map(of).collect::<Vec<i64>>();
    let one = |values: Vec<i64>| values.windows(2).all(|pair| pair[0] == pair[1]);
    let (days, months) = (of(&|date| date.day().into()), of(&|date| date.month().into()));
    let ends_month = |date: &NaiveDate| date.succ_opt().is_some_and(|next| next.day() == 1);
    if !one(days) && !dates.iter().all(ends_month) {
        return counted(of(&|date| date.num_days_from_ce().into()), " day", false);
    }
    let years = of(&|date| date.year().into());
    if one(months) {
        return counted(years, "", false);
    }
    counted(of(&|date| i64::from(12 * date.year()) + i64::from(date.month0())), " month", false)
}

fn numbers<'a>(labels: impl Iterator<Item = &'a str>) -> Option<Vec<f64>> {
    labels.map(|label| label.parse().ok().filter(|number: &f64| number.is_finite())).collect()
}

/// Whole numbers with the same words around them.
fn between_words(labels: &[String]) -> Option<Vec<f64>> {
    let is_digit = |c: char| c.is_ascii_digit();
    let first = labels.first()?;
    let (from, to) = (first.find(is_digit)?, first.rfind(is_digit)? + 1);
    let (before, after) = (&first[..from], &first[to..]);
    let inside = labels.iter().map(|label| {
        let number = label.strip_prefix(before)?.strip_suffix(after)?;
        (!number.is_empty() && number.chars().all(is_digit)).then_some(number)
    });
    numbers(inside.collect::<Option<Vec<_>>>()?.into_iter())
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

fn date(label: &str) -> Option<NaiveDate> {
    let day = label.split(['T', ' ']).next()?;
    NaiveDate::parse_from_str(&day.replace('/', "-"), "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(labels: &[&str]) -> Option<(Vec<f64>, &'static str)> {
        let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
        times(&labels).map(|times| (times.at, times.unit))
    }

    #[test]
    fn numbers_may_stand_between_words() {
        assert_eq!(read(&["-2", "10", "1990.25"]), Some((vec![-2.0, 10.0, 1990.25], "")));
        assert_eq!(read(&["T6", "T10"]), Some((vec![6.0, 10.0], "")));
        assert_eq!(read(&["2012年", "2013年"]), Some((vec![2012.0, 2013.0], "")));
        assert_eq!(read(&["T6", "S10"]), None);
        assert_eq!(read(&["before", "after"]), None);
    }

    #[test]
    fn quarters_and_months_go_over_the_new_year() {
        let gap = |found: Option<(Vec<f64>, &'static str)>| {
            let (at, unit) = found.unwrap();
            (at[1] - at[0], at[2] - at[1], unit)
        };
        assert_eq!(gap(read(&["2011-Q4", "2012-Q1", "2012-Q3"])), (1.0, 2.0, " quarter"));
        assert_eq!(gap(read(&["2011-11", "2011-12", "2012-2"])), (1.0, 2.0, " month"));
    }

    #[test]
    fn dates_count_what_tells_them_apart() {
        let read = |labels| read(labels).map(|(at, unit)| (at[1] - at[0], unit));
        assert_eq!(read(&["1999-12-31", "2001-12-31"]), Some((2.0, "")));
        assert_eq!(read(&["2000/01/15", "2001/02/15"]), Some((13.0, " month")));
        assert_eq!(read(&["2012-03-31", "2012-06-30"]), Some((3.0, " month")));
        assert_eq!(read(&["2000-02-28T00:00:00", "2000-03-01T00:00:00"]), Some((2.0, " day")));
        assert_eq!(read(&["2000-02-30", "2000-03-01"]), None);
    }
}
