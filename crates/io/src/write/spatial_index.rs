//! The spatial index of a GeoPackage layer, built at once when all features are in.
//!
//! GDAL before 3.7 inserts into the R-tree row by row, which takes most of the time of writing. Here GDAL
//! defines the index of the empty layer, its table, triggers and registration; these are noted and
//! taken away again, and put back when the features are written and the tree is packed. Whoever
//! edits the file later finds the index that GDAL itself would have made.

use gdal::{
    Dataset,
    errors::{GdalError, Result},
};

use super::packed_tree::{Entry, PackedTree};
use crate::sql::{identifier, quoted, rows, run};

/// Statements stay well below the million bytes that SQLite takes.
const STATEMENT: usize = 200_000;

/// How GDAL defines the index of one layer.
#[derive(Debug)]
pub(super) struct SpatialIndex {
    table: String,
    /// Creates the virtual table, and with it those that hold the tree.
    create: String,
    /// Triggers and registration.
    finish: Vec<String>,
}

impl SpatialIndex {
    /// Notes the definition of the index of an empty layer without one.
    pub fn of_empty(dataset: &Dataset, layer: &str, geometry_column: &str) -> Result<Self> {
        let table = format!("rtree_{layer}_{geometry_column}");
        let names = format!("({}, {})", quoted(layer), quoted(geometry_column));
        call(dataset, &format!("SELECT CreateSpatialIndex{names}"))?;
        let create = rows(
            dataset,
            &format!("SELECT sql FROM sqlite_master WHERE name = {}", quoted(&table)),
        )?;
        let Some([create]) = create.first() else {
            return Err(GdalError::BadArgument(format!("no spatial index {table}")));
        };
        let triggers: Vec<[String; 1]> = rows(
            dataset,
            &format!(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND instr(name, {}) = 1 ORDER BY rowid",
                quoted(&format!("{table}_"))
            ),
        )?;
        let registered = rows(
            dataset,
            &format!(
                "SELECT table_name, column_name, extension_name, definition, scope FROM gpkg_extensions \
                 WHERE table_name = {} AND extension_name = 'gpkg_rtree_index'",
                quoted(layer)
            ),
        )?;
        let register = |row: &[String; 5]| {
            let values = row.each_ref().map(|value| quoted(value)).join(", ");
            format!("INSERT INTO gpkg_extensions VALUES ({values})")
        };
        call(dataset, &format!("SELECT DisableSpatialIndex{names}"))?;
        let finish = triggers.into_iter().flatten().chain(registered.iter().map(register));
        Ok(Self { create: create.clone(), finish: finish.collect(), table })
    }

    /// Creates the index of `entries`, which are the boxes of the features that are not empty.
    pub fn build(&self, dataset: &Dataset, entries: Vec<Entry>) -> Result<()> {
        run(dataset, &self.create)?;
        let [node, parent, rowid] =
            ["node", "parent", "rowid"].map(|end| identifier(&format!("{}_{end}", self.table)));
        let size = rows(dataset, &format!("SELECT length(data) FROM {node} WHERE nodeno = 1"))?;
        let size = size.first().and_then(|[size]| size.parse().ok());
        let Some(size) = size else {
            return Err(GdalError::BadArgument(format!("no root in {}", self.table)));
        };
        let tree = PackedTree::new(entries, size);
        run(dataset, &format!("DELETE FROM {node}"))?;
        insert_nodes(dataset, &node, &tree.nodes)?;
        insert_pairs(dataset, &parent, &tree.parents)?;
        insert_pairs(dataset, &rowid, &tree.rows)?;
        self.finish.iter().try_for_each(|statement| run(dataset, statement))
    }
}

fn insert_nodes(dataset: &Dataset, table: &str, nodes: &[(i64, Vec<u8>)]) -> Result<()> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let literal = |(number, data): &(i64, Vec<u8>)| {
        let digits = data.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits: String = digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect();
        format!("({number},x'{digits}')")
    };
    insert(dataset, [&format!("INSERT INTO {table} VALUES "), ""], nodes.iter().map(literal))
}

/// Inserts numbers as members of JSON objects: SQLite takes half as long for them as for literals of its own.
fn insert_pairs(dataset: &Dataset, table: &str, pairs: &[(i64, i64)]) -> Result<()> {
    let start = format!("INSERT INTO {table} SELECT key, value FROM json_each('{{");
    insert(dataset, [&start, "}')"], pairs.iter().map(|(id, node)| format!("\"{id}\":{node}")))
}

/// Runs statements that hold as many of `items` as fit, between a start and an end.
fn insert(
    dataset: &Dataset,
    [start, end]: [&str; 2],
    items: impl Iterator<Item = String>,
) -> Result<()> {
    let mut statement = start.to_owned();
    for item in items {
        if statement.len() > start.len() {
            statement.push(',');
        }
        statement.push_str(&item);
        if statement.len() >= STATEMENT {
            run(dataset, &(statement.clone() + end))?;
            statement.truncate(start.len());
        }
    }
    if statement.len() > start.len() {
        run(dataset, &(statement + end))?;
    }
    Ok(())
}

/// Calls a function of GDAL's that answers 1 when it worked.
fn call(dataset: &Dataset, query: &str) -> Result<()> {
    match rows(dataset, query)?.first() {
        Some([answer]) if answer == "1" => Ok(()),
        _ => Err(GdalError::BadArgument(query.to_owned())),
    }
}
