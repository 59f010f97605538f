use super::*;

const OLD: &str = "POLYID;WGS_1984\n";
const FIXED: &str = "VERSION@10.1;UNIQUEID@FID;SPATIALREFNAME@x;FIXEDWEIGHTS@True;HASZ@False\n";

enum Value {
    I(i32),
    L(i64),
    F(f64),
}
use Value::{F, I, L};

fn file(header: &str, body: &[Value]) -> Vec<u8> {
    let mut bytes = header.as_bytes().to_vec();
    for value in body {
        match value {
            I(value) => bytes.extend(value.to_le_bytes()),
            L(value) => bytes.extend(value.to_le_bytes()),
            F(value) => bytes.extend(value.to_le_bytes()),
        }
    }
    bytes
}

fn fault(body: &[Value]) -> (u64, Fault) {
    let (at, fault) = read(&file(OLD, body)).unwrap_err();
    (at - OLD.len() as u64, fault)
}

#[test]
fn the_header_before_10_1_and_islands_are_read() {
    let body = [I(2), I(0), I(7), I(1), I(-3), F(2.5), F(2.5), I(-3), I(0)];
    let w = read(&file(OLD, &body)).unwrap();
    assert_eq!((w.ids().join(","), w.get(0, 1), w.islands()), ("7,-3".into(), 2.5, vec![1]));
    assert_eq!(w.transform, Transform::Raw);
}

#[test]
fn fixed_weights_hold_for_all_neighbours_and_standardised_ones_keep_the_raw_sum() {
    let body = [
        I(3),
        I(1),
        I(1),
        I(2),
        I(2),
        I(3),
        F(0.5),
        F(2.0),
        I(2),
        I(1),
        I(1),
        F(1.0),
        F(1.0),
        I(3),
        I(0),
    ];
    let w = read(&file(FIXED, &body)).unwrap();
    assert_eq!((w.row(0), w.row(1).1), ((&[1, 2][..], &[0.5, 0.5][..]), &[1.0][..]));
    assert_eq!(w.transform, Transform::Row);
}

#[test]
fn keys_of_64_bits_are_read() {
    let header = "VERSION@10.1;UNIQUEID@FID;FIXEDWEIGHTS@False;HASID64@True\n";
    let body = [L(1), L(0), L(36_061_000_100), L(1), L(36_061_000_100), F(3.0), F(3.0)];
    assert_eq!(read(&file(header, &body)).unwrap().ids(), ["36061000100"]);
}

#[test]
fn what_is_written_comes_back() {
    let ids = ["2147483647", "-1", "0"].map(String::from).to_vec();
    let rows = vec![vec![(1, 1.0 / 3.0), (2, 0.1)], vec![(1, 0.0)], vec![]];
    let raw = Weights::from_rows(ids, rows, "swm");
    for w in [raw.clone(), raw.transform(Transform::Row).unwrap()] {
        let mut out = Vec::new();
        write(&w, &Origin::default(), &mut out).unwrap();
        assert_eq!(read(&out).unwrap(), w);
    }
    let part = raw.transform(Transform::Row).unwrap().select(&[0, 2]);
    let mut out = Vec::new();
    write(&part, &Origin::default(), &mut out).unwrap();
    let read = read(&out).unwrap();
    assert_eq!((read.row(0), read.transform), (part.row(0), Transform::Raw));
}

#[test]
fn keys_that_would_not_come_back_are_not_written() {
    for id in ["01001", "a", "1.0", "2147483648", "+1", "-0", "", " 1"] {
        let w = Weights::from_rows(vec![id.into()], vec![vec![]], "test");
        let refused = write(&w, &Origin::default(), &mut Vec::new()).unwrap_err();
        assert!(matches!(&refused, Error::Key { .. }), "{id}");
        assert!(refused.to_string().contains("write .gwt or .csv"), "{refused}");
    }
    let w = Weights::from_rows(vec![], vec![], "test");
    let origin = Origin { layer: "x", id_field: "a;b" };
    assert!(matches!(write(&w, &origin, &mut Vec::new()), Err(Error::Key { .. })));
}

#[test]
fn every_slip_is_an_error_with_its_byte() {
    assert!(matches!(read(b""), Err((0, Fault::Header { .. }))));
    assert!(matches!(read(b"POLYID\n\0\0\0\0"), Err((0, Fault::Header { .. }))));
    assert!(matches!(read(b"VERSION@10.1;FIXEDWEIGHTS@maybe\n"), Err((0, Fault::Header { .. }))));
    assert!(matches!(fault(&[]), (0, Fault::Shape { .. })));
    assert!(matches!(fault(&[I(-1), I(0)]), (0, Fault::Shape { .. })));
    assert!(matches!(fault(&[I(0), I(2)]), (4, Fault::Shape { .. })));
    assert!(matches!(fault(&[I(i32::MAX), I(0)]), (8, Fault::Shape { .. })));
    assert!(matches!(fault(&[I(1), I(0), I(1), I(-1)]), (12, Fault::Shape { .. })));
    assert!(matches!(fault(&[I(1), I(0), I(1), I(i32::MAX)]), (16, Fault::Shape { .. })));
    assert!(matches!(fault(&[I(1), I(0), I(1), I(0), I(9)]), (16, Fault::Shape { .. })));
    let twice = [I(2), I(0), I(1), I(0), I(1), I(0)];
    assert!(matches!(fault(&twice), (16, Fault::RepeatedRow { .. })));
    let unknown = [I(1), I(0), I(1), I(1), I(2), F(1.0), F(1.0)];
    assert!(matches!(fault(&unknown), (16, Fault::UnknownId { .. })));
    let twice = [I(1), I(0), I(1), I(2), I(1), I(1), F(1.0), F(1.0), F(2.0)];
    assert!(matches!(fault(&twice), (16, Fault::RepeatedLink { .. })));
    let no_number = [I(1), I(0), I(1), I(1), I(1), F(f64::NAN), F(1.0)];
    assert!(matches!(fault(&no_number), (20, Fault::Weight { .. })));
    let wrong_sum = [I(1), I(0), I(1), I(1), I(1), F(1.0), F(2.0)];
    assert!(matches!(fault(&wrong_sum), (28, Fault::Sum { .. })));
    let not_standardised = [I(1), I(1), I(1), I(1), I(1), F(0.5), F(0.5)];
    assert!(matches!(fault(&not_standardised), (28, Fault::Sum { .. })));
}
