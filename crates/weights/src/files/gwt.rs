//! `.gwt`: a header, then one line `focal neighbor weight` per link.

use std::io::Write;

use super::Origin;
use super::edges::{self, Edges, ISLAND};
use super::text::{self, At, key, number};
use crate::{Error, Fault, Weights};

pub fn read(text: &str) -> At<Weights> {
    let mut lines = (1..).zip(text.lines());
    let n = text::header(lines.next().map(|(_, line)| line))?;
    let mut edges = Edges::default();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let ([focal, neighbor], weight) = edges::link(line).map_err(|fault| (at, fault))?;
        edges.push(at, focal, neighbor, weight);
    }
    let weights = edges.assemble("gwt")?;
    if weights.n_units() != n {
        let line = text.lines().count().max(1) as u64;
        let found = weights.n_units();
        return Err((line, Fault::Units { expected: n, found, hint: ISLAND }));
    }
    Ok(weights)
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
