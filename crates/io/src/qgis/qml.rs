//! Styles in QGIS's own XML.

use std::fmt::{Display, Write as _};

use durbin_core::{Class, Column, Symbol, size_samples};

use super::{
    classes::{Circles, Classes, Interval, Kind, NO_VALUE, NO_VALUE_SYMBOL},
    symbols::Symbols,
    tips,
    xml::escape,
};
use crate::geometry_type::Family;

/// A style as a document of its own.
pub(super) fn document(classes: &Classes, family: Family, columns: &[Column]) -> String {
    let elements = elements(classes, family, columns);
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology|Fields|MapTips|Temporal\">\n{elements}</qgis>\n"
    )
}

/// A renderer with its symbols, the aliases of the fields and what shows when the pointer rests on a feature.
pub(super) fn elements(classes: &Classes, family: Family, columns: &[Column]) -> String {
    let renderer = match &classes.kind {
        Kind::Single { symbol, .. } => single(*symbol, family),
        Kind::Proportional { circles, label } => {
            proportional(classes.field, *circles, label, family)
        }
        Kind::Categorised(categories) => categorised(classes, categories, "long", family),
        Kind::Words(words) => categorised(classes, words, "QString", family),
        Kind::Graduated(intervals) if classes.gaps => rules(classes, intervals, family),
        Kind::Graduated(intervals) => graduated(classes, intervals, family),
    };
    let geometry = match family {
        Family::Point => 0,
        Family::Line => 1,
        Family::Area => 2,
    };
    let (aliases, tip) = (aliases(columns), tips::map_tip(classes.field, columns));
    let time = tips::time(columns);
    format!("{renderer}{aliases}{tip}{time}<layerGeometryType>{geometry}</layerGeometryType>\n")
}

fn single(symbol: Symbol, family: Family) -> String {
    let mut symbols = Symbols::new(family);
    symbols.add(symbol);
    renderer("singleSymbol", "", "", &symbols)
}

/// One rule draws everything. Those below it draw nothing: they are the legend of sizes, for which QGIS has no other
/// means over areas.
fn proportional(field: &str, circles: Circles, label: &str, family: Family) -> String {
    let mut symbols = Symbols::new(family);
    let drawn = symbols.add_circles(&quoted(field), circles);
    let mut rules = String::new();
    let mut rule = |filter: &str, label: &str, symbol: usize| {
        let _ = writeln!(
            rules,
            "<rule key=\"{{size-{symbol}}}\"{filter} symbol=\"{symbol}\" label=\"{}\"/>",
            escape(label)
        );
    };
    rule("", label, drawn);
    for value in size_samples(circles.most) {
        let diameter = circles.diameter * (value / circles.most).sqrt();
        let symbol = symbols.add_marker(circles.circle, diameter);
        rule(" filter=\"FALSE\"", &value.to_string(), symbol);
    }
    let rules = format!("<rules key=\"{{sizes}}\">\n{rules}</rules>\n");
    // Circles lie over all areas, not only over those that are drawn before them.
    renderer("RuleRenderer", "", &rules, &symbols).replacen(
        "symbollevels=\"0\"",
        "symbollevels=\"1\"",
        1,
    )
}

/// In QGIS the category without a value catches whatever the others leave.
fn categorised<T: Display>(
    classes: &Classes,
    categories: &[Class<T>],
    value_type: &str,
    family: Family,
) -> String {
    let mut entries = String::new();
    let mut symbols = Symbols::new(family);
    for category in categories {
        let symbol = symbols.add(category.symbol);
        let (value, label) = (escape(&category.value.to_string()), escape(&category.label));
        let _ = writeln!(
            entries,
            "<category value=\"{value}\" type=\"{value_type}\" symbol=\"{symbol}\" label=\"{label}\" render=\"true\"/>"
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
pub(super) fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
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
    use durbin_core::{Class, Rgb, Style, Values};

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

    #[test]
    fn circles_grow_with_the_root_of_the_value_and_a_missing_one_has_none() {
        let symbol = Symbol::area(Rgb(1, 2, 3));
        let style = Style::Proportional {
            field: "a \"b\"".to_owned(),
            title: "people".to_owned(),
            most: 16.0,
            diameter: 12.0,
            circle: symbol,
            ground: symbol,
        };
        let qml = qml(&style, Values::Float(vec![Some(16.0), None]));
        let size = "coalesce(12 * sqrt(max(&quot;a &quot;&quot;b&quot;&quot;&quot;, 0) / 16), 0)";
        assert!(qml.contains(size) && qml.contains("symbollevels=\"1\""), "{qml}");
        // A legend of sizes: a circle of ten, a little smaller than that of 16, and rules that draw nothing.
        assert!(qml.contains("filter=\"FALSE\" symbol=\"1\" label=\"10\""), "{qml}");
        assert!(qml.contains("k=\"size\" v=\"9.487\""), "{qml}");
        assert_eq!(qml.matches("<rule key=\"{size-").count(), 4);
    }

    #[test]
    fn words_are_categories_and_one_without_a_class_falls_to_the_rest() {
        let class = |word: &str| Class {
            value: word.to_owned(),
            label: word.to_owned(),
            symbol: NO_VALUE_SYMBOL,
        };
        let style = Style::Words {
            field: "a \"b\"".to_owned(),
            title: String::new(),
            classes: vec![class("湖南 & co")],
        };
        let words = |words: &[&str]| {
            Values::Text(words.iter().map(|word| Some((*word).to_owned())).collect())
        };
        let all = qml(&style, words(&["湖南 & co"]));
        assert!(
            all.contains("value=\"湖南 &amp; co\" type=\"QString\"") && !all.contains("no value")
        );
        assert!(qml(&style, words(&["湖南 & co", "x"])).contains("no value"));
    }
}
