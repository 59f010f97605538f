//! Columns from the fields of a layer, and the field types of columns.

use durbin_core::{Column, Narrow, Storage, Values};
use gdal::{
    errors::{GdalError, Result},
    vector::{Defn, Feature, FieldValue},
};
use gdal_sys::{OGRFieldSubType as Subtype, OGRFieldType as Type};

use crate::raw::{self, FieldType};

/// Collects one field of every feature.
pub(crate) struct FieldReader {
    index: usize,
    column: Column,
    list: bool,
}

impl FieldReader {
    /// One reader per field of a layer.
    pub fn all(defn: &Defn) -> Result<Vec<Self>> {
        let reader = |(index, field): (usize, gdal::vector::Field)| {
            let subtype = raw::subtype(defn, index)?;
            let (values, narrow) = kind(field.field_type(), subtype);
            let mut column = Column::new(field.name(), values);
            let alias = field.alternative_name();
            column.alias = (!alias.is_empty()).then_some(alias);
            column.storage = Storage {
                narrow,
                width: field.width(),
                precision: field.precision(),
                json: subtype == Subtype::OFSTJSON,
            };
            Ok(Self { index, column, list: is_list(field.field_type()) })
        };
        defn.fields().enumerate().map(reader).collect()
    }

    /// Takes the value of the next feature. Neither null nor `NaN` nor an absent field is a value.
    pub fn read(&mut self, feature: &Feature) -> Result<()> {
        let at = self.index;
        let set = raw::is_set(feature, at)?;
        let text = || {
            if set { feature.field_as_string(at) } else { Ok(None) }
        };
        match &mut self.column.values {
            Values::Bool(v) => {
                let value = if set { feature.field_as_integer(at)? } else { None };
                v.push(value.map(|value| value != 0));
            }
            Values::Int(v) => v.push(if set { feature.field_as_integer64(at)? } else { None }),
            Values::Float(v) => {
                let value = if set { feature.field_as_double(at)? } else { None };
                v.push(value.filter(|value| !value.is_nan()));
            }
            Values::Text(v) if self.list => v.push(if set { list(feature, at)? } else { None }),
            Values::Text(v) | Values::Time(v) => v.push(text()?),
            Values::Date(v) | Values::DateTime(v) => v.push(text()?.map(|value| iso(&value))),
            Values::Binary(v) => v.push(text()?.map(|digits| unhex(&digits))),
            _ => return Err(GdalError::BadArgument(self.column.name.clone())),
        }
        Ok(())
    }

    /// The column as far as it is read.
    pub fn column(&self) -> &Column {
        &self.column
    }

    /// The values read so far, to which others may be added.
    pub fn values(&mut self) -> &mut Values {
        &mut self.column.values
    }

    /// Whether the field holds lists, which become text.
    pub fn is_list(&self) -> bool {
        self.list
    }

    pub fn finish(self) -> Column {
        self.column
    }
}

/// How a column is declared in a file.
pub(crate) fn declared(column: &Column) -> Result<FieldType<'_>> {
    let narrow = column.storage.narrow;
    let (kind, subtype) = match (&column.values, narrow) {
        (Values::Bool(_), _) => (Type::OFTInteger, Subtype::OFSTBoolean),
        (Values::Int(_), Some(Narrow::Int16)) => (Type::OFTInteger, Subtype::OFSTInt16),
        (Values::Int(_), Some(_)) => (Type::OFTInteger, Subtype::OFSTNone),
        (Values::Int(_), None) => (Type::OFTInteger64, Subtype::OFSTNone),
        (Values::Float(_), Some(Narrow::Float32)) => (Type::OFTReal, Subtype::OFSTFloat32),
        (Values::Float(_), _) => (Type::OFTReal, Subtype::OFSTNone),
        (Values::Text(_), _) if column.storage.json => (Type::OFTString, Subtype::OFSTJSON),
        (Values::Text(_), _) => (Type::OFTString, Subtype::OFSTNone),
        (Values::Date(_), _) => (Type::OFTDate, Subtype::OFSTNone),
        (Values::Time(_), _) => (Type::OFTTime, Subtype::OFSTNone),
        (Values::DateTime(_), _) => (Type::OFTDateTime, Subtype::OFSTNone),
        (Values::Binary(_), _) => (Type::OFTBinary, Subtype::OFSTNone),
        _ => return Err(GdalError::BadArgument(column.name.clone())),
    };
    let Storage { width, precision, .. } = column.storage;
    Ok(FieldType { name: &column.name, kind, subtype, width, precision })
}

/// A column of real numbers, declared to hold their digits.
pub(crate) fn declared_as_text(column: &Column) -> FieldType<'_> {
    let (kind, subtype) = (Type::OFTString, Subtype::OFSTNone);
    FieldType { name: &column.name, kind, subtype, width: 0, precision: 0 }
}

/// Sets field `at` to the digits that give back the real number of row `row`; a missing value and `NaN` stay null.
pub(crate) fn set_as_text(
    feature: &mut Feature,
    at: usize,
    column: &Column,
    row: usize,
) -> Result<()> {
    let Values::Float(values) = &column.values else {
        return Err(GdalError::BadArgument(column.name.clone()));
    };
    match values[row].filter(|value| !value.is_nan()) {
        Some(value) => feature.set_field_string(at, &format!("{value:e}")),
        None => feature.set_field_null(at),
    }
}

/// Sets field `at` to the value of row `row`; a missing value and `NaN` stay null.
pub(crate) fn set(feature: &mut Feature, at: usize, column: &Column, row: usize) -> Result<()> {
    match &column.values {
        Values::Bool(v) => v[row].map(|value| feature.set_field_integer(at, i32::from(value))),
        Values::Int(v) => v[row].map(|value| feature.set_field_integer64(at, value)),
        Values::Float(v) => {
            let number = v[row].filter(|value| !value.is_nan());
            number.map(|value| feature.set_field_double(at, value))
        }
        Values::Text(v) | Values::Date(v) | Values::Time(v) | Values::DateTime(v) => {
            v[row].as_deref().map(|value| feature.set_field_string(at, value))
        }
        Values::Binary(v) => v[row].as_deref().map(|value| raw::set_binary(feature, at, value)),
        _ => Some(Err(GdalError::BadArgument(column.name.clone()))),
    }
    .unwrap_or_else(|| feature.set_field_null(at))
}

fn kind(field: Type::Type, subtype: Subtype::Type) -> (Values, Option<Narrow>) {
    match (field, subtype) {
        (Type::OFTInteger, Subtype::OFSTBoolean) => (Values::Bool(Vec::new()), None),
        (Type::OFTInteger, Subtype::OFSTInt16) => (Values::Int(Vec::new()), Some(Narrow::Int16)),
        (Type::OFTInteger, _) => (Values::Int(Vec::new()), Some(Narrow::Int32)),
        (Type::OFTInteger64, _) => (Values::Int(Vec::new()), None),
        (Type::OFTReal, Subtype::OFSTFloat32) => (Values::Float(Vec::new()), Some(Narrow::Float32)),
        (Type::OFTReal, _) => (Values::Float(Vec::new()), None),
        (Type::OFTDate, _) => (Values::Date(Vec::new()), None),
        (Type::OFTTime, _) => (Values::Time(Vec::new()), None),
        (Type::OFTDateTime, _) => (Values::DateTime(Vec::new()), None),
        (Type::OFTBinary, _) => (Values::Binary(Vec::new()), None),
        _ => (Values::Text(Vec::new()), None),
    }
}

fn is_list(field: Type::Type) -> bool {
    matches!(
        field,
        Type::OFTIntegerList | Type::OFTInteger64List | Type::OFTRealList | Type::OFTStringList
    )
}

/// A list as a JSON array, which is how GeoPackage stores it too.
fn list(feature: &Feature, at: usize) -> Result<Option<String>> {
    fn array<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        format!("[{}]", items.join(","))
    }
    Ok(feature.field(at)?.map(|value| match value {
        FieldValue::IntegerListValue(items) => array(items),
        FieldValue::Integer64ListValue(items) => array(items),
        FieldValue::RealListValue(items) => array(items),
        FieldValue::StringListValue(items) => array(items.iter().map(|item| quoted(item))),
        _ => String::new(),
    }))
}

fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// GDAL's `2020/01/31 10:20:30+0530` as ISO 8601.
fn iso(text: &str) -> String {
    let (date, time) = text.split_once(' ').unwrap_or((text, ""));
    let date = date.replace('/', "-");
    if time.is_empty() {
        return date;
    }
    let (clock, zone) = match time.find(['+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let zone = match zone {
        "+00" => "Z".to_owned(),
        zone if zone.len() == 3 => format!("{zone}:00"),
        zone if zone.len() == 5 => format!("{}:{}", &zone[..3], &zone[3..]),
        zone => zone.to_owned(),
    };
    format!("{date}T{clock}{zone}")
}

/// Bytes from the hexadecimal digits that GDAL gives for them.
fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap_or_default(), 16);
    pairs.map(|pair| byte(pair).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_iso_with_their_zone() {
        assert_eq!(iso("2020/01/31"), "2020-01-31");
        assert_eq!(iso("2020/01/31 10:20:30"), "2020-01-31T10:20:30");
        assert_eq!(iso("2020/01/31 10:20:30.250+00"), "2020-01-31T10:20:30.250Z");
        assert_eq!(iso("2020/01/31 10:20:30+08"), "2020-01-31T10:20:30+08:00");
        assert_eq!(iso("2020/01/31 10:20:30-0330"), "2020-01-31T10:20:30-03:30");
    }

    #[test]
    fn strings_of_a_list_are_quoted_as_json() {
        assert_eq!(quoted("a\"b\\\n"), "\"a\\\"b\\\\\\u000a\"");
    }
}
