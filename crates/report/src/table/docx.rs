//! A Word document (WordprocessingML in an Open Packaging container, ECMA-376).

use std::io::{Cursor, Write};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

mod sheet;

use super::{Align, Cell, Grid, Line};
use crate::{Error, escape::xml, number::typeset};
use sheet::Sheet;

/// The table as a .docx file with the three rules of a paper: a thick one above and below, a thin one under the
/// heads and above the footer. Numbers line up at their points; stars and brackets follow them. The same table
/// makes the same bytes.
///
/// # Errors
/// [`Error::Encode`] when the container cannot be written.
pub fn docx(table: impl Into<Grid>) -> Result<Vec<u8>, Error> {
    let grid = table.into();
    let files = [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("word/document.xml", document(&grid)),
    ];
    let failed = |error: &dyn std::fmt::Display| Error::Encode { reason: error.to_string() };
    let mut container = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    for (name, text) in files {
        container.start_file(name, options).map_err(|error| failed(&error))?;
        container.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    }
    Ok(container.finish().map_err(|error| failed(&error))?.into_inner())
}

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
    </Types>";

const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
    </Relationships>";

/// Eighths of a point.
const THICK: usize = 12;
const THIN: usize = 6;
/// Half points, of the caption and of notes.
const BODY: usize = 20;
const SMALL: usize = 17;

fn document(grid: &Grid) -> String {
    let Sheet { widths, size, landscape } = Sheet::of(grid);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>",
    );
    if !grid.caption.is_empty() {
        let run = run(&grid.caption, BODY, true);
        out += &format!("<w:p><w:pPr><w:keepNext/><w:spacing w:after=\"80\"/></w:pPr>{run}</w:p>");
    }
    out += "<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/><w:tblLayout w:type=\"fixed\"/>\
            <w:tblCellMar><w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>";
    for width in &widths {
        out += &format!("<w:gridCol w:w=\"{width}\"/>");
    }
    out += "</w:tblGrid>";
    let points = Points::new(grid, &widths);
    out += &heads(grid, &widths, size);
    let lines: Vec<(&Line, bool)> = grid
        .body
        .iter()
        .map(|line| (line, false))
        .chain(grid.footer.iter().enumerate().map(|(at, line)| (line, at == 0)))
        .collect();
    for (at, (line, opens_footer)) in lines.iter().enumerate() {
        let rules = Rules {
            above: if *opens_footer { THIN } else { 0 },
            below: if at + 1 == lines.len() { THICK } else { 0 },
        };
        out += &row(grid, line, &widths, &points, (rules, size));
    }
    out += "</w:tbl>";
    for note in &grid.notes {
        let run = run(note, SMALL, false);
        out +=
            &format!("<w:p><w:pPr><w:spacing w:before=\"60\" w:after=\"0\"/></w:pPr>{run}</w:p>");
    }
    // A document does not end with a table.
    let paper = if landscape {
        "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"
    } else {
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
    };
    out + "<w:p/><w:sectPr>"
        + paper
        + "<w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>\
           </w:sectPr></w:body></w:document>"
}

#[derive(Clone, Copy)]
struct Rules {
    above: usize,
    below: usize,
}

fn heads(grid: &Grid, widths: &[usize], size: usize) -> String {
    let rules = Rules { above: THICK, below: THIN };
    let cells: String = grid
        .columns
        .iter()
        .zip(widths)
        .map(|(head, width)| {
            let align = if head.align == Align::Left { "left" } else { "center" };
            cell(*width, 1, rules, &paragraph(align, "", &run(&head.text, size, true)))
        })
        .collect();
    format!("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>")
}

fn row(
    grid: &Grid,
    line: &Line,
    widths: &[usize],
    points: &Points,
    (rules, size): (Rules, usize),
) -> String {
    let cells = match line {
        Line::Group(text) => {
            let words = paragraph("left", "", &run(text, size, true));
            cell(widths.iter().sum(), widths.len(), rules, &words)
        }
        Line::Cells(cells) => cells
            .iter()
            .enumerate()
            .map(|(at, content)| {
                let text = words(content);
                let paragraph = match grid.columns[at].align {
                    Align::Left => paragraph("left", "", &run(&text, size, false)),
                    Align::Right => paragraph("right", "", &run(&text, size, false)),
                    Align::Point => paragraph("left", &points.tab(at), &run(&text, size, false)),
                };
                cell(widths[at], 1, rules, &paragraph)
            })
            .collect(),
    };
    format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Continued => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => typeset(number),
        Cell::Estimate(number, stars) => typeset(number) + &"*".repeat(*stars),
        Cell::Error(number) => format!("({})", typeset(number)),
    }
}

fn cell(width: usize, span: usize, rules: Rules, paragraph: &str) -> String {
    let rule = |side: &str, size: usize| match size {
        0 => String::new(),
        _ => {
            format!("<w:{side} w:val=\"single\" w:sz=\"{size}\" w:space=\"0\" w:color=\"000000\"/>")
        }
    };
    let borders = rule("top", rules.above) + &rule("bottom", rules.below);
    let borders =
        if borders.is_empty() { borders } else { format!("<w:tcBorders>{borders}</w:tcBorders>") };
    let span = if span > 1 { format!("<w:gridSpan w:val=\"{span}\"/>") } else { String::new() };
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}{borders}</w:tcPr>{paragraph}</w:tc>"
    )
}

fn paragraph(align: &str, tabs: &str, run: &str) -> String {
    format!(
        "<w:p><w:pPr>{tabs}<w:spacing w:before=\"20\" w:after=\"20\"/><w:jc w:val=\"{align}\"/></w:pPr>{run}</w:p>"
    )
}

fn run(text: &str, size: usize, bold: bool) -> String {
    let bold = if bold { "<w:b/>" } else { "" };
    // Latin letters in the face of most journals, Chinese ones in that of Chinese papers.
    format!(
        "<w:r><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"SimSun\" w:cs=\"Times New Roman\"/>{bold}\
         <w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
        xml(text)
    )
}

/// Where the points of the numbers of each column stand.
struct Points(Vec<usize>);

impl Points {
    fn new(grid: &Grid, widths: &[usize]) -> Self {
        let after = |at: usize| {
            let cells = grid.body.iter().chain(&grid.footer).filter_map(|line| match line {
                Line::Cells(cells) => cells.get(at).map(words),
                Line::Group(_) => None,
            });
            cells.filter_map(|text| Some(text.len() - text.find('.')?)).max().unwrap_or(0)
        };
        Self(
            widths
                .iter()
                .enumerate()
                // Half a size for each digit behind the point, and the rest centred before it.
                .map(|(at, width)| (width / 2).saturating_sub(120).max(width.saturating_sub(120 + 100 * after(at))))
                .collect(),
        )
    }

    /// In a table cell a decimal tab needs no tab character.
    fn tab(&self, at: usize) -> String {
        format!("<w:tabs><w:tab w:val=\"decimal\" w:pos=\"{}\"/></w:tabs>", self.0[at])
    }
}
