//! Tables: one neutral grid, made from a [`Table`](durbin_core::Table) or an
//! [`EstimateTable`](durbin_core::EstimateTable), and a thin writer for each language.
//!
//! CSV is for programs: [`csv`] takes a `Table` alone, at full precision. The long form of an
//! `EstimateTable` is its `long` method. The other writers are for people and take either kind.

mod csv;
mod docx;
mod estimates;
mod html;
mod latex;
mod markdown;
mod plain;
mod text;

pub use csv::csv;
pub use docx::docx;
pub(crate) use estimates::term;
pub use html::html;
pub(crate) use html::numbered;
pub use latex::latex;
pub use markdown::markdown;
pub use text::text;

/// A table as people see it, before any markup.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Label for cross-references.
    name: String,
    caption: String,
    columns: Vec<Head>,
    body: Vec<Line>,
    /// Lines under a second rule.
    footer: Vec<Line>,
    /// Sentences under the table.
    notes: Vec<String>,
}

impl Grid {
    /// The table with more sentences under it.
    #[must_use]
    pub fn with_notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Head {
    text: String,
    align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
    /// Numbers under each other at their points; stars and brackets stand aside.
    Point,
}

#[derive(Debug, Clone, PartialEq)]
enum Line {
    /// Heads the lines that follow, across all columns.
    Group(String),
    /// One cell per column.
    Cells(Vec<Cell>),
}

#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Empty,
    /// The row heading above holds for this line too.
    Continued,
    Text(String),
    /// A number as [`number`](crate::number) writes it.
    Number(String),
    /// An estimate with 0 to 3 stars.
    Estimate(String, usize),
    /// A standard error, set in brackets.
    Error(String),
}

impl Grid {
    /// Number of lines that the row heading of the first of `lines` holds for.
    fn span(lines: &[Line]) -> usize {
        let continues = |line: &&Line| matches!(line, Line::Cells(cells) if cells.first() == Some(&Cell::Continued));
        1 + lines.iter().skip(1).take_while(continues).count()
    }
}

#[cfg(test)]
mod tests;
