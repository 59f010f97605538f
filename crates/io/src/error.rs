//! Why a layer or table could not be read, written or projected.

use std::io;

/// What went wrong, and with which file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input does not exist.
    #[error("{path}: no such file")]
    Missing {
        /// The path as given.
        path: String,
    },
    /// The input exists, but GDAL opens it with none of its vector drivers.
    #[error("{path}: cannot be opened as a layer or table: {reason}")]
    Open {
        /// The path as given.
        path: String,
        /// What GDAL says.
        reason: String,
    },
    /// The input has no layer at all.
    #[error("{path}: has no layers")]
    NoLayers {
        /// The path as given.
        path: String,
    },
    /// No layer of that name.
    #[error("{path}: no layer `{layer}`; there are: {}", available.join(", "))]
    NoLayer {
        /// The path as given.
        path: String,
        /// The name asked for.
        layer: String,
        /// The names there are.
        available: Vec<String>,
    },
    /// Text in another encoding than UTF-8.
    #[error(
        "{path}: line {line} is not UTF-8, and characters would be lost: save the table as `CSV UTF-8`, or convert it, from a Chinese \
         Windows with `iconv -f GB18030 -t UTF-8`, from a western one with `iconv -f WINDOWS-1252 -t UTF-8`"
    )]
    NotUtf8 {
        /// The path as given.
        path: String,
        /// The first such line, counted from one.
        line: usize,
    },
    /// Several layers, and none was named.
    #[error("{path}: has {} layers; choose one with --layer (--boundaries-layer for boundaries): {}", available.len(), available.join(", "))]
    SeveralLayers {
        /// The path as given.
        path: String,
        /// The names there are.
        available: Vec<String>,
    },
    /// A part of `file|part=value` that is not understood.
    #[error("{path}: only `|layername=NAME` may follow the file name, not `|{part}`")]
    SourcePart {
        /// The path as given.
        path: String,
        /// The part after the bar.
        part: String,
    },
    /// Standard input holds nothing.
    #[error("standard input is empty; GeoJSON or GeoJSONSeq is expected")]
    EmptyInput,
    /// Reading broke off.
    #[error("{path}: reading failed: {reason}")]
    Read {
        /// The path as given.
        path: String,
        /// What GDAL says, or what cannot be represented.
        reason: String,
    },
    /// What was read, or is to be written, cannot be used.
    #[error("{path}: {source}")]
    Data {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: durbin_core::Error,
    },
    /// The output's extension names no format.
    #[error("{path}: the extension names no format to write; there are: {}", known.join(", "))]
    UnknownFormat {
        /// The path as given.
        path: String,
        /// The extensions there are.
        known: Vec<String>,
    },
    /// The output exists.
    #[error("{path}: exists; use --overwrite to replace it")]
    Exists {
        /// The path as given.
        path: String,
    },
    /// The layer to add is there already.
    #[error(
        "{path}: already has `{layer}`; use --overwrite to replace it, or name another with --output-layer"
    )]
    LayerExists {
        /// The path as given.
        path: String,
        /// The layer or table.
        layer: String,
    },
    /// The database does not answer, or does not let this user in.
    #[error("{path}: no connection to write to: {reason}")]
    Connect {
        /// The connection without its password.
        path: String,
        /// What the server or GDAL says.
        reason: String,
    },
    /// A database without the extension that holds geometry.
    #[error(
        "{path}: the database cannot hold geometry; its owner has to run CREATE EXTENSION postgis in it"
    )]
    NoPostgis {
        /// The connection without its password.
        path: String,
    },
    /// A schema that is not there.
    #[error(
        "{path}: no schema `{schema}` for the layer `{layer}`; create it, or name the layer SCHEMA.TABLE or TABLE \
         with --output-layer"
    )]
    NoSchema {
        /// The connection without its password.
        path: String,
        /// The schema; empty where none is searched.
        schema: String,
        /// The layer.
        layer: String,
    },
    /// A name that is taken by something that is no table.
    #[error(
        "{path}: `{layer}` is a view or the like, which is not replaced; name another with --output-layer"
    )]
    NoTable {
        /// The connection without its password.
        path: String,
        /// The layer.
        layer: String,
    },
    /// PostgreSQL cuts names off.
    #[error(
        "{path}: the name `{name}` is longer than the 63 bytes that PostgreSQL keeps; shorten it"
    )]
    LongName {
        /// The connection without its password.
        path: String,
        /// The layer or field.
        name: String,
    },
    /// A project of that name is in the GeoPackage.
    #[error(
        "{path}: already holds a project `{project}`; use --overwrite to replace it, or name another layer with \
         --output-layer"
    )]
    ProjectExists {
        /// The path as given.
        path: String,
        /// Name of the project.
        project: String,
    },
    /// A format of one layer cannot take a second.
    #[error(
        "{path}: {format} holds one layer, nothing can be appended; use --overwrite, or a .gpkg"
    )]
    SingleLayer {
        /// The path as given.
        path: String,
        /// The format's name.
        format: String,
    },
    /// A GeoPackage does not tell names apart by case.
    #[error(
        "{path}: fields `{first}` and `{second}` of `{layer}` differ only in case, which a GeoPackage cannot hold; rename one"
    )]
    SameField {
        /// The path as given.
        path: String,
        /// The layer or table.
        layer: String,
        /// The first of the two.
        first: String,
        /// The second.
        second: String,
    },
    /// The file holds layers in another coordinate reference system.
    #[error("{path}: `{layer}` is in {theirs}, the new layer in {ours}: one CRS per GeoPackage")]
    OtherCrs {
        /// The path as given.
        path: String,
        /// A layer that is in the file.
        layer: String,
        /// Its reference system.
        theirs: String,
        /// The reference system of the layer to add.
        ours: String,
    },
    /// Writing failed; what was there before is untouched.
    #[error("{path}: writing failed, nothing was changed: {reason}")]
    Write {
        /// The path as given.
        path: String,
        /// What GDAL says.
        reason: String,
    },
    /// The system refuses a file operation.
    #[error("{path}: {source}")]
    File {
        /// The file or folder.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// Files could not be moved into place, nor the old ones back.
    #[error("{source}; not everything could be undone, what was there before is in {folder}")]
    Kept {
        /// The folder with the old files.
        folder: String,
        /// What went wrong first.
        source: Box<Error>,
    },
    /// An invalid geometry that cannot be repaired.
    #[error("the geometry of `{id}` ({invalid}) cannot be repaired: {reason}")]
    Repair {
        /// Key of the unit.
        id: String,
        /// What is wrong with the geometry.
        invalid: String,
        /// Why repairing failed.
        reason: String,
    },
    /// PROJ cannot project the layer.
    #[error("cannot project from {crs}: {reason}")]
    Projection {
        /// The layer's reference system.
        crs: String,
        /// What PROJ says.
        reason: String,
    },
}

impl Error {
    /// Attaches a path to a failed file operation.
    pub(crate) fn file(path: &std::path::Path) -> impl Fn(io::Error) -> Self + '_ {
        move |source| Self::File { path: path.display().to_string(), source }
    }

    /// Attaches a path to data that cannot be used.
    pub(crate) fn data(path: &str) -> impl Fn(durbin_core::Error) -> Self + '_ {
        move |source| Self::Data { path: path.to_owned(), source }
    }
}
