//! What holds for weights between any points.

use durbin_weights::{Band, Bandwidth, Kernel, Length, LengthUnit, Weights, band, kernel, nearest};
use geo::{Distance, Geodesic};
use geo_types::Point;
use proptest::prelude::*;

use crate::points::{geographic, planar};

/// Points on a coarse grid, equal and equally near ones among them, or anywhere.
fn plane() -> impl Strategy<Value = Vec<[f64; 2]>> {
    let grid = [0..8i8, 0..8i8].prop_map(|c| c.map(f64::from));
    let anywhere = [-1e3..1e3, -1e3..1e3f64];
    prop::collection::vec(prop_oneof![grid, anywhere], 12..60)
}

/// Places on the Earth, many around the antimeridian and the poles.
fn earth() -> impl Strategy<Value = Vec<[f64; 2]>> {
    let anywhere = [-180.0..=180.0, -90.0..=90.0f64];
    let near_date_line = [178.0..=182.0, -2.0..=2.0f64].prop_map(|[x, y]| [wrapped(x), y]);
    let near_pole = [-180.0..=180.0, 89.0..=90.0f64];
    let whole = [-180..=180i16, -90..=90i16].prop_map(|c| c.map(f64::from));
    let place = prop_oneof![anywhere, near_date_line, near_pole, whole];
    prop::collection::vec(place, 12..40)
}

fn wrapped(x: f64) -> f64 {
    if x > 180.0 { x - 360.0 } else { x }
}

fn euclidean(a: [f64; 2], b: [f64; 2]) -> f64 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
}

/// The same order of arguments for a pair as for its reverse: the last bit may depend on it.
fn geodesic(a: [f64; 2], b: [f64; 2]) -> f64 {
    let [(lat1, lon1), (lat2, lon2)] = if (b[1], b[0]) < (a[1], a[0]) {
        [(b[1], b[0]), (a[1], a[0])]
    } else {
        [(a[1], a[0]), (b[1], b[0])]
    };
    Geodesic.distance(Point::new(lon1, lat1), Point::new(lon2, lat2))
}

/// Rows of all others sorted by distance and then key.
fn sorted(points: &[[f64; 2]], distance: fn([f64; 2], [f64; 2]) -> f64) -> Vec<Vec<(f64, u32)>> {
    let row = |i: usize| {
        let mut row: Vec<(f64, u32)> = (0u32..)
            .zip(points)
            .filter(|&(j, _)| j as usize != i)
            .map(|(j, &other)| (distance(points[i], other), j))
            .collect();
        row.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.to_string().cmp(&b.1.to_string())));
        row
    };
    (0..points.len()).map(row).collect()
}

fn ascending(links: impl Iterator<Item = (f64, u32)>) -> Vec<u32> {
    let mut columns: Vec<u32> = links.map(|link| link.1).collect();
    columns.sort_unstable();
    columns
}

fn within(value: f64, unit: LengthUnit) -> Band {
    Band::Within(Length { value, unit })
}

/// The rows of a matrix over reversed units, as they were before.
fn turned(weights: &Weights) -> Vec<Vec<(u32, f64)>> {
    let n = weights.n_units();
    (0..n)
        .rev()
        .map(|i| {
            let (columns, values) = weights.row(i);
            let last = u32::try_from(n - 1).unwrap();
            columns.iter().rev().map(|j| last - j).zip(values.iter().rev().copied()).collect()
        })
        .collect()
}

fn rows(weights: &Weights) -> Vec<Vec<(u32, f64)>> {
    let row = |i| {
        let (columns, values) = weights.row(i);
        columns.iter().copied().zip(values.iter().copied()).collect()
    };
    (0..weights.n_units()).map(row).collect()
}

proptest! {
    #[test]
    fn every_unit_has_the_k_neighbours_found_by_trying_all(points in plane(), k in 1..11usize) {
        let weights = nearest(&planar(&points), k).unwrap();
        for (i, row) in sorted(&points, euclidean).into_iter().enumerate() {
            prop_assert_eq!(weights.row(i).0, ascending(row.into_iter().take(k)));
        }
    }

    #[test]
    fn over_the_ellipsoid_every_unit_has_the_k_neighbours_found_by_trying_all(
        points in earth(), k in 1..11usize,
    ) {
        let weights = nearest(&geographic(&points), k).unwrap();
        for (i, row) in sorted(&points, geodesic).into_iter().enumerate() {
            prop_assert_eq!(weights.row(i).0, ascending(row.into_iter().take(k)));
        }
    }

    #[test]
    fn a_band_holds_the_units_found_by_trying_all(points in plane(), radius in 0.0..500.0f64) {
        let radius = if radius < 100.0 { (radius / 20.0).floor() } else { radius };
        let weights = band(&planar(&points), within(radius, LengthUnit::Coordinates)).unwrap().weights;
        for (i, row) in sorted(&points, euclidean).into_iter().enumerate() {
            let near = row.into_iter().filter(|link| link.0 <= radius);
            prop_assert_eq!(weights.row(i).0, ascending(near));
        }
    }

    #[test]
    fn over_the_ellipsoid_a_band_holds_the_units_found_by_trying_all(
        points in earth(), kilometres in prop_oneof![0.0..300.0, 0.0..20100.0f64],
    ) {
        let weights =
            band(&geographic(&points), within(kilometres, LengthUnit::Kilometre)).unwrap().weights;
        for (i, row) in sorted(&points, geodesic).into_iter().enumerate() {
            let near = row.into_iter().filter(|link| link.0 <= kilometres * 1000.0);
            prop_assert_eq!(weights.row(i).0, ascending(near));
        }
    }

    #[test]
    fn bands_and_kernels_of_fixed_bandwidth_are_symmetric(points in earth(), metres in 1.0..2e7f64) {
        let units = geographic(&points);
        let length = Length { value: metres, unit: LengthUnit::Metre };
        let quartic = kernel(&units, Kernel::Quartic, Bandwidth::Fixed(length)).unwrap().weights;
        for w in [band(&units, Band::Within(length)).unwrap().weights, quartic] {
            for i in 0..points.len() {
                prop_assert!((0..i).all(|j| w.get(i, j).to_bits() == w.get(j, i).to_bits()));
            }
        }
    }

    #[test]
    fn the_order_of_units_changes_nothing(points in plane(), on_earth in earth(), k in 1..11usize) {
        for units in [planar(&points), geographic(&on_earth)] {
            let backward = units.select(&(0..units.len()).rev().collect::<Vec<_>>());
            let smooth = Kernel::Gaussian;
            prop_assert_eq!(
                rows(&nearest(&units, k).unwrap()), turned(&nearest(&backward, k).unwrap())
            );
            prop_assert_eq!(
                rows(&band(&units, Band::Auto).unwrap().weights),
                turned(&band(&backward, Band::Auto).unwrap().weights)
            );
            let adaptive = |units| kernel(units, smooth, Bandwidth::Nearest(11));
            if let (Ok(forward), Ok(backward)) = (adaptive(&units), adaptive(&backward)) {
                prop_assert_eq!(rows(&forward.weights), turned(&backward.weights));
            }
        }
    }
}
