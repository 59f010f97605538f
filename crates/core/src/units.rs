//! The units of a study: counties, states, points, each with a key, a shape and attributes.

use std::collections::HashMap;

use geo_types::Geometry;

use crate::{Error, Layer, Named};

/// `n` units with unique keys, their layer and their shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Units {
    /// Name of the key field; `None` when the feature id is the key.
    pub id_field: Option<String>,
    /// Unique keys, one per feature of `layer`.
    pub ids: Vec<String>,
    /// The features as read.
    pub layer: Layer,
    /// Planar shapes of the features (Z and M dropped, curves straightened); `None` when empty.
    /// Rings are as they came: not repaired.
    pub shapes: Vec<Option<Geometry<f64>>>,
    /// Features whose geometry breaks the simple-features rules.
    pub invalid: Vec<InvalidGeometry>,
}

/// A feature whose geometry breaks the simple-features rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidGeometry {
    /// Key of the unit.
    pub id: String,
    /// What is wrong and where, such as `Ring Self-intersection at or near point -111.0 45.0`.
    pub reason: String,
}

impl Units {
    /// Units from a layer and its shapes; the key is `id_field` or, without it, the feature id.
    ///
    /// # Errors
    /// No such field, an empty key, a key that occurs twice.
    pub fn new(
        layer: Layer,
        shapes: Vec<Option<Geometry<f64>>>,
        id_field: Option<&str>,
    ) -> Result<Self, Error> {
        let ids = match id_field {
            None => layer.fids.iter().map(ToString::to_string).collect(),
            Some(field) => keys(layer.column(field)?)?,
        };
        // Keys in ascending order, as of most files, cannot repeat.
        let ascending = match id_field {
            None => layer.fids.is_sorted_by(|a, b| a < b),
            Some(_) => ids.is_sorted_by(|a, b| a < b),
        };
        if !ascending {
            unique(id_field.unwrap_or("feature id"), &ids, String::clone)?;
        }
        Ok(Self { id_field: id_field.map(str::to_owned), ids, layer, shapes, invalid: Vec::new() })
    }

    /// Number of units.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no units.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Row of each key.
    pub fn positions(&self) -> HashMap<&str, usize> {
        self.ids.iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect()
    }

    /// The units `rows`, in that order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let ids: Vec<String> = rows.iter().map(|&row| self.ids[row].clone()).collect();
        let kept: std::collections::HashSet<&str> = ids.iter().map(String::as_str).collect();
        let invalid =
            self.invalid.iter().filter(|bad| kept.contains(bad.id.as_str())).cloned().collect();
        Self {
            id_field: self.id_field.clone(),
            layer: self.layer.select(rows),
            shapes: rows.iter().map(|&row| self.shapes[row].clone()).collect(),
            invalid,
            ids,
        }
    }

    /// The units with keys `ids`, in that order.
    ///
    /// # Errors
    /// [`Error::UnmatchedKeys`] naming the keys of `from` that have no unit here.
    pub fn matching(&self, ids: &[String], from: &str) -> Result<Self, Error> {
        let positions = self.positions();
        let unmatched: Named =
            ids.iter().filter(|id| !positions.contains_key(id.as_str())).collect();
        if unmatched.count > 0 {
            let to = self.layer.name.clone();
            return Err(Error::UnmatchedKeys { from: from.to_owned(), to, keys: unmatched });
        }
        let rows: Vec<usize> = ids.iter().map(|id| positions[id.as_str()]).collect();
        Ok(self.select(&rows))
    }

    /// The rows in ascending order of key: computing in this order makes every result independent of
    /// the order of the file, to the last bit.
    pub fn key_order(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.len()).collect();
        rows.sort_by(|&a, &b| self.ids[a].cmp(&self.ids[b]));
        rows
    }
}

/// The keys of a column, one per row.
pub(crate) fn keys(column: &crate::Column) -> Result<Vec<String>, Error> {
    let keys: Vec<Option<String>> = (0..column.len()).map(|row| column.key(row)).collect();
    let count = keys.iter().filter(|key| key.is_none()).count();
    match keys.iter().position(Option::is_none) {
        Some(first) => Err(Error::MissingKey { field: column.name.clone(), first, count }),
        None => Ok(keys.into_iter().flatten().collect()),
    }
}

/// Refuses keys that repeat, each named once by `name`.
pub(crate) fn unique<K: Copy + Eq + std::hash::Hash>(
    field: &str,
    keys: impl IntoIterator<Item = K>,
    name: impl Fn(K) -> String,
) -> Result<(), Error> {
    let mut count: HashMap<K, usize> = HashMap::new();
    let mut repeated = Vec::new();
    for key in keys {
        let seen = count.entry(key).or_insert(0);
        *seen += 1;
        if *seen == 2 {
            repeated.push(key);
        }
    }
    if repeated.is_empty() {
        return Ok(());
    }
    let keys = repeated.into_iter().map(|key| format!("{} ×{}", name(key), count[&key])).collect();
    Err(Error::DuplicateKeys { field: field.to_owned(), keys })
}
