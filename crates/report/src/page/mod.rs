//! The report: one HTML file that needs nothing beside it.

mod shared;
mod years;

use durbin_core::{Conventions, EstimateTable, Table, Warning};

use crate::{
    escape::xml,
    table::{Grid, numbered},
};

const STYLE: &str = include_str!("page.css");

/// A short report in sections.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Title of the page.
    pub title: String,
    /// A line under it.
    pub subtitle: Option<String>,
    /// Author, sources, versions: one short line each.
    pub lines: Vec<String>,
    /// The report itself.
    pub sections: Vec<Section>,
}

/// A heading and what stands under it.
#[derive(Debug, Clone)]
pub struct Section {
    /// Heading.
    pub heading: String,
    /// Contents in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section. Tables and figures are numbered through the report.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// A table; numbers are shortened for reading.
    Table(Table),
    /// Estimates as papers print them.
    Estimates(EstimateTable),
    /// A picture of this crate, which carries no element ids, so that several fit on one page.
    Figure {
        /// The `svg` element.
        svg: String,
        /// What it shows.
        caption: String,
    },
    /// Pictures of one thing in several periods, one shown at a time; the reader chooses the period, by keyboard as
    /// well.
    Periods {
        /// Label of the period and `svg` element, in time order; the last is shown first.
        frames: Vec<(String, String)>,
        /// What they show.
        caption: String,
    },
    /// A table or figure whose number is given, as in the paper it is for; others of its kind are then numbered A1, A2 …
    Numbered {
        /// The number.
        number: usize,
        /// The table or figure.
        block: Box<Block>,
    },
    /// Terms with their meaning: conventions, provenance.
    Definitions(Vec<(String, String)>),
    /// Text line by line as it stands, such as a file of parameters.
    Listing(String),
    /// What the reader must know although the work went on.
    Warnings(Vec<Warning>),
}

impl Block {
    /// The same with a number of its own.
    #[must_use]
    pub fn numbered(self, number: usize) -> Self {
        Self::Numbered { number, block: Box::new(self) }
    }
}

impl From<&Conventions> for Block {
    fn from(conventions: &Conventions) -> Self {
        let words = |(name, choice): (&str, &str)| (name.replace('_', " "), choice.to_owned());
        Self::Definitions(conventions.iter().map(words).collect())
    }
}

/// The report as one HTML file, well-formed as XML too: no script, no font, no picture from elsewhere; light and
/// dark, on paper and on a telephone. Where figures have several periods, a slider steps all of them together.
pub fn html(report: &Report) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n\
         <meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <link rel=\"icon\" href=\"data:,\"/>\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        xml(&report.title)
    );
    let mut body = header(report);
    let periods = years::labels(report);
    body += "<main>\n";
    body += &years::slider(&periods);
    let mut numbers = Numbers::of(report);
    for (at, section) in report.sections.iter().enumerate() {
        let id = format!("section-{}", at + 1);
        body += &format!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n",
            xml(&section.heading)
        );
        for block in &section.blocks {
            body += &numbers.block(block, None);
        }
        body += "</section>\n";
    }
    out += &shared::shared(&body);
    out + "</main>\n" + &years::script(&periods) + "</body>\n</html>\n"
}

fn header(report: &Report) -> String {
    let mut out = format!("<header>\n<h1>{}</h1>\n", xml(&report.title));
    if let Some(subtitle) = &report.subtitle {
        out += &format!("<p class=\"subtitle\">{}</p>\n", xml(subtitle));
    }
    for line in &report.lines {
        out += &format!("<p class=\"line\">{}</p>\n", xml(line));
    }
    out + "</header>\n"
}

/// Tables and figures so far.
#[derive(Default)]
struct Numbers {
    tables: Counter,
    figures: Counter,
    /// Figures of several periods, for their element ids.
    sliders: usize,
}

/// Numbers of one kind, in the order of the page.
#[derive(Default)]
struct Counter {
    counted: usize,
    /// Whether some have a number of their own, which no other may take.
    some_given: bool,
}

impl Counter {
    /// The number `given`, or else the next one.
    fn label(&mut self, given: Option<usize>) -> String {
        if let Some(number) = given {
            return number.to_string();
        }
        self.counted += 1;
        if self.some_given { format!("A{}", self.counted) } else { self.counted.to_string() }
    }
}

impl Numbers {
    fn of(report: &Report) -> Self {
        let mut numbers = Self::default();
        for block in report.sections.iter().flat_map(|section| &section.blocks) {
            let Block::Numbered { block, .. } = block else { continue };
            match **block {
                Block::Table(_) | Block::Estimates(_) => numbers.tables.some_given = true,
                _ => numbers.figures.some_given = true,
            }
        }
        numbers
    }

    fn block(&mut self, block: &Block, given: Option<usize>) -> String {
        match block {
            Block::Numbered { number, block } => self.block(block, Some(*number)),
            Block::Paragraph(text) => format!("<p>{}</p>\n", xml(text)),
            Block::Table(table) => self.table(&table.into(), given),
            Block::Estimates(table) => self.table(&table.into(), given),
            Block::Figure { svg, caption } => self.figure(svg, caption, given),
            Block::Periods { frames, caption } => {
                self.sliders += 1;
                years::figure(self.sliders, &self.figures.label(given), frames, caption)
            }
            Block::Definitions(terms) => definitions(terms),
            Block::Listing(text) => {
                let words =
                    "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Listing\"";
                format!("<pre {words}>{}</pre>\n", xml(text.trim_end()))
            }
            Block::Warnings(warnings) => notices(warnings),
        }
    }

    fn table(&mut self, grid: &Grid, given: Option<usize>) -> String {
        numbered(grid, &format!("Table {}.", self.tables.label(given)))
    }

    fn figure(&mut self, svg: &str, caption: &str, given: Option<usize>) -> String {
        format!(
            "<figure>\n{}\n<figcaption><b>Figure {}.</b> {}</figcaption>\n</figure>\n",
            element(svg),
            self.figures.label(given),
            xml(caption)
        )
    }
}

/// A stand-alone file may begin with an XML declaration, which may not stand inside a page.
fn element(svg: &str) -> &str {
    svg.find("<svg").map_or(svg, |at| &svg[at..]).trim_end()
}

fn definitions(terms: &[(String, String)]) -> String {
    if terms.is_empty() {
        return String::new();
    }
    let mut out = String::from("<dl>\n");
    for (term, meaning) in terms {
        out += &format!("<div><dt>{}</dt><dd>{}</dd></div>\n", xml(term), xml(meaning));
    }
    out + "</dl>\n"
}

fn notices(warnings: &[Warning]) -> String {
    if warnings.is_empty() {
        return String::new();
    }
    let mut out = String::from("<ul class=\"warnings\">\n");
    for warning in warnings {
        out += &format!("<li>{}</li>\n", xml(&warning.to_string()));
    }
    out + "</ul>\n"
}

#[cfg(test)]
mod tests;
