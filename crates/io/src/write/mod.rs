//! Writing layers and tables: a file appears whole or not at all.

mod features;
mod format;
mod geopackage;
mod lock;
mod packed_tree;
mod postgis;
mod projects;
mod single;
mod spatial_index;
mod stage;
mod version;

use std::path::Path;

use durbin_core::{Column, Crs, Layer, Metadata, Style, Table, Warning};

use gdal::errors::GdalError;

use crate::{Error, connection::is_database, geometry_type};

pub(crate) use geopackage::geometry_column;
pub(crate) use postgis::Place;
pub use projects::Projects;
pub(crate) use stage::Stage;

/// What to do when the output exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// Refuse to touch it.
    #[default]
    Refuse,
    /// Replace the layer: in a GeoPackage that layer alone, in other formats the file.
    Overwrite,
    /// Add the layer to a GeoPackage that does not have it yet.
    Append,
}

/// Refuses, before any work, an output that could not be reached afterwards: a database.
///
/// # Errors
/// A connection that fails, with the server's reason.
pub fn check_output(path: &str) -> Result<(), Error> {
    if is_database(path) { postgis::check(path) } else { Ok(()) }
}

/// Writes one layer into a PostgreSQL database with PostGIS (`PG:dbname=…`, `postgresql://…`), as a table with
/// its style where QGIS looks for it, or in the format its extension names: `gpkg`, `shp`, `geojson`, `geojsonl`
/// (also `geojsons`, `geojsonseq`, `ndjson`), `fgb` or `csv`.
///
/// Geometry, reference system, feature ids and columns go through as they are, as far as the format
/// holds them; what it cannot hold is in the warnings. GeoJSONSeq is longitude and latitude in
/// WGS 84 by definition (RFC 7946, RFC 8142): as with `ogr2ogr`, a layer in another system is
/// reprojected; from a local system that no transformation leaves, coordinates are written as they
/// are, with a warning. `-` writes GeoJSONSeq to standard output, one feature a line, once the last feature
/// could be formatted.
///
/// # Errors
/// An unknown extension; an output that exists, a layer that is there already or a reference system
/// that differs from that of the GeoPackage, as `existing` says; a disk that is full. In all cases
/// what was there before is untouched.
pub fn write_layer(layer: &Layer, path: &str, existing: Existing) -> Result<Vec<Warning>, Error> {
    if path == "-" {
        return single::to_stdout(&Sheet::from(layer));
    }
    if is_database(path) {
        return postgis::write(path, &[Sheet::from(layer)], existing);
    }
    let format = format::of(path)?;
    if format.holds_layers {
        write_geopackage(path, std::slice::from_ref(layer), &[], existing, &Projects::default())
    } else {
        single::to_file(&Sheet::from(layer), Path::new(path), format, existing)
    }
}

/// Whether the format of `path` keeps the numbers of these features: a FlatGeobuf sorts and numbers them anew, a Shapefile counts from
/// zero.
pub fn keeps_fids(path: &str, fids: &[i64]) -> bool {
    match format::of(path).map_or("", |format| format.driver) {
        "FlatGeobuf" => fids.len() < 2,
        "ESRI Shapefile" => fids.iter().zip(0..).all(|(fid, at)| *fid == at),
        _ => true,
    }
}

/// Writes layers into one output, all or none. Several, or a project, take a GeoPackage; several a database as well.
///
/// # Errors
/// As [`write_layer`].
pub fn write_layers(
    path: &str,
    layers: &[Layer],
    existing: Existing,
    projects: &Projects,
) -> Result<Vec<Warning>, Error> {
    if let ([layer], false) = (layers, projects.any()) {
        return write_layer(layer, path, existing);
    }
    if is_database(path) {
        let sheets: Vec<Sheet> = layers.iter().map(Sheet::from).collect();
        return postgis::write(path, &sheets, existing);
    }
    write_geopackage(path, layers, &[], existing, projects)
}

/// Writes layers and tables into one GeoPackage in one transaction, each layer with its style and
/// metadata where QGIS looks for them.
///
/// # Errors
/// As [`write_layer`]; with several layers and tables either all are written or none.
pub fn write_geopackage(
    path: impl AsRef<Path>,
    layers: &[Layer],
    tables: &[Table],
    existing: Existing,
    projects: &Projects,
) -> Result<Vec<Warning>, Error> {
    let sheets: Vec<Sheet> =
        layers.iter().map(Sheet::from).chain(tables.iter().map(Sheet::from)).collect();
    geopackage::write(path.as_ref(), &sheets, existing, projects)
}

/// Stores the styles of `layers`, which were read from the GeoPackage or database `path`, in it, each as the default of its
/// layer in place of those it had. Features, fields and metadata stay as they are.
///
/// # Errors
/// A file that is missing or no GeoPackage; a style whose column is not there or holds no numbers; a file that
/// cannot be written. In all cases the file is untouched.
pub fn restyle(path: &str, layers: &[Layer]) -> Result<Vec<Warning>, Error> {
    let sheets: Vec<Sheet> = layers.iter().map(Sheet::from).collect();
    if is_database(path) {
        return postgis::restyle(path, &sheets);
    }
    geopackage::restyle(Path::new(path), &sheets)
}

/// What layers and tables have in common for a writer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet<'a> {
    pub name: &'a str,
    pub crs: Option<&'a Crs>,
    /// What a GeoPackage says in its place.
    pub undefined_crs: Option<&'a str>,
    pub geometry_type: &'a str,
    pub fid_column: Option<&'a str>,
    pub geometry_column: Option<&'a str>,
    /// Without them the format numbers the rows.
    pub fids: Option<&'a [i64]>,
    pub geometry: &'a [Option<Vec<u8>>],
    pub columns: &'a [Column],
    pub rows: usize,
    pub style: Option<&'a Style>,
    pub title: &'a str,
    /// Provenance of a layer; a table has none.
    pub metadata: Option<&'a Metadata>,
}

impl<'a> From<&'a Layer> for Sheet<'a> {
    fn from(layer: &'a Layer) -> Self {
        Self {
            name: &layer.name,
            crs: layer.crs.as_ref(),
            undefined_crs: layer.undefined_crs.as_deref(),
            geometry_type: &layer.geometry_type,
            fid_column: layer.fid_column.as_deref(),
            geometry_column: layer.geometry_column.as_deref(),
            fids: Some(&layer.fids),
            geometry: &layer.geometry,
            columns: &layer.columns,
            rows: layer.len(),
            style: layer.style.as_ref(),
            title: &layer.metadata.title,
            metadata: Some(&layer.metadata),
        }
    }
}

impl<'a> From<&'a Table> for Sheet<'a> {
    fn from(table: &'a Table) -> Self {
        Self {
            name: &table.name,
            crs: None,
            undefined_crs: None,
            geometry_type: geometry_type::NONE,
            fid_column: None,
            geometry_column: None,
            fids: None,
            geometry: &[],
            columns: &table.columns,
            rows: table.len(),
            style: None,
            title: &table.title,
            metadata: None,
        }
    }
}

impl<'a> Sheet<'a> {
    pub fn is_spatial(&self) -> bool {
        geometry_type::is_spatial(self.geometry_type)
    }

    /// The source's name, or else the first of `names`, that no column has, in any case.
    pub fn free_name(&self, source: Option<&'a str>, names: [&'static str; 3]) -> &'a str {
        let taken = |name: &str| self.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name));
        source.into_iter().chain(names).find(|name| !taken(name)).unwrap_or(names[0])
    }
}

/// GDAL's warnings about an output.
fn warnings(path: &Path, messages: Vec<String>) -> Vec<Warning> {
    messages.into_iter().map(|text| Warning::Other(format!("{}: {text}", path.display()))).collect()
}

/// GDAL often gives no more than a number when a disk is full.
fn in_words(error: GdalError) -> String {
    match error {
        GdalError::OgrError { .. } | GdalError::CplError { .. } => {
            "GDAL gives no reason (disk full?)".to_owned()
        }
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
