//! Units without geometry, ties, and links for islands.

use durbin_weights::{
    Band, Transform, Weights, band, link_islands, nearest, representative_points,
};

use crate::points::{keyed, planar};

fn short(units: &durbin_core::Units, length: &str) -> Weights {
    band(units, Band::Within(length.parse().unwrap())).unwrap().weights
}

#[test]
fn units_without_geometry_have_no_point_and_no_neighbours() {
    let mut units = planar(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]);
    units.shapes[1] = None;
    assert_eq!(representative_points(&units).unwrap()[1], None);
    assert_eq!(nearest(&units, 1).unwrap().row(0).0, [2]);
    assert_eq!(short(&units, "1").islands(), [0, 1, 2]);
}

#[test]
fn equally_near_units_are_taken_by_key_and_not_by_place_in_the_file() {
    let corners = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]];
    let units = keyed(planar(&corners), &["m", "z", "b", "c", "a"]);
    assert_eq!(nearest(&units, 2).unwrap().row(0).0, [2, 4]);
    let twins = keyed(planar(&[[0.0, 0.0]; 4]), &["d", "c", "b", "a"]);
    assert_eq!(nearest(&twins, 2).unwrap().row(0).0, [2, 3]);
    assert_eq!(nearest(&twins, 2).unwrap().row(3).0, [1, 2]);
}

#[test]
fn islands_are_linked_to_their_nearest_unit_in_both_directions() {
    let units = planar(&[[0.0, 0.0], [1.0, 0.0], [5.0, 0.0], [20.0, 0.0], [26.0, 0.0]]);
    let linked = link_islands(&short(&units, "1"), &units, |_| 1.0).unwrap();
    let rows: Vec<&[u32]> = (0..5).map(|i| linked.weights.row(i).0).collect();
    assert_eq!(rows, [&[1][..], &[0, 2], &[1], &[4], &[3]]);
    assert_eq!(linked.weights.transform, Transform::Binary);
    let told: Vec<_> =
        linked.links.iter().map(|l| (l.island.as_str(), l.nearest.as_str(), l.distance)).collect();
    assert_eq!(told, [("2", "1", 4.0), ("3", "4", 6.0), ("4", "3", 6.0)]);
    assert!(linked.unlinked.is_empty());
}

#[test]
fn an_island_between_two_units_takes_the_lower_key() {
    let units = keyed(planar(&[[0.0, 0.0], [4.0, 0.0], [2.0, 0.0]]), &["y", "x", "i"]);
    let none = short(&units, "0.5");
    let linked = link_islands(&none, &units, |d| 1.0 / d).unwrap();
    assert_eq!((linked.weights.get(2, 1), linked.weights.get(2, 0)), (0.5, 0.5));
    assert_eq!(linked.links[2].nearest, "x");
    assert_eq!(linked.weights.transform, Transform::Raw);
}

#[test]
fn islands_that_stand_nowhere_stay_islands() {
    let mut units = planar(&[[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]]);
    units.shapes[2] = None;
    let linked = link_islands(&short(&units, "2"), &units, |_| 1.0).unwrap();
    assert_eq!(linked.unlinked, ["2"]);
    assert_eq!(linked.weights.islands(), [2]);
}
