//! `.txt`: the text that Stata's `spmatrix export` writes and `spmatrix import` reads. The number of
//! units stands in the first line; then comes one line a unit, its key and its n weights.

use std::io::Write;

use super::full::{self, Rows};
use super::text::{At, parse_weight, words};
use crate::{Error, Fault, Weights};

pub fn read(text: &str) -> At<Weights> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let (at, first) = lines.next().unwrap_or((1, ""));
    let n: usize = first.trim().parse().map_err(|_| {
        let found = first.chars().take(60).collect();
        (at, Fault::Header { expected: "of Stata's spmatrix export: the number of units", found })
    })?;
    let mut rows = Rows::default();
    let mut last = at;
    for (at, line) in lines {
        let words = words(line).map_err(|fault| (at, fault))?;
        let Some((id, row)) = words.split_first().filter(|(_, row)| row.len() == n) else {
            let found = format!("{} words for n = {n}", words.len());
            return Err((at, Fault::Shape { expected: "a key and n weights", found }));
        };
        rows.push(at, id, row.iter().map(|word| parse_weight(word)))?;
        last = at;
    }
    if rows.len() != n {
        return Err((last, Fault::Units { expected: n, found: rows.len(), hint: "" }));
    }
    Ok(rows.assemble("txt"))
}

/// Whether Stata reads `id` as a number that is written the same way.
fn is_stata_integer(id: &str) -> bool {
    const LARGEST_EXACT: u64 = 1 << 53;
    let value = id.parse::<i64>().ok();
    value.is_some_and(|value| value.unsigned_abs() <= LARGEST_EXACT && value.to_string() == id)
}

pub fn write(weights: &Weights, out: &mut dyn Write) -> Result<(), Error> {
    if let Some(id) = weights.ids().iter().find(|id| !is_stata_integer(id)) {
        let needs = "Stata's spmatrix import takes whole numbers up to 2⁵³ without leading zeros: \
                     write .csv, wide or not, or choose such a key with --id";
        return Err(Error::Key { id: id.clone(), needs });
    }
    writeln!(out, "{}", weights.n_units())?;
    for (i, id) in weights.ids().iter().enumerate() {
        write!(out, "{id}")?;
        for weight in full::row(weights, i) {
            write!(out, " {weight}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_read_row_by_row() {
        let w = read("3\n20029 0 .25 1e-3\n33003 .5 0 0\r\n41021 0 0 0\n").unwrap();
        assert_eq!(w.ids(), ["20029", "33003", "41021"]);
        assert_eq!((w.get(0, 1), w.get(0, 2), w.get(1, 0)), (0.25, 0.001, 0.5));
        assert_eq!((w.islands(), w.n_links()), (vec![2], 3));
    }

    #[test]
    fn keys_that_stata_would_change_are_not_written() {
        for id in ["a", "01001", "1.5", "9007199254740993", "", "+1"] {
            let w = Weights::from_rows(vec![id.into()], vec![vec![]], "test");
            assert!(matches!(write(&w, &mut Vec::new()), Err(Error::Key { .. })), "{id}");
        }
    }

    #[test]
    fn every_slip_is_an_error_with_its_line() {
        let fault = |text: &str| read(text).unwrap_err();
        assert!(matches!(fault(""), (1, Fault::Header { .. })));
        assert!(matches!(fault("2 0 1\n1 0 1\n2 1 0\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("-2\n1 0 1\n2 1 0\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("2\n1 0 1\n"), (2, Fault::Units { expected: 2, found: 1, .. })));
        assert!(matches!(fault("2\n1 0 1\n2 1\n"), (3, Fault::Shape { .. })));
        assert!(matches!(fault("2\n1 0 1\n2 1 0\n3 1 0\n"), (4, Fault::Units { found: 3, .. })));
        assert!(matches!(fault("2\n1 0 1\n1 1 0\n"), (3, Fault::RepeatedRow { .. })));
        assert!(matches!(fault("2\n1 0 .\n2 1 0\n"), (2, Fault::Weight { .. })));
    }
}
