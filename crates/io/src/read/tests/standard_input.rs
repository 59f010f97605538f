//! Layers that arrive on standard input.

use super::*;
use crate::spool::Spool;

const FEATURE: &str = r#"{"type":"Feature","id":ID,"properties":{"key":"01","x":null,"tags":["a","b"]},"geometry":{"type":"Point","coordinates":[1,2]}}"#;

fn from_stdin(text: &str) -> Units {
    let spool = Spool::new(text.as_bytes()).unwrap();
    let opened = Opened::spooled("standard input".to_owned(), spool).unwrap();
    units(&opened, &Source::new("-")).unwrap()
}

#[test]
fn collections_sequences_and_text_sequences_on_standard_input_read_alike() {
    let [a, b] = ["4", "7"].map(|id| FEATURE.replace("ID", id));
    let collection = format!("{{\"type\":\"FeatureCollection\",\n\"features\":[{a},\n{b}]}}");
    for text in [collection, format!("{a}\n{b}\n"), format!("\u{1e}{a}\n\u{1e}{b}\n")] {
        let units = from_stdin(&text);
        assert_eq!(units.ids, ["4", "7"], "{text}");
        assert_eq!(units.layer.column("key").unwrap().key(0).as_deref(), Some("01"));
        assert_eq!(units.layer.column("tags").unwrap().key(1).as_deref(), Some(r#"["a","b"]"#));
        assert_eq!(units.shapes[1], Some(geo_types::Point::new(1.0, 2.0).into()));
    }
}

#[test]
fn a_byte_order_mark_before_a_document_or_a_sequence_is_no_part_of_it() {
    let [a, b] = ["4", "7"].map(|id| FEATURE.replace("ID", id));
    for text in [format!("\u{feff}{a}\n{b}\n"), format!("\u{feff}{a}\n")] {
        assert_eq!(from_stdin(&text).ids[0], "4", "{text}");
    }
}

#[test]
fn a_lone_feature_is_a_layer_too() {
    assert_eq!(from_stdin(&FEATURE.replace("ID", "1")).len(), 1);
}
