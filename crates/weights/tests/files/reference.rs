//! Files that PySAL wrote; how is in `tests/reference/weights_files/weights_files.py`.

use std::path::Path;

use durbin_weights::{Transform, Weights, files};

fn by_pysal(name: &str) -> Weights {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/weights_files");
    files::read(&folder.join(name)).unwrap()
}

/// Keys, neighbours' columns and weights, a weight of a third with this many digits.
fn expected(units: usize, third: f64) -> Weights {
    let ids = ["1", "2", "3", "4", "5"][..units].iter().map(ToString::to_string).collect();
    let mut rows = vec![
        vec![(1, 0.25), (2, 0.75)],
        vec![(0, 1.5)],
        vec![(0, third), (3, 1e-7)],
        vec![(2, 2.0)],
        vec![],
    ];
    rows.truncate(units);
    Weights::from_rows(ids, rows, "expected")
}

fn assert_same(mut read: Weights, expected: &Weights) {
    read.kind.clone_from(&expected.kind);
    assert_eq!(read, *expected);
}

#[test]
fn files_of_full_precision_are_read_to_the_last_bit() {
    assert_same(by_pysal("adjacency.csv"), &expected(5, 1.0 / 3.0));
    assert_same(by_pysal("weights.swm"), &expected(4, 1.0 / 3.0));
}

#[test]
fn files_of_six_digits_are_read_as_they_stand() {
    assert_same(by_pysal("weights.gwt"), &expected(4, 0.333_333));
    assert_same(by_pysal("weights.dat"), &expected(4, 0.333_333));
    assert_same(by_pysal("weights.mtx"), &expected(5, 0.333_333_3));
}

#[test]
fn links_and_islands_are_read() {
    assert_same(by_pysal("binary.gal"), &expected(5, 1.0).transform(Transform::Binary).unwrap());
}

#[test]
fn a_standardised_arcgis_file_is_known_as_such() {
    let read = by_pysal("standardised.swm");
    assert_eq!(read.transform, Transform::Row);
    let third = 1.0 / 3.0;
    assert_eq!(read.row(2).1, [third / (third + 1e-7), 1e-7 / (third + 1e-7)]);
    assert_eq!(read.row(0), expected(4, third).row(0));
}
