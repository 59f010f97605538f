//! GeoPackages of a version that this GDAL does not know.

use gdal::{Dataset, errors::Result};

use crate::sql::{identifier, rows, run};

/// What a GDAL that does not know version 1.4 writes itself, as SQLite's `user_version`.
const KNOWN: &str = "10200";

/// Whether GDAL said on opening that the file is newer than itself.
pub(super) fn is_newer(said: &[String]) -> bool {
    said.iter().any(|text| text.contains("user_version") && text.contains("partially supported"))
}

/// Takes a newer file down to the version that GDAL writes. The two differ in three triggers that keep a spatial index
/// when rows change, for which the older one has two.
pub(super) fn adopt(dataset: &Dataset) -> Result<()> {
    let indexed: Vec<[String; 3]> = rows(
        dataset,
        "SELECT table_name, column_name, (SELECT name FROM pragma_table_info(table_name) WHERE pk = 1) \
         FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'",
    )?;
    for [layer, geometry, key] in &indexed {
        let tree = format!("rtree_{layer}_{geometry}");
        for number in [5, 6, 7] {
            let trigger = identifier(&format!("{tree}_update{number}"));
            run(dataset, &format!("DROP TRIGGER IF EXISTS {trigger}"))?;
        }
        let [layer, geometry, key] = [layer, geometry, key].map(|name| identifier(name));
        let (first, third) = (format!("{tree}_update1"), format!("{tree}_update3"));
        let [first, third, tree] = [&first, &third, &tree].map(|name| identifier(name));
        let there = format!("(NEW.{geometry} NOTNULL AND NOT ST_IsEmpty(NEW.{geometry}))");
        let bounds =
            ["ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"].map(|of| format!("{of}(NEW.{geometry})"));
        let put =
            format!("INSERT OR REPLACE INTO {tree} VALUES (NEW.{key}, {})", bounds.join(", "));
        run(
            dataset,
            &format!(
                "CREATE TRIGGER IF NOT EXISTS {first} AFTER UPDATE OF {geometry} ON {layer} \
                 WHEN OLD.{key} = NEW.{key} AND {there} BEGIN {put}; END"
            ),
        )?;
        run(
            dataset,
            &format!(
                "CREATE TRIGGER IF NOT EXISTS {third} AFTER UPDATE ON {layer} \
                 WHEN OLD.{key} != NEW.{key} AND {there} \
                 BEGIN DELETE FROM {tree} WHERE id = OLD.{key}; {put}; END"
            ),
        )?;
    }
    run(dataset, &format!("PRAGMA user_version = {KNOWN}"))
}
