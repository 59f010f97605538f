use super::*;

const GENERAL: &str = "%%MatrixMarket matrix coordinate real general\n";

fn fault(text: &str) -> (u64, Fault) {
    read(text).unwrap_err()
}

fn body_fault(body: &str) -> (u64, Fault) {
    fault(&format!("{GENERAL}{body}"))
}

#[test]
fn keys_come_back_from_comments_and_are_numbers_without_them() {
    let ids = ["New York", "", "01"].map(String::from).to_vec();
    let w = Weights::from_rows(ids, vec![vec![(2, 0.5)], vec![], vec![(2, 0.0)]], "mtx");
    let mut file = Vec::new();
    write(&w, &mut file).unwrap();
    assert_eq!(read(std::str::from_utf8(&file).unwrap()).unwrap(), w);
    let w = read(&format!("{GENERAL}% a comment\r\n\r\n3 3 1\r\n1 3 2.5\r\n")).unwrap();
    assert_eq!((w.ids().concat(), w.get(0, 2), w.n_links()), ("123".into(), 2.5, 1));
}

#[test]
fn symmetric_pattern_integer_and_full_matrices_are_read() {
    let w = read("%%MatrixMarket MATRIX coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n").unwrap();
    assert_eq!((w.get(0, 1), w.get(1, 0), w.get(2, 2), w.n_links()), (1.0, 1.0, 1.0, 3));
    let w = read("%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 2 -3\n").unwrap();
    assert_eq!(w.get(0, 1).to_bits(), (-3.0_f64).to_bits());
    let w = read("%%MatrixMarket matrix array real general\n2 2\n0\n3\n2\n0\n").unwrap();
    assert_eq!((w.get(1, 0), w.get(0, 1), w.n_links()), (3.0, 2.0, 2));
}

#[test]
fn matrices_that_are_no_weights_are_refused_with_the_reason() {
    let header = |rest: &str| fault(&format!("%%MatrixMarket matrix {rest}\n1 1 0\n"));
    for rest in [
        "coordinate complex general",
        "coordinate real skew-symmetric",
        "coordinate complex hermitian",
        "array pattern general",
        "array real symmetric",
        "sparse real general",
        "coordinate real",
    ] {
        assert!(matches!(header(rest), (1, Fault::Header { .. })), "{rest}");
    }
    let (line, fault) = body_fault("2 3 0\n");
    assert_eq!(line, 2);
    assert!(fault.to_string().contains("square"), "{fault}");
}

#[test]
fn a_hostile_size_is_refused_before_anything_is_reserved() {
    assert!(matches!(body_fault("4000000000 4000000000 0\n"), (2, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 18446744073709551615\n"), (2, Fault::Shape { .. })));
    assert!(matches!(body_fault("18446744073709551615 18446744073709551615 0\n"), (2, _)));
    let dense = "%%MatrixMarket matrix array real general\n4294967296 4294967296\n";
    assert!(matches!(fault(dense), (2, Fault::Shape { .. })));
}

#[test]
fn every_slip_is_an_error_with_its_line() {
    assert!(matches!(fault(""), (1, Fault::Header { .. })));
    assert!(matches!(body_fault("% only comments\n"), (2, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2\n"), (2, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 -1\n"), (2, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 1\n0 1 1\n"), (3, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 1\n1 3 1\n"), (3, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 1\n1 2\n"), (3, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 1\n1 2 1 1\n"), (3, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 1\n1 2 inf\n"), (3, Fault::Weight { .. })));
    assert!(matches!(body_fault("2 2 2\n1 2 1\n"), (3, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 1\n1 2 1\n2 1 1\n"), (4, Fault::Shape { .. })));
    assert!(matches!(body_fault("2 2 2\n1 2 1\n1 2 1\n"), (4, Fault::RepeatedLink { .. })));
    let keys = |keys: &str| body_fault(&format!("{KEYS}\n{keys}2 2 0\n"));
    assert!(matches!(keys("% \"a\"\n"), (4, Fault::Units { expected: 2, found: 1, .. })));
    assert!(matches!(keys("% \"a\"\n% \"a\"\n"), (4, Fault::RepeatedRow { .. })));
    assert!(matches!(keys("% \"a\"\n% b\n"), (4, Fault::Shape { .. })));
    assert!(matches!(keys("% \"a\"\n% \"b\n"), (4, Fault::OpenQuote)));
    let symmetric = "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n";
    assert!(matches!(fault(symmetric), (3, Fault::Shape { .. })));
    let integer = "%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 2 1.5\n";
    assert!(matches!(fault(integer), (3, Fault::Shape { .. })));
    let pattern = "%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2 1\n";
    assert!(matches!(fault(pattern), (3, Fault::Shape { .. })));
}
