//! Weights files, read and written with their keys.
//!
//! | | holds | units without neighbours | keys |
//! |---|---|---|---|
//! | `.gal` (GeoDa) | links | count 0 and an empty line | no line break, no `"` |
//! | `.gwt` (GeoDa) | links and weights | a link to itself of weight 0 | no line break, no `"` |
//! | `.swm` (ArcGIS) | links, weights, row scaling | count 0 | whole numbers of 32 bits |
//! | `.mtx` (Matrix Market) | links and weights | an empty row | no line break, no `"` |
//! | `.dat` (SpaceStat, LeSage) | links and weights | a link to itself of weight 0 | no line break, no `"` |
//! | `.csv` (PySAL's adjacency table) | links and weights | a link to itself of weight 0 | any |
//! | `.csv`, wide (Stata's variables) | the full matrix | a row of zeros | any |
//! | `.txt` (Stata's `spmatrix`) | the full matrix | a row of zeros | whole numbers up to 2⁵³ |
//!
//! Reading then writing keeps keys, their order, links and weights to the last bit, with two exceptions
//! that the formats force: in a list of links, a unit whose only link is one to itself of weight 0 is a
//! unit without neighbours; in a full matrix, a link of weight 0 is no link.
//!
//! In `.gal`, `.gwt` and `.dat` a key with spaces stands in quotation marks; spdep and libpysal split at
//! every space, so they read such files only when the keys have none. A `.gal` file with spaces in bare keys,
//! as libpysal writes it, is read where its keys can be told apart in one way only. In `.mtx` the keys stand in comment
//! lines; other programs read the matrix and number its rows. Stata turns a key such as `01001` of a wide
//! `.csv` into a number unless `import delimited` is told `stringcols(1)`.
//!
//! A file that was cut off is refused wherever the format can tell: `.swm` at any byte; `.gal`, `.mtx`,
//! `.txt` and wide `.csv` anywhere but within the last word; `.gwt` where a unit or a word is missing.
//! A `.gwt`, `.dat` or `.csv` list of links that ends early between two lines, or within the last weight,
//! is a valid shorter list as long as every unit has a line.

mod csv;
mod dat;
mod edges;
mod full;
mod gal;
mod gwt;
mod mtx;
mod spmatrix;
mod swm;
mod text;
mod wide_csv;

use std::io::{BufWriter, Write};
use std::path::Path;

use crate::{Error, Weights};

/// A file format for weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoDa contiguity: links only.
    Gal,
    /// GeoDa general weights: `focal neighbor weight` per line.
    Gwt,
    /// ArcGIS spatial weights matrix, binary.
    Swm,
    /// Matrix Market.
    Mtx,
    /// SpaceStat and LeSage's toolbox: `origin destination weight` per line, no header.
    Dat,
    /// `focal,neighbor,weight` with a header.
    Csv,
    /// A full matrix for Stata's `import delimited`: the key, then `w1` to `wn`.
    WideCsv,
    /// The text that Stata's `spmatrix import` and `spmatrix export` share.
    SpMatrix,
}

/// What the header of a `.gal` or `.gwt` file says about its keys; GeoDa asks for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// Name of the layer.
    pub layer: &'a str,
    /// Name of its key field.
    pub id_field: &'a str,
}

impl Default for Origin<'_> {
    /// `unknown` for both, as spdep writes.
    fn default() -> Self {
        Self { layer: "unknown", id_field: "unknown" }
    }
}

impl Format {
    const EXTENSIONS: [(&str, Self); 7] = [
        ("gal", Self::Gal),
        ("gwt", Self::Gwt),
        ("swm", Self::Swm),
        ("mtx", Self::Mtx),
        ("dat", Self::Dat),
        ("csv", Self::Csv),
        ("txt", Self::SpMatrix),
    ];

    /// The format that the extension of `path` names, in any case; never [`Format::WideCsv`], which
    /// shares its extension with [`Format::Csv`].
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let known = Self::EXTENSIONS.iter().find(|(known, _)| *known == extension);
        known.map(|&(_, format)| format)
    }

    /// Every extension, for messages: `.gal, .gwt, … and .txt`.
    pub fn extensions() -> String {
        let dotted = Self::EXTENSIONS.map(|(extension, _)| format!(".{extension}"));
        let [others @ .., last] = &dotted;
        format!("{} and {last}", others.join(", "))
    }
}

/// Reads weights in the format that the extension names. Rows are in the order of the file, `kind` is
/// the file's name. A `.gal` file is binary and a `.swm` file says whether it is row-standardised; the
/// others are taken as they stand. A `.csv` file may be a list of links or wide.
///
/// # Errors
/// [`Error::UnknownFormat`], [`Error::Read`], [`Error::Line`] with the line and what is wrong there, or
/// [`Error::Byte`] with the byte of a binary file: nothing is skipped or guessed.
pub fn read(path: &Path) -> Result<Weights, Error> {
    let format = Format::of(path).ok_or_else(|| Error::UnknownFormat { path: path.to_owned() })?;
    let bytes =
        std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let parsed = match format {
        Format::Swm => swm::read(&bytes),
        Format::Gal => text::decode(&bytes).and_then(gal::read),
        Format::Gwt => text::decode(&bytes).and_then(gwt::read),
        Format::Mtx => text::decode(&bytes).and_then(mtx::read),
        Format::Dat => text::decode(&bytes).and_then(dat::read),
        Format::Csv | Format::WideCsv => text::decode(&bytes).and_then(csv::read),
        Format::SpMatrix => text::decode(&bytes).and_then(spmatrix::read),
    };
    let mut weights = parsed.map_err(|(at, fault)| {
        let path = path.to_owned();
        match format {
            Format::Swm => Error::Byte { path, byte: at, fault },
            _ => Error::Line { path, line: at, fault },
        }
    })?;
    weights.kind = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(weights)
}

/// Writes weights; numbers are the shortest that read back to the same bits. Output is buffered.
///
/// # Errors
/// [`Error::OnlyBinary`] for weights other than one in `.gal`, [`Error::Key`] for a key that the format
/// cannot hold, [`Error::TooWide`] for more units than Stata has variables, [`Error::Write`].
pub fn write(
    weights: &Weights,
    format: Format,
    origin: &Origin<'_>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    match format {
        Format::Gal => gal::write(weights, origin, &mut out),
        Format::Gwt => gwt::write(weights, origin, &mut out),
        Format::Swm => swm::write(weights, origin, &mut out),
        Format::Mtx => mtx::write(weights, &mut out),
        Format::Dat => dat::write(weights, &mut out),
        Format::Csv => csv::write(weights, &mut out),
        Format::WideCsv => wide_csv::write(weights, origin, &mut out),
        Format::SpMatrix => spmatrix::write(weights, &mut out),
    }?;
    Ok(out.flush()?)
}
