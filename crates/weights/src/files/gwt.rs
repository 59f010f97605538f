//! `.gwt`: a header, then one line `focal neighbor weight` per link.

use std::io::Write;

use super::Origin;
use super::edges::{self, ISLAND, Link};
use super::text::{self, At, key, number, parse_weight, words};
use crate::{Error, Fault, Weights};

pub fn read(text: &str) -> At<Weights> {
    let mut lines = (1..).zip(text.lines());
    let n = text::header(lines.next().map(|(_, line)| line))?;
    let links = lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| link(at, line).map_err(|fault| (at, fault)))
        .collect::<At<Vec<_>>>()?;
    let weights = edges::assemble(&links, "gwt")?;
    if weights.n_units() != n {
        let line = text.lines().count().max(1) as u64;
        let found = weights.n_units();
        return Err((line, Fault::Units { expected: n, found, hint: ISLAND }));
    }
    Ok(weights)
}

fn link(line: u64, text: &str) -> Result<Link<'_>, Fault> {
    match words(text)?.as_slice() {
        [focal, neighbor, weight] => {
            Ok(Link { line, focal, neighbor, weight: parse_weight(weight)? })
        }
        _ => Err(Fault::Shape {
            expected: "a key, the key of a neighbour and a weight",
            found: text.to_owned(),
        }),
    }
}

pub fn write(weights: &Weights, origin: &Origin, out: &mut dyn Write) -> Result<(), Error> {
    let keys = weights.ids().iter().map(|id| key(id)).collect::<Result<Vec<_>, _>>()?;
    text::write_header(weights, origin, out)?;
    for (i, j, weight) in edges::links(weights) {
        writeln!(out, "{} {} {}", keys[i], keys[j], number(weight))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_and_islands_are_read() {
        let w = read("0 3 x id\na b 0.25\nb a 1e-3\nc c 0\n").unwrap();
        assert_eq!((w.get(0, 1), w.get(1, 0)), (0.25, 0.001));
        assert_eq!(w.islands(), [2]);
        assert_eq!(w.n_links(), 2);
    }

    #[test]
    fn every_slip_is_an_error_with_its_line() {
        let fault = |text: &str| read(text).unwrap_err();
        assert!(matches!(fault("2\na b\n"), (2, Fault::Shape { .. })));
        assert!(matches!(fault("2\na b x\n"), (2, Fault::Weight { .. })));
        assert!(matches!(fault("2\na b NaN\n"), (2, Fault::Weight { .. })));
        assert!(matches!(fault("2\na b 1\nb a 1\na b 2\n"), (4, Fault::RepeatedLink { .. })));
        assert!(matches!(fault("2\na b 1\n"), (2, Fault::UnknownId { .. })));
        assert!(matches!(
            fault("3\na b 1\nb a 1\n"),
            (3, Fault::Units { expected: 3, found: 2, .. })
        ));
    }
}
