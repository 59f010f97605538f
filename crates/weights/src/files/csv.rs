//! `.csv`: `focal,neighbor,weight` with a header, as PySAL's `Graph.to_adjacency` writes it. Any other
//! header is read as that of a full matrix.

use std::io::Write;

use ::csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Writer};

use super::edges::{self, Edges};
use super::text::{At, number, parse_weight};
use super::wide_csv;
use crate::{Error, Fault, Weights};

pub fn read(text: &str) -> At<Weights> {
    let mut reader = reader(text);
    let header = reader.headers().map_err(fault)?;
    let Some(columns) = columns(header) else {
        return wide_csv::read(text);
    };
    let mut edges = Edges::default();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(fault)? {
        let line = line(&record);
        let [focal, neighbor, weight] = columns.map(|at| &record[at]);
        let weight = parse_weight(weight).map_err(|fault| (line, fault))?;
        edges.push(line, focal, neighbor, weight);
    }
    edges.assemble("csv")
}

/// Records with as many fields as the header.
pub fn reader(text: &str) -> Reader<&[u8]> {
    ReaderBuilder::new().from_reader(text.as_bytes())
}

/// Where a record starts.
pub fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, ::csv::Position::line)
}

/// Where the three columns stand; other columns are ignored.
fn columns(header: &StringRecord) -> Option<[usize; 3]> {
    let position = |names: &[&str]| {
        let is_one = |field: &str| names.iter().any(|name| field.trim().eq_ignore_ascii_case(name));
        header.iter().position(is_one)
    };
    let names = [&["focal"][..], &["neighbor", "neighbour"], &["weight"]];
    let [Some(focal), Some(neighbor), Some(weight)] = names.map(position) else { return None };
    Some([focal, neighbor, weight])
}

pub fn fault(error: ::csv::Error) -> (u64, Fault) {
    match error.into_kind() {
        ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.map_or(0, |pos| pos.line());
            let (expected, found) =
                ("as many fields as the header", format!("{len} of {expected_len}"));
            (line, Fault::Shape { expected, found })
        }
        ErrorKind::Utf8 { pos, .. } => (pos.map_or(0, |pos| pos.line()), Fault::NotText),
        other => (0, Fault::Shape { expected: "a table", found: format!("{other:?}") }),
    }
}

pub fn write(weights: &Weights, out: &mut dyn Write) -> Result<(), Error> {
    let mut writer = Writer::from_writer(out);
    let ids = weights.ids();
    let mut record = |fields: [&str; 3]| writer.write_record(fields).map_err(std::io::Error::from);
    record(["focal", "neighbor", "weight"])?;
    for (i, j, weight) in edges::links(weights) {
        record([&ids[i], &ids[j], &number(weight)])?;
    }
    Ok(writer.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_may_have_any_case_order_and_british_spelling() {
        let w = read("Weight,FOCAL,Neighbour,note\n0.5,a,b,x\n1,b,a,\n").unwrap();
        assert_eq!((w.get(0, 1), w.get(1, 0)), (0.5, 1.0));
    }

    #[test]
    fn a_single_self_link_of_weight_zero_is_an_island_and_other_self_links_stay() {
        let w = read("focal,neighbor,weight\na,a,0\nb,b,1\nc,c,0\nc,b,2\n").unwrap();
        assert_eq!(w.row(0).0.len(), 0);
        assert_eq!((w.get(1, 1), w.row(2).0.len()), (1.0, 2));
    }

    #[test]
    fn every_slip_is_an_error_with_its_line() {
        let fault = |text: &str| read(text).unwrap_err();
        assert!(matches!(fault("a,b,1\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("focal,neighbor,weight\na,b\n"), (2, Fault::Shape { .. })));
        assert!(matches!(fault("focal,neighbor,weight\na,b,one\n"), (2, Fault::Weight { .. })));
        assert!(matches!(
            fault("focal,neighbor,weight\n\"a\nx\",b,1\nb,q,1\n"),
            (4, Fault::UnknownId { .. })
        ));
        let repeated = "focal,neighbor,weight\na,b,1\nb,a,1\nb,a,1\n";
        assert!(matches!(fault(repeated), (4, Fault::RepeatedLink { .. })));
    }
}
