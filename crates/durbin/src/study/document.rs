//! The report of a study: what was asked, what was found, what was chosen.

use durbin_core::{Column, EstimateTable, Table};
use durbin_report::page::{Block, Report, Section};

use super::{
    Study, captions, comparisons, dynamic,
    hotspots::HotspotDone,
    indices::IndexDone,
    methods,
    models::influences,
    preliminaries,
    products::{Picture, Products, labelled},
    results::Results,
    robustness::{Grid, Row},
};
use crate::{
    Error,
    explain::{READING, explained},
    jobs::gmm,
    provenance::programs,
};

pub(super) fn report(
    study: &Study,
    results: &Results,
    products: &Products,
) -> Result<Report, Error> {
    let about = &study.study;
    let mut sections = vec![data(study, results)];
    if !results.prepared.is_empty() || !results.indices.is_empty() {
        sections.push(indices(study, results, products));
    }
    sections.extend(variables(study, products));
    if let Some(table) = &products.dynamic {
        sections.push(dynamic_panels(study, results, table, products));
    }
    if !results.hotspots.is_empty() {
        sections.push(hotspots(study, results, products));
    }
    if !results.models.is_empty() {
        sections.push(models(study, results, products));
    }
    if let Some((grid, rows)) = &results.robustness {
        sections.push(robustness(grid, rows, products));
    }
    if !products.figures.is_empty() {
        let numbered = |picture: &Picture| {
            let figure = study.figure.iter().find(|figure| figure.name == picture.name);
            match figure.and_then(|figure| figure.number) {
                Some(number) => drawn(picture).numbered(number),
                None => drawn(picture),
            }
        };
        let blocks = products.figures.iter().map(numbered).collect();
        sections.push(Section { heading: "Figures".to_owned(), blocks });
    }
    let said = methods::paragraphs(study, results).into_iter().map(Block::Paragraph);
    sections.push(Section { heading: "Methods".to_owned(), blocks: said.collect() });
    sections.push(conventions(study, results)?);
    let lines = [about.source.clone()].into_iter().filter(|line| !line.is_empty()).collect();
    let summary = about.summary.split_whitespace().collect::<Vec<_>>().join(" ");
    if !summary.is_empty() {
        sections.insert(
            0,
            Section { heading: "Question".to_owned(), blocks: vec![Block::Paragraph(summary)] },
        );
    }
    captions::set(study, &mut sections);
    Ok(Report { title: about.title.clone(), subtitle: None, lines, sections })
}

fn data(study: &Study, results: &Results) -> Section {
    let (first, last) = &results.periods;
    let n = results.units.len();
    let t = results.n_periods;
    let mut blocks = vec![Block::Paragraph(format!(
        "{n} units over {t} periods ({first}–{last}), {} observations, joined by key.",
        n * t
    ))];
    if let Some(w) = &results.weights {
        blocks.push(Block::Paragraph(format!(
            "Spatial weights: {}, {} links, {:.1} neighbours on average ({} to {}).",
            w.kind, w.links, w.mean_cardinality, w.min_cardinality, w.max_cardinality
        )));
    }
    let formulas: Vec<(String, String)> = study
        .variables
        .iter()
        .map(|(name, formula)| (study.label(name), format!("{name} = {formula}")))
        .collect();
    if !formulas.is_empty() {
        blocks.push(Block::Definitions(formulas));
    }
    if !results.warnings.is_empty() {
        blocks.push(Block::Warnings(results.warnings.clone()));
    }
    Section { heading: "Data".to_owned(), blocks }
}

fn indices(study: &Study, results: &Results, products: &Products) -> Section {
    let mut blocks = Vec::new();
    let table = |name: &str| products.tables.iter().find(|table| table.name == name);
    let prepared = ["preparation", "spikes"].into_iter().filter_map(table);
    blocks.extend(prepared.map(|table| Block::Table(in_words(study, table))));
    for done in &results.indices {
        blocks.push(Block::Table(done.weights_in_short(study)));
        if done.index.weights.iter().any(|w| w.by_period.len() > 1) {
            blocks.push(Block::Paragraph(format!(
                "The weights of every period are in tables/{}_weights.csv.",
                done.name
            )));
        }
        blocks.push(Block::from(&done.index.conventions));
        blocks.extend(obstacles(study, done, products));
        let layer = |period: &String| format!("{}_{period}", done.name);
        let maps = done.maps.iter().map(|period| (period.clone(), layer(period)));
        blocks.extend(frames(&products.maps, maps, &study.said(study.label(&done.name))));
    }
    Section { heading: "Indicators and indices".to_owned(), blocks }
}

/// What holds units back, in the study's words.
fn obstacles(study: &Study, done: &IndexDone, products: &Products) -> Vec<Block> {
    let name = format!("{}_obstacles", done.name);
    let Some(table) = products.tables.iter().find(|table| table.name == name) else {
        return Vec::new();
    };
    let words = done.index.weights.iter().map(|weight| study.label(&weight.indicator));
    let mut table = table.clone();
    table.columns.retain(|column| column.name != "label");
    if let Some(first) = table.columns.first_mut() {
        *first = Column::text("indicator", words.collect::<Vec<_>>());
    }
    let said = format!(
        "The contribution is the share of an indicator in the score, the obstacle degree its share in what the score lacks \
         to the best of all indicators. Those of every unit and period are in tables/{}_parts.csv.",
        done.name
    );
    vec![Block::Table(table), Block::Paragraph(said)]
}

/// The table with labels in its column of variables.
fn in_words(study: &Study, table: &Table) -> Table {
    let mut table = table.clone();
    for column in &mut table.columns {
        if column.name == "variable" {
            let words =
                (0..column.len()).map(|row| study.label(&column.key(row).unwrap_or_default()));
            *column = Column::text("variable", words.collect::<Vec<_>>());
        }
    }
    table
}

/// The variables of the models, in the study's words.
fn variables(study: &Study, products: &Products) -> Option<Section> {
    let table = products.tables.iter().find(|table| table.name == "descriptives")?;
    let table = in_words(study, table);
    let blocks = vec![
        Block::Table(table),
        Block::Paragraph(
            "Standard deviations with divisor n − 1, over all units and periods.".to_owned(),
        ),
    ];
    Some(Section { heading: "Variables".to_owned(), blocks })
}

fn hotspots(study: &Study, results: &Results, products: &Products) -> Section {
    let mut blocks = Vec::new();
    for done in &results.hotspots {
        let bins = &done.tested.result.bins;
        let count = |range: std::ops::RangeInclusive<i8>| -> usize {
            bins.iter().filter(|(bin, _)| range.contains(bin)).map(|(_, units)| units).sum()
        };
        blocks.push(Block::Paragraph(format!(
            "{}: {} hot spots and {} cold spots at 90 % confidence or more, {} units not significant.",
            done.title,
            count(1..=3),
            count(-3..=-1),
            count(0..=0)
        )));
        let same = periods_of(results, done);
        match &same[..] {
            // Several periods of one field share a figure, at the first of them.
            [first, _, ..] if first.layer == done.layer => {
                blocks.extend(by_period(study, &products.maps, &same));
            }
            [_, _, ..] => {}
            _ => blocks.extend(figure(&products.maps, &done.layer)),
        }
    }
    Section { heading: "Hot and cold spots".to_owned(), blocks }
}

/// The analyses of the same field in single periods, in the order of the study; none for one of a change.
fn periods_of<'a>(results: &'a Results, done: &HotspotDone) -> Vec<&'a HotspotDone> {
    let field = |done: &HotspotDone| done.period.as_ref().map(|(field, _)| field.clone());
    let Some(wanted) = field(done) else { return Vec::new() };
    results.hotspots.iter().filter(|other| field(other).as_ref() == Some(&wanted)).collect()
}

fn by_period(study: &Study, maps: &[Picture], same: &[&HotspotDone]) -> Option<Block> {
    let of = |done: &&HotspotDone| Some((done.period.as_ref()?.1.clone(), done.layer.clone()));
    let (field, _) = same.first()?.period.as_ref()?;
    let caption = study.said(format!("Hot and cold spots: {}", study.label(field)));
    frames(maps, same.iter().filter_map(of), &caption)
}

/// Maps of layers in several periods as one figure; given are periods and layers, and what they show.
fn frames(
    maps: &[Picture],
    shown: impl Iterator<Item = (String, String)>,
    words: &str,
) -> Option<Block> {
    let shown: Vec<(String, &Picture)> = shown
        .filter_map(|(period, layer)| Some((period, maps.iter().find(|map| map.name == layer)?)))
        .collect();
    let [(first, _), .., (last, _)] = &shown[..] else {
        let (_, map) = shown.first()?;
        return Some(drawn(map));
    };
    let caption = format!("{words}, from {first} to {last}");
    let frames = shown.iter().map(|(period, map)| (period.clone(), map.svg.clone())).collect();
    Some(Block::Periods { frames, caption })
}

fn models(study: &Study, results: &Results, products: &Products) -> Section {
    let before = products.tables.iter().filter(|table| preliminaries::is_one(&table.name));
    let mut blocks: Vec<Block> = before.map(|table| Block::Table(table.clone())).collect();
    for table in products.coefficients.iter().chain(&products.impacts) {
        blocks.push(Block::Estimates(labelled(study, table)));
    }
    blocks.extend(products.plots.iter().map(drawn));
    let tested: Vec<_> = results.models.iter().filter(|model| !model.tests.is_empty()).collect();
    for (at, model) in tested.iter().enumerate() {
        if at == 0 {
            blocks.push(Block::Paragraph(format!(
                "Tests of the specification and the residuals. {READING}"
            )));
        }
        if tested.len() > 1 {
            blocks.push(Block::Paragraph(format!("Model, {}:", model.heading)));
        }
        blocks.push(Block::Definitions(explained(&model.tests)));
    }
    blocks.extend(comparisons::blocks(study, results, products));
    for (name, model, influence) in influences(results) {
        let table = format!("influential{}", name.trim_start_matches("influence"));
        let table = products.tables.iter().find(|one| one.name == table);
        blocks.extend(table.map(|table| Block::Table(table.clone())));
        let said = format!("Influence, {}. {}", model.heading, influence.sentence());
        blocks.push(Block::Paragraph(said));
        blocks.extend(figure(&products.maps, &name));
    }
    for effects in results.models.iter().filter_map(|model| model.effects.as_ref()) {
        blocks.extend(figure(&products.maps, &effects.layer));
    }
    Section { heading: "Spatial model".to_owned(), blocks }
}

fn robustness(grid: &Grid, rows: &[Row], products: &Products) -> Section {
    let names = |list: &mut dyn Iterator<Item = String>| list.collect::<Vec<_>>().join(", ");
    let lists = [
        ("weights", names(&mut grid.weights.iter().cloned())),
        ("samples", names(&mut grid.samples.iter().map(|one| one.name.clone()))),
        ("winsorised at", names(&mut grid.winsorise.iter().map(f64::to_string))),
        ("variables", names(&mut grid.transformations.iter().map(|one| one.name.clone()))),
        ("model", names(&mut grid.models.iter().map(ToString::to_string))),
        ("effects", names(&mut grid.effects.iter().map(ToString::to_string))),
    ];
    let said = lists.map(|(name, values)| (name.to_owned(), values));
    let mut blocks = vec![
        Block::Paragraph(format!(
            "{} specifications, every combination of the choices below; the first of each make \
             specification 1. All estimates are in tables/robustness.csv, each with the command that reruns \
             it alone.",
            rows.len()
        )),
        Block::Definitions(said.to_vec()),
    ];
    let shown = ["robustness_summary", "robustness_regions"];
    let summary = products.tables.iter().filter(|table| shown.contains(&table.name.as_str()));
    blocks.extend(summary.map(|table| Block::Table(table.clone())));
    blocks.extend(products.curves.iter().map(drawn));
    Section { heading: "Robustness".to_owned(), blocks }
}

fn dynamic_panels(
    study: &Study,
    results: &Results,
    table: &EstimateTable,
    products: &Products,
) -> Section {
    let tests = products.tables.iter().filter(|table| table.name == "gmm_tests");
    let mut blocks = vec![Block::Estimates(labelled(study, table))];
    blocks.extend(dynamic::beside(study, &results.dynamic).map(Block::Paragraph));
    let of_effects = products.dynamic_impacts.iter();
    blocks.extend(of_effects.map(|table| Block::Estimates(labelled(study, table))));
    blocks.extend(products.dynamic_plots.iter().map(drawn));
    blocks.extend(tests.map(|table| Block::Table(table.clone())));
    blocks.push(Block::Paragraph(format!("What these tests say. {READING}")));
    for done in &results.dynamic {
        if results.dynamic.len() > 1 {
            blocks.push(Block::Paragraph(format!("Model, {}:", done.heading)));
        }
        blocks.push(Block::Definitions(explained(&gmm::all_tests(&done.fit))));
    }
    Section { heading: "Dynamic panel".to_owned(), blocks }
}

fn conventions(study: &Study, results: &Results) -> Result<Section, Error> {
    let mut blocks = Vec::new();
    for done in &results.hotspots {
        blocks.push(Block::Paragraph(format!("Layer {}:", done.layer)));
        blocks.push(Block::from(&done.tested.gi.conventions));
    }
    for done in &results.models {
        blocks.push(Block::Paragraph(format!("Model, {}:", done.heading)));
        blocks.push(Block::from(&done.fit.conventions));
    }
    for (name, _, influence) in influences(results) {
        blocks.push(Block::Paragraph(format!("Layer {name}:")));
        blocks.push(Block::from(&influence.conventions));
    }
    for done in &results.dynamic {
        blocks.push(Block::Paragraph(format!("Dynamic panel, {}:", done.heading)));
        blocks.push(Block::from(&done.fit.conventions));
    }
    blocks.push(Block::Paragraph("Provenance:".to_owned()));
    let mut origin = vec![
        ("command".to_owned(), study.command()),
        ("programs".to_owned(), programs()),
        ("seed".to_owned(), study.study.seed.to_string()),
    ];
    origin.extend(study.inputs()?.iter().map(|input| {
        let said = input.to_string();
        let said = said.strip_prefix(&format!("{}: ", input.role)).unwrap_or(&said).to_owned();
        (input.role.to_owned(), said)
    }));
    blocks.push(Block::Definitions(origin));
    let text = std::fs::read_to_string(&study.path).map_err(Error::file(&study.path))?;
    blocks.push(Block::Paragraph(
        "Every parameter as it was stated; with the defaults, and the hashes of all results, it is in manifest.json:"
            .to_owned(),
    ));
    blocks.push(Block::Listing(durbin_io::without_passwords(&text)));
    Ok(Section { heading: "Conventions and provenance".to_owned(), blocks })
}

fn figure(maps: &[Picture], layer: &str) -> Option<Block> {
    maps.iter().find(|map| map.name == layer).map(drawn)
}

fn drawn(picture: &Picture) -> Block {
    Block::Figure { svg: picture.svg.clone(), caption: picture.caption.clone() }
}
