//! Fits and effects as tables of a paper.

use durbin_core::{
    Column, Conventions, Distribution, EstimateTable, Row, Table, TestStat, p_value_text,
};
use durbin_sdm::{BiasCorrection, Compared, Comparison, Effects, Fit, Impacts};

/// Coefficients of fits side by side.
pub(crate) fn coefficients(name: &str, title: &str, fits: &[(String, &Fit)]) -> EstimateTable {
    let all: Vec<Vec<(String, durbin_core::Estimate)>> = fits
        .iter()
        .map(|(_, fit)| {
            let spatial = fit.rho().map(|rho| ("rho".to_owned(), rho)).into_iter();
            let spatial = spatial.chain(fit.lambda().map(|lambda| ("lambda".to_owned(), lambda)));
            let spatial = spatial.chain(fit.phi().map(|phi| ("phi".to_owned(), phi)));
            fit.coefficients().into_iter().chain(spatial).collect()
        })
        .collect();
    let rows = labels(&all)
        .into_iter()
        .map(|label| Row {
            group: None,
            cells: all.iter().map(|fit| found(fit, &label)).collect(),
            label,
        })
        .collect();
    let line = |label: &str, of: &dyn Fn(&Fit) -> String| {
        (label.to_owned(), fits.iter().map(|(_, fit)| of(fit)).collect())
    };
    let mut footer = vec![line("σ²", &|fit| format!("{:.6}", fit.sigma2))];
    if fits.iter().any(|(_, fit)| fit.phi().is_some()) {
        let variance = |fit: &Fit| {
            fit.sigma2_unit().map_or_else(String::new, |unit| format!("{:.6}", unit.estimate))
        };
        footer.push(line("σ² between units", &variance));
    }
    if fits.iter().any(|(_, fit)| fit.stability.is_some()) {
        let sum = |fit: &Fit| fit.stability.map_or_else(String::new, |s| format!("{:.4}", s.sum));
        footer.push(line("τ + ρ + η", &sum));
    }
    footer.extend([
        line("Log-likelihood", &|fit| format!("{:.3}", fit.log_likelihood)),
        line("AIC", &|fit| format!("{:.3}", fit.aic)),
        line("BIC", &|fit| format!("{:.3}", fit.bic)),
        line("R²", &|fit| format!("{:.4}", fit.r_squared)),
        line("R² within", &|fit| format!("{:.4}", fit.r_squared_within)),
        line("Units × periods", &|fit| format!("{} × {}", fit.n_units, fit.n_periods)),
    ]);
    EstimateTable {
        name: name.to_owned(),
        title: title.to_owned(),
        headings: fits.iter().map(|(heading, _)| heading.clone()).collect(),
        rows,
        footer,
        conventions: conventions(fits.iter().map(|(_, fit)| &fit.conventions)),
    }
}

type Effect = fn(&durbin_sdm::Impact) -> durbin_core::Estimate;

/// Whether a model can tell an effect: one without spatial lags has no spill-over by construction, a zero without
/// error that is no finding.
fn is_estimated(effect: &durbin_core::Estimate) -> bool {
    effect.estimate != 0.0 || effect.std_error != 0.0
}

/// Direct, indirect and total effects of fits side by side.
pub(crate) fn impacts(name: &str, title: &str, fits: &[(String, &Impacts)]) -> EstimateTable {
    let all: Vec<Vec<(String, &durbin_sdm::Impact)>> = fits
        .iter()
        .map(|(_, impacts)| impacts.rows.iter().map(|row| (row.variable.clone(), row)).collect())
        .collect();
    let of: [(&str, Effect); 3] =
        [("Direct", |i| i.direct), ("Indirect", |i| i.indirect), ("Total", |i| i.total)];
    let variables = labels(&all);
    let rows = of
        .iter()
        .flat_map(|&(group, effect)| {
            let all = &all;
            variables.iter().map(move |variable| Row {
                group: Some(group.to_owned()),
                label: variable.clone(),
                cells: all
                    .iter()
                    .map(|fit| found(fit, variable).map(effect).filter(is_estimated))
                    .collect(),
            })
        })
        .collect();
    EstimateTable {
        name: name.to_owned(),
        title: title.to_owned(),
        headings: fits.iter().map(|(heading, _)| heading.clone()).collect(),
        rows,
        footer: Vec::new(),
        conventions: conventions(fits.iter().map(|(_, impacts)| &impacts.conventions)),
    }
}

/// Long-run effects of dynamic fits side by side.
pub(crate) fn long_run(fits: &[(String, &Impacts)]) -> EstimateTable {
    impacts("impacts_long_run", "Direct, indirect and total effects in the long run", fits)
}

/// Tests, one a row; a reason stands where there is no p-value.
pub(crate) fn tests(name: &str, title: &str, tests: &[TestStat]) -> Table {
    let df = |test: &TestStat| match test.distribution {
        Distribution::ChiSquared(df) => format!("χ²({df})"),
        Distribution::F(df1, df2) => format!("F({df1}, {df2})"),
        Distribution::StudentT(df) => format!("t({df})"),
        _ => "N(0, 1)".to_owned(),
    };
    let number = |of: &dyn Fn(&TestStat) -> Option<f64>| -> Vec<f64> {
        tests.iter().map(|test| of(test).unwrap_or(f64::NAN)).collect()
    };
    let mut columns = vec![
        Column::text("test", tests.iter().map(|test| test.name.as_str())),
        Column::float("statistic", number(&|test| test.statistic)),
        Column::text("distribution", tests.iter().map(df)),
        Column::float("p_value", number(&TestStat::p_value)),
        Column::text("null", tests.iter().map(|test| test.null.as_str())),
    ];
    if tests.iter().any(|test| test.reason.is_some()) {
        let reasons = tests.iter().map(|test| test.reason.clone().unwrap_or_default());
        columns.push(Column::text("note", reasons));
    }
    Table { name: name.to_owned(), title: title.to_owned(), columns }
}

/// The same for a terminal, the few reasons there are below: as a column they would take half of its width.
pub(crate) fn tests_text(title: &str, all: &[TestStat]) -> String {
    let mut table = tests("tests", title, all);
    table.columns.retain(|column| column.name != "note");
    let noted = |test: &TestStat| Some(format!("{}: {}.", test.name, test.reason.as_ref()?));
    let grid = durbin_report::table::Grid::from(&table);
    durbin_report::table::text(grid.with_notes(all.iter().filter_map(noted)))
}

/// What a fit is called among other models.
pub(crate) fn model_heading(fit: &Fit) -> String {
    fit.spec.model.name().to_uppercase()
}

/// What the groups of rows of a table of fits or effects are in its long form, if it has some.
pub(crate) fn group_name(table: &EstimateTable) -> &'static str {
    if table.name.contains("impacts") { "effect" } else { "part" }
}

/// The models of a comparison: coefficients with their measures of fit, and effects.
pub(crate) fn comparison(comparison: &Comparison) -> [EstimateTable; 2] {
    let models = &comparison.models;
    let headed = |one: &Compared| model_heading(&one.fit);
    let fits: Vec<_> = models.iter().map(|one| (headed(one), &one.fit)).collect();
    let effects: Vec<_> = models.iter().map(|one| (headed(one), &one.impacts)).collect();
    let mut table = coefficients("comparison", "The family side by side", &fits);
    let line = |label: &str, of: &dyn Fn(&Compared) -> String| {
        (label.to_owned(), models.iter().map(of).collect())
    };
    table.footer.push(line("R² Nagelkerke", &|one| format!("{:.4}", one.r_squared_nagelkerke)));
    table.footer.push(line("Posterior probability (BIC)", &|one| p_value_text(one.probability)));
    [table, impacts("comparison_impacts", "Effects side by side", &effects)]
}

/// A bias correction as a heading says it.
pub(crate) fn correction_words(effects: Effects, correction: BiasCorrection) -> &'static str {
    match correction {
        _ if effects == Effects::Random => "random effects",
        _ if effects == Effects::None => "maximum likelihood",
        BiasCorrection::None => "uncorrected",
        BiasCorrection::LeeYu => "Lee–Yu corrected",
        BiasCorrection::Transform => "Lee–Yu transformed",
    }
}

/// Labels in order of first appearance.
pub(crate) fn labels<T>(fits: &[Vec<(String, T)>]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for (label, _) in fits.iter().flatten() {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

/// What a label has in a fit.
pub(crate) fn found<T: Copy>(fit: &[(String, T)], label: &str) -> Option<T> {
    fit.iter().find(|(known, _)| known == label).map(|(_, value)| *value)
}

/// What holds for every fit; where fits differ, each of the choices.
fn conventions<'a>(all: impl Iterator<Item = &'a Conventions>) -> Conventions {
    let mut merged: Vec<(String, Vec<String>)> = Vec::new();
    for (name, choice) in all.flat_map(Conventions::iter) {
        match merged.iter_mut().find(|(known, _)| known == name) {
            Some((_, choices)) if choices.iter().any(|known| known == choice) => {}
            Some((_, choices)) => choices.push(choice.to_owned()),
            None => merged.push((name.to_owned(), vec![choice.to_owned()])),
        }
    }
    merged
        .into_iter()
        .fold(Conventions::new(), |all, (name, choices)| all.with(name, choices.join(" | ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use durbin_core::{Conventions, Estimate};

    #[test]
    fn a_spill_over_that_is_zero_by_construction_has_no_cell() {
        let own = Estimate { estimate: 0.5, std_error: 0.1 };
        let none = Estimate { estimate: 0.0, std_error: 0.0 };
        let row = |indirect| durbin_sdm::Impact {
            variable: "P".to_owned(),
            direct: own,
            indirect,
            total: own,
        };
        let of = |indirect| Impacts { rows: vec![row(indirect)], conventions: Conventions::new() };
        let (ols, sdm) = (of(none), of(own));
        let table = impacts("impacts", "", &[("OLS".to_owned(), &ols), ("SDM".to_owned(), &sdm)]);
        let told: Vec<Vec<bool>> =
            table.rows.iter().map(|row| row.cells.iter().map(Option::is_some).collect()).collect();
        assert_eq!(told, [[true, true], [false, true], [true, true]]);
    }
}
