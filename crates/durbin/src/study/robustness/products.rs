//! Tables and curves of a robustness grid.

use durbin_core::{Column, Estimate, Table};
use durbin_report::{Curve, specification_curve};

use super::{Robustness, Row};
use crate::{
    Error,
    study::{Study, products::Picture},
};

/// The long table, one row per specification and quantity, and the summary, one row per quantity.
pub(in crate::study) fn tables(study: &Study, rows: &[Row]) -> [Table; 2] {
    [long(study, rows), summary(rows)]
}

/// A quantity of one specification; `None` where that could not be fitted.
struct Cell<'a> {
    row: &'a Row,
    term: &'a str,
    kind: &'a str,
    estimate: Option<Estimate>,
}

fn cells(rows: &[Row]) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    for row in rows {
        match &row.outcome {
            Ok(outcome) => cells.extend(outcome.terms.iter().map(|(term, kind, estimate)| Cell {
                row,
                term,
                kind,
                estimate: Some(*estimate),
            })),
            Err(_) => cells.push(Cell { row, term: "", kind: "", estimate: None }),
        }
    }
    cells
}

fn long(study: &Study, rows: &[Row]) -> Table {
    let cells = cells(rows);
    let text = |name: &str, of: &dyn Fn(&Cell) -> String| Column::text(name, cells.iter().map(of));
    let number = |name: &str, of: &dyn Fn(&Cell) -> Option<f64>| {
        Column::float(name, cells.iter().map(|cell| of(cell).unwrap_or(f64::NAN)))
    };
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let size = |name: &str, of: &dyn Fn(&super::Outcome) -> usize| {
        let values = cells.iter().map(|cell| cell.row.outcome.as_ref().map_or(0, of));
        Column::int(name, values.map(whole))
    };
    let path = study.path().display().to_string();
    Table {
        name: "robustness".to_owned(),
        title: "Every specification; `command` fits one alone".to_owned(),
        columns: vec![
            Column::int(
                "specification",
                cells.iter().map(|cell| whole(cell.row.specification.number)),
            ),
            text("weights", &|cell| cell.row.specification.weights.clone()),
            text("sample", &|cell| cell.row.specification.sample_words.clone()),
            number("winsorize", &|cell| Some(cell.row.specification.winsorize)),
            text("transformation", &|cell| cell.row.specification.transformation.name().to_owned()),
            text("model", &|cell| cell.row.specification.model.to_string()),
            text("effects", &|cell| cell.row.specification.effects.to_string()),
            size("n_units", &|outcome| outcome.n_units),
            size("n_periods", &|outcome| outcome.n_periods),
            text("term", &|cell| cell.term.to_owned()),
            text("kind", &|cell| cell.kind.to_owned()),
            number("estimate", &|cell| cell.estimate.map(|e| e.estimate)),
            number("std_error", &|cell| cell.estimate.map(|e| e.std_error)),
            number("z", &|cell| cell.estimate.map(|e| e.z())),
            number("p_value", &|cell| cell.estimate.map(|e| e.p_value())),
            number("log_likelihood", &|cell| {
                cell.row.outcome.as_ref().ok().map(|o| o.log_likelihood)
            }),
            text("reason", &|cell| cell.row.outcome.as_ref().err().cloned().unwrap_or_default()),
            text("command", &|cell| {
                format!("durbin run {path} --specification {}", cell.row.specification.number)
            }),
        ],
    }
}

/// Per quantity: how many specifications have it, the shares that are significant at 5 % and positive, its range, and
/// how often its sign differs from that of specification 1.
fn summary(rows: &[Row]) -> Table {
    let cells = cells(rows);
    let mut quantities: Vec<(&str, &str)> = Vec::new();
    for cell in cells.iter().filter(|cell| cell.estimate.is_some()) {
        if !quantities.contains(&(cell.term, cell.kind)) {
            quantities.push((cell.term, cell.kind));
        }
    }
    let of = |&(term, kind): &(&str, &str)| -> Vec<Estimate> {
        let mine = cells.iter().filter(|cell| cell.term == term && cell.kind == kind);
        mine.filter_map(|cell| cell.estimate).filter(|e| e.p_value().is_finite()).collect()
    };
    let all: Vec<Vec<Estimate>> = quantities.iter().map(of).collect();
    let share = |list: &[Estimate], holds: &dyn Fn(&Estimate) -> bool| {
        list.iter().filter(|e| holds(e)).count() as f64 / list.len() as f64
    };
    let number = |name: &str, of: &dyn Fn(&[Estimate]) -> f64| {
        Column::float(name, all.iter().map(|list| of(list)))
    };
    let sorted = |list: &[Estimate]| {
        let mut values: Vec<f64> = list.iter().map(|e| e.estimate).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let median = |list: &[Estimate]| {
        let values = sorted(list);
        let half = values.len() / 2;
        match values.len() {
            0 => f64::NAN,
            count if count % 2 == 1 => values[half],
            _ => f64::midpoint(values[half - 1], values[half]),
        }
    };
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let turned = |list: &[Estimate]| {
        let first = list.first().map_or(0.0, |e| e.estimate);
        list.iter().filter(|e| e.estimate * first < 0.0).count()
    };
    Table {
        name: "robustness_summary".to_owned(),
        title: "Robustness of every quantity over the specifications".to_owned(),
        columns: vec![
            Column::text("term", quantities.iter().map(|(term, _)| *term)),
            Column::text("kind", quantities.iter().map(|(_, kind)| *kind)),
            Column::int("specifications", all.iter().map(|list| count(list.len()))),
            number("share_significant", &|list| share(list, &|e| e.p_value() < 0.05)),
            number("share_positive", &|list| share(list, &|e| e.estimate > 0.0)),
            number("least", &|list| sorted(list).first().copied().unwrap_or(f64::NAN)),
            number("median", &median),
            number("most", &|list| sorted(list).last().copied().unwrap_or(f64::NAN)),
            Column::int("sign_changes", all.iter().map(|list| count(turned(list)))),
        ],
    }
}

/// A specification curve of the total effect of each regressor of interest.
pub(in crate::study) fn curves(
    study: &Study,
    section: &Robustness,
    rows: &[Row],
) -> Result<Vec<Picture>, Error> {
    let sdm = section.sdm(study)?;
    let variables = if section.interest.is_empty() { &sdm.x } else { &section.interest };
    let none = Estimate { estimate: f64::NAN, std_error: f64::NAN };
    let choice = |kind: &str, of: &dyn Fn(&super::Specification) -> String| {
        (kind.to_owned(), rows.iter().map(|row| of(&row.specification)).collect::<Vec<_>>())
    };
    let choices = [
        choice("Weights", &|s| s.weights.clone()),
        choice("Sample", &|s| s.sample_words.clone()),
        choice("Winsorised", &|s| format!("{} %", 100.0 * s.winsorize)),
        choice("Transformation", &|s| s.transformation.name().to_owned()),
        choice("Model", &|s| s.model.to_string()),
        choice("Effects", &|s| s.effects.to_string()),
    ];
    Ok(variables
        .iter()
        .enumerate()
        .map(|(at, variable)| {
            let estimates: Vec<Estimate> = rows
                .iter()
                .map(|row| {
                    let terms = row.outcome.as_ref().map(|outcome| outcome.terms.as_slice());
                    let total = |(term, kind, _): &&(String, &str, Estimate)| {
                        term == variable && *kind == "total"
                    };
                    terms.unwrap_or_default().iter().find(total).map_or(none, |found| found.2)
                })
                .collect();
            let title = study.said(format!("Total effect of {}", study.label(variable)));
            let curve = Curve { title: &title, estimates: &estimates, choices: &choices };
            Picture {
                name: format!("robustness_{}", at + 1),
                caption: format!("{title} over all specifications"),
                svg: specification_curve(&curve),
            }
        })
        .collect())
}
