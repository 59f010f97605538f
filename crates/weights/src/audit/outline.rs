//! The outline of one unit: what bounds the ground it covers, whatever its rings look like.

use geo_types::{Coord, Geometry, LineString, Polygon, Rect};

use super::arrangement::Arrangement;
use super::edges::{Arc, orientation};
use super::ground::Ground;
use geo::kernels::Orientation;

/// Directed segments with the unit on their left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline {
    pub arcs: Vec<Arc>,
    /// Box of each run of [`RUN`] segments, so that a search skips most of a long outline.
    runs: Vec<Rect<f64>>,
}

const RUN: usize = 16;

impl Outline {
    /// Exteriors count one, holes minus one; what does not sum to zero is covered. Overlapping parts and
    /// both loops of a bow-tie are covered once.
    pub fn new(shape: Option<&Geometry<f64>>, owner: u32) -> Self {
        let mut rings = Vec::new();
        if let Some(shape) = shape {
            add_shape(shape, owner, &mut rings);
        }
        let arcs = Arrangement::new(&rings).outline(|cover| cover[0] != 0, owner);
        let runs = arcs.chunks(RUN).filter_map(box_of).collect();
        Self { arcs, runs }
    }

    pub fn extent(&self) -> Option<Rect<f64>> {
        self.runs.iter().copied().reduce(|a, b| {
            let (low, high) = (a.min(), a.max());
            let (min, max) = (b.min(), b.max());
            Rect::new(
                Coord { x: low.x.min(min.x), y: low.y.min(min.y) },
                Coord { x: high.x.max(max.x), y: high.y.max(max.y) },
            )
        })
    }

    /// Runs of segments with their boxes.
    pub fn runs(&self) -> impl Iterator<Item = (&[Arc], Rect<f64>)> {
        self.arcs.chunks(RUN).zip(self.runs.iter().copied())
    }

    pub fn segments(&self) -> impl Iterator<Item = (Coord, Coord)> + '_ {
        self.arcs.iter().map(|arc| (arc.from, arc.to))
    }

    /// Whether `point` is inside or on the outline.
    pub fn contains(&self, point: Coord) -> bool {
        let mut inside = false;
        for (from, to) in self.segments() {
            let (down, up) = if from.y <= to.y { (from, to) } else { (to, from) };
            if point.y < down.y || point.y > up.y {
                continue;
            }
            let side = orientation(down, up, point);
            let beside = point.x >= from.x.min(to.x) && point.x <= from.x.max(to.x);
            if side == Orientation::Collinear && beside {
                return true;
            }
            if point.y < up.y && side == Orientation::Clockwise {
                inside = !inside;
            }
        }
        inside
    }
}

fn box_of(arcs: &[Arc]) -> Option<Rect<f64>> {
    let ends = arcs.iter().flat_map(|arc| [arc.from, arc.to]);
    ends.fold(None, |known: Option<(Coord, Coord)>, p| {
        let (min, max) = known.unwrap_or((p, p));
        Some((
            Coord { x: min.x.min(p.x), y: min.y.min(p.y) },
            Coord { x: max.x.max(p.x), y: max.y.max(p.y) },
        ))
    })
    .map(|(min, max)| Rect::new(min, max))
}

fn add_shape(shape: &Geometry<f64>, owner: u32, arcs: &mut Vec<Arc>) {
    match shape {
        Geometry::Polygon(polygon) => add_polygon(polygon, owner, arcs),
        Geometry::MultiPolygon(parts) => {
            parts.iter().for_each(|part| add_polygon(part, owner, arcs));
        }
        Geometry::GeometryCollection(members) => {
            members.iter().for_each(|member| add_shape(member, owner, arcs));
        }
        Geometry::Rect(rect) => add_polygon(&rect.to_polygon(), owner, arcs),
        Geometry::Triangle(triangle) => add_polygon(&triangle.to_polygon(), owner, arcs),
        // Points and lines cover nothing.
        _ => {}
    }
}

fn add_polygon(polygon: &Polygon<f64>, owner: u32, arcs: &mut Vec<Arc>) {
    add_ring(polygon.exterior(), true, owner, arcs);
    polygon.interiors().iter().for_each(|hole| add_ring(hole, false, owner, arcs));
}

fn add_ring(ring: &LineString<f64>, exterior: bool, owner: u32, arcs: &mut Vec<Arc>) {
    // Adding zero turns −0 into 0, so that equal coordinates have equal bits.
    let vertices: Vec<Coord> =
        ring.0.iter().map(|c| Coord { x: c.x + 0.0, y: c.y + 0.0 }).collect();
    let n = vertices.len();
    let segments = || (0..n).map(|i| (vertices[i], vertices[(i + 1) % n]));
    let counterclockwise = Ground::Planar(1.0).area(segments()) > 0.0;
    arcs.extend(segments().filter(|(from, to)| from != to).map(|(from, to)| {
        let (from, to) = if counterclockwise == exterior { (from, to) } else { (to, from) };
        Arc { from, to, owner, group: 0 }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, polygon};

    fn area(shape: impl Into<Geometry<f64>>) -> f64 {
        Ground::Planar(1.0).area(Outline::new(Some(&shape.into()), 0).segments())
    }

    fn square(x: f64, side: f64) -> Polygon<f64> {
        Rect::new((x, 0.0), (x + side, side)).to_polygon()
    }

    #[test]
    fn both_loops_of_a_bow_tie_are_covered() {
        let bow_tie = polygon![(x: 0., y: 0.), (x: 2., y: 2.), (x: 2., y: 0.), (x: 0., y: 2.)];
        assert!((area(bow_tie) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn overlapping_parts_are_covered_once_and_a_spike_covers_nothing() {
        assert!((area(MultiPolygon(vec![square(0., 2.), square(1., 2.)])) - 6.0).abs() < 1e-15);
        let spike = polygon![(x: 0., y: 0.), (x: 5., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.), (x: 0., y: 1.)];
        assert!((area(spike) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_part_in_the_hole_of_another_is_covered_and_the_rest_of_the_hole_is_not() {
        let hole = LineString::from(vec![(1., 1.), (3., 1.), (3., 3.), (1., 3.), (1., 1.)]);
        let ring = Polygon::new(square(0., 4.).exterior().clone(), vec![hole]);
        let inner = Rect::new((1.5, 1.5), (2.0, 2.0)).to_polygon();
        let shape = Geometry::from(MultiPolygon(vec![ring, inner]));
        assert!((area(shape.clone()) - 12.25).abs() < 1e-15);
        let outline = Outline::new(Some(&shape), 0);
        let inside = |x, y| outline.contains(Coord { x, y });
        assert!(inside(0.5, 0.5) && inside(1.7, 1.7) && inside(1.0, 2.0) && inside(0.0, 0.0));
        assert!(!inside(2.5, 2.5) && !inside(4.5, 1.0) && !inside(-1.0, 0.0));
    }

    #[test]
    fn rings_without_extent_cover_nothing() {
        let line = polygon![(x: 0., y: 0.), (x: 1., y: 1.), (x: 0., y: 0.)];
        assert!(Outline::new(Some(&line.into()), 0).arcs.is_empty());
        assert!(Outline::new(None, 0).extent().is_none());
    }
}
