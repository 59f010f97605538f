//! One named attribute over rows: what a field of a layer or a column of a table holds.

use crate::Error;

/// A named column with values for every row.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Field name, as in the file.
    pub name: String,
    /// A name for people, shown by QGIS in place of the field name.
    pub alias: Option<String>,
    /// The values, `None` where missing.
    pub values: Values,
    /// How the file stored it, so that a copy keeps the field's declared type.
    pub storage: Storage,
}

/// Typed values, one per row; `None` is missing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Values {
    /// True or false.
    Bool(Vec<Option<bool>>),
    /// Whole numbers.
    Int(Vec<Option<i64>>),
    /// Real numbers.
    Float(Vec<Option<f64>>),
    /// Text.
    Text(Vec<Option<String>>),
    /// Calendar dates, ISO 8601.
    Date(Vec<Option<String>>),
    /// Times of day, ISO 8601.
    Time(Vec<Option<String>>),
    /// Dates with time, ISO 8601.
    DateTime(Vec<Option<String>>),
    /// Bytes.
    Binary(Vec<Option<Vec<u8>>>),
}

/// The declared storage of a field, beyond the kind of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Storage {
    /// Narrow subtype (`Int16`, `Int32`, `Float32`) instead of the widest of its kind.
    pub narrow: Option<Narrow>,
    /// Declared width, 0 when none.
    pub width: i32,
    /// Declared decimals, 0 when none.
    pub precision: i32,
    /// Text declared as JSON.
    pub json: bool,
}

/// A numeric type narrower than 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrow {
    /// 16-bit whole number.
    Int16,
    /// 32-bit whole number.
    Int32,
    /// 32-bit real number.
    Float32,
}

impl Column {
    /// A column of real numbers; `NaN` becomes missing.
    pub fn float(name: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Self {
        let values = values.into_iter().map(|v| (!v.is_nan()).then_some(v)).collect();
        Self::new(name, Values::Float(values))
    }

    /// A column of whole numbers.
    pub fn int(name: impl Into<String>, values: impl IntoIterator<Item = i64>) -> Self {
        Self::new(name, Values::Int(values.into_iter().map(Some).collect()))
    }

    /// A column of text.
    pub fn text<S: Into<String>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::new(name, Values::Text(values.into_iter().map(|v| Some(v.into())).collect()))
    }

    /// A column with default storage and no alias.
    pub fn new(name: impl Into<String>, values: Values) -> Self {
        Self { name: name.into(), alias: None, values, storage: Storage::default() }
    }

    /// The same column with a name for people.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of row `i` as a key: text as it stands, numbers without trailing `.0`; `None` when
    /// missing or not usable as a key.
    pub fn key(&self, i: usize) -> Option<String> {
        match &self.values {
            Values::Int(v) => v[i].map(|v| v.to_string()),
            Values::Float(v) => v[i].map(|v| v.to_string()),
            Values::Bool(v) => v[i].map(|v| v.to_string()),
            Values::Text(v) | Values::Date(v) | Values::Time(v) | Values::DateTime(v) => {
                v[i].as_ref().filter(|v| !v.is_empty()).cloned()
            }
            Values::Binary(_) => None,
        }
    }

    /// All values as real numbers, `NaN` where missing. Text is parsed; the empty text, `.`, `NA`,
    /// `NaN` and `null` (any case) are missing.
    ///
    /// # Errors
    /// [`Error::NotNumeric`] with the first row that is no number. An infinite number is refused too.
    pub fn numbers(&self) -> Result<Vec<f64>, Error> {
        let bad =
            |row: usize, value: String| Error::NotNumeric { field: self.name.clone(), row, value };
        let numbers: Vec<f64> = match &self.values {
            Values::Float(v) => v.iter().map(|v| v.unwrap_or(f64::NAN)).collect(),
            Values::Int(v) => v.iter().map(|v| v.map_or(f64::NAN, |v| v as f64)).collect(),
            Values::Bool(v) => {
                v.iter().map(|v| v.map_or(f64::NAN, |v| f64::from(u8::from(v)))).collect()
            }
            Values::Text(v) => v
                .iter()
                .enumerate()
                .map(|(row, v)| match v {
                    None => Ok(f64::NAN),
                    Some(text) => parse(text).ok_or_else(|| bad(row, text.clone())),
                })
                .collect::<Result<_, _>>()?,
            Values::Date(_) | Values::Time(_) | Values::DateTime(_) | Values::Binary(_) => {
                // Without rows there is nothing that is no number.
                return if self.is_empty() {
                    Ok(Vec::new())
                } else {
                    Err(bad(0, self.key(0).unwrap_or_default()))
                };
            }
        };
        match numbers.iter().position(|v| v.is_infinite()) {
            Some(row) => Err(bad(row, numbers[row].to_string())),
            None => Ok(numbers),
        }
    }

    /// The rows `rows`, in that order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self { values: self.values.select(rows), ..self.clone_head() }
    }

    /// For each entry of `rows` the value of that row, or missing where there is none.
    #[must_use]
    pub fn select_or_null(&self, rows: &[Option<usize>]) -> Self {
        Self { values: self.values.select_or_null(rows), ..self.clone_head() }
    }

    fn clone_head(&self) -> Self {
        Self {
            name: self.name.clone(),
            alias: self.alias.clone(),
            values: Values::Bool(Vec::new()),
            storage: self.storage,
        }
    }
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Bool(v) => v.len(),
            Self::Int(v) => v.len(),
            Self::Float(v) => v.len(),
            Self::Text(v) | Self::Date(v) | Self::Time(v) | Self::DateTime(v) => v.len(),
            Self::Binary(v) => v.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn select(&self, rows: &[usize]) -> Self {
        let rows: Vec<Option<usize>> = rows.iter().copied().map(Some).collect();
        self.select_or_null(&rows)
    }

    fn select_or_null(&self, rows: &[Option<usize>]) -> Self {
        fn pick<T: Clone>(v: &[Option<T>], rows: &[Option<usize>]) -> Vec<Option<T>> {
            rows.iter().map(|row| row.and_then(|i| v[i].clone())).collect()
        }
        match self {
            Self::Bool(v) => Self::Bool(pick(v, rows)),
            Self::Int(v) => Self::Int(pick(v, rows)),
            Self::Float(v) => Self::Float(pick(v, rows)),
            Self::Text(v) => Self::Text(pick(v, rows)),
            Self::Date(v) => Self::Date(pick(v, rows)),
            Self::Time(v) => Self::Time(pick(v, rows)),
            Self::DateTime(v) => Self::DateTime(pick(v, rows)),
            Self::Binary(v) => Self::Binary(pick(v, rows)),
        }
    }
}

fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let missing = ["", ".", "na", "nan", "null"];
    if missing.iter().any(|m| text.eq_ignore_ascii_case(m)) {
        return Some(f64::NAN);
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_parses_to_numbers_and_the_usual_signs_of_missing() {
        let numbers = Column::text("x", ["1.5", " 2 ", ".", "NA", ""]).numbers().unwrap();
        assert_eq!(&numbers[..2], &[1.5, 2.0]);
        assert!(numbers[2..].iter().all(|v| v.is_nan()));
    }

    #[test]
    fn a_word_or_an_infinity_is_no_number_and_is_named() {
        let error = Column::text("x", ["1", "n/k"]).numbers().unwrap_err();
        assert_eq!(error, Error::NotNumeric { field: "x".into(), row: 1, value: "n/k".into() });
        assert!(Column::text("x", ["inf"]).numbers().is_err());
    }

    #[test]
    fn a_column_of_dates_holds_no_numbers_unless_it_is_empty() {
        let dates = |dates: &[&str]| {
            let values = dates.iter().map(|date| Some((*date).to_owned())).collect();
            Column::new("day", Values::Date(values))
        };
        assert!(dates(&["2020-01-01"]).numbers().is_err());
        assert_eq!(dates(&[]).numbers().unwrap(), Vec::<f64>::new());
    }

    #[test]
    fn keys_keep_leading_zeros_and_drop_a_trailing_decimal() {
        assert_eq!(Column::text("id", ["01001"]).key(0).as_deref(), Some("01001"));
        assert_eq!(Column::float("id", [3.0]).key(0).as_deref(), Some("3"));
    }
}
