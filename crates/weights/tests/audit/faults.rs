//! Maps with faults of known size.

use durbin_weights::{Weights, audit};
use geo::Contains;
use geo_types::{Coord, Geometry, LineString, Point, Polygon, polygon};

use crate::{audited, close, crs, layer, rectangle, units};

/// Nine unit squares, row by row from the lower left.
fn lattice() -> Vec<Geometry<f64>> {
    let corner = |k: u8| (f64::from(k % 3), f64::from(k / 3));
    (0..9).map(corner).map(|(x, y)| rectangle(x, y, x + 1.0, y + 1.0)).collect()
}

#[test]
fn a_clean_lattice_has_no_gaps_overlaps_or_near_misses() {
    let audit = audited(&layer(lattice()), "0.5");
    assert!(audit.gaps.is_empty() && audit.overlaps.is_empty() && audit.near_misses.is_empty());
    assert!(audit.islands.is_empty() && audit.invalid.is_empty() && audit.empty.is_empty());
    assert_eq!(audit.links.len(), 20);
    assert!(audit.links.iter().all(|link| link.weight == 1.0 && link.weight_back == Some(1.0)));
    let longest = audit.links.iter().filter_map(|link| link.distance).fold(0.0, f64::max);
    assert_eq!(longest, 2.0_f64.sqrt());
}

#[test]
fn a_unit_left_out_is_a_wide_gap_with_its_neighbours_around_it() {
    let mut shapes = lattice();
    shapes.remove(4);
    let gaps = audited(&layer(shapes), "0.5").gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].area, gaps[0].width), (1.0, 0.5));
    assert!(close(gaps[0].compactness, std::f64::consts::FRAC_PI_4));
    assert_eq!(gaps[0].around, [1, 3, 4, 6]);
}

#[test]
fn a_sliver_between_two_borders_is_a_thin_gap() {
    let mut shapes = lattice();
    // The middle square ends 1e-6 before its right neighbour, except at its corners.
    shapes[4] = polygon![(x: 1., y: 1.), (x: 2., y: 1.), (x: 2. - 1e-6, y: 1.5), (x: 2., y: 2.), (x: 1., y: 2.)].into();
    let audit = audited(&layer(shapes), "0.5");
    assert_eq!(audit.gaps.len(), 1);
    let gap = &audit.gaps[0];
    assert!((gap.area - 5e-7).abs() < 1e-15, "{}", gap.area);
    assert!(gap.compactness < 1e-5 && gap.around == [4, 5]);
    assert!(audit.near_misses.is_empty(), "the two still touch in their corners");
}

#[test]
fn an_island_in_a_lake_is_a_hole_in_the_gap() {
    let lake = polygon![
        exterior: [(x: 0., y: 0.), (x: 6., y: 0.), (x: 6., y: 6.), (x: 0., y: 6.)],
        interiors: [[(x: 1., y: 1.), (x: 5., y: 1.), (x: 5., y: 5.), (x: 1., y: 5.)]],
    ];
    let shapes = vec![lake.into(), rectangle(2., 2., 3., 3.), rectangle(3., 2., 4., 3.)];
    let gaps = audited(&layer(shapes), "0.5").gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].area, 14.0);
    assert_eq!(gaps[0].polygon.interiors().len(), 1);
    assert_eq!(gaps[0].around, [0, 1, 2]);
}

#[test]
fn a_gap_open_to_the_outside_shows_as_a_near_miss() {
    let shapes = vec![rectangle(0., 0., 1., 1.), rectangle(1.25, 0., 2., 1.)];
    let audit = audited(&layer(shapes.clone()), "0.25");
    assert!(audit.gaps.is_empty());
    assert_eq!(audit.near_misses[0].distance, 0.25);
    assert!(audited(&layer(shapes), "0.2").near_misses.is_empty());
}

#[test]
fn a_near_miss_names_the_unit_that_lies_between() {
    let shapes =
        vec![rectangle(0., 0., 1., 1.), rectangle(1., 0., 1.125, 1.), rectangle(1.125, 0., 2., 1.)];
    let misses = audited(&layer(shapes), "0.5").near_misses;
    assert_eq!(misses.len(), 1);
    assert_eq!((misses[0].units, &misses[0].between[..]), ([0, 2], &[1][..]));
}

#[test]
fn three_units_over_the_same_ground_are_three_overlaps() {
    let shapes =
        vec![rectangle(0., 0., 3., 1.), rectangle(1., 0., 4., 1.), rectangle(2., 0., 5., 1.)];
    let overlaps = audited(&layer(shapes), "0.1").overlaps;
    let found: Vec<_> = overlaps.iter().map(|o| (o.units, o.area)).collect();
    assert_eq!(found, [([0, 1], 2.0), ([0, 2], 1.0), ([1, 2], 2.0)]);
}

#[test]
fn a_crossing_at_no_coordinate_of_either_unit_is_measured() {
    let diamond = polygon![(x: 1., y: -0.5), (x: 1.5, y: 0.), (x: 1., y: 0.5), (x: 0.5, y: 0.)];
    let shapes = vec![rectangle(0., 0., 1.2, 0.3), diamond.into()];
    let overlaps = audited(&layer(shapes), "0.1").overlaps;
    assert_eq!(overlaps.len(), 1);
    // Above y = 0 the diamond holds 0.25; a triangle of 0.04 is above y = 0.3; right of x = 1 the
    // rectangle holds 0.2 × 0.3 of it.
    let expected = (0.25 - 0.04) / 2.0 + 0.2 * 0.3;
    assert!((overlaps[0].area - expected).abs() < 1e-15, "{}", overlaps[0].area);
}

#[test]
fn an_island_knows_the_unit_nearest_to_it() {
    let mut shapes = lattice();
    shapes.push(rectangle(5., 1., 6., 2.));
    let islands = audited(&layer(shapes), "0.5").islands;
    assert_eq!(islands.len(), 1);
    assert_eq!((islands[0].unit, islands[0].nearest), (9, Some((2, 2.0))));
}

#[test]
fn lengths_and_areas_follow_the_unit_of_the_reference_system() {
    let mut units = layer(vec![rectangle(0., 0., 2., 1.), rectangle(1., 0., 3., 1.)]);
    units.layer.crs = Some(crs(false, 0.3048));
    let audit = audited(&units, "1m");
    assert!(audit.metres && close(audit.tolerance, 1.0));
    assert!(close(audit.overlaps[0].area, 0.3048 * 0.3048));
    assert!(close(audit.links[0].distance.unwrap(), 0.3048));
}

#[test]
fn near_misses_in_longitude_and_latitude_are_told_in_metres() {
    let mut units = layer(vec![rectangle(15., 60., 16., 61.), rectangle(16.001, 60., 17., 61.)]);
    units.layer.crs = Some(crs(true, 1.0));
    // At 61° a thousandth of a degree of longitude is 54.11 m, at 60° 55.80 m.
    let found = audited(&units, "55m").near_misses;
    assert_eq!(found.len(), 1);
    assert!((54.0..54.2).contains(&found[0].distance), "{}", found[0].distance);
    assert!(audited(&units, "54m").near_misses.is_empty());
}

#[test]
fn without_a_tolerance_near_is_a_thousandth_of_the_side_of_the_median_unit() {
    let units = layer(lattice());
    let weights = Weights::from_rows(units.ids.clone(), vec![vec![]; 9], "none");
    let audit = audit(&units, &weights, None).unwrap();
    assert_eq!(audit.tolerance, 0.001);
    assert_eq!(audit.islands.len(), 9);
}

#[test]
fn a_link_into_a_hole_is_a_line_from_unit_to_unit() {
    let hole = [(1., 1.), (3., 1.), (3., 3.), (1., 3.)];
    let ring: Geometry<f64> = Polygon::new(
        LineString::from(vec![(0., 0.), (4., 0.), (4., 4.), (0., 4.)]),
        vec![LineString::from(hole.to_vec())],
    )
    .into();
    let audit = audited(&layer(vec![ring.clone(), rectangle(1., 1., 3., 3.)]), "0.5");
    let line = audit.links[0].line.unwrap();
    assert!(ring.contains(&Point(line.start)), "{line:?}");
    assert_eq!(line.end, Coord { x: 2., y: 2. });
    // The distance stays that of the centroids.
    assert_eq!(audit.links[0].distance, Some(0.0));
}

#[test]
fn one_way_links_keep_their_direction_and_self_links_are_no_lines() {
    let units = layer(lattice().split_off(6));
    let rows = vec![vec![(0, 1.0), (1, 0.5)], vec![(0, 0.25)], vec![(1, 2.0)]];
    let weights = Weights::from_rows(units.ids.clone(), rows, "test");
    let links = audit(&units, &weights, None).unwrap().links;
    let found: Vec<_> = links.iter().map(|l| (l.units, l.weight, l.weight_back)).collect();
    assert_eq!(found, [([0, 1], 0.5, Some(0.25)), ([2, 1], 2.0, None)]);
}

#[test]
fn an_invalid_unit_is_listed_with_its_place_and_an_empty_one_by_its_row() {
    let bow_tie = polygon![(x: 0., y: 0.), (x: 2., y: 2.), (x: 2., y: 0.), (x: 0., y: 2.)];
    let mut units = units::units(vec![Some(bow_tie.into()), None]);
    let reason = "Ring Self-intersection at or near point 1 1".to_owned();
    units.invalid = vec![durbin_core::InvalidGeometry { id: "0".into(), reason }];
    let audit = audited(&units, "0.5");
    assert_eq!((audit.invalid[0].unit, audit.invalid[0].place), (0, Some((1.0, 1.0).into())));
    assert_eq!(audit.empty, [1]);
    assert!(audit.overlaps.is_empty() && audit.gaps.is_empty());
}

#[test]
fn points_have_links_and_islands_alone() {
    let point = |x: f64| Some(Geometry::Point((x, 0.0).into()));
    let units = units::units(vec![point(0.0), point(3.0), point(9.0)]);
    let rows = vec![vec![(1, 1.0)], vec![(0, 1.0)], vec![]];
    let weights = Weights::from_rows(units.ids.clone(), rows, "knn");
    let audit = audit(&units, &weights, None).unwrap();
    assert_eq!(audit.links[0].distance, Some(3.0));
    assert_eq!((audit.islands[0].unit, audit.islands[0].nearest), (2, None));
    assert!(audit.near_misses.is_empty());
}
