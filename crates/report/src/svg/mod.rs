//! A canvas that collects SVG elements, and the words on it.

mod measure;

pub(crate) use measure::{width, wrap};

use crate::escape::xml;

/// Installed faces differ; the list ends where every system has something. Chinese names come from a fallback.
const FONT: &str = "'Noto Sans', 'Helvetica Neue', 'Liberation Sans', Arial, 'Noto Sans CJK SC', 'DejaVu Sans', sans-serif";

pub(crate) const INK: &str = "#1f2328";
pub(crate) const FAINT: &str = "#59636e";

/// How words stand to their point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub size: f64,
    pub colour: &'static str,
    pub bold: bool,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
}

impl Type {
    pub(crate) const fn new(size: f64, colour: &'static str) -> Self {
        Self { size, colour, bold: false, anchor: "start" }
    }

    /// The size that its widths have: bold letters are wider than others.
    pub(crate) const fn breadth(self) -> f64 {
        if self.bold { 1.08 * self.size } else { self.size }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn anchor(self, anchor: &'static str) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) const fn leading(self) -> f64 {
        self.size * 1.32
    }
}

/// SVG elements drawn so far.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    body: String,
}

impl Canvas {
    pub(crate) fn add(&mut self, element: &str) {
        self.body += element;
        self.body.push('\n');
    }

    /// One line of words, its baseline at `y`.
    pub(crate) fn text(&mut self, x: f64, y: f64, style: Type, words: &str) {
        let weight = if style.bold { " font-weight=\"600\"" } else { "" };
        let anchor = match style.anchor {
            "start" => String::new(),
            anchor => format!(" text-anchor=\"{anchor}\""),
        };
        self.add(&format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{weight}{anchor}>{}</text>",
            px(x),
            px(y),
            style.size,
            style.colour,
            xml(words)
        ));
    }

    /// Words on one line of at most `width`, cut short where they are longer.
    pub(crate) fn line(&mut self, x: f64, y: f64, room: f64, style: Type, words: &str) {
        let mut short = words.to_owned();
        while short.len() > '…'.len_utf8()
            && width(&short, style.size) > room
            && short.pop().is_some()
        {
            short = short.trim_end_matches('…').to_owned();
            short.pop();
            short.push('…');
        }
        self.text(x, y, style, &short);
    }

    /// Words broken into lines of at most `width`, from `top` downwards; returns where they end.
    pub(crate) fn paragraph(
        &mut self,
        x: f64,
        top: f64,
        width: f64,
        style: Type,
        words: &str,
    ) -> f64 {
        let mut y = top;
        for line in wrap(words, style.breadth(), width) {
            self.text(x, y + style.size, style, &line);
            y += style.leading();
        }
        y
    }

    /// The whole picture on white, `label` being what a screen reader says of it.
    pub(crate) fn finish(self, width: f64, height: f64, label: &str) -> String {
        let (width, height) = (px(width), px(height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{}\" \
             font-family=\"{FONT}\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}</svg>\n",
            xml(label),
            self.body
        )
    }
}

/// A coordinate to a tenth of a pixel.
pub(crate) fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
