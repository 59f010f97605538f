//! What is written comes back.

use durbin_weights::{Format, Transform, Weights};
use proptest::prelude::*;

use crate::{read, written};

const ANY_KEY: [&str; 5] = ["a b", "01", "é,é", "x;y", "z"];
const WHOLE_KEY: [&str; 5] = ["7", "-1", "0", "2147483647", "12"];

fn through(weights: &Weights, format: Format, extension: &str) -> Weights {
    let mut read = read(&written(weights, format), extension).unwrap();
    read.kind.clone_from(&weights.kind);
    read
}

/// Weights among units with these keys, islands and self links included.
pub fn weights(keys: [&'static str; 5]) -> impl Strategy<Value = Weights> {
    (1..6usize)
        .prop_flat_map(|n| {
            let weight = prop_oneof![Just(1.0), 1e-12..1e12, Just(1.0 / 3.0), Just(5e-324)];
            let link = prop::option::of(weight);
            prop::collection::vec(prop::collection::vec(link, n), n)
        })
        .prop_map(move |matrix| {
            let ids = (0..matrix.len()).map(|i| keys[i].into());
            let rows = matrix.iter().map(|row| {
                let links = (0..).zip(row);
                links.filter_map(|(j, w)| w.map(|w| (j, w))).collect()
            });
            Weights::from_rows(ids.collect(), rows.collect(), "made")
        })
}

proptest! {
    #[test]
    fn any_key_link_and_weight_comes_back_to_the_last_bit(weights in weights(ANY_KEY)) {
        for (format, extension) in [
            (Format::Gwt, "gwt"),
            (Format::Mtx, "mtx"),
            (Format::Dat, "dat"),
            (Format::Csv, "csv"),
            (Format::WideCsv, "csv"),
        ] {
            prop_assert_eq!(through(&weights, format, extension), weights.clone(), "{:?}", format);
        }
    }

    #[test]
    fn gal_keeps_keys_and_links(weights in weights(ANY_KEY)) {
        let binary = weights.transform(Transform::Binary).unwrap();
        prop_assert_eq!(through(&binary, Format::Gal, "gal"), binary);
    }

    #[test]
    fn whole_keys_come_back_from_arcgis_and_stata(weights in weights(WHOLE_KEY)) {
        for (format, extension) in [(Format::Swm, "swm"), (Format::SpMatrix, "txt")] {
            prop_assert_eq!(through(&weights, format, extension), weights.clone(), "{:?}", format);
        }
    }
}

#[test]
fn arcgis_files_keep_that_rows_are_standardised() {
    let ids = ["1", "2"].map(String::from).to_vec();
    let raw = Weights::from_rows(ids, vec![vec![(0, 1.0), (1, 2.0)], vec![]], "made");
    let row = raw.transform(Transform::Row).unwrap();
    assert_eq!(through(&row, Format::Swm, "swm"), row);
}

#[test]
fn keys_with_line_breaks_and_quotation_marks_are_kept_by_csv_and_refused_by_the_others() {
    let ids = ["a\nb", "c\"d"].map(String::from).to_vec();
    let weights = Weights::from_rows(ids, vec![vec![(1, 1.0)], vec![]], "made");
    for format in [Format::Csv, Format::WideCsv] {
        assert_eq!(through(&weights, format, "csv"), weights);
    }
    for format in [Format::Gal, Format::Gwt, Format::Mtx, Format::Dat, Format::Swm] {
        let origin = durbin_weights::files::Origin::default();
        let refused = durbin_weights::files::write(&weights, format, &origin, &mut Vec::new());
        assert!(matches!(refused, Err(durbin_weights::Error::Key { .. })), "{format:?}");
    }
}
