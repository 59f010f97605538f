//! Sheets of several maps with one legend.

use durbin_core::{Layer, Style};
use durbin_report::map::{Map, Panel, svg};
use serde::{Deserialize, Serialize};

use super::{
    Study,
    products::{Ground, Picture, values_of},
    results::Results,
};
use crate::Error;

/// Maps of layers side by side, all in the classes of the first; with `symbols`, a row of them for each index whose
/// scores are drawn as circles.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Names the files.
    pub name: String,
    /// Headline.
    pub title: String,
    /// Its number in the report, where figures without one are then numbered A1, A2 …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// Mapped layers of the study.
    pub layers: Vec<String>,
    /// Indices drawn as circles whose areas are proportional to the score; the layers must be maps of an index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<String>,
}

/// Refuses figures of what the study does not map.
pub(super) fn check(study: &Study) -> Result<(), Error> {
    let mapped = |layer: &str| {
        study.hotspot.iter().any(|hotspot| hotspot.layer == layer)
            || index_of(study, layer).is_some()
            || study
                .sdm
                .iter()
                .filter_map(|sdm| sdm.effects_layer.as_ref())
                .any(|e| e.name == layer)
    };
    for figure in &study.figure {
        let wrong = |reason: String| study.wrong(format!("[[figure]] `{}`: {reason}", figure.name));
        if figure.layers.is_empty() {
            return Err(wrong("layers is empty: name at least one".to_owned()));
        }
        for layer in &figure.layers {
            if !mapped(layer) {
                return Err(wrong(format!("the study makes no map `{layer}`")));
            }
            if !figure.symbols.is_empty() && index_of(study, layer).is_none() {
                return Err(wrong(format!(
                    "symbols stand on maps of an index in one period, which `{layer}` is not"
                )));
            }
        }
        for symbol in &figure.symbols {
            if !study.index.iter().any(|index| index.name == *symbol) {
                return Err(wrong(format!("symbols: there is no [[index]] `{symbol}`")));
            }
        }
    }
    Ok(())
}

/// The index and the period that a layer maps.
fn index_of<'a>(study: &'a Study, layer: &str) -> Option<(&'a str, String)> {
    study.index.iter().find_map(|index| {
        let period = layer.strip_prefix(index.name.as_str())?.strip_prefix('_')?;
        let mapped = index.maps.iter().any(|label| label.to_string() == period);
        mapped.then(|| (index.name.as_str(), period.to_owned()))
    })
}

/// Every figure of the study.
pub(super) fn draw(
    study: &Study,
    results: &Results,
    layers: &[Layer],
    ground: &Ground,
) -> Result<Vec<Picture>, Error> {
    study.figure.iter().map(|figure| figure.draw(study, results, layers, ground)).collect()
}

/// A map of the sheet: what heads it, its classes and its circles.
struct Cell {
    heading: String,
    values: Vec<Option<f64>>,
    circles: Vec<Option<f64>>,
}

impl Figure {
    fn draw(
        &self,
        study: &Study,
        results: &Results,
        layers: &[Layer],
        ground: &Ground,
    ) -> Result<Picture, Error> {
        let shown: Vec<(&Layer, &Style)> = self
            .layers
            .iter()
            .filter_map(|name| layers.iter().find(|layer| layer.name == *name))
            .filter_map(|layer| Some((layer, layer.style.as_ref()?)))
            .collect();
        let Some(&(_, first)) = shown.first() else {
            return Err(study.wrong(format!("[[figure]] `{}` shows nothing", self.name)));
        };
        if let Some((other, _)) = shown.iter().find(|(_, style)| !same_classes(style, first)) {
            return Err(study.wrong(format!(
                "[[figure]] `{}`: `{}` is drawn in other classes than `{}`, so that they cannot share a legend",
                self.name, other.name, self.layers[0]
            )));
        }
        // Without circles there is one row of maps; with them, one for each index.
        let rows: Vec<Option<&String>> = match &self.symbols[..] {
            [] => vec![None],
            symbols => symbols.iter().map(Some).collect(),
        };
        let mut cells = Vec::new();
        for symbol in rows {
            for &(layer, style) in &shown {
                cells.push(Cell {
                    heading: heading(study, results, layer, symbol),
                    values: values_of(layer, style)?,
                    circles: symbol
                        .map(|symbol| circles(study, results, symbol, &layer.name))
                        .unwrap_or_default(),
                });
            }
        }
        let panels: Vec<Panel> = cells
            .iter()
            .map(|cell| Panel {
                heading: &cell.heading,
                values: &cell.values,
                circles: &cell.circles,
            })
            .collect();
        let style = titled(first, self.legend_title(study));
        let words: Vec<String> = self.symbols.iter().map(|name| study.label(name)).collect();
        let of_circles = format!("Circles: {}", words.join(", "));
        let title = study.said(self.title.clone());
        let map = Map {
            title: &title,
            subtitle: None,
            shapes: &ground.shapes,
            panels: &panels,
            names: &results.units.ids,
            labels: &[],
            circles: (!self.symbols.is_empty()).then_some(of_circles.as_str()),
            columns: (!self.symbols.is_empty()).then_some(shown.len()),
            style: &style,
            metres_per_unit: ground.metres_per_unit,
            note: Some(&ground.projection),
        };
        Ok(Picture { name: self.name.clone(), caption: title.clone(), svg: svg(&map) })
    }

    /// The index of all maps, or what the style says.
    fn legend_title(&self, study: &Study) -> Option<String> {
        let (name, _) = index_of(study, self.layers.first()?)?;
        Some(study.label(name))
    }
}

fn heading(study: &Study, results: &Results, layer: &Layer, symbol: Option<&String>) -> String {
    let hotspot = results.hotspots.iter().find(|done| done.layer == layer.name);
    let own = match (index_of(study, &layer.name), hotspot) {
        (Some((_, period)), _) => period,
        (None, Some(done)) => done.title.clone(),
        (None, None) => layer.metadata.title.clone(),
    };
    match symbol {
        Some(symbol) => format!("{own}, {}", study.label(symbol)),
        None => own,
    }
}

/// Scores of the index `symbol` in the period of a layer.
fn circles(study: &Study, results: &Results, symbol: &str, layer: &str) -> Vec<Option<f64>> {
    let found = index_of(study, layer).and_then(|(_, period)| {
        let done = results.indices.iter().find(|done| done.name == symbol)?;
        let row = done.index.periods.iter().position(|known| *known == period)?;
        Some(done.index.scores.row(row).iter().map(|score| Some(*score)).collect())
    });
    found.unwrap_or_default()
}

/// Whether two styles put every value into the same class.
fn same_classes(a: &Style, b: &Style) -> bool {
    match (a, b) {
        (Style::Graduated { classes: a, .. }, Style::Graduated { classes: b, .. }) => a == b,
        (Style::Categorised { classes: a, .. }, Style::Categorised { classes: b, .. }) => a == b,
        _ => false,
    }
}

fn titled(style: &Style, words: Option<String>) -> Style {
    let mut style = style.clone();
    if let (Style::Graduated { title, .. }, Some(words)) = (&mut style, words) {
        *title = words;
    }
    style
}
