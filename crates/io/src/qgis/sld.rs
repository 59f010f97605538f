//! Styles as Styled Layer Descriptors 1.1, for programs other than QGIS.

use std::fmt::Write as _;

use durbin_core::Symbol;

use super::{
    classes::{Classes, Interval, Kind, NO_VALUE, NO_VALUE_SYMBOL},
    symbols::{LINE_TO_OUTLINE, MARKER_SIZE},
    xml::escape,
};
use crate::geometry_type::Family;

/// Millimetres in a pixel of 0.28 mm, in which SLD measures.
const PIXEL: f64 = 0.28;

/// One rule per class of `layer`.
pub(super) fn document(classes: &Classes, family: Family, layer: &str) -> String {
    let field = format!("<ogc:PropertyName>{}</ogc:PropertyName>", escape(classes.field));
    let mut rules = String::new();
    let mut rule = |label: &str, filter: &str, symbol: Symbol| {
        let (label, symbolizer) = (escape(label), symbolizer(symbol, family));
        let _ = writeln!(
            rules,
            "<se:Rule><se:Name>{label}</se:Name><se:Description><se:Title>{label}</se:Title></se:Description>\n\
             {filter}\n{symbolizer}</se:Rule>"
        );
    };
    match &classes.kind {
        Kind::Single { label, symbol } => rule(label, "", *symbol),
        Kind::Categorised(categories) => {
            for class in *categories {
                let value = class.value;
                let filter = filter(&format!(
                    "<ogc:PropertyIsEqualTo>{field}<ogc:Literal>{value}</ogc:Literal></ogc:PropertyIsEqualTo>"
                ));
                rule(&class.label, &filter, class.symbol);
            }
        }
        Kind::Words(words) => {
            for class in *words {
                let value = escape(&class.value);
                let filter = filter(&format!(
                    "<ogc:PropertyIsEqualTo>{field}<ogc:Literal>{value}</ogc:Literal></ogc:PropertyIsEqualTo>"
                ));
                rule(&class.label, &filter, class.symbol);
            }
        }
        // The standard has no size by an expression that all programs read: circles of one size.
        Kind::Proportional { label, circles } => rule(label, "", circles.ground),
        Kind::Graduated(intervals) => {
            for Interval { lower, upper, label, symbol } in intervals {
                let filter = filter(&format!(
                    "<ogc:And><ogc:PropertyIsGreaterThan>{field}<ogc:Literal>{lower}</ogc:Literal></ogc:PropertyIsGreaterThan>\
                     <ogc:PropertyIsLessThanOrEqualTo>{field}<ogc:Literal>{upper}</ogc:Literal></ogc:PropertyIsLessThanOrEqualTo></ogc:And>"
                ));
                rule(label, &filter, *symbol);
            }
        }
    }
    if classes.gaps {
        rule(NO_VALUE, "<se:ElseFilter/>", NO_VALUE_SYMBOL);
    }
    let layer = escape(layer);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <StyledLayerDescriptor xmlns=\"http://www.opengis.net/sld\" xmlns:se=\"http://www.opengis.net/se\" \
         xmlns:ogc=\"http://www.opengis.net/ogc\" version=\"1.1.0\">\n\
         <NamedLayer><se:Name>{layer}</se:Name><UserStyle><se:Name>{layer}</se:Name><se:FeatureTypeStyle>\n{rules}\
         </se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>\n"
    )
}

fn filter(condition: &str) -> String {
    format!("<ogc:Filter>{condition}</ogc:Filter>")
}

fn symbolizer(symbol: Symbol, family: Family) -> String {
    let fill = format!("<se:Fill>{}</se:Fill>", parameter("fill", &symbol.fill.hex()));
    let outline = stroke(&symbol.outline.hex(), symbol.width);
    match family {
        Family::Area => format!("<se:PolygonSymbolizer>{fill}{outline}</se:PolygonSymbolizer>"),
        Family::Line => {
            let stroke = stroke(&symbol.fill.hex(), symbol.width * LINE_TO_OUTLINE);
            format!("<se:LineSymbolizer>{stroke}</se:LineSymbolizer>")
        }
        Family::Point => format!(
            "<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName>{fill}{outline}</se:Mark>\
             <se:Size>{:.1}</se:Size></se:Graphic></se:PointSymbolizer>",
            MARKER_SIZE / PIXEL
        ),
    }
}

fn stroke(colour: &str, millimetres: f64) -> String {
    let width = format!("{:.2}", millimetres / PIXEL);
    format!(
        "<se:Stroke>{}{}</se:Stroke>",
        parameter("stroke", colour),
        parameter("stroke-width", &width)
    )
}

fn parameter(name: &str, value: &str) -> String {
    format!("<se:SvgParameter name=\"{name}\">{value}</se:SvgParameter>")
}
