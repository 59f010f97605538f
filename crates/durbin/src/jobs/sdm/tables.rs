//! The tables of a fitted model: for a terminal, and as files.

use std::path::Path;

use durbin_core::EstimateTable;
use durbin_io::Existing;

use super::SdmResult;
use crate::{Error, jobs::table_files, tables};

const STEMS: [&str; 6] = [
    "coefficients",
    "impacts",
    "impacts_long_run",
    "comparison",
    "comparison_impacts",
    "influential",
];
/// Refuses, before any work, tables that exist.
pub(super) fn refuse(folder: &Path, existing: Existing) -> Result<(), Error> {
    table_files::refuse(folder, &STEMS, existing)
}

impl SdmResult {
    /// The three-line tables of coefficients and effects.
    fn tables(&self) -> Vec<EstimateTable> {
        let spec = &self.fit.spec;
        let words = tables::correction_words(spec.effects, spec.bias_correction);
        let heading = format!("{}, {words}", spec.y);
        let mut all = vec![
            tables::coefficients("coefficients", "Coefficients", &[(heading.clone(), &self.fit)]),
            tables::impacts(
                "impacts",
                "Direct, indirect and total effects",
                &[(heading.clone(), &self.impacts)],
            ),
        ];
        all.extend(self.long_run.as_ref().map(|impacts| tables::long_run(&[(heading, impacts)])));
        all
    }

    /// The tables for a terminal.
    pub fn text(&self) -> String {
        let mut parts: Vec<String> = self.tables().iter().map(durbin_report::table::text).collect();
        if !self.tests.is_empty() {
            parts.push(tables::tests_text("Tests of the specification", &self.tests));
        }
        if let Some(comparison) = &self.comparison {
            parts.extend(tables::comparison(comparison).iter().map(durbin_report::table::text));
            let verdict = &comparison.verdict;
            parts.push(format!("{}\nRule: {}\n", verdict.sentence, verdict.rule));
        }
        if let Some((influence, count)) = &self.influence {
            let grid = durbin_report::table::Grid::from(&influence.table(*count));
            let grid = grid.with_notes(std::iter::once(influence.sentence()));
            parts.push(durbin_report::table::text(grid));
        }
        parts.join("\n")
    }

    /// Writes the tables into `folder`: Markdown and LaTeX for papers, CSV at full precision in the long form; all
    /// of them or none.
    pub(super) fn write_tables(&self, folder: &Path, existing: Existing) -> Result<(), Error> {
        let compared = self.comparison.iter().flat_map(tables::comparison);
        let of_estimates = self.tables().into_iter().chain(compared);
        let of_units = self.influence.iter().map(|(influence, count)| {
            let table = influence.table(*count);
            let texts = [
                durbin_report::table::markdown(&table),
                durbin_report::table::latex(&table),
                durbin_report::table::csv(&table),
            ];
            (table.name, texts)
        });
        let all = of_estimates.map(table_files::of_estimates).chain(of_units);
        table_files::write(folder, all, existing)
    }
}
