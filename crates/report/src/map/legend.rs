//! Classes of a map, how many units each has, and their legend.

use durbin_core::{Rgb, Style, Symbol};
use geo_types::Geometry;

use super::{Map, PX_PER_MM, Panel};
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
    /// The entry of each shape in each panel.
    pub(super) class: Vec<Vec<usize>>,
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
        let of = |value: Option<f64>| match value {
            Some(value) if !value.is_nan() => map.style.class(value).unwrap_or(classes),
            _ => classes + 1,
        };
        let panel = |panel: &Panel| -> Vec<usize> {
            let values = (0..map.shapes.len()).map(|at| panel.values.get(at).copied().flatten());
            values.map(of).collect()
        };
        let mut class: Vec<Vec<usize>> = map.panels.iter().map(panel).collect();
        if class.is_empty() {
            class.push(vec![classes + 1; map.shapes.len()]);
        }
        for &at in class.iter().flatten() {
            entries[at].count += 1;
        }
        let point =
            |shape: &Geometry<f64>| matches!(shape, Geometry::Point(_) | Geometry::MultiPoint(_));
        let markers = map.shapes.iter().flatten().all(point);
        // One symbol for all needs no heading over its only entry.
        let alone = matches!(map.style, Style::Single { .. });
        let title = if alone { String::new() } else { map.style.title().to_owned() };
        Self { title, entries, class, markers }
    }

    /// Entries as they are listed: those that stand for no class only when they have units.
    fn listed(&self) -> impl Iterator<Item = (&Entry, String)> {
        let classes = self.entries.len() - 2;
        let shown = move |(at, entry): &(usize, &Entry)| *at < classes || entry.count > 0;
        // Counts of several maps added up would say little.
        let counted = self.class.len() == 1;
        let label = move |(_, entry): (usize, &Entry)| {
            let count = if counted { format!("\u{a0}({})", entry.count) } else { String::new() };
            format!("{}{count}", entry.label)
        };
        self.entries.iter().enumerate().filter(shown).map(move |e| (e.1, label(e)))
    }

    /// Units per entry over all panels.
    pub(super) fn counts(&self) -> Vec<(String, usize)> {
        self.entries.iter().map(|entry| (entry.label.clone(), entry.count)).collect()
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

    /// Draws the entries from `top` downwards; returns where they end.
    pub(super) fn draw(&self, canvas: &mut Canvas, left: f64, top: f64, width: f64) -> f64 {
        let mut y = canvas.paragraph(left, top, width, TITLE, &self.title) + AFTER;
        for (entry, label) in self.listed() {
            self.swatch(canvas, left, y, entry.symbol);
            y = canvas.paragraph(left + INDENT, y, width - INDENT, LABEL, &label) + AFTER;
        }
        y
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
