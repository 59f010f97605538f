//! Layers and tables through GDAL, projections through PROJ, styles as QGIS stores them.
//!
//! This is the only room of durbin that knows GDAL and PROJ. It reads a [`Source`] into
//! [`durbin_core::Units`] or a [`durbin_core::Table`], and writes [`durbin_core::Layer`]s so that a file
//! appears whole or not at all. GDAL never prints: what it says is in the errors and warnings.

mod connection;
mod coords;
mod crs;
mod error;
mod fields;
mod geometry;
mod geometry_type;
mod messages;
mod open;
mod place;
mod plain;
mod project;
mod qgis;
mod raw;
mod read;
mod repair;
mod simple;
mod source;
mod spool;
mod sql;
mod swap;
mod temporaries;
#[cfg(test)]
mod testing;
mod to_wkb;
mod versions;
mod write;

pub use connection::{is_database, same_database, without_passwords};
pub use error::Error;
pub use open::layers;
pub use place::{place, write_whole};
pub use project::{Shapes, project_for_map};
pub use qgis::{ProjectGroup, qgz};
pub use read::{read_table, read_units};
pub use repair::repair;
pub use source::{Source, same_file};
pub use temporaries::{TemporaryFolder, remove_temporaries};
pub use to_wkb::to_wkb;
pub use versions::{Versions, versions};
pub use write::{
    Existing, Projects, check_output, keeps_fids, restyle, write_geopackage, write_layer,
    write_layers,
};
