//! Every number of the report stands in a table of the GeoPackage.

use durbin::io::{Source, read_table};

use crate::support::{Scratch, json, repository};

/// The texts between `open` and `close`, innermost tags taken out.
fn between<'a>(html: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let parts = html.split(open).skip(1);
    parts.filter_map(|part| part.split(close).next()).collect()
}

fn plain(html: &str) -> String {
    let mut inside = false;
    let text = html.chars().filter(|&letter| {
        match letter {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                return false;
            }
            _ => {}
        }
        !inside
    });
    text.collect::<String>().replace("&lt;", "<").replace("&gt;", ">")
}

/// A printed number and half a unit of its last digit.
fn number(text: &str) -> Option<(f64, f64)> {
    let text = text.trim().trim_matches(['(', ')', '*', ' ']).replace('−', "-");
    let raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let text: String = text
        .replace("×10", "e")
        .replace('⁻', "-")
        .chars()
        .map(|c| raised.chars().zip('0'..).find(|(high, _)| *high == c).map_or(c, |pair| pair.1))
        .collect();
    let value = text.parse().ok()?;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let digits = mantissa.split_once('.').map_or(0, |(_, behind)| behind.len());
    let exponent: i32 = exponent.parse().ok()?;
    Some((value, 0.5 * 10_f64.powi(exponent - i32::try_from(digits).ok()?)))
}

/// All numbers of the tables and layers, ascending.
fn stored(geopackage: &str, names: &[String]) -> Vec<f64> {
    let mut all = Vec::new();
    for name in names {
        let table = read_table(&Source::new(geopackage).layer(name)).unwrap();
        all.extend(table.columns.iter().filter_map(|column| column.numbers().ok()).flatten());
    }
    all.retain(|value| !value.is_nan());
    all.sort_by(f64::total_cmp);
    all
}

fn is_stored(stored: &[f64], (value, half): (f64, f64)) -> bool {
    // Printing rounds; a hair more for halves that binary fractions only come near to.
    let reach = half * (1.0 + 1e-9) + value.abs() * 1e-14;
    let from = stored.partition_point(|known| *known < value - reach);
    stored.get(from).is_some_and(|known| *known <= value + reach)
}

/// What the tables of the page print, and of its tests the statistics and p-values.
fn printed(html: &str) -> Vec<(String, (f64, f64))> {
    let mut all = Vec::new();
    for table in between(html, "<table", "</table>") {
        let caption = plain(between(table, "<caption>", "</caption>")[0]);
        for cell in between(table, "<td", "</td>") {
            let cell = plain(cell.split_once('>').unwrap().1);
            // `121 × 11` is two counts.
            for part in cell.split(" × ") {
                all.extend(number(part).map(|found| (format!("{caption}: {cell}"), found)));
            }
        }
    }
    for term in between(html, "<dt>", "</dt>").into_iter().map(plain) {
        // `LM lag: χ²(1) = 488.66, p = 0.060`
        let Some((name, said)) = term.split_once(" = ") else { continue };
        if !name.contains(": ") {
            continue;
        }
        for part in said.split(", p = ") {
            let part = part.split(", p < ").next().unwrap_or(part);
            all.extend(number(part).map(|found| (term.clone(), found)));
        }
    }
    all
}

#[test]
fn numbers_that_no_table_holds_are_noticed() {
    assert_eq!(number("−0.0612***"), Some((-0.0612, 0.00005)));
    assert_eq!(number("(0.0155)"), Some((0.0155, 0.00005)));
    assert_eq!(number("1.3×10⁻¹⁷"), Some((1.3e-17, 0.5 * 10_f64.powi(-18))));
    assert!(is_stored(&[0.061_249, 0.1], number("0.0612").unwrap()));
    assert!(!is_stored(&[0.061_251, 0.1], number("0.0612").unwrap()));
    let page = "<table><caption>T</caption><td class=\"n\">12.5<span>**</span></td></table>";
    assert_eq!(printed(page), [("T: 12.5**".to_owned(), (12.5, 0.05))]);
}

#[test]
fn every_number_of_the_report_is_in_a_table_of_the_geopackage() {
    let scratch = Scratch::new();
    for (study, least) in [("data/hunan/study.toml", 300), ("data/us_states/cigar.toml", 120)] {
        let out = scratch.path(if least == 300 { "hunan" } else { "cigar" });
        json(&["run", &repository(study), "--out", &out]);
        let mut names: Vec<String> = std::fs::read_dir(format!("{out}/tables"))
            .unwrap()
            .filter_map(|file| {
                let name = file.unwrap().file_name().into_string().unwrap();
                name.strip_suffix(".csv").map(str::to_owned)
            })
            // Among the values of every unit and year there is one for any four digits.
            .filter(|name| name != "panel" && !name.ends_with("_index") && !name.ends_with("_parts"))
            .collect();
        names.sort();
        let all = stored(&format!("{out}/study.gpkg"), &names);
        let report = std::fs::read_to_string(format!("{out}/report.html")).unwrap();
        let printed = printed(&report);
        assert!(printed.len() > least, "{study}: {} numbers", printed.len());
        let lost: Vec<_> = printed.iter().filter(|(_, found)| !is_stored(&all, *found)).collect();
        assert!(lost.is_empty(), "{study}: {} are in no table: {lost:?}", lost.len());
    }
}
