//! From GDAL geometry to ISO WKB and to planar shapes, and what is wrong with it.

use gdal::vector::{Geometry, OGRwkbGeometryType};
use geo_traits::to_geo::ToGeoGeometry;

use crate::{messages, plain, raw, simple};

/// ISO WKB type codes differ by this much between a single part and its multi-part type.
const MULTI: u32 = 3;

/// A geometry once it is looked at.
#[derive(Debug)]
pub(crate) struct Looked {
    pub kind: OGRwkbGeometryType::Type,
    /// ISO WKB, little-endian throughout.
    pub wkb: Vec<u8>,
    pub shape: Option<geo_types::Geometry>,
    /// What GEOS finds wrong.
    pub invalid: Option<String>,
}

/// Reads WKB. Most geometries are plain and seen to be valid without GDAL and GEOS, which take ten times as long.
pub(crate) fn look(wkb: &[u8]) -> Result<Looked, String> {
    let Some((kind, shape)) = plain::shape(wkb) else {
        let work = || -> Result<Looked, String> {
            let words = |error: gdal::errors::GdalError| error.to_string();
            let geometry = Geometry::from_wkb(wkb).map_err(words)?;
            let wkb = geometry.iso_wkb().map_err(words)?;
            let shape = shape(&geometry, &wkb)?;
            let invalid = invalidity(&geometry);
            Ok(Looked { kind: geometry.geometry_type(), wkb, shape, invalid })
        };
        return messages::checked(work).map(|(looked, _)| looked);
    };
    let invalid = if simple::is_certainly_valid(&shape) {
        None
    } else {
        let geometry = messages::checked(|| Geometry::from_wkb(wkb))?.0;
        invalidity(&geometry)
    };
    Ok(Looked { kind, wkb: wkb.to_vec(), shape: Some(shape), invalid })
}

/// A geometry as a shape: Z and M dropped, arcs replaced by chords, empty parts left out.
/// `None` when nothing is left.
pub(crate) fn shape(
    geometry: &Geometry,
    wkb: &[u8],
) -> Result<Option<geo_types::Geometry>, String> {
    if geometry.is_empty() {
        return Ok(None);
    }
    let linear = raw::linear_wkb(geometry).map_err(|error| error.to_string())?;
    let parsed = wkb::reader::read_wkb(linear.as_deref().unwrap_or(wkb))
        .map_err(|error| format!("{}: {error}", geometry.geometry_name()))?;
    let mut shape = parsed.try_to_geometry();
    if let Some(geo_types::Geometry::MultiPolygon(parts)) = &mut shape {
        parts.0.retain(|part| !part.exterior().0.is_empty());
    }
    Ok(shape)
}

/// What GEOS finds wrong with a geometry.
pub(crate) fn invalidity(geometry: &Geometry) -> Option<String> {
    let (valid, messages) = messages::capture(|| geometry.is_valid());
    // GEOS warns of an invalid ring and fails on one that is not closed.
    let said = || messages.warnings.iter().chain(&messages.failures).next().cloned();
    (!valid).then(|| said().unwrap_or_else(|| "breaks the simple-features rules".to_owned()))
}

/// A single point, line or polygon in ISO WKB as a multi-part geometry of one part; `None` when it is
/// none of these.
pub(crate) fn promoted(wkb: &[u8]) -> Option<Vec<u8>> {
    let (&order, rest) = wkb.split_first()?;
    let code: [u8; 4] = rest.get(..4)?.try_into().ok()?;
    let little = order == 1;
    let code = if little { u32::from_le_bytes(code) } else { u32::from_be_bytes(code) };
    if !(1..=3).contains(&(code % 1000)) {
        return None;
    }
    let bytes = |number: u32| {
        if little { number.to_le_bytes() } else { number.to_be_bytes() }
    };
    Some([&[order], &bytes(code + MULTI)[..], &bytes(1), wkb].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(wkt: &str) -> Option<geo_types::Geometry> {
        let geometry = Geometry::from_wkt(wkt).unwrap();
        shape(&geometry, &geometry.iso_wkb().unwrap()).unwrap()
    }

    #[test]
    fn z_and_m_are_dropped_and_empty_is_no_shape() {
        assert_eq!(read("POINT ZM (1 2 3 4)"), Some(geo_types::Point::new(1.0, 2.0).into()));
        assert_eq!(read("POLYGON EMPTY"), None);
        assert_eq!(read("POINT EMPTY"), None);
    }

    #[test]
    fn arcs_become_chords() {
        let Some(geo_types::Geometry::Polygon(disc)) =
            read("CURVEPOLYGON (CIRCULARSTRING (1 0,-1 0,1 0))")
        else {
            panic!("a polygon")
        };
        assert!(disc.exterior().0.len() > 50);
        assert!(disc.exterior().0.iter().all(|c| (c.x.hypot(c.y) - 1.0).abs() < 1e-12));
    }

    #[test]
    fn an_empty_part_does_not_hide_the_others() {
        let shape = read("MULTIPOLYGON (EMPTY,((0 0,1 0,1 1,0 0)))");
        let Some(geo_types::Geometry::MultiPolygon(parts)) = shape else { panic!("polygons") };
        assert_eq!(parts.0.len(), 1);
    }

    #[test]
    fn a_promoted_part_reads_as_a_multi_part_geometry() {
        let single = Geometry::from_wkt("POLYGON Z ((0 0 5,1 0 5,1 1 5,0 0 5))").unwrap();
        let multi = promoted(&single.iso_wkb().unwrap()).unwrap();
        let wkt = Geometry::from_wkb(&multi).unwrap().iso_wkt().unwrap();
        assert_eq!(wkt, "MULTIPOLYGON Z (((0 0 5,1 0 5,1 1 5,0 0 5)))");
        assert_eq!(promoted(&multi), None);
    }
}
