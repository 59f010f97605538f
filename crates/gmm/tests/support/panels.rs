//! Panels for tests that are not about Arellano and Bond's data.

use durbin_core::{Column, Panel, PanelKeys, Table};

use super::folder;

/// `n` units over `t` periods, without variables.
pub fn empty(n: usize, t: usize) -> Panel {
    let cells = (0..n).flat_map(|unit| (0..t).map(move |period| (unit, period)));
    let (ids, periods): (Vec<String>, Vec<i64>) =
        cells.map(|(i, t)| (format!("{i:04}"), i64::try_from(t).unwrap())).unzip();
    let columns = vec![Column::text("id", ids), Column::int("t", periods)];
    let table = Table { name: String::new(), title: String::new(), columns };
    PanelKeys::new(&table, "id", "t").unwrap().panel()
}

/// Munnell's 48 states, 1970 to 1986; all in logs but `unemp`.
pub fn munnell() -> Panel {
    let mut reader =
        csv::Reader::from_path(folder().join("../../../data/us_states/produc.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let head = reader.headers().unwrap().clone();
    let at = |name: &str| head.iter().position(|known| known == name).unwrap();
    let mut columns = vec![
        Column::text("state", rows.iter().map(|row| row[at("state")].to_owned())),
        Column::text("year", rows.iter().map(|row| row[at("year")].to_owned())),
    ];
    for name in ["gsp", "pcap", "pc", "emp", "unemp"] {
        let numbers = rows.iter().map(|row| row[at(name)].parse::<f64>().unwrap());
        let in_logs = name != "unemp";
        columns.push(Column::float(name, numbers.map(|v| if in_logs { v.ln() } else { v })));
    }
    let table = Table { name: String::new(), title: String::new(), columns };
    let keys = PanelKeys::new(&table, "state", "year").unwrap();
    let mut panel = keys.panel();
    for column in &table.columns[2..] {
        panel.insert(column.name.clone(), keys.values(column).unwrap());
    }
    panel
}
