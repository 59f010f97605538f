//! What QGIS reads from a PostgreSQL database besides the rows: styles in its own table, comments of tables and
//! columns.

use std::collections::HashSet;

use gdal::{Dataset, errors::Result};

use super::{Prepared, StoredStyle};
use crate::{
    sql::{identifier, quoted, rows, run},
    write::{Place, Sheet, geometry_column},
};

/// What the user may do with the table of styles. QGIS looks for it along the search path of whoever opens the
/// project; the schema that is on everyone's is `public`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    Create,
    None,
}

impl Access {
    pub fn allowed(self) -> bool {
        self != Self::None
    }
}

/// What the user of the connection may do.
pub(crate) fn access(dataset: &Dataset) -> Result<Access> {
    let first = |query: &str| -> Result<bool> {
        Ok(rows::<1>(dataset, query)?.first().is_some_and(|[value]| value == "1"))
    };
    if first("SELECT (to_regclass('public.layer_styles') IS NOT NULL)::int")? {
        let privileges = ["SELECT", "INSERT", "DELETE"]
            .map(|privilege| format!("has_table_privilege('public.layer_styles', '{privilege}')"));
        let may = first(&format!("SELECT ({})::int", privileges.join(" AND ")))?;
        return Ok(if may { Access::Write } else { Access::None });
    }
    let may = first(
        "SELECT count(*)::int FROM pg_namespace WHERE nspname = 'public' \
         AND has_schema_privilege(nspname, 'CREATE')",
    )?;
    Ok(if may { Access::Create } else { Access::None })
}

/// Stores the style, and title, history and aliases as comments, of a table that has just been written.
pub(crate) fn store(
    dataset: &Dataset,
    sheet: &Sheet,
    place: &Place,
    prepared: &Prepared,
    access: Access,
) -> Result<()> {
    comment(dataset, sheet, place)?;
    store_style(dataset, sheet, place, prepared, access)
}

/// Stores the style of a table in place of those it had.
pub(crate) fn store_style(
    dataset: &Dataset,
    sheet: &Sheet,
    place: &Place,
    prepared: &Prepared,
    access: Access,
) -> Result<()> {
    if !access.allowed() {
        return Ok(());
    }
    if access == Access::Create {
        if prepared.style.is_none() {
            return Ok(());
        }
        // As QGIS makes it, column for column.
        run(
            dataset,
            "CREATE TABLE IF NOT EXISTS public.layer_styles (id serial PRIMARY KEY, f_table_catalog varchar, \
             f_table_schema varchar, f_table_name varchar, f_geometry_column varchar, styleName text, \
             styleQML xml, styleSLD xml, useAsDefault boolean, description text, \
             owner varchar(63) DEFAULT CURRENT_USER, ui xml, \
             update_time timestamp DEFAULT CURRENT_TIMESTAMP, type varchar)",
        )?;
    }
    let (schema, table) = (quoted(&place.schema), quoted(&place.table));
    run(
        dataset,
        &format!(
            "DELETE FROM public.layer_styles WHERE f_table_catalog = current_database() \
             AND f_table_schema = {schema} AND f_table_name = {table}"
        ),
    )?;
    let Some(StoredStyle { name, qml, sld }) = &prepared.style else {
        return Ok(());
    };
    let [geometry, name, qml, sld] = [geometry_column(sheet), name, qml, sld].map(quoted);
    run(
        dataset,
        &format!(
            "INSERT INTO public.layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, \
             styleName, styleQML, styleSLD, useAsDefault, description) \
             VALUES (current_database(), {schema}, {table}, {geometry}, {name}, XMLPARSE(DOCUMENT {qml}), \
             XMLPARSE(DOCUMENT {sld}), true, '')"
        ),
    )
}

fn comment(dataset: &Dataset, sheet: &Sheet, place: &Place) -> Result<()> {
    let said = sheet.metadata.map(|metadata| {
        [metadata.title.as_str(), &metadata.description]
            .into_iter()
            .chain(metadata.history.iter().map(String::as_str))
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    });
    let said = said.unwrap_or_else(|| sheet.title.to_owned());
    if !said.is_empty() {
        run(dataset, &format!("COMMENT ON TABLE {} IS {}", place.quoted(), quoted(&said)))?;
    }
    let mut seen = HashSet::new();
    for column in sheet.columns {
        let Some(alias) = column.alias.as_ref().filter(|alias| seen.insert(*alias)) else {
            continue;
        };
        let (table, name) = (place.quoted(), identifier(&column.name));
        run(dataset, &format!("COMMENT ON COLUMN {table}.{name} IS {}", quoted(alias)))?;
    }
    Ok(())
}
