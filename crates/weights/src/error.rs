//! What can be wrong with shapes and weights files.

use std::path::PathBuf;

use durbin_core::Named;

use crate::Length;

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
    /// Units that stand nowhere.
    #[error("none of the {n} unit(s) has a geometry: without one there is no distance")]
    NoGeometry {
        /// How many units there are.
        n: usize,
    },
    /// A latitude that is none.
    #[error(
        "unit `{id}` is at latitude {latitude}, beyond the poles: the layer's coordinates are not longitude and latitude in degrees, or in the other order"
    )]
    Latitude {
        /// Key of the unit.
        id: String,
        /// In degrees, of its representative point.
        latitude: f64,
    },
    /// A length that cannot be converted.
    #[error(
        "the length {length} means nothing on a layer without a CRS: assign one, or give the length in the unit of the coordinates, without a unit ({})",
        length.value
    )]
    LengthWithoutCrs {
        /// As it was given.
        length: Length,
    },
    /// A length in degrees that leads more than half around the Earth.
    #[error(
        "the length {length} is {length} degrees on this layer ({crs}), more than half around the Earth: if metres were meant write {length}m"
    )]
    LengthInDegrees {
        /// As it was given.
        length: Length,
        /// Code or name of the reference system.
        crs: String,
    },
    /// Not enough units for so many neighbours.
    #[error(
        "{k} nearest neighbour(s) of each unit need more than {k} units with a geometry; there are {located}"
    )]
    TooFewUnits {
        /// Neighbours wanted.
        k: usize,
        /// Units with a geometry.
        located: usize,
    },
    /// Units without a distance between them, where one is divided by.
    #[error(
        "inverse distance has no value between units at the same point: {pairs}; move them apart, merge them, or use a band or a kernel"
    )]
    Coincident {
        /// Both keys of each pair.
        pairs: Named,
    },
    /// A weight beyond what a double holds.
    #[error(
        "the weight of `{focal}` to `{neighbor}`, their distance to the power −{power}, is no positive finite number: take another power"
    )]
    WeightRange {
        /// Key of the row.
        focal: String,
        /// Key of the column.
        neighbor: String,
        /// The power of the inverse distance.
        power: f64,
    },
    /// A fixed bandwidth of nothing.
    #[error("the bandwidth {length} of a kernel must be positive")]
    ZeroBandwidth {
        /// As it was given.
        length: Length,
    },
    /// An adaptive bandwidth of nothing.
    #[error(
        "the {k} nearest neighbour(s) of unit `{id}` are at its own point, so its bandwidth is zero: take more neighbours or a fixed bandwidth"
    )]
    CoincidentNeighbors {
        /// Key of the unit.
        id: String,
        /// Neighbours counted.
        k: usize,
    },
    /// More units than a matrix can index.
    #[error("{n} units are more than the 4294967295 that weights can hold")]
    TooManyUnits {
        /// How many there are.
        n: usize,
    },
    /// Units that the matrix does not have.
    #[error("the weights `{kind}` have no row for {ids}: every unit needs one, islands too{hint}")]
    NoRow {
        /// What the matrix is.
        kind: String,
        /// The keys without a row.
        ids: Named,
        /// What would explain it.
        hint: &'static str,
    },
    /// Rows that no positive number scales to a sum of one.
    #[error(
        "the weights `{kind}` of {units} sum to zero or less, so their rows cannot be scaled to one: \
         use another transform, such as spectral"
    )]
    RowSums {
        /// What the matrix is.
        kind: String,
        /// Keys of the rows.
        units: Named,
    },
    /// Asymmetric weights too large for a dense eigenvalue problem.
    #[error(
        "spectral scaling of asymmetric weights is possible up to {limit} units, `{kind}` has {n}: minmax serves the same purpose"
    )]
    AsymmetricSpectral {
        /// What the matrix is.
        kind: String,
        /// Its units.
        n: usize,
        /// The most that are possible.
        limit: usize,
    },
    /// An attribute that the weights need.
    #[error(transparent)]
    Attribute(#[from] durbin_core::Error),
    /// Units without a value of an attribute that the weights need.
    #[error("`{field}` has no value for {units}: the weights need one for every unit")]
    NoValue {
        /// The attribute.
        field: String,
        /// Keys of the units.
        units: Named,
    },
    /// Linked units whose economic distance is zero.
    #[error(
        "`{field}` is equal for {pairs}: their economic distance is zero and its inverse infinite; \
         use a field with more digits"
    )]
    EqualValues {
        /// The attribute.
        field: String,
        /// `key and key` of each pair.
        pairs: Named,
    },
    /// Weights between all pairs of very many units.
    #[error(
        "weights between all pairs of {n} units are more than the memory is meant for (up to {limit} units): \
         weigh contiguous pairs, or those within a distance"
    )]
    TooManyPairs {
        /// How many units.
        n: usize,
        /// The most that are possible.
        limit: usize,
    },
    /// Islands that cannot be linked for want of a weight.
    #[error(
        "`{kind}` gives no weight to a link beyond its reach, so units without neighbours cannot be linked \
         to the nearest unit: {islands}; widen its reach, or use an adaptive one (knn:K)"
    )]
    NearestNotPossible {
        /// What the weights are.
        kind: String,
        /// Keys of the islands.
        islands: Named,
    },
    /// A matrix whose largest eigenvalue was not found.
    #[error(
        "the largest eigenvalue of the weights `{kind}` was not found: spectral scaling is not possible, minmax is"
    )]
    NoSpectralRadius {
        /// What the matrix is.
        kind: String,
    },
    /// A file name that tells no format.
    #[error("`{}`: weights are read from and written to {}", path.display(), crate::Format::extensions())]
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
    #[error("key `{id}` cannot be written: {needs}")]
    Key {
        /// The key.
        id: String,
        /// What the format holds, and what would help.
        needs: &'static str,
    },
    /// More units than Stata has variables.
    #[error(
        "a wide .csv of {n} units has more variables than Stata holds: at most {limit} units, so write .csv that is not wide, .gwt or .mtx"
    )]
    TooWide {
        /// How many units there are.
        n: usize,
        /// How many there may be.
        limit: usize,
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
    /// A place in a binary file that says something impossible.
    #[error("`{}`, byte {byte}: {fault}", path.display())]
    Byte {
        /// The file.
        path: PathBuf,
        /// How many bytes stand before it.
        byte: u64,
        /// What is wrong there.
        fault: Fault,
    },
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

impl Error {
    /// Whether a weights file is at fault, which the message names, rather than the units.
    pub fn is_of_file(&self) -> bool {
        matches!(
            self,
            Self::Read { .. }
                | Self::Line { .. }
                | Self::Byte { .. }
                | Self::NoRow { .. }
                | Self::UnknownFormat { .. }
        )
    }
}

/// What is wrong with a place of a weights file.
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
    /// Keys with spaces that can be told apart in more than one way.
    #[error(
        "`{found}` can be read as more than one list of keys: put those with spaces in quotation marks"
    )]
    Ambiguous {
        /// What stands there.
        found: String,
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
    /// A row whose weights have another sum than the file says.
    #[error("the weights of `{focal}` sum to {found}, the file says {expected}")]
    Sum {
        /// Key of the row.
        focal: String,
        /// What the file says.
        expected: f64,
        /// The sum of what it holds.
        found: f64,
    },
    /// A quotation mark without its partner.
    #[error("a quotation mark is not closed")]
    OpenQuote,
    /// Bytes that are no text.
    #[error("not UTF-8 text")]
    NotText,
}
