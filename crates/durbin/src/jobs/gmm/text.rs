//! The result as tables for a terminal and a paper.

use durbin_core::{Column, Conventions, Estimate, EstimateTable, Row, Table, TestStat};
use durbin_gmm::{Estimator, Fit, Steps};

use super::GmmResult;

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
    let mut labels: Vec<String> = Vec::new();
    for (label, _) in all.iter().flatten() {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    // The constant last, whichever fit brought the other names.
    labels.sort_by_key(|label| label == "_cons");
    let found = |fit: &[(String, Estimate)], label: &str| {
        fit.iter().find(|(known, _)| known == label).map(|(_, estimate)| *estimate)
    };
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
    ];
    let conventions = match fits {
        [(_, fit)] => fit.conventions.clone(),
        _ => Conventions::new(),
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

fn p_text(test: Option<&TestStat>) -> String {
    test.and_then(TestStat::p_value).map_or_else(String::new, |p| format!("{p:.4}"))
}

/// Every test with its null.
pub(crate) fn tests(name: &str, fits: &[(String, &Fit)]) -> Table {
    let mut rows: Vec<(String, String, &TestStat)> = Vec::new();
    for (heading, fit) in fits {
        let tests = &fit.tests;
        let single = tests.ar.iter().chain([&tests.sargan, &tests.hansen]);
        rows.extend(single.map(|test| (heading.clone(), test.name.clone(), test)));
        for group in &tests.difference_in_hansen {
            rows.push((
                heading.clone(),
                format!("Difference in Hansen: {}", group.group),
                &group.difference,
            ));
        }
        let others = std::iter::once(&tests.wald).chain(&tests.wald_time).chain([&tests.cd]);
        rows.extend(others.map(|test| (heading.clone(), test.name.clone(), test)));
    }
    let df = |test: &TestStat| match test.distribution {
        durbin_core::Distribution::ChiSquared(df) => df,
        _ => f64::NAN,
    };
    let several = fits.len() > 1;
    let model = several.then(|| Column::text("model", rows.iter().map(|row| row.0.clone())));
    let columns = [
        Column::text("test", rows.iter().map(|row| row.1.clone())),
        Column::text("null", rows.iter().map(|row| row.2.null.clone())),
        Column::float("statistic", rows.iter().map(|row| row.2.statistic.unwrap_or(f64::NAN))),
        Column::float("df", rows.iter().map(|row| df(row.2))),
        Column::float("p_value", rows.iter().map(|row| row.2.p_value().unwrap_or(f64::NAN))),
    ];
    Table {
        name: name.to_owned(),
        title: "Tests and their nulls".to_owned(),
        columns: model.into_iter().chain(columns).collect(),
    }
}

impl GmmResult {
    /// The tables for a terminal.
    pub fn text(&self) -> String {
        let fit = &self.fit;
        let fits = [(heading(fit), fit)];
        let mut parts = vec![
            durbin_report::table::text(&coefficients("gmm", "Dynamic panel", &fits)),
            durbin_report::table::text(&tests("gmm_tests", &fits)),
        ];
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
