//! What is contact and what is not, case by case.

use durbin_weights::{Contiguity, contiguity};
use geo::MapCoords;
use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::rectangle::rectangle;
use crate::units::units;

fn polygon(ring: &[(f64, f64)]) -> Geometry<f64> {
    Polygon::new(LineString::from(ring.to_vec()), vec![]).into()
}

/// Whether two shapes are queen and rook neighbours, whichever comes first.
fn neighbours(one: Geometry<f64>, other: Geometry<f64>) -> (bool, bool) {
    let forward = units(vec![Some(one.clone()), Some(other.clone())]);
    let backward = units(vec![Some(other), Some(one)]);
    let [queen, rook] = [Contiguity::Queen, Contiguity::Rook].map(|kind| {
        let [there, back] =
            [&forward, &backward].map(|units| contiguity(units, kind).unwrap().get(0, 1) > 0.0);
        assert_eq!(there, back, "{kind:?}");
        there
    });
    (queen, rook)
}

const QUEEN_ONLY: (bool, bool) = (true, false);
const BOTH: (bool, bool) = (true, true);
const NONE: (bool, bool) = (false, false);

#[test]
fn an_edge_shared_in_part_is_a_rook_border() {
    assert_eq!(neighbours(rectangle(0., 0., 1., 3.), rectangle(1., 1., 1., 1.)), BOTH);
    assert_eq!(neighbours(rectangle(0., 0., 1., 3.), rectangle(1., 2., 1., 3.)), BOTH);
}

#[test]
fn a_corner_on_the_middle_of_an_edge_is_queen_contact_only() {
    let triangle = polygon(&[(1., 1.), (2., 0.), (2., 2.)]);
    assert_eq!(neighbours(rectangle(0., 0., 1., 3.), triangle), QUEEN_ONLY);
}

#[test]
fn a_common_corner_is_queen_contact_only() {
    assert_eq!(neighbours(rectangle(0., 0., 1., 1.), rectangle(1., 1., 1., 1.)), QUEEN_ONLY);
}

#[test]
fn edges_on_one_line_that_meet_in_their_ends_only_are_no_rook_border() {
    assert_eq!(neighbours(rectangle(0., 0., 1., 1.), rectangle(1., -1., 1., 1.)), QUEEN_ONLY);
}

#[test]
fn boundaries_that_only_cross_are_no_contact() {
    assert_eq!(neighbours(rectangle(0., 0., 9., 1.), rectangle(4., -4., 1., 9.)), NONE);
}

#[test]
fn a_unit_within_another_without_a_common_point_of_the_boundaries_is_no_contact() {
    assert_eq!(neighbours(rectangle(0., 0., 9., 9.), rectangle(4., 4., 1., 1.)), NONE);
}

#[test]
fn a_duplicate_is_in_contact_with_its_original_though_they_overlap() {
    assert_eq!(neighbours(rectangle(0., 0., 1., 1.), rectangle(0., 0., 1., 1.)), BOTH);
}

#[test]
fn a_part_along_the_border_from_within_is_in_contact_though_they_overlap() {
    assert_eq!(neighbours(rectangle(0., 0., 9., 9.), rectangle(0., 4., 2., 2.)), BOTH);
}

#[test]
fn a_gap_of_one_ulp_is_a_gap() {
    let apart = rectangle(1.0_f64.next_up(), 0., 1., 1.);
    assert_eq!(neighbours(rectangle(0., 0., 1., 1.), apart), NONE);
    let above = polygon(&[(0.1, 0.1_f64.next_up()), (0., 1.), (1., 3.)]);
    let below = polygon(&[(0., 0.), (3., 3.), (3., 0.)]);
    assert_eq!(neighbours(above, below.clone()), NONE);
    assert_eq!(neighbours(polygon(&[(0.1, 0.1), (0., 1.), (1., 3.)]), below), QUEEN_ONLY);
}

#[test]
fn corners_along_an_edge_across_the_whole_map_are_all_found() {
    let small = |k: f64, below: f64| {
        let (x, y) = (3.0 * k, 2.0 * k);
        polygon(&[(x, y), (x + 0.25, y - below), (x + 0.25, y - 2.0 * below)])
    };
    for slope in [1.0, -1.0] {
        let last = (1500.0, slope * 1000.0);
        let long = polygon(&[(0.0, 0.0), last, (0.0, last.1)]);
        let mirrored =
            |shape: Geometry<f64>| shape.map_coords(|c| Coord { x: c.x, y: slope * c.y });
        // Every third ends one ulp too low to touch.
        let shapes = (1..500).map(|i| {
            let shape = small(f64::from(i), 0.25);
            Some(mirrored(if i % 3 == 0 { lowered(&shape) } else { shape }))
        });
        let shapes: Vec<_> = std::iter::once(Some(long)).chain(shapes).collect();
        let queen = contiguity(&units(shapes), Contiguity::Queen).unwrap();
        let expected: Vec<u32> = (1..500).filter(|i| i % 3 != 0).collect();
        assert_eq!(queen.row(0).0, expected);
    }
}

fn lowered(shape: &Geometry<f64>) -> Geometry<f64> {
    shape.map_coords(|c| Coord { x: c.x, y: c.y.next_down() })
}

#[test]
fn an_edge_that_several_units_have_is_searched_for_all_of_them() {
    // Two copies of a long unit; a third with a corner inside the edge they share.
    let long = rectangle(0., 0., 9., 1.);
    let touching = polygon(&[(4., 1.), (3., 2.), (5., 2.)]);
    let units = units(vec![Some(long.clone()), Some(touching), Some(long)]);
    let queen = contiguity(&units, Contiguity::Queen).unwrap();
    assert_eq!(queen.row(1).0, [0, 2]);
    assert_eq!(contiguity(&units, Contiguity::Rook).unwrap().row(0).0, [2]);
}
