//! A new layer of an open file, and its features.

use gdal::{
    Dataset,
    errors::Result,
    vector::{Feature, Layer, LayerAccess, LayerOptions},
};

use durbin_core::Values;

use super::{Sheet, packed_tree::Entry};
use crate::{crs, fields, geometry, geometry_type, raw};

/// What becomes of geometries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Geometries {
    LeftOut,
    AsTheyAre,
    /// A layer declared as multi-part holds nothing else.
    AsDeclared,
    /// The same, and empty geometries become missing ones: a spatial index cannot hold them, and checkers of
    /// GeoPackages want every geometry in it.
    Indexed,
}

/// What came of the rows.
#[derive(Debug, Default)]
pub(super) struct Filled {
    /// The bounding boxes of the features that have one, by feature id.
    pub boxes: Vec<Entry>,
    /// Empty geometries that became missing ones.
    pub emptied: usize,
}

/// How real numbers reach the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reals {
    AsTheyAre,
    /// As text with every digit, where the driver would round to fifteen.
    AsText,
}

/// Creates the layer and its fields.
pub(super) fn create<'a>(
    dataset: &'a mut Dataset,
    sheet: &Sheet,
    options: &[&str],
    geometries: Geometries,
    reals: Reals,
) -> Result<Layer<'a>> {
    let with_geometry = geometries != Geometries::LeftOut;
    let wkt = sheet.crs.map(|crs| crs.wkt.as_str()).or(sheet.undefined_crs);
    let srs = wkt.filter(|_| with_geometry).map(crs::from_text).transpose()?;
    let kind = if with_geometry { sheet.geometry_type } else { geometry_type::NONE };
    let layer = dataset.create_layer(LayerOptions {
        name: sheet.name,
        srs: srs.as_ref(),
        ty: geometry_type::code(kind),
        options: Some(options),
    })?;
    for column in sheet.columns {
        let declared = match reals {
            Reals::AsText if matches!(column.values, Values::Float(_)) => {
                fields::declared_as_text(column)
            }
            _ => fields::declared(column)?,
        };
        raw::create_field(&layer, &declared)?;
    }
    Ok(layer)
}

/// Writes every row.
pub(super) fn fill(
    layer: &Layer,
    sheet: &Sheet,
    geometries: Geometries,
    reals: Reals,
) -> Result<Filled> {
    let declared = matches!(geometries, Geometries::AsDeclared | Geometries::Indexed);
    let multi = declared && sheet.geometry_type.starts_with("MULTI");
    let with_geometry = geometries != Geometries::LeftOut && sheet.is_spatial();
    let mut filled = Filled::default();
    // One feature for all rows: every field is set, or set to null, each time.
    let mut feature = Feature::new(layer.defn())?;
    for row in 0..sheet.rows {
        raw::set_fid(&mut feature, sheet.fids.map_or(raw::NO_FID, |fids| fids[row]))?;
        for (at, column) in sheet.columns.iter().enumerate() {
            match reals {
                Reals::AsText if matches!(column.values, Values::Float(_)) => {
                    fields::set_as_text(&mut feature, at, column, row)?;
                }
                _ => fields::set(&mut feature, at, column, row)?,
            }
        }
        let mut envelope = None;
        if with_geometry {
            let wkb = sheet.geometry.get(row).and_then(Option::as_deref);
            let promoted = wkb.filter(|_| multi).and_then(geometry::promoted);
            envelope = raw::set_geometry(&mut feature, promoted.as_deref().or(wkb))?;
            if geometries == Geometries::Indexed && wkb.is_some() && envelope.is_none() {
                raw::set_geometry(&mut feature, None)?;
                filled.emptied += 1;
            }
        }
        feature.create(layer)?;
        let fid = raw::fid(&feature);
        filled
            .boxes
            .extend(envelope.and_then(|envelope| Entry::around(fid, envelope.min, envelope.max)));
    }
    Ok(filled)
}
