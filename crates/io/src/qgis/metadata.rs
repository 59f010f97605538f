//! Metadata as QGIS keeps it: title, abstract and history.

use std::fmt::Write as _;

use super::xml::escape;
use crate::write::Sheet;

/// The standard that the GeoPackage names for such a document, and by which QGIS finds it.
pub(super) const STANDARD: &str = "http://mrcc.com/qgis.dtd";

/// The document of a layer that has metadata.
pub(super) fn document(sheet: &Sheet) -> Option<String> {
    let metadata = sheet.metadata?;
    if metadata.title.is_empty() && metadata.description.is_empty() && metadata.history.is_empty() {
        return None;
    }
    let mut history = String::new();
    for entry in &metadata.history {
        let _ = writeln!(history, "<history>{}</history>", escape(entry));
    }
    Some(format!(
        "<!DOCTYPE qgis PUBLIC '{STANDARD}' 'SYSTEM'>\n<qgis version=\"3.22.0\">\n\
         <identifier>{}</identifier>\n<type>dataset</type>\n<title>{}</title>\n<abstract>{}</abstract>\n{history}</qgis>\n",
        escape(sheet.name),
        escape(&metadata.title),
        escape(&metadata.description),
    ))
}
