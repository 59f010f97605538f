//! Statements and queries in the language of the file.

use gdal::{
    Dataset,
    errors::Result,
    vector::{Feature, LayerAccess, sql::Dialect},
};

/// Runs one statement.
pub(crate) fn run(dataset: &Dataset, statement: &str) -> Result<()> {
    dataset.execute_sql(statement, None, Dialect::DEFAULT).map(drop)
}

/// The rows of a query as text.
pub(crate) fn rows<const N: usize>(dataset: &Dataset, query: &str) -> Result<Vec<[String; N]>> {
    let Some(mut found) = dataset.execute_sql(query, None, Dialect::DEFAULT)? else {
        return Ok(Vec::new());
    };
    let row = |feature: Feature| {
        let mut row = [const { String::new() }; N];
        for (at, text) in row.iter_mut().enumerate() {
            *text = feature.field_as_string(at)?.unwrap_or_default();
        }
        Ok(row)
    };
    found.features().map(row).collect()
}

/// A text literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name of a table or column.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
