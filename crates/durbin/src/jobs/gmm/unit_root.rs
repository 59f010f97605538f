//! Tests for unit roots as a table.

use durbin_core::{Column, Table};
use durbin_gmm::{UnitRoot, UnitRootTest};
use durbin_report::table::Grid;

/// One table for all variables; none without any.
pub(super) fn text(all: &[UnitRoot]) -> Option<String> {
    let rows: Vec<(&UnitRoot, &UnitRootTest)> =
        all.iter().flat_map(|one| one.tests.iter().map(move |test| (one, test))).collect();
    if rows.is_empty() {
        return None;
    }
    let of = |at: usize| {
        let value = move |test: &UnitRootTest| test.critical.map_or(f64::NAN, |all| all[at]);
        rows.iter().map(move |row| value(row.1))
    };
    // As a column the few reasons would take half of a terminal's width.
    let reasons = rows.iter().filter_map(|(one, test)| {
        Some(format!("{}, {}: {}.", one.variable, test.name, test.reason.as_ref()?))
    });
    let table = Table {
        name: "unit_root".to_owned(),
        title: "Unit roots: the null is that every unit has one".to_owned(),
        columns: vec![
            Column::text("variable", rows.iter().map(|row| row.0.variable.clone())),
            Column::text("test", rows.iter().map(|row| row.1.name)),
            Column::float("statistic", rows.iter().map(|row| row.1.statistic.unwrap_or(f64::NAN))),
            Column::float("p_value", rows.iter().map(|row| row.1.p_value.unwrap_or(f64::NAN))),
            Column::float("1 %", of(0)),
            Column::float("5 %", of(1)),
            Column::float("10 %", of(2)),
            Column::text("alternative", rows.iter().map(|row| row.1.alternative)),
        ],
    };
    let dependence = Table {
        name: "dependence".to_owned(),
        title: "Dependence between units of the differences (Pesaran's CD)".to_owned(),
        columns: vec![
            Column::text("variable", all.iter().map(|one| one.variable.clone())),
            Column::float("CD", all.iter().map(|one| one.cd.statistic.unwrap_or(f64::NAN))),
            Column::float("p_value", all.iter().map(|one| one.cd.p_value().unwrap_or(f64::NAN))),
            Column::text("units", all.iter().map(|one| one.n_units.to_string())),
            Column::text("too short", all.iter().map(|one| one.too_short.to_string())),
            Column::text("periods", all.iter().map(|one| span(one.periods))),
        ],
    };
    let notes = all[0].conventions.iter().map(|(name, choice)| format!("{name}: {choice}."));
    let dependence = Grid::from(&dependence).with_notes(notes);
    Some(format!(
        "{}\n{}",
        durbin_report::table::text(Grid::from(&table).with_notes(reasons)),
        durbin_report::table::text(dependence)
    ))
}

fn span((shortest, longest): (usize, usize)) -> String {
    if shortest == longest { longest.to_string() } else { format!("{shortest}–{longest}") }
}
