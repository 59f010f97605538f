//! The grid of estimates as papers print them: the estimate with its stars, its standard error in brackets in
//! the line below, the rule of the stars and the conventions underneath.

use durbin_core::{Estimate, EstimateTable, Row};

use super::{Align, Cell, Grid, Head, Line};
use crate::number::fixed;

/// Decimals of estimates and standard errors.
const DECIMALS: u8 = 4;

/// Below which two-sided p-value an estimate gets one, two, three stars.
const LEVELS: [f64; 3] = [0.1, 0.05, 0.01];

const STARS_RULE: &str =
    "Standard errors in brackets. *** p < 0.01, ** p < 0.05, * p < 0.1, two-sided.";

impl From<&EstimateTable> for Grid {
    fn from(table: &EstimateTable) -> Self {
        let head = |text: &String| Head { text: text.clone(), align: Align::Point };
        let mut columns = vec![Head { text: String::new(), align: Align::Left }];
        columns.extend(table.headings.iter().map(head));
        let fits = table.headings.len();

        let mut body = Vec::new();
        let mut group: Option<&String> = None;
        for row in &table.rows {
            if row.group.as_ref() != group {
                group = row.group.as_ref();
                body.push(Line::Group(group.cloned().unwrap_or_default()));
            }
            body.extend(lines(row, fits));
        }
        let footer = table.footer.iter().map(|(label, texts)| footer_line(label, texts, fits));

        let conventions: Vec<String> = table
            .conventions
            .iter()
            .map(|(name, choice)| format!("{}: {choice}", name.replace('_', " ")))
            .collect();
        let mut notes = Vec::new();
        if table.rows.iter().any(|row| row.cells.iter().flatten().next().is_some()) {
            notes.push(STARS_RULE.to_owned());
        }
        if !conventions.is_empty() {
            notes.push(format!("{}.", conventions.join("; ")));
        }
        Self {
            name: table.name.clone(),
            caption: table.title.clone(),
            columns,
            body,
            footer: footer.collect(),
            notes,
        }
    }
}

/// How many stars the estimate earns; none when its p-value is not a number.
pub(super) fn stars(estimate: &Estimate) -> usize {
    let p = estimate.p_value();
    LEVELS.iter().filter(|&&level| p < level).count()
}

fn lines(row: &Row, fits: usize) -> [Line; 2] {
    let mut values = vec![Cell::Text(term(&row.label))];
    let mut errors = vec![Cell::Continued];
    for fit in 0..fits {
        match row.cells.get(fit).copied().flatten() {
            None => {
                values.push(Cell::Empty);
                errors.push(Cell::Empty);
            }
            Some(cell) => {
                values.push(Cell::Estimate(fixed(cell.estimate, DECIMALS), stars(&cell)));
                errors.push(Cell::Error(fixed(cell.std_error, DECIMALS)));
            }
        }
    }
    [Line::Cells(values), Line::Cells(errors)]
}

fn footer_line(label: &str, texts: &[String], fits: usize) -> Line {
    let cell = |fit: usize| match texts.get(fit).map(|text| text.trim()) {
        None | Some("") => Cell::Empty,
        Some(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            Cell::Number(text.to_owned())
        }
        Some(text) => Cell::Text(text.to_owned()),
    };
    let mut cells = vec![Cell::Text(label.to_owned())];
    cells.extend((0..fits).map(cell));
    Line::Cells(cells)
}

/// A term as papers write it: `W*P` is `W × P`, `rho` is `ρ`, `_cons` the constant.
pub(crate) fn term(label: &str) -> String {
    match label {
        "_cons" => "Constant".to_owned(),
        "rho" => "ρ".to_owned(),
        "lambda" => "λ".to_owned(),
        "sigma2" => "σ²".to_owned(),
        _ => label.replace('*', " × "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_follow_the_two_sided_p_value() {
        // Normal quantiles of 0.10, 0.05 and 0.01, two-sided: 1.6449, 1.9600, 2.5758.
        let of = |z: f64| stars(&Estimate { estimate: z, std_error: 1.0 });
        assert_eq!([1.644, 1.646, 1.959, 1.961, 2.575, 2.577].map(of), [0, 1, 1, 2, 2, 3]);
        assert_eq!(of(-2.577), 3);
        assert_eq!(of(f64::NAN), 0);
    }
}
