//! Wide `.csv`: a full matrix with one row a unit, its key in the first column. The other columns are
//! called `w1` to `wn`, in the order of the rows, which `import delimited` of Stata keeps as names of
//! variables; files whose columns are called by the keys of the rows, in any order, are read as well.

use std::collections::HashMap;
use std::io::Write;

use ::csv::{StringRecord, Writer};

use super::Origin;
use super::csv::{fault, line, reader};
use super::full::{self, Rows};
use super::text::{At, parse_weight};
use crate::{Error, Fault, Weights};

/// The variables of a data set in Stata/SE, the key among them.
const STATA_VARIABLES: usize = 32_767;
/// The variables' names in Stata have at most that many characters.
const STATA_NAME: usize = 32;

const HEADER: &str = "with columns `focal`, `neighbor` and `weight`, or that of a full matrix: \
                      the key, then w1 to wn or the keys of the rows";

pub fn read(text: &str) -> At<Weights> {
    let (order, names) = column_order(text)?;
    let mut reader = reader(text);
    let mut rows = Rows::default();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(fault)? {
        let row = order.iter().map(|&at| parse_weight(&record[at]));
        rows.push(line(&record), &record[0], row)?;
    }
    if rows.len() != order.len() {
        let last = text.lines().count().max(1) as u64;
        let found = rows.len();
        return Err((last, Fault::Units { expected: order.len(), found, hint: names.hint() }));
    }
    Ok(rows.assemble("csv"))
}

enum Names {
    Numbered,
    Keys,
}

impl Names {
    fn hint(&self) -> &'static str {
        match self {
            Self::Numbered => "; a full matrix has as many rows as columns of weights",
            Self::Keys => "",
        }
    }
}

/// Which field holds the weight for each unit in the order of the rows.
fn column_order(text: &str) -> At<(Vec<usize>, Names)> {
    let mut reader = reader(text);
    let header = reader.headers().map_err(fault)?.clone();
    let fields: Vec<&str> = header.iter().skip(1).map(str::trim).collect();
    let numbered = !fields.is_empty() && (1..).zip(&fields).all(|(at, name)| is_numbered(name, at));
    let mut keys = Vec::new();
    let mut record = StringRecord::new();
    while keys.len() <= fields.len() && reader.read_record(&mut record).map_err(fault)? {
        keys.push(record[0].to_owned());
    }
    let by_name = by_name(&fields, &keys);
    let in_order: Vec<usize> = (1..=fields.len()).collect();
    match by_name {
        Some(order) if !numbered || order == in_order => Ok((order, Names::Keys)),
        None if numbered => Ok((in_order, Names::Numbered)),
        found => {
            let expected = if found.is_some() {
                "of columns in the order of the rows where the keys are w1 to wn"
            } else {
                HEADER
            };
            let mut found = header.iter().take(8).collect::<Vec<_>>().join(",");
            if header.len() > 8 {
                found.push_str(",…");
            }
            Err((1, Fault::Header { expected, found }))
        }
    }
}

fn is_numbered(name: &str, at: usize) -> bool {
    let number = name.strip_prefix(['w', 'W']);
    number.is_some_and(|number| number == at.to_string())
}

/// The field of every key, if the names of the columns are the keys of the rows.
fn by_name(fields: &[&str], keys: &[String]) -> Option<Vec<usize>> {
    let at: HashMap<&str, usize> = fields.iter().copied().zip(1..).collect();
    let is_one_each = at.len() == fields.len() && keys.len() == fields.len() && !keys.is_empty();
    if !is_one_each {
        return None;
    }
    keys.iter().map(|key| at.get(key.trim()).copied()).collect()
}

pub fn write(weights: &Weights, origin: &Origin, out: &mut dyn Write) -> Result<(), Error> {
    let n = weights.n_units();
    if n >= STATA_VARIABLES {
        return Err(Error::TooWide { n, limit: STATA_VARIABLES - 1 });
    }
    let names: Vec<String> = (1..=n).map(|at| format!("w{at}")).collect();
    let fields: Vec<&str> = names.iter().map(String::as_str).collect();
    if by_name(&fields, weights.ids()).is_some_and(|order| !order.is_sorted()) {
        let needs = "keys w1 to wn in another order than the rows cannot be told from the names of \
                     the columns: write .gwt or .csv that is not wide";
        return Err(Error::Key { id: weights.ids()[0].clone(), needs });
    }
    let mut writer = Writer::from_writer(out);
    let header = std::iter::once(key_name(origin)).chain(fields);
    writer.write_record(header).map_err(std::io::Error::from)?;
    for (i, id) in weights.ids().iter().enumerate() {
        writer.write_field(id).map_err(std::io::Error::from)?;
        for weight in full::row(weights, i) {
            writer.write_field(weight).map_err(std::io::Error::from)?;
        }
        writer.write_record(None::<&[u8]>).map_err(std::io::Error::from)?;
    }
    Ok(writer.flush()?)
}

/// The name of the key's column: that of its field if Stata takes it, else `id`.
fn key_name<'a>(origin: &Origin<'a>) -> &'a str {
    let name = origin.id_field;
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let starts_well = name.starts_with(|c: char| !c.is_ascii_digit()) && name.len() <= STATA_NAME;
    let number = name.strip_prefix(['w', 'W']).unwrap_or(name);
    let clashes = number.chars().all(|c| c.is_ascii_digit());
    let is_known = name != Origin::default().id_field;
    if is_word && starts_well && !clashes && is_known { name } else { "id" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(weights: &Weights, id_field: &str) -> String {
        let mut out = Vec::new();
        write(weights, &Origin { layer: "x", id_field }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn pair(ids: [&str; 2]) -> Weights {
        Weights::from_rows(ids.map(String::from).to_vec(), vec![vec![(1, 0.5)], vec![]], "test")
    }

    #[test]
    fn a_full_matrix_with_zeros_is_written_under_names_that_stata_takes() {
        assert_eq!(written(&pair(["a b", "01"]), "POLY_ID"), "POLY_ID,w1,w2\na b,0,0.5\n01,0,0\n");
        for name in ["1st", "unknown", "Gemeinde Nr", "w2", "", "w", "é"] {
            let header = written(&pair(["a", "b"]), name).lines().next().unwrap().to_owned();
            assert_eq!(header, "id,w1,w2", "{name}");
        }
    }

    #[test]
    fn numbered_columns_are_read_by_position_and_keys_by_name() {
        let w = read("\u{e9},W1,w2\r\na,0,2\r\nb,3,0\r\n").unwrap();
        assert_eq!((w.get(0, 1), w.get(1, 0)), (2.0, 3.0));
        let w = read("id,b,a\na,2,0\nb,0,3\n").unwrap();
        assert_eq!((w.ids(), w.get(0, 1), w.get(1, 0)), (&["a".into(), "b".into()][..], 2.0, 3.0));
    }

    #[test]
    fn keys_that_look_like_other_columns_are_refused() {
        assert!(matches!(read("id,w1,w2\nw2,0,2\nw1,3,0\n"), Err((1, Fault::Header { .. }))));
        let refused = write(&pair(["w2", "w1"]), &Origin::default(), &mut Vec::new());
        assert!(matches!(refused, Err(Error::Key { .. })));
        let kept = pair(["w1", "w2"]);
        assert_eq!(read(&written(&kept, "id")).unwrap().row(0), kept.row(0));
    }

    #[test]
    fn more_columns_than_stata_has_variables_are_not_written() {
        let n = STATA_VARIABLES;
        let ids = (0..n).map(|i| i.to_string()).collect();
        let w = Weights::from_rows(ids, vec![Vec::new(); n], "test");
        let refused = write(&w, &Origin::default(), &mut Vec::new());
        assert!(matches!(refused, Err(Error::TooWide { n: 32_767, limit: 32_766 })));
    }

    #[test]
    fn every_slip_is_an_error_with_its_line() {
        let fault = |text: &str| read(text).unwrap_err();
        assert!(matches!(fault(""), (1, Fault::Header { .. })));
        assert!(matches!(fault("id\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("id,a,c\na,0,1\nb,1,0\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("id,a,a\na,0,1\nb,1,0\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("id,w2,w1\na,0,1\nb,1,0\n"), (1, Fault::Header { .. })));
        assert!(matches!(fault("id,w1,w2\na,0,1\n"), (2, Fault::Units { found: 1, .. })));
        assert!(matches!(fault("id,w1\na,0\nb,0\n"), (3, Fault::Units { expected: 1, .. })));
        assert!(matches!(fault("id,w1,w2\na,0,1\na,1,0\n"), (3, Fault::RepeatedRow { .. })));
        assert!(matches!(fault("id,w1,w2\na,0,1\nb,,0\n"), (3, Fault::Weight { .. })));
        assert!(matches!(fault("id,w1,w2\na,0,1\nb,0\n"), (3, Fault::Shape { .. })));
    }
}
