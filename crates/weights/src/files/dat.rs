//! `.dat`: one line `origin destination weight` per link, no header, as `SpaceStat` and LeSage's Matlab
//! toolbox have it.
//!
//! Matlab saves keys as numbers such as `12.0000` or `1.2000000e+01`. Where every key of a file is a
//! whole number with a decimal point and none stands in quotation marks, they are read as `12`; a key
//! that would be mistaken for one is written in quotation marks.

use std::io::Write;

use super::edges::{self, Edges};
use super::text::{At, key, number, quoted};
use crate::{Error, Weights};

pub fn read(text: &str) -> At<Weights> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let links = lines.map(|(at, line)| (at, edges::link(line).map_err(|fault| (at, fault))));
    let is_whole = |key: &str| matlab_integer(key).is_some();
    let matlab = !text.contains('"')
        && links
            .clone()
            .all(|(_, link)| link.is_ok_and(|(keys, _)| keys.iter().all(|k| is_whole(k))));
    let mut edges = Edges::default();
    for (at, link) in links {
        let (keys, weight) = link?;
        match keys.map(matlab_integer) {
            [Some(focal), Some(neighbor)] if matlab => edges.push(at, &focal, &neighbor, weight),
            _ => edges.push(at, keys[0], keys[1], weight),
        }
    }
    edges.assemble("dat")
}

/// The whole number that Matlab writes as `12.0000` or `1.2000000e+01`.
fn matlab_integer(key: &str) -> Option<String> {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    if !key.contains('.') {
        return None;
    }
    let value = key.parse::<f64>().ok()?;
    (value.fract() == 0.0 && value.abs() <= LARGEST_EXACT).then(|| format!("{value}"))
}

pub fn write(weights: &Weights, out: &mut dyn Write) -> Result<(), Error> {
    let word = |id: &String| if matlab_integer(id).is_some() { quoted(id) } else { key(id) };
    let keys = weights.ids().iter().map(word).collect::<Result<Vec<_>, _>>()?;
    for (i, j, weight) in edges::links(weights) {
        writeln!(out, "{} {} {}", keys[i], keys[j], number(weight))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fault;

    #[test]
    fn links_and_islands_are_read_without_a_header() {
        let w = read("\"New York\" b 0.25\r\nb \"New York\" 1\r\n\r\nc c 0\r\n").unwrap();
        assert_eq!(w.ids(), ["New York", "b", "c"]);
        assert_eq!((w.get(0, 1), w.get(1, 0)), (0.25, 1.0));
        assert_eq!((w.islands(), w.n_links()), (vec![2], 2));
    }

    #[test]
    fn matlabs_numbers_are_whole_keys() {
        let w = read("   2.0000   1.0000   0.5\n   1.0000   2.0000   0.25\n").unwrap();
        assert_eq!((w.ids(), w.get(0, 1)), (&["2".to_owned(), "1".to_owned()][..], 0.5));
        let w = read("1.0000000e+01 2.0 1\n2.0 1.0000000e+01 1\n").unwrap();
        assert_eq!(w.ids(), ["10", "2"]);
    }

    #[test]
    fn keys_with_a_decimal_point_stay_when_not_all_are_whole_or_one_is_quoted() {
        assert_eq!(read("1.0 2.5 1\n2.5 1.0 1\n").unwrap().ids(), ["1.0", "2.5"]);
        let ids = ["1.0", "2.0"].map(String::from).to_vec();
        let w = Weights::from_rows(ids.clone(), vec![vec![(1, 1.0)], vec![]], "test");
        let mut file = Vec::new();
        write(&w, &mut file).unwrap();
        assert_eq!(read(std::str::from_utf8(&file).unwrap()).unwrap().ids(), ids);
    }

    #[test]
    fn every_slip_is_an_error_with_its_line() {
        let fault = |text: &str| read(text).unwrap_err();
        assert!(matches!(fault("\n"), (1, Fault::Shape { .. })));
        assert!(matches!(fault("a b 1\nb a\n"), (2, Fault::Shape { .. })));
        assert!(matches!(fault("a b 1\nb a x\n"), (2, Fault::Weight { .. })));
        assert!(matches!(fault("a b 1\n"), (1, Fault::UnknownId { .. })));
        assert!(matches!(fault("a b 1\nb a 1\n\na b 2\n"), (4, Fault::RepeatedLink { .. })));
        assert!(matches!(fault("\"a b 1\n"), (1, Fault::OpenQuote)));
    }
}
