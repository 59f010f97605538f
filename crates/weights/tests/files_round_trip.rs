//! Weights files keep what they are given.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use durbin_weights::{Error, Fault, Format, Transform, Weights, files};
use proptest::prelude::*;

fn through(weights: &Weights, extension: &str) -> Weights {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("w.{extension}"));
    let mut file = std::fs::File::create(&path).unwrap();
    let format = Format::of(&path).unwrap();
    files::write(weights, format, &files::Origin::default(), &mut file).unwrap();
    files::read(&path).unwrap()
}

fn same_but_for_kind(mut read: Weights, written: &Weights) -> bool {
    read.kind.clone_from(&written.kind);
    read == *written
}

/// Weights among units with awkward keys, islands and self links included.
fn weights() -> impl Strategy<Value = Weights> {
    (1..6usize)
        .prop_flat_map(|n| {
            let weight = prop_oneof![Just(1.0), 1e-12..1e12, Just(1.0 / 3.0), Just(5e-324)];
            let link = prop::option::of(weight);
            prop::collection::vec(prop::collection::vec(link, n), n)
        })
        .prop_map(|matrix| {
            let ids = (0..matrix.len()).map(|i| ["a b", "01", "é,é", "x;y", "z"][i].into());
            let rows = matrix.iter().map(|row| {
                let links = (0..).zip(row);
                links.filter_map(|(j, w)| w.map(|w| (j, w))).collect()
            });
            Weights::from_rows(ids.collect(), rows.collect(), "made")
        })
}

proptest! {
    #[test]
    fn gwt_and_csv_keep_keys_links_and_weights_to_the_last_bit(written in weights()) {
        for extension in ["gwt", "csv"] {
            prop_assert!(same_but_for_kind(through(&written, extension), &written), "{}", extension);
        }
    }

    #[test]
    fn gal_keeps_keys_and_links(written in weights()) {
        let written = written.transformed(Transform::Binary);
        prop_assert!(same_but_for_kind(through(&written, "gal"), &written));
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "[0-9a-z \",.\n-]{0,60}", head in 0..3usize) {
        let folder = tempfile::tempdir().unwrap();
        for extension in ["gal", "gwt", "csv"] {
            let path = folder.path().join(format!("w.{extension}"));
            let header = ["", "2\n", "focal,neighbor,weight\n"][head];
            std::fs::write(&path, format!("{header}{text}")).unwrap();
            if let Ok(weights) = files::read(&path) {
                prop_assert!((0..weights.n_units()).all(|i| weights.cardinality(i) < weights.n_units()));
            }
        }
    }
}

#[test]
fn a_broken_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.gal");
    std::fs::write(&path, b"2\n1 1\n2\n2 1\n\xff\n").unwrap();
    let error = files::read(&path).unwrap_err();
    assert!(matches!(&error, Error::Line { line: 5, fault: Fault::NotText, .. }), "{error}");
    assert!(error.to_string().contains("w.gal`, line 5"));
    assert!(matches!(files::read(&folder.path().join("none.gal")), Err(Error::Read { .. })));
    assert!(matches!(files::read(&folder.path().join("w.txt")), Err(Error::UnknownFormat { .. })));
}
