//! Estimates of a study as points with their intervals.

use durbin_core::{EstimateTable, Row};
use durbin_report::interval_plot;

use super::{
    Study,
    products::{Picture, labelled},
};

/// A picture for each fit of a table in the study's words, without the constant, whose size would squeeze the others.
pub(super) fn of(table: &EstimateTable, name: &str, words: &str) -> Vec<Picture> {
    let constant = |row: &Row| row.label == "Constant";
    drawn(&keeping(table, |row| !constant(row)), name, words)
}

/// The same of a table of dynamic models: regressors, and interactions, which are on another scale, in pictures of their own;
/// time effects are left to the table.
pub(super) fn of_dynamic(study: &Study, table: &EstimateTable, words: &str) -> Vec<Picture> {
    let interaction = |row: &Row| row.label.replace("W*", "").contains('*');
    let nuisance = |row: &Row| row.label == "_cons" || row.label.contains('=');
    let single = keeping(table, |row| !interaction(row) && !nuisance(row));
    let mut product = keeping(table, |row| interaction(row) && !nuisance(row));
    product.headings.iter_mut().for_each(|heading| heading.push_str(", interactions"));
    let name = &table.name;
    let mut pictures = drawn(&labelled(study, &single), name, words);
    pictures.extend(drawn(&labelled(study, &product), &format!("{name}_interactions"), words));
    pictures
}

fn keeping(table: &EstimateTable, kept: impl Fn(&Row) -> bool) -> EstimateTable {
    let mut table = table.clone();
    table.rows.retain(kept);
    table
}

fn drawn(table: &EstimateTable, name: &str, words: &str) -> Vec<Picture> {
    let has_any =
        |fit: &usize| table.rows.iter().any(|row| row.cells.get(*fit).is_some_and(Option::is_some));
    (0..table.headings.len())
        .filter(has_any)
        .map(|fit| Picture {
            name: format!("{name}_{}", fit + 1),
            caption: format!("{words} with 95 % intervals: {}", table.headings[fit]),
            svg: interval_plot(table, fit),
        })
        .collect()
}
