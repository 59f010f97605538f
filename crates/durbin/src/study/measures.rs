//! What stands under the estimates and beside the weights, as tables of the results.

use durbin_core::{Column, Table};
use durbin_sdm::Fit;
use durbin_weights::Summary;

use super::results::Results;

/// Counts and measures of one fit.
pub(super) fn of_fit(fit: &Fit) -> Vec<(&'static str, f64)> {
    let variance_of_units = fit.sigma2_unit().map(|unit| ("sigma2_unit", unit.estimate));
    let stability = fit.stability.map(|stability| ("tau + rho + eta", stability.sum));
    let of_all = [
        ("units", fit.n_units as f64),
        ("periods", fit.n_periods as f64),
        ("sigma2", fit.sigma2),
        ("log_likelihood", fit.log_likelihood),
        ("aic", fit.aic),
        ("bic", fit.bic),
        ("r_squared", fit.r_squared),
        ("r_squared_within", fit.r_squared_within),
    ];
    of_all.into_iter().chain(variance_of_units).chain(stability).collect()
}

/// Counts and measures of fit of every model, one a row.
pub(super) fn of_fits(results: &Results) -> Option<Table> {
    let mut rows: Vec<(&str, &str, f64)> = Vec::new();
    for done in &results.models {
        let all = of_fit(&done.fit).into_iter();
        rows.extend(all.map(|(measure, value)| (done.heading.as_str(), measure, value)));
    }
    for done in &results.dynamic {
        let fit = &done.fit;
        let all = [
            ("observations", fit.n_obs as f64),
            ("groups", fit.n_groups as f64),
            ("instruments", fit.n_instruments as f64),
        ];
        rows.extend(all.map(|(measure, value)| (done.heading.as_str(), measure, value)));
    }
    (!rows.is_empty()).then(|| Table {
        name: "measures".to_owned(),
        title: "Counts and measures of fit".to_owned(),
        columns: vec![
            Column::text("model", rows.iter().map(|row| row.0)),
            Column::text("measure", rows.iter().map(|row| row.1)),
            Column::float("value", rows.iter().map(|row| row.2)),
        ],
    })
}

/// Who is whose neighbour, in numbers.
pub(super) fn of_weights(w: &Summary) -> Table {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Table {
        name: "spatial_weights".to_owned(),
        title: "Spatial weights of the models".to_owned(),
        columns: vec![
            Column::text("kind", [w.kind.as_str()]),
            Column::text("transform", [w.transform.words()]),
            Column::int("units", [count(w.n)]),
            Column::int("links", [count(w.links)]),
            Column::int("min_neighbours", [count(w.min_cardinality)]),
            Column::float("mean_neighbours", [w.mean_cardinality]),
            Column::int("max_neighbours", [count(w.max_cardinality)]),
            Column::int("islands", [count(w.islands)]),
            Column::int("components", [count(w.components)]),
        ],
    }
}
