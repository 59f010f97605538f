//! Reference systems between GDAL and core.

use durbin_core::{Crs, Ellipsoid};
use gdal::{
    config::{clear_thread_local_config_option, set_thread_local_config_option},
    errors::Result,
    spatial_ref::{AxisMappingStrategy, SpatialRef},
};

/// A reference system as core knows it; `None` for the placeholders by which a GeoPackage says that
/// there is none.
pub(crate) fn from_gdal(srs: &SpatialRef) -> Result<Option<Crs>> {
    let name = srs.name().unwrap_or_default();
    if is_placeholder(&name) {
        return Ok(None);
    }
    let authority = srs.authority().ok().and_then(|authority| {
        let (name, code) = authority.split_once(':')?;
        Some((name.to_owned(), code.to_owned()))
    });
    let geographic = srs.is_geographic();
    let metres_per_unit = if geographic { 1.0 } else { srs.linear_units() };
    let ellipsoid = match (srs.semi_major(), srs.semi_minor()) {
        (Ok(semi_major), Ok(semi_minor)) => Some(Ellipsoid { semi_major, semi_minor }),
        _ => None,
    };
    Ok(Some(Crs { wkt: wkt2(srs)?, authority, name, geographic, metres_per_unit, ellipsoid }))
}

/// The text of a placeholder for a reference system.
pub(crate) fn undefined(srs: &SpatialRef) -> Result<Option<String>> {
    let name = srs.name().unwrap_or_default();
    is_placeholder(&name).then(|| wkt2(srs)).transpose()
}

fn is_placeholder(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("undefined ")
}

/// The reference system for GDAL, coordinates in the order x, y.
pub(crate) fn to_gdal(crs: &Crs) -> Result<SpatialRef> {
    from_text(&crs.wkt)
}

/// The reference system of a well-known text, coordinates in the order x, y.
pub(crate) fn from_text(wkt: &str) -> Result<SpatialRef> {
    let mut srs = SpatialRef::from_wkt(wkt)?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(srs)
}

/// Whether two layers share a reference system; none and none do.
pub(crate) fn same(a: Option<&Crs>, b: Option<&Crs>) -> Result<bool> {
    match (a, b) {
        (None, None) => Ok(true),
        (Some(a), Some(b)) if a.authority.is_some() && a.authority == b.authority => Ok(true),
        (Some(a), Some(b)) => Ok(to_gdal(a)? == to_gdal(b)?),
        _ => Ok(false),
    }
}

/// `EPSG:4326 (WGS 84)`, as messages name it.
pub(crate) fn label(crs: Option<&Crs>) -> String {
    match crs {
        None => "no CRS".to_owned(),
        Some(Crs { authority: Some((authority, code)), name, .. }) => {
            format!("{authority}:{code} ({name})")
        }
        Some(crs) => crs.name.clone(),
    }
}

/// The first WKT cannot say everything, and GDAL prefers it.
fn wkt2(srs: &SpatialRef) -> Result<String> {
    const FORMAT: &str = "OSR_WKT_FORMAT";
    set_thread_local_config_option(FORMAT, "WKT2_2018")?;
    let wkt = srs.to_wkt();
    clear_thread_local_config_option(FORMAT)?;
    wkt
}
