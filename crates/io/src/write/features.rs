//! A new layer of an open file, and its features.

use gdal::{
    Dataset,
    errors::Result,
    vector::{Feature, Geometry, LayerAccess, LayerOptions},
};

use super::Sheet;
use crate::{crs, fields, geometry, geometry_type, raw};

/// Creates the layer and writes every row.
pub(super) fn write(
    dataset: &mut Dataset,
    sheet: &Sheet,
    options: &[&str],
    with_geometry: bool,
) -> Result<()> {
    let srs = sheet.crs.filter(|_| with_geometry).map(crs::to_gdal).transpose()?;
    let kind = if with_geometry { sheet.geometry_type } else { geometry_type::NONE };
    // A layer declared as multi-part holds nothing else, where the format knows declared types at all.
    let typed = ["GPKG", "FlatGeobuf"].contains(&dataset.driver().short_name().as_str());
    let multi = typed && kind.starts_with("MULTI");
    let layer = dataset.create_layer(LayerOptions {
        name: sheet.name,
        srs: srs.as_ref(),
        ty: geometry_type::code(kind),
        options: Some(options),
    })?;
    for column in sheet.columns {
        raw::create_field(&layer, &fields::declared(column)?)?;
    }
    for row in 0..sheet.rows {
        let mut feature = Feature::new(layer.defn())?;
        if let Some(fids) = sheet.fids {
            raw::set_fid(&mut feature, fids[row])?;
        }
        for (at, column) in sheet.columns.iter().enumerate() {
            fields::set(&mut feature, at, column, row)?;
        }
        if let Some(wkb) =
            sheet.geometry.get(row).and_then(Option::as_ref).filter(|_| with_geometry)
        {
            let promoted = if multi { geometry::promoted(wkb) } else { None };
            feature.set_geometry(Geometry::from_wkb(promoted.as_ref().unwrap_or(wkb))?)?;
        }
        feature.create(&layer)?;
    }
    Ok(())
}
