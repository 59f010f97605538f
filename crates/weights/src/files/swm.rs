//! `.swm`: ArcGIS's binary spatial weights matrix, little endian.
//!
//! A line of text, either `FIELD;SRS` or, since ArcGIS 10.1, `VERSION@10.1;UNIQUEID@FIELD;…`; then the
//! number of units and whether rows are standardised; then per unit its key, the number of its
//! neighbours and, unless that is 0, their keys, their weights (a single one for all where the line says
//! `FIXEDWEIGHTS@True`) and the sum of the row before standardising. Weights are 64-bit floats; all
//! integers have 32 bits, or 64 where the line says `HASID64@True`.
//!
//! The first form is written, as every reader knows it. libpysal writes a sum for units without
//! neighbours too, which neither ArcGIS nor libpysal reads; such a file is refused, as its length is
//! wrong.

use std::collections::HashMap;
use std::io::Write;

use super::Origin;
use super::edges::reject_repeats;
use super::text::At;
use crate::weights::index;
use crate::{Error, Fault, Transform, Weights};

/// How far a sum may be from the one that the file states, relative to the size of the weights.
const SUM_TOLERANCE: f64 = 1e-6;
/// A header is shorter than this.
const LONGEST_HEADER: usize = 1 << 16;

/// Reads a file; faults come with the byte where they begin.
pub fn read(bytes: &[u8]) -> At<Weights> {
    let (header, body) = Header::of(bytes)?;
    let mut body = Body { bytes, at: body, wide: header.wide };
    let n = body.count("a number of units")?;
    let flag_at = body.at;
    let standardised = match body.integer()? {
        0 => false,
        1 => true,
        other => {
            let expected = "1 or 0, whether rows are standardised";
            return Err((flag_at as u64, Fault::Shape { expected, found: other.to_string() }));
        }
    };
    let mut rows = Rows::default();
    for _ in 0..n {
        rows.read(&mut body, header.fixed, standardised)?;
    }
    if body.at < bytes.len() {
        let found = format!("{} more byte(s)", bytes.len() - body.at);
        return Err((body.at as u64, Fault::Shape { expected: "the end of the file", found }));
    }
    let mut weights = rows.assemble()?;
    if standardised {
        weights.transform = Transform::Row;
    }
    Ok(weights)
}

struct Header {
    fixed: bool,
    wide: bool,
}

impl Header {
    /// The header and where the numbers begin.
    fn of(bytes: &[u8]) -> At<(Self, usize)> {
        let start = &bytes[..bytes.len().min(LONGEST_HEADER)];
        let end = start.iter().position(|&byte| byte == b'\n');
        let line = String::from_utf8_lossy(&start[..end.unwrap_or(0)]);
        let refuse = || {
            let expected = "`FIELD;SRS` or `VERSION@10.1;UNIQUEID@FIELD;…` and a line break";
            let found = String::from_utf8_lossy(start).chars().take(60).collect();
            Err((0, Fault::Header { expected, found }))
        };
        let (Some(end), true) = (end, line.contains(';')) else { return refuse() };
        let is_new = line.trim_start().to_ascii_uppercase().starts_with("VERSION@");
        let (mut fixed, mut wide) = (false, false);
        for (name, value) in line.split(';').filter_map(|pair| pair.split_once('@')) {
            let switch = match name.trim().to_ascii_uppercase().as_str() {
                "FIXEDWEIGHTS" if is_new => &mut fixed,
                "HASID64" if is_new => &mut wide,
                _ => continue,
            };
            *switch = match value.trim().to_ascii_uppercase().as_str() {
                "TRUE" => true,
                "FALSE" => false,
                _ => return refuse(),
            };
        }
        Ok((Self { fixed, wide }, end + 1))
    }
}

struct Body<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether integers have 64 bits.
    wide: bool,
}

impl<'a> Body<'a> {
    /// The next `count` values of `size` bytes.
    fn take(&mut self, count: usize, size: usize) -> At<std::slice::ChunksExact<'a, u8>> {
        let end = count.checked_mul(size).and_then(|length| length.checked_add(self.at));
        let Some(values) = end.and_then(|end| self.bytes.get(self.at..end)) else {
            let left = self.bytes.len() - self.at;
            let found = format!("{left} byte(s) for {count} value(s) of {size}");
            let expected = "no end of the file within a record";
            return Err((self.at as u64, Fault::Shape { expected, found }));
        };
        self.at += values.len();
        Ok(values.chunks_exact(size))
    }

    fn integers(&mut self, count: usize) -> At<impl Iterator<Item = i64> + use<'a>> {
        let values = self.take(count, if self.wide { 8 } else { 4 })?;
        Ok(values.map(|bytes| match *bytes {
            [a, b, c, d] => i64::from(i32::from_le_bytes([a, b, c, d])),
            _ => i64::from_le_bytes(eight(bytes)),
        }))
    }

    fn integer(&mut self) -> At<i64> {
        Ok(self.integers(1)?.next().unwrap_or_default())
    }

    fn count(&mut self, expected: &'static str) -> At<usize> {
        let at = self.at as u64;
        let value = self.integer()?;
        let fault = || (at, Fault::Shape { expected, found: value.to_string() });
        usize::try_from(value).map_err(|_| fault())
    }

    fn floats(&mut self, count: usize) -> At<impl Iterator<Item = f64> + use<'a>> {
        Ok(self.take(count, 8)?.map(|bytes| f64::from_le_bytes(eight(bytes))))
    }
}

fn eight(bytes: &[u8]) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.copy_from_slice(bytes);
    eight
}

#[derive(Default)]
struct Rows {
    ids: Vec<String>,
    positions: HashMap<i64, u32>,
    /// Key of the neighbour, weight, and where the record's neighbours begin.
    links: Vec<(u64, Vec<(i64, f64)>)>,
}

impl Rows {
    fn read(&mut self, body: &mut Body, fixed: bool, standardised: bool) -> At<()> {
        let at = body.at as u64;
        let id = body.integer()?;
        if self.positions.insert(id, index(self.ids.len())).is_some() {
            return Err((at, Fault::RepeatedRow { id: id.to_string() }));
        }
        let count = body.count("a number of neighbours")?;
        let links_at = body.at as u64;
        let mut links = Vec::new();
        if count > 0 {
            let neighbours = body.integers(count)?;
            let weights_at = body.at as u64;
            let mut weights = body.floats(if fixed { 1 } else { count })?;
            let mut weight = 0.0;
            for neighbour in neighbours {
                // Where one value holds for all, the last one read stays.
                weight = weights.next().unwrap_or(weight);
                links.push((neighbour, weight));
            }
            if let Some((_, weight)) = links.iter().find(|(_, weight)| !weight.is_finite()) {
                return Err((weights_at, Fault::Weight { found: weight.to_string() }));
            }
            let sum_at = body.at as u64;
            let stated = body.floats(1)?.next().unwrap_or_default();
            check_sum(id, &links, stated, standardised).map_err(|fault| (sum_at, fault))?;
        }
        self.ids.push(id.to_string());
        self.links.push((links_at, links));
        Ok(())
    }

    fn assemble(self) -> At<Weights> {
        let positions = self.positions;
        let rows = self.links.into_iter().map(|(at, links)| {
            let links = links.into_iter().map(|(id, weight)| match positions.get(&id) {
                Some(&column) => Ok((column, weight, at)),
                None => Err((at, Fault::UnknownId { id: id.to_string(), hint: "" })),
            });
            links.collect::<At<Vec<_>>>()
        });
        let rows = reject_repeats(&self.ids, rows.collect::<At<_>>()?)?;
        Ok(Weights::from_rows(self.ids, rows, "swm"))
    }
}

/// The stated sum is that of the weights before standardising; standardised weights sum to one.
fn check_sum(id: i64, links: &[(i64, f64)], stated: f64, standardised: bool) -> Result<(), Fault> {
    let found: f64 = links.iter().map(|(_, weight)| weight).sum();
    let size: f64 = links.iter().map(|(_, weight)| weight.abs()).sum();
    let is_zero = found == 0.0 && stated == 0.0;
    let expected = if standardised && !is_zero { 1.0 } else { stated };
    let close = (found - expected).abs() <= SUM_TOLERANCE * size;
    if close && stated.is_finite() {
        return Ok(());
    }
    Err(Fault::Sum { focal: id.to_string(), expected, found })
}

pub fn write(weights: &Weights, origin: &Origin, out: &mut dyn Write) -> Result<(), Error> {
    let keys = weights.ids().iter().map(|id| key(id)).collect::<Result<Vec<_>, _>>()?;
    let id_field = origin.id_field;
    if id_field.contains([';', '@', '\n', '\r']) {
        let needs = "the name of a key field in a .swm file holds no `;`, `@` or line break";
        return Err(Error::Key { id: id_field.to_owned(), needs });
    }
    let n = i32::try_from(keys.len()).map_err(|_| Error::TooManyUnits { n: keys.len() })?;
    writeln!(out, "{id_field};Unknown")?;
    out.write_all(&n.to_le_bytes())?;
    out.write_all(&i32::from(is_standardised(weights)).to_le_bytes())?;
    for (i, key) in keys.iter().enumerate() {
        let (columns, values) = weights.row(i);
        let count =
            i32::try_from(columns.len()).map_err(|_| Error::TooManyUnits { n: columns.len() })?;
        out.write_all(&key.to_le_bytes())?;
        out.write_all(&count.to_le_bytes())?;
        for &j in columns {
            out.write_all(&keys[j as usize].to_le_bytes())?;
        }
        for value in values {
            out.write_all(&value.to_le_bytes())?;
        }
        if count > 0 {
            out.write_all(&values.iter().sum::<f64>().to_le_bytes())?;
        }
    }
    Ok(())
}

/// A key that comes back as it is from 32 bits.
fn key(id: &str) -> Result<i32, Error> {
    let key = id.parse::<i32>().ok().filter(|key| key.to_string() == id);
    let needs = "a .swm file holds whole numbers from -2147483648 to 2147483647 without leading \
                 zeros: write .gwt or .csv, or choose such a key with --id";
    key.ok_or_else(|| Error::Key { id: id.to_owned(), needs })
}

/// Whether every row sums to one or to nothing; a selection of row-standardised units may not.
fn is_standardised(weights: &Weights) -> bool {
    let sums_to_one = |i| {
        let sum: f64 = weights.row(i).1.iter().sum();
        sum == 0.0 || (sum - 1.0).abs() <= SUM_TOLERANCE * 1e-3
    };
    weights.transform == Transform::Row && (0..weights.n_units()).all(sums_to_one)
}

#[cfg(test)]
#[path = "swm_tests.rs"]
mod tests;
