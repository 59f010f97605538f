//! What QGIS reads from a GeoPackage besides the features: styles, aliases, metadata.

mod classes;
mod layout;
mod metadata;
pub(crate) mod postgis;
mod project;
mod qml;
mod sld;
mod store;
mod symbols;
mod tips;
mod xml;

use durbin_core::Error;

use crate::{geometry_type, write::Sheet};

pub(crate) use project::packed;
pub use project::{ProjectGroup, qgz};
pub(crate) use store::{
    EPOCH, forget, has_project, identifier_taken, replace_style, store, store_project,
};

/// The documents that go with one layer or table.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    style: Option<StoredStyle>,
    metadata: Option<String>,
}

impl Prepared {
    pub fn has_style(&self) -> bool {
        self.style.is_some()
    }
}

/// A style as it is stored.
#[derive(Debug)]
struct StoredStyle {
    name: String,
    qml: String,
    sld: String,
}

/// Writes the documents before the file is touched.
///
/// # Errors
/// A style that names no column, or one that holds no numbers.
pub(crate) fn prepare(sheets: &[Sheet]) -> Result<Vec<Prepared>, Error> {
    sheets
        .iter()
        .map(|sheet| Ok(Prepared { style: style(sheet)?, metadata: metadata::document(sheet) }))
        .collect()
}

fn style(sheet: &Sheet) -> Result<Option<StoredStyle>, Error> {
    /// What the column of `layer_styles` holds.
    const NAME_LENGTH: usize = 30;
    let Some(style) = sheet.style.filter(|_| sheet.is_spatial()) else {
        return Ok(None);
    };
    let classes = classes::Classes::new(style, sheet.columns)?;
    let family = geometry_type::family(sheet.geometry_type).or_else(|| first_family(sheet));
    let Some(family) = family else {
        return Ok(None);
    };
    let title = if style.title().is_empty() { style.field() } else { style.title() };
    Ok(Some(StoredStyle {
        name: title.chars().take(NAME_LENGTH).collect(),
        qml: qml::document(&classes, family, sheet.columns),
        sld: sld::document(&classes, family, sheet.name),
    }))
}

/// A layer of any geometry is drawn as its first feature is.
fn first_family(sheet: &Sheet) -> Option<geometry_type::Family> {
    let wkb = sheet.geometry.iter().flatten().next()?;
    let geometry = gdal::vector::Geometry::from_wkb(wkb).ok()?;
    geometry_type::family(&geometry_type::name(geometry.geometry_type()))
}
