//! Maps as SVG: classes of one value per unit, one map or several that share their classes, with proportional
//! symbols and names where asked for.

mod circles;
mod frame;
mod furniture;
mod geometry;
mod labels;
mod layout;
mod legend;
mod pixels;
mod shapes;
mod simplify;

use durbin_core::Style;
use geo_types::Geometry;

use crate::svg::{Canvas, FAINT, INK, Type, px};
use circles::Circles;
use frame::Extent;
use geometry::Drawing;
use layout::Layout;
use legend::Legend;

/// What a map shows: `n` shapes, each with a value per panel that decides its class.
#[derive(Debug, Clone)]
pub struct Map<'a> {
    /// Headline.
    pub title: &'a str,
    /// A line under it.
    pub subtitle: Option<&'a str>,
    /// Planar shapes, `n` of them, already projected so that both axes have the same unit.
    pub shapes: &'a [Option<Geometry<f64>>],
    /// One map each, all with the classes of `style`.
    pub panels: &'a [Panel<'a>],
    /// The name of each shape, shown when the pointer rests on it.
    pub names: &'a [String],
    /// Names written on the map where they have room; none when empty.
    pub labels: &'a [String],
    /// Legend title of the circles of the panels, whose areas are proportional to a value, on one scale; `None`
    /// draws none.
    pub circles: Option<&'a str>,
    /// How many panels stand side by side; as many as fit without it.
    pub columns: Option<usize>,
    /// Classes, their words and colours.
    pub style: &'a Style,
    /// Metres in one unit of the shapes, for the scale bar; `None` when unknown, which leaves it out.
    pub metres_per_unit: Option<f64>,
    /// Footnote, such as source and projection.
    pub note: Option<&'a str>,
}

/// One map of a page.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    /// Above the map, where there are several.
    pub heading: &'a str,
    /// The value of each of the `n` shapes, `None` where missing.
    pub values: &'a [Option<f64>],
    /// The value of each shape's circle; those missing or not positive have none. Empty without circles.
    pub circles: &'a [Option<f64>],
}

/// A finished map, and what had no room on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The picture.
    pub svg: String,
    /// Names that would have lain outside their shape or over another.
    pub labels_left_out: usize,
    /// Whether shapes too small and too many to be told apart share pixels, without borders and without
    /// names under the pointer.
    pub simplified: bool,
    /// Units per legend entry, entries in order, over all panels: classes, outside the classes, no value.
    pub counts: Vec<(String, usize)>,
}

pub(crate) const WIDTH: f64 = 960.0;
const MARGIN: f64 = 28.0;
const SIDE: f64 = 244.0;
const GAP: f64 = 22.0;
const SIDE_LEFT: f64 = WIDTH - MARGIN - SIDE;
const MAP_WIDTH: f64 = SIDE_LEFT - GAP - MARGIN;
/// Pixels in a millimetre at 96 dots per inch, the unit of [`Symbol::width`](durbin_core::Symbol).
const PX_PER_MM: f64 = 96.0 / 25.4;
/// More shapes than this are drawn simplified.
const MANY: usize = 20_000;

/// The map as SVG, as [`draw`] makes it.
pub fn svg(map: &Map) -> String {
    draw(map).svg
}

/// The map as SVG, 960 wide: the shapes at equal scale and coloured by class, at their side the legend with the
/// number of units in each class, a scale bar and north, underneath the footnote. Several panels share legend,
/// scale and frame. A shape's name and class show when the pointer rests on it. Borders are thinned to what the
/// eye can tell apart at twice this size; neighbours keep sharing them. A unit without shape is counted in the
/// footnote.
///
/// Above 20 000 shapes those within two pixels are merged: each pixel has the class of most of the shapes in
/// it, and nothing shows under the pointer.
pub fn draw(map: &Map) -> Drawn {
    let mut canvas = Canvas::default();
    let top = header(&mut canvas, map);

    let legend = Legend::new(map);
    let several = map.panels.len() > 1;
    let (extent, panels) = (Extent::of(map.shapes), map.panels.len());
    let layout = Layout::new(extent, panels, several, MAP_WIDTH, map.columns);
    let frame = layout.frame;
    let circles = map.circles.and_then(|title| Circles::new(title, map.panels, frame.width()));
    let scale = furniture::Scale::new(map, &frame);
    let side_height = legend.height(SIDE)
        + circles.map_or(0.0, |circles| circles.height(SIDE))
        + scale.map_or(0.0, |_| furniture::HEIGHT);
    let height = layout.height().max(side_height);

    let simplified = map.shapes.len() > MANY;
    let drawing = Drawing::new(map.shapes, &frame, !simplified);
    let (placed, labels_left_out) =
        if map.labels.is_empty() { (Vec::new(), 0) } else { drawing.labels(map.labels, &frame) };
    let marks = shapes::Marks::new(&drawing, map, &mut canvas);
    for at in 0..map.panels.len().max(1) {
        let (left, down) = layout.panel(at);
        let (left, down) = (MARGIN + left, top + (height - layout.height()) / 2.0 + down);
        if let (true, Some(panel)) = (several, map.panels.get(at)) {
            let style = Type::new(13.5, INK).bold();
            canvas.line(left, down + 15.0, frame.width(), style, panel.heading);
        }
        let down = down + layout.heading();
        canvas.add(&format!("<g transform=\"translate({} {})\">", px(left), px(down)));
        marks.draw(&mut canvas, map, &legend, &frame, at);
        if let (Some(circles), Some(panel)) = (circles, map.panels.get(at)) {
            canvas.add(&circles.draw(panel.circles, &drawing.middles(), map.names));
        }
        if !placed.is_empty() {
            canvas.add(&labels::draw(&placed, map.labels));
        }
        canvas.add("</g>");
    }
    let mut side = legend.draw(&mut canvas, SIDE_LEFT, top, SIDE);
    if let Some(circles) = circles {
        side += 10.0;
        circles.legend(&mut canvas, SIDE_LEFT, side, SIDE);
    }
    if let Some(scale) = scale {
        scale.draw(&mut canvas, SIDE_LEFT, top + height, SIDE);
    }
    let bottom = footer(&mut canvas, map, simplified, top + height + 16.0);
    Drawn {
        svg: canvas.finish(WIDTH, bottom + 14.0, &legend.spoken(map.title)),
        labels_left_out,
        simplified,
        counts: legend.counts(),
    }
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

fn footer(canvas: &mut Canvas, map: &Map, simplified: bool, top: f64) -> f64 {
    let without = map.shapes.iter().filter(|shape| shape.is_none()).count();
    let mut words: Vec<String> = map.note.iter().map(|note| (*note).to_owned()).collect();
    if without > 0 {
        words.push(format!("Not drawn, having no geometry: {without}."));
    }
    if simplified {
        words.push(
            "Shapes of less than two pixels share pixels: the class of most of them.".to_owned(),
        );
    }
    let style = Type::new(11.5, FAINT);
    canvas.paragraph(MARGIN, top, WIDTH - 2.0 * MARGIN, style, &words.join(" "))
}

#[cfg(test)]
mod tests;
