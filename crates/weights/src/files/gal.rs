//! `.gal`: a header, then per unit a line `key count` and a line with the keys of its neighbours, empty
//! for a unit without any.

use std::collections::HashMap;
use std::io::Write;

use super::text::{self, At, key, words};
use super::{Origin, edges::reject_repeats};
use crate::{Error, Fault, Transform, Weights};

pub fn read(text: &str) -> At<Weights> {
    let mut lines = (1..).zip(text.lines());
    let n = text::header(lines.next().map(|(_, line)| line))?;
    let mut ids: Vec<&str> = Vec::new();
    let mut lists = Vec::new();
    let mut positions = HashMap::new();
    while let Some((at, line)) = lines.find(|(_, line)| !line.trim().is_empty()) {
        let (id, count) = head(line).map_err(|fault| (at, fault))?;
        if positions.insert(id, ids.len()).is_some() {
            return Err((at, Fault::RepeatedRow { id: id.to_owned() }));
        }
        // An island's empty line may be missing at the end of a file, but a row is one line.
        let (list_at, line) = match count {
            0 => lines.next().unwrap_or((at, "")),
            _ => lines.next().unwrap_or((at + 1, "")),
        };
        let list = words(line).map_err(|fault| (list_at, fault))?;
        if list.len() != count {
            let focal = id.to_owned();
            let fault = Fault::Count { focal, expected: count, found: list.len() };
            return Err((list_at, fault));
        }
        ids.push(id);
        lists.push((list_at, list));
    }
    if ids.len() != n {
        let line = text.lines().count().max(1) as u64;
        return Err((line, Fault::Units { expected: n, found: ids.len(), hint: "" }));
    }
    let rows = lists.into_iter().map(|(line, list)| {
        let links = list.into_iter().map(|id| match positions.get(id) {
            Some(&column) => Ok((crate::weights::index(column), 1.0, line)),
            None => Err((line, Fault::UnknownId { id: id.to_owned(), hint: "" })),
        });
        links.collect::<At<Vec<_>>>()
    });
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = reject_repeats(&ids, rows.collect::<At<_>>()?)?;
    let mut weights = Weights::from_rows(ids, rows, "gal");
    weights.transform = Transform::Binary;
    Ok(weights)
}

fn head(line: &str) -> Result<(&str, usize), Fault> {
    let fault =
        || Fault::Shape { expected: "a key and its number of neighbours", found: line.to_owned() };
    match words(line)?.as_slice() {
        [id, count] => Ok((id, count.parse().map_err(|_| fault())?)),
        _ => Err(fault()),
    }
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
