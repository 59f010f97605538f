//! The boundary of a unit as directed edges with its interior on their left.

#![allow(clippy::float_cmp, reason = "equal coordinates are the same point, and others are not")]

use std::cmp::Ordering;

use geo_types::{Geometry, LineString, Polygon};

use crate::Error;

pub type Point = [f64; 2];

/// A directed edge, the unit's interior on its left, with the vertex before its start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    pub before: Point,
    pub start: Point,
    pub end: Point,
    /// Two parts of the unit lie on either side, so this is no boundary of it.
    pub internal: bool,
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
        mark_internal(&mut edges);
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

    /// The two ends in order of coordinates, and whether the edge runs that way.
    pub fn ordered(&self) -> (Point, Point, bool) {
        if compare(self.start, self.end).is_lt() {
            (self.start, self.end, true)
        } else {
            (self.end, self.start, false)
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
    add_ring(id, polygon.exterior(), true, edges)?;
    let mut holes = polygon.interiors().iter();
    holes.try_for_each(|hole| add_ring(id, hole, false, edges))
}

/// Adds a ring: counterclockwise around a part, clockwise around a hole, so that the interior is on the
/// left. A ring collapsed to a line or a point bounds nothing and is left out.
fn add_ring(
    id: &str,
    ring: &LineString<f64>,
    counterclockwise: bool,
    edges: &mut Vec<Edge>,
) -> Result<(), Error> {
    // Adding zero turns −0 into 0, so that equal coordinates have equal bits.
    let mut vertices: Vec<Point> = ring.0.iter().map(|c| [c.x + 0.0, c.y + 0.0]).collect();
    if !vertices.as_flattened().iter().all(|v| v.is_finite()) {
        return Err(Error::NotFinite { id: id.to_owned() });
    }
    vertices.dedup();
    while vertices.len() > 1 && vertices.first() == vertices.last() {
        vertices.pop();
    }
    if vertices.len() < 3 {
        return Ok(());
    }
    if (doubled_area(&vertices) > 0.0) != counterclockwise {
        vertices.reverse();
    }
    let n = vertices.len();
    edges.extend((0..n).map(|i| Edge {
        before: vertices[(i + n - 1) % n],
        start: vertices[i],
        end: vertices[(i + 1) % n],
        internal: false,
    }));
    Ok(())
}

/// Twice the signed area, measured from the first vertex so that large coordinates cancel.
fn doubled_area(vertices: &[Point]) -> f64 {
    let [x0, y0] = vertices[0];
    vertices
        .windows(2)
        .map(|pair| {
            let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
            (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        })
        .sum()
}

/// Marks the edges that the unit has in both directions.
fn mark_internal(edges: &mut [Edge]) {
    let key = |edge: &Edge| {
        let (low, high, forward) = edge.ordered();
        (low, high, forward)
    };
    let mut order: Vec<usize> = (0..edges.len()).collect();
    let by_ends = |&i: &usize, &j: &usize| {
        let (a, b) = (key(&edges[i]), key(&edges[j]));
        compare(a.0, b.0).then(compare(a.1, b.1))
    };
    order.sort_unstable_by(by_ends);
    let same = |&i: &usize, &j: &usize| {
        let (a, b) = (key(&edges[i]), key(&edges[j]));
        (a.0, a.1) == (b.0, b.1)
    };
    let doubled: Vec<usize> = order
        .chunk_by(same)
        .filter(|group| {
            let forward = group.iter().filter(|&&i| key(&edges[i]).2).count();
            forward > 0 && forward < group.len()
        })
        .flatten()
        .copied()
        .collect();
    for i in doubled {
        edges[i].internal = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, line_string, polygon};

    fn edges(shape: impl Into<Geometry<f64>>) -> Vec<Edge> {
        Boundary::new("a", Some(&shape.into())).unwrap().edges
    }

    #[test]
    fn shells_run_counterclockwise_and_holes_clockwise_whatever_their_direction() {
        let shell = line_string![(x: 0., y: 0.), (x: 0., y: 9.), (x: 9., y: 9.), (x: 9., y: 0.)];
        let hole = line_string![(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 2.)];
        let forward = edges(Polygon::new(shell.clone(), vec![hole.clone()]));
        let reverse = |ring: LineString<f64>| ring.into_iter().rev().collect::<LineString<f64>>();
        let backward = edges(Polygon::new(reverse(shell), vec![reverse(hole)]));
        assert_eq!(forward.len(), 8);
        assert!(forward.iter().all(|edge| backward.contains(edge)));
        let bottom = forward.iter().find(|edge| edge.start == [0., 0.]).unwrap();
        assert_eq!((bottom.before, bottom.end), ([0., 9.], [9., 0.]));
        let hole_bottom = forward.iter().find(|edge| edge.end == [1., 1.]).unwrap();
        assert_eq!(hole_bottom.start, [2., 1.]);
    }

    #[test]
    fn repeated_vertices_and_negative_zero_leave_no_trace() {
        let clean = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        let dirty = polygon![(x: -0., y: 0.), (x: -0., y: -0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        assert_eq!(edges(clean), edges(dirty));
    }

    #[test]
    fn an_edge_between_two_parts_of_one_unit_is_internal() {
        let left = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.), (x: 0., y: 1.)];
        let right = polygon![(x: 1., y: 0.), (x: 2., y: 0.), (x: 2., y: 1.), (x: 1., y: 1.)];
        let edges = edges(MultiPolygon(vec![left, right]));
        let internal: Vec<_> = edges.iter().filter(|edge| edge.internal).collect();
        assert_eq!(internal.len(), 2);
        assert!(internal.iter().all(|e| e.start[0] == 1.0 && e.end[0] == 1.0));
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
