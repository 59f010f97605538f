use std::collections::HashSet;

use durbin_core::{Column, Estimate, Row};
use roxmltree::{Document, ParsingOptions};

use super::*;
use crate::interval_plot;

fn report() -> Report {
    let estimates = EstimateTable {
        name: "effects".into(),
        title: "Effects <of> price".into(),
        headings: vec!["SDM".into()],
        rows: vec![Row {
            group: None,
            label: "price".into(),
            cells: vec![Some(Estimate { estimate: -1.0, std_error: 0.1 })],
        }],
        footer: Vec::new(),
        conventions: Conventions::new().with("p_value", "two-sided"),
    };
    let table = Table {
        name: "t".into(),
        title: "Names".into(),
        columns: vec![Column::text("name", ["长沙市 & <b>"])],
    };
    let figure = |declaration: &str| Block::Figure {
        svg: format!("{declaration}{}", interval_plot(&estimates, 0)),
        caption: "A & B".into(),
    };
    let warning = Warning::Other("a < b".into());
    let section = |heading: &str, blocks| Section { heading: heading.into(), blocks };
    Report {
        title: "Cigarettes & <taxes>".into(),
        subtitle: Some("46 states".into()),
        lines: vec!["Source: \"x\"".into()],
        sections: vec![
            section("Data", vec![Block::Paragraph("1 < 2".into()), Block::Warnings(vec![warning])]),
            section(
                "Results",
                vec![
                    Block::Table(table),
                    figure("<?xml version=\"1.0\"?>\n"),
                    Block::Estimates(estimates.clone()),
                    figure(""),
                    Block::from(&estimates.conventions),
                ],
            ),
        ],
    }
}

fn parse(html: &str) -> Document<'_> {
    Document::parse_with_options(html, ParsingOptions { allow_dtd: true, ..Default::default() })
        .unwrap()
}

#[test]
fn the_page_is_well_formed_and_all_text_is_only_text() {
    let html = html(&report());
    let page = parse(&html);
    assert_eq!(page.root_element().attribute("lang"), Some("en"));
    let title = page.descendants().find(|node| node.has_tag_name("h1")).unwrap();
    assert_eq!(title.text(), Some("Cigarettes & <taxes>"));
    assert!(html.contains("<li>a &lt; b</li>") && html.contains("长沙市 &amp; &lt;b&gt;"));
}

#[test]
fn headings_are_in_order_and_tables_and_figures_numbered() {
    let html = html(&report());
    let page = parse(&html);
    let tags = page.descendants().map(|node| node.tag_name().name());
    let headings: Vec<_> = tags.filter(|tag| ["h1", "h2", "h3"].contains(tag)).collect();
    assert_eq!(headings, ["h1", "h2", "h2"]);
    for label in ["Table 1.", "Table 2.", "Figure 1.", "Figure 2."] {
        assert!(html.contains(&format!("<b>{label}</b>")), "{label}");
    }
    assert!(!html.contains("<?xml"));
}

#[test]
fn tables_and_figures_with_a_number_of_their_own_keep_it_and_take_it_from_no_other() {
    let mut report = report();
    let blocks = report.sections.iter_mut().flat_map(|section| &mut section.blocks);
    let tables = blocks.filter(|block| matches!(block, Block::Table(_) | Block::Estimates(_)));
    let second = tables.into_iter().nth(1).unwrap();
    *second = second.clone().numbered(1);
    let page = html(&report);
    let at =
        |label: &str| page.find(&format!("<b>{label}</b>")).unwrap_or_else(|| panic!("{label}"));
    assert!(at("Table A1.") < at("Table 1."));
    // Figures are another kind: none of them has a number of its own.
    assert!(at("Figure 1.") < at("Figure 2."));
    assert_eq!(page.matches("<b>Table ").count(), 2);
    let map = |number: &str| Block::Periods {
        frames: vec![(number.to_owned(), "<svg/>".to_owned()); 1],
        caption: String::new(),
    };
    report.sections[0].blocks.push(map("2012").numbered(7));
    let page = html(&report);
    assert!(page.contains("<b>Figure 7.</b>") && page.contains("<b>Figure A1.</b>"));
    assert!(page.contains("id=\"years-slider\""));
}

#[test]
fn ids_are_unique_and_references_resolve() {
    let map = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M363 2355l-11-5 4-2 3 4 5-1z\"/></svg>";
    let mut report = report();
    for _ in 0..2 {
        let figure = Block::Figure { svg: map.into(), caption: String::new() };
        report.sections[1].blocks.push(figure);
    }
    let html = html(&report);
    let page = parse(&html);
    let all: Vec<&str> = page.descendants().filter_map(|node| node.attribute("id")).collect();
    let unique: HashSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), unique.len());
    let shapes = page.descendants().filter_map(|node| node.attribute("href")?.strip_prefix('#'));
    assert!(shapes.clone().count() == 2 && shapes.into_iter().all(|id| unique.contains(id)));
    let mut references = page.descendants().filter_map(|node| node.attribute("aria-labelledby"));
    assert!(references.all(|id| unique.contains(id)));
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let html = html(&report());
    assert!(!html.contains("<script") && !html.contains("@import") && !html.contains("url("));
    let page = parse(&html);
    let links = page
        .descendants()
        .flat_map(|node| ["src", "href"].into_iter().filter_map(move |name| node.attribute(name)));
    assert_eq!(links.collect::<Vec<_>>(), ["data:,"]);
}

#[test]
fn of_several_periods_one_map_shows_and_the_keyboard_reaches_the_others() {
    let page = html(&periods(&[&["1990", "2000"]]));
    let body = page.split_once('\n').unwrap().1;
    let tree = roxmltree::Document::parse(body).unwrap();
    let radios: Vec<_> =
        tree.descendants().filter(|node| node.attribute("type") == Some("radio")).collect();
    assert_eq!(radios.len(), 2);
    assert!(radios[0].attribute("checked").is_none() && radios[1].attribute("checked").is_some());
    assert!(page.contains("<legend>Period</legend>") && page.contains("Figure 1."));
}

/// A report with one figure for each list of periods.
fn periods(figures: &[&[&str]]) -> Report {
    let svg = |year: &&str| ((*year).to_owned(), "<svg></svg>".to_owned());
    let figure = |years: &&[&str]| Block::Periods {
        frames: years.iter().map(svg).collect(),
        caption: "Hot spots by year".into(),
    };
    let blocks = figures.iter().map(figure).collect();
    let section = Section { heading: "Hot spots".into(), blocks };
    Report { sections: vec![section], ..Report::default() }
}

#[test]
fn one_labelled_slider_runs_over_the_periods_of_all_figures_in_time_order() {
    let page = html(&periods(&[&["1990", "2000"], &["1980", "1990", "10"]]));
    let tree = parse(&page);
    let sliders: Vec<_> =
        tree.descendants().filter(|node| node.attribute("type") == Some("range")).collect();
    let [slider] = sliders[..] else { panic!("{} sliders", sliders.len()) };
    assert_eq!((slider.attribute("min"), slider.attribute("max")), (Some("0"), Some("3")));
    assert_eq!(slider.attribute("aria-valuetext"), Some("2000"));
    let bar = slider.parent().unwrap();
    let labels: Vec<_> = bar.descendants().filter_map(|node| node.attribute("label")).collect();
    assert_eq!(labels, ["10", "1980", "1990", "2000"]);
    let label =
        bar.children().find(|node| node.has_tag_name(("http://www.w3.org/1999/xhtml", "label")));
    assert_eq!(label.unwrap().attribute("for"), slider.attribute("id"));
    assert!(bar.has_attribute("hidden"), "without its script the slider would do nothing");
    // Every frame is found by the period it is labelled with.
    let radios = tree.descendants().filter(|node| node.attribute("type") == Some("radio"));
    let values: Vec<_> = radios.filter_map(|node| node.attribute("value")).collect();
    assert_eq!(values, ["1990", "2000", "1980", "1990", "10"]);
}

#[test]
fn the_script_is_part_of_the_page_and_only_where_there_is_a_slider() {
    let page = html(&periods(&[&["a < \"b\"", "c"]]));
    let tree = parse(&page);
    let scripts: Vec<_> = tree
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/1999/xhtml", "script")))
        .collect();
    assert_eq!(scripts.len(), 1);
    assert!(scripts[0].attributes().next().is_none(), "nothing is fetched");
    // Both as HTML and as XML the text of the script is what was written.
    assert!(!scripts[0].text().unwrap().contains(['<', '&']));
    assert!(page.contains("<label for=\"years-slider\">Period</label>"));
    assert!(!html(&report()).contains("years-slider"));
}
