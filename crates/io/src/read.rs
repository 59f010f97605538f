//! Reading units and tables.

use durbin_core::{InvalidGeometry, Layer, Metadata, Table, Units};
use gdal::vector::LayerAccess;
use geo_types::Geometry;

use crate::{
    Error, Source, crs, fields::FieldReader, geometry, geometry_type, messages, open::Opened, raw,
};

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

/// A layer, its shapes, and the rows whose geometry is invalid.
struct Read {
    layer: Layer,
    shapes: Vec<Option<Geometry<f64>>>,
    invalid: Vec<(usize, String)>,
}

fn read(opened: &Opened, at: usize, with_geometry: bool) -> Result<Read, Error> {
    let (read, _) = messages::checked(|| features(opened, at, with_geometry))
        .map_err(|reason| Error::Read { path: opened.path.clone(), reason })?;
    Ok(read)
}

fn features(
    opened: &Opened,
    at: usize,
    with_geometry: bool,
) -> Result<Read, Box<dyn std::error::Error>> {
    let mut source = opened.dataset.layer(at)?;
    let declared = geometry_type::name(source.defn().geometry_type());
    let crs = match source.spatial_ref() {
        Some(srs) => crs::from_gdal(&srs)?,
        None => None,
    };
    let mut layer = Layer {
        name: source.name(),
        crs,
        geometry_type: declared,
        fid_column: raw::fid_column(&source),
        geometry_column: raw::geometry_column(&source),
        fids: Vec::new(),
        geometry: Vec::new(),
        columns: Vec::new(),
        style: None,
        metadata: Metadata::default(),
    };
    let mut readers = FieldReader::all(source.defn())?;
    let (mut shapes, mut invalid) = (Vec::new(), Vec::new());
    let mut several_parts = false;
    for (row, feature) in source.features().enumerate() {
        layer.fids.push(raw::fid(&feature));
        for reader in &mut readers {
            reader.read(&feature)?;
        }
        let present = with_geometry && raw::has_geometry(&feature);
        let found = if present { feature.geometry() } else { None };
        let Some(found) = found else {
            layer.geometry.push(None);
            shapes.push(None);
            continue;
        };
        let wkb = found.iso_wkb()?;
        let name = geometry_type::name(found.geometry_type());
        several_parts |=
            geometry_type::multi(&layer.geometry_type).is_some_and(|multi| multi == name);
        let in_row = |reason| format!("feature {}: {reason}", raw::fid(&feature));
        shapes.push(geometry::shape(found, &wkb).map_err(in_row)?);
        invalid.extend(geometry::invalidity(found).map(|reason| (row, reason)));
        layer.geometry.push(Some(wkb));
    }
    if several_parts {
        layer.geometry_type =
            geometry_type::multi(&layer.geometry_type).unwrap_or(layer.geometry_type);
    }
    layer.columns = readers.into_iter().map(FieldReader::finish).collect();
    Ok(Read { layer, shapes, invalid })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::Spool;

    const FEATURE: &str = r#"{"type":"Feature","id":ID,"properties":{"key":"01","x":null,"tags":["a","b"]},"geometry":{"type":"Point","coordinates":[1,2]}}"#;

    fn from_stdin(text: &str) -> Units {
        let spool = Spool::new(text.as_bytes()).unwrap();
        let opened = Opened::spooled("standard input".to_owned(), spool).unwrap();
        units(&opened, &Source::new("-")).unwrap()
    }

    #[test]
    fn collections_sequences_and_text_sequences_on_standard_input_read_alike() {
        let [a, b] = ["4", "7"].map(|id| FEATURE.replace("ID", id));
        let collection = format!("{{\"type\":\"FeatureCollection\",\n\"features\":[{a},\n{b}]}}");
        for text in [collection, format!("{a}\n{b}\n"), format!("\u{1e}{a}\n\u{1e}{b}\n")] {
            let units = from_stdin(&text);
            assert_eq!(units.ids, ["4", "7"], "{text}");
            assert_eq!(units.layer.column("key").unwrap().key(0).as_deref(), Some("01"));
            assert_eq!(units.layer.column("tags").unwrap().key(1).as_deref(), Some(r#"["a","b"]"#));
            assert_eq!(units.shapes[1], Some(geo_types::Point::new(1.0, 2.0).into()));
        }
    }

    #[test]
    fn a_byte_order_mark_before_a_document_or_a_sequence_is_no_part_of_it() {
        let [a, b] = ["4", "7"].map(|id| FEATURE.replace("ID", id));
        for text in [format!("\u{feff}{a}\n{b}\n"), format!("\u{feff}{a}\n")] {
            assert_eq!(from_stdin(&text).ids[0], "4", "{text}");
        }
    }

    #[test]
    fn a_lone_feature_is_a_layer_too() {
        assert_eq!(from_stdin(&FEATURE.replace("ID", "1")).len(), 1);
    }
}
