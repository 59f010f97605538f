//! HTML, written so that it is well-formed XML too.

use super::{Align, Cell, Grid, Line};
use crate::{escape::xml, number::typeset};

/// More columns do not share the width of a page without breaking words.
const NARROW: usize = 8;

/// The table as a `table` element with caption, scopes and notes. It carries classes, no style: the report's
/// style sheet sets it.
pub fn html(table: impl Into<Grid>) -> String {
    numbered(&table.into(), "")
}

/// The same with words such as `Table 2.` before the caption.
pub(crate) fn numbered(grid: &Grid, number: &str) -> String {
    let caption = caption(grid, number);
    let wide = if grid.columns.len() > NARROW { " class=\"wide\"" } else { "" };
    // A wide table scrolls by itself, also by keyboard.
    let mut out = format!(
        "<div class=\"table\">\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"{}\">\n<table{wide}>\n",
        xml(format!("{number} {}", grid.caption).trim())
    );
    out += &caption;
    out += "<thead>\n<tr>";
    for head in &grid.columns {
        let class = class(head.align);
        out += &if head.text.is_empty() {
            format!("<td{class}></td>")
        } else {
            format!("<th scope=\"col\"{class}>{}</th>", xml(&head.text))
        };
    }
    out += "</tr>\n</thead>\n";
    for (at, line) in grid.body.iter().enumerate() {
        let opens_group = matches!(line, Line::Group(_));
        if at == 0 || opens_group {
            out += if at == 0 { "<tbody>\n" } else { "</tbody>\n<tbody>\n" };
        }
        out += &row(grid, &grid.body[at..]);
    }
    if !grid.body.is_empty() {
        out += "</tbody>\n";
    }
    if !grid.footer.is_empty() {
        out += "<tbody class=\"footer\">\n";
        for at in 0..grid.footer.len() {
            out += &row(grid, &grid.footer[at..]);
        }
        out += "</tbody>\n";
    }
    out += "</table>\n</div>\n";
    for note in &grid.notes {
        out += &format!("<p class=\"note\">{}</p>\n", xml(note));
    }
    out + "</div>\n"
}

fn caption(grid: &Grid, number: &str) -> String {
    match (number.is_empty(), grid.caption.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("<caption>{}</caption>\n", xml(&grid.caption)),
        (false, _) => {
            format!("<caption><b>{}</b> {}</caption>\n", xml(number), xml(&grid.caption))
        }
    }
}

/// The first of `lines` as a row.
fn row(grid: &Grid, lines: &[Line]) -> String {
    let cells = match lines.first() {
        None => return String::new(),
        Some(Line::Group(text)) => {
            let width = grid.columns.len();
            return format!(
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{width}\">{}</th></tr>\n",
                xml(text)
            );
        }
        Some(Line::Cells(cells)) => cells,
    };
    let mut out = String::from("<tr>");
    for (at, (cell, head)) in cells.iter().zip(&grid.columns).enumerate() {
        let class = class(head.align);
        let text = content(cell, head.align);
        let span = match Grid::span(lines) {
            1 => String::new(),
            rows => format!(" rowspan=\"{rows}\""),
        };
        out += &match cell {
            Cell::Continued => continue,
            Cell::Text(_) if at == 0 => format!("<th scope=\"row\"{span}>{text}</th>"),
            _ => format!("<td{class}>{text}</td>"),
        };
    }
    out + "</tr>\n"
}

fn content(cell: &Cell, align: Align) -> String {
    let (text, aside) = match cell {
        Cell::Empty | Cell::Continued => return String::new(),
        Cell::Text(text) => (xml(text), String::new()),
        Cell::Number(number) => (typeset(number), String::new()),
        Cell::Estimate(number, stars) => (typeset(number), "*".repeat(*stars)),
        Cell::Error(number) => (format!("({}", typeset(number)), ")".to_owned()),
    };
    if align == Align::Point {
        // Stars and the closing bracket hang to the right of the aligned digits.
        format!("{text}<span class=\"aside\">{aside}</span>")
    } else {
        text + &aside
    }
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " class=\"number\"",
        Align::Point => " class=\"number point\"",
    }
}
