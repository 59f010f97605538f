//! The fifteen difficult shapes.

use crate::{audited, close, units};

#[test]
fn the_overlaps_of_the_reference_shapes_are_the_three_that_were_made() {
    let units = units::units(units::polygons("topology/topology.geojson"));
    let audit = audited(&units, "0.01");
    let found: Vec<_> = audit.overlaps.iter().map(|o| (o.units, o.area, o.share)).collect();
    // F over A, the duplicate M of L, N within H.
    let expected = [([0, 5], 0.04, 0.04 / 0.14), ([7, 13], 0.09, 1.0), ([11, 12], 1.0, 1.0)];
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.0, expected.0);
        assert!(close(found.1, expected.1) && close(found.2, expected.2), "{found:?}");
    }
}

#[test]
fn a_gap_of_a_billionth_is_a_near_miss_and_a_filled_hole_is_no_gap() {
    let units = units::units(units::polygons("topology/topology.geojson"));
    let audit = audited(&units, "0.01");
    assert!(audit.gaps.is_empty(), "{:?}", audit.gaps);
    assert_eq!(audit.near_misses.len(), 1);
    let miss = &audit.near_misses[0];
    assert_eq!(miss.units, [3, 4]);
    assert_eq!(miss.distance, 3.000_000_001 - 3.0);
    assert!(miss.between.is_empty());
    assert!(!audit.metres && audit.tolerance == 0.01);
}
