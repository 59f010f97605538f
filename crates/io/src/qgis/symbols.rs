//! Symbols of QGIS.

use std::fmt::Write as _;

use durbin_core::{Pattern, Rgb, Symbol};

use super::{classes::Circles, xml::escape};
use crate::geometry_type::Family;

/// Numbered symbols for one kind of geometry.
pub(super) struct Symbols {
    family: Family,
    count: usize,
    pub(super) xml: String,
}

impl Symbols {
    pub(super) fn new(family: Family) -> Self {
        Self { family, count: 0, xml: String::new() }
    }

    pub(super) fn add(&mut self, symbol: Symbol) -> usize {
        let (kind, class, properties) = match self.family {
            Family::Point => ("marker", "SimpleMarker", marker(symbol)),
            Family::Line => ("line", "SimpleLine", line(symbol)),
            Family::Area => ("fill", "SimpleFill", fill(symbol)),
        };
        let layer = layer(class, 0, &properties, "");
        self.push(kind, &layer, 1.0)
    }

    /// Circles whose areas are proportional to the number `value` (an expression), over areas or on points.
    pub(super) fn add_circles(&mut self, value: &str, circles: Circles) -> usize {
        let Circles { most, diameter, circle, ground } = circles;
        // A circle too small to be seen still says that there is something.
        let size = format!("coalesce({diameter} * sqrt(max({value}, 0) / {most}), 0)");
        let circle = layer("SimpleMarker", 1, &marker(circle), &by_expression("size", &size));
        if self.family != Family::Area {
            return self.push("marker", &circle, 1.0);
        }
        let name = self.count;
        let centroid = [
            ("clip_points", "0".to_owned()),
            ("point_on_all_parts", "0".to_owned()),
            ("point_on_surface", "1".to_owned()),
        ];
        let sub = format!(
            "<symbol type=\"marker\" name=\"@{name}@1\" alpha=\"{OVER}\" clip_to_extent=\"1\" force_rhr=\"0\">{circle}</symbol>"
        );
        let ground = layer("SimpleFill", 0, &fill(ground), "");
        let over = layer("CentroidFill", 1, &centroid, &sub);
        self.push("fill", &(ground + &over), 1.0)
    }

    /// A circle of a fixed diameter in millimetres, as it lies over areas or stands on points.
    pub(super) fn add_marker(&mut self, symbol: Symbol, diameter: f64) -> usize {
        let mut properties = marker(symbol);
        for (name, value) in &mut properties {
            if *name == "size" {
                *value = format!("{diameter:.3}");
            }
        }
        let circle = layer("SimpleMarker", 0, &properties, "");
        let alpha = if self.family == Family::Area { OVER } else { 1.0 };
        self.push("marker", &circle, alpha)
    }

    fn push(&mut self, kind: &str, layers: &str, alpha: f64) -> usize {
        let name = self.count;
        let _ = writeln!(
            self.xml,
            "<symbol type=\"{kind}\" name=\"{name}\" alpha=\"{alpha}\" clip_to_extent=\"1\" force_rhr=\"0\">{layers}</symbol>"
        );
        self.count += 1;
        name
    }
}

/// A symbol layer: QGIS before 3.26 reads the one form of properties, later ones the other.
fn layer(class: &str, pass: u8, properties: &[(&'static str, String)], inside: &str) -> String {
    let mut props = String::new();
    let mut options = String::new();
    for (name, value) in properties {
        let _ = write!(props, "<prop k=\"{name}\" v=\"{value}\"/>");
        let _ = write!(options, "<Option name=\"{name}\" type=\"QString\" value=\"{value}\"/>");
    }
    format!(
        "<layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"{pass}\">\
         <Option type=\"Map\">{options}</Option>{props}{inside}</layer>"
    )
}

/// A property that follows an expression.
fn by_expression(property: &str, expression: &str) -> String {
    let expression = escape(expression);
    format!(
        "<data_defined_properties><Option type=\"Map\"><Option name=\"name\" type=\"QString\" value=\"\"/>\
         <Option name=\"properties\" type=\"Map\"><Option name=\"{property}\" type=\"Map\">\
         <Option name=\"active\" type=\"bool\" value=\"true\"/>\
         <Option name=\"expression\" type=\"QString\" value=\"{expression}\"/>\
         <Option name=\"type\" type=\"int\" value=\"3\"/></Option></Option>\
         <Option name=\"type\" type=\"QString\" value=\"collection\"/></Option></data_defined_properties>"
    )
}

type Properties = Vec<(&'static str, String)>;

fn fill(symbol: Symbol) -> Properties {
    let hatched = symbol.pattern == Pattern::Hatched;
    vec![
        ("color", rgba(symbol.fill)),
        ("style", if hatched { "b_diagonal" } else { "solid" }.to_owned()),
        ("outline_color", rgba(symbol.outline)),
        ("outline_style", "solid".to_owned()),
        ("outline_width", symbol.width.to_string()),
        ("outline_width_unit", "MM".to_owned()),
        ("joinstyle", "bevel".to_owned()),
    ]
}

fn line(symbol: Symbol) -> Properties {
    let dashed = symbol.pattern == Pattern::Hatched;
    vec![
        ("line_color", rgba(symbol.fill)),
        ("line_style", if dashed { "dash" } else { "solid" }.to_owned()),
        ("line_width", (symbol.width * LINE_TO_OUTLINE).to_string()),
        ("line_width_unit", "MM".to_owned()),
        ("capstyle", "round".to_owned()),
        ("joinstyle", "round".to_owned()),
    ]
}

fn marker(symbol: Symbol) -> Properties {
    let hollow = symbol.pattern == Pattern::Hatched;
    let transparent = "255,255,255,0".to_owned();
    vec![
        ("name", "circle".to_owned()),
        ("color", if hollow { transparent } else { rgba(symbol.fill) }),
        ("outline_color", rgba(symbol.outline)),
        ("outline_style", "solid".to_owned()),
        ("outline_width", symbol.width.to_string()),
        ("outline_width_unit", "MM".to_owned()),
        ("size", MARKER_SIZE.to_string()),
        ("size_unit", "MM".to_owned()),
    ]
}

/// Opacity of circles over areas.
const OVER: f64 = 0.75;
/// A line shows its colour only when it is wider than an outline.
pub(super) const LINE_TO_OUTLINE: f64 = 5.0;
/// Diameter of a marker in millimetres.
pub(super) const MARKER_SIZE: f64 = 2.6;

fn rgba(Rgb(red, green, blue): Rgb) -> String {
    format!("{red},{green},{blue},255")
}
