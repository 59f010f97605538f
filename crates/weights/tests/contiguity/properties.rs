//! What holds for the contiguity of any polygons.

use durbin_weights::{Contiguity, Weights, contiguity};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use crate::brute_force;
use crate::units::units;

/// Rectangles on a coarse grid, one or two per unit: they share edges, cross, contain and repeat each
/// other often.
fn layers() -> impl Strategy<Value = Vec<MultiPolygon<f64>>> {
    let rectangle = (0..6i8, 0..6i8, 1..4i8, 1..4i8).prop_map(|(x, y, width, height)| {
        let (x0, y0) = (f64::from(x), f64::from(y));
        let (x1, y1) = (x0 + f64::from(width), y0 + f64::from(height));
        Polygon::new(LineString::from(vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)]), vec![])
    });
    let triangle = prop::array::uniform6(0..6i8)
        .prop_map(|c| c.map(f64::from))
        .prop_filter("three corners", |c| {
            (c[2] - c[0]) * (c[5] - c[1]) != (c[4] - c[0]) * (c[3] - c[1])
        })
        .prop_map(|c| {
            let ring = vec![(c[0], c[1]), (c[2], c[3]), (c[4], c[5])];
            Polygon::new(LineString::from(ring), vec![])
        });
    let part = prop_oneof![rectangle, triangle];
    let unit = prop::collection::vec(part, 1..3).prop_map(MultiPolygon);
    prop::collection::vec(unit, 2..9)
}

fn weights(layer: Vec<MultiPolygon<f64>>, kind: Contiguity) -> Weights {
    let shapes = layer.into_iter().map(|unit| Some(Geometry::from(unit)));
    contiguity(&units(shapes.collect()), kind).unwrap()
}

/// Every ring turned round (`reverse`) and started `turns` vertices later.
fn rewritten(layer: &[MultiPolygon<f64>], turns: usize, reverse: bool) -> Vec<MultiPolygon<f64>> {
    let ring = |polygon: &Polygon<f64>| {
        let mut vertices = polygon.exterior().0.clone();
        vertices.pop();
        let n = vertices.len();
        vertices.rotate_left(turns % n);
        if reverse {
            vertices.reverse();
        }
        Polygon::new(LineString::from(vertices), vec![])
    };
    layer.iter().map(|unit| MultiPolygon(unit.iter().map(ring).collect())).collect()
}

/// Squares of a lattice whose inner points are displaced, each on a grid of eighths or anywhere.
fn dirty_maps() -> impl Strategy<Value = Vec<MultiPolygon<f64>>> {
    let side = 4_usize;
    let points = prop::collection::vec((-3..4i8, -3..4i8, any::<bool>()), (side + 1) * (side + 1));
    let faults = prop::collection::vec((0..5u8, 0..side * side, 0..16u8, 0..16u8), 0..10);
    (points, faults).prop_map(move |(points, faults)| {
        let at = |x: usize, y: usize| {
            let (dx, dy, anywhere) = points[y * (side + 1) + x];
            let unit = if anywhere { 0.123_456_7 } else { 0.125 };
            let moved = |at: usize, by: i8| at as f64 + unit * f64::from(by);
            Coord { x: moved(x, dx), y: moved(y, dy) }
        };
        let square = |i: usize| {
            let (x, y) = (i % side, i / side);
            let ring = vec![at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
            MultiPolygon(vec![Polygon::new(LineString(ring), vec![])])
        };
        let mut map: Vec<_> = (0..side * side).map(square).collect();
        for (fault, unit, a, b) in faults {
            spoil(&mut map, fault, unit, f64::from(a) / 8.0, f64::from(b) / 8.0);
        }
        map
    })
}

/// Makes one unit of a map less clean.
fn spoil(map: &mut Vec<MultiPolygon<f64>>, fault: u8, unit: usize, a: f64, b: f64) {
    let shifted = |shape: &MultiPolygon<f64>, dx: f64, dy: f64| {
        let ring = shape.0[0].exterior().0.iter().map(|c| Coord { x: c.x + dx, y: c.y + dy });
        Polygon::new(LineString(ring.collect()), vec![])
    };
    match fault {
        // A vertex more on one side of a border only.
        0 => {
            let mut ring = map[unit].0[0].exterior().0.clone();
            let middle = (ring[0] + ring[1]) / 2.0;
            ring.insert(1, middle);
            let holes = map[unit].0[0].interiors().to_vec();
            map[unit].0[0] = Polygon::new(LineString(ring), holes);
        }
        1 => map.push(map[unit].clone()),
        2 => map.push(MultiPolygon(vec![shifted(&map[unit], a, b)])),
        3 => {
            let part = shifted(&map[unit], a, b);
            map[unit].0.push(part);
        }
        // A hole, and a unit that fills it.
        _ => {
            let c = map[unit].0[0].exterior().0[0];
            let corner = |x: f64, y: f64| Coord { x: c.x + 0.5 + x, y: c.y + 0.5 + y };
            let ring = vec![corner(0.0, 0.0), corner(0.125, 0.0), corner(0.0, 0.125)];
            let hole = LineString(ring);
            map[unit].0[0].interiors_push(hole.clone());
            map.push(MultiPolygon(vec![Polygon::new(hole, vec![])]));
        }
    }
}

proptest! {
    #[test]
    fn neighbours_are_those_of_trying_every_edge_against_every_other(map in dirty_maps()) {
        for kind in [Contiguity::Queen, Contiguity::Rook] {
            let found = weights(map.clone(), kind);
            for i in 0..map.len() {
                for j in 0..map.len() {
                    let expected = i != j && brute_force::in_contact(&map[i], &map[j], kind);
                    prop_assert_eq!(found.get(i, j) > 0.0, expected, "{} and {}, {:?}", i, j, kind);
                }
            }
        }
    }

    #[test]
    fn rook_neighbours_are_queen_neighbours(layer in layers()) {
        let queen = weights(layer.clone(), Contiguity::Queen);
        let rook = weights(layer, Contiguity::Rook);
        for i in 0..rook.n_units() {
            prop_assert!(rook.row(i).0.iter().all(|j| queen.row(i).0.contains(j)));
        }
    }

    #[test]
    fn neighbours_are_mutual_and_nobody_is_its_own(layer in layers()) {
        for kind in [Contiguity::Queen, Contiguity::Rook] {
            let w = weights(layer.clone(), kind);
            for i in 0..w.n_units() {
                prop_assert_eq!(w.get(i, i), 0.0);
                prop_assert!((0..w.n_units()).all(|j| w.get(i, j) == w.get(j, i)));
            }
        }
    }

    #[test]
    fn the_order_of_units_changes_nothing(layer in layers()) {
        for kind in [Contiguity::Queen, Contiguity::Rook] {
            let forward = weights(layer.clone(), kind);
            let backward = weights(layer.iter().rev().cloned().collect(), kind);
            let last = layer.len() - 1;
            for i in 0..=last {
                for j in 0..=last {
                    prop_assert_eq!(forward.get(i, j), backward.get(last - i, last - j));
                }
            }
        }
    }

    #[test]
    fn ring_direction_and_first_vertex_change_nothing(
        layer in layers(), turns in 0..4usize, reverse: bool,
    ) {
        for kind in [Contiguity::Queen, Contiguity::Rook] {
            let other = weights(rewritten(&layer, turns, reverse), kind);
            prop_assert_eq!(weights(layer.clone(), kind), other);
        }
    }
}
