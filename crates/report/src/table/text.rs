//! Aligned text for terminals.

use unicode_width::UnicodeWidthStr;

use super::{Align, Cell, Grid, Line};
use crate::number::typeset;

const GAP: usize = 2;
/// Width beyond which columns of words are wrapped.
const LINE: usize = 110;
/// No column of words becomes narrower than this, or than its longest word.
const NARROWEST: usize = 16;
/// Width of the notes under a table.
const NOTE: usize = 88;

/// The table as aligned text with three rules: numbers under each other at their points, wide (Chinese,
/// Japanese, Korean) characters counted as two. Where a table is wide, words are wrapped within their columns.
pub fn text(table: impl Into<Grid>) -> String {
    let mut grid = table.into();
    indent(&mut grid.body);
    let mut columns: Vec<Width> = (0..grid.columns.len()).map(|at| Width::of(&grid, at)).collect();
    narrow(&mut columns);
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
        Line::Cells(cells) => {
            let set: Vec<Vec<String>> =
                cells.iter().zip(&columns).map(|(cell, width)| width.set(cell)).collect();
            let height = set.iter().map(Vec::len).max().unwrap_or(1);
            let lines = (0..height).map(|at| {
                let parts = set.iter().zip(&columns);
                join(parts.map(|(lines, width)| {
                    lines.get(at).cloned().unwrap_or_else(|| " ".repeat(width.total))
                }))
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    out.extend(grid.body.iter().map(line));
    if !grid.footer.is_empty() {
        out.push(rule.clone());
        out.extend(grid.footer.iter().map(line));
    }
    out.push(rule);
    out.extend(grid.notes.iter().flat_map(|note| wrapped(note, NOTE)));
    out.join("\n") + "\n"
}

/// Takes width from the widest columns of words until the table fits, as far as words allow.
fn narrow(columns: &mut [Width]) {
    let gaps = GAP * columns.len().saturating_sub(1);
    loop {
        let total = columns.iter().map(|column| column.total).sum::<usize>() + gaps;
        let widest = columns.iter_mut().filter(|column| column.total > column.least);
        match widest.max_by_key(|column| column.total) {
            Some(column) if total > LINE => column.total -= 1,
            _ => return,
        }
    }
}

/// The same words in lines of at most `width` columns, as far as words allow.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
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
    /// To which it may be narrowed.
    least: usize,
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
        let total = whole.max(before_point + after_point);
        // Only columns of words behind the first, which names the row.
        let words = at > 0 && head.align == Align::Left && after_point + before_point == 0;
        let least = if words { narrowest(grid, at).min(total) } else { total };
        Self { total, least, after_point, align: head.align }
    }

    /// The lines of a cell.
    fn set(&self, cell: &Cell) -> Vec<String> {
        let text = plain(cell);
        match parts(cell) {
            Some((left, right)) => {
                vec![before(&left, self.total - self.after_point) + &pad(&right, self.after_point)]
            }
            None if self.align == Align::Left && text.width() > self.total => {
                wrapped(text, self.total).iter().map(|line| pad(line, self.total)).collect()
            }
            None if self.align == Align::Left => vec![pad(text, self.total)],
            None => vec![before(text, self.total)],
        }
    }
}

/// How narrow a column of words may become.
fn narrowest(grid: &Grid, at: usize) -> usize {
    let cells = grid.body.iter().chain(&grid.footer).filter_map(|line| match line {
        Line::Cells(cells) => Some(plain(&cells[at])),
        Line::Group(_) => None,
    });
    let words = cells.flat_map(str::split_whitespace).map(UnicodeWidthStr::width);
    words.fold(NARROWEST.max(grid.columns[at].text.width()), usize::max)
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
