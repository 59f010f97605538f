//! How two boundaries meet, settled exactly.

#![allow(clippy::float_cmp, reason = "equal coordinates are the same point, and others are not")]

use super::boundary::{Boundary, Edge, Point, compare};
use super::sector::{Sector, collinear, on_segment};

/// The strongest way in which two units meet from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contact {
    /// Apart, or overlapping only.
    None,
    /// In points.
    Point,
    /// Along a piece of positive length.
    Edge,
}

/// The contact of `a` and `b`; the search stops as soon as it is at least `enough`.
pub fn between(a: &Boundary, b: &Boundary, enough: Contact) -> Contact {
    let (Some(extent_a), Some(extent_b)) = (a.extent(), b.extent()) else {
        return Contact::None;
    };
    let window = extent_a.intersection(extent_b);
    let (edges_a, edges_b) = (a.within(window), b.within(window));
    let mut common = Vec::new();
    let along = for_each_near(&edges_a, &edges_b, |e, f| {
        if share_a_piece(e, f) {
            return true;
        }
        common.extend(on_segment(e.start, f).then_some(e.start));
        common.extend(on_segment(f.start, e).then_some(f.start));
        false
    });
    if along {
        return Contact::Edge;
    }
    if enough > Contact::Point {
        return Contact::None;
    }
    common.sort_unstable_by(|&p, &q| compare(p, q));
    common.dedup();
    if common.iter().any(|&point| meet_at(point, &edges_a, &edges_b)) {
        Contact::Point
    } else {
        Contact::None
    }
}

/// Whether two edges overlap in more than a point and the interiors lie on either side.
fn share_a_piece(e: &Edge, f: &Edge) -> bool {
    if e.internal || f.internal {
        return false;
    }
    // On one line, both axes order the points alike; the axis along which `e` moves orders them all.
    let k = usize::from(e.start[0] == e.end[0]);
    let ([e_low, e_high], e_forward) = span(e, k);
    let ([f_low, f_high], f_forward) = span(f, k);
    e_forward != f_forward
        && e_low.max(f_low) < e_high.min(f_high)
        && collinear(e.start, e.end, f.start)
        && collinear(e.start, e.end, f.end)
}

fn span(edge: &Edge, k: usize) -> ([f64; 2], bool) {
    let (start, end) = (edge.start[k], edge.end[k]);
    ([start.min(end), start.max(end)], start < end)
}

/// Whether, near `point`, neither unit lies within the other.
fn meet_at(point: Point, edges_a: &[&Edge], edges_b: &[&Edge]) -> bool {
    let sectors = |edges: &[&Edge]| -> Vec<Sector> {
        edges.iter().filter_map(|edge| Sector::at(point, edge)).collect()
    };
    let (a, b) = (sectors(edges_a), sectors(edges_b));
    let within = |inner: &[Sector], outer: &[Sector]| {
        inner.iter().all(|s| outer.iter().any(|t| s.within(t)))
    };
    !within(&a, &b) && !within(&b, &a)
}

/// Visits the pairs of edges whose boxes meet until `visit` says stop; returns whether it did.
///
/// A forward scan over both lists in order of their lower x: each edge meets those of the other list
/// that begin before it ends (Brinkhoff, Kriegel & Seeger 1993, *SIGMOD*).
fn for_each_near(
    edges_a: &[&Edge],
    edges_b: &[&Edge],
    mut visit: impl FnMut(&Edge, &Edge) -> bool,
) -> bool {
    let by_low = |edges: &[&Edge]| {
        let mut boxed: Vec<_> = edges.iter().map(|&edge| (edge.extent(), *edge)).collect();
        boxed.sort_by(|(a, _), (b, _)| a.min[0].total_cmp(&b.min[0]));
        boxed
    };
    let (a, b) = (by_low(edges_a), by_low(edges_b));
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let first_is_a = a[i].0.min[0] <= b[j].0.min[0];
        let (extent, edge) = if first_is_a { &a[i] } else { &b[j] };
        let others = if first_is_a { &b[j..] } else { &a[i..] };
        let reach = others.iter().take_while(|(other, _)| other.min[0] <= extent.max[0]);
        for (_, other) in reach.filter(|(other, _)| other.meets(*extent)) {
            let stop = if first_is_a { visit(edge, other) } else { visit(other, edge) };
            if stop {
                return true;
            }
        }
        if first_is_a {
            i += 1;
        } else {
            j += 1;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Geometry, Polygon, polygon};

    fn contact(a: &Geometry<f64>, b: &Geometry<f64>) -> Contact {
        let (a, b) = (Boundary::new("a", Some(a)), Boundary::new("b", Some(b)));
        between(&a.unwrap(), &b.unwrap(), Contact::Edge).max(Contact::None)
    }

    fn points(a: &Geometry<f64>, b: &Geometry<f64>) -> Contact {
        let (a, b) = (Boundary::new("a", Some(a)), Boundary::new("b", Some(b)));
        between(&a.unwrap(), &b.unwrap(), Contact::Point)
    }

    fn square(x: f64, y: f64, side: f64) -> Geometry<f64> {
        polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
            .into()
    }

    #[test]
    fn an_edge_shared_in_part_is_contact_along_it() {
        assert_eq!(contact(&square(0., 0., 2.), &square(2., 1., 2.)), Contact::Edge);
    }

    #[test]
    fn a_corner_on_the_middle_of_an_edge_is_contact_in_a_point() {
        let diamond = polygon![(x: 2., y: 1.), (x: 3., y: 0.), (x: 4., y: 1.), (x: 3., y: 2.)];
        let square = square(0., 0., 2.);
        assert_eq!(points(&square, &diamond.clone().into()), Contact::Point);
        assert_eq!(contact(&square, &diamond.into()), Contact::None);
    }

    #[test]
    fn crossing_edges_containment_and_a_duplicate_are_no_contact() {
        let outer = square(0., 0., 4.);
        for inner in [square(3., 3., 4.), square(0., 0., 1.), square(1., 1., 1.), outer.clone()] {
            assert_eq!(points(&outer, &inner), Contact::None);
            assert_eq!(points(&inner, &outer), Contact::None);
        }
    }

    #[test]
    fn a_sliver_of_overlap_at_common_vertices_does_not_undo_them() {
        let left: Polygon<f64> =
            polygon![(x: 0., y: 0.), (x: 2., y: 0.), (x: 2., y: 2.), (x: 0., y: 2.)];
        let right = polygon![(x: 2., y: 0.), (x: 4., y: 0.), (x: 4., y: 2.), (x: 2., y: 2.), (x: 1.9, y: 1.)];
        assert_eq!(points(&left.into(), &right.into()), Contact::Point);
    }

    #[test]
    fn a_gap_of_one_ulp_is_a_gap() {
        assert_eq!(points(&square(0., 0., 1.), &square(1.0_f64.next_up(), 0., 1.)), Contact::None);
    }
}
