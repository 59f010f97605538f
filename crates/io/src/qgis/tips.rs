//! What shows when the pointer rests on a feature, and when a feature shows.

use std::fmt::Write as _;

use durbin_core::{Column, Values};

use super::{qml::quoted, xml::escape};

/// Rows of a map tip, at most.
const ROWS: usize = 10;

/// The name of the feature and its results: the field that colours it first, then those with a name for people.
/// Empty where there is neither.
pub(super) fn map_tip(field: &str, columns: &[Column]) -> String {
    let coloured = columns.iter().filter(|column| column.name == field);
    let results = columns.iter().filter(|column| column.alias.is_some() && column.name != field);
    let rows: Vec<&Column> = coloured.chain(results).take(ROWS).collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut html = String::new();
    if let Some(name) = name(columns) {
        let _ = write!(html, "<b>{}</b>", value(name));
    }
    html.push_str("<table>");
    for column in rows {
        let words = column.alias.as_deref().unwrap_or(&column.name);
        let _ = write!(html, "<tr><td>{}&#160;</td><td>{}</td></tr>", escape(words), value(column));
    }
    html.push_str("</table>");
    let title = name(columns).map_or_else(String::new, |name| {
        format!("<previewExpression>{}</previewExpression>\n", escape(&quoted(&name.name)))
    });
    format!("{title}<mapTip>{}</mapTip>\n", escape(&html))
}

/// What the temporal controller needs of a layer whose features hold from `period_start` to `period_end`.
pub(super) fn time(columns: &[Column]) -> &'static str {
    let date = |name: &str| {
        columns.iter().any(|column| column.name == name && matches!(column.values, Values::Date(_)))
    };
    if date("period_start") && date("period_end") {
        // Mode 2: from one field to another.
        "<temporal enabled=\"1\" mode=\"2\" startField=\"period_start\" endField=\"period_end\" startExpression=\"\" \
         endExpression=\"\" durationField=\"\" durationUnit=\"min\" fixedDuration=\"0\" accumulate=\"0\">\
         <fixedRange><start></start><end></end></fixedRange></temporal>\n"
    } else {
        ""
    }
}

/// The column that names features: one called so, or the first of text.
fn name(columns: &[Column]) -> Option<&Column> {
    let text = |column: &&Column| matches!(column.values, Values::Text(_));
    let called = |column: &&Column| {
        column.name.to_lowercase().contains("name") || column.name.contains('名')
    };
    let mut texts = columns.iter().filter(text);
    columns.iter().filter(text).find(called).or_else(|| texts.next())
}

/// An expression in QGIS's template language; real numbers with six digits behind the point.
fn value(column: &Column) -> String {
    let field = quoted(&column.name);
    match column.values {
        Values::Float(_) => format!("[% coalesce(round({field}, 6), '') %]"),
        _ => format!("[% coalesce({field}, '') %]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tip_names_the_feature_and_gives_the_coloured_field_first() {
        let columns = [
            Column::text("code", ["1"]),
            Column::text("Name", ["长沙市"]),
            Column::float("z", [0.5]).alias("z-score"),
            Column::int("gi_bin", [3]).alias("Gi* bin"),
        ];
        let tip = map_tip("gi_bin", &columns);
        assert!(
            tip.starts_with("<previewExpression>&quot;Name&quot;</previewExpression>"),
            "{tip}"
        );
        assert!(tip.find("Gi* bin").unwrap() < tip.find("z-score").unwrap());
        assert_eq!(map_tip("", &columns[..2]), "");
    }
}
