//! Geometries that are valid beyond doubt, by exact predicates and without GEOS.

use geo_types::{Coord, Geometry, LineString, Polygon};
use robust::{Coord as Exact, orient2d};

/// Sizes between which the predicate is exact: neither products nor their rounding errors leave the range of doubles.
const SIZES: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// Whether a geometry is certain to keep the simple-features rules. `false` says nothing: holes, parts
/// that come near each other, repeated points and everything but points and polygons are left to GEOS.
pub(crate) fn is_certainly_valid(shape: &Geometry<f64>) -> bool {
    match shape {
        Geometry::Point(point) => in_range(&point.0),
        Geometry::Polygon(polygon) => is_simple(polygon),
        Geometry::MultiPolygon(parts) => parts.0.iter().all(is_simple) && apart(&parts.0),
        _ => false,
    }
}

fn in_range(at: &Coord<f64>) -> bool {
    [at.x, at.y].iter().all(|value| *value == 0.0 || SIZES.contains(&value.abs()))
}

/// Whether a polygon is one ring that neither touches nor crosses itself.
fn is_simple(polygon: &Polygon<f64>) -> bool {
    let ring = polygon.exterior();
    polygon.interiors().is_empty()
        && ring.0.iter().all(in_range)
        && turns_are_clean(ring)
        && edges_are_apart(ring)
}

/// Whether neighbouring edges share their common point alone.
fn turns_are_clean(ring: &LineString<f64>) -> bool {
    let points = &ring.0;
    let last = points.len() - 1;
    (1..=last).all(|at| {
        let next = if at == last { 1 } else { at + 1 };
        let (a, b, c) = (points[at - 1], points[at], points[next]);
        let ahead = |a: f64, b: f64, c: f64| (a < b && b < c) || (a > b && b > c);
        orientation(a, b, c) != 0.0 || ahead(a.x, b.x, c.x) || ahead(a.y, b.y, c.y)
    })
}

struct Edge {
    at: usize,
    start: Coord<f64>,
    end: Coord<f64>,
}

impl Edge {
    fn x(&self) -> (f64, f64) {
        (self.start.x.min(self.end.x), self.start.x.max(self.end.x))
    }

    fn y(&self) -> (f64, f64) {
        (self.start.y.min(self.end.y), self.start.y.max(self.end.y))
    }

    /// Whether no point is common to both.
    fn is_apart(&self, other: &Self) -> bool {
        let ((low, high), (other_low, other_high)) = (self.y(), other.y());
        low > other_high
            || other_low > high
            || self.has_on_one_side(other)
            || other.has_on_one_side(self)
    }

    fn has_on_one_side(&self, other: &Self) -> bool {
        let sides = [other.start, other.end].map(|at| orientation(self.start, self.end, at));
        sides.iter().all(|&side| side > 0.0) || sides.iter().all(|&side| side < 0.0)
    }
}

/// Comparisons of edges after which nothing is proven.
const COMPARISONS_PER_EDGE: usize = 256;

/// Whether edges that are not neighbours have no point in common; no where that takes long to tell.
fn edges_are_apart(ring: &LineString<f64>) -> bool {
    let edge = |(at, ends): (usize, &[Coord<f64>])| Edge { at, start: ends[0], end: ends[1] };
    let mut edges: Vec<Edge> = ring.0.windows(2).enumerate().map(edge).collect();
    let count = edges.len();
    edges.sort_by(|a, b| a.x().0.total_cmp(&b.x().0));
    // Where many edges lie above each other, GEOS is faster.
    let mut left = COMPARISONS_PER_EDGE * count;
    edges.iter().enumerate().all(|(first, edge)| {
        let mut beside = edges[first + 1..].iter().take_while(|other| other.x().0 <= edge.x().1);
        beside.all(|other| {
            if left == 0 {
                return false;
            }
            left -= 1;
            let steps = edge.at.abs_diff(other.at);
            steps == 1 || steps == count - 1 || edge.is_apart(other)
        })
    })
}

/// Whether the boxes of parts are apart. Beyond a few parts comparing all of them costs more than GEOS.
fn apart(parts: &[Polygon<f64>]) -> bool {
    const FEW: usize = 16;
    let bounds = |part: &Polygon<f64>| {
        let mut bounds = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
        for at in &part.exterior().0 {
            bounds = [
                bounds[0].min(at.x),
                bounds[1].max(at.x),
                bounds[2].min(at.y),
                bounds[3].max(at.y),
            ];
        }
        bounds
    };
    let boxes: Vec<[f64; 4]> = parts.iter().take(FEW).map(bounds).collect();
    parts.len() <= FEW
        && boxes.iter().enumerate().all(|(first, a)| {
            let apart = |b: &[f64; 4]| a[0] > b[1] || b[0] > a[1] || a[2] > b[3] || b[2] > a[3];
            boxes[first + 1..].iter().all(apart)
        })
}

/// Positive where a, b, c turn left, negative where they turn right, 0 on one line: exact.
fn orientation(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    let exact = |at: Coord<f64>| Exact { x: at.x, y: at.y };
    orient2d(exact(a), exact(b), exact(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{geometry, plain};
    use gdal::vector::Geometry as Gdal;

    /// What this file says, and what GEOS says.
    fn both(wkt: &str) -> Option<(bool, bool)> {
        let gdal = Gdal::from_wkt(wkt).unwrap();
        let (_, shape) = plain::shape(&gdal.iso_wkb().unwrap())?;
        Some((is_certainly_valid(&shape), geometry::invalidity(&gdal).is_none()))
    }

    #[test]
    fn squares_stars_and_distant_parts_are_certain() {
        for wkt in [
            "POINT (1 2)",
            "POLYGON ((0 0,0 1,1 1,1 0,0 0))",
            "POLYGON ((0 0,2 0,4 0,4 4,2 1,0 4,0 0))",
            "MULTIPOLYGON (((0 0,0 1,1 1,0 0)),((2 0,2 1,3 1,2 0)))",
        ] {
            assert_eq!(both(wkt), Some((true, true)), "{wkt}");
        }
    }

    #[test]
    fn invalid_rings_are_never_certain() {
        for wkt in [
            "POLYGON ((0 0,2 2,2 0,0 2,0 0))",
            "POLYGON ((0 0,1 0,1 1,1 3,1 1,0 1,0 0))",
            "POLYGON ((0 0,4 0,2 0,2 2,0 0))",
            "POLYGON ((0 0,4 0,4 4,2 0,0 4,0 0))",
            "POLYGON ((2 0,4 0,4 4,2 4,2 0,0 0,0 4,2 0))",
            "MULTIPOLYGON (((0 0,0 4,4 4,0 0)),((1 2,1 3,2 3,1 2)))",
        ] {
            assert_eq!(both(wkt), Some((false, false)), "{wkt}");
        }
    }

    proptest! {
        #[test]
        fn what_is_certain_is_valid_to_geos(
            points in proptest::collection::vec((0..6i8, 0..6i8), 3..9),
            scale in prop_oneof![Just(1.0), Just(0.1), Just(1e-7), Just(111.123)],
        ) {
            let first = points[0];
            let corner = |(x, y): &(i8, i8)| format!("{} {}", f64::from(*x) * scale, f64::from(*y) * scale);
            let ring: Vec<String> = points.iter().chain([&first]).map(corner).collect();
            if let Some((certain, valid)) = both(&format!("POLYGON (({}))", ring.join(","))) {
                prop_assert!(valid || !certain);
            }
        }
    }
}
