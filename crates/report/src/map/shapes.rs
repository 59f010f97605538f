//! The shapes of each panel in the colours of their classes.

use durbin_core::Style;

use super::{
    Map, PX_PER_MM,
    frame::Frame,
    geometry::Drawing,
    legend::{Entry, Legend},
    pixels::{Pixels, SMALL},
};
use crate::{
    escape::xml,
    number::{fixed, typeset},
    svg::{Canvas, px},
};

/// How features are put into every panel.
pub(super) enum Marks<'a> {
    /// Elements of each feature.
    Own(&'a Drawing),
    /// Elements defined once, and used in every panel by this name and the feature's number.
    Shared(String, Vec<bool>),
    /// Too many to be told apart.
    Many(&'a Drawing),
}

impl<'a> Marks<'a> {
    pub(super) fn new(drawing: &'a Drawing, map: &Map, canvas: &mut Canvas) -> Self {
        if !drawing.has_borders() {
            return Self::Many(drawing);
        }
        // Lines carry the colour of their class, so that every panel has its own.
        if map.panels.len() < 2 || drawing.has_lines() {
            return Self::Own(drawing);
        }
        let name = name(map);
        let mut drawn = Vec::with_capacity(map.shapes.len());
        canvas.add("<defs>");
        for feature in 0..map.shapes.len() {
            let marks = drawing.marks(feature, "");
            drawn.push(marks.is_some());
            if let Some(marks) = marks {
                canvas.add(&format!("<g id=\"{name}{feature}\">{marks}</g>"));
            }
        }
        canvas.add("</defs>");
        Self::Shared(name, drawn)
    }

    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        map: &Map,
        legend: &Legend,
        frame: &Frame,
        panel: usize,
    ) {
        // Tenths of a pixel throughout, so that coordinates are short whole numbers.
        canvas.add("<g transform=\"scale(0.1)\" stroke-linejoin=\"round\" fill-rule=\"evenodd\">");
        if let Self::Many(drawing) = self {
            many(canvas, drawing, legend, frame, panel);
        } else {
            let thin = thinner(map.shapes.len(), frame);
            for (at, entry) in legend.entries.iter().enumerate() {
                let width = px(entry.symbol.width * PX_PER_MM * 10.0 * thin);
                let (fill, stroke) = (entry.symbol.fill.hex(), entry.symbol.outline.hex());
                canvas.add(&format!(
                    "<g fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width}\">"
                ));
                for feature in (0..map.shapes.len()).filter(|&f| legend.class[panel][f] == at) {
                    if let Some(marks) = self.of(feature, &fill) {
                        let title = title(map, panel, feature, entry);
                        canvas.add(&format!("<g><title>{}</title>{marks}</g>", xml(&title)));
                    }
                }
                canvas.add("</g>");
            }
        }
        canvas.add("</g>");
    }

    fn of(&self, feature: usize, fill: &str) -> Option<String> {
        match self {
            Self::Own(drawing) | Self::Many(drawing) => drawing.marks(feature, fill),
            Self::Shared(name, drawn) => {
                drawn[feature].then(|| format!("<use href=\"#{name}{feature}\"/>"))
            }
        }
    }
}

/// How much thinner outlines are where shapes are small, so that colours and not outlines make the picture.
fn thinner(shapes: usize, frame: &Frame) -> f64 {
    const ROOMY: f64 = 12.0;
    let side = (frame.width() * frame.height() / shapes.max(1) as f64).sqrt();
    (side / ROOMY).clamp(0.2, 1.0)
}

/// Small shapes by pixels, the others over them without names.
fn many(canvas: &mut Canvas, drawing: &Drawing, legend: &Legend, frame: &Frame, panel: usize) {
    let class = &legend.class[panel];
    let mut pixels = Pixels::new(frame.width(), frame.height(), legend.entries.len());
    let mut large: Vec<Vec<usize>> = vec![Vec::new(); legend.entries.len()];
    for (feature, &class) in class.iter().enumerate() {
        match drawing.bounds(feature) {
            Some((low, high)) if high.0 - low.0 <= SMALL && high.1 - low.1 <= SMALL => {
                pixels.paint(low, high, class);
            }
            Some(_) => large[class].push(feature),
            None => {}
        }
    }
    for (entry, path) in legend.entries.iter().zip(pixels.paths()) {
        if !path.is_empty() {
            let fill = entry.symbol.fill.hex();
            canvas.add(&format!(
                "<path fill=\"{fill}\" shape-rendering=\"crispEdges\" d=\"{path}\"/>"
            ));
        }
    }
    for (entry, features) in legend.entries.iter().zip(large) {
        let fill = entry.symbol.fill.hex();
        // An outline of its own colour closes the hairlines between neighbours.
        canvas.add(&format!("<g fill=\"{fill}\" stroke=\"{fill}\" stroke-width=\"2\">"));
        for feature in features {
            if let Some(marks) = drawing.marks(feature, &fill) {
                canvas.add(&marks);
            }
        }
        canvas.add("</g>");
    }
}

/// A name that two maps of one page are unlikely to share (Fowler, Noll & Vo's hash, 1a).
fn name(map: &Map) -> String {
    let words = std::iter::once(map.title).chain(map.panels.iter().map(|panel| panel.heading));
    let bytes = words.flat_map(str::bytes);
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("u{:x}-", hash & 0xffff_ffff)
}

fn title(map: &Map, panel: usize, feature: usize, entry: &Entry) -> String {
    let name = map.names.get(feature).map_or("", String::as_str);
    let value = map.panels.get(panel).and_then(|p| p.values.get(feature).copied().flatten());
    let words = match (map.style, value) {
        (Style::Graduated { .. }, Some(value)) => {
            format!("{} ({})", typeset(&fixed(value, 4)), entry.label)
        }
        _ => entry.label.clone(),
    };
    if name.is_empty() { words } else { format!("{name}: {words}") }
}
