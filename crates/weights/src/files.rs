//! Weights files: GeoDa's `.gal` and `.gwt`, and `.csv` as PySAL's adjacency table.
//!
//! | | holds | units without neighbours | keys |
//! |---|---|---|---|
//! | `.gal` | links | count 0 and an empty line | no line break, no `"` |
//! | `.gwt` | links and weights | a link to itself of weight 0 | no line break, no `"` |
//! | `.csv` | links and weights | a link to itself of weight 0 | any |
//!
//! In `.gal` and `.gwt` a key with spaces stands in quotation marks; spdep and libpysal split at every
//! space, so they read such files only when the keys have none. Reading then writing keeps keys, their
//! order, links and weights to the last bit.

mod csv;
mod edges;
mod gal;
mod gwt;
mod text;

use std::io::Write;
use std::path::Path;

use crate::{Error, Weights};

/// A file format for weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoDa contiguity: links only.
    Gal,
    /// GeoDa general weights: `focal neighbor weight` per line.
    Gwt,
    /// `focal,neighbor,weight` with a header.
    Csv,
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
    /// The format that the extension of `path` names, in any case.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "gal" => Some(Self::Gal),
            "gwt" => Some(Self::Gwt),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// Reads weights in the format that the extension names. Rows are in the order of the file, `kind` is
/// the file's name; a `.gal` file is binary, the others are taken as they stand.
///
/// # Errors
/// [`Error::UnknownFormat`], [`Error::Read`], or [`Error::Line`] with the line and what is wrong there:
/// nothing is skipped or guessed.
pub fn read(path: &Path) -> Result<Weights, Error> {
    let format = Format::of(path).ok_or_else(|| Error::UnknownFormat { path: path.to_owned() })?;
    let bytes =
        std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let parsed = text::decode(&bytes).and_then(|text| match format {
        Format::Gal => gal::read(text),
        Format::Gwt => gwt::read(text),
        Format::Csv => csv::read(text),
    });
    let mut weights =
        parsed.map_err(|(line, fault)| Error::Line { path: path.to_owned(), line, fault })?;
    weights.kind = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(weights)
}

/// Writes weights; numbers are the shortest that read back to the same bits.
///
/// # Errors
/// [`Error::OnlyBinary`] for weights other than one in `.gal`, [`Error::Key`] for a key that `.gal` and
/// `.gwt` cannot hold, [`Error::Write`].
pub fn write(
    weights: &Weights,
    format: Format,
    origin: &Origin<'_>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    match format {
        Format::Gal => gal::write(weights, origin, out),
        Format::Gwt => gwt::write(weights, origin, out),
        Format::Csv => csv::write(weights, out),
    }
}
