//! A layer of one feature per unit and period, which QGIS's temporal controller shows year by year.

use durbin_core::{Column, Layer, Metadata, Values};

use crate::Error;

/// One feature per period and unit of `wide`, from its columns `gi_z_PERIOD` and `gi_bin_PERIOD` after each of
/// `prefixes`.
///
/// # Errors
/// Periods that are neither years nor dates; a key field that is not there.
pub(super) fn by_period(
    wide: &Layer,
    id: &str,
    periods: &[String],
    prefixes: &[String],
    file: &str,
) -> Result<Layer, Error> {
    let mut columns = Vec::new();
    for prefix in prefixes {
        for (name, words) in [("gi_z", "z-score"), ("gi_bin", "bin")] {
            let of = |period: &String| wide.column(&format!("{prefix}{name}_{period}"));
            let parts: Vec<&Column> =
                periods.iter().map(of).collect::<Result<_, _>>().map_err(Error::data(file))?;
            let values = match name {
                "gi_z" => Values::Float(parts.iter().flat_map(|part| floats(part)).collect()),
                _ => Values::Int(parts.iter().flat_map(|part| wholes(part)).collect()),
            };
            let field = prefix.trim_end_matches('_');
            let of = if field.is_empty() { String::new() } else { format!("{field}: ") };
            columns.push(Column::new(format!("{prefix}{name}"), values).alias(of + words));
        }
    }
    let style =
        prefixes.first().and_then(|prefix| durbin_hotspot::style_of(&format!("{prefix}gi_bin")));
    let repeated = repeated(wide, id, periods, columns, file)?;
    Ok(Layer {
        name: format!("{}_by_period", wide.name),
        style,
        metadata: Metadata {
            title: format!("{}, by period", wide.metadata.title),
            history: wide.metadata.history.clone(),
            ..repeated.metadata
        },
        ..repeated
    })
}

/// The features of `wide` once for each period, with the key field `id`, `period`, its first and last day, from which
/// QGIS animates, and `columns` of as many rows, period by period. Name, style and title are the caller's to give.
///
/// # Errors
/// Periods that are neither years nor dates; a key field that is not there.
pub(crate) fn repeated(
    wide: &Layer,
    id: &str,
    periods: &[String],
    columns: Vec<Column>,
    file: &str,
) -> Result<Layer, Error> {
    let days: Vec<(String, String)> = periods.iter().map(|p| days(p)).collect::<Result<_, _>>()?;
    let n = wide.len();
    let rows: Vec<usize> = (0..periods.len()).flat_map(|_| 0..n).collect();
    let each = |text: &dyn Fn(usize) -> String| -> Vec<Option<String>> {
        (0..periods.len()).flat_map(|at| std::iter::repeat_n(Some(text(at)), n)).collect()
    };
    let mut all = vec![
        wide.column(id).map_err(Error::data(file))?.select(&rows),
        Column::new("period", Values::Text(each(&|at| periods[at].clone()))).alias("Period"),
        Column::new("period_start", Values::Date(each(&|at| days[at].0.clone()))),
        Column::new("period_end", Values::Date(each(&|at| days[at].1.clone()))),
    ];
    all.extend(columns);
    Ok(Layer {
        name: String::new(),
        fids: (1..).take(rows.len()).collect(),
        geometry: rows.iter().map(|&row| wide.geometry[row].clone()).collect(),
        columns: all,
        style: None,
        metadata: Metadata {
            title: String::new(),
            description: "One feature per unit and period: show it with the temporal controller, a year a frame."
                .to_owned(),
            history: Vec::new(),
        },
        crs: wide.crs.clone(),
        undefined_crs: wide.undefined_crs.clone(),
        geometry_type: wide.geometry_type.clone(),
        fid_column: None,
        geometry_column: wide.geometry_column.clone(),
    })
}

fn floats(column: &Column) -> Vec<Option<f64>> {
    match &column.values {
        Values::Float(values) => values.clone(),
        _ => vec![None; column.len()],
    }
}

fn wholes(column: &Column) -> Vec<Option<i64>> {
    match &column.values {
        Values::Int(values) => values.clone(),
        _ => vec![None; column.len()],
    }
}

/// First and last day of a year, or of a day.
fn days(period: &str) -> Result<(String, String), Error> {
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    if digits(period, 4) {
        return Ok((format!("{period}-01-01"), format!("{period}-12-31")));
    }
    let parts: Vec<&str> = period.split('-').collect();
    if let [year, month, day] = parts[..]
        && digits(year, 4)
        && digits(month, 2)
        && digits(day, 2)
    {
        return Ok((period.to_owned(), period.to_owned()));
    }
    Err(Error::Usage(format!(
        "a layer by period: QGIS animates over dates, and the period `{period}` is neither a year (1990) nor a day (1990-05-01)"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_and_ends_and_a_quarter_is_refused() {
        assert_eq!(days("1990").unwrap(), ("1990-01-01".to_owned(), "1990-12-31".to_owned()));
        assert_eq!(days("1990-05-01").unwrap().1, "1990-05-01");
        assert!(days("1990Q1").unwrap_err().is_usage());
    }
}
