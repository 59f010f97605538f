//! Unbalanced panels, cut to the units that are there in every period.

use std::collections::{HashMap, HashSet};

use durbin_core::{Named, Table, Warning};

/// The rows of units with a row in every period, and who was left out; `None` where nobody is or nobody would
/// be left.
pub(crate) fn intersect(
    table: &Table,
    id: &str,
    time: &str,
) -> Result<Option<(Table, Warning)>, durbin_core::Error> {
    let (ids, times) = (table.column(id)?, table.column(time)?);
    let keys: Vec<Option<(String, String)>> =
        (0..table.len()).map(|row| ids.key(row).zip(times.key(row))).collect();
    let periods: HashSet<&String> = keys.iter().flatten().map(|(_, period)| period).collect();
    let mut observed: HashMap<&String, HashSet<&String>> = HashMap::new();
    for (unit, period) in keys.iter().flatten() {
        observed.entry(unit).or_default().insert(period);
    }
    let mut short: Vec<&String> = observed
        .iter()
        .filter(|(_, seen)| seen.len() < periods.len())
        .map(|(unit, _)| *unit)
        .collect();
    if short.is_empty() || short.len() == observed.len() {
        return Ok(None);
    }
    short.sort();
    // A row without a key is kept, so that it is refused as such.
    let stays = |key: &Option<(String, String)>| {
        key.as_ref().is_none_or(|(unit, _)| observed[unit].len() == periods.len())
    };
    let rows: Vec<usize> = (0..table.len()).filter(|&row| stays(&keys[row])).collect();
    let units: Named = short.into_iter().cloned().collect();
    let warning = Warning::UnbalancedDropped { periods: periods.len(), units };
    Ok(Some((table.select(&rows), warning)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use durbin_core::Column;

    fn table(cells: &[(&str, i64)]) -> Table {
        Table {
            name: String::new(),
            title: String::new(),
            columns: vec![
                Column::text("id", cells.iter().map(|cell| cell.0)),
                Column::int("year", cells.iter().map(|cell| cell.1)),
            ],
        }
    }

    #[test]
    fn units_without_a_row_in_some_period_are_left_out_by_name() {
        let short = table(&[("a", 1), ("b", 1), ("c", 1), ("a", 2), ("c", 2)]);
        let (kept, warning) = intersect(&short, "id", "year").unwrap().unwrap();
        assert_eq!(kept.len(), 4);
        assert_eq!(warning.to_string(), "not observed in all 2 periods, left out: 1 (b)");
        assert_eq!(warning.dropped(), 1);
    }

    #[test]
    fn a_balanced_panel_and_one_without_a_whole_unit_stay_as_they_are() {
        for cells in [vec![("a", 1), ("a", 2)], vec![("a", 1), ("b", 2)]] {
            assert!(intersect(&table(&cells), "id", "year").unwrap().is_none());
        }
    }
}
