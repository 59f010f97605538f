//! Weights from distances against libpysal and spdep.

use std::path::Path;

use durbin_weights::{
    Band, Bandwidth, Error, Kernel, Length, LengthUnit, Weights, band, files, inverse_distance,
    kernel, nearest, representative_points,
};
use serde::Deserialize;

use crate::shapes::{polygons, text, units};

#[derive(Deserialize)]
struct Numbers {
    centroids: Vec<[f64; 2]>,
    smallest_band: f64,
    band: Neighbours,
    half_band: Neighbours,
}

#[derive(Deserialize)]
struct Neighbours {
    threshold: f64,
    neighbors: Vec<Vec<u32>>,
}

#[derive(Deserialize)]
struct Valued {
    #[serde(default)]
    bandwidth: Vec<f64>,
    neighbors: Vec<Vec<u32>>,
    weights: Vec<Vec<f64>>,
}

fn layer(folder: &str) -> durbin_core::Units {
    units(polygons(&format!("{folder}/{folder}.geojson")))
}

fn numbers(folder: &str) -> Numbers {
    serde_json::from_str(&text(&format!("{folder}/distance.json"))).unwrap()
}

fn columbus(name: &str) -> Valued {
    let mut all: serde_json::Value = serde_json::from_str(&text("columbus/distance.json")).unwrap();
    serde_json::from_value(all[name].take()).unwrap()
}

fn bare(value: f64) -> Length {
    Length { value, unit: LengthUnit::Coordinates }
}

fn lists(weights: &Weights) -> Vec<Vec<u32>> {
    (0..weights.n_units()).map(|i| weights.row(i).0.to_vec()).collect()
}

fn assert_close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{found} is not {expected}");
}

fn assert_weights(found: &Weights, expected: &Valued, tolerance: f64) {
    assert_eq!(lists(found), expected.neighbors, "{}", found.kind);
    for (i, row) in expected.weights.iter().enumerate() {
        for (&found, &expected) in found.row(i).1.iter().zip(row) {
            assert_close(found, expected, tolerance);
        }
    }
}

fn assert_kernel(found: &Weights, expected: &Valued, tolerance: f64) {
    assert_eq!(lists(found), expected.neighbors, "{}", found.kind);
    for (i, row) in expected.weights.iter().enumerate() {
        for (found_weight, weight) in found.row(i).1.iter().zip(row) {
            assert!((found_weight - weight).abs() <= tolerance, "{}, row {i}", found.kind);
        }
    }
}

#[test]
fn centroids_are_those_of_geopandas() {
    for folder in ["columbus", "topology"] {
        let points = representative_points(&layer(folder)).unwrap();
        for (point, expected) in points.into_iter().zip(numbers(folder).centroids) {
            let point = point.unwrap();
            assert_close(point[0], expected[0], 1e-12);
            assert_close(point[1], expected[1], 1e-12);
        }
    }
}

#[test]
fn bands_are_those_of_libpysal_with_pairs_at_distance_zero() {
    for folder in ["columbus", "topology"] {
        let expected = numbers(folder);
        for reference in [&expected.band, &expected.half_band] {
            let within = Band::Within(bare(reference.threshold));
            let built = band(&layer(folder), within).unwrap();
            assert_eq!(lists(&built.weights), reference.neighbors);
        }
        let auto = band(&layer(folder), Band::Auto).unwrap().weights;
        assert_eq!(lists(&auto), expected.band.neighbors);
        let smallest: f64 = auto.kind.strip_prefix("distance:").unwrap().parse().unwrap();
        assert_close(smallest, expected.smallest_band, 1e-12);
    }
}

#[test]
fn columbus_has_the_neighbours_of_spdep() {
    let layer = layer("columbus");
    let smallest = numbers("columbus").smallest_band;
    let three_quarters = Band::Within(bare(0.75 * smallest));
    let read = |name: &str| {
        let folder = format!("{}/../../tests/reference/columbus", env!("CARGO_MANIFEST_DIR"));
        lists(&files::read(&Path::new(&folder).join(name)).unwrap())
    };
    assert_eq!(lists(&nearest(&layer, 4).unwrap()), read("spdep_knn4.gal"));
    assert_eq!(lists(&band(&layer, Band::Auto).unwrap().weights), read("spdep_band_minmax.gal"));
    let small = band(&layer, three_quarters).unwrap().weights;
    assert_eq!(lists(&small), read("spdep_band_small.gal"));
}

#[test]
fn columbus_has_the_nearest_neighbours_of_libpysal() {
    let mut all: serde_json::Value = serde_json::from_str(&text("columbus/distance.json")).unwrap();
    let expected: Vec<Vec<u32>> = serde_json::from_value(all["knn4"].take()).unwrap();
    assert_eq!(lists(&nearest(&layer("columbus"), 4).unwrap()), expected);
}

#[test]
fn inverse_distances_are_those_of_libpysal() {
    let within = Band::Within(bare(numbers("columbus").band.threshold));
    for (power, name) in [(1.0, "inverse_distance_1"), (2.0, "inverse_distance_2")] {
        let built = inverse_distance(&layer("columbus"), within, power).unwrap();
        assert_weights(&built.weights, &columbus(name), 1e-12);
    }
}

#[test]
fn inverse_distance_names_the_units_at_the_same_point() {
    let error = inverse_distance(&layer("topology"), Band::Within(bare(3.0)), 1.0).unwrap_err();
    assert!(matches!(error, Error::Coincident { .. }));
    assert!(error.to_string().contains("2 (11 and 12, 7 and 8)"), "{error}");
}

const IN_LIBPYSAL: [(Kernel, &str); 5] = [
    (Kernel::Uniform, "uniform"),
    (Kernel::Triangular, "triangular"),
    (Kernel::Epanechnikov, "quadratic"),
    (Kernel::Quartic, "quartic"),
    (Kernel::Gaussian, "gaussian"),
];

#[test]
fn kernels_of_fixed_bandwidth_are_those_of_libpysal() {
    for (function, name) in IN_LIBPYSAL {
        let expected = columbus(&format!("{name}_fixed"));
        let bandwidth = Bandwidth::Fixed(bare(expected.bandwidth[0]));
        let built = kernel(&layer("columbus"), function, bandwidth).unwrap();
        // Where z is nearly 1 the weights are differences from 1: digits are counted from K(0).
        assert_kernel(&built.weights, &expected, 1e-12 * function.at(0.0));
    }
}

#[test]
fn kernels_of_adaptive_bandwidth_are_those_of_libpysal_but_for_its_lengthening() {
    // libpysal multiplies each bandwidth by 1.0000001: z shrinks by 1e-7 of itself, K by at most 4e-7 of K(0).
    for (function, name) in IN_LIBPYSAL {
        let expected = columbus(&format!("{name}_adaptive"));
        let built = kernel(&layer("columbus"), function, Bandwidth::Nearest(4)).unwrap().weights;
        assert_kernel(&built, &expected, 4e-7 * function.at(0.0));
    }
}

#[test]
fn kernels_link_each_unit_to_itself_with_their_highest_value() {
    for function in Kernel::ALL {
        for bandwidth in [Bandwidth::Fixed(bare(1.0)), Bandwidth::Nearest(3)] {
            let weights = kernel(&layer("columbus"), function, bandwidth).unwrap().weights;
            assert!((0..49).all(|i| weights.get(i, i) == function.at(0.0)));
        }
    }
}
