//! Whether a model is the same in the regions of a grid.

use durbin_core::{Column, Distribution, Table, TestStat};
use durbin_sdm::{Regional, equal_in_regions};
use ndarray::Axis;

use super::{Grid, Row, fits::Found, grid::Specification};

/// One line per other choice and coefficient, and one for all of them; none where no samples are the regions of a field.
///
/// Regions that could not be estimated are left out and counted.
pub(in crate::study) fn table(grid: &Grid, rows: &[Row]) -> Option<Table> {
    struct Line {
        one: Specification,
        regions: String,
        estimated: usize,
        of: usize,
        parameter: String,
        test: Option<TestStat>,
    }
    let mut lines = Vec::new();
    let mut sets: Vec<&str> =
        grid.samples.iter().filter_map(|one| one.regions.as_deref()).collect();
    sets.dedup();
    for regions in sets {
        let inside =
            |row: &&Row| grid.samples[row.specification.sample].regions.as_deref() == Some(regions);
        let mut choices: Vec<Specification> = Vec::new();
        for row in rows.iter().filter(inside) {
            let one = Specification { sample: 0, ..row.specification };
            if !choices.contains(&one) {
                choices.push(one);
            }
        }
        for one in choices {
            let same = |row: &&Row| Specification { sample: 0, ..row.specification } == one;
            let of: Vec<&Row> = rows.iter().filter(inside).filter(same).collect();
            let found: Vec<&Found> = of.iter().filter_map(|row| row.found.as_ref().ok()).collect();
            let Some(first) = found.first() else { continue };
            let names = first.coefficients.names.clone();
            let line = |parameter: String, test| Line {
                one,
                regions: regions.to_owned(),
                estimated: found.len(),
                of: of.len(),
                parameter,
                test,
            };
            for (at, name) in names.iter().enumerate() {
                lines.push(line(name.clone(), compared(&found, &[at], name)));
            }
            let all: Vec<usize> = (0..names.len()).collect();
            lines.push(line("all".to_owned(), compared(&found, &all, "all coefficients")));
        }
    }
    let text = |name: &str, of: &dyn Fn(&Line) -> String| Column::text(name, lines.iter().map(of));
    let count = |name: &str, of: &dyn Fn(&Line) -> usize| {
        Column::int(name, lines.iter().map(|line| i64::try_from(of(line)).unwrap_or(i64::MAX)))
    };
    let number = |name: &str, of: &dyn Fn(&TestStat) -> Option<f64>| {
        let value = |line: &Line| line.test.as_ref().and_then(of).unwrap_or(f64::NAN);
        Column::float(name, lines.iter().map(value))
    };
    (!lines.is_empty()).then(|| Table {
        name: "robustness_regions".to_owned(),
        title: "Wald tests of equal coefficients in all regions".to_owned(),
        columns: vec![
            text("regions", &|line| line.regions.clone()),
            text("weights", &|line| grid.weights[line.one.weights].clone()),
            Column::float(
                "winsorised",
                lines.iter().map(|line| grid.winsorise[line.one.winsorise]),
            ),
            text("variables", &|line| grid.transformations[line.one.transformation].name.clone()),
            text("model", &|line| line.one.model.to_string()),
            text("effects", &|line| line.one.effects.to_string()),
            count("estimated", &|line| line.estimated),
            count("of", &|line| line.of),
            text("coefficient", &|line| line.parameter.clone()),
            number("statistic", &|test| test.statistic),
            number("df", &|test| match test.distribution {
                Distribution::ChiSquared(free) => Some(free),
                _ => None,
            }),
            number("p_value", &TestStat::p_value),
        ],
    })
}

/// The test of some of the coefficients, at positions `at`; none where a covariance has no inverse or names differ.
fn compared(found: &[&Found], at: &[usize], of: &str) -> Option<TestStat> {
    let names = &found.first()?.coefficients.names;
    if found.len() < 2 || found.iter().any(|one| one.coefficients.names != *names) {
        return None;
    }
    let regional = |one: &&Found| {
        let all = &one.coefficients;
        Regional {
            estimates: at.iter().map(|&i| all.estimates[i]).collect(),
            covariance: all.covariance.select(Axis(0), at).select(Axis(1), at),
        }
    };
    equal_in_regions(of, &found.iter().map(regional).collect::<Vec<_>>()).ok()
}
