//! Reading units and tables.

#[cfg(gdal_streams_columns)]
mod columns;
mod features;
mod gather;
#[cfg(gdal_streams_columns)]
mod stream;

use durbin_core::{InvalidGeometry, Layer, Metadata, Table, Units};
use gdal::vector::LayerAccess;
use geo_types::Geometry;

use self::gather::Gather;
use crate::{Error, Source, crs, fields::FieldReader, messages, open::Opened, raw};

type AnyError = Box<dyn std::error::Error>;

/// The fields of all features, and what else is read of them.
type Features = (Vec<FieldReader>, Gather);

/// Reads a layer with its geometry: WKB as it is, shapes for computing, and what GEOS finds invalid.
///
/// The geometry type is the one the layer declares; where a Shapefile says `POLYGON` and holds
/// several parts, it is `MULTIPOLYGON`. A source without geometry gives units without shapes.
///
/// # Errors
/// A source that is missing, cannot be opened or read, or holds several layers when none was chosen;
/// a key field that is missing, empty or not unique.
pub fn read_units(source: &Source) -> Result<Units, Error> {
    units(&Opened::new(source)?, source)
}

/// Reads attributes alone. Text stays text: the keys of a CSV keep their leading zeros, unless a
/// `.csvt` beside it declares numbers.
///
/// # Errors
/// As [`read_units`]; keys are not looked at.
pub fn read_table(source: &Source) -> Result<Table, Error> {
    let opened = Opened::new(source)?;
    let at = opened.layer(source.layer_name(), false)?;
    let read = read(&opened, at, false)?;
    Ok(Table { name: read.layer.name, title: String::new(), columns: read.layer.columns })
}

fn units(opened: &Opened, source: &Source) -> Result<Units, Error> {
    let at = opened.layer(source.layer_name(), true)?;
    let Read { layer, shapes, invalid } = read(opened, at, true)?;
    let mut units =
        Units::new(layer, shapes, source.id_field()).map_err(Error::data(&opened.path))?;
    units.invalid = invalid
        .into_iter()
        .map(|(row, reason)| InvalidGeometry { id: units.ids[row].clone(), reason })
        .collect();
    Ok(units)
}

fn read(opened: &Opened, at: usize, with_geometry: bool) -> Result<Read, Error> {
    let by_column = by_column(opened, at, with_geometry);
    let (read, _) = messages::checked(|| match by_column {
        Some(features) => layer(opened, at, features),
        None => by_feature(opened, at, with_geometry),
    })
    .map_err(|reason| Error::Read { path: opened.path.clone(), reason })?;
    Ok(read)
}

/// The features as columns, where GDAL can and nothing speaks against it.
#[cfg(gdal_streams_columns)]
fn by_column(opened: &Opened, at: usize, with_geometry: bool) -> Option<Features> {
    let (features, said) =
        messages::capture(|| columns::read(&opened.dataset, at, with_geometry).ok().flatten());
    features.filter(|_| said.failures.is_empty())
}

#[cfg(not(gdal_streams_columns))]
fn by_column(_: &Opened, _: usize, _: bool) -> Option<Features> {
    None
}

/// A layer, its shapes, and the rows whose geometry is invalid.
#[derive(Debug, PartialEq)]
struct Read {
    layer: Layer,
    shapes: Vec<Option<Geometry<f64>>>,
    invalid: Vec<(usize, String)>,
}

fn by_feature(opened: &Opened, at: usize, with_geometry: bool) -> Result<Read, AnyError> {
    layer(opened, at, features::read(&opened.dataset, at, with_geometry)?)
}

fn layer(opened: &Opened, at: usize, (readers, gather): Features) -> Result<Read, AnyError> {
    let source = opened.dataset.layer(at)?;
    let (crs, undefined_crs) = match source.spatial_ref() {
        Some(srs) => (crs::from_gdal(&srs)?, crs::undefined(&srs)?),
        None => (None, None),
    };
    let Gather { geometry_type, fids, geometry, shapes, invalid } = gather;
    let layer = Layer {
        name: source.name(),
        crs,
        undefined_crs,
        geometry_type,
        fid_column: raw::fid_column(&source),
        geometry_column: raw::geometry_column(&source),
        fids,
        geometry,
        columns: readers.into_iter().map(FieldReader::finish).collect(),
        style: None,
        metadata: Metadata::default(),
    };
    Ok(Read { layer, shapes, invalid })
}

#[cfg(test)]
mod tests;
