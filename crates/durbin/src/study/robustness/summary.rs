//! A robustness grid as tables and pictures.

use std::collections::BTreeSet;

use durbin_core::{Column, Estimate, Table};
use durbin_report::{Choice, CurvePoint, specification_curve};

use super::{Grid, Row, grid::Specification};
use crate::study::{Study, products::Picture};

/// The two-sided level of "significant".
const LEVEL: f64 = 0.05;

/// One line per specification and quantity; a specification without a fit has one line with its reason.
pub(in crate::study) fn table(study: &Study, grid: &Grid, rows: &[Row]) -> Table {
    struct Line<'a> {
        number: usize,
        row: &'a Row,
        variable: &'a str,
        quantity: &'a str,
        estimate: Estimate,
        log_likelihood: f64,
        problem: &'a str,
    }
    let none = Estimate { estimate: f64::NAN, std_error: f64::NAN };
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let number = at + 1;
        match &row.found {
            Ok(found) => lines.extend(found.quantities.iter().map(|one| Line {
                number,
                row,
                variable: &one.variable,
                quantity: one.quantity,
                estimate: one.estimate,
                log_likelihood: found.log_likelihood,
                problem: "",
            })),
            Err(problem) => lines.push(Line {
                number,
                row,
                variable: "",
                quantity: "",
                estimate: none,
                log_likelihood: f64::NAN,
                problem,
            }),
        }
    }
    let integer = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    let words = |name: &str, of: &dyn Fn(&Specification) -> String| {
        Column::text(name, lines.iter().map(|line| of(&line.row.specification)))
    };
    let numbers = |name: &str, of: &dyn Fn(&Line) -> f64| Column::float(name, lines.iter().map(of));
    // By its name alone: results do not depend on where the study lies.
    let file = study.path().file_name().unwrap_or_default().to_string_lossy();
    Table {
        name: "robustness".to_owned(),
        title: "Estimates under every specification".to_owned(),
        columns: vec![
            Column::int("specification", lines.iter().map(|line| integer(line.number))),
            words("weights", &|one| grid.weights[one.weights].clone()),
            words("sample", &|one| grid.samples[one.sample].name.clone()),
            numbers("winsorised", &|line| grid.winsorise[line.row.specification.winsorise]),
            words("variables", &|one| grid.transformations[one.transformation].name.clone()),
            words("model", &|one| one.model.to_string()),
            words("effects", &|one| one.effects.to_string()),
            Column::int("units", lines.iter().map(|line| integer(line.row.n_units))),
            Column::int("periods", lines.iter().map(|line| integer(line.row.n_periods))),
            Column::text("variable", lines.iter().map(|line| line.variable)),
            Column::text("quantity", lines.iter().map(|line| line.quantity)),
            numbers("estimate", &|line| line.estimate.estimate),
            numbers("std_error", &|line| line.estimate.std_error),
            numbers("z", &|line| line.estimate.z()),
            numbers("p_value", &|line| line.estimate.p_value()),
            numbers("log_likelihood", &|line| line.log_likelihood),
            Column::text("problem", lines.iter().map(|line| line.problem)),
            Column::text(
                "command",
                lines
                    .iter()
                    .map(|line| format!("durbin run {file} --specification {}", line.number)),
            ),
        ],
    }
}

/// The estimates of one quantity, with the number of their specification (from 0).
fn estimates<'a>(
    rows: &'a [Row],
    variable: &'a str,
    quantity: &'a str,
) -> impl Iterator<Item = (usize, Estimate)> + 'a {
    rows.iter().enumerate().filter_map(move |(at, row)| {
        let found = row.found.as_ref().ok()?;
        let mut all = found.quantities.iter();
        let one = all.find(|one| one.variable == variable && one.quantity == quantity)?;
        Some((at, one.estimate))
    })
}

/// One line per quantity: how often it is significant and positive, its range, and how often its sign is not
/// that of specification 1.
pub(in crate::study) fn summary(grid: &Grid, rows: &[Row]) -> Table {
    struct Line {
        variable: String,
        quantity: &'static str,
        values: Vec<f64>,
        significant: f64,
        positive: f64,
        sign_changes: Option<i64>,
    }
    let of_variable = grid.interest.iter().flat_map(|variable| {
        ["coefficient", "direct", "indirect", "total"].map(|quantity| (variable.as_str(), quantity))
    });
    let mut lines = Vec::new();
    for (variable, quantity) in of_variable.chain([("", "rho"), ("", "lambda")]) {
        let found: Vec<(usize, Estimate)> = estimates(rows, variable, quantity).collect();
        if found.is_empty() {
            continue;
        }
        let share = |holds: &dyn Fn(&Estimate) -> bool| {
            found.iter().filter(|(_, one)| holds(one)).count() as f64 / found.len() as f64
        };
        let mut values: Vec<f64> = found.iter().map(|(_, one)| one.estimate).collect();
        values.sort_by(f64::total_cmp);
        let first = found.first().filter(|(at, _)| *at == 0).map(|(_, one)| one.estimate > 0.0);
        lines.push(Line {
            variable: variable.to_owned(),
            quantity,
            significant: share(&|one| one.p_value() < LEVEL),
            positive: share(&|one| one.estimate > 0.0),
            sign_changes: first.map(|sign| {
                let other = found.iter().filter(|(_, one)| (one.estimate > 0.0) != sign).count();
                i64::try_from(other).unwrap_or(i64::MAX)
            }),
            values,
        });
    }
    let numbers = |name: &str, of: &dyn Fn(&Line) -> f64| Column::float(name, lines.iter().map(of));
    let failed = rows.iter().filter(|row| row.found.is_err()).count();
    let without =
        if failed > 0 { format!("; {failed} could not be estimated") } else { String::new() };
    Table {
        name: "robustness_summary".to_owned(),
        title: format!(
            "Robustness over {} specifications{without} (significant: p < 0.05; signs against \
             specification 1)",
            rows.len()
        ),
        columns: vec![
            Column::text("variable", lines.iter().map(|line| line.variable.as_str())),
            Column::text("quantity", lines.iter().map(|line| line.quantity)),
            Column::int(
                "specifications",
                lines.iter().map(|line| i64::try_from(line.values.len()).unwrap_or(i64::MAX)),
            ),
            numbers("share_significant", &|line| line.significant),
            numbers("share_positive", &|line| line.positive),
            numbers("min", &|line| line.values[0]),
            numbers("median", &|line| median(&line.values)),
            numbers("max", &|line| line.values[line.values.len() - 1]),
            Column::new(
                "sign_changes",
                durbin_core::Values::Int(lines.iter().map(|line| line.sign_changes).collect()),
            ),
        ],
    }
}

fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

/// One curve of the total effect for each regressor of interest, with the choices that vary underneath.
pub(in crate::study) fn curves(study: &Study, grid: &Grid, rows: &[Row]) -> Vec<Picture> {
    let choices = choices(grid, rows);
    let curve = |variable: &String| {
        let points: Vec<CurvePoint> = estimates(rows, variable, "total")
            .map(|(at, estimate)| CurvePoint { estimate, specification: at })
            .collect();
        let caption =
            format!("Total effect of {} under every specification", study.label(variable));
        Picture {
            name: format!("specification_curve_{variable}"),
            svg: specification_curve(&study.said(caption.clone()), &points, &choices),
            caption,
        }
    };
    grid.interest.iter().map(curve).collect()
}

/// The word for a choice of a specification.
type Words<'a> = &'a dyn Fn(&Specification) -> String;

/// The dimensions that vary, each with its values and which of them every specification takes.
fn choices(grid: &Grid, rows: &[Row]) -> Vec<Choice> {
    let words: [(&str, Words); 6] = [
        ("Weights", &|one| grid.weights[one.weights].clone()),
        ("Sample", &|one| grid.samples[one.sample].name.clone()),
        ("Winsorised", &|one| grid.winsorise[one.winsorise].to_string()),
        ("Variables", &|one| grid.transformations[one.transformation].name.clone()),
        ("Model", &|one| one.model.to_string()),
        ("Effects", &|one| one.effects.to_string()),
    ];
    let mut all = Vec::new();
    for (name, of) in words {
        let taken: Vec<String> = rows.iter().map(|row| of(&row.specification)).collect();
        let distinct: BTreeSet<&String> = taken.iter().collect();
        if distinct.len() > 1 {
            let mut values: Vec<String> = Vec::new();
            for value in &taken {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            all.push(Choice { name: name.to_owned(), values, taken });
        }
    }
    all
}
