//! GeoJSONSeq, which is longitude and latitude in WGS 84 by definition.

use durbin_core::Crs;

use super::*;

/// The coordinates of a point written as a sequence, and the warnings.
fn written(wkt: &str, crs: Option<Crs>) -> (String, Vec<Warning>) {
    let kind = wkt.split(" (").next().unwrap();
    let layer = Layer { crs, ..layer_of(kind, &[Some(wkt)]) };
    let (bytes, said) = single::sequence(&Sheet::from(&layer)).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (_, rest) = text.split_once("\"coordinates\":").unwrap();
    (rest.split(']').next().unwrap().replace(['[', ' '], ""), warnings(Path::new("-"), said))
}

fn numbers(text: &str) -> Vec<f64> {
    text.split(',').map(|number| number.parse().unwrap()).collect()
}

#[test]
fn a_projected_layer_becomes_longitude_and_latitude_and_keeps_its_heights() {
    // Half the equator of the sphere of Web Mercator is π·6378137 m.
    let x = std::f64::consts::PI * 6_378_137.0 / 2.0;
    let (coordinates, said) = written(&format!("POINT Z ({x} 0 12.5)"), Some(crs(3857)));
    let found = numbers(&coordinates);
    assert!((found[0] - 90.0).abs() < 1e-9 && found[1].abs() < 1e-9, "{coordinates}");
    assert_eq!((found[2], found.len()), (12.5, 3));
    assert!(said.iter().any(|one| one.to_string().contains("transformed from")), "{said:?}");
    assert_eq!(written("POINT (112 28)", Some(crs(4326))).1, []);
}

#[test]
fn longitude_comes_first_whatever_the_axes_of_the_system() {
    let (coordinates, _) = written("POINT (112 28)", Some(crs(4258)));
    let found = numbers(&coordinates);
    assert!((found[0] - 112.0).abs() < 1e-4 && (found[1] - 28.0).abs() < 1e-4, "{coordinates}");
}

#[test]
fn without_a_reference_system_coordinates_are_written_as_they_are() {
    let (coordinates, said) = written("POINT Z (500000 4000000 7)", None);
    assert_eq!(numbers(&coordinates), [500_000.0, 4_000_000.0, 7.0]);
    assert!(said[0].to_string().contains("No SRS"), "{said:?}");
}

#[test]
fn a_local_system_leaves_coordinates_as_they_are_and_a_warning_says_so() {
    for name in ["Undefined SRS", "Site grid"] {
        let wkt = format!(
            "ENGCRS[\"{name}\",EDATUM[\"Unknown\"],CS[Cartesian,2],AXIS[\"x\",east],AXIS[\"y\",north],LENGTHUNIT[\"metre\",1]]"
        );
        let local = Crs { wkt, authority: None, name: name.to_owned(), ..crs(3857) };
        let (coordinates, said) = written("POINT (500000 4000000)", Some(local));
        assert_eq!(numbers(&coordinates), [500_000.0, 4_000_000.0], "{name}");
        let ours = format!("no transformation leads from {name} to WGS 84");
        assert!(said.iter().any(|warning| warning.to_string().contains(&ours)), "{said:?}");
    }
}
