//! GitHub-flavoured Markdown.

use super::{Align, Cell, Grid, Line};
use crate::{escape, number::typeset};

/// The table in Markdown: the caption in bold, a pipe table, the notes underneath.
pub fn markdown(table: impl Into<Grid>) -> String {
    let grid = table.into();
    let mut out = String::new();
    if !grid.caption.is_empty() {
        out += &format!("**{}**\n\n", escape::markdown(&grid.caption));
    }
    row(&mut out, grid.columns.iter().map(|head| escape::markdown(&head.text)));
    let rule = |align| match align {
        Align::Left => ":---",
        Align::Right => "---:",
        Align::Point => ":---:",
    };
    row(&mut out, grid.columns.iter().map(|head| rule(head.align).to_owned()));
    for line in grid.body.iter().chain(&grid.footer) {
        match line {
            Line::Group(text) => {
                let first = [format!("*{}*", escape::markdown(text))];
                let rest = std::iter::repeat_n(String::new(), grid.columns.len().saturating_sub(1));
                row(&mut out, first.into_iter().chain(rest));
            }
            Line::Cells(cells) => row(&mut out, cells.iter().map(cell)),
        }
    }
    for note in &grid.notes {
        out += &format!("\n{}\n", escape::markdown(note));
    }
    out
}

fn row(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    *out += &format!("| {} |\n", cells.join(" | "));
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Continued => String::new(),
        Cell::Text(text) => escape::markdown(text),
        Cell::Number(number) => typeset(number),
        Cell::Estimate(number, stars) => typeset(number) + &"\\*".repeat(*stars),
        Cell::Error(number) => format!("({})", typeset(number)),
    }
}
