//! Layers for tests.

use durbin_core::{Column, Crs, Layer, Metadata};
use gdal::vector::Geometry;

/// A layer in WGS 84 with feature ids from 1, geometry from WKT and a column `key`.
pub(crate) fn layer_of(geometry_type: &str, wkt: &[Option<&str>]) -> Layer {
    let wkb = |wkt: &str| Geometry::from_wkt(wkt).unwrap().iso_wkb().unwrap();
    let fids: Vec<i64> = (1..).take(wkt.len()).collect();
    Layer {
        name: "units".to_owned(),
        crs: Some(crs(4326)),
        undefined_crs: None,
        geometry_type: geometry_type.to_owned(),
        geometry: wkt.iter().map(|wkt| wkt.map(wkb)).collect(),
        columns: vec![Column::text("key", fids.iter().map(|fid| format!("k{fid}")))],
        fid_column: Some("fid".to_owned()),
        geometry_column: Some("geom".to_owned()),
        fids,
        style: None,
        metadata: Metadata::default(),
    }
}

/// `n` unit squares in a row.
pub(crate) fn squares(n: usize) -> Layer {
    let wkt: Vec<String> =
        (0..n).map(|x| format!("POLYGON (({x} 0,{0} 0,{0} 1,{x} 1,{x} 0))", x + 1)).collect();
    layer_of("POLYGON", &wkt.iter().map(|wkt| Some(wkt.as_str())).collect::<Vec<_>>())
}

/// A reference system by its EPSG code.
pub(crate) fn crs(epsg: u32) -> Crs {
    let srs = gdal::spatial_ref::SpatialRef::from_epsg(epsg).unwrap();
    crate::crs::from_gdal(&srs).unwrap().unwrap()
}
