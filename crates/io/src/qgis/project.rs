//! A QGIS project beside a GeoPackage: its layers with their styles, and a page to print.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
    path::Path,
};

use durbin_core::{Crs, Error as DataError, Layer, Table};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{classes::Classes, layout, qml, xml::escape};
use crate::{Error, geometry_type, write::Sheet};

/// Layers of one heading of the layer tree.
#[derive(Debug, Clone, Copy)]
pub struct ProjectGroup<'a> {
    /// The heading.
    pub name: &'a str,
    /// From top to bottom; the first layer of the first group is shown.
    pub layers: &'a [Layer],
    /// Tables without geometry.
    pub tables: &'a [Table],
}

/// The bytes of a `.qgz` project that shows what was written into the GeoPackage `file`, a path relative to the
/// project. The page to print has title, map, legend and scale bar. The same layers make the same bytes.
///
/// # Errors
/// A style that names no column or one without numbers; a container that cannot be written.
pub fn qgz(title: &str, file: &str, groups: &[ProjectGroup]) -> Result<Vec<u8>, Error> {
    packed(title, file, groups.iter().map(|group| (group.name, group.sheets())).collect())
}

impl<'a> ProjectGroup<'a> {
    fn sheets(&self) -> Vec<Sheet<'a>> {
        self.layers.iter().map(Sheet::from).chain(self.tables.iter().map(Sheet::from)).collect()
    }
}

/// The project of sheets by heading.
pub(crate) fn packed(
    title: &str,
    file: &str,
    groups: Vec<(&str, Vec<Sheet>)>,
) -> Result<Vec<u8>, Error> {
    let document = document(title, file, groups).map_err(Error::data(file))?;
    let failed = |reason: String| Error::Write { path: file.to_owned(), reason };
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut container = ZipWriter::new(Cursor::new(Vec::new()));
    container
        .start_file(format!("{stem}.qgs"), options)
        .map_err(|error| failed(error.to_string()))?;
    container.write_all(document.as_bytes()).map_err(|error| failed(error.to_string()))?;
    Ok(container.finish().map_err(|error| failed(error.to_string()))?.into_inner())
}

/// A layer or table of the project.
struct Entry<'a> {
    sheet: Sheet<'a>,
    id: String,
    /// Only one layer of areas is shown at first, since each hides those below it.
    shown: bool,
}

fn document(title: &str, file: &str, groups: Vec<(&str, Vec<Sheet>)>) -> Result<String, DataError> {
    let mut shown = false;
    let mut grouped: Vec<(&str, Vec<Entry>)> = Vec::new();
    for (name, sheets) in groups {
        let entries = sheets.into_iter().map(|sheet| {
            let first = !shown && sheet.is_spatial();
            shown |= first;
            Entry { id: format!("{}_durbin", sheet.name), sheet, shown: first }
        });
        grouped.push((name, entries.collect()));
    }
    let all = || grouped.iter().flat_map(|(_, entries)| entries);
    let crs = all().find_map(|entry| entry.sheet.crs);
    let map = all().find(|entry| entry.shown);
    let extent = map.map_or([0.0, 0.0, 1.0, 1.0], |entry| extent(entry.sheet.geometry));
    let mut layers = String::new();
    for entry in all() {
        layers += &maplayer(entry, file)?;
    }
    let [west, south, east, north] = extent;
    let srs = srs(crs);
    let units = if crs.is_some_and(|crs| crs.geographic) { "degrees" } else { "meters" };
    let legend: Vec<(&str, &str)> =
        map.iter().map(|entry| (entry.id.as_str(), legend_title(&entry.sheet))).collect();
    let mut order = String::new();
    for entry in all() {
        let _ = write!(order, "<layer id=\"{}\"/>", escape(&entry.id));
    }
    Ok(format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis projectname=\"{title}\" version=\"3.22.0\">\n<title>{title}</title>\n\
         <projectCrs>{srs}</projectCrs>\n{tree}\
         <mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\"><units>{units}</units>\
         <extent><xmin>{west}</xmin><ymin>{south}</ymin><xmax>{east}</xmax><ymax>{north}</ymax></extent>\
         <rotation>0</rotation><destinationsrs>{srs}</destinationsrs></mapcanvas>\n\
         <projectlayers>\n{layers}</projectlayers>\n\
         <layerorder>{order}</layerorder>\n\
         <properties><SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys>\
         <Paths><Absolute type=\"bool\">false</Absolute></Paths></properties>\n\
         <Layouts>\n{layout}</Layouts>\n</qgis>\n",
        title = escape(title),
        tree = tree(&grouped, file),
        layout = layout::page(title, extent, &srs, &legend),
    ))
}

fn called<'a>(sheet: &Sheet<'a>) -> &'a str {
    if sheet.title.is_empty() { sheet.name } else { sheet.title }
}

/// The words of the style, which are short, or those of the layer.
fn legend_title<'a>(sheet: &Sheet<'a>) -> &'a str {
    let style = sheet.style.map(durbin_core::Style::title).filter(|title| !title.is_empty());
    style.unwrap_or_else(|| called(sheet))
}

fn tree(groups: &[(&str, Vec<Entry>)], file: &str) -> String {
    let mut out = String::from("<layer-tree-group>\n");
    for (name, entries) in groups.iter().filter(|(_, entries)| !entries.is_empty()) {
        let _ = writeln!(
            out,
            "<layer-tree-group name=\"{}\" checked=\"Qt::Checked\" expanded=\"1\">",
            escape(name)
        );
        for entry in entries {
            let _ = writeln!(
                out,
                "<layer-tree-layer id=\"{}\" name=\"{}\" providerKey=\"ogr\" source=\"{}\" checked=\"{}\" expanded=\"{}\"/>",
                escape(&entry.id),
                escape(called(&entry.sheet)),
                escape(&source(file, entry.sheet.name)),
                if entry.shown || !entry.sheet.is_spatial() {
                    "Qt::Checked"
                } else {
                    "Qt::Unchecked"
                },
                u8::from(entry.shown),
            );
        }
        out.push_str("</layer-tree-group>\n");
    }
    out + "</layer-tree-group>\n"
}

fn source(file: &str, layer: &str) -> String {
    format!("./{file}|layername={layer}")
}

fn maplayer(entry: &Entry, file: &str) -> Result<String, DataError> {
    let sheet = &entry.sheet;
    let kind = match (sheet.is_spatial(), geometry_type::family(sheet.geometry_type)) {
        (false, _) => "No geometry",
        (true, Some(geometry_type::Family::Point)) => "Point",
        (true, Some(geometry_type::Family::Line)) => "Line",
        (true, _) => "Polygon",
    };
    let style = match (sheet.style, geometry_type::family(sheet.geometry_type)) {
        (Some(style), Some(family)) => {
            qml::elements(&Classes::new(style, sheet.columns)?, family, sheet.columns)
        }
        _ => String::new(),
    };
    let srs =
        if sheet.is_spatial() { format!("<srs>{}</srs>", srs(sheet.crs)) } else { String::new() };
    Ok(format!(
        "<maplayer type=\"vector\" geometry=\"{kind}\" wkbType=\"{}\">\n<id>{}</id>\n\
         <datasource>{}</datasource>\n<layername>{}</layername>\n{srs}\n\
         <provider encoding=\"UTF-8\">ogr</provider>\n{style}</maplayer>\n",
        wkb_type(sheet),
        escape(&entry.id),
        escape(&source(file, sheet.name)),
        escape(called(sheet)),
    ))
}

/// What QGIS calls the geometry.
fn wkb_type(sheet: &Sheet) -> String {
    if !sheet.is_spatial() {
        return "NoGeometry".to_owned();
    }
    let pascal = [
        ("MULTI", "Multi"),
        ("POLYGON", "Polygon"),
        ("LINESTRING", "LineString"),
        ("POINT", "Point"),
        (" ", ""),
    ];
    pascal.iter().fold(sheet.geometry_type.to_owned(), |name, (from, to)| name.replace(from, to))
}

fn srs(crs: Option<&Crs>) -> String {
    let Some(crs) = crs else {
        return "<spatialrefsys/>".to_owned();
    };
    let authority = crs.authority.as_ref();
    let id = authority.map_or(String::new(), |(name, code)| format!("{name}:{code}"));
    format!(
        "<spatialrefsys nativeFormat=\"Wkt\"><wkt>{}</wkt><authid>{}</authid><description>{}</description>\
         <geographicflag>{}</geographicflag></spatialrefsys>",
        escape(&crs.wkt),
        escape(&id),
        escape(&crs.name),
        crs.geographic
    )
}

/// The box around all features, with a little room.
fn extent(geometry: &[Option<Vec<u8>>]) -> [f64; 4] {
    let mut all = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for wkb in geometry.iter().flatten() {
        let Ok(geometry) = gdal::vector::Geometry::from_wkb(wkb) else { continue };
        if geometry.is_empty() {
            continue;
        }
        let envelope = geometry.envelope();
        all[0] = all[0].min(envelope.MinX);
        all[1] = all[1].min(envelope.MinY);
        all[2] = all[2].max(envelope.MaxX);
        all[3] = all[3].max(envelope.MaxY);
    }
    if all[0] > all[2] {
        return [0.0, 0.0, 1.0, 1.0];
    }
    let room = 0.03 * (all[2] - all[0]).max(all[3] - all[1]).max(f64::MIN_POSITIVE);
    [all[0] - room, all[1] - room, all[2] + room, all[3] + room]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::squares;

    #[test]
    fn a_project_names_its_layers_relative_to_itself_and_is_the_same_every_time() {
        let layers = [squares(3)];
        let groups = [ProjectGroup { name: "Hot spots & co", layers: &layers, tables: &[] }];
        let bytes = qgz("Study <1>", "study.gpkg", &groups).unwrap();
        assert_eq!(bytes, qgz("Study <1>", "study.gpkg", &groups).unwrap());
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("study.qgs") && text.contains("./study.gpkg|layername="), "{text}");
        assert!(text.contains("Study &lt;1&gt;") && text.contains("Hot spots &amp; co"));
        assert!(text.contains("<authid>EPSG:4326</authid>") && text.contains("<Layout "));
    }
}
