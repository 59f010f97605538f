//! What holds for the audit of any map.

use geo::{Area, BooleanOps, MapCoords, Orient, orient::Direction, unary_union};
use geo_types::{Geometry, MultiPolygon, Polygon};
use proptest::prelude::*;

use crate::{audited, layer, rectangle};

/// A rectangle or a triangle on a coarse grid.
fn part() -> impl Strategy<Value = Polygon<f64>> {
    let cell = (0..8i8, 0..8i8, 1..5i8, 1..5i8).prop_map(|(x, y, width, height)| {
        let [x, y, width, height] = [x, y, width, height].map(f64::from);
        let cell = Polygon::try_from(rectangle(x, y, x + width, y + height)).unwrap();
        cell.orient(Direction::Default)
    });
    let triangle = prop::array::uniform6(0..9i8).prop_map(|c| {
        let c = c.map(f64::from);
        let ring = vec![(c[0], c[1]), (c[2], c[3]), (c[4], c[5])];
        // The clipper takes a ring turned the other way for a hole.
        Polygon::new(ring.into(), vec![]).orient(Direction::Default)
    });
    prop_oneof![cell, triangle]
}

/// One or two parts per unit: they share edges, cross, contain and repeat each other often, and parts of one
/// unit overlap.
fn layers() -> impl Strategy<Value = Vec<Geometry<f64>>> {
    let unit = prop::collection::vec(part(), 1..3).prop_map(|parts| MultiPolygon(parts).into());
    prop::collection::vec(unit, 2..7)
}

/// Area of all gaps, and of all overlaps.
fn area_sums(shapes: &[Geometry<f64>]) -> (f64, f64) {
    let audit = audited(&layer(shapes.to_vec()), "0");
    let gaps = audit.gaps.iter().map(|gap| gap.area).sum();
    (gaps, audit.overlaps.iter().map(|overlap| overlap.area).sum())
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

proptest! {
    #[test]
    fn areas_do_not_depend_on_the_order_of_units(shapes in layers()) {
        let reversed: Vec<_> = shapes.iter().rev().cloned().collect();
        let (a, b) = (area_sums(&shapes), area_sums(&reversed));
        prop_assert!(near(a.0, b.0) && near(a.1, b.1), "{a:?} {b:?}");
    }

    #[test]
    fn areas_grow_with_the_square_of_the_scale(shapes in layers(), power in -20..20i32) {
        let scale = 2.0_f64.powi(power);
        let scaled: Vec<_> = shapes.iter().map(|shape| shape.map_coords(|c| c * scale)).collect();
        let (a, b) = (area_sums(&shapes), area_sums(&scaled));
        let back = scale * scale;
        prop_assert!(near(a.0, b.0 / back) && near(a.1, b.1 / back), "{a:?} {b:?}");
    }

    #[test]
    fn overlaps_agree_with_a_polygon_clipper(shapes in layers()) {
        let parts = |shape: &Geometry<f64>| match shape {
            // Overlapping parts of one unit count once.
            Geometry::MultiPolygon(parts) => unary_union(parts.iter()),
            _ => unreachable!(),
        };
        let units: Vec<_> = shapes.iter().map(parts).collect();
        let mut expected = 0.0;
        for (i, a) in units.iter().enumerate() {
            expected += units[i + 1..].iter().map(|b| a.intersection(b).unsigned_area()).sum::<f64>();
        }
        let found = area_sums(&shapes).1;
        // The clipper works on a grid of about 2⁻³⁰ of the extent.
        prop_assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    #[test]
    fn gaps_hold_every_hole_of_the_union_and_no_ground_of_a_unit(
        parts in prop::collection::vec(part(), 2..10),
    ) {
        let shapes: Vec<Geometry<f64>> = parts.iter().cloned().map(Geometry::from).collect();
        let gaps = audited(&layer(shapes), "0").gaps.into_iter();
        let gaps: MultiPolygon<f64> = gaps.map(|gap| gap.polygon).collect();
        let union = unary_union(&parts);
        prop_assert!(gaps.intersection(&union).unsigned_area() < 1e-6);
        // Units that meet in points enclose ground too, but to the clipper it is outside of them.
        for hole in union.iter().flat_map(Polygon::interiors) {
            let hole = MultiPolygon::from(Polygon::new(hole.clone(), vec![]).orient(Direction::Default));
            let open = hole.difference(&union);
            prop_assert!(open.difference(&gaps).unsigned_area() < 1e-6);
        }
    }
}
