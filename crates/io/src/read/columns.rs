//! Reading a layer column by column.
//!
//! Several times faster than feature by feature where the driver fills columns itself. Whatever the
//! stream of GDAL 3.6 gives otherwise than the features do, or could, is left to the features: Booleans
//! (wrong bits), dates (a number instead of null for one that does not parse), narrow numbers that hold
//! more than they declare, lists.

use durbin_core::{Column, Narrow, Values};
use gdal::{
    Dataset,
    config::{clear_thread_local_config_option, set_thread_local_config_option},
    cpl::CslStringList,
    vector::{Layer, LayerAccess, LayerCaps},
};

use super::{
    AnyError, Features,
    gather::Gather,
    stream::{Array, Stream, Values as Arrow},
};
use crate::{fields::FieldReader, geometry_type, raw, sql};

/// Drivers whose streams were compared with their features.
const DRIVERS: [&str; 2] = ["GPKG", "FlatGeobuf"];

const INCLUDE_FID: &str = "INCLUDE_FID=YES";

/// Features in one batch.
const BATCH: &str = "MAX_FEATURES_IN_BATCH=32768";

/// Reads a layer by column; `None` when it must be read by feature.
pub(super) fn read(
    dataset: &Dataset,
    at: usize,
    with_geometry: bool,
) -> Result<Option<Features>, AnyError> {
    let mut layer = dataset.layer(at)?;
    let driver = dataset.driver().short_name();
    let fast = layer.has_capability(LayerCaps::OLCFastGetArrowStream);
    if !fast || !DRIVERS.contains(&driver.as_str()) {
        return Ok(None);
    }
    if driver == "GPKG" {
        return geopackage(dataset, &mut layer, with_geometry);
    }
    stream(&mut layer, "OGC_FID", with_geometry)
}

fn geopackage(
    dataset: &Dataset,
    layer: &mut Layer,
    with_geometry: bool,
) -> Result<Option<Features>, AnyError> {
    let (Some(fid), Some(count)) = (raw::fid_column(layer), layer.try_feature_count()) else {
        return Ok(None);
    };
    let table = sql::identifier(&layer.name());
    let id = sql::identifier(&fid);
    let ends = sql::rows(dataset, &format!("SELECT min({id}), max({id}) FROM {table}"))?;
    let dense = ends == [["1".to_owned(), count.to_string()]];
    // With threads, and with gaps in the ids, GDAL reads in a thread of its own, which up to 3.11
    // can hand out an array before it is complete (its pull request 12935).
    let options: &[(&str, &str)] = if dense {
        &[("GDAL_NUM_THREADS", "1"), ("OGR_GPKG_NUM_THREADS", "1")]
    } else {
        &[("OGR_GPKG_STREAM_BASE_IMPL", "YES")]
    };
    for (option, value) in options {
        set_thread_local_config_option(option, value)?;
    }
    let found = stream(layer, &fid, with_geometry);
    for (option, _) in options {
        clear_thread_local_config_option(option)?;
    }
    let Some((readers, gather)) = found? else {
        return Ok(None);
    };
    // The count that GDAL keeps may be wrong, and then so are its batches.
    let counted = u64::try_from(gather.fids.len())? == count
        && gather.fids.iter().zip(1..).all(|(&fid, at)| fid == at);
    if dense && !counted {
        return Ok(None);
    }
    // A geometry that is none of GeoPackage's comes as null; by feature it is read, or an error.
    let read = gather.geometry.iter().flatten().count();
    if with_geometry && read < gather.fids.len() {
        let column = sql::identifier(&raw::geometry_column(layer).unwrap_or_default());
        let there = sql::rows(dataset, &format!("SELECT count({column}) FROM {table}"))?;
        if there != [[read.to_string()]] {
            return Ok(None);
        }
    }
    Ok(Some((readers, gather)))
}

/// Whether a stream gives the values of this field just as the features do.
fn as_column(reader: &FieldReader) -> bool {
    let column = reader.column();
    !reader.is_list()
        && match (&column.values, column.storage.narrow) {
            (Values::Text(_) | Values::Float(_), None) => true,
            (Values::Int(_), narrow) => narrow != Some(Narrow::Int16),
            _ => false,
        }
}

fn stream(layer: &mut Layer, fid: &str, with_geometry: bool) -> Result<Option<Features>, AnyError> {
    let mut readers = FieldReader::all(layer.defn())?;
    let mut gather = Gather::new(&geometry_type::name(layer.defn().geometry_type()));
    let shape = raw::geometry_column(layer).unwrap_or_else(|| "wkb_geometry".to_owned());
    let with_geometry = with_geometry && geometry_type::is_spatial(&gather.geometry_type);
    let options = CslStringList::from_iter([INCLUDE_FID, BATCH]);
    let mut stream = Stream::new(layer, &options)?;
    let columns = std::mem::take(&mut stream.columns);
    // Position of the only column of that name, which has that format.
    let find = |name: &str, format: &str| {
        let mut named = columns.iter().enumerate().filter(|(_, column)| column.0 == name);
        let found = named.next().filter(|(_, column)| column.1 == format);
        found.map(|found| found.0).filter(|_| named.next().is_none())
    };
    let place = |reader: &FieldReader| {
        let format = format(reader.column());
        let at = find(&reader.column().name, format).filter(|_| as_column(reader));
        Some((at?, format))
    };
    let places: Option<Vec<(usize, &str)>> = readers.iter().map(place).collect();
    let (Some(places), Some(fid)) = (places, find(fid, "l")) else {
        return Ok(None);
    };
    let shape = find(&shape, "z").filter(|_| with_geometry);
    if with_geometry && shape.is_none() {
        return Ok(None);
    }
    while let Some(batch) = stream.next()? {
        if batch.rows() == 0 {
            break;
        }
        for (reader, &(at, format)) in readers.iter_mut().zip(&places) {
            let Some(array) = batch.column(at, format) else {
                return Ok(None);
            };
            extend(reader.values(), &array, batch.rows());
        }
        let shapes = shape.map(|at| batch.column(at, "z"));
        let fids = batch.column(fid, "l").map(|array| array.values);
        let (Some(Arrow::Int64(fids)), false) = (fids, matches!(shapes, Some(None))) else {
            return Ok(None);
        };
        let shapes = shapes.flatten();
        gather.extend(&fids[..batch.rows()], |row| shapes.as_ref()?.bytes(row))?;
    }
    Ok(Some((readers, gather)))
}

/// Adds the values of a batch. Neither null nor `NaN` is a value.
fn extend(values: &mut Values, array: &Array, rows: usize) {
    let valid = (0..rows).map(|row| array.is_valid(row));
    match (values, &array.values) {
        (Values::Int(v), Arrow::Int32(numbers)) => {
            v.extend(valid.zip(*numbers).map(|(valid, &number)| valid.then(|| number.into())));
        }
        (Values::Int(v), Arrow::Int64(numbers)) => {
            v.extend(valid.zip(*numbers).map(|(valid, &number)| valid.then_some(number)));
        }
        (Values::Float(v), Arrow::Float64(numbers)) => {
            let number =
                |(valid, &number): (bool, &f64)| (valid && !number.is_nan()).then_some(number);
            v.extend(valid.zip(*numbers).map(number));
        }
        (Values::Text(v), Arrow::Bytes(..)) => {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            v.extend((0..rows).map(|row| array.bytes(row).map(text)));
        }
        // Formats were chosen by the columns.
        _ => {}
    }
}

/// Arrow's format of the values of a column.
fn format(column: &Column) -> &'static str {
    match (&column.values, column.storage.narrow) {
        (Values::Int(_), Some(_)) => "i",
        (Values::Int(_), None) => "l",
        (Values::Float(_), _) => "g",
        _ => "u",
    }
}
