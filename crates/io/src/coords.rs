//! The coordinates of shapes.

use geo_types::{Coord, Geometry};

/// Visits every coordinate of every shape.
pub(crate) fn each_coord(shapes: &[Option<Geometry<f64>>], visit: &mut dyn FnMut(Coord<f64>)) {
    for shape in shapes.iter().flatten() {
        coords(shape, visit);
    }
}

fn coords(shape: &Geometry<f64>, visit: &mut dyn FnMut(Coord<f64>)) {
    let polygon = |polygon: &geo_types::Polygon<f64>, visit: &mut dyn FnMut(Coord<f64>)| {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            ring.0.iter().for_each(|c| visit(*c));
        }
    };
    match shape {
        Geometry::Point(point) => visit(point.0),
        Geometry::MultiPoint(points) => points.0.iter().for_each(|point| visit(point.0)),
        Geometry::Line(line) => [line.start, line.end].into_iter().for_each(visit),
        Geometry::LineString(line) => line.0.iter().for_each(|c| visit(*c)),
        Geometry::MultiLineString(lines) => {
            lines.0.iter().flat_map(|line| &line.0).for_each(|c| visit(*c));
        }
        Geometry::Polygon(area) => polygon(area, visit),
        Geometry::MultiPolygon(areas) => areas.0.iter().for_each(|area| polygon(area, visit)),
        Geometry::Rect(rect) => polygon(&rect.to_polygon(), visit),
        Geometry::Triangle(triangle) => polygon(&triangle.to_polygon(), visit),
        Geometry::GeometryCollection(parts) => {
            for part in &parts.0 {
                coords(part, visit);
            }
        }
    }
}
