//! Contiguity against the neighbour lists of libpysal and spdep.

use std::path::Path;

use durbin_weights::{Contiguity, Summary, Weights, contiguity, files};

use crate::units::{polygons, text, units};

fn lists(weights: &Weights) -> Vec<Vec<u32>> {
    (0..weights.n_units()).map(|i| weights.row(i).0.to_vec()).collect()
}

fn expected(folder: &str, kind: Contiguity) -> Vec<Vec<u32>> {
    let text = text(&format!("{folder}/contiguity.json"));
    let mut lists: serde_json::Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(lists[kind.name()].take()).unwrap()
}

fn built(folder: &str, kind: Contiguity) -> Weights {
    let shapes = polygons(&format!("{folder}/{folder}.geojson"));
    contiguity(&units(shapes), kind).unwrap()
}

#[test]
fn columbus_has_the_neighbours_of_libpysal_and_spdep() {
    for kind in [Contiguity::Queen, Contiguity::Rook] {
        let weights = built("columbus", kind);
        assert_eq!(lists(&weights), expected("columbus", kind));
        let gal = format!(
            "{}/../../tests/reference/columbus/spdep_{}.gal",
            env!("CARGO_MANIFEST_DIR"),
            kind.name()
        );
        assert_eq!(lists(&weights), lists(&files::read(Path::new(&gal)).unwrap()));
    }
}

#[test]
fn t_junctions_gaps_overlaps_holes_parts_and_duplicates_are_as_in_libpysal() {
    for kind in [Contiguity::Queen, Contiguity::Rook] {
        assert_eq!(lists(&built("topology", kind)), expected("topology", kind));
    }
}

#[test]
fn the_summary_of_columbus_is_that_of_spdep() {
    let summary = Summary::of(&built("columbus", Contiguity::Queen));
    assert_eq!((summary.n, summary.links), (49, 236));
    assert_eq!((summary.min_cardinality, summary.max_cardinality), (2, 10));
    assert_eq!((summary.islands, summary.components), (0, 1));
    assert!(summary.symmetric && summary.symmetric_pattern);
    assert_eq!(summary.percent_nonzero.to_bits(), (100.0 * 236.0 / 2401.0_f64).to_bits());
}
