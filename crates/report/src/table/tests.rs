use durbin_core::{Column, Conventions, Estimate, EstimateTable, Row, Table, Values};

use super::*;

fn estimate(estimate: f64, std_error: f64) -> Estimate {
    Estimate { estimate, std_error }
}

/// Two fits, grouped rows, an estimate that one fit lacks, a small one and specials in every text.
fn estimates() -> EstimateTable {
    let row = |group: &str, label: &str, cells: [Option<Estimate>; 2]| Row {
        group: Some(group.into()),
        label: label.into(),
        cells: cells.into(),
    };
    EstimateTable {
        name: "impacts".into(),
        title: "Effects of R&D_share, 5% <sample>".into(),
        headings: vec!["(1) ML".into(), "(2) 偏差修正".into()],
        rows: vec![
            row(
                "Direct",
                "price",
                [Some(estimate(-1.013_14, 0.04)), Some(estimate(-1.012_2, 0.6))],
            ),
            row("Direct", "W*income", [Some(estimate(0.000_042, 0.000_03)), None]),
            row("Total", "price", [Some(estimate(-1.233_6, 0.72)), Some(estimate(12.5, 6.2))]),
        ],
        footer: vec![
            ("Observations".into(), vec!["1380".into(), "1380".into()]),
            ("Log-likelihood".into(), vec!["1691.541".into(), "-12.500".into()]),
            ("σ²".into(), vec!["0.0050".into(), String::new()]),
        ],
        conventions: Conventions::new()
            .with("std_error", "delta method")
            .with("weights", "queen, row-standardised"),
    }
}

fn plain() -> Table {
    Table {
        name: "bins".into(),
        title: "Units by class".into(),
        columns: vec![
            Column::text("name", ["长沙市", "a|b & <c>", "x"]).alias("Name"),
            Column::int("n", [3, 12, -1]),
            Column::float("share", [0.25, -0.000_012, f64::NAN]),
            Column::float("p_value", [9.8e-198, 1.0, 0.049_99]),
            Column::new("island", Values::Bool(vec![Some(true), Some(false), None])),
        ],
    }
}

#[test]
fn a_p_value_too_small_for_a_number_is_small_and_not_zero() {
    let table = Table {
        columns: vec![Column::float("p_value", [0.0, 0.25]), Column::float("share", [0.0, 0.25])],
        ..plain()
    };
    for (written, small) in [
        (text(&table), "<0.0001"),
        (markdown(&table), "\\<0.0001"),
        (latex(&table), "$<$0.0001"),
        (html(&table), "&lt;0.0001"),
    ] {
        assert_eq!(written.matches(small).count(), 1, "{written}");
    }
    assert!(
        csv(&table).contains("\r\n0,0\r\n") || csv(&table).contains("\n0,0\n"),
        "{}",
        csv(&table)
    );
}

#[test]
fn estimates_in_every_language() {
    insta::assert_snapshot!("estimates.txt", text(&estimates()));
    insta::assert_snapshot!("estimates.md", markdown(&estimates()));
    insta::assert_snapshot!("estimates.tex", latex(&estimates()));
    insta::assert_snapshot!("estimates.html", html(&estimates()));
}

#[test]
fn a_plain_table_in_every_language() {
    insta::assert_snapshot!("plain.txt", text(&plain()));
    insta::assert_snapshot!("plain.md", markdown(&plain()));
    insta::assert_snapshot!("plain.tex", latex(&plain()));
    insta::assert_snapshot!("plain.html", html(&plain()));
    insta::assert_snapshot!("plain.csv", csv(&plain()));
}

#[test]
fn the_long_form_goes_to_csv_at_full_precision() {
    let csv = csv(&estimates().long("effect"));
    assert!(csv.contains("(1) ML,Direct,W*income,0.000042,0.00003,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 5);
}

#[test]
fn html_is_well_formed_and_each_number_has_its_headings() {
    let html = html(&estimates());
    let tree = roxmltree::Document::parse(&html).unwrap();
    let count = |name: &str, attribute: &str, value: &str| {
        tree.descendants()
            .filter(|node| node.has_tag_name(name) && node.attribute(attribute) == Some(value))
            .count()
    };
    assert_eq!(count("th", "scope", "col"), 2);
    assert_eq!(count("th", "scope", "rowgroup"), 2);
    assert_eq!(count("th", "scope", "row"), 3 + 3);
    // The heading of an estimate holds for the line of its standard error too.
    assert_eq!(count("th", "rowspan", "2"), 3);
}

#[test]
fn numbers_stand_under_each_other_at_their_points() {
    let text = text(&estimates());
    let points = |line: &str| -> Vec<usize> {
        let found = line.char_indices().enumerate().filter(|(_, (_, c))| *c == '.');
        found.map(|(column, _)| column).collect()
    };
    let lines: Vec<&str> = text.lines().filter(|line| points(line).len() == 2).collect();
    assert_eq!(lines.len(), 5, "{text}");
    assert!(lines.iter().all(|line| points(line) == points(lines[0])), "{text}");
}

#[test]
fn empty_tables_have_their_heads_and_no_notes_on_stars() {
    let empty = EstimateTable { rows: Vec::new(), footer: Vec::new(), ..estimates() };
    assert!(!text(&empty).contains("***"));
    assert!(roxmltree::Document::parse(&html(&empty)).is_ok());
    let none = Table { name: String::new(), title: String::new(), columns: Vec::new() };
    assert!(roxmltree::Document::parse(&html(&none)).is_ok());
    assert_eq!(latex(&none).matches("\\midrule").count(), 1);
}

#[test]
fn a_word_document_holds_every_cell_between_three_rules_and_is_the_same_every_time() {
    let bytes = docx(&estimates()).unwrap();
    assert_eq!(bytes, docx(&estimates()).unwrap());
    // Stored, not compressed: the text can be read in the container.
    let text = String::from_utf8_lossy(&bytes);
    let start = text.find("<w:document").unwrap();
    let end = text.find("</w:document>").unwrap() + "</w:document>".len();
    let tree = roxmltree::Document::parse(&text[start..end]).unwrap();
    let words: Vec<&str> = tree
        .descendants()
        .filter(|node| node.tag_name().name() == "t")
        .filter_map(|node| node.text())
        .collect();
    for wanted in ["(2) 偏差修正", "Direct", "−1.0131***", "(0.0400)", "W × income", "1691.541"]
    {
        assert!(words.contains(&wanted), "{wanted} in {words:?}");
    }
    let rows = tree.descendants().filter(|node| node.tag_name().name() == "tr").count();
    assert!(text.contains("w:sz=\"12\"") && text.contains("w:sz=\"6\"") && rows > 8);
}

#[test]
fn long_texts_break_into_lines_in_latex() {
    let long = "no spatial lag, whether or not there is a spatial error";
    let table = Table {
        name: "tests".into(),
        title: "Tests".into(),
        columns: vec![Column::text("test", ["LM lag"]), Column::text("null", [long])],
    };
    let text = latex(&table);
    assert!(text.contains(r"\begin{tabular}{l>{\raggedright\arraybackslash}p{0.45\linewidth}}"));
}

#[test]
fn a_wide_table_is_wrapped_within_its_columns_of_words_and_loses_none() {
    let long = "no spatial lag, whether or not there is a spatial error (two-way effects, transformed data)";
    let table = Table {
        name: "t".into(),
        title: "Tests".into(),
        columns: vec![
            Column::text("test", ["LM lag, transformed", "Local CD"]),
            Column::float("statistic", [462.4991, -0.5]),
            Column::text("null", [long, "no dependence"]),
            Column::text(
                "note",
                [
                    "",
                    "period effects make the residuals of every period sum to zero, which pulls them",
                ],
            ),
        ],
    };
    let text = text(&table);
    assert!(text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 110), "{text}");
    let words = |text: &str| {
        text.split_whitespace().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(words(&text).is_superset(&words(long)), "{text}");
    // Rows stay apart: the second begins on a line of its own.
    assert_eq!(text.lines().filter(|line| line.starts_with("Local CD")).count(), 1);
}
