//! Lines of keys and numbers as GeoDa writes them.

use std::io::Write;

use super::Origin;
use crate::{Error, Fault, Weights};

/// What is wrong, and in which one-based line, or at which byte of a binary file.
pub type At<T> = Result<T, (u64, Fault)>;

/// The text of a file, a byte order mark removed.
pub fn decode(bytes: &[u8]) -> At<&str> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n');
        (before.count() as u64, Fault::NotText)
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The words of a line, split at white space outside quotation marks.
pub fn words(line: &str) -> Result<Vec<&str>, Fault> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"').ok_or(Fault::OpenQuote)?
        } else {
            rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()))
        };
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

/// The number of units from `n` or `0 n layer idfield`.
pub fn header(line: Option<&str>) -> At<usize> {
    let line = line.unwrap_or_default();
    let fault = || Fault::Header { expected: "`0 n layer idfield` or `n`", found: line.to_owned() };
    let words = words(line).map_err(|fault| (1, fault))?;
    let n = match words.as_slice() {
        [n] | ["0", n, ..] => n.parse().ok().filter(|&n: &usize| n > 0),
        _ => None,
    };
    n.ok_or_else(|| (1, fault()))
}

/// Writes `0 n layer idfield`.
pub fn write_header(weights: &Weights, origin: &Origin, out: &mut dyn Write) -> Result<(), Error> {
    // Names are for people; one that a header cannot hold must not keep the weights from being written.
    let name = |name: &str| key(name).unwrap_or_else(|_| "unknown".to_owned());
    let (layer, id_field) = (name(origin.layer), name(origin.id_field));
    writeln!(out, "0 {} {layer} {id_field}", weights.n_units())?;
    Ok(())
}

/// A key as a single word, in quotation marks when it is not one already.
pub fn key(id: &str) -> Result<String, Error> {
    let plain = !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || c == '"');
    if plain { Ok(id.to_owned()) } else { quoted(id) }
}

/// A key in quotation marks.
pub fn quoted(id: &str) -> Result<String, Error> {
    if id.contains(['"', '\n', '\r']) {
        return Err(Error::Key {
            id: id.to_owned(),
            needs: "only .csv keeps line breaks and quotation marks",
        });
    }
    Ok(format!("\"{id}\""))
}

/// The shortest text that reads back to the same number.
pub fn number(value: f64) -> String {
    let plain = value == 0.0 || (1e-5..1e16).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

/// A finite number.
pub fn parse_weight(word: &str) -> Result<f64, Fault> {
    let value = word.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    value.ok_or_else(|| Fault::Weight { found: word.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_keep_spaces_within_a_word() {
        assert_eq!(words(r#" a  "New York" "" 3"#), Ok(vec!["a", "New York", "", "3"]));
        assert_eq!(words(r#"a "b"#), Err(Fault::OpenQuote));
    }

    #[test]
    fn numbers_read_back_to_the_same_bits() {
        for value in [1.0, 0.1 + 0.2, 1e-300, f64::MIN_POSITIVE / 3.0, -1.5e20, 1.0 / 3.0, 0.0] {
            assert_eq!(parse_weight(&number(value)).map(f64::to_bits), Ok(value.to_bits()));
        }
        assert_eq!(number(1.0), "1");
        assert_eq!(number(2.5e-7), "2.5e-7");
    }

    #[test]
    fn both_headers_give_the_number_of_units() {
        assert_eq!(header(Some("0 49 columbus POLYID")), Ok(49));
        assert_eq!(header(Some("49")), Ok(49));
        for bad in [None, Some(""), Some("x"), Some("0 -1 a b"), Some("0"), Some("1 2 3")] {
            assert!(header(bad).is_err(), "{bad:?}");
        }
    }
}
