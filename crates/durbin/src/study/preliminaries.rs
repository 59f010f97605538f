//! What is looked at before a spatial model: autocorrelation of its response, and how its regressors hang together.

use durbin_core::{Column, Panel, Progress, Table, Warning};
use durbin_hotspot::{GlobalOptions, GlobalTest, moran};
use durbin_sdm::{BiasCorrection, Collinearity};

use super::{Study, file::Sdm, models};
use crate::{Error, choice::Site, jobs::sdm};

const MORAN: &str = "moran";
const REGRESSORS: &str = "regressors";

/// Moran's I of a response in one period by one W.
pub(super) struct Autocorrelation {
    weights: String,
    variable: String,
    period: String,
    /// None where the statistic does not exist: a constant, no links.
    test: Option<GlobalTest>,
}

pub(super) struct Preliminaries {
    pub moran: Vec<Autocorrelation>,
    pub regressors: Vec<Collinearity>,
}

/// Of the first model of each response, by the weights of the study and those of its robustness grid.
pub(super) fn look(
    study: &Study,
    panel: &Panel,
    site: Site,
    progress: &dyn Progress,
) -> Result<Preliminaries, Error> {
    let mut responses: Vec<&str> = study.sdm.iter().map(|sdm| sdm.y.as_str()).collect();
    responses.dedup();
    let mut kinds = vec![study.weights.kind.clone()];
    for kind in study.robustness.iter().flat_map(|grid| &grid.weights) {
        if !kinds.contains(kind) {
            kinds.push(kind.clone());
        }
    }
    let mut moran_of = Vec::new();
    for kind in &kinds {
        let mut said: Vec<Warning> = Vec::new();
        // The grid says of weights that cannot be built why it has no fits by them.
        let built = study.weights_choice_of(kind)?.build(site, sdm::DEFAULTS, &mut said);
        let Ok(w) = built else { continue };
        for variable in &responses {
            let values = panel.get(variable).map_err(Error::data(&study.panel.file))?;
            for (row, period) in values.rows().into_iter().zip(&panel.periods) {
                let test = moran(&row.to_vec(), &w, &GlobalOptions::default(), progress).ok();
                moran_of.push(Autocorrelation {
                    weights: kind.clone(),
                    variable: (*variable).to_owned(),
                    period: period.clone(),
                    test,
                });
            }
        }
    }
    let mut regressors: Vec<Collinearity> = Vec::new();
    for sdm in &study.sdm {
        let failed = |source| Error::Sdm { file: study.panel.file.clone(), source };
        let known = spec(sdm).collinearity(panel).map_err(failed)?;
        if !regressors.iter().any(|other| other.variables == known.variables) {
            regressors.push(known);
        }
    }
    Ok(Preliminaries { moran: moran_of, regressors })
}

fn spec(sdm: &Sdm) -> durbin_sdm::SdmSpec {
    models::spec(sdm, BiasCorrection::None)
}

/// Whether a table of a study is one of these.
pub(super) fn is_one(table: &str) -> bool {
    table == MORAN || table.starts_with(REGRESSORS)
}

impl Preliminaries {
    /// The tables `moran` and `regressors` (numbered where there are several).
    pub(super) fn tables(&self, study: &Study) -> Vec<Table> {
        let mut tables = vec![self.autocorrelation(study)];
        for (at, known) in self.regressors.iter().enumerate() {
            let mut table = correlations(study, known);
            if self.regressors.len() > 1 {
                table.name = format!("{}_{}", table.name, at + 1);
            }
            tables.push(table);
        }
        tables
    }

    fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Autocorrelation> {
        self.moran.iter().filter(move |one| one.weights == kind)
    }

    /// A row per response and period, with I, z and p by each W.
    fn autocorrelation(&self, study: &Study) -> Table {
        let mut kinds: Vec<&str> = self.moran.iter().map(|one| one.weights.as_str()).collect();
        kinds.dedup();
        let first = kinds.first().copied().unwrap_or_default();
        let mut columns = vec![
            Column::text("variable", self.of(first).map(|one| study.label(&one.variable))),
            Column::text("period", self.of(first).map(|one| one.period.clone())),
        ];
        for kind in kinds {
            let number = |name: &str, pick: fn(&GlobalTest) -> f64| {
                let value = |one: &Autocorrelation| one.test.as_ref().map_or(f64::NAN, pick);
                Column::float(format!("{name} ({kind})"), self.of(kind).map(value))
            };
            columns.extend([
                number("I", |test| test.value),
                number("z", |test| test.z),
                number("p", |test| test.p_value),
            ]);
        }
        Table {
            name: MORAN.to_owned(),
            title: "Moran's I of the response by period and weights (randomisation, two-sided)"
                .to_owned(),
            columns,
        }
    }
}

fn correlations(study: &Study, known: &Collinearity) -> Table {
    let mut columns =
        vec![Column::text("variable", known.variables.iter().map(|name| study.label(name)))];
    for (name, row) in known.variables.iter().zip(&known.correlations) {
        columns.push(Column::float(study.label(name), row.iter().copied()));
    }
    let inflation = known.inflation.iter().map(|v| v.unwrap_or(f64::NAN));
    columns.push(Column::float("VIF", inflation));
    Table {
        name: REGRESSORS.to_owned(),
        title: "Correlations of the regressors, and their variance inflation (above 10: high)"
            .to_owned(),
        columns,
    }
}
