//! The table of a panel as it came, made long and keyed as the boundaries are.

use std::collections::BTreeMap;

use durbin_core::{Column, Named, Table, Warning, in_time_order};
use durbin_io::{Source, read_table};

use super::{Study, prepare::Prepared};
use crate::{Error, inputs::PanelInput};

/// Turns a wide table into a long one and replaces keys that changed, as the study says; what was done.
pub(super) fn reshape(
    study: &Study,
    input: &mut PanelInput,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Prepared>, Error> {
    let mut done = Vec::new();
    if study.panel.wide {
        let long = long(study, &input.table, &input.file)?;
        // Behind the time column stand those that came from several columns.
        let made = long.columns.iter().skip_while(|column| column.name != study.panel.time).skip(1);
        done.extend(made.map(|column| Prepared {
            step: "columns NAME_PERIOD set in rows".to_owned(),
            variable: column.name.clone(),
            values: (0..column.len()).filter(|&row| column.key(row).is_some()).count(),
            moved: Vec::new(),
        }));
        input.table = long;
    }
    if let Some(codes) = &study.panel.codes {
        done.push(recode(study, codes, input, warnings)?);
    }
    leave_out(study, input, warnings)?;
    Ok(done)
}

/// Leaves out the units that the study names; each of them has to be there.
fn leave_out(
    study: &Study,
    input: &mut PanelInput,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let without = &study.panel.without;
    if without.is_empty() {
        return Ok(());
    }
    let column = input.table.column(&study.panel.id).map_err(Error::data(&input.file))?;
    let keys: Vec<Option<String>> = (0..column.len()).map(|row| column.key(row)).collect();
    let present: std::collections::HashSet<&String> = keys.iter().flatten().collect();
    let absent: Named = without.iter().filter(|key| !present.contains(key)).collect();
    if absent.count > 0 {
        return Err(study.wrong(format!("[panel] without: {absent} not in {}", input.file)));
    }
    let left_out = |key: &Option<String>| key.as_ref().is_some_and(|key| without.contains(key));
    let rows: Vec<usize> = (0..keys.len()).filter(|&row| !left_out(&keys[row])).collect();
    let named: Named = without.iter().collect();
    warnings.push(Warning::Other(format!("left out of the panel, as the study says: {named}")));
    input.table = input.table.select(&rows);
    Ok(())
}

/// One row per unit and period of columns `NAME_PERIOD`, where a period is a whole number.
fn long(study: &Study, wide: &Table, file: &str) -> Result<Table, Error> {
    let parts = |name: &str| {
        let (name, period) = name.rsplit_once('_')?;
        period.parse::<i64>().ok().map(|_| (name.to_owned(), period.to_owned()))
    };
    let mut by_name: BTreeMap<String, BTreeMap<String, &Column>> = BTreeMap::new();
    for column in &wide.columns {
        if let Some((name, period)) = parts(&column.name) {
            by_name.entry(name).or_default().insert(period, column);
        }
    }
    let labels: Vec<String> = by_name.values().flat_map(BTreeMap::keys).cloned().collect();
    let periods = in_time_order(&labels);
    if periods.is_empty() {
        return Err(study.wrong(format!(
            "[panel] wide = true, but {file} has no columns named NAME_PERIOD, such as gdp_2020"
        )));
    }
    let n = wide.len();
    let again: Vec<usize> = (0..periods.len() * n).map(|at| at % n).collect();
    let kept = wide.columns.iter().filter(|column| parts(&column.name).is_none());
    let mut columns: Vec<Column> = kept.map(|column| column.select(&again)).collect();
    columns
        .push(Column::text(&study.panel.time, (0..again.len()).map(|at| periods[at / n].as_str())));
    for (name, of) in &by_name {
        let mut values = Vec::with_capacity(again.len());
        for period in &periods {
            match of.get(period) {
                Some(column) => values.extend(column.numbers().map_err(Error::data(file))?),
                None => values.extend(std::iter::repeat_n(f64::NAN, n)),
            }
        }
        columns.push(Column::float(name, values));
    }
    Ok(Table { name: wide.name.clone(), title: wide.title.clone(), columns })
}

/// Replaces keys of the panel by a table with the fields `from` and `to`.
fn recode(
    study: &Study,
    name: &str,
    input: &mut PanelInput,
    warnings: &mut Vec<Warning>,
) -> Result<Prepared, Error> {
    let codes = &study.resolve(name);
    let table = read_table(&Source::new(codes))?;
    let from = table.column("from").map_err(Error::data(codes))?;
    let to = table.column("to").map_err(Error::data(codes))?;
    let pairs = (0..table.len()).filter_map(|row| Some((from.key(row)?, to.key(row)?)));
    let changed: BTreeMap<String, String> = pairs.collect();
    let id = &study.panel.id;
    let column = input.table.column(id).map_err(Error::data(&input.file))?;
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let keys: Vec<String> = (0..column.len())
        .map(|row| {
            let key = column.key(row).unwrap_or_default();
            match changed.get_key_value(&key) {
                Some((old, new)) => {
                    *met.entry(old.as_str()).or_default() += 1;
                    new.clone()
                }
                None => key,
            }
        })
        .collect();
    if !met.is_empty() {
        let named: Named = met
            .iter()
            .map(|(old, rows)| format!("{old}→{} in {rows} rows", changed[*old]))
            .collect();
        warnings.push(Warning::Other(format!("keys replaced by {codes}: {named}")));
    }
    let done = Prepared {
        step: format!("keys that changed, by {name}"),
        variable: id.clone(),
        values: met.values().sum(),
        moved: Vec::new(),
    };
    let field = column.name.clone();
    if let Some(column) = input.table.columns.iter_mut().find(|known| known.name == field) {
        *column = Column::text(field, keys);
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDY: &str = "[study]\ntitle = \"t\"\n[boundaries]\nfile = \"b\"\nid = \"id\"\n[panel]\nfile = \"p\"\nid = \"id\"\n\
                         time = \"year\"\nwide = true\n[weights]\nkind = \"queen\"\n";

    #[test]
    fn a_wide_table_becomes_long_and_a_column_that_lacks_a_year_is_missing_there() {
        let study = Study::parse(STUDY, std::path::Path::new("study.toml")).unwrap();
        let wide = Table {
            name: "wide".into(),
            title: String::new(),
            columns: vec![
                Column::text("id", ["a", "b"]),
                Column::float("x_2021", [3.0, 4.0]),
                Column::float("x_2020", [1.0, 2.0]),
                Column::float("y_2021", [5.0, 6.0]),
            ],
        };
        let long = long(&study, &wide, "wide.csv").unwrap();
        assert_eq!(long.len(), 4);
        assert_eq!(long.column("year").unwrap().key(2).as_deref(), Some("2021"));
        assert_eq!(long.column("x").unwrap().numbers().unwrap(), [1.0, 2.0, 3.0, 4.0]);
        assert!(long.column("y").unwrap().numbers().unwrap()[..2].iter().all(|v| v.is_nan()));
    }
}
