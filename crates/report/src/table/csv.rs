//! CSV for programs and Excel.

use durbin_core::{Column, Table, Values};

use crate::number::exact;

/// The table as CSV after RFC 4180: UTF-8 with a byte-order mark (without it Excel reads Chinese names in the
/// local code page), lines ended by CR LF, field names in the first line, numbers with the shortest digits
/// that read back as the same `f64`, missing values empty, bytes as hexadecimal.
pub fn csv(table: &Table) -> String {
    let mut out = String::from('\u{feff}');
    let header = table.columns.iter().map(|column| quoted(&column.name));
    record(&mut out, header);
    for row in 0..table.len() {
        record(&mut out, table.columns.iter().map(|column| field(column, row)));
    }
    out
}

fn record(out: &mut String, fields: impl Iterator<Item = String>) {
    let line = fields.collect::<Vec<_>>().join(",");
    // An empty line would vanish in most readers: a lone empty field must be quoted.
    out.push_str(if line.is_empty() { "\"\"" } else { &line });
    out.push_str("\r\n");
}

fn field(column: &Column, row: usize) -> String {
    let text = match &column.values {
        Values::Bool(v) => v[row].map(|v| v.to_string()),
        Values::Int(v) => v[row].map(|v| v.to_string()),
        Values::Float(v) => v[row].map(exact),
        Values::Text(v) | Values::Date(v) | Values::Time(v) | Values::DateTime(v) => {
            v[row].as_deref().map(quoted)
        }
        Values::Binary(v) => v[row].as_deref().map(hexadecimal),
        _ => None,
    };
    text.unwrap_or_default()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |out, byte| out + &format!("{byte:02X}"))
}

fn quoted(text: &str) -> String {
    let outer_space = text.starts_with(' ') || text.ends_with(' ');
    if outer_space || text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: Vec<Column>) -> Table {
        Table { name: "t".into(), title: String::new(), columns }
    }

    #[test]
    fn quotes_commas_and_line_breaks_are_quoted_and_names_stay_intact() {
        let text = csv(&table(vec![
            Column::text("name", ["长沙市", "a \"b\", c", "x\ny"]),
            Column::float("v", [0.1, f64::NAN, -1e-9]),
        ]));
        assert_eq!(
            text,
            "\u{feff}name,v\r\n长沙市,0.1\r\n\"a \"\"b\"\", c\",\r\n\"x\ny\",-1e-9\r\n"
        );
    }

    #[test]
    fn a_missing_value_in_the_only_column_keeps_its_line() {
        let text = csv(&table(vec![Column::float("v", [f64::NAN, 2.0])]));
        assert_eq!(text, "\u{feff}v\r\n\"\"\r\n2\r\n");
    }
}
