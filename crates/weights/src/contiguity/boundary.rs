//! The boundary of a unit as a list of edges.

use std::cmp::Ordering;

use geo_types::{Geometry, LineString, Polygon};

use crate::Error;

pub type Point = [f64; 2];

/// A segment between two consecutive vertices of a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    pub start: Point,
    pub end: Point,
}

/// An axis-parallel box, its sides included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub min: Point,
    pub max: Point,
}

/// All rings of a unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Boundary {
    pub edges: Vec<Edge>,
    /// Box of each run of [`RUN`] edges, so that a small window skips most of a long boundary.
    runs: Vec<Extent>,
}

const RUN: usize = 32;

impl Boundary {
    pub fn new(id: &str, shape: Option<&Geometry<f64>>) -> Result<Self, Error> {
        let mut edges = Vec::new();
        if let Some(shape) = shape {
            add_geometry(id, shape, &mut edges)?;
        }
        let runs = edges.chunks(RUN).map(extent_of).collect();
        Ok(Self { edges, runs })
    }

    pub fn extent(&self) -> Option<Extent> {
        self.runs.iter().copied().reduce(Extent::union)
    }

    /// The edges that meet `window`.
    pub fn within(&self, window: Extent) -> Vec<&Edge> {
        let runs = self.edges.chunks(RUN).zip(&self.runs);
        runs.filter(|(_, run)| run.meets(window))
            .flat_map(|(edges, _)| edges)
            .filter(|edge| edge.extent().meets(window))
            .collect()
    }
}

impl Edge {
    pub fn extent(&self) -> Extent {
        let (a, b) = (self.start, self.end);
        Extent { min: [a[0].min(b[0]), a[1].min(b[1])], max: [a[0].max(b[0]), a[1].max(b[1])] }
    }

    /// The two ends in order of coordinates.
    pub fn ordered(&self) -> (Point, Point) {
        if compare(self.start, self.end).is_lt() {
            (self.start, self.end)
        } else {
            (self.end, self.start)
        }
    }
}

impl Extent {
    pub fn meets(self, other: Self) -> bool {
        (0..2).all(|k| self.min[k] <= other.max[k] && other.min[k] <= self.max[k])
    }

    pub fn contains(self, point: Point) -> bool {
        (0..2).all(|k| self.min[k] <= point[k] && point[k] <= self.max[k])
    }

    /// The common part; no point lies in it when the boxes do not meet.
    pub fn intersection(self, other: Self) -> Self {
        Self {
            min: [self.min[0].max(other.min[0]), self.min[1].max(other.min[1])],
            max: [self.max[0].min(other.max[0]), self.max[1].min(other.max[1])],
        }
    }

    fn union(self, other: Self) -> Self {
        Self {
            min: [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])],
            max: [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])],
        }
    }
}

/// Order by x, then y.
pub fn compare(a: Point, b: Point) -> Ordering {
    a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]))
}

fn extent_of(edges: &[Edge]) -> Extent {
    let first = edges[0].extent();
    edges.iter().map(Edge::extent).fold(first, Extent::union)
}

fn add_geometry(id: &str, shape: &Geometry<f64>, edges: &mut Vec<Edge>) -> Result<(), Error> {
    let found = match shape {
        Geometry::Polygon(polygon) => return add_polygon(id, polygon, edges),
        Geometry::MultiPolygon(parts) => {
            return parts.iter().try_for_each(|part| add_polygon(id, part, edges));
        }
        Geometry::GeometryCollection(members) => {
            return members.iter().try_for_each(|member| add_geometry(id, member, edges));
        }
        Geometry::Rect(rect) => return add_polygon(id, &rect.to_polygon(), edges),
        Geometry::Triangle(triangle) => return add_polygon(id, &triangle.to_polygon(), edges),
        Geometry::Point(_) | Geometry::MultiPoint(_) => "point",
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => "line",
    };
    Err(Error::NotPolygons { id: id.to_owned(), found })
}

fn add_polygon(id: &str, polygon: &Polygon<f64>, edges: &mut Vec<Edge>) -> Result<(), Error> {
    add_ring(id, polygon.exterior(), edges)?;
    polygon.interiors().iter().try_for_each(|hole| add_ring(id, hole, edges))
}

/// Adds a ring. One collapsed to a line or a point bounds nothing and is left out.
fn add_ring(id: &str, ring: &LineString<f64>, edges: &mut Vec<Edge>) -> Result<(), Error> {
    // Adding zero turns −0 into 0, so that equal coordinates have equal bits.
    let mut vertices: Vec<Point> = ring.0.iter().map(|c| [c.x + 0.0, c.y + 0.0]).collect();
    if !vertices.as_flattened().iter().all(|v| v.is_finite()) {
        return Err(Error::NotFinite { id: id.to_owned() });
    }
    vertices.dedup();
    while vertices.len() > 1 && vertices.first() == vertices.last() {
        vertices.pop();
    }
    let n = vertices.len();
    if n >= 3 {
        edges.extend((0..n).map(|i| Edge { start: vertices[i], end: vertices[(i + 1) % n] }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    fn edges(shape: impl Into<Geometry<f64>>) -> Vec<Edge> {
        Boundary::new("a", Some(&shape.into())).unwrap().edges
    }

    #[test]
    fn repeated_vertices_and_negative_zero_leave_no_trace() {
        let clean = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        let dirty = polygon![(x: -0., y: 0.), (x: -0., y: -0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        assert_eq!(edges(clean), edges(dirty));
    }

    #[test]
    fn a_point_a_line_and_a_missing_number_are_refused_by_name() {
        let point = Geometry::Point((1.0, 1.0).into());
        let error = Boundary::new("p7", Some(&point)).unwrap_err();
        assert!(matches!(error, Error::NotPolygons { id, found: "point" } if id == "p7"));
        let hollow = polygon![(x: 0., y: 0.), (x: f64::NAN, y: 0.), (x: 0., y: 1.)];
        let error = Boundary::new("q", Some(&hollow.into())).unwrap_err();
        assert!(matches!(error, Error::NotFinite { id } if id == "q"));
    }
}
