//! `.mtx`: Matrix Market. The keys stand in comment lines, which other programs pass over:
//!
//! ```text
//! %%MatrixMarket matrix coordinate real general
//! % keys of the rows, in order:
//! % "New York"
//! % "Ohio"
//! 2 2 1
//! 1 2 0.5
//! ```
//!
//! A file without them has the keys 1 to n.

use std::collections::HashSet;
use std::io::Write;

use super::edges::reject_repeats;
use super::text::{At, number, parse_weight, quoted, words};
use crate::weights::index;
use crate::{Error, Fault, Weights};

const KEYS: &str = "% keys of the rows, in order:";
/// A file without keys may say so many units however short it is; more need as many bytes.
const UNITS_UNPROVEN: usize = 1_000_000;

type Lines<'a> = std::iter::Zip<std::ops::RangeFrom<u64>, std::str::Lines<'a>>;

pub fn read(text: &str) -> At<Weights> {
    let mut lines = (1..).zip(text.lines());
    let banner = Banner::of(lines.next().map_or("", |(_, line)| line))?;
    let (keys, size_at, size) = preamble(&mut lines)?;
    let (n, entries) = banner.size(size, text.len()).map_err(|fault| (size_at, fault))?;
    let ids = match keys {
        None if n > UNITS_UNPROVEN.max(text.len()) => {
            let expected = "a number of units that the length of the file can hold";
            return Err((size_at, Fault::Shape { expected, found: size.to_owned() }));
        }
        None => (1..=n).map(|row| row.to_string()).collect(),
        Some(keys) if keys.len() != n => {
            let hint = " key(s) in its comments";
            return Err((size_at, Fault::Units { expected: n, found: keys.len(), hint }));
        }
        Some(keys) => keys,
    };
    let mut rows = vec![Vec::new(); n];
    let (mut found, mut last) = (0, size_at);
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        if found == entries {
            let expected = "no more entries than the size line says";
            return Err((at, Fault::Shape { expected, found: line.to_owned() }));
        }
        let entry = banner.entry(line, n, found).map_err(|fault| (at, fault))?;
        if let Some((row, column, weight)) = entry {
            rows[row].push((index(column), weight, at));
            if banner.symmetric && row != column {
                rows[column].push((index(row), weight, at));
            }
        }
        (found, last) = (found + 1, at);
    }
    if found != entries {
        let expected = "as many entries as the size line says";
        let found = format!("{found} of {entries}");
        return Err((last, Fault::Shape { expected, found }));
    }
    Ok(Weights::from_rows(ids.clone(), reject_repeats(&ids, rows)?, "mtx"))
}

/// The keys, if there are any, and the size line with its number.
fn preamble<'a>(lines: &mut Lines<'a>) -> At<(Option<Vec<String>>, u64, &'a str)> {
    let mut keys: Option<Vec<String>> = None;
    let mut seen = HashSet::new();
    let mut last = 1;
    for (at, line) in lines {
        last = at;
        let line = line.trim();
        match (line.strip_prefix('%'), &mut keys) {
            (None, _) if line.is_empty() => {}
            (None, _) => return Ok((keys, at, line)),
            (Some(_), None) if line == KEYS => keys = Some(Vec::new()),
            (Some(_), None) => {}
            (Some(comment), Some(keys)) => {
                let fault = || Fault::Shape {
                    expected: "a key in quotation marks",
                    found: line.to_owned(),
                };
                let is_quoted = comment.trim_start().starts_with('"');
                let key = match words(comment).map_err(|fault| (at, fault))?.as_slice() {
                    [key] if is_quoted => (*key).to_owned(),
                    _ => return Err((at, fault())),
                };
                if !seen.insert(key.clone()) {
                    return Err((at, Fault::RepeatedRow { id: key }));
                }
                keys.push(key);
            }
        }
    }
    let found = "the end of the file".to_owned();
    Err((last, Fault::Shape { expected: "the numbers of rows, columns and entries", found }))
}

/// What the first line says.
struct Banner {
    dense: bool,
    field: Field,
    symmetric: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Field {
    Real,
    Integer,
    Pattern,
}

impl Banner {
    fn of(line: &str) -> At<Self> {
        let lower = line.to_ascii_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let refuse = |expected| {
            let found = line.chars().take(80).collect();
            Err((1, Fault::Header { expected, found }))
        };
        let ["%%matrixmarket", "matrix", format, field, symmetry] = words.as_slice() else {
            return refuse("`%%MatrixMarket matrix coordinate real general` or the like");
        };
        let dense = match *format {
            "coordinate" => false,
            "array" => true,
            _ => return refuse("of a `coordinate` or `array` matrix"),
        };
        let field = match *field {
            "real" => Field::Real,
            "integer" => Field::Integer,
            "pattern" if !dense => Field::Pattern,
            _ => {
                return refuse(
                    "of `real`, `integer` or (coordinate) `pattern` entries: weights are real numbers",
                );
            }
        };
        let symmetric = match *symmetry {
            "general" => false,
            "symmetric" if !dense => true,
            "symmetric" => return refuse("`array … general`: full matrices are read only whole"),
            _ => {
                return refuse(
                    "`general` or `symmetric`: weights have no opposite or complex twins",
                );
            }
        };
        Ok(Self { dense, field, symmetric })
    }

    /// The numbers of units and of entries; `bytes` bounds what the file can hold.
    fn size(&self, line: &str, bytes: usize) -> Result<(usize, usize), Fault> {
        let numbers: Option<Vec<usize>> =
            line.split_whitespace().map(|word| word.parse().ok()).collect();
        let fault = |expected| Fault::Shape { expected, found: line.to_owned() };
        let (rows, columns, entries) = match (self.dense, numbers.as_deref()) {
            (false, Some(&[rows, columns, entries])) => (rows, columns, entries),
            (true, Some(&[rows, columns])) => (rows, columns, rows.saturating_mul(columns)),
            (false, _) => return Err(fault("the numbers of rows, columns and entries")),
            (true, _) => return Err(fault("the numbers of rows and columns")),
        };
        if rows != columns {
            return Err(fault("a square matrix: weights have as many rows as columns"));
        }
        if entries > bytes || u32::try_from(rows).is_err() {
            return Err(fault("a size that the length of the file can hold"));
        }
        Ok((rows, entries))
    }

    /// Row, column and weight of the entry `line`, the `at`th; none for a zero of a full matrix.
    fn entry(&self, line: &str, n: usize, at: usize) -> Result<Option<(usize, usize, f64)>, Fault> {
        let fault = |expected| Fault::Shape { expected, found: line.to_owned() };
        let mut words = line.split_ascii_whitespace();
        let mut words = [(); 4].map(|()| words.next());
        if self.dense {
            let [Some(weight), None, ..] = words else { return Err(fault("one weight a line")) };
            let weight = self.weight(weight)?;
            // Full matrices are stored column by column.
            return Ok((weight != 0.0).then_some((at % n, at / n, weight)));
        }
        if self.field == Field::Pattern && words[2].is_none() {
            words[2] = Some("1");
        } else if self.field == Field::Pattern {
            return Err(fault("a row and a column"));
        }
        let [Some(row), Some(column), Some(weight), None] = words else {
            return Err(fault("a row, a column and a weight"));
        };
        let position = |word: &str| {
            let position = word.parse().ok().filter(|at| (1..=n).contains(at));
            position.map(|at: usize| at - 1)
        };
        let (Some(row), Some(column)) = (position(row), position(column)) else {
            return Err(fault("a row and a column from 1 to the number of units"));
        };
        if self.symmetric && column > row {
            return Err(fault("an entry on or below the diagonal, as the matrix is symmetric"));
        }
        Ok(Some((row, column, self.weight(weight)?)))
    }

    fn weight(&self, word: &str) -> Result<f64, Fault> {
        if self.field == Field::Integer && word.parse::<i64>().is_err() {
            return Err(Fault::Shape { expected: "a whole number", found: word.to_owned() });
        }
        parse_weight(word)
    }
}

pub fn write(weights: &Weights, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "%%MatrixMarket matrix coordinate real general\n{KEYS}")?;
    for id in weights.ids() {
        writeln!(out, "% {}", quoted(id)?)?;
    }
    let n = weights.n_units();
    writeln!(out, "{n} {n} {}", weights.n_links())?;
    for i in 0..n {
        let (columns, values) = weights.row(i);
        for (&j, &weight) in columns.iter().zip(values) {
            writeln!(out, "{} {} {}", i + 1, j + 1, number(weight))?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "mtx_tests.rs"]
mod tests;
