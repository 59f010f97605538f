//! What can be wrong with shapes and weights files.

use std::path::PathBuf;

use durbin_core::Named;

/// Shapes or a file from which no weights can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Contiguity of something that has no boundary.
    #[error("contiguity needs polygons, but unit `{id}` is a {found}")]
    NotPolygons {
        /// Key of the first such unit.
        id: String,
        /// `point` or `line`.
        found: &'static str,
    },
    /// A coordinate that is no number.
    #[error("unit `{id}` has a coordinate that is not a finite number")]
    NotFinite {
        /// Key of the unit.
        id: String,
    },
    /// More units than a matrix can index.
    #[error("{n} units are more than the 4294967295 that weights can hold")]
    TooManyUnits {
        /// How many there are.
        n: usize,
    },
    /// Units that the matrix does not have.
    #[error("the weights `{kind}` have no row for {ids}: every unit needs one, islands too")]
    NoRow {
        /// What the matrix is.
        kind: String,
        /// The keys without a row.
        ids: Named,
    },
    /// A file name that tells no format.
    #[error("`{}`: weights are read from and written to .gal, .gwt and .csv", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// A format that cannot hold these weights.
    #[error(
        "a .gal file holds links without weights, but the weight of `{focal}` to `{neighbor}` is {weight}: write .gwt or .csv, or transform to B"
    )]
    OnlyBinary {
        /// Key of the row.
        focal: String,
        /// Key of the column.
        neighbor: String,
        /// The weight that is not one.
        weight: f64,
    },
    /// A key that the format cannot hold.
    #[error(
        "key `{id}` holds a line break or a quotation mark, which .gal and .gwt cannot keep: write .csv"
    )]
    Key {
        /// The key.
        id: String,
    },
    /// The file could not be read.
    #[error("`{}` could not be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing could be written.
    #[error("the weights could not be written")]
    Write(#[from] std::io::Error),
    /// A line that says something impossible.
    #[error("`{}`, line {line}: {fault}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// One-based line.
        line: u64,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What is wrong with a line of a weights file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Not the header of the format.
    #[error("expected the header {expected}, found `{found}`")]
    Header {
        /// What a header looks like.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A line of another shape.
    #[error("expected {expected}, found `{found}`")]
    Shape {
        /// What the line should be.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A list shorter or longer than its count.
    #[error("`{focal}` should have {expected} neighbour(s), found {found}")]
    Count {
        /// Key of the row.
        focal: String,
        /// The count before the list.
        expected: usize,
        /// The length of the list.
        found: usize,
    },
    /// A neighbour without a row.
    #[error("`{id}` is no unit of this file: every unit needs a row of its own{hint}")]
    UnknownId {
        /// The key.
        id: String,
        /// How the format writes a unit without neighbours.
        hint: &'static str,
    },
    /// A unit with two rows.
    #[error("`{id}` has a row already")]
    RepeatedRow {
        /// The key.
        id: String,
    },
    /// A link given twice.
    #[error("the link from `{focal}` to `{neighbor}` is given twice")]
    RepeatedLink {
        /// Key of the row.
        focal: String,
        /// Key of the column.
        neighbor: String,
    },
    /// A weight that is no finite number.
    #[error("weight `{found}` is not a finite number")]
    Weight {
        /// What stands there.
        found: String,
    },
    /// More or fewer units than the header says.
    #[error("the header says {expected} unit(s), the file has {found}{hint}")]
    Units {
        /// In the header.
        expected: usize,
        /// In the file.
        found: usize,
        /// What would explain it.
        hint: &'static str,
    },
    /// A quotation mark without its partner.
    #[error("a quotation mark is not closed")]
    OpenQuote,
    /// Bytes that are no text.
    #[error("not UTF-8 text")]
    NotText,
}
