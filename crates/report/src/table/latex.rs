//! LaTeX with the booktabs package.

use super::{Align, Cell, Grid, Head, Line};
use crate::escape;

/// Characters of a text from which its column is broken into lines.
const WIDE: usize = 40;

/// What such columns have of the line together.
const WIDE_SHARE: f64 = 0.45;

/// The table as a `table` float with three rules (packages booktabs and, for long texts, array), labelled `tab:NAME`. Names in other
/// scripts need XeLaTeX, LuaLaTeX or ctex.
pub fn latex(table: impl Into<Grid>) -> String {
    let grid = table.into();
    let letter = |align| match align {
        Align::Left => 'l',
        Align::Right => 'r',
        Align::Point => 'c',
    };
    let wide: Vec<bool> = (0..grid.columns.len()).map(|at| is_wide(&grid, at)).collect();
    let share = WIDE_SHARE / wide.iter().filter(|wide| **wide).count().max(1) as f64;
    let column = |(head, wide): (&Head, &bool)| {
        if *wide {
            // Small, and not stretched to the margin.
            format!(">{{\\raggedright\\arraybackslash}}p{{{share:.2}\\linewidth}}")
        } else {
            letter(head.align).to_string()
        }
    };
    let columns: String = grid.columns.iter().zip(&wide).map(column).collect();
    let mut out = String::from("\\begin{table}[htbp]\n  \\centering\n");
    out += &format!("  \\caption{{{}}}\n", escape::latex(&grid.caption));
    out += &format!("  \\label{{tab:{}}}\n", label(&grid.name));
    if wide.contains(&true) {
        out += "  \\footnotesize\n";
    }
    out += &format!("  \\begin{{tabular}}{{{columns}}}\n    \\toprule\n");
    row(&mut out, grid.columns.iter().map(|head| escape::latex(&head.text)));
    out += "    \\midrule\n";
    lines(&mut out, &grid.body, grid.columns.len());
    if !grid.footer.is_empty() {
        out += "    \\midrule\n";
        lines(&mut out, &grid.footer, grid.columns.len());
    }
    out += "    \\bottomrule\n  \\end{tabular}\n";
    if !grid.notes.is_empty() {
        let notes: Vec<String> = grid.notes.iter().map(|note| escape::latex(note)).collect();
        out += "\n  \\smallskip\n  \\begin{minipage}{0.92\\linewidth}\n    \\footnotesize ";
        out += &notes.join("\\par\n    ");
        out += "\n  \\end{minipage}\n";
    }
    out + "\\end{table}\n"
}

/// Whether a column holds texts that are longer than a table is wide.
fn is_wide(grid: &Grid, at: usize) -> bool {
    let long = |line: &Line| match line {
        Line::Cells(cells) => {
            matches!(cells.get(at), Some(Cell::Text(text)) if text.chars().count() > WIDE)
        }
        Line::Group(_) => false,
    };
    grid.body.iter().chain(&grid.footer).any(long)
}

fn lines(out: &mut String, lines: &[Line], width: usize) {
    for (at, line) in lines.iter().enumerate() {
        match line {
            Line::Group(text) => {
                if at > 0 {
                    *out += "    \\addlinespace\n";
                }
                let text = escape::latex(text);
                *out += &format!("    \\multicolumn{{{width}}}{{l}}{{\\textit{{{text}}}}} \\\\\n");
            }
            Line::Cells(cells) => row(out, cells.iter().map(cell)),
        }
    }
}

fn row(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    let text = cells.join(" & ");
    // A bracket or star that opens a line would be read as an option of the `\\` before it.
    let guard = if text.starts_with(['[', '*']) { "{}" } else { "" };
    *out += &format!("    {guard}{} \\\\\n", text.trim_end());
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Continued => String::new(),
        Cell::Text(text) => escape::latex(text),
        Cell::Number(text) | Cell::Estimate(text, 0) => number(text),
        Cell::Estimate(text, stars) => format!("{}$^{{{}}}$", number(text), "*".repeat(*stars)),
        Cell::Error(text) => format!("({})", number(text)),
    }
}

fn number(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) => format!("${digits}\\times10^{{{exponent}}}$"),
        None => text.replace('-', "$-$"),
    }
}

/// Characters that a label may hold without trouble.
fn label(name: &str) -> String {
    let keep = |c: char| {
        if c.is_alphanumeric() || c == '-' { c } else { '-' }
    };
    name.chars().map(keep).collect()
}
