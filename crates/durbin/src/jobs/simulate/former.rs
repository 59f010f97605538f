//! Units whose key was another in earlier periods, as in yearbooks.

use durbin_core::{Column, Layer};
use durbin_io::Source;
use serde::{Deserialize, Serialize};

use crate::Error;

/// A key of earlier periods.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The key on the map.
    pub id: String,
    /// The key before.
    pub was: String,
    /// The first period of the key on the map.
    pub since: i64,
}

/// Gives rows of earlier periods the key that their unit had then; `labels` are the periods of the rows.
pub(super) fn rename(
    all: &[Former],
    boundaries: &Source,
    labels: &[&str],
    layer: &mut Layer,
) -> Result<(), Error> {
    let Some(id) = boundaries.id_field().filter(|_| !all.is_empty()) else { return Ok(()) };
    let file = boundaries.to_string();
    let column = layer.column(id).map_err(Error::data(&file))?;
    let mut keys: Vec<String> =
        (0..column.len()).map(|row| column.key(row).unwrap_or_default()).collect();
    for one in all {
        if !keys.contains(&one.id) {
            let reason = format!("[[former]] id = \"{}\" is no unit of {file}", one.id);
            return Err(Error::Usage(reason));
        }
        for (key, label) in keys.iter_mut().zip(labels) {
            if *key == one.id && label.parse::<i64>().is_ok_and(|period| period < one.since) {
                key.clone_from(&one.was);
            }
        }
    }
    let name = column.name.clone();
    if let Some(column) = layer.columns.iter_mut().find(|column| column.name == name) {
        *column = Column::text(name, keys);
    }
    Ok(())
}
