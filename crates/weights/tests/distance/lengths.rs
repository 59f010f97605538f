//! How lengths are read on a layer, and what is said about bands.

use durbin_weights::{Band, Bandwidth, Built, Error, Kernel, Length, band, kernel, nearest};

use crate::points::{geographic, planar, with_crs};

const LINE: [[f64; 2]; 4] = [[0.0, 0.0], [100.0, 0.0], [250.0, 0.0], [1000.0, 0.0]];

fn length(text: &str) -> Length {
    text.parse().unwrap()
}

fn built(units: &durbin_core::Units, text: &str) -> Result<Built, Error> {
    band(units, Band::Within(length(text)))
}

fn links(units: &durbin_core::Units, text: &str) -> usize {
    built(units, text).unwrap().weights.n_links()
}

#[test]
fn a_band_keeps_exactly_the_units_within_it() {
    let units = planar(&LINE);
    assert_eq!(links(&units, "99.999"), 0);
    assert_eq!(links(&units, "100"), 2);
    assert_eq!(links(&units, "150"), 4);
    assert_eq!(links(&units, "1000"), 12);
}

#[test]
fn lengths_are_converted_to_the_unit_of_the_coordinates() {
    let feet = with_crs(planar(&LINE), false, 0.3048);
    for hundred_feet in ["100", "100ft", "0.03048km", "30.48m", "0.0189394mi"] {
        assert_eq!(links(&feet, hundred_feet), 2, "{hundred_feet}");
    }
    let metres = with_crs(planar(&LINE), false, 1.0);
    assert_eq!((links(&metres, "0.15km"), links(&metres, "0.1mi")), (4, 4));
}

#[test]
fn a_length_with_a_unit_needs_a_reference_system() {
    let error = built(&planar(&LINE), "50km").unwrap_err().to_string();
    assert!(error.contains("50km") && error.contains("CRS"), "{error}");
}

#[test]
fn a_bare_length_in_longitude_and_latitude_warns_of_its_kilometres() {
    let units = geographic(&[[0.0, 0.0], [0.0, 0.4], [0.4, 0.0]]);
    let built = built(&units, "0.5").unwrap();
    assert_eq!(built.weights.n_links(), 4);
    let [warning] = &built.warnings[..] else { panic!("{:?}", built.warnings) };
    let warning = warning.to_string();
    assert!(warning.contains("0.5 degrees") && warning.contains("55.598 km"), "{warning}");
    assert!(warning.contains("EPSG:4326") && warning.contains("0.5km"), "{warning}");
}

#[test]
fn more_than_half_around_the_earth_in_degrees_is_refused() {
    let units = geographic(&[[0.0, 0.0], [0.0, 0.4]]);
    assert!(built(&units, "180").is_ok());
    let error = built(&units, "50000").unwrap_err().to_string();
    assert!(error.contains("50000 degrees") && error.contains("50000m"), "{error}");
}

#[test]
fn a_band_that_leaves_islands_tells_one_that_leaves_none() {
    let units = with_crs(planar(&LINE), false, 1000.0);
    let built_short = built(&units, "120km").unwrap();
    let [warning] = &built_short.warnings[..] else { panic!("{:?}", built_short.warnings) };
    let warning = warning.to_string();
    assert!(warning.contains("2 (2, 3)") && warning.ends_with("750km"), "{warning}");
    let enough = built(&units, "750km").unwrap();
    assert!(enough.warnings.is_empty() && enough.weights.islands().is_empty());
}

#[test]
fn the_length_told_is_enough_when_typed_again() {
    for step in 1..200_u32 {
        let far = 1.0 / f64::from(step) + f64::from(step * step * step);
        for units in
            [planar(&[[0.0, 0.0], [far, 0.0]]), geographic(&[[0.0, 0.0], [far / 1e6, 1.0]])]
        {
            let alone = built(&units, "0.0000001");
            let warnings = alone.unwrap().warnings;
            let words = warnings.last().unwrap().to_string();
            let (_, told) = words.rsplit_once(' ').unwrap();
            assert_eq!(links(&units, told), 2, "{words}");
        }
    }
}

#[test]
fn an_automatic_band_leaves_nobody_alone_and_none_to_spare() {
    let auto = band(&planar(&LINE), Band::Auto).unwrap();
    assert_eq!(auto.weights.kind, "distance:750");
    assert!(auto.weights.islands().is_empty() && auto.warnings.is_empty());
    let tenths = planar(&[[0.1, 0.2], [0.3, 0.7], [5.1, 3.3]]);
    assert!(band(&tenths, Band::Auto).unwrap().weights.islands().is_empty());
}

#[test]
fn neighbours_that_are_not_there_are_counted() {
    let error = nearest(&planar(&LINE), 4).unwrap_err();
    assert!(matches!(error, Error::TooFewUnits { k: 4, located: 4 }), "{error}");
    assert!(matches!(band(&planar(&LINE[..1]), Band::Auto), Err(Error::TooFewUnits { .. })));
    assert!(matches!(nearest(&planar(&[]), 1), Err(Error::NoGeometry { n: 0 })));
}

#[test]
fn a_kernel_needs_a_bandwidth() {
    let none = Bandwidth::Fixed(length("0"));
    let error = kernel(&planar(&LINE), Kernel::Uniform, none).unwrap_err();
    assert!(matches!(error, Error::ZeroBandwidth { .. }));
    let twins = planar(&[[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]);
    let error = kernel(&twins, Kernel::Uniform, Bandwidth::Nearest(1)).unwrap_err();
    assert!(matches!(&error, Error::CoincidentNeighbors { id, k: 1 } if id == "1"), "{error}");
}
