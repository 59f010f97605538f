//! What a study writes: layers, tables and maps.

use durbin_core::{Column, EstimateTable, Layer, Metadata, Table};
use durbin_report::{
    interval_plot,
    map::{Map, svg},
};

use super::{Study, results::Results};
use crate::{
    Error,
    jobs::{hotspot::with_columns, sdm::effects_layer},
    tables,
};

/// Everything in memory that goes to files.
pub(super) struct Products {
    pub layers: Vec<Layer>,
    pub coefficients: Option<EstimateTable>,
    pub impacts: Option<EstimateTable>,
    pub tables: Vec<Table>,
    /// File stem, caption, SVG.
    pub maps: Vec<Picture>,
    pub plots: Vec<Picture>,
}

pub(super) struct Picture {
    pub name: String,
    pub caption: String,
    pub svg: String,
}

pub(super) fn assemble(study: &Study, results: &Results) -> Result<Products, Error> {
    let file = study.resolve(&study.boundaries.file);
    let mut layers = Vec::new();
    let mut summary: Vec<(String, i8, usize)> = Vec::new();
    for done in &results.hotspots {
        let columns: Vec<Column> = done.added.iter().chain(&done.tested.columns).cloned().collect();
        let style = done.tested.gi.style("");
        let bins = done.tested.result.bins.iter();
        summary.extend(bins.map(|(&bin, &units)| (done.layer.clone(), bin, units)));
        let history =
            done.tested.gi.conventions.iter().map(|(name, choice)| format!("{name}: {choice}"));
        layers.push(Layer {
            name: done.layer.clone(),
            style: Some(style),
            metadata: Metadata {
                title: format!("Hot and cold spots: {}", done.title),
                description:
                    "Getis-Ord statistic per unit; gi_bin −3 … 3 is cold to hot at 99, 95, 90 %."
                        .to_owned(),
                history: std::iter::once(format!("study: {}", study.study.title))
                    .chain(history)
                    .collect(),
            },
            ..with_columns(&results.units, columns, &file)?
        });
    }
    for effects in results.models.iter().filter_map(|model| model.effects.as_ref()) {
        let history = effects.history.clone();
        layers.push(effects_layer(
            &results.units,
            &effects.effects,
            &effects.layer,
            history,
            &file,
        )?);
    }

    let fits: Vec<_> = results.models.iter().map(|m| (m.heading.clone(), &m.fit)).collect();
    let effects: Vec<_> = results.models.iter().map(|m| (m.heading.clone(), &m.impacts)).collect();
    let any = !fits.is_empty();
    let coefficients = any.then(|| tables::coefficients("coefficients", "Coefficients", &fits));
    let impacts =
        any.then(|| tables::impacts("impacts", "Direct, indirect and total effects", &effects));
    let mut hotspot_tables = Vec::new();
    if !summary.is_empty() {
        hotspot_tables.push(Table {
            name: "hotspot_bins".to_owned(),
            title: "Units per confidence bin (gi_bin −3 … 3: cold to hot at 99, 95, 90 %)"
                .to_owned(),
            columns: vec![
                Column::text("layer", summary.iter().map(|row| row.0.clone())),
                Column::int("gi_bin", summary.iter().map(|row| i64::from(row.1))),
                Column::float("units", summary.iter().map(|row| row.2 as f64)),
            ],
        });
    }
    let maps = maps(results, &layers)?;
    let plots = impacts.iter().flat_map(|table| {
        let labelled = labelled(study, table);
        (0..table.headings.len()).map(move |fit| Picture {
            name: format!("impacts_{}", fit + 1),
            caption: format!("Effects with 95 % intervals: {}", labelled.headings[fit]),
            svg: interval_plot(&labelled, fit),
        })
    });
    Ok(Products {
        plots: plots.collect(),
        layers,
        coefficients,
        impacts,
        tables: hotspot_tables,
        maps,
    })
}

/// The same table with the study's words in place of names.
pub(super) fn labelled(study: &Study, table: &EstimateTable) -> EstimateTable {
    let mut labelled = table.clone();
    for row in &mut labelled.rows {
        row.label = study.label(&row.label);
    }
    labelled
}

fn maps(results: &Results, layers: &[Layer]) -> Result<Vec<Picture>, Error> {
    let (shapes, projection) =
        durbin_io::project_for_map(&results.units.shapes, results.units.layer.crs.as_ref())?;
    // Geographic layers are projected to metres; others stay in their own unit.
    let crs = results.units.layer.crs.as_ref();
    let metres_per_unit = crs.map(|crs| if crs.geographic { 1.0 } else { crs.metres_per_unit });
    layers
        .iter()
        .filter_map(|layer| Some((layer, layer.style.as_ref()?)))
        .map(|(layer, style)| {
            let column = layer.column(style.field()).map_err(Error::data(&layer.name))?;
            let values = column.numbers().map_err(Error::data(&layer.name))?;
            let values: Vec<Option<f64>> =
                values.into_iter().map(|v| (!v.is_nan()).then_some(v)).collect();
            let map = Map {
                title: &layer.metadata.title,
                subtitle: None,
                shapes: &shapes,
                values: &values,
                names: &results.units.ids,
                style,
                metres_per_unit,
                note: Some(&projection),
            };
            Ok(Picture {
                name: layer.name.clone(),
                caption: format!("{}. {}", layer.metadata.title, style.title()),
                svg: svg(&map),
            })
        })
        .collect()
}
