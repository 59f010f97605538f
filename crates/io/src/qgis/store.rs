//! Tables of a GeoPackage in which QGIS looks for styles, aliases and metadata.

use std::{collections::HashSet, fmt::Write as _};

use gdal::{
    Dataset,
    errors::Result,
    vector::{LayerAccess, sql::Dialect},
};

use super::{Prepared, StoredStyle, metadata};
use crate::{
    sql::{quoted, run as sql},
    write::{Sheet, geometry_column},
};

/// The date of everything written. QGIS looks at it only to choose among several default styles, and
/// the time of a run would make every file another.
pub(crate) const EPOCH: &str = "1970-01-01T00:00:00.000Z";

/// Whether a table of the file is already known to people as `title`.
pub(crate) fn identifier_taken(dataset: &Dataset, title: &str) -> Result<bool> {
    let query = format!("SELECT 1 FROM gpkg_contents WHERE identifier = {}", quoted(title));
    let rows = dataset.execute_sql(query, None, Dialect::DEFAULT)?;
    Ok(rows.is_some_and(|mut rows| rows.features().next().is_some()))
}

/// Stores style, aliases and metadata of a layer that has just been written.
pub(crate) fn store(dataset: &Dataset, sheet: &Sheet, prepared: &Prepared) -> Result<()> {
    if let Some(style) = &prepared.style {
        store_style(dataset, sheet, style)?;
    }
    store_aliases(dataset, sheet)?;
    if let Some(document) = &prepared.metadata {
        store_metadata(dataset, sheet.name, document)?;
    }
    Ok(())
}

/// Stores another style for a layer that is there.
pub(crate) fn replace_style(dataset: &Dataset, sheet: &Sheet, prepared: &Prepared) -> Result<()> {
    let Some(style) = &prepared.style else {
        return Ok(());
    };
    if has_table(dataset, "layer_styles")? {
        let layer = quoted(sheet.name);
        sql(
            dataset,
            &format!("DELETE FROM layer_styles WHERE lower(f_table_name) = lower({layer})"),
        )?;
    }
    store_style(dataset, sheet, style)
}

/// Removes what was stored for a layer that is being replaced.
pub(crate) fn forget(dataset: &Dataset, layer: &str) -> Result<()> {
    let layer = quoted(layer);
    for (table, column) in [
        ("layer_styles", "f_table_name"),
        ("gpkg_data_columns", "table_name"),
        ("gpkg_metadata_reference", "table_name"),
    ] {
        if has_table(dataset, table)? {
            sql(dataset, &format!("DELETE FROM {table} WHERE lower({column}) = lower({layer})"))?;
        }
    }
    if has_table(dataset, "gpkg_metadata")? && has_table(dataset, "gpkg_metadata_reference")? {
        let orphans = "DELETE FROM gpkg_metadata WHERE id NOT IN (SELECT md_file_id FROM gpkg_metadata_reference)";
        sql(dataset, &format!("{orphans} AND md_standard_uri = {}", quoted(metadata::STANDARD)))?;
    }
    Ok(())
}

/// A viewer ignores the table of styles unless it is registered like any other table.
fn store_style(dataset: &Dataset, sheet: &Sheet, style: &StoredStyle) -> Result<()> {
    if !has_table(dataset, "layer_styles")? {
        sql(
            dataset,
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \
             f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), \
             f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, \
             useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), \
             update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))",
        )?;
    }
    sql(
        dataset,
        &format!(
            "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) \
             VALUES ('layer_styles', 'attributes', 'layer_styles', '', '{EPOCH}', 0)"
        ),
    )?;
    if has_table(dataset, "gpkg_ogr_contents")? {
        sql(
            dataset,
            "INSERT OR IGNORE INTO gpkg_ogr_contents (table_name, feature_count) VALUES ('layer_styles', NULL)",
        )?;
    }
    let values = ["", "", sheet.name, geometry_column(sheet), &style.name, &style.qml, &style.sld]
        .map(quoted)
        .join(", ");
    sql(
        dataset,
        &format!(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, \
             styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) \
             VALUES ({values}, 1, '', '', '{EPOCH}')"
        ),
    )
}

/// Aliases by the schema extension, which asks for unique names within a table.
fn store_aliases(dataset: &Dataset, sheet: &Sheet) -> Result<()> {
    let mut seen = HashSet::new();
    let aliases =
        sheet.columns.iter().filter_map(|column| Some((&column.name, column.alias.as_ref()?)));
    let aliases: Vec<_> = aliases.filter(|(_, alias)| seen.insert(*alias)).collect();
    if aliases.is_empty() {
        return Ok(());
    }
    let definition = "http://www.geopackage.org/spec121/#extension_schema";
    extension(
        dataset,
        "gpkg_data_columns",
        "(table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, \
         mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), \
         CONSTRAINT gdc_tn UNIQUE (table_name, name))",
        ("gpkg_schema", definition),
    )?;
    extension(
        dataset,
        "gpkg_data_column_constraints",
        "(constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, \
         min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, \
         CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))",
        ("gpkg_schema", definition),
    )?;
    for (column, alias) in aliases {
        let values = [sheet.name, column, alias].map(quoted).join(", ");
        sql(
            dataset,
            &format!(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name) VALUES ({values})"
            ),
        )?;
    }
    Ok(())
}

/// Whether the file holds a project of that name.
pub(crate) fn has_project(dataset: &Dataset, name: &str) -> Result<bool> {
    if !has_table(dataset, "qgis_projects")? {
        return Ok(false);
    }
    let query = format!("SELECT 1 FROM qgis_projects WHERE name = {}", quoted(name));
    let rows = dataset.execute_sql(query, None, Dialect::DEFAULT)?;
    Ok(rows.is_some_and(|mut rows| rows.features().next().is_some()))
}

/// Stores a packed project as QGIS does, its bytes as hexadecimal digits, in place of one of that name.
pub(crate) fn store_project(dataset: &Dataset, name: &str, packed: &[u8]) -> Result<()> {
    sql(
        dataset,
        "CREATE TABLE IF NOT EXISTS qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)",
    )?;
    let mut digits = String::with_capacity(2 * packed.len());
    for byte in packed {
        let _ = write!(digits, "{byte:02x}");
    }
    let about = format!(r#"{{"last_modified_time":"{}","last_modified_user":""}}"#, &EPOCH[..19]);
    let values = [name, &about, &digits].map(quoted).join(", ");
    sql(
        dataset,
        &format!(
            "INSERT OR REPLACE INTO qgis_projects (name, metadata, content) VALUES ({values})"
        ),
    )
}

fn store_metadata(dataset: &Dataset, layer: &str, document: &str) -> Result<()> {
    let definition = "http://www.geopackage.org/spec121/#extension_metadata";
    extension(
        dataset,
        "gpkg_metadata",
        "(id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset', \
         md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', \
         metadata TEXT NOT NULL DEFAULT '')",
        ("gpkg_metadata", definition),
    )?;
    extension(
        dataset,
        "gpkg_metadata_reference",
        "(reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER, \
         timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), \
         md_file_id INTEGER NOT NULL, md_parent_id INTEGER, \
         CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id), \
         CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id))",
        ("gpkg_metadata", definition),
    )?;
    let values = [metadata::STANDARD, document].map(quoted).join(", ");
    sql(
        dataset,
        &format!(
            "INSERT INTO gpkg_metadata (md_scope, mime_type, md_standard_uri, metadata) \
             VALUES ('dataset', 'text/xml', {values})"
        ),
    )?;
    sql(
        dataset,
        &format!(
            "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) \
             VALUES ('table', {}, '{EPOCH}', (SELECT max(id) FROM gpkg_metadata))",
            quoted(layer)
        ),
    )
}

/// Creates a table of an extension and registers it, unless it is there.
fn extension(
    dataset: &Dataset,
    table: &str,
    definition: &str,
    (name, specification): (&str, &str),
) -> Result<()> {
    sql(
        dataset,
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, \
         extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, \
         CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))",
    )?;
    sql(dataset, &format!("CREATE TABLE IF NOT EXISTS {table} {definition}"))?;
    sql(
        dataset,
        &format!(
            "INSERT INTO gpkg_extensions SELECT '{table}', NULL, '{name}', '{specification}', 'read-write' \
             WHERE NOT EXISTS (SELECT 1 FROM gpkg_extensions WHERE table_name = '{table}' AND extension_name = '{name}')"
        ),
    )
}

fn has_table(dataset: &Dataset, name: &str) -> Result<bool> {
    let query = format!("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{name}'");
    let rows = dataset.execute_sql(query, None, Dialect::DEFAULT)?;
    Ok(rows.is_some_and(|mut rows| rows.features().next().is_some()))
}
