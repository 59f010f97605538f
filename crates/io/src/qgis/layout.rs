//! A page to print, A4 across: title, map, legend, scale bar.

use std::fmt::Write as _;

use super::xml::escape;

/// Millimetres.
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

const MAP: Place = Place { x: 10.0, y: 22.0, width: 205.0, height: 170.0 };

/// The layout of a project whose map shows `extent`; `legend` holds the id and title of the layers in it.
pub(super) fn page(title: &str, extent: [f64; 4], srs: &str, legend: &[(&str, &str)]) -> String {
    let [west, south, east, north] = fitted(extent);
    let page = item(65638, "page", &Place { x: 0.0, y: 0.0, width: 297.0, height: 210.0 }, "", "");
    let map = item(
        65639,
        "map",
        &MAP,
        "followPreset=\"false\" keepLayerSet=\"false\" frame=\"false\" mapRotation=\"0\"",
        &format!(
            "<Extent xmin=\"{west}\" ymin=\"{south}\" xmax=\"{east}\" ymax=\"{north}\"/>{}",
            srs.replace("<spatialrefsys", "<crs><spatialrefsys")
                .replace("</spatialrefsys>", "</spatialrefsys></crs>")
        ),
    );
    let heading = item(
        65641,
        "title",
        &Place { x: 10.0, y: 8.0, width: 277.0, height: 12.0 },
        &format!("labelText=\"{}\" htmlState=\"0\" valign=\"128\" halign=\"1\"", escape(title)),
        &font("LabelFont", 18),
    );
    let mut layers = String::new();
    for (id, name) in legend {
        let (id, name) = (escape(id), escape(name));
        let _ = write!(
            layers,
            "<layer-tree-layer id=\"{id}\" name=\"{name}\" checked=\"Qt::Checked\" expanded=\"1\"/>"
        );
    }
    let mut styles = String::new();
    for (name, size) in [("group", 11), ("subgroup", 11), ("symbolLabel", 9)] {
        let font = font("styleFont", size);
        let _ = write!(
            styles,
            "<style name=\"{name}\" alignment=\"1\" marginTop=\"2\" marginLeft=\"2\">{font}</style>"
        );
    }
    let legend = item(
        65642,
        "legend",
        &Place { x: 220.0, y: 22.0, width: 70.0, height: 80.0 },
        "title=\"\" columnCount=\"1\" resizeToContents=\"1\" map_uuid=\"{map}\" legendFilterByAtlas=\"0\"",
        &format!("<layer-tree-group>{layers}</layer-tree-group><styles>{styles}</styles>"),
    );
    let bar = item(
        65646,
        "scale bar",
        &Place { x: 220.0, y: 178.0, width: 60.0, height: 14.0 },
        "style=\"Single Box\" unitType=\"km\" unitLabel=\"km\" numMapUnitsPerScaleBarUnit=\"1\" \
         numSegments=\"2\" numSegmentsLeft=\"0\" segmentSizeMode=\"1\" minBarWidth=\"20\" maxBarWidth=\"50\" \
         height=\"2\" mapUuid=\"{map}\"",
        "",
    );
    format!(
        "<Layout name=\"Map\" units=\"mm\" printResolution=\"300\" worldFileMap=\"{{map}}\">\n\
         <PageCollection>{page}</PageCollection>\n{map}{heading}{legend}{bar}</Layout>\n"
    )
}

fn item(kind: u32, id: &str, place: &Place, attributes: &str, inside: &str) -> String {
    let Place { x, y, width, height } = place;
    let uuid = id.replace(' ', "_");
    format!(
        "<LayoutItem type=\"{kind}\" id=\"{id}\" uuid=\"{{{uuid}}}\" templateUuid=\"{{{uuid}}}\" \
         position=\"{x},{y},mm\" positionOnPage=\"{x},{y},mm\" size=\"{width},{height},mm\" referencePoint=\"0\" \
         visibility=\"1\" {attributes}>{inside}</LayoutItem>\n"
    )
}

/// A size alone: a face that is not installed would raise a warning.
fn font(element: &str, points: u32) -> String {
    format!("<{element} description=\",{points},-1,5,50,0,0,0,0,0\" style=\"\"/>")
}

/// The extent widened to the shape of the map.
fn fitted([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    let (across, down) = (east - west, north - south);
    let wanted = MAP.width / MAP.height;
    if across < down * wanted {
        let more = (down * wanted - across) / 2.0;
        [west - more, south, east + more, north]
    } else {
        let more = (across / wanted - down) / 2.0;
        [west, south - more, east, north + more]
    }
}
