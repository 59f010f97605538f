//! Features with geometry and attributes, as they are read and written.

use crate::{Column, Error, Style};

/// A coordinate reference system as the file states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Crs {
    /// Well-known text (WKT2 where the file had it).
    pub wkt: String,
    /// Authority and code, such as `("EPSG", "4326")`, when the file names one.
    pub authority: Option<(String, String)>,
    /// Name for people, such as `WGS 84`.
    pub name: String,
    /// Longitude and latitude in degrees rather than planar coordinates.
    pub geographic: bool,
    /// Metres in one planar unit; 1 for geographic systems.
    pub metres_per_unit: f64,
    /// The figure of the Earth that coordinates refer to, where the system states one.
    pub ellipsoid: Option<Ellipsoid>,
}

/// An ellipsoid of revolution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipsoid {
    /// Semi-major axis in metres.
    pub semi_major: f64,
    /// Semi-minor axis in metres; equal to `semi_major` for a sphere.
    pub semi_minor: f64,
}

/// A vector layer: per feature an id, a geometry as ISO WKB (kept byte for byte) and attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Layer name.
    pub name: String,
    /// Coordinate reference system, if the source has one.
    pub crs: Option<Crs>,
    /// The well-known text by which a source without reference system says so, such as a GeoPackage's
    /// `Undefined Cartesian SRS`; passed on as it came.
    pub undefined_crs: Option<String>,
    /// Geometry type as OGC names it, such as `MULTIPOLYGON`, `POINT ZM` or `GEOMETRY`.
    pub geometry_type: String,
    /// Name of the column of feature ids, if the source names one.
    pub fid_column: Option<String>,
    /// Name of the geometry column, if the source names one.
    pub geometry_column: Option<String>,
    /// Feature ids of the source, one per feature.
    pub fids: Vec<i64>,
    /// ISO WKB, `None` for a feature without geometry.
    pub geometry: Vec<Option<Vec<u8>>>,
    /// Attributes, each with one value per feature.
    pub columns: Vec<Column>,
    /// How to draw it; `None` leaves the choice to the viewer.
    pub style: Option<Style>,
    /// What a viewer shows about it.
    pub metadata: Metadata,
}

/// Title, abstract and provenance of a layer or table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// Title for people.
    pub title: String,
    /// What the layer holds, in sentences.
    pub description: String,
    /// How it was made: command, parameters, conventions, one line each.
    pub history: Vec<String>,
}

impl Layer {
    /// Number of features.
    pub fn len(&self) -> usize {
        self.fids.len()
    }

    /// Whether there are no features.
    pub fn is_empty(&self) -> bool {
        self.fids.is_empty()
    }

    /// The column `name`, exact case first, any case second.
    ///
    /// # Errors
    /// [`Error::NoColumn`] with the names there are.
    pub fn column(&self, name: &str) -> Result<&Column, Error> {
        crate::table::find(&self.columns, name)
    }

    /// The features `rows`, in that order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            name: self.name.clone(),
            crs: self.crs.clone(),
            undefined_crs: self.undefined_crs.clone(),
            geometry_type: self.geometry_type.clone(),
            fid_column: self.fid_column.clone(),
            geometry_column: self.geometry_column.clone(),
            fids: rows.iter().map(|&i| self.fids[i]).collect(),
            geometry: rows.iter().map(|&i| self.geometry[i].clone()).collect(),
            columns: self.columns.iter().map(|column| column.select(rows)).collect(),
            style: self.style.clone(),
            metadata: self.metadata.clone(),
        }
    }
}
