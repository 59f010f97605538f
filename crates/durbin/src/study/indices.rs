//! The composite indices of a study.

use durbin_core::{Column, Layer, Metadata, Panel, Table};
use durbin_index::{DimensionScore, Index, IndexSpec, Method, Normalize, Pool, Score};
use serde::{Deserialize, Serialize};

use super::{Study, file::Label, parts::Parts, results::Results};
use crate::{
    Error, Indicators,
    indicators::{DimensionOf, One},
    jobs::{destination::with_columns, index::graded, long},
};

/// One index; the variable `name`, and `name_dimension` for each of its dimensions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexChosen {
    /// The variable it makes.
    pub name: String,
    /// Where weights come from.
    #[serde(default)]
    pub method: Method,
    /// How they make a score.
    #[serde(default)]
    pub score: Score,
    /// Rows over which weights are computed.
    #[serde(default)]
    pub pool: Pool,
    /// Rows over which min–max runs.
    #[serde(default)]
    pub normalize: Normalize,
    /// What dimensions score.
    #[serde(default)]
    pub dimension_score: DimensionScore,
    /// Whether to compute the coupling coordination degree of the dimensions, as `name_coordination`.
    #[serde(default)]
    pub coupling: bool,
    /// Whether to compute what each indicator contributes and withholds, as `name_parts` and `name_obstacles`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub parts: bool,
    /// Periods that are mapped, with one legend.
    #[serde(default)]
    pub maps: Vec<Label>,
    /// Whether to write a layer of one feature per unit and period too, `name_by_period`, which QGIS animates.
    #[serde(default)]
    pub animate: bool,
    /// Indicators of which more is better.
    #[serde(default)]
    pub positive: Vec<String>,
    /// Indicators of which less is better.
    #[serde(default)]
    pub negative: Vec<String>,
    /// Dimensions.
    #[serde(default)]
    pub dimension: Vec<DimensionOf>,
    /// Indicators one by one.
    #[serde(default)]
    pub indicator: Vec<One>,
}

/// An index with the labels of its periods and units.
pub(super) struct IndexDone {
    pub name: String,
    pub index: Index,
    pub coordination: Option<ndarray::Array2<f64>>,
    pub parts: Option<Parts>,
    pub maps: Vec<String>,
    animate: bool,
}

impl IndexChosen {
    pub(super) fn spec(&self) -> IndexSpec {
        let indicators = Indicators {
            positive: self.positive.clone(),
            negative: self.negative.clone(),
            dimension: self.dimension.clone(),
            indicator: self.indicator.clone(),
        };
        IndexSpec {
            method: self.method,
            score: self.score,
            pool: self.pool,
            normalize: self.normalize,
            dimension_score: self.dimension_score,
            ..IndexSpec::new(indicators.list())
        }
    }

    /// The variables it makes.
    pub(super) fn variables(&self) -> Vec<String> {
        let spec = self.spec();
        let dimensions =
            spec.dimensions().into_iter().map(|(name, _)| format!("{}_{name}", self.name));
        let coordination = self.coupling.then(|| format!("{}_coordination", self.name));
        std::iter::once(self.name.clone()).chain(dimensions).chain(coordination).collect()
    }

    /// Computes the index and adds its variables to the panel.
    pub(super) fn add(
        &self,
        study: &Study,
        panel: &mut Panel,
        warnings: &mut Vec<durbin_core::Warning>,
    ) -> Result<IndexDone, Error> {
        let failed = |source: durbin_index::Error| {
            study.wrong(format!("[[index]] `{}`: {source}", self.name))
        };
        let index = self.spec().fit(panel).map_err(failed)?;
        for label in &self.maps {
            panel.period(&label.to_string()).map_err(Error::data(&study.panel.file))?;
        }
        panel.insert(&self.name, index.scores.clone());
        for dimension in &index.dimensions {
            panel.insert(format!("{}_{}", self.name, dimension.name), dimension.scores.clone());
        }
        let mut coordination = None;
        if self.coupling {
            let coupling = index.coupling().map_err(failed)?;
            warnings.extend(coupling.warnings);
            panel.insert(format!("{}_coordination", self.name), coupling.coordination.clone());
            coordination = Some(coupling.coordination);
        }
        let maps = self.maps.iter().map(ToString::to_string).collect();
        let parts = self
            .parts
            .then(|| Parts { contributions: index.contributions(), obstacles: index.obstacles() });
        let (name, animate) = (self.name.clone(), self.animate);
        Ok(IndexDone { name, index, coordination, parts, maps, animate })
    }
}

/// The names an index takes among layers and tables.
pub(super) fn names(index: &IndexChosen) -> Vec<String> {
    let maps = index.maps.iter().map(|period| format!("{}_{period}", index.name));
    let tables =
        ["index", "weights", "parts", "obstacles"].map(|table| format!("{}_{table}", index.name));
    let animated = index.animate.then(|| format!("{}_by_period", index.name));
    maps.chain(tables).chain(animated).collect()
}

pub(super) fn check(study: &Study) -> Result<(), Error> {
    let mut seen: Vec<String> = study.variables.keys().cloned().collect();
    for index in &study.index {
        let wrong = |reason: String| study.wrong(format!("[[index]] `{}`: {reason}", index.name));
        index.spec().check().map_err(|error| wrong(error.to_string()))?;
        for variable in index.variables() {
            if seen.contains(&variable) {
                return Err(wrong(format!("there is another variable `{variable}`")));
            }
            seen.push(variable);
        }
    }
    Ok(())
}

impl IndexDone {
    /// The columns of unit and period.
    pub(super) fn keys(&self, study: &Study, ids: &[String]) -> Vec<Column> {
        let n = ids.len();
        let t = self.index.periods.len();
        let periods = (0..t * n).map(|at| self.index.periods[at / n].as_str());
        vec![
            Column::text(&study.boundaries.id, (0..t * n).map(|at| ids[at % n].as_str())),
            Column::text(&study.panel.time, periods),
        ]
    }

    /// Scores of every unit and period, with what they are made of.
    pub(super) fn scores(&self, study: &Study, ids: &[String]) -> Table {
        let mut columns = self.keys(study, ids);
        columns.push(Column::float(&self.name, self.index.scores.iter().copied()));
        for dimension in &self.index.dimensions {
            let name = format!("{}_{}", self.name, dimension.name);
            columns.push(Column::float(name, dimension.scores.iter().copied()));
        }
        if let Some(coordination) = &self.coordination {
            let name = format!("{}_coordination", self.name);
            columns.push(Column::float(name, coordination.iter().copied()));
        }
        Table {
            name: format!("{}_index", self.name),
            title: format!("{}: scores by unit and period", study.label(&self.name)),
            columns,
        }
    }

    /// Weights of the indicators, by period and on average.
    pub(super) fn weights(&self, study: &Study) -> Table {
        let title = format!("{}: weights of the indicators", study.label(&self.name));
        let mut table = self.index.table(&format!("{}_weights", self.name), &title);
        let labels = self.index.weights.iter().map(|w| study.label(&w.indicator));
        table.columns.push(Column::text("label", labels));
        table
    }

    /// The weights for a page: in words, and of the weights of single periods the least and the greatest.
    pub(super) fn weights_in_short(&self, study: &Study) -> Table {
        let w = &self.index.weights;
        let mut table = self.weights(study);
        table.columns.retain(|column| {
            ["dimension", "sign", "entropy", "weight"].contains(&column.name.as_str())
        });
        let words = Column::text("indicator", w.iter().map(|w| study.label(&w.indicator)));
        let behind_dimension = table.columns.iter().take_while(|c| c.name == "dimension").count();
        table.columns.insert(behind_dimension, words);
        if w.iter().all(|w| w.by_period.len() > 1) {
            let of = |pick: fn(f64, f64) -> f64, start: f64| {
                w.iter()
                    .map(move |w| w.by_period.iter().map(|(_, weight)| *weight).fold(start, pick))
            };
            table.columns.push(Column::float("least of a period", of(f64::min, f64::INFINITY)));
            table
                .columns
                .push(Column::float("greatest of a period", of(f64::max, f64::NEG_INFINITY)));
        }
        table.title = study.said(study.title_of(&table.name, table.title));
        table
    }

    /// One layer for each period that is mapped, with one legend.
    pub(super) fn layers(&self, study: &Study, results: &Results) -> Result<Vec<Layer>, Error> {
        let label = study.label(&self.name);
        let file = study.resolve(&study.boundaries.file);
        let mut layers = Vec::new();
        for period in &self.maps {
            let Some(row) = self.index.periods.iter().position(|known| known == period) else {
                continue;
            };
            let mut columns = vec![
                Column::float(&self.name, self.index.scores.row(row).to_vec())
                    .alias(format!("{label}, {period}")),
            ];
            for dimension in &self.index.dimensions {
                let name = format!("{}_{}", self.name, dimension.name);
                columns.push(Column::float(name, dimension.scores.row(row).to_vec()));
            }
            let shown = self
                .maps
                .iter()
                .filter_map(|period| self.index.periods.iter().position(|known| known == period));
            let values: Vec<f64> =
                shown.flat_map(|row| self.index.scores.row(row).to_vec()).collect();
            layers.push(Layer {
                name: format!("{}_{period}", self.name),
                style: Some(graded(&self.name, &format!("{label}, {period}"), values.into_iter())),
                metadata: Metadata {
                    title: format!("{label}, {period}"),
                    description:
                        "Composite index per unit; classes hold equally many of the values of all \
                                  periods that are mapped."
                            .to_owned(),
                    history: self.history(study),
                },
                ..with_columns(results.units.layer.clone(), columns, &file)?
            });
        }
        if self.animate {
            layers.push(self.animated(study, results)?);
        }
        Ok(layers)
    }

    /// One feature per unit and period, with the legend of all periods.
    fn animated(&self, study: &Study, results: &Results) -> Result<Layer, Error> {
        let label = study.label(&self.name);
        let column = |name: String, scores: &ndarray::Array2<f64>| {
            Column::float(name, scores.iter().copied())
        };
        let mut columns = vec![column(self.name.clone(), &self.index.scores).alias(label.clone())];
        for dimension in &self.index.dimensions {
            columns.push(column(format!("{}_{}", self.name, dimension.name), &dimension.scores));
        }
        let (wide, id) = (&results.units.layer, &study.boundaries.id);
        let file = study.resolve(&study.boundaries.file);
        let repeated = long::repeated(wide, id, &self.index.periods, columns, &file)?;
        Ok(Layer {
            name: format!("{}_by_period", self.name),
            style: Some(graded(&self.name, &label, self.index.scores.iter().copied())),
            metadata: Metadata {
                title: format!("{label}, by period"),
                history: self.history(study),
                ..repeated.metadata
            },
            ..repeated
        })
    }

    fn history(&self, study: &Study) -> Vec<String> {
        let conventions = self.index.conventions.iter();
        let conventions = conventions.map(|(name, choice)| format!("{name}: {choice}"));
        std::iter::once(format!("study: {}", study.study.title)).chain(conventions).collect()
    }
}
