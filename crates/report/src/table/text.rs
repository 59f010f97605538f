//! Aligned text for terminals.

use unicode_width::UnicodeWidthStr;

use super::{Align, Cell, Grid, Line};
use crate::number::typeset;

const GAP: usize = 2;
/// Width of the notes under a table.
const NOTE: usize = 88;

/// The table as aligned text with three rules: numbers under each other at their points, wide (Chinese,
/// Japanese, Korean) characters counted as two.
pub fn text(table: impl Into<Grid>) -> String {
    let mut grid = table.into();
    indent(&mut grid.body);
    let columns: Vec<Width> = (0..grid.columns.len()).map(|at| Width::of(&grid, at)).collect();
    let inner: usize = columns.iter().map(|column| column.total).sum();
    let rule = "─".repeat(inner + GAP * columns.len().saturating_sub(1));

    let mut out = Vec::new();
    if !grid.caption.is_empty() {
        out.push(grid.caption.clone());
    }
    out.push(rule.clone());
    let heads = grid.columns.iter().zip(&columns).map(|(head, width)| match head.align {
        Align::Left => pad(&head.text, width.total),
        Align::Right | Align::Point => before(&head.text, width.total),
    });
    out.push(join(heads));
    out.push(rule.clone());
    let line = |line: &Line| match line {
        Line::Group(text) => text.clone(),
        Line::Cells(cells) => join(cells.iter().zip(&columns).map(|(cell, width)| width.set(cell))),
    };
    out.extend(grid.body.iter().map(line));
    if !grid.footer.is_empty() {
        out.push(rule.clone());
        out.extend(grid.footer.iter().map(line));
    }
    out.push(rule);
    out.extend(grid.notes.iter().map(|note| wrapped(note)));
    out.join("\n") + "\n"
}

/// The same words in lines of at most [`NOTE`] columns, as far as words allow.
fn wrapped(note: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in note.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= NOTE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// Sets the row headings off from those of their groups.
fn indent(lines: &mut [Line]) {
    if !lines.iter().any(|line| matches!(line, Line::Group(_))) {
        return;
    }
    for line in lines {
        if let Line::Cells(cells) = line
            && let Some(Cell::Text(text)) = cells.first_mut()
        {
            text.insert_str(0, "  ");
        }
    }
}

/// Room that a column takes.
struct Width {
    total: usize,
    /// Of it, from the point of the numbers to the right edge.
    after_point: usize,
    align: Align,
}

impl Width {
    fn of(grid: &Grid, at: usize) -> Self {
        let head = &grid.columns[at];
        let (mut whole, mut before_point, mut after_point) = (head.text.width(), 0, 0);
        for line in grid.body.iter().chain(&grid.footer) {
            let Line::Cells(cells) = line else { continue };
            match parts(&cells[at]) {
                Some((left, right)) => {
                    before_point = before_point.max(left.width());
                    after_point = after_point.max(right.width());
                }
                None => whole = whole.max(plain(&cells[at]).width()),
            }
        }
        Self { total: whole.max(before_point + after_point), after_point, align: head.align }
    }

    fn set(&self, cell: &Cell) -> String {
        match parts(cell) {
            Some((left, right)) => {
                before(&left, self.total - self.after_point) + &pad(&right, self.after_point)
            }
            None if self.align == Align::Left => pad(plain(cell), self.total),
            None => before(plain(cell), self.total),
        }
    }
}

/// A number in two parts that meet at its point.
fn parts(cell: &Cell) -> Option<(String, String)> {
    let text = match cell {
        Cell::Empty | Cell::Continued | Cell::Text(_) => return None,
        Cell::Number(number) => typeset(number),
        Cell::Estimate(number, stars) => typeset(number) + &"*".repeat(*stars),
        Cell::Error(number) => format!("({})", typeset(number)),
    };
    let end_of_digits = text.find(['.', '×', '*', ')']).unwrap_or(text.len());
    let (left, right) = text.split_at(end_of_digits);
    Some((left.to_owned(), right.to_owned()))
}

fn plain(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) => text,
        _ => "",
    }
}

fn join(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    cells.join(&" ".repeat(GAP)).trim_end().to_owned()
}

fn pad(text: &str, width: usize) -> String {
    text.to_owned() + &" ".repeat(width.saturating_sub(text.width()))
}

fn before(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(text.width())) + text
}
