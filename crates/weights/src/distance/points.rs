//! The point that stands for a unit.

use durbin_core::Units;
use geo::{BoundingRect, Centroid, CoordsIter, MapCoords};
use geo_types::{Coord, Geometry, LineString, MultiLineString, Rect};
use rayon::prelude::*;

use crate::Error;

/// Where each of `n` units stands, in the layer's coordinates; `None` without geometry.
///
/// Polygons stand at their centroid: the mean of all parts by area, holes taken out, as in GeoDa, PySAL
/// and spdep; it may lie outside of the polygon. Lines stand at their mean by length, several points at
/// their mean. Polygons without area are taken by the length of their boundary, lines without length by
/// their vertices. On a layer in longitude and latitude a unit that spans more than 180° is taken to lie
/// across the antimeridian if that makes it narrower, and its point falls among its parts.
///
/// # Errors
/// [`Error::NotFinite`] naming the first unit with a coordinate that is no number.
pub fn representative_points(units: &Units) -> Result<Vec<Option<[f64; 2]>>, Error> {
    let geographic = units.layer.crs.as_ref().is_some_and(|crs| crs.geographic);
    let points: Vec<Result<_, Error>> = units
        .shapes
        .par_iter()
        .zip(&units.ids)
        .map(|(shape, id)| shape.as_ref().map_or(Ok(None), |shape| of(shape, id, geographic)))
        .collect();
    points.into_iter().collect()
}

fn of(shape: &Geometry<f64>, id: &str, geographic: bool) -> Result<Option<[f64; 2]>, Error> {
    if let Geometry::Point(point) = shape {
        finite([point.x(), point.y()], id)?;
        return Ok(Some([point.x(), point.y()]));
    }
    shape.coords_iter().try_for_each(|c| finite([c.x, c.y], id))?;
    let Some(extent) = shape.bounding_rect() else {
        return Ok(None);
    };
    let narrower = if geographic { across_antimeridian(shape, extent) } else { None };
    let (point, moved) = match narrower {
        None => (centre(shape, extent), false),
        Some((shape, extent)) => (centre(&shape, extent), true),
    };
    Ok(point.map(|[x, y]| [if moved { wrapped(x, extent) } else { x }, y]))
}

fn finite(coordinates: [f64; 2], id: &str) -> Result<(), Error> {
    if coordinates.iter().all(|x| x.is_finite()) {
        Ok(())
    } else {
        Err(Error::NotFinite { id: id.to_owned() })
    }
}

/// The shape with its western half 360° further east, if it is more than 180° wide and that makes it
/// narrower. A shape of no width is none: a rectangle around the globe collapses so.
fn across_antimeridian(
    shape: &Geometry<f64>,
    extent: Rect<f64>,
) -> Option<(Geometry<f64>, Rect<f64>)> {
    if extent.width() <= 180.0 {
        return None;
    }
    let middle = extent.center().x;
    let east = |c: Coord<f64>| if c.x < middle { Coord { x: c.x + 360.0, y: c.y } } else { c };
    let moved = shape.map_coords(east);
    let narrow = moved.bounding_rect()?;
    (narrow.width() > 0.0 && narrow.width() < extent.width()).then_some((moved, narrow))
}

/// A longitude back in the range that the layer uses: −180° to 180°, or 0° to 360°.
fn wrapped(x: f64, extent: Rect<f64>) -> f64 {
    let end = if extent.min().x < 0.0 { 180.0 } else { 360.0 };
    if x > end { x - 360.0 } else { x }
}

/// The centroid. Rings that cross themselves can cancel to a centroid far away: outside of the extent it
/// stands for nothing, and the boundary is taken instead.
fn centre(shape: &Geometry<f64>, extent: Rect<f64>) -> Option<[f64; 2]> {
    let within = |p: &[f64; 2]| {
        (extent.min().x..=extent.max().x).contains(&p[0])
            && (extent.min().y..=extent.max().y).contains(&p[1])
    };
    let centroid = |p: geo_types::Point<f64>| [p.x(), p.y()];
    shape
        .centroid()
        .map(centroid)
        .filter(within)
        .or_else(|| boundary(shape).centroid().map(centroid).filter(within))
        .or_else(|| Some([extent.center().x, extent.center().y]))
}

fn boundary(shape: &Geometry<f64>) -> MultiLineString<f64> {
    fn add(shape: &Geometry<f64>, rings: &mut Vec<LineString<f64>>) {
        match shape {
            Geometry::Polygon(polygon) => {
                rings.push(polygon.exterior().clone());
                rings.extend_from_slice(polygon.interiors());
            }
            Geometry::MultiPolygon(parts) => {
                for polygon in parts {
                    rings.push(polygon.exterior().clone());
                    rings.extend_from_slice(polygon.interiors());
                }
            }
            Geometry::GeometryCollection(parts) => {
                parts.iter().for_each(|part| add(part, rings));
            }
            _ => {}
        }
    }
    let mut rings = Vec::new();
    add(shape, &mut rings);
    MultiLineString(rings)
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, MultiPoint, MultiPolygon, Polygon, Rect, polygon};

    use super::*;

    fn point(shape: impl Into<Geometry<f64>>) -> Option<[f64; 2]> {
        of(&shape.into(), "a", true).unwrap()
    }

    fn rectangle(x0: f64, x1: f64) -> Polygon<f64> {
        Rect::new((x0, 0.0), (x1, 1.0)).to_polygon()
    }

    #[test]
    fn holes_are_taken_out_and_all_parts_count_by_area() {
        let holed = polygon![
            exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 2.), (x: 0., y: 2.)],
            interiors: [[(x: 2., y: 0.), (x: 4., y: 0.), (x: 4., y: 2.), (x: 2., y: 2.)]],
        ];
        assert_eq!(point(holed), Some([1.0, 1.0]));
        let parts = MultiPolygon(vec![rectangle(0.0, 3.0), rectangle(10.0, 11.0)]);
        assert_eq!(point(parts), Some([3.75, 0.5]));
    }

    #[test]
    fn lines_count_by_length_and_points_alike() {
        let line = LineString::from(vec![(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)]);
        let [x, y] = point(line).unwrap();
        assert!((x - 4.0 / 3.0).abs() < 1e-15 && (y - 1.0 / 6.0).abs() < 1e-15);
        let points = MultiPoint::from(vec![(0.0, 0.0), (1.0, 0.0), (5.0, 3.0)]);
        assert_eq!(point(points), Some([2.0, 1.0]));
    }

    #[test]
    fn polygons_without_area_stand_on_their_boundary() {
        let flat = polygon![(x: 0., y: 0.), (x: 2., y: 0.), (x: 4., y: 0.)];
        assert_eq!(point(flat), Some([2.0, 0.0]));
        let spot = polygon![(x: 1., y: 2.), (x: 1., y: 2.), (x: 1., y: 2.)];
        assert_eq!(point(spot), Some([1.0, 2.0]));
        let nearly_even_bow_tie =
            polygon![(x: 0., y: 0.), (x: 2., y: 2.), (x: 2., y: 0.), (x: 0., y: 2.000_000_1)];
        let [x, y] = point(nearly_even_bow_tie).unwrap();
        assert!((0.0..=2.0).contains(&x) && (0.0..=2.1).contains(&y));
    }

    #[test]
    fn a_hole_as_large_as_its_polygon_leaves_a_point_within_it() {
        let square = rectangle(0.0, 2.0);
        let hollow = Polygon::new(square.exterior().clone(), vec![square.exterior().clone()]);
        assert_eq!(point(hollow), Some([1.0, 0.5]));
    }

    #[test]
    fn nothing_has_no_point() {
        assert_eq!(point(MultiPolygon::<f64>(vec![])), None);
    }

    #[test]
    fn a_unit_across_the_antimeridian_stands_among_its_parts() {
        let split = MultiPolygon(vec![rectangle(170.0, 180.0), rectangle(-180.0, -178.0)]);
        assert_eq!(point(split), Some([176.0, 0.5]));
        let western = MultiPolygon(vec![rectangle(178.0, 180.0), rectangle(-180.0, -170.0)]);
        assert_eq!(point(western), Some([-176.0, 0.5]));
        let from_zero = MultiPolygon(vec![rectangle(0.0, 2.0), rectangle(358.0, 360.0)]);
        assert_eq!(point(from_zero), Some([360.0, 0.5]));
        assert_eq!(point(rectangle(-180.0, 180.0)), Some([0.0, 0.5]));
    }

    #[test]
    fn planar_coordinates_know_no_antimeridian() {
        let parts = MultiPolygon(vec![rectangle(170.0, 180.0), rectangle(-180.0, -170.0)]);
        assert_eq!(of(&parts.into(), "a", false).unwrap(), Some([0.0, 0.5]));
    }

    #[test]
    fn a_coordinate_that_is_no_number_names_its_unit() {
        let line = LineString::from(vec![(0.0, 0.0), (f64::NAN, 1.0)]);
        let error = of(&line.into(), "x7", false).unwrap_err();
        assert!(matches!(error, Error::NotFinite { id } if id == "x7"));
    }
}
