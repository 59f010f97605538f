//! The result as tables for a terminal and a paper.

use durbin_core::{
    Column, Conventions, Estimate, EstimateTable, Row, Table, TestStat, p_value_text,
};
use durbin_gmm::{Errors, Estimator, Fit, GmmSpec, Steps};
use durbin_sdm::{EquationEffects, Impacts};

use super::GmmResult;
use crate::{
    jobs::table_files::{self, Texts},
    neighbours,
    tables::{self, found, labels},
};

/// The tables that are files, by their stems.
pub(super) const STEMS: [&str; 3] = ["gmm", "gmm_impacts", "gmm_impacts_long_run"];

const TESTS: &str = "Tests and their nulls";

/// What heads a fit's column.
pub(crate) fn heading(fit: &Fit) -> String {
    let estimator = match fit.spec.estimator {
        Estimator::Difference => "difference GMM",
        _ => "system GMM",
    };
    let steps = match fit.spec.steps {
        Steps::One => "one-step",
        Steps::Two => "two-step",
        _ => "iterated",
    };
    format!("{}, {steps} {estimator}", fit.spec.y)
}

/// Coefficients of fits side by side, with their counts and tests underneath.
pub(crate) fn coefficients(name: &str, title: &str, fits: &[(String, &Fit)]) -> EstimateTable {
    let all: Vec<Vec<(String, Estimate)>> =
        fits.iter().map(|(_, fit)| fit.coefficients()).collect();
    let mut labels = labels(&all);
    // Time effects and the constant last, whichever fit brought the other names.
    labels.sort_by_key(|label| (label == "_cons", label.contains('=')));
    let rows = labels
        .into_iter()
        .map(|label| Row {
            group: None,
            cells: all.iter().map(|fit| found(fit, &label)).collect(),
            label,
        })
        .collect();
    let line = |label: &str, of: &dyn Fn(&Fit) -> String| {
        (label.to_owned(), fits.iter().map(|(_, fit)| of(fit)).collect::<Vec<String>>())
    };
    let footer = vec![
        line("Observations", &|fit| fit.n_obs.to_string()),
        line("Groups", &|fit| fit.n_groups.to_string()),
        line("Instruments", &|fit| fit.n_instruments.to_string()),
        line("AR(1), p", &|fit| p_text(fit.tests.ar.first())),
        line("AR(2), p", &|fit| p_text(fit.tests.ar.get(1))),
        line("Sargan, p", &|fit| p_text(Some(&fit.tests.sargan))),
        line("Hansen, p", &|fit| p_text(Some(&fit.tests.hansen))),
        line("Standard errors", &|fit| errors(&fit.spec).to_owned()),
    ];
    let conventions = match fits {
        [(_, fit)] => fit.conventions.clone(),
        // What differs between fits is said of each by itself; W is the study's.
        _ => fits
            .iter()
            .find_map(|(_, fit)| neighbours::weights_of(fit))
            .map_or_else(Conventions::new, |weights| {
                Conventions::new().with("weights of neighbours", weights)
            }),
    };
    EstimateTable {
        name: name.to_owned(),
        title: title.to_owned(),
        headings: fits.iter().map(|(heading, _)| heading.clone()).collect(),
        rows,
        footer,
        conventions,
    }
}

/// What standard errors are, in a word.
fn errors(spec: &GmmSpec) -> &'static str {
    match (spec.errors, spec.steps) {
        (Errors::Jackknife, _) => "jackknife",
        (Errors::Robust, Steps::One) => "robust",
        (Errors::Robust, _) if spec.windmeijer => "Windmeijer",
        (_, Steps::One) => "classical",
        _ => "uncorrected",
    }
}

fn p_text(test: Option<&TestStat>) -> String {
    test.and_then(TestStat::p_value).map_or_else(String::new, p_value_text)
}

/// Every test of a fit, those of groups of instruments under the group's name.
pub(crate) fn all_tests(fit: &Fit) -> Vec<TestStat> {
    let tests = &fit.tests;
    let groups = tests.difference_in_hansen.iter().map(|group| {
        let mut test = group.difference.clone();
        test.name = format!("Difference in Hansen, {}", group.group);
        test
    });
    let neighbours = neighbours::wald(fit);
    let wald = std::iter::once(&tests.wald).chain(&neighbours).chain(&tests.wald_time);
    let single = tests.ar.iter().chain([&tests.sargan, &tests.hansen]);
    let others = wald.chain([&tests.cd]).cloned();
    single.cloned().chain(groups).chain(others).collect()
}

/// Every test with its null; the fit's heading before it where there are several.
pub(crate) fn tests(name: &str, fits: &[(String, &Fit)]) -> Table {
    let each: Vec<Vec<TestStat>> = fits.iter().map(|(_, fit)| all_tests(fit)).collect();
    let mut table = tables::tests(name, TESTS, &each.concat());
    if fits.len() > 1 {
        let headings = fits
            .iter()
            .zip(&each)
            .flat_map(|((heading, _), tests)| std::iter::repeat_n(heading.as_str(), tests.len()));
        table.columns.insert(0, Column::text("model", headings));
    }
    table
}

/// Effects of models with neighbours side by side, within the period and in the long run, as far as there are some.
pub(crate) fn impacts(all: &[(String, &EquationEffects)]) -> Vec<EstimateTable> {
    let table = |name: &str, when: &str, of: fn(&EquationEffects) -> Option<&Impacts>| {
        let each = all.iter().filter_map(|(heading, found)| Some((heading.clone(), of(found)?)));
        let each: Vec<_> = each.collect();
        let title = format!("Direct, indirect and total effects{when}, by GMM");
        (!each.is_empty()).then(|| tables::impacts(name, &title, &each))
    };
    let within = table(STEMS[1], "", |found| found.impacts.as_ref());
    let in_the_long_run = table(STEMS[2], " in the long run", |found| found.long_run.as_ref());
    within.into_iter().chain(in_the_long_run).collect()
}

impl GmmResult {
    /// The tables of estimates: coefficients, and effects where neighbours enter.
    fn tables(&self) -> Vec<EstimateTable> {
        let heading = heading(&self.fit);
        let mut all =
            vec![coefficients(STEMS[0], "Dynamic panel", &[(heading.clone(), &self.fit)])];
        all.extend(self.effects.iter().flat_map(|found| impacts(&[(heading.clone(), found)])));
        all
    }

    /// The same as files.
    pub(super) fn files(&self) -> impl Iterator<Item = Texts> {
        self.tables().into_iter().map(table_files::of_estimates)
    }

    /// The tables for a terminal.
    pub fn text(&self) -> String {
        let fit = &self.fit;
        let mut parts: Vec<String> = self.tables().iter().map(durbin_report::table::text).collect();
        parts.insert(1, tables::tests_text(TESTS, &all_tests(fit)));
        parts.extend(estimates("long_run", "Long-run coefficients", "long run", &fit.long_run()));
        parts.extend(self.bounds());
        parts.extend(self.vif());
        for margin in &self.margins {
            let rows: Vec<(String, Estimate)> = margin
                .points
                .iter()
                .map(|(at, estimate)| (format!("{at:.4}"), *estimate))
                .collect();
            let title = format!("Marginal effect of {} along {}", margin.of, margin.along);
            parts.extend(estimates(
                "marginal_effect",
                &title,
                &format!("∂{}/∂{}", fit.spec.y, margin.of),
                &rows,
            ));
        }
        parts.extend(super::unit_root::text(&self.unit_roots));
        parts.join("\n")
    }

    fn bounds(&self) -> Option<String> {
        let bounds = self.fit.bounds.as_ref()?;
        let fact = |name: &str, value: f64| (name.to_owned(), format!("{value:.4}"));
        let mut facts = vec![
            fact(&format!("{}, within", bounds.variable), bounds.within),
            fact(&format!("{}, GMM", bounds.variable), bounds.estimate),
            fact(&format!("{}, pooled", bounds.variable), bounds.pooled),
        ];
        let inside = if bounds.inside { "yes" } else { "no" };
        facts.push(("inside the bounds".to_owned(), inside.to_owned()));
        Some(durbin_report::key_values(&facts))
    }

    fn vif(&self) -> Option<String> {
        let vif = &self.fit.vif;
        let table = Table {
            name: "vif".to_owned(),
            title: "Variance inflation in levels (above 10: high)".to_owned(),
            columns: vec![
                Column::text("term", vif.iter().map(|vif| vif.name.clone())),
                Column::float("vif", vif.iter().map(|vif| vif.vif.unwrap_or(f64::INFINITY))),
            ],
        };
        (vif.len() > 1).then(|| durbin_report::table::text(&table))
    }
}

fn estimates(
    name: &str,
    title: &str,
    heading: &str,
    rows: &[(String, Estimate)],
) -> Option<String> {
    let row = |(label, estimate): &(String, Estimate)| Row {
        group: None,
        label: label.clone(),
        cells: vec![Some(*estimate)],
    };
    let table = EstimateTable {
        name: name.to_owned(),
        title: title.to_owned(),
        headings: vec![heading.to_owned()],
        rows: rows.iter().map(row).collect(),
        footer: Vec::new(),
        conventions: Conventions::new(),
    };
    (!rows.is_empty()).then(|| durbin_report::table::text(&table))
}
