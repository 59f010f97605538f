//! Opening a source and finding the layer that is meant.

use gdal::{Dataset, DatasetOptions, GdalOpenFlags, vector::LayerAccess};

use crate::{
    Error, Source,
    connection::{is_database, without_passwords},
    geometry_type, messages,
    spool::Spool,
};

/// Tables that QGIS keeps beside the layers.
const HOUSEKEEPING: [&str; 2] = ["layer_styles", "qgis_projects"];

/// An open source.
#[derive(Debug)]
pub(crate) struct Opened {
    pub dataset: Dataset,
    /// What messages call it.
    pub path: String,
    /// Keeps a spooled file until the dataset is closed.
    _spool: Option<Spool>,
}

impl Opened {
    pub fn new(source: &Source) -> Result<Self, Error> {
        source.understood()?;
        let path = source.to_string();
        if source.is_stdin() {
            let spool = Spool::new(std::io::stdin().lock())?;
            return Self::spooled(path, spool);
        }
        // Of a database GDAL lists tables without geometry only where there are no others.
        let all: &[&str] = if is_database(source.path()) && source.layer_name().is_some() {
            &["LIST_ALL_TABLES=YES"]
        } else {
            &[]
        };
        let dataset = open(source.path(), None, all).map_err(|reason| {
            if is_file(source.path()) && !std::path::Path::new(source.path()).exists() {
                Error::Missing { path: path.clone() }
            } else {
                Error::Open { path: path.clone(), reason: without_passwords(&reason) }
            }
        })?;
        if dataset.driver().short_name() == "CSV" {
            require_utf8(source.path(), &path)?;
        }
        Ok(Self { dataset, path, _spool: None })
    }

    pub fn spooled(path: String, spool: Spool) -> Result<Self, Error> {
        let file = spool.file.display().to_string();
        match open(&file, Some(spool.driver), &[]) {
            Ok(dataset) => Ok(Self { dataset, path, _spool: Some(spool) }),
            Err(reason) => Err(Error::Open { reason: reason.replace(&file, &path), path }),
        }
    }

    /// Position of the layer `wanted`, exact case first; without a name the only layer there is.
    /// With `spatial`, tables beside a single layer with geometry do not count.
    pub fn layer(&self, wanted: Option<&str>, spatial: bool) -> Result<usize, Error> {
        let layers: Vec<(String, bool)> = self
            .dataset
            .layers()
            .map(|layer| {
                let kind = geometry_type::name(layer.defn().geometry_type());
                (layer.name(), geometry_type::is_spatial(&kind))
            })
            .collect();
        let path = || self.path.clone();
        let names = |kept: &[usize]| kept.iter().map(|&at| layers[at].0.clone()).collect();
        let listed: Vec<usize> = (0..layers.len())
            .filter(|&at| !HOUSEKEEPING.contains(&layers[at].0.as_str()))
            .collect();
        if let Some(wanted) = wanted {
            let exact = layers.iter().position(|layer| layer.0 == wanted);
            let any_case = || layers.iter().position(|layer| layer.0.eq_ignore_ascii_case(wanted));
            return exact.or_else(any_case).ok_or_else(|| Error::NoLayer {
                path: path(),
                layer: wanted.to_owned(),
                available: names(&listed),
            });
        }
        let with_geometry: Vec<usize> = listed.iter().copied().filter(|&at| layers[at].1).collect();
        let candidates = if spatial && !with_geometry.is_empty() { with_geometry } else { listed };
        match candidates[..] {
            [] => Err(Error::NoLayers { path: path() }),
            [only] => Ok(only),
            _ => Err(Error::SeveralLayers { path: path(), available: names(&candidates) }),
        }
    }
}

/// The layers with geometry of a source, in its order.
///
/// # Errors
/// A source that is missing or cannot be opened.
pub fn layers(source: &Source) -> Result<Vec<String>, Error> {
    let opened = Opened::new(source)?;
    let spatial = |layer: &gdal::vector::Layer| {
        geometry_type::is_spatial(&geometry_type::name(layer.defn().geometry_type()))
    };
    Ok(opened.dataset.layers().filter(spatial).map(|layer| layer.name()).collect())
}

fn open(path: &str, driver: Option<&str>, open_options: &[&str]) -> Result<Dataset, String> {
    let drivers = driver.map(|driver| [driver]);
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR
            | GdalOpenFlags::GDAL_OF_READONLY
            | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        allowed_drivers: drivers.as_ref().map(|drivers| &drivers[..]),
        open_options: (!open_options.is_empty()).then_some(open_options),
        ..DatasetOptions::default()
    };
    // A driver that declines may complain although another one opens the file.
    let (dataset, messages) = messages::capture(|| Dataset::open_ex(path, options));
    dataset.map_err(|error| messages.reason(&error))
}

/// GDAL takes every CSV for UTF-8 and replaces what is not.
fn require_utf8(file: &str, path: &str) -> Result<(), Error> {
    // What cannot be read as a file, such as `/vsizip/…`, goes through.
    let Ok(bytes) = std::fs::read(file) else { return Ok(()) };
    let Err(error) = std::str::from_utf8(&bytes) else { return Ok(()) };
    let before = &bytes[..error.valid_up_to()];
    let line = before.split(|byte| *byte == b'\n').count();
    Err(Error::NotUtf8 { path: path.to_owned(), line })
}

/// Neither a virtual path nor a connection such as `PG:dbname=x`.
fn is_file(path: &str) -> bool {
    !path.starts_with("/vsi")
        && !path.split(['/', '\\']).next().is_some_and(|head| head.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_and_a_file_of_another_kind_are_named() {
        let missing = Opened::new(&Source::new("no/such.gpkg")).unwrap_err();
        assert_eq!(missing.to_string(), "no/such.gpkg: no such file");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.gpkg").display().to_string();
        std::fs::write(&path, "not a GeoPackage").unwrap();
        let other = Opened::new(&Source::new(&path)).unwrap_err();
        assert!(
            matches!(&other, Error::Open { reason, .. } if reason.contains("not recognized")),
            "{other}"
        );
    }

    #[test]
    fn a_table_in_another_encoding_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv").display().to_string();
        // 县 in GBK.
        std::fs::write(&path, b"id,name\n1,a\n2,\xcf\xd8\n").unwrap();
        let error = Opened::new(&Source::new(&path)).unwrap_err();
        assert!(matches!(&error, Error::NotUtf8 { line: 3, .. }), "{error}");
        std::fs::write(&path, "id,name\n1,a\n2,县\n").unwrap();
        assert!(Opened::new(&Source::new(&path)).is_ok());
    }
}
