//! Shapes straight from WKB, for the geometries that most layers consist of.

use gdal::vector::OGRwkbGeometryType::{self as Kind, Type};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon};

/// Bytes of two doubles.
const COORD: usize = 16;

/// The type and shape of a point, polygon or multipolygon in two dimensions, little-endian, without
/// empty parts, with closed rings of four points at least; `None` for anything else.
pub(crate) fn shape(wkb: &[u8]) -> Option<(Type, Geometry<f64>)> {
    let mut rest = wkb;
    let kind = head(&mut rest)?;
    let shape = match kind {
        Kind::wkbPoint => {
            let at = coord(take(&mut rest, COORD)?);
            (!at.x.is_nan() && !at.y.is_nan()).then(|| Point(at).into())?
        }
        Kind::wkbPolygon => polygon(&mut rest)?.into(),
        Kind::wkbMultiPolygon => {
            let parts = (0..count(&mut rest)?).map(|_| {
                (head(&mut rest)? == Kind::wkbPolygon).then(|| polygon(&mut rest)).flatten()
            });
            let parts: Option<Vec<Polygon<f64>>> = parts.collect();
            MultiPolygon(parts.filter(|parts| !parts.is_empty())?).into()
        }
        _ => return None,
    };
    rest.is_empty().then_some((kind, shape))
}

fn polygon(rest: &mut &[u8]) -> Option<Polygon<f64>> {
    let rings = count(rest)?;
    let exterior = ring(rest).filter(|_| rings > 0)?;
    let interiors: Option<Vec<LineString<f64>>> = (1..rings).map(|_| ring(rest)).collect();
    Some(Polygon::new(exterior, interiors?))
}

fn ring(rest: &mut &[u8]) -> Option<LineString<f64>> {
    let points = usize::try_from(count(rest)?).ok()?;
    let bytes = take(rest, points.checked_mul(COORD)?)?;
    let coords: Vec<Coord<f64>> = bytes.chunks_exact(COORD).map(coord).collect();
    (points >= 4 && coords.first() == coords.last()).then_some(LineString(coords))
}

/// The type code after the mark of little-endian order.
fn head(rest: &mut &[u8]) -> Option<Type> {
    (take(rest, 1)? == [1]).then(|| count(rest)).flatten()
}

fn count(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?))
}

fn coord(bytes: &[u8]) -> Coord<f64> {
    let number = |bytes: &[u8]| bytes.try_into().map_or(f64::NAN, f64::from_le_bytes);
    Coord { x: number(&bytes[..COORD / 2]), y: number(&bytes[COORD / 2..]) }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry;
    use gdal::vector::Geometry as Gdal;

    const PLAIN: [&str; 4] = [
        "POINT (1 2)",
        "POLYGON ((0 0,4 0,4 4,0 0))",
        "POLYGON ((0 0,9 0,9 9,0 9,0 0),(1 1,1 2,2 2,1 1))",
        "MULTIPOLYGON (((0 0,4 0,4 4,0 0)),((9 9,9 8,8 8,9 9),(8.9 8.8,8.8 8.5,8.9 8.6,8.9 8.8)))",
    ];

    fn wkb(wkt: &str) -> Vec<u8> {
        Gdal::from_wkt(wkt).unwrap().iso_wkb().unwrap()
    }

    #[test]
    fn a_plain_geometry_has_the_shape_that_gdal_gives() {
        for wkt in PLAIN {
            let gdal = Gdal::from_wkt(wkt).unwrap();
            let (kind, found) = shape(&wkb(wkt)).unwrap();
            assert_eq!(kind, gdal.geometry_type());
            assert_eq!(Some(found), geometry::shape(&gdal, &wkb(wkt)).unwrap(), "{wkt}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_gdal() {
        for wkt in [
            "POINT EMPTY",
            "POINT Z (1 2 3)",
            "LINESTRING (0 0,1 1)",
            "POLYGON EMPTY",
            "POLYGON ((0 0,1 1,0 0))",
            "POLYGON ((0 0,1 0,1 1,0 1))",
            "MULTIPOLYGON EMPTY",
            "MULTIPOLYGON (EMPTY,((0 0,4 0,4 4,0 0)))",
            "GEOMETRYCOLLECTION (POINT (1 2))",
        ] {
            assert_eq!(shape(&wkb(wkt)), None, "{wkt}");
        }
    }

    #[test]
    fn a_truncated_or_longer_geometry_is_no_plain_one() {
        for wkt in PLAIN {
            let whole = wkb(wkt);
            assert!((0..whole.len()).all(|end| shape(&whole[..end]).is_none()), "{wkt}");
            assert_eq!(shape(&[&whole[..], &[0]].concat()), None, "{wkt}");
        }
    }
}
