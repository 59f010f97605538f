//! A choropleth of one value per unit as SVG.

mod frame;
mod furniture;
mod geometry;
mod legend;
mod simplify;

use durbin_core::Style;
use geo_types::Geometry;

use crate::{
    escape::xml,
    number::{fixed, typeset},
    svg::{Canvas, FAINT, INK, Type, px},
};
use frame::Frame;
use geometry::Drawing;
use legend::{Entry, Legend};

/// What a map shows: `n` shapes, each with a value that decides its class.
#[derive(Debug, Clone)]
pub struct Map<'a> {
    /// Headline.
    pub title: &'a str,
    /// A line under it.
    pub subtitle: Option<&'a str>,
    /// Planar shapes, `n` of them, already projected so that both axes have the same unit.
    pub shapes: &'a [Option<Geometry<f64>>],
    /// The value of each shape, `None` where missing.
    pub values: &'a [Option<f64>],
    /// The name of each shape, shown when the pointer rests on it.
    pub names: &'a [String],
    /// Classes, their words and colours.
    pub style: &'a Style,
    /// Metres in one unit of the shapes, for the scale bar; `None` when unknown, which leaves it out.
    pub metres_per_unit: Option<f64>,
    /// Footnote, such as source and projection.
    pub note: Option<&'a str>,
}

pub(crate) const WIDTH: f64 = 960.0;
const MARGIN: f64 = 28.0;
const SIDE: f64 = 244.0;
const GAP: f64 = 22.0;
const SIDE_LEFT: f64 = WIDTH - MARGIN - SIDE;
const MAP_WIDTH: f64 = SIDE_LEFT - GAP - MARGIN;
/// Pixels in a millimetre at 96 dots per inch, the unit of [`Symbol::width`](durbin_core::Symbol).
const PX_PER_MM: f64 = 96.0 / 25.4;

/// The map as SVG, 960 wide: the shapes at equal scale and coloured by class, at their side the legend with the
/// number of units in each class, a scale bar and north, underneath the footnote. A shape's name and class show
/// when the pointer rests on it. Borders are thinned to what the eye can tell apart at twice this size;
/// neighbours keep sharing them. A unit without shape is counted in the footnote.
pub fn svg(map: &Map) -> String {
    let mut canvas = Canvas::default();
    let top = header(&mut canvas, map);

    let legend = Legend::new(map);
    let frame = Frame::fit(map.shapes, MAP_WIDTH);
    let scale = furniture::Scale::new(map, &frame);
    let side_height = legend.height(SIDE) + scale.map_or(0.0, |_| furniture::HEIGHT);
    let height = frame.height().max(side_height);

    let offset = (MARGIN, top + (height - frame.height()) / 2.0);
    canvas.add(&format!("<g transform=\"translate({} {})\">", px(offset.0), px(offset.1)));
    shapes(&mut canvas, map, &legend, &frame);
    canvas.add("</g>");
    legend.draw(&mut canvas, SIDE_LEFT, top, SIDE);
    if let Some(scale) = scale {
        scale.draw(&mut canvas, SIDE_LEFT, top + height, SIDE);
    }
    let bottom = footer(&mut canvas, map, top + height + 16.0);
    canvas.finish(WIDTH, bottom + 14.0, &legend.spoken(map.title))
}

fn header(canvas: &mut Canvas, map: &Map) -> f64 {
    let width = WIDTH - 2.0 * MARGIN;
    let title = Type::new(21.0, INK).bold();
    let mut y = canvas.paragraph(MARGIN, 20.0, width, title, map.title);
    if let Some(subtitle) = map.subtitle {
        y = canvas.paragraph(MARGIN, y + 1.0, width, Type::new(14.0, FAINT), subtitle);
    }
    y + 18.0
}

fn footer(canvas: &mut Canvas, map: &Map, top: f64) -> f64 {
    let without = map.shapes.iter().filter(|shape| shape.is_none()).count();
    let mut words: Vec<String> = map.note.iter().map(|note| (*note).to_owned()).collect();
    if without > 0 {
        words.push(format!("Not drawn, having no geometry: {without}."));
    }
    let style = Type::new(11.5, FAINT);
    canvas.paragraph(MARGIN, top, WIDTH - 2.0 * MARGIN, style, &words.join(" "))
}

fn shapes(canvas: &mut Canvas, map: &Map, legend: &Legend, frame: &Frame) {
    let drawing = Drawing::new(map.shapes, frame);
    // Tenths of a pixel throughout, so that coordinates are short whole numbers.
    canvas.add("<g transform=\"scale(0.1)\" stroke-linejoin=\"round\" fill-rule=\"evenodd\">");
    for (at, entry) in legend.entries.iter().enumerate() {
        let width = px(entry.symbol.width * PX_PER_MM * 10.0);
        let (fill, stroke) = (entry.symbol.fill.hex(), entry.symbol.outline.hex());
        canvas.add(&format!("<g fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width}\">"));
        for feature in (0..map.shapes.len()).filter(|&feature| legend.class[feature] == at) {
            if let Some(marks) = drawing.marks(feature, &fill) {
                let title = title(map, feature, entry);
                canvas.add(&format!("<g><title>{}</title>{marks}</g>", xml(&title)));
            }
        }
        canvas.add("</g>");
    }
    canvas.add("</g>");
}

fn title(map: &Map, feature: usize, entry: &Entry) -> String {
    let name = map.names.get(feature).map_or("", String::as_str);
    let value = map.values.get(feature).copied().flatten();
    let words = match (map.style, value) {
        (Style::Graduated { .. }, Some(value)) => {
            format!("{} ({})", typeset(&fixed(value, 4)), entry.label)
        }
        _ => entry.label.clone(),
    };
    if name.is_empty() { words } else { format!("{name}: {words}") }
}

#[cfg(test)]
mod tests;
