//! Styles in QGIS's own XML.

use std::fmt::Write as _;

use durbin_core::{Class, Column, Pattern, Rgb, Symbol};

use super::{
    classes::{Classes, Interval, Kind, NO_VALUE, NO_VALUE_SYMBOL},
    xml::escape,
};
use crate::geometry_type::Family;

/// A renderer with its symbols, and the aliases of the fields.
pub(super) fn document(classes: &Classes, family: Family, columns: &[Column]) -> String {
    let renderer = match &classes.kind {
        Kind::Single { symbol, .. } => single(*symbol, family),
        Kind::Categorised(categories) => categorised(classes, categories, family),
        Kind::Graduated(intervals) if classes.gaps => rules(classes, intervals, family),
        Kind::Graduated(intervals) => graduated(classes, intervals, family),
    };
    let geometry = match family {
        Family::Point => 0,
        Family::Line => 1,
        Family::Area => 2,
    };
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology|Fields\">\n{renderer}{}\
         <layerGeometryType>{geometry}</layerGeometryType>\n</qgis>\n",
        aliases(columns)
    )
}

fn single(symbol: Symbol, family: Family) -> String {
    let mut symbols = Symbols::new(family);
    symbols.add(symbol);
    renderer("singleSymbol", "", "", &symbols)
}

/// In QGIS the category without a value catches whatever the others leave.
fn categorised(classes: &Classes, categories: &[Class<i64>], family: Family) -> String {
    let mut entries = String::new();
    let mut symbols = Symbols::new(family);
    for category in categories {
        let symbol = symbols.add(category.symbol);
        let (value, label) = (category.value, escape(&category.label));
        let _ = writeln!(
            entries,
            "<category value=\"{value}\" type=\"long\" symbol=\"{symbol}\" label=\"{label}\" render=\"true\"/>"
        );
    }
    if classes.gaps {
        let symbol = symbols.add(NO_VALUE_SYMBOL);
        let _ = writeln!(
            entries,
            "<category value=\"\" type=\"string\" symbol=\"{symbol}\" label=\"{NO_VALUE}\" render=\"true\"/>"
        );
    }
    renderer(
        "categorizedSymbol",
        classes.field,
        &format!("<categories>\n{entries}</categories>\n"),
        &symbols,
    )
}

fn graduated(classes: &Classes, intervals: &[Interval], family: Family) -> String {
    let mut ranges = String::new();
    let mut symbols = Symbols::new(family);
    for Interval { lower, upper, label, symbol } in intervals {
        let symbol = symbols.add(*symbol);
        let label = escape(label);
        let _ = writeln!(
            ranges,
            "<range lower=\"{lower}\" upper=\"{upper}\" symbol=\"{symbol}\" label=\"{label}\" render=\"true\"/>"
        );
    }
    renderer("graduatedSymbol", classes.field, &format!("<ranges>\n{ranges}</ranges>\n"), &symbols)
}

/// QGIS's graduated renderer leaves out features without a value, rules do not.
fn rules(classes: &Classes, intervals: &[Interval], family: Family) -> String {
    let field = quoted(classes.field);
    let mut rules = String::new();
    let mut symbols = Symbols::new(family);
    let mut rule = |filter: &str, label: &str, symbol: usize| {
        let (filter, label) = (escape(filter), escape(label));
        let _ = writeln!(
            rules,
            "<rule key=\"{{class-{symbol}}}\" filter=\"{filter}\" symbol=\"{symbol}\" label=\"{label}\"/>"
        );
    };
    for Interval { lower, upper, label, symbol } in intervals {
        let symbol = symbols.add(*symbol);
        rule(&format!("{field} > {lower} AND {field} <= {upper}"), label, symbol);
    }
    rule(&format!("{field} IS NULL"), NO_VALUE, symbols.add(NO_VALUE_SYMBOL));
    renderer(
        "RuleRenderer",
        "",
        &format!("<rules key=\"{{classes}}\">\n{rules}</rules>\n"),
        &symbols,
    )
}

fn renderer(kind: &str, field: &str, classes: &str, symbols: &Symbols) -> String {
    let plain = field.chars().all(|c| c.is_alphanumeric() || c == '_');
    let expression = if plain { field.to_owned() } else { quoted(field) };
    let field =
        if field.is_empty() { String::new() } else { format!(" attr=\"{}\"", escape(&expression)) };
    format!(
        "<renderer-v2 type=\"{kind}\"{field} symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\">\n\
         {classes}<symbols>\n{}</symbols>\n</renderer-v2>\n",
        symbols.xml
    )
}

/// A field in an expression.
fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

/// Numbered symbols for one kind of geometry.
struct Symbols {
    family: Family,
    count: usize,
    xml: String,
}

impl Symbols {
    fn new(family: Family) -> Self {
        Self { family, count: 0, xml: String::new() }
    }

    fn add(&mut self, symbol: Symbol) -> usize {
        let (kind, class, properties) = match self.family {
            Family::Point => ("marker", "SimpleMarker", marker(symbol)),
            Family::Line => ("line", "SimpleLine", line(symbol)),
            Family::Area => ("fill", "SimpleFill", fill(symbol)),
        };
        let mut props = String::new();
        let mut options = String::new();
        for (name, value) in properties {
            let _ = write!(props, "<prop k=\"{name}\" v=\"{value}\"/>");
            let _ = write!(options, "<Option name=\"{name}\" type=\"QString\" value=\"{value}\"/>");
        }
        let name = self.count;
        let _ = writeln!(
            self.xml,
            "<symbol type=\"{kind}\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\
             <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\
             <Option type=\"Map\">{options}</Option>{props}</layer></symbol>"
        );
        self.count += 1;
        name
    }
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

/// A line shows its colour only when it is wider than an outline.
pub(super) const LINE_TO_OUTLINE: f64 = 5.0;
/// Diameter of a marker in millimetres.
pub(super) const MARKER_SIZE: f64 = 2.6;

fn rgba(Rgb(red, green, blue): Rgb) -> String {
    format!("{red},{green},{blue},255")
}

fn aliases(columns: &[Column]) -> String {
    let mut xml = String::new();
    for (index, column) in columns.iter().enumerate() {
        if let Some(alias) = &column.alias {
            let (field, alias) = (escape(&column.name), escape(alias));
            let _ = writeln!(xml, "<alias field=\"{field}\" index=\"{index}\" name=\"{alias}\"/>");
        }
    }
    if xml.is_empty() { xml } else { format!("<aliases>\n{xml}</aliases>\n") }
}

#[cfg(test)]
mod tests {
    use super::{super::classes::tests::graduated, *};
    use durbin_core::{Class, Style, Values};

    fn qml(style: &Style, values: Values) -> String {
        let columns = [Column::new("a \"b\"", values).alias("A & B")];
        document(&Classes::new(style, &columns).unwrap(), Family::Area, &columns)
    }

    #[test]
    fn a_layer_without_gaps_is_graduated_and_one_with_gaps_has_rules() {
        let style = graduated("a \"b\"");
        let full = qml(&style, Values::Float(vec![Some(0.1), Some(0.9)]));
        assert!(
            full.contains("graduatedSymbol\" attr=\"&quot;a &quot;&quot;b&quot;&quot;&quot;\""),
            "{full}"
        );
        assert!(full.contains("name=\"A &amp; B\""));
        let gaps = qml(&style, Values::Float(vec![Some(0.1), None]));
        assert!(
            gaps.contains("filter=\"&quot;a &quot;&quot;b&quot;&quot;&quot; IS NULL\""),
            "{gaps}"
        );
    }

    #[test]
    fn one_symbol_for_all_needs_no_column() {
        let symbol = Symbol::loud(Rgb(200, 0, 0), 0.5);
        let style = Style::Single { title: "Links".to_owned(), symbol };
        let classes = Classes::new(&style, &[]).unwrap();
        let qml = document(&classes, Family::Line, &[]);
        assert!(qml.contains("<renderer-v2 type=\"singleSymbol\" symbollevels"), "{qml}");
        assert_eq!(qml.matches("<symbol ").count(), 1);
        assert!(qml.contains("<prop k=\"line_width\" v=\"2.5\"/>"), "{qml}");
    }

    #[test]
    fn a_value_without_a_category_falls_into_the_one_for_the_rest() {
        let class = Class { value: 1, label: "one".to_owned(), symbol: NO_VALUE_SYMBOL };
        let style = Style::Categorised {
            field: "a \"b\"".to_owned(),
            title: String::new(),
            classes: vec![class],
        };
        let rest = "<category value=\"\"";
        assert!(!qml(&style, Values::Int(vec![Some(1)])).contains(rest));
        assert!(qml(&style, Values::Int(vec![Some(2)])).contains(rest));
        assert!(qml(&style, Values::Int(vec![None])).contains(rest));
    }
}
