//! Formats by extension.

use std::path::Path;

use gdal::{Driver, DriverManager};

use super::features::Geometries;
use crate::Error;

/// A format and how GDAL is asked to write it.
#[derive(Debug)]
pub(super) struct Format {
    pub driver: &'static str,
    pub extensions: &'static [&'static str],
    /// Layer creation options.
    pub options: &'static [&'static str],
    /// Whether a file holds several layers.
    pub holds_layers: bool,
    pub geometries: Geometries,
    /// The driver does not notice a full disk: it writes to memory, and we to the disk.
    pub through_memory: bool,
    /// Files that belong to one output besides the file that is named.
    pub siblings: &'static [&'static str],
}

const PLAIN: Format = Format {
    driver: "",
    extensions: &[],
    options: &[],
    holds_layers: false,
    geometries: Geometries::AsTheyAre,
    through_memory: false,
    siblings: &[],
};

/// Fifteen decimals give back every double of a longitude; GDAL's default for sequences is seven.
const JSON: &[&str] = &["COORDINATE_PRECISION=15"];

pub(super) const SEQUENCE: Format = Format {
    driver: "GeoJSONSeq",
    extensions: &["geojsonl", "geojsons", "geojsonseq", "ndjson"],
    options: JSON,
    through_memory: true,
    ..PLAIN
};

const FORMATS: [Format; 6] = [
    Format {
        driver: "GPKG",
        extensions: &["gpkg"],
        holds_layers: true,
        geometries: Geometries::AsDeclared,
        ..PLAIN
    },
    Format {
        driver: "ESRI Shapefile",
        extensions: &["shp"],
        options: &["ENCODING=UTF-8"],
        siblings: &["shx", "dbf", "prj", "cpg", "qix", "sbn", "sbx", "idm", "ind", "shp.xml"],
        ..PLAIN
    },
    Format {
        driver: "GeoJSON",
        extensions: &["geojson", "json"],
        options: JSON,
        through_memory: true,
        ..PLAIN
    },
    SEQUENCE,
    Format {
        driver: "FlatGeobuf",
        extensions: &["fgb"],
        geometries: Geometries::AsDeclared,
        ..PLAIN
    },
    Format {
        driver: "CSV",
        extensions: &["csv"],
        geometries: Geometries::LeftOut,
        through_memory: true,
        // A `.prj` beside it may well be a Shapefile's.
        siblings: &["csvt"],
        ..PLAIN
    },
];

/// The format of a path.
pub(super) fn of(path: &str) -> Result<&'static Format, Error> {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str())).ok_or_else(|| {
        let known = FORMATS.iter().flat_map(|format| format.extensions);
        Error::UnknownFormat {
            path: path.to_owned(),
            known: known.map(|extension| format!(".{extension}")).collect(),
        }
    })
}

impl Format {
    pub fn driver(&self) -> gdal::errors::Result<Driver> {
        DriverManager::get_driver_by_name(self.driver)
    }
}
