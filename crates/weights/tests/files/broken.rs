//! Broken files are errors, wherever the format can tell.

use durbin_weights::{Error, Fault, Format, Weights, files};
use proptest::prelude::*;

use crate::{read, written};

const EXTENSIONS: [&str; 7] = ["gal", "gwt", "swm", "mtx", "dat", "csv", "txt"];
const HEADERS: [&str; 10] = [
    "",
    "2\n",
    "focal,neighbor,weight\n",
    "id,w1,w2\n",
    "%%MatrixMarket matrix coordinate real general\n",
    "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n",
    "%%MatrixMarket matrix array integer general\n",
    "ID;SRS\n",
    "ID;SRS\n\u{1}\0\0\0\0\0\0\0",
    "VERSION@10.1;UNIQUEID@ID;FIXEDWEIGHTS@True;HASID64@True\n",
];

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "[0-9a-z \",.%\n-]{0,60}", head in 0..HEADERS.len()) {
        for extension in EXTENSIONS {
            if let Ok(w) = read(format!("{}{text}", HEADERS[head]).as_bytes(), extension) {
                prop_assert!((0..w.n_units()).all(|i| w.cardinality(i) <= w.n_units()));
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in prop::collection::vec(prop_oneof![Just(0), Just(1), Just(2), any::<u8>()], 0..80),
        head in 0..HEADERS.len(),
    ) {
        for extension in EXTENSIONS {
            let _ = read(&[HEADERS[head].as_bytes(), &bytes].concat(), extension);
        }
    }

    #[test]
    fn a_changed_byte_never_makes_a_reader_panic(
        at in 0..1000usize,
        byte in any::<u8>(),
        kind in 0..8usize,
    ) {
        let (format, extension, _) = FORMATS[kind];
        let mut bytes = written(&chain(), format);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read(&bytes, extension);
    }
}

/// What may still be read of a file that was cut off.
#[derive(Clone, Copy)]
enum Cut {
    /// Nothing.
    Never,
    /// A file cut within its last word, or before the last line break.
    LastWord,
    /// A shorter list of links.
    Links,
}

const FORMATS: [(Format, &str, Cut); 8] = [
    (Format::Gal, "gal", Cut::LastWord),
    (Format::Gwt, "gwt", Cut::Links),
    (Format::Swm, "swm", Cut::Never),
    (Format::Mtx, "mtx", Cut::LastWord),
    (Format::Dat, "dat", Cut::Links),
    (Format::Csv, "csv", Cut::Links),
    (Format::WideCsv, "csv", Cut::LastWord),
    (Format::SpMatrix, "txt", Cut::LastWord),
];

/// Every unit has two links or more and a weight of several digits.
fn chain() -> Weights {
    let ids = ["10", "11", "12"].map(String::from).to_vec();
    let row = |a, b| vec![(a, 1.0), (b, 1.0)];
    Weights::from_rows(ids, vec![row(1, 2), row(0, 2), row(0, 1)], "made")
}

#[test]
fn every_prefix_of_a_file_is_refused_where_the_format_can_tell() {
    for (format, extension, cut) in FORMATS {
        let bytes = written(&chain(), format);
        let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        let last_word = text.rfind([' ', ',', '\n']).map_or(0, |at| at + 1);
        for end in 0..bytes.len() {
            let Ok(read) = read(&bytes[..end], extension) else { continue };
            match cut {
                Cut::Never => panic!("{format:?} cut after {end} bytes"),
                Cut::LastWord => assert!(end > last_word, "{format:?} cut after {end} bytes"),
                // All units are there, so only links can be missing.
                Cut::Links => assert_eq!(read.ids(), chain().ids(), "{format:?} after {end} bytes"),
            }
        }
    }
}

#[test]
fn anything_after_a_binary_file_is_refused() {
    let mut bytes = written(&chain(), Format::Swm);
    let end = bytes.len() as u64;
    bytes.push(0);
    let error = read(&bytes, "swm").unwrap_err();
    assert!(matches!(&error, Error::Byte { byte, .. } if *byte == end), "{error}");
    assert!(error.to_string().contains("w.swm`, byte "), "{error}");
}

#[test]
fn a_broken_file_is_named_with_its_line() {
    let error = read(b"2\n1 1\n2\n2 1\n\xff\n", "gal").unwrap_err();
    assert!(matches!(&error, Error::Line { line: 5, fault: Fault::NotText, .. }), "{error}");
    assert!(error.to_string().contains("w.gal`, line 5"));
}

#[test]
fn unknown_extensions_are_refused_with_the_known_ones() {
    let error = read(b"", "xyz").unwrap_err().to_string();
    assert!(error.contains(".gal, .gwt, .swm, .mtx, .dat, .csv and .txt"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let none = files::read(&folder.path().join("none.gal"));
    assert!(matches!(none, Err(Error::Read { .. })));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_tolerated_in_text() {
    for (format, extension, _) in FORMATS.into_iter().filter(|&(format, ..)| format != Format::Swm)
    {
        let text = String::from_utf8(written(&chain(), format)).unwrap();
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(
            read(windows.as_bytes(), extension).unwrap().row(2),
            chain().row(2),
            "{format:?}"
        );
    }
}
