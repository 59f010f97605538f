//! `.gal`: a header, then per unit a line `key count` and a line with the keys of its neighbours, empty
//! for a unit without any.

use std::collections::HashMap;
use std::io::Write;

use super::text::{self, At, key, words};
use super::{Origin, edges::reject_repeats};
use crate::{Error, Fault, Transform, Weights};

/// Keys with spaces may stand without quotation marks, as libpysal writes them; where that leaves more than one
/// reading, or none, the fault is that of a file of single words.
pub fn read(text: &str) -> At<Weights> {
    parse(text, Keys::Words).or_else(|fault| {
        parse(text, Keys::Spaced).map_err(|(line, spaced)| match spaced {
            Fault::Ambiguous { .. } => (line, spaced),
            _ => fault,
        })
    })
}

/// How keys stand in a file.
#[derive(Clone, Copy)]
enum Keys {
    /// As single words or in quotation marks.
    Words,
    /// With spaces of their own, told apart by what all keys are.
    Spaced,
}

type Rows<'a> = HashMap<&'a str, usize>;

fn parse(text: &str, keys: Keys) -> At<Weights> {
    let mut lines = (1..).zip(text.lines());
    let n = text::header(lines.next().map(|(_, line)| line))?;
    let mut ids: Vec<&str> = Vec::new();
    let mut lists = Vec::new();
    let mut positions = Rows::new();
    while let Some((at, line)) = lines.find(|(_, line)| !line.trim().is_empty()) {
        let (id, count) = keys.head(line).map_err(|fault| (at, fault))?;
        if positions.insert(id, ids.len()).is_some() {
            return Err((at, Fault::RepeatedRow { id: id.to_owned() }));
        }
        // An island's empty line may be missing at the end of a file, but a row is one line.
        let (list_at, list) = match count {
            0 => lines.next().unwrap_or((at, "")),
            _ => lines.next().unwrap_or((at + 1, "")),
        };
        if let Keys::Words = keys {
            let found = words(list).map_err(|fault| (list_at, fault))?.len();
            if found != count {
                let focal = id.to_owned();
                return Err((list_at, Fault::Count { focal, expected: count, found }));
            }
        }
        ids.push(id);
        lists.push((list_at, list, count));
    }
    if ids.len() != n {
        let line = text.lines().count().max(1) as u64;
        return Err((line, Fault::Units { expected: n, found: ids.len(), hint: "" }));
    }
    let rows = lists.into_iter().map(|(line, list, count)| {
        let list = keys.list(list, count, &positions).map_err(|fault| (line, fault))?;
        let links = list.into_iter().map(|id| match positions.get(id) {
            Some(&column) => Ok((crate::weights::index(column), 1.0, line)),
            None => Err((line, Fault::UnknownId { id: id.to_owned(), hint: "" })),
        });
        links.collect::<At<Vec<_>>>()
    });
    let rows = rows.collect::<At<_>>()?;
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = reject_repeats(&ids, rows)?;
    let mut weights = Weights::from_rows(ids, rows, "gal");
    weights.transform = Transform::Binary;
    Ok(weights)
}

impl Keys {
    /// The key and the number of neighbours in a unit's first line.
    fn head(self, line: &str) -> Result<(&str, usize), Fault> {
        let fault = || Fault::Shape {
            expected: "a key and its number of neighbours",
            found: line.to_owned(),
        };
        let (id, count) = match self {
            Self::Words => match words(line)?.as_slice() {
                [id, count] => (*id, *count),
                _ => return Err(fault()),
            },
            Self::Spaced => line.trim().rsplit_once(char::is_whitespace).ok_or_else(fault)?,
        };
        Ok((id.trim_end(), count.parse().map_err(|_| fault())?))
    }

    /// The `count` keys in a unit's second line.
    fn list<'a>(self, line: &'a str, count: usize, rows: &Rows) -> Result<Vec<&'a str>, Fault> {
        match self {
            Self::Words => words(line),
            Self::Spaced => cut(line, count, rows),
        }
    }
}

/// The one way of cutting a line into `count` known keys.
fn cut<'a>(line: &'a str, count: usize, rows: &Rows) -> Result<Vec<&'a str>, Fault> {
    let start = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    let spans: Vec<_> =
        line.split_whitespace().map(|word| (start(word), start(word) + word.len())).collect();
    let longest = rows.keys().map(|key| key.split_whitespace().count()).max().unwrap_or(1);
    let key = |from: usize, to: usize| &line[spans[from].0..spans[to - 1].1];
    // For every number of words from the start, by how many keys they can be and where the last of those begins;
    // no start where there are two ways.
    let mut ways = vec![HashMap::from([(0, Some(0))])];
    for to in 1..=spans.len() {
        let mut here = HashMap::new();
        for (from, before) in ways.iter().enumerate().skip(to.saturating_sub(longest)) {
            if rows.contains_key(key(from, to)) {
                for (keys, way) in before {
                    let unique = way.map(|_| from);
                    here.entry(keys + 1).and_modify(|way| *way = None).or_insert(unique);
                }
            }
        }
        ways.push(here);
    }
    let no_way = || Fault::Shape { expected: "keys of this file", found: line.to_owned() };
    let mut keys = Vec::with_capacity(count);
    let mut to = spans.len();
    for left in (1..=count).rev() {
        let from = match ways[to].get(&left) {
            Some(Some(from)) => *from,
            Some(None) => return Err(Fault::Ambiguous { found: line.to_owned() }),
            None => return Err(no_way()),
        };
        keys.push(key(from, to));
        to = from;
    }
    keys.reverse();
    if to == 0 { Ok(keys) } else { Err(no_way()) }
}

pub fn write(weights: &Weights, origin: &Origin, out: &mut dyn Write) -> Result<(), Error> {
    let keys = weights.ids().iter().map(|id| key(id)).collect::<Result<Vec<_>, _>>()?;
    text::write_header(weights, origin, out)?;
    for (i, focal) in keys.iter().enumerate() {
        let (columns, values) = weights.row(i);
        let is_one = |value: f64| value.to_bits() == 1.0_f64.to_bits();
        if let Some(at) = values.iter().position(|&value| !is_one(value)) {
            return Err(Error::OnlyBinary {
                focal: weights.ids()[i].clone(),
                neighbor: weights.ids()[columns[at] as usize].clone(),
                weight: values[at],
            });
        }
        writeln!(out, "{focal} {}", columns.len())?;
        for (at, &j) in columns.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(out, "{space}{}", keys[j as usize])?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (u64, Fault) {
        read(text).unwrap_err()
    }

    #[test]
    fn geodas_header_islands_and_keys_with_spaces_are_read() {
        let w = read(
            "0 3 states \"STATE NAME\"\nOhio 1\n\"New York\"\n\"New York\" 1\nOhio\nHawaii 0\n\n",
        )
        .unwrap();
        assert_eq!(w.ids(), ["Ohio", "New York", "Hawaii"]);
        assert_eq!((w.get(0, 1), w.get(1, 0)), (1.0, 1.0));
        assert_eq!(w.islands(), [2]);
    }

    #[test]
    fn keys_with_spaces_may_stand_as_libpysal_writes_them() {
        let w =
            read("3\nNew York 1\nNew Jersey\nNew Jersey 2\nNew York Ohio\nOhio 1\nNew Jersey\n")
                .unwrap();
        assert_eq!(w.ids(), ["New York", "New Jersey", "Ohio"]);
        assert_eq!((w.get(0, 1), w.get(1, 0), w.get(1, 2), w.get(2, 1)), (1.0, 1.0, 1.0, 1.0));
        assert_eq!(w.n_links(), 4);
    }

    #[test]
    fn keys_that_can_be_cut_in_two_ways_are_not_guessed() {
        let two_ways = "4\na 0\n\nb a 0\n\na b 0\n\nb 2\na b a\n";
        assert!(matches!(fault(two_ways), (9, Fault::Ambiguous { .. })));
        let one_way = "4\na 0\n\nb a 0\n\na b 0\n\nb 2\na b b a\n";
        assert_eq!(read(one_way).unwrap().row(3).0, [1, 2]);
    }

    #[test]
    fn a_fault_among_spaced_keys_is_told_where_the_words_stop_fitting() {
        assert!(matches!(fault("2\nNew York 1\nNowhere\nOhio 0\n"), (2, Fault::Shape { .. })));
    }

    #[test]
    fn the_old_header_is_a_single_number() {
        assert_eq!(read("2\n1 1\n2\n2 1\n1").unwrap().n_links(), 2);
    }

    #[test]
    fn every_slip_is_an_error_with_its_line() {
        assert!(matches!(fault("x\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("2\n1 -1\n2\n2 1\n1"), (2, Fault::Shape { .. })));
        assert!(matches!(
            fault("2\n1 2\n2\n2 1\n1"),
            (3, Fault::Count { expected: 2, found: 1, .. })
        ));
        assert!(matches!(fault("2\n1 0\n2\n2 1\n1"), (3, Fault::Count { expected: 0, .. })));
        assert!(
            matches!(fault("2\n1 1\n9\n2 1\n1"), (3, Fault::UnknownId { id, .. }) if id == "9")
        );
        assert!(matches!(fault("2\n1 2\n2 2\n2 1\n1"), (3, Fault::RepeatedLink { .. })));
        assert!(matches!(fault("2\n1 0\n\n1 0\n\n"), (4, Fault::RepeatedRow { .. })));
        assert!(matches!(fault("2\n1 0\n\n"), (3, Fault::Units { expected: 2, found: 1, .. })));
        assert!(matches!(fault("2\n1 1\n2\n2 1\n"), (5, Fault::Count { found: 0, .. })));
        assert!(matches!(fault(""), (1, Fault::Header { .. })));
    }

    #[test]
    fn weights_other_than_one_are_not_silently_lost() {
        let w = Weights::from_rows(vec!["a".into()], vec![vec![(0, 0.5)]], "test");
        let error = write(&w, &Origin::default(), &mut Vec::new()).unwrap_err();
        assert!(matches!(error, Error::OnlyBinary { weight, .. } if weight < 1.0));
    }
}
