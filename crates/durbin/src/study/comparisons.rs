//! The family of models side by side, where a model of the study asks for it.

use durbin_core::{Column, EstimateTable, Table};
use durbin_report::page::Block;
use durbin_sdm::Comparison;

use super::{
    Study, measures,
    models::{ModelDone, numbered},
    products::{Products, labelled},
    results::Results,
};
use crate::tables;

/// What is behind the names of the tables of a comparison, its model, and the comparison.
fn all(results: &Results) -> impl Iterator<Item = (String, &ModelDone, &Comparison)> {
    let there = numbered("comparison", &results.models, |model| model.comparison.as_ref());
    there.map(|(name, model, comparison)| {
        (name.trim_start_matches("comparison").to_owned(), model, comparison)
    })
}

/// `comparison` and `comparison_impacts`, numbered where several models are compared.
pub(super) fn estimates(study: &Study, results: &Results) -> Vec<EstimateTable> {
    let of = |(suffix, model, comparison): (String, &ModelDone, &Comparison)| {
        let headed = move |table: EstimateTable| EstimateTable {
            name: format!("{}{suffix}", table.name),
            title: study.said(format!("{}: {}", table.title, model.heading)),
            ..table
        };
        tables::comparison(comparison).map(headed)
    };
    all(results).flat_map(of).collect()
}

/// `comparison_measures`, every model's measures of fit with its posterior probability, and `comparison_tests`, those
/// that the verdict rests on.
pub(super) fn plain(results: &Results) -> Vec<Table> {
    let of = |(suffix, model, comparison): (String, &ModelDone, &Comparison)| {
        let mut rows: Vec<(String, &'static str, f64)> = Vec::new();
        for one in &comparison.models {
            let name = tables::model_heading(&one.fit);
            let of_family = [
                ("r_squared_nagelkerke", one.r_squared_nagelkerke),
                ("probability", one.probability),
            ];
            let all = measures::of_fit(&one.fit).into_iter().chain(of_family);
            rows.extend(all.map(|(measure, value)| (name.clone(), measure, value)));
        }
        let measured = Table {
            name: format!("comparison_measures{suffix}"),
            title: format!("Measures of fit side by side: {}", model.heading),
            columns: vec![
                Column::text("model", rows.iter().map(|row| row.0.clone())),
                Column::text("measure", rows.iter().map(|row| row.1)),
                Column::float("value", rows.iter().map(|row| row.2)),
            ],
        };
        let title = format!("Tests behind the verdict: {}", model.heading);
        let tests = &comparison.verdict.tests;
        [measured, tables::tests(&format!("comparison_tests{suffix}"), &title, tests)]
    };
    all(results).flat_map(of).collect()
}

/// The tables of estimates with the verdict, its rule, and the models that could not be fitted.
pub(super) fn blocks(study: &Study, results: &Results, products: &Products) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (suffix, _, comparison) in all(results) {
        let names = ["comparison", "comparison_impacts"].map(|name| format!("{name}{suffix}"));
        let shown = products.comparisons.iter().filter(|table| names.contains(&table.name));
        blocks.extend(shown.map(|table| Block::Estimates(labelled(study, table))));
        let verdict = &comparison.verdict;
        blocks.push(Block::Paragraph(format!("{} Rule: {}", verdict.sentence, verdict.rule)));
        for (model, reason) in &comparison.failed {
            let model = model.name().to_uppercase();
            blocks.push(Block::Paragraph(format!("{model} is not among them: {reason}.")));
        }
    }
    blocks
}
