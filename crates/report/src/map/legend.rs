//! Classes of a map, how many units each has, and their legend.

use durbin_core::{Rgb, Symbol};
use geo_types::Geometry;

use super::{Map, PX_PER_MM};
use crate::svg::{Canvas, INK, Type, px, wrap};

const MISSING: Rgb = Rgb(255, 255, 255);
const OUTSIDE: Rgb = Rgb(201, 184, 214);
const TITLE: Type = Type::new(13.5, INK).bold();
const LABEL: Type = Type::new(12.5, INK);
const SWATCH: (f64, f64) = (22.0, 15.0);
const INDENT: f64 = SWATCH.0 + 9.0;
const AFTER: f64 = 6.0;

/// A legend entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) symbol: Symbol,
    count: usize,
}

/// The classes of a map.
#[derive(Debug, Clone)]
pub(super) struct Legend {
    title: String,
    pub(super) entries: Vec<Entry>,
    /// The entry of each shape.
    pub(super) class: Vec<usize>,
    markers: bool,
}

impl Legend {
    pub(super) fn new(map: &Map) -> Self {
        let mut entries: Vec<Entry> = map
            .style
            .legend()
            .into_iter()
            .map(|(label, symbol)| Entry { label: label.to_owned(), symbol, count: 0 })
            .collect();
        let classes = entries.len();
        for (label, fill) in [("Outside the classes", OUTSIDE), ("No value", MISSING)] {
            let symbol = Symbol::area(fill);
            entries.push(Entry { label: label.to_owned(), symbol, count: 0 });
        }
        let class: Vec<usize> = (0..map.shapes.len())
            .map(|feature| match map.values.get(feature).copied().flatten() {
                Some(value) if !value.is_nan() => map.style.class(value).unwrap_or(classes),
                _ => classes + 1,
            })
            .collect();
        for &at in &class {
            entries[at].count += 1;
        }
        let point =
            |shape: &Geometry<f64>| matches!(shape, Geometry::Point(_) | Geometry::MultiPoint(_));
        let markers = map.shapes.iter().flatten().all(point);
        Self { title: map.style.title().to_owned(), entries, class, markers }
    }

    /// Entries as they are listed: those that stand for no class only when they have units.
    fn listed(&self) -> impl Iterator<Item = (&Entry, String)> {
        let classes = self.entries.len() - 2;
        let shown = move |(at, entry): &(usize, &Entry)| *at < classes || entry.count > 0;
        let label = |(_, entry): (usize, &Entry)| format!("{}\u{a0}({})", entry.label, entry.count);
        self.entries.iter().enumerate().filter(shown).map(move |e| (e.1, label(e)))
    }

    /// What a screen reader says of the map.
    pub(super) fn spoken(&self, title: &str) -> String {
        let entries: Vec<String> = self.listed().map(|(_, label)| label).collect();
        format!("Map. {title}. {}: {}.", self.title, entries.join("; "))
    }

    pub(super) fn height(&self, width: f64) -> f64 {
        let title = wrap(&self.title, TITLE.size, width).len() as f64 * TITLE.leading();
        let entry = |label: String| {
            wrap(&label, LABEL.size, width - INDENT).len() as f64 * LABEL.leading() + AFTER
        };
        title + AFTER + self.listed().map(|(_, label)| entry(label)).sum::<f64>()
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, left: f64, top: f64, width: f64) {
        let mut y = canvas.paragraph(left, top, width, TITLE, &self.title) + AFTER;
        for (entry, label) in self.listed() {
            self.swatch(canvas, left, y, entry.symbol);
            y = canvas.paragraph(left + INDENT, y, width - INDENT, LABEL, &label) + AFTER;
        }
    }

    fn swatch(&self, canvas: &mut Canvas, left: f64, top: f64, symbol: Symbol) {
        let look = format!(
            "fill=\"{}\" stroke=\"{}\" stroke-width=\"{:.2}\"",
            symbol.fill.hex(),
            symbol.outline.hex(),
            // A thinner line than this would vanish in so small an area.
            (symbol.width * PX_PER_MM).max(0.8)
        );
        let middle = (left + SWATCH.0 / 2.0, top + SWATCH.1 / 2.0);
        canvas.add(&if self.markers {
            format!("<circle cx=\"{}\" cy=\"{}\" r=\"5\" {look}/>", px(middle.0), px(middle.1))
        } else {
            let (width, height) = SWATCH;
            let (x, y) = (px(left), px(top));
            format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {look}/>")
        });
    }
}
