//! QGIS projects that go with the layers of a GeoPackage.

use std::path::Path;

use super::Sheet;
use crate::{Error, qgis};

/// Which projects to write with a GeoPackage, all with the layers that are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Projects {
    /// A `.qgz` beside the GeoPackage, of the same name.
    pub beside: bool,
    /// One in the GeoPackage, which breaks when the file is renamed.
    pub embedded: bool,
    /// Title; without it that of the first layer.
    pub title: Option<String>,
}

impl Projects {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        self.beside || self.embedded
    }

    /// The bytes of the project of `sheets` in the GeoPackage `path`.
    pub(super) fn packed(&self, path: &Path, sheets: &[Sheet]) -> Result<Vec<u8>, Error> {
        let (layers, tables): (Vec<Sheet>, Vec<Sheet>) =
            sheets.iter().copied().partition(Sheet::is_spatial);
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let title = self.title.clone().unwrap_or_else(|| of_first(sheets));
        qgis::packed(&title, &file, vec![("Layers", layers), ("Tables", tables)])
    }

    /// The name of the project in the GeoPackage: that of the file for one with a title of its own, which shows all of
    /// it, or else that of the first layer.
    pub(super) fn name(&self, path: &Path, sheets: &[Sheet]) -> String {
        let of_layer = sheets.first().filter(|_| self.title.is_none());
        let of_file = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        of_layer.map_or_else(of_file, |sheet| sheet.name.to_owned())
    }
}

fn of_first(sheets: &[Sheet]) -> String {
    let first = sheets.first();
    let words = first.map(|sheet| if sheet.title.is_empty() { sheet.name } else { sheet.title });
    words.unwrap_or_default().to_owned()
}
