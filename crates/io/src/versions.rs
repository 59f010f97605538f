//! Which libraries are at work.

use std::path::{Path, PathBuf};

use gdal::{DriverManager, Metadata, spatial_ref::SpatialRef, version::VersionInfo};

use crate::messages;

/// Versions of the libraries, and whether PROJ finds its database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// GDAL, such as `3.6.2`.
    pub gdal: String,
    /// GEOS, when GDAL was built with it.
    pub geos: Option<String>,
    /// PROJ, such as `9.1.1`.
    pub proj: String,
    /// Where PROJ's database `proj.db` is, when it is on the search path.
    pub proj_db: Option<PathBuf>,
    /// Whether the database opens and knows EPSG:4326.
    pub proj_db_works: bool,
    /// Short names of GDAL's vector drivers, sorted.
    pub drivers: Vec<String>,
}

/// Asks the libraries for their versions.
pub fn versions() -> Versions {
    let info = proj::ProjBuilder::new().lib_info().ok();
    let proj_db = info.as_ref().and_then(|info| {
        let folders = std::env::split_paths(&info.searchpath);
        folders.map(|folder| folder.join("proj.db")).find(|file| Path::exists(file))
    });
    let (known, _) = messages::capture(|| SpatialRef::from_epsg(4326).is_ok());
    Versions {
        gdal: VersionInfo::release_name(),
        geos: VersionInfo::build_info().remove("GEOS_VERSION"),
        proj: info
            .map(|info| format!("{}.{}.{}", info.major, info.minor, info.patch))
            .unwrap_or_default(),
        proj_db,
        proj_db_works: known,
        drivers: drivers(),
    }
}

fn drivers() -> Vec<String> {
    let mut names: Vec<String> = DriverManager::all()
        .filter(|driver| driver.metadata_item("DCAP_VECTOR", "").is_some())
        .map(|driver| driver.short_name())
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_libraries_name_themselves_and_proj_finds_its_database() {
        let versions = versions();
        assert!(versions.gdal.starts_with('3'), "{versions:?}");
        assert!(versions.geos.is_some());
        assert!(versions.proj.contains('.'));
        assert!(versions.proj_db_works);
        for driver in ["GPKG", "GeoJSONSeq", "ESRI Shapefile", "CSV"] {
            assert!(versions.drivers.iter().any(|name| name == driver), "{driver}");
        }
    }
}
