//! How two boundaries meet, settled exactly.

use super::boundary::{Boundary, Edge};
use super::segment::{on_segment, share_a_piece};

/// The strongest way in which two boundaries meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contact {
    /// Apart, or crossing only.
    None,
    /// A vertex of one lies on the other.
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
    let mut contact = Contact::None;
    for_each_near(&a.within(window), &b.within(window), |e, f| {
        if share_a_piece(e, f) {
            contact = Contact::Edge;
        } else if contact == Contact::None && (on_segment(e.start, f) || on_segment(f.start, e)) {
            contact = Contact::Point;
        }
        contact >= enough
    });
    contact
}

/// Visits the pairs of edges whose boxes meet until `visit` says stop.
///
/// A forward scan over both lists in order of their lower x: each edge meets those of the other list
/// that begin before it ends (Brinkhoff, Kriegel & Seeger 1993, *SIGMOD*).
fn for_each_near(
    edges_a: &[&Edge],
    edges_b: &[&Edge],
    mut visit: impl FnMut(&Edge, &Edge) -> bool,
) {
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
            if visit(edge, other) {
                return;
            }
        }
        if first_is_a {
            i += 1;
        } else {
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Geometry, polygon};

    fn contact(a: &Geometry<f64>, b: &Geometry<f64>) -> Contact {
        let boundary = |shape| Boundary::new("a", Some(shape)).unwrap();
        between(&boundary(a), &boundary(b), Contact::Edge)
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
        assert_eq!(contact(&square(0., 0., 2.), &diamond.into()), Contact::Point);
    }

    #[test]
    fn crossing_edges_and_containment_without_a_common_vertex_are_no_contact() {
        let outer = square(0., 0., 4.);
        for inner in [square(3., 3., 4.), square(1., 1., 1.)] {
            assert_eq!(contact(&outer, &inner), Contact::None);
            assert_eq!(contact(&inner, &outer), Contact::None);
        }
    }

    #[test]
    fn a_duplicate_and_a_part_along_the_border_are_contact_though_they_overlap() {
        let outer = square(0., 0., 4.);
        for inner in [outer.clone(), square(0., 0., 1.)] {
            assert_eq!(contact(&outer, &inner), Contact::Edge);
            assert_eq!(contact(&inner, &outer), Contact::Edge);
        }
    }

    #[test]
    fn a_gap_of_one_ulp_is_a_gap() {
        assert_eq!(contact(&square(0., 0., 1.), &square(1.0_f64.next_up(), 0., 1.)), Contact::None);
    }
}
