//! What holds for the contiguity of any polygons.

use durbin_weights::{Contiguity, Weights, contiguity};
use geo_types::{Geometry, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

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

proptest! {
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
