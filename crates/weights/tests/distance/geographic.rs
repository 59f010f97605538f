//! Distances over the ellipsoid.

use durbin_core::Ellipsoid;
use durbin_weights::{
    Band, Bandwidth, Error, Kernel, Length, band, inverse_distance, kernel, nearest,
};

use crate::points::{geographic, keyed, planar, with_crs};
use crate::shapes::text;

fn within(length: &str) -> Band {
    Band::Within(length.parse::<Length>().unwrap())
}

/// The length of an automatic band over two units is their distance.
fn distance(ellipsoid: Ellipsoid, a: [f64; 2], b: [f64; 2]) -> f64 {
    let mut units = geographic(&[a, b]);
    units.layer.crs.as_mut().unwrap().ellipsoid = Some(ellipsoid);
    let kind = band(&units, Band::Auto).unwrap().weights.kind;
    kind.strip_prefix("distance:").unwrap().strip_suffix('m').unwrap().parse().unwrap()
}

#[test]
fn distances_are_those_of_proj() {
    let mut pairs = 0;
    for line in text("distance/geodesic.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let ellipsoid = match fields[0] {
            "WGS84" => Ellipsoid { semi_major: 6_378_137.0, semi_minor: 6_356_752.314_245_179 },
            "clrk66" => Ellipsoid { semi_major: 6_378_206.4, semi_minor: 6_356_583.8 },
            other => panic!("{other}"),
        };
        let numbers: Vec<f64> = fields[2..].iter().map(|field| field.parse().unwrap()).collect();
        let [a, b] = [[numbers[1], numbers[0]], [numbers[3], numbers[2]]];
        for (from, to) in [(a, b), (b, a)] {
            let found = distance(ellipsoid, from, to);
            assert!((found - numbers[4]).abs() < 1e-6, "{line}: {found}");
        }
        pairs += 1;
    }
    assert_eq!(pairs, 100);
}

#[test]
fn a_band_reaches_across_the_antimeridian_and_over_the_pole() {
    let fiji = geographic(&[[179.9, -17.0], [-179.9, -17.0], [179.0, -17.0]]);
    let w = band(&fiji, within("25km")).unwrap().weights;
    assert_eq!((w.get(0, 1), w.get(1, 0), w.get(0, 2)), (1.0, 1.0, 0.0));
    let pole = geographic(&[[0.0, 89.9], [180.0, 89.9], [90.0, 89.0]]);
    let w = band(&pole, within("25km")).unwrap().weights;
    assert_eq!((w.get(0, 1), w.get(0, 2)), (1.0, 0.0));
}

#[test]
fn the_nearest_are_nearest_over_the_ellipsoid_not_in_degrees() {
    let units = geographic(&[[10.0, 70.0], [12.0, 70.0], [10.0, 71.0]]);
    assert_eq!(nearest(&units, 1).unwrap().row(0).0, [1]);
    let plane = planar(&[[10.0, 70.0], [12.0, 70.0], [10.0, 71.0]]);
    assert_eq!(nearest(&plane, 1).unwrap().row(0).0, [2]);
}

#[test]
fn equally_near_units_over_the_ellipsoid_are_taken_by_key_whichever_side_they_are_on() {
    let around = geographic(&[[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [0.0, 2.0]]);
    for (keys, kept) in [(["c", "e", "w", "n", "f"], 1), (["c", "w", "e", "n", "f"], 2)] {
        assert_eq!(nearest(&keyed(around.clone(), &keys), 2).unwrap().row(0).0, [kept, 3]);
    }
}

#[test]
fn inverse_distance_takes_kilometres_over_the_ellipsoid() {
    let units = geographic(&[[0.0, 0.0], [1.0, 0.0]]);
    let w = inverse_distance(&units, within("200km"), 2.0).unwrap().weights;
    let expected = 111.319_490_793_273_57_f64.powi(-2);
    assert!((w.get(0, 1) - expected).abs() < 1e-12 * expected);
}

#[test]
fn a_kernel_takes_its_bandwidth_in_metres() {
    let units = geographic(&[[0.0, 0.0], [1.0, 0.0]]);
    let bandwidth = Bandwidth::Fixed("222.638981586547km".parse().unwrap());
    let w = kernel(&units, Kernel::Triangular, bandwidth).unwrap().weights;
    assert!((w.get(0, 1) - 0.5).abs() < 1e-12);
}

#[test]
fn a_latitude_beyond_the_poles_names_its_unit() {
    let units = keyed(geographic(&[[0.0, 0.0], [10.0, 500.0]]), &["a", "b"]);
    let error = nearest(&units, 1).unwrap_err();
    assert!(matches!(&error, Error::Latitude { id, latitude: 500.0 } if id == "b"), "{error}");
    let planar = with_crs(units, false, 1.0);
    assert!(nearest(&planar, 1).is_ok());
}
