//! What a study writes: layers, tables and maps.

use durbin_core::{Column, EstimateTable, Layer, Style, Table, TestStat};
use durbin_report::map::{Map, Panel, svg};
use geo_types::Geometry;

use super::{
    Study, captions, comparisons, figures,
    hotspots::HotspotDone,
    layers, measures,
    models::{self, ModelDone},
    observations, plots, prepare,
    results::Results,
    robustness,
};
use crate::{Error, jobs::gmm, tables};

/// Everything in memory that goes to files.
pub(super) struct Products {
    pub layers: Vec<Layer>,
    pub coefficients: Option<EstimateTable>,
    pub impacts: Option<EstimateTable>,
    pub dynamic: Option<EstimateTable>,
    /// Effects of the dynamic panel models with neighbours, within the period and in the long run.
    pub dynamic_impacts: Vec<EstimateTable>,
    /// Of the dynamic models.
    pub long_run: Option<EstimateTable>,
    /// The family side by side, coefficients and effects.
    pub comparisons: Vec<EstimateTable>,
    pub tables: Vec<Table>,
    /// File stem, caption, SVG.
    pub maps: Vec<Picture>,
    /// Coefficients and effects of the spatial models with their intervals.
    pub plots: Vec<Picture>,
    /// Coefficients of the dynamic models likewise.
    pub dynamic_plots: Vec<Picture>,
    /// Specification curves.
    pub curves: Vec<Picture>,
    /// Sheets of several maps.
    pub figures: Vec<Picture>,
}

impl Products {
    /// The tables of estimates there are, in the order of a paper.
    pub(super) fn estimates(&self) -> impl Iterator<Item = &EstimateTable> {
        let Self { coefficients, impacts, long_run, comparisons, dynamic, dynamic_impacts, .. } =
            self;
        let of_models = coefficients.iter().chain(impacts).chain(long_run);
        of_models.chain(comparisons).chain(dynamic).chain(dynamic_impacts)
    }

    /// Every picture that is a file of its own.
    pub(super) fn pictures(&self) -> impl Iterator<Item = &Picture> {
        let Self { maps, plots, dynamic_plots, curves, figures, .. } = self;
        maps.iter().chain(plots).chain(dynamic_plots).chain(curves).chain(figures)
    }
}

pub(super) struct Picture {
    pub name: String,
    pub caption: String,
    pub svg: String,
}

pub(super) fn assemble(study: &Study, results: &Results) -> Result<Products, Error> {
    let layers = layers::assemble(study, results)?;
    let fits: Vec<_> = results.models.iter().map(|m| (m.heading.clone(), &m.fit)).collect();
    let effects: Vec<_> = results.models.iter().map(|m| (m.heading.clone(), &m.impacts)).collect();
    let any = !fits.is_empty();
    let title = |words: &str| study.said(words.to_owned());
    let coefficients =
        any.then(|| tables::coefficients("coefficients", &title("Coefficients"), &fits));
    let impacts = any.then(|| {
        tables::impacts("impacts", &title("Direct, indirect and total effects"), &effects)
    });
    let dynamic: Vec<_> = results.dynamic.iter().map(|d| (d.heading.clone(), &d.fit)).collect();
    let dynamic = (!dynamic.is_empty())
        .then(|| gmm::coefficients("gmm", &title("Dynamic panel models"), &dynamic));
    let with_neighbours = results
        .dynamic
        .iter()
        .filter_map(|done| Some((done.heading.clone(), done.effects.as_ref()?)));
    let mut dynamic_impacts = gmm::impacts(&with_neighbours.collect::<Vec<_>>());
    for table in &mut dynamic_impacts {
        table.title = title(&table.title);
    }
    let long_run: Vec<_> = results
        .models
        .iter()
        .filter_map(|model| Some((model.heading.clone(), model.long_run.as_ref()?)))
        .collect();
    let long_run = (!long_run.is_empty()).then(|| {
        let table = tables::long_run(&long_run);
        EstimateTable { title: study.said(table.title.clone()), ..table }
    });
    let ground = Ground::of(results)?;
    let maps = maps(results, &layers, &ground)?;
    let figures = figures::draw(study, results, &layers, &ground)?;
    let of_models = [
        (coefficients.as_ref(), "coefficients", "Coefficients"),
        (impacts.as_ref(), "impacts", "Effects"),
        (long_run.as_ref(), "impacts_long_run", "Effects in the long run"),
    ];
    let plots = of_models
        .into_iter()
        .filter_map(|(table, name, words)| Some(plots::of(&labelled(study, table?), name, words)));
    let of_effects = dynamic_impacts
        .iter()
        .zip(["Effects by GMM", "Effects by GMM in the long run"])
        .flat_map(|(table, words)| plots::of_dynamic(study, table, words));
    let dynamic_plots =
        dynamic.iter().flat_map(|table| plots::of_dynamic(study, table, "Coefficients"));
    let mut products = Products {
        plots: plots.flatten().collect(),
        dynamic_plots: dynamic_plots.chain(of_effects).collect(),
        curves: curves(study, results),
        figures,
        layers,
        coefficients,
        impacts,
        dynamic,
        dynamic_impacts,
        long_run,
        comparisons: comparisons::estimates(study, results),
        tables: tables_of(study, results),
        maps,
    };
    let Products { plots, dynamic_plots, curves, .. } = &mut products;
    for picture in plots.iter_mut().chain(dynamic_plots).chain(curves) {
        if !picture.caption.ends_with(&study.said(String::new())) {
            picture.caption = study.said(std::mem::take(&mut picture.caption));
        }
    }
    captions::entitle(study, &mut products)?;
    Ok(products)
}

/// The specification curves of the robustness grid.
fn curves(study: &Study, results: &Results) -> Vec<Picture> {
    let of =
        results.robustness.iter().flat_map(|(grid, rows)| robustness::curves(study, grid, rows));
    of.collect()
}

/// The plain tables.
fn tables_of(study: &Study, results: &Results) -> Vec<Table> {
    let mut tables: Vec<Table> = prepare::table(&results.prepared).into_iter().collect();
    tables.extend(prepare::spikes(study, &results.prepared));
    tables.push(observations::panel(study, results));
    tables.extend(observations::descriptives(study, &results.panel));
    tables.extend(measures::of_fits(results));
    tables.extend(results.weights.as_ref().map(measures::of_weights));
    for done in &results.indices {
        tables.push(done.weights(study));
        tables.push(done.scores(study, &results.units.ids));
        tables.extend(done.parts(study, &results.units.ids));
        tables.extend(done.obstacles(study));
    }
    tables.extend(bins(results));
    tables.extend(results.preliminaries.iter().flat_map(|looked| looked.tables(study)));
    for (name, model, found) in models::numbered("sdm_tests", &results.models, tests_of) {
        tables.push(tables::tests(&name, &format!("Tests: {}", model.heading), found));
    }
    tables.extend(comparisons::plain(results));
    let influential = models::numbered("influential", &results.models, |m| m.influence.as_ref());
    for (name, _, (influence, count)) in influential {
        tables.push(Table { name, ..influence.table(*count) });
    }
    let dynamic: Vec<_> = results.dynamic.iter().map(|d| (d.heading.clone(), &d.fit)).collect();
    tables.extend((!dynamic.is_empty()).then(|| gmm::tests("gmm_tests", &dynamic)));
    if let Some((grid, rows)) = &results.robustness {
        tables.push(robustness::summary(grid, rows));
        tables.extend(robustness::regions(grid, rows));
        tables.push(robustness::table(study, grid, rows));
    }
    for table in &mut tables {
        table.title = study.said(std::mem::take(&mut table.title));
        study.mark(table);
    }
    tables
}

fn tests_of(model: &ModelDone) -> Option<&[TestStat]> {
    (!model.tests.is_empty()).then_some(&model.tests)
}

impl Study {
    /// A title, with what must be known of the data.
    pub(super) fn said(&self, title: String) -> String {
        if self.study.simulated { format!("{title} (simulated data)") } else { title }
    }

    /// Lets every row of a table of simulated data say so.
    pub(super) fn mark(&self, table: &mut Table) {
        if self.study.simulated {
            table.columns.push(Column::text("data", vec!["simulated"; table.len()]));
        }
    }
}

/// How many units fall into each bin of each hot spot layer.
fn bins(results: &Results) -> Option<Table> {
    let of = |done: &HotspotDone| -> Vec<(String, i8, usize)> {
        let bins = done.tested.result.bins.iter();
        bins.map(|(&bin, &units)| (done.layer.clone(), bin, units)).collect()
    };
    let rows: Vec<(String, i8, usize)> = results.hotspots.iter().flat_map(of).collect();
    (!rows.is_empty()).then(|| Table {
        name: "hotspot_bins".to_owned(),
        title: "Units per confidence bin (gi_bin −3 … 3: cold to hot at 99, 95, 90 %)".to_owned(),
        columns: vec![
            Column::text("layer", rows.iter().map(|row| row.0.clone())),
            Column::int("gi_bin", rows.iter().map(|row| i64::from(row.1))),
            Column::int("units", rows.iter().map(|row| i64::try_from(row.2).unwrap_or(i64::MAX))),
        ],
    })
}

/// The same table with the study's words in place of names.
pub(super) fn labelled(study: &Study, table: &EstimateTable) -> EstimateTable {
    let mut labelled = table.clone();
    for row in &mut labelled.rows {
        row.label = study.label(&row.label);
    }
    if let Some(words) = factors(study, table) {
        labelled.conventions = labelled.conventions.with("in interactions", words);
    }
    labelled
}

/// What the letters of interactions stand for, where variables have labels: `P is population flow, C is capital flow`.
fn factors(study: &Study, table: &EstimateTable) -> Option<String> {
    let interactions = table.rows.iter().map(|row| row.label.as_str());
    let interactions = interactions.filter(|label| label.contains('*') && !label.contains("W*"));
    let mut said: Vec<String> = Vec::new();
    for factor in interactions.flat_map(|label| label.split('*')) {
        let words = study.label(factor);
        let one = format!("{factor} is {words}");
        if words != factor && !said.contains(&one) {
            said.push(one);
        }
    }
    (!said.is_empty()).then(|| said.join(", "))
}

/// What all maps of a study are drawn on.
pub(super) struct Ground {
    pub shapes: Vec<Option<Geometry<f64>>>,
    /// In words.
    pub projection: String,
    pub metres_per_unit: Option<f64>,
}

impl Ground {
    fn of(results: &Results) -> Result<Self, Error> {
        let crs = results.units.layer.crs.as_ref();
        let (shapes, projection) = durbin_io::project_for_map(&results.units.shapes, crs)?;
        // Geographic layers are projected to metres; others stay in their own unit.
        let metres_per_unit = crs.map(|crs| if crs.geographic { 1.0 } else { crs.metres_per_unit });
        Ok(Self { shapes, projection, metres_per_unit })
    }
}

/// What a style draws of a layer, `None` where missing.
pub(super) fn values_of(layer: &Layer, style: &Style) -> Result<Vec<Option<f64>>, Error> {
    let column = layer.column(style.field()).map_err(Error::data(&layer.name))?;
    let values = column.numbers().map_err(Error::data(&layer.name))?;
    Ok(values.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect())
}

fn maps(results: &Results, layers: &[Layer], ground: &Ground) -> Result<Vec<Picture>, Error> {
    // A layer by period is not one map.
    let of_units = layers.iter().filter(|layer| layer.len() == results.units.len());
    of_units
        .filter_map(|layer| Some((layer, layer.style.as_ref()?)))
        .map(|(layer, style)| {
            let values = values_of(layer, style)?;
            // A layer of many columns is drawn by one, which its style names.
            let title = &layer.metadata.title;
            let named = title.starts_with(style.title());
            let one_of_many = matches!(style, Style::Graduated { .. }) && !named;
            let map = Map {
                title: if one_of_many { style.title() } else { title },
                subtitle: one_of_many.then_some(title.as_str()),
                shapes: &ground.shapes,
                panels: &[Panel { heading: "", values: &values, circles: &[] }],
                names: &results.units.ids,
                labels: &[],
                circles: None,
                columns: None,
                style,
                metres_per_unit: ground.metres_per_unit,
                note: Some(&ground.projection),
            };
            Ok(Picture {
                name: layer.name.clone(),
                caption: if named { title.clone() } else { format!("{title}. {}", style.title()) },
                svg: svg(&map),
            })
        })
        .collect()
}
