//! Contiguity that forgives gaps and slivers up to a distance.

use std::path::Path;

use durbin_core::Crs;
use durbin_weights::{Contiguity, Error, Weights, contiguity, contiguity_within, files};
use geo_types::{Geometry, LineString, Polygon};
use proptest::prelude::*;

use crate::rectangle::rectangle;
use crate::units::{polygons, units};

fn within(shapes: &[Geometry<f64>], kind: Contiguity, distance: &str) -> Weights {
    let units = units(shapes.iter().cloned().map(Some).collect());
    contiguity_within(&units, kind, distance.parse().unwrap()).unwrap()
}

/// Whether the first two are queen and rook neighbours.
fn first_two(shapes: &[Geometry<f64>], distance: &str) -> (bool, bool) {
    let joined = |kind| within(shapes, kind, distance).get(0, 1) > 0.0;
    (joined(Contiguity::Queen), joined(Contiguity::Rook))
}

#[test]
fn a_gap_is_closed_by_a_distance_as_wide_and_by_no_less() {
    let shapes = [rectangle(0., 0., 1., 1.), rectangle(1.0 + 1e-9, 0., 1., 1.)];
    assert_eq!(first_two(&shapes, "0.000001"), (true, true));
    assert_eq!(first_two(&shapes, "0.0000000001"), (false, false));
}

#[test]
fn a_gap_between_edges_split_differently_is_closed() {
    let shapes = [rectangle(0., 0., 1., 3.), rectangle(1.001, 1., 1., 1.)];
    assert_eq!(first_two(&shapes, "0.01"), (true, true));
}

#[test]
fn a_sliver_of_overlap_is_closed() {
    let shapes = [rectangle(0., 0., 1., 3.), rectangle(0.999, 1., 1., 1.)];
    assert_eq!(first_two(&shapes, "0"), (false, false));
    assert_eq!(first_two(&shapes, "0.01"), (true, true));
}

#[test]
fn boundaries_that_cross_are_near() {
    let shapes = [rectangle(0., 0., 9., 1.), rectangle(4., -4., 1., 9.)];
    assert_eq!(first_two(&shapes, "0"), (false, false));
    assert_eq!(first_two(&shapes, "0.01"), (true, false));
}

#[test]
fn units_that_touch_or_nearly_touch_in_a_corner_are_queen_neighbours_only() {
    for gap in [0.0, 0.005] {
        let shapes = [rectangle(0., 0., 1., 1.), rectangle(1. + gap, 1. + gap, 1., 1.)];
        assert_eq!(first_two(&shapes, "0.01"), (true, false));
    }
}

#[test]
fn a_short_border_stays_a_rook_border_when_it_is_exact() {
    let shapes = [rectangle(0., 0., 1., 1.), rectangle(1., 0.99, 1., 1.)];
    assert_eq!(first_two(&shapes, "0.1"), (true, true));
}

#[test]
fn a_hole_whose_filling_leaves_a_gap_all_round_is_closed() {
    let ring = |x: f64, side: f64| {
        LineString::from(vec![(x, x), (x + side, x), (x + side, x + side), (x, x + side)])
    };
    let holed = Polygon::new(ring(0., 9.), vec![ring(3., 3.)]);
    let shapes = [holed.into(), rectangle(3.01, 3.01, 2.98, 2.98)];
    assert_eq!(first_two(&shapes, "0.05"), (true, true));
}

#[test]
fn vertices_closer_than_the_distance_are_not_chained() {
    // A comb of vertices a thousandth apart: joined one by one they would draw the third unit in.
    let mut ring: Vec<(f64, f64)> = (0..=1000).map(|k| (f64::from(k) / 1000.0, 0.0)).collect();
    ring.extend([(1.0, -1.0), (0.0, -1.0)]);
    let long = Polygon::new(LineString::from(ring), vec![]).into();
    let shapes = [rectangle(-1.001, 0., 1., 1.), rectangle(1.5, 0., 1., 1.), long];
    let queen = within(&shapes, Contiguity::Queen, "0.01");
    assert_eq!(queen.row(2).0, [0]);
    assert_eq!(queen.row(1).0, [0; 0]);
}

/// Two squares side by side whose borders, of vertices a hundredth apart, wave within a gap of 0.004.
fn digitised() -> [Geometry<f64>; 2] {
    let wave = |k: i32| 0.001 * (0.7 * f64::from(k)).sin();
    let side = |x: f64, shift: f64, far: f64| {
        let border = (0..=100).map(|k| (x + wave(k), f64::from(k) / 100.0 + shift));
        let ring: Vec<(f64, f64)> = border.chain([(far, 1.0), (far, 0.0)]).collect();
        Polygon::new(LineString::from(ring), vec![]).into()
    };
    [side(1.0, 0.0, 0.0), side(1.004, 0.003, 2.0)]
}

#[test]
fn a_gap_between_densely_digitised_borders_is_closed_within_a_distance_only() {
    assert_eq!(first_two(&digitised(), "0"), (false, false));
    assert_eq!(first_two(&digitised(), "0.001"), (false, false));
    assert_eq!(first_two(&digitised(), "0.02"), (true, true));
}

#[test]
fn rook_neighbours_within_a_distance_do_not_depend_on_the_order_of_units() {
    // Of a short edge beside a long one only one of the two runs is long enough.
    let mut shapes = vec![rectangle(-3., -3., 3., 9.), rectangle(0.01, 0., 0.05, 1.)];
    shapes.extend(digitised());
    shapes.extend([rectangle(2.01, 0.5, 1., 1.), rectangle(2.5, -1., 1., 0.99)]);
    let n = shapes.len();
    let forward = within(&shapes, Contiguity::Rook, "0.02");
    assert!(forward.n_links() > 0);
    for turns in 1..n {
        let mut turned = shapes.clone();
        turned.rotate_left(turns);
        turned[..n / 2].reverse();
        let back = |i: usize| shapes.iter().position(|shape| *shape == turned[i]).unwrap();
        let other = within(&turned, Contiguity::Rook, "0.02");
        for i in 0..n {
            assert!((0..n).all(|j| other.get(i, j) == forward.get(back(i), back(j))));
        }
    }
}

fn crs(geographic: bool, metres_per_unit: f64) -> Crs {
    let name = "test".to_owned();
    Crs { wkt: name.clone(), authority: None, name, geographic, metres_per_unit, ellipsoid: None }
}

#[test]
fn metres_are_measured_on_the_ground_of_a_geographic_layer() {
    // At 60° north 0.001° of longitude is about 55.8 m, of latitude about 111.4 m.
    for (second, metres) in
        [(rectangle(10.101, 60.0, 0.1, 0.1), 55.8), (rectangle(10.0, 60.101, 0.1, 0.1), 111.4)]
    {
        let mut units = units(vec![Some(rectangle(10.0, 60.0, 0.1, 0.1)), Some(second)]);
        units.layer.crs = Some(crs(true, 1.0));
        for kind in [Contiguity::Queen, Contiguity::Rook] {
            for (distance, joined) in [(metres - 1.0, false), (metres + 1.0, true)] {
                let distance = format!("{distance}m").parse().unwrap();
                let weights = contiguity_within(&units, kind, distance).unwrap();
                assert_eq!(weights.get(0, 1) > 0.0, joined, "{kind:?} {distance}");
            }
        }
    }
}

#[test]
fn metres_are_converted_to_the_unit_of_a_projected_layer() {
    let mut units =
        units(vec![Some(rectangle(0., 0., 9e3, 9e3)), Some(rectangle(9010., 0., 9e3, 9e3))]);
    units.layer.crs = Some(crs(false, 0.3048));
    let joined = |distance: &str| {
        let distance = distance.parse().unwrap();
        contiguity_within(&units, Contiguity::Queen, distance).unwrap().get(0, 1) > 0.0
    };
    assert!(joined("3.05m") && !joined("3.04m") && joined("11ft") && joined("10"));
}

#[test]
fn metres_are_refused_without_a_reference_system() {
    let units = units(vec![Some(rectangle(0., 0., 1., 1.))]);
    let refused = contiguity_within(&units, Contiguity::Queen, "3m".parse().unwrap());
    assert!(matches!(refused, Err(Error::LengthWithoutCrs { .. })));
}

/// The distance of spdep's list: `snap` in `poly2nb`, which compares vertices with vertices; here
/// no vertex is near an edge only.
const SNAP: &str = "0.02365822251239157";

#[test]
fn columbus_has_the_neighbours_of_spdep_within_a_distance() {
    let units = units(polygons("columbus/columbus.geojson"));
    let ours = contiguity_within(&units, Contiguity::Queen, SNAP.parse().unwrap()).unwrap();
    let gal =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/columbus/spdep_queen_snap.gal");
    let spdep = files::read(Path::new(gal)).unwrap();
    assert_eq!((ours.n_links(), spdep.n_links()), (242, 242));
    assert!((0..49).all(|i| ours.row(i).0 == spdep.row(i).0));
}

proptest! {
    #[test]
    fn a_greater_distance_adds_queen_neighbours_and_zero_changes_nothing(
        boxes in prop::collection::vec((0.0..6.0, 0.0..6.0, 0.5..2.0, 0.5..2.0), 2..8),
        short in 0.0..0.5_f64, more in 0.0..0.5_f64,
    ) {
        let shapes: Vec<_> = boxes.iter().map(|&(x, y, w, h)| rectangle(x, y, w, h)).collect();
        let plain = units(shapes.iter().cloned().map(Some).collect());
        for kind in [Contiguity::Queen, Contiguity::Rook] {
            let exact = contiguity(&plain, kind).unwrap();
            prop_assert_eq!(&within(&shapes, kind, "0"), &exact);
            let snapped = within(&shapes, kind, &short.to_string());
            for i in 0..shapes.len() {
                prop_assert!(exact.row(i).0.iter().all(|j| snapped.row(i).0.contains(j)));
            }
        }
        let near = within(&shapes, Contiguity::Queen, &short.to_string());
        let far = within(&shapes, Contiguity::Queen, &(short + more).to_string());
        for i in 0..shapes.len() {
            prop_assert!(near.row(i).0.iter().all(|j| far.row(i).0.contains(j)));
        }
    }
}
