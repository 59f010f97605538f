//! The panel as it was analysed, and what its variables are like.

use durbin_core::{Column, Panel, Table};

use super::{Study, results::Results};

/// Every variable of the analysis by unit and period: columns after preparation, formulas, indices.
pub(super) fn panel(study: &Study, results: &Results) -> Table {
    let panel = &results.panel;
    let (n, t) = (panel.n_units(), panel.n_periods());
    let mut columns = vec![
        Column::text(&study.boundaries.id, (0..t * n).map(|at| panel.ids[at % n].as_str())),
        Column::text(&study.panel.time, (0..t * n).map(|at| panel.periods[at / n].as_str())),
    ];
    for variable in panel.names() {
        let Ok(values) = panel.get(variable) else { continue };
        let mut name = variable.clone();
        // Databases tell no case apart, and keep some names for themselves; models do and do not.
        while ["fid", "data"].iter().any(|taken| taken.eq_ignore_ascii_case(&name))
            || columns.iter().any(|column: &Column| column.name.eq_ignore_ascii_case(&name))
        {
            name.push('_');
        }
        let column = Column::float(name, values.iter().copied());
        columns.push(column.alias(study.label(variable)));
    }
    Table {
        name: "panel".to_owned(),
        title: "The panel as it was analysed: after preparation, with formulas and indices"
            .to_owned(),
        columns,
    }
}

/// Observations, mean, standard deviation (divisor n − 1), minimum and maximum of the variables of all models.
pub(super) fn descriptives(study: &Study, panel: &Panel) -> Option<Table> {
    let names = of_models(study, panel);
    let all: Vec<Described> = names.iter().filter_map(|name| Described::of(panel, name)).collect();
    let number = |name: &str, of: fn(&Described) -> f64| Column::float(name, all.iter().map(of));
    (!all.is_empty()).then(|| Table {
        name: "descriptives".to_owned(),
        title: "Descriptive statistics".to_owned(),
        columns: vec![
            Column::text("variable", names.iter().map(String::as_str)),
            Column::int("observations", all.iter().map(|one| one.count)),
            number("mean", |one| one.mean),
            number("std_dev", |one| one.std_dev),
            number("min", |one| one.min),
            number("max", |one| one.max),
        ],
    })
}

/// Explained variables first, as they come in the study, each variable once.
fn of_models(study: &Study, panel: &Panel) -> Vec<String> {
    let spatial = study.sdm.iter().map(|sdm| (&sdm.y, &sdm.x));
    let models: Vec<_> =
        study.gmm.iter().map(|gmm| (&gmm.spec.y, &gmm.spec.x)).chain(spatial).collect();
    let explained = models.iter().map(|(y, _)| *y);
    let mut names: Vec<String> = Vec::new();
    for name in explained.chain(models.iter().flat_map(|(_, x)| x.iter())) {
        if !names.contains(name) && panel.get(name).is_ok() {
            names.push(name.clone());
        }
    }
    names
}

struct Described {
    count: i64,
    mean: f64,
    std_dev: f64,
    min: f64,
    max: f64,
}

impl Described {
    fn of(panel: &Panel, name: &str) -> Option<Self> {
        let values = panel.get(name).ok()?;
        let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        let count = known.len() as f64;
        let mean = known.iter().sum::<f64>() / count;
        let squares: f64 = known.iter().map(|value| (value - mean).powi(2)).sum();
        Some(Self {
            count: i64::try_from(known.len()).unwrap_or(i64::MAX),
            mean,
            std_dev: (squares / (count - 1.0)).sqrt(),
            min: known.iter().copied().fold(f64::INFINITY, f64::min),
            max: known.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }
}
