//! Runs a study and writes all of its products, or none.

use std::{fs, path::Path};

use durbin_core::{Progress, Table, Warning};
use durbin_io::{Existing, Projects, place, write_geopackage};
use serde::Serialize;

use super::{
    Study, document,
    manifest::manifest,
    products::{self, Products, labelled},
    results::{self, Results},
};
use crate::{Error, jobs::HotspotResult, provenance::sha256, tables};

/// What a run made.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// Title of the study.
    pub title: String,
    /// The folder.
    pub out: String,
    /// The files in it.
    pub files: Vec<String>,
    /// Units and periods.
    pub n_units: usize,
    /// Periods of the panel.
    pub n_periods: usize,
    /// One per hot spot analysis.
    pub hotspots: Vec<HotspotResult>,
    /// One per fit.
    pub models: Vec<ModelOutcome>,
    /// One per dynamic panel model.
    pub gmm: Vec<DynamicOutcome>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
    /// The tables for a terminal.
    #[serde(skip)]
    pub text: String,
}

/// A dynamic panel model.
#[derive(Debug, Serialize)]
pub struct DynamicOutcome {
    /// Its heading in the tables.
    pub name: String,
    /// The full result, as `durbin gmm --json` prints it.
    #[serde(flatten)]
    pub result: crate::jobs::GmmResult,
}

/// A fitted model in brief.
#[derive(Debug, Serialize)]
pub struct ModelOutcome {
    /// Its heading in the tables.
    pub name: String,
    /// The full result, as `durbin sdm --json` prints it.
    #[serde(flatten)]
    pub result: crate::jobs::SdmResult,
}

/// Computes `study` and writes its products into the folder `out`.
///
/// With `embed_project` the QGIS project beside the GeoPackage is in it too.
///
/// Everything is written into a folder beside `out` first, then moved into place, all files or none; other files
/// in `out` are left alone.
///
/// # Errors
/// Anything the steps find wrong; a product that exists in `out`, unless `overwrite`.
pub fn run(
    study: &Study,
    out: &Path,
    overwrite: bool,
    embed_project: bool,
    progress: &dyn Progress,
) -> Result<Outcome, Error> {
    if !overwrite {
        for product in ["study.gpkg", "report.html", "manifest.json"] {
            crate::files::refuse_existing(&out.join(product).display().to_string(), false)?;
        }
    }
    let results = results::compute(study, progress)?;
    let products = products::assemble(study, &results)?;
    progress.begin("write", 0);
    // A folder that exists may be on another file system than its parent, and writable where that is not.
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = if out.is_dir() { out } else { parent };
    fs::create_dir_all(beside).map_err(Error::file(beside))?;
    let draft = durbin_io::TemporaryFolder::new_in(beside).map_err(Error::file(beside))?;
    let mut warnings = results.warnings.clone();
    let place_of = (draft.path(), embed_project);
    let mut files = write(study, &results, &products, place_of, &mut warnings)?;
    let mut hashes = Vec::new();
    for file in &files {
        hashes.push((file.clone(), sha256(&draft.path().join(file))?));
    }
    let manifest = manifest(study, &results, &hashes)?;
    save(draft.path(), "manifest.json", format!("{manifest:#}\n"), &mut files)?;
    for (_, source) in study.sources() {
        for file in &files {
            crate::files::refuse_input(&out.join(file).display().to_string(), &source)?;
        }
    }
    let existing = if overwrite { Existing::Overwrite } else { Existing::Refuse };
    place(&draft, &files, out, existing)?;
    progress.end();
    Ok(outcome(study, results, &products, out, files, warnings))
}

fn write(
    study: &Study,
    results: &Results,
    products: &Products,
    (folder, embedded): (&Path, bool),
    warnings: &mut Vec<Warning>,
) -> Result<Vec<String>, Error> {
    let mut files = vec!["study.gpkg".to_owned()];
    let mut long: Vec<Table> =
        products.estimates().map(|table| table.long(tables::group_name(table))).collect();
    for table in &mut long {
        study.mark(table);
    }
    let geopackage = folder.join("study.gpkg").display().to_string();
    let tables: Vec<Table> = long.iter().chain(&products.tables).cloned().collect();
    let projects = Projects { beside: true, embedded, title: Some(study.study.title.clone()) };
    warnings.extend(write_geopackage(
        &geopackage,
        &products.layers,
        &tables,
        Existing::Refuse,
        &projects,
    )?);
    files.push("study.qgz".to_owned());
    for table in &tables {
        save(
            folder,
            &format!("tables/{}.csv", table.name),
            durbin_report::table::csv(table),
            &mut files,
        )?;
    }
    // Scores of every unit and period are for programs, not for a page.
    for table in products.tables.iter().filter(|table| table.len() <= 200) {
        let stem = format!("tables/{}", table.name);
        save(folder, &format!("{stem}.tex"), durbin_report::table::latex(table), &mut files)?;
        // LaTeX numbers tables itself.
        let title = study.numbered(&table.name, &table.title);
        let table = &Table { title, ..table.clone() };
        save(folder, &format!("{stem}.md"), durbin_report::table::markdown(table), &mut files)?;
        save(folder, &format!("{stem}.docx"), durbin_report::table::docx(table)?, &mut files)?;
    }
    for table in products.estimates() {
        let mut table = labelled(study, table);
        let stem = format!("tables/{}", table.name);
        save(folder, &format!("{stem}.tex"), durbin_report::table::latex(&table), &mut files)?;
        table.title = study.numbered(&table.name, &table.title);
        let markdown = durbin_report::table::markdown(&table);
        save(folder, &format!("{stem}.md"), &markdown, &mut files)?;
        save(folder, &format!("{stem}.docx"), durbin_report::table::docx(&table)?, &mut files)?;
    }
    for picture in products.pictures() {
        save(folder, &format!("maps/{}.svg", picture.name), &picture.svg, &mut files)?;
        let png = durbin_report::png(&picture.svg, 1600)?;
        save(folder, &format!("maps/{}.png", picture.name), png.bytes, &mut files)?;
        for warning in png.warnings {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    let report = document::report(study, results, products)?;
    save(folder, "report.html", durbin_report::page::html(&report), &mut files)?;
    Ok(files)
}

fn save(
    folder: &Path,
    name: &str,
    content: impl AsRef<[u8]>,
    files: &mut Vec<String>,
) -> Result<(), Error> {
    let path = folder.join(name);
    if let Some((subfolder, _)) = name.split_once('/') {
        let subfolder = folder.join(subfolder);
        // Not with its parents: a draft that an interrupt has removed must not come back.
        if let Err(error) = fs::create_dir(&subfolder)
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(Error::file(&subfolder)(error));
        }
    }
    fs::write(&path, content).map_err(Error::file(&path))?;
    files.push(name.to_owned());
    Ok(())
}

fn outcome(
    study: &Study,
    results: Results,
    products: &Products,
    out: &Path,
    files: Vec<String>,
    warnings: Vec<Warning>,
) -> Outcome {
    let text = products
        .estimates()
        .map(|table| durbin_report::table::text(&labelled(study, table)))
        .collect::<Vec<_>>()
        .join("\n");
    let weights = results.weights;
    let models = results.models.into_iter().filter_map(|model| {
        Some(ModelOutcome {
            name: model.heading,
            result: crate::jobs::SdmResult {
                warnings: model.fit.warnings.clone(),
                fit: model.fit,
                impacts: model.impacts,
                long_run: model.long_run,
                standard_errors: crate::jobs::StandardErrors::Delta,
                tests: model.tests,
                comparison: model.comparison,
                influence: model.influence,
                weights: weights.clone()?,
                log: Vec::new(),
            },
        })
    });
    let dynamic = results.dynamic.into_iter().map(|done| DynamicOutcome {
        name: done.heading,
        result: crate::jobs::GmmResult {
            warnings: done.warnings,
            fit: done.fit,
            weights: done.weights,
            effects: done.effects,
            margins: Vec::new(),
            unit_roots: Vec::new(),
        },
    });
    Outcome {
        title: study.study.title.clone(),
        out: out.display().to_string(),
        files,
        n_units: results.units.len(),
        n_periods: results.n_periods,
        hotspots: results.hotspots.into_iter().map(|done| done.tested.result).collect(),
        models: models.collect(),
        gmm: dynamic.collect(),
        warnings,
        text,
    }
}
