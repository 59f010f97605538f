//! GeoPackages: several layers and tables in one transaction.

use std::path::Path;

use durbin_core::{Values, Warning};
use gdal::{
    Dataset, DatasetOptions, DriverManager, GdalOpenFlags,
    config::{clear_thread_local_config_option, set_thread_local_config_option},
    errors::GdalError,
    vector::LayerAccess,
};

use super::{
    Existing, Sheet,
    features::{self, Filled, Geometries, Reals},
    in_words,
    lock::exclusive,
    projects::Projects,
    spatial_index::SpatialIndex,
    stage::Stage,
    version, warnings,
};
use crate::{
    Error, crs, geometry_type, messages, qgis, sql,
    swap::{journals, refuse_existing},
};

/// Writes all of `sheets` or none.
pub(super) fn write(
    path: &Path,
    sheets: &[Sheet],
    existing: Existing,
    projects: &Projects,
) -> Result<Vec<Warning>, Error> {
    let shown = path.display().to_string();
    let lock = exclusive(path).map_err(Error::file(path))?;
    let exists = lock.is_some();
    let stale = journals(path);
    let replacing = match existing {
        Existing::Append if exists => Existing::Overwrite,
        existing => existing,
    };
    if replacing != Existing::Overwrite {
        refuse_existing(&[&[path.to_owned()], &stale[..]].concat())?;
    }
    let beside = path.with_extension("qgz");
    if projects.beside && existing != Existing::Overwrite {
        refuse_existing(std::slice::from_ref(&beside))?;
    }
    let packed = projects.any().then(|| projects.packed(path, sheets)).transpose()?;
    let styles = qgis::prepare(sheets).map_err(Error::data(&shown))?;
    one_crs(&shown, sheets)?;
    fields_apart(&shown, sheets)?;
    let stage = Stage::new(path)?;
    let failed = |reason: String| Error::Write { path: shown.clone(), reason };
    let file = stage.file();
    let (mut dataset, opening) = if exists {
        stage.copy_target()?;
        messages::checked(|| open(&file)).map_err(failed)?
    } else {
        messages::checked(|| DriverManager::get_driver_by_name("GPKG")?.create_vector_only(&file))
            .map_err(failed)?
    };
    let replaced = present(&shown, &dataset, sheets, existing)?;
    let embedded = packed.as_deref().filter(|_| projects.embedded);
    let embedded = embedded.map(|packed| (projects.name(path, sheets), packed));
    if let Some((name, _)) = embedded.as_ref().filter(|_| existing != Existing::Overwrite) {
        let taken = qgis::has_project(&dataset, name).map_err(|error| failed(in_words(error)))?;
        if taken {
            return Err(Error::ProjectExists { path: shown, project: name.clone() });
        }
    }
    let newer = version::is_newer(&opening);
    let finish = || {
        if newer {
            version::adopt(&dataset)?;
        }
        let emptied = fill(&mut dataset, sheets, &replaced, &styles)?;
        if let Some((name, packed)) = &embedded {
            qgis::store_project(&dataset, name, packed)?;
        }
        place_empty(&dataset, sheets)?;
        // Left in WAL mode the file could not be read from a read-only folder.
        sql::run(&dataset, "PRAGMA journal_mode = DELETE")?;
        dataset.close()?;
        Ok(emptied)
    };
    let (emptied, said) =
        messages::checked(|| timeless(finish).map_err(in_words)).map_err(failed)?;
    if let Some(packed) = packed.as_deref().filter(|_| projects.beside) {
        let draft = file.with_extension("qgz");
        std::fs::write(&draft, packed).map_err(Error::file(&beside))?;
    }
    stage.publish(&stale, replacing)?;
    let noticed = emptied.into_iter().chain(newer.then(lowered)).chain(times(sheets));
    Ok(warnings(path, said.into_iter().chain(noticed).collect()))
}

/// Replaces the stored styles of the layers that `sheets` were read from, and nothing else of them.
pub(super) fn restyle(path: &Path, sheets: &[Sheet]) -> Result<Vec<Warning>, Error> {
    let shown = path.display().to_string();
    let lock = exclusive(path).map_err(Error::file(path))?;
    if lock.is_none() {
        return Err(Error::Missing { path: shown });
    }
    let styles = qgis::prepare(sheets).map_err(Error::data(&shown))?;
    let failed = |reason: String| Error::Write { path: shown.clone(), reason };
    let stale = journals(path);
    let stage = Stage::new(path)?;
    stage.copy_target()?;
    let file = stage.file();
    let (mut dataset, opening) = messages::checked(|| open(&file)).map_err(failed)?;
    let newer = version::is_newer(&opening);
    let finish = || {
        if newer {
            version::adopt(&dataset)?;
        }
        let transaction = dataset.start_transaction()?;
        for (sheet, style) in sheets.iter().zip(&styles) {
            qgis::replace_style(&transaction, sheet, style)?;
        }
        transaction.commit()?;
        sql::run(&dataset, "PRAGMA journal_mode = DELETE")?;
        dataset.close()
    };
    messages::checked(|| timeless(finish).map_err(in_words)).map_err(failed)?;
    stage.publish(&stale, Existing::Overwrite)?;
    Ok(warnings(path, newer.then(lowered).into_iter().collect()))
}

fn lowered() -> String {
    "was of a version of GeoPackage that this GDAL does not know; it is of version 1.2 now, with everything in it"
        .to_owned()
}

/// Refuses fields that SQLite would take for one.
fn fields_apart(path: &str, sheets: &[Sheet]) -> Result<(), Error> {
    for sheet in sheets {
        let names: Vec<&str> = sheet.columns.iter().map(|column| column.name.as_str()).collect();
        for (at, second) in names.iter().enumerate() {
            let first = names[..at].iter().find(|first| first.eq_ignore_ascii_case(second));
            if let Some(first) = first {
                return Err(Error::SameField {
                    path: path.to_owned(),
                    layer: sheet.name.to_owned(),
                    first: (*first).to_owned(),
                    second: (*second).to_owned(),
                });
            }
        }
    }
    Ok(())
}

/// Gives layers without features the extent of those they come with, so that a viewer has somewhere to go.
fn place_empty(dataset: &Dataset, sheets: &[Sheet]) -> Result<(), GdalError> {
    let empty = |sheet: &&Sheet| sheet.is_spatial() && sheet.geometry.iter().all(Option::is_none);
    let named = |sheet: &Sheet| sql::quoted(sheet.name);
    let all: Vec<String> = sheets.iter().map(named).collect();
    let empty: Vec<String> = sheets.iter().filter(empty).map(named).collect();
    if empty.is_empty() || empty.len() == all.len() {
        return Ok(());
    }
    let (all, empty) = (all.join(", "), empty.join(", "));
    // One CRS holds for all layers that are written together.
    sql::run(
        dataset,
        &format!(
            "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) = \
             (SELECT min(min_x), min(min_y), max(max_x), max(max_y) FROM gpkg_contents WHERE table_name IN ({all})) \
             WHERE min_x IS NULL AND table_name IN ({empty})"
        ),
    )
}

/// Runs `work` with the dates that GDAL writes fixed: the same layers make the same bytes.
fn timeless<T>(work: impl FnOnce() -> Result<T, GdalError>) -> Result<T, GdalError> {
    const DATE: &str = "OGR_CURRENT_DATE";
    set_thread_local_config_option(DATE, qgis::EPOCH)?;
    let result = work();
    clear_thread_local_config_option(DATE)?;
    result
}

fn open(file: &Path) -> Result<Dataset, GdalError> {
    Dataset::open_ex(
        file,
        DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_VECTOR
                | GdalOpenFlags::GDAL_OF_UPDATE
                | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
            allowed_drivers: Some(&["GPKG"]),
            ..DatasetOptions::default()
        },
    )
}

fn fill(
    dataset: &mut Dataset,
    sheets: &[Sheet],
    replaced: &[String],
    styles: &[qgis::Prepared],
) -> Result<Vec<String>, GdalError> {
    let mut said = Vec::new();
    let mut transaction = dataset.start_transaction()?;
    for name in replaced {
        let at = transaction.layers().position(|layer| layer.name() == *name);
        if let Some(at) = at {
            transaction.delete_layer(at)?;
        }
        qgis::forget(&transaction, name)?;
    }
    for (sheet, style) in sheets.iter().zip(styles) {
        let options = options(&transaction, sheet)?;
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        features::create(&mut transaction, sheet, &options, Geometries::Indexed, Reals::AsTheyAre)?;
        let index = sheet
            .is_spatial()
            .then(|| SpatialIndex::of_empty(&transaction, sheet.name, geometry_column(sheet)));
        let index = index.transpose()?;
        let layer = transaction.layer_by_name(sheet.name)?;
        let Filled { boxes, emptied } =
            features::fill(&layer, sheet, Geometries::Indexed, Reals::AsTheyAre)?;
        if let Some(index) = index {
            index.build(&transaction, boxes)?;
        }
        if emptied > 0 {
            said.push(format!(
                "`{}`: {emptied} empty geometries are stored as missing ones",
                sheet.name
            ));
        }
        qgis::store(&transaction, sheet, style)?;
    }
    transaction.commit()?;
    Ok(said)
}

/// A GeoPackage has dates, but no times of day, and GDAL does not say so.
fn times<'a>(sheets: &'a [Sheet<'a>]) -> impl Iterator<Item = String> + 'a {
    let columns = sheets.iter().flat_map(|sheet| sheet.columns);
    columns.filter(|column| matches!(column.values, Values::Time(_))).map(|column| {
        format!("GeoPackage has no times of day, field `{}` is stored as text", column.name)
    })
}

/// Layer creation options.
fn options(dataset: &Dataset, sheet: &Sheet) -> Result<Vec<String>, GdalError> {
    let mut options = vec![format!(
        "FID={}",
        sheet.free_name(sheet.fid_column, ["fid", "ogc_fid", "durbin_fid"])
    )];
    if sheet.is_spatial() {
        options.push(format!("GEOMETRY_NAME={}", geometry_column(sheet)));
        options.push("SPATIAL_INDEX=NO".to_owned());
    } else {
        options.push("ASPATIAL_VARIANT=GPKG_ATTRIBUTES".to_owned());
    }
    if !sheet.title.is_empty() {
        // Two tables may not share an identifier.
        let taken = qgis::identifier_taken(dataset, sheet.title)?;
        let name = if taken { format!(" ({})", sheet.name) } else { String::new() };
        options.push(format!("IDENTIFIER={}{name}", sheet.title));
    }
    if let Some(metadata) = sheet.metadata.filter(|metadata| !metadata.description.is_empty()) {
        options.push(format!("DESCRIPTION={}", metadata.description));
    }
    Ok(options)
}

/// Name of the geometry column of a new layer.
pub(crate) fn geometry_column<'a>(sheet: &Sheet<'a>) -> &'a str {
    sheet.free_name(sheet.geometry_column, ["geom", "geometry", "durbin_geom"])
}

/// Layers to write that have another reference system than the first.
fn one_crs(path: &str, sheets: &[Sheet]) -> Result<(), Error> {
    let mut spatial = sheets.iter().filter(|sheet| sheet.is_spatial());
    let Some(first) = spatial.next() else {
        return Ok(());
    };
    spatial.try_for_each(|sheet| refuse_other_crs(path, sheet, first.name, first.crs))
}

fn refuse_other_crs(
    path: &str,
    sheet: &Sheet,
    layer: &str,
    theirs: Option<&durbin_core::Crs>,
) -> Result<(), Error> {
    let same = crs::same(sheet.crs, theirs)
        .map_err(|error| Error::Write { path: path.to_owned(), reason: error.to_string() })?;
    if same {
        return Ok(());
    }
    Err(Error::OtherCrs {
        path: path.to_owned(),
        layer: layer.to_owned(),
        theirs: crs::label(theirs),
        ours: crs::label(sheet.crs),
    })
}

/// Names in the file that are to be replaced. A layer that is added must share the reference system of
/// those that are there; one that is replaced was there before.
fn present(
    path: &str,
    dataset: &Dataset,
    sheets: &[Sheet],
    existing: Existing,
) -> Result<Vec<String>, Error> {
    let mut replaced = Vec::new();
    let layers: Vec<_> = dataset.layers().collect();
    for sheet in sheets {
        // SQLite folds the case of table names.
        let same_name = layers.iter().find(|layer| layer.name().eq_ignore_ascii_case(sheet.name));
        match (same_name, existing) {
            (Some(layer), Existing::Overwrite) => replaced.push(layer.name()),
            (Some(layer), _) => {
                return Err(Error::LayerExists { path: path.to_owned(), layer: layer.name() });
            }
            (None, _) if sheet.is_spatial() => {
                for layer in &layers {
                    let kind = geometry_type::name(layer.defn().geometry_type());
                    if geometry_type::is_spatial(&kind) {
                        let failed = |error: GdalError| Error::Write {
                            path: path.to_owned(),
                            reason: error.to_string(),
                        };
                        let theirs = layer.spatial_ref().map(|srs| crs::from_gdal(&srs));
                        let theirs = theirs.transpose().map_err(failed)?.flatten();
                        refuse_other_crs(path, sheet, &layer.name(), theirs.as_ref())?;
                    }
                }
            }
            (None, _) => {}
        }
    }
    Ok(replaced)
}
