//! From files to units, panels and weights, everything joined by key.

use std::collections::HashMap;

use durbin_core::{Column, Missing, Named, Panel, PanelKeys, Table, Units, Warning};
use durbin_io::{Source, read_table, read_units};

use crate::Error;

/// A long table (one row per unit and period), its keys, and where its geometry is.
#[derive(Debug, Clone)]
pub struct PanelSource {
    /// The table or layer.
    pub source: Source,
    /// Unit field.
    pub id: String,
    /// Time field; without it the table is a cross-section.
    pub time: Option<String>,
    /// The polygons, when the panel has none of its own.
    pub boundaries: Option<Source>,
}

/// What was read of a panel: its table and, where there are any, its units in key order.
#[derive(Debug, Clone)]
pub(crate) struct PanelInput {
    pub table: Table,
    pub boundaries: Option<Units>,
    pub file: String,
    boundaries_file: String,
}

impl PanelSource {
    /// Reads the table and, if `geometry` is asked for, the units.
    pub(crate) fn read(
        &self,
        geometry: bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<PanelInput, Error> {
        let file = self.source.to_string();
        let boundaries_file = self.boundaries.as_ref().map_or(file.clone(), ToString::to_string);
        if !geometry || self.boundaries.is_some() {
            let table = read_table(&self.source)?;
            let boundaries = match (&self.boundaries, geometry) {
                (Some(source), true) => Some(read_checked(source, warnings)?),
                _ => None,
            };
            return Ok(PanelInput { table, boundaries, file, boundaries_file });
        }
        let rows = read_units(&self.source)?;
        if rows.shapes.iter().all(Option::is_none) {
            return Err(Error::NoGeometry { file });
        }
        let table = Table {
            name: rows.layer.name.clone(),
            title: String::new(),
            columns: rows.layer.columns.clone(),
        };
        let boundaries =
            units_of(&rows, &self.id, self.time.as_deref()).map_err(Error::data(&file))?;
        report_geometry(&boundaries, warnings);
        Ok(PanelInput { table, boundaries: Some(boundaries), file, boundaries_file })
    }
}

impl PanelInput {
    /// Where the units were read.
    pub fn units_file(&self) -> &str {
        if self.boundaries.is_some() { &self.boundaries_file } else { &self.file }
    }

    /// The balanced index of the table.
    pub fn keys(&self, source: &PanelSource) -> Result<PanelKeys, Error> {
        match &source.time {
            Some(time) => PanelKeys::new(&self.table, &source.id, time),
            None => PanelKeys::cross_section(&self.table, &source.id),
        }
        .map_err(Error::data(&self.file))
    }

    /// The index of a table that may lack rows.
    pub fn unbalanced_keys(&self, id: &str, time: &str) -> Result<PanelKeys, Error> {
        PanelKeys::unbalanced(&self.table, id, time).map_err(Error::data(&self.file))
    }

    /// A panel of the columns `names`.
    pub fn panel(&self, keys: &PanelKeys, names: &[String]) -> Result<Panel, Error> {
        let mut panel = keys.panel();
        for name in names {
            let column = self.table.column(name).map_err(Error::data(&self.file))?;
            panel.insert(name, keys.values(column).map_err(Error::data(&self.file))?);
        }
        Ok(panel)
    }

    /// The units of `panel`, in its order; boundaries without data are left out and reported.
    pub fn units(
        &self,
        panel: &Panel,
        keys: &PanelKeys,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<Units>, Error> {
        let Some(boundaries) = &self.boundaries else {
            return Ok(None);
        };
        let units = join(boundaries, &keys.ids, &self.file, &self.boundaries_file, warnings)?;
        // Units left out of the panel for missing values are told elsewhere.
        units.matching(&panel.ids, &self.file).map_err(Error::data(&self.boundaries_file)).map(Some)
    }
}

/// The units of `ids` among `boundaries`; the others are left out and reported.
pub(crate) fn join(
    boundaries: &Units,
    ids: &[String],
    from: &str,
    to: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Units, Error> {
    let units = boundaries.matching(ids, from).map_err(Error::data(to))?;
    let kept = units.positions();
    let without: Named =
        boundaries.ids.iter().filter(|id| !kept.contains_key(id.as_str())).collect();
    if without.count > 0 {
        warnings.push(Warning::BoundariesWithoutData { units: without });
    }
    Ok(units)
}

/// Fills or drops what is missing in `names`, as the policy says.
pub(crate) fn treat_missing(
    panel: &mut Panel,
    names: &[String],
    policy: Missing,
    file: &str,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    warnings.extend(panel.treat_missing(names, policy).map_err(Error::data(file))?);
    Ok(())
}

/// Reads units and reports invalid and empty geometries.
pub(crate) fn read_checked(source: &Source, warnings: &mut Vec<Warning>) -> Result<Units, Error> {
    let units = read_units(source)?;
    report_geometry(&units, warnings);
    Ok(units)
}

fn report_geometry(units: &Units, warnings: &mut Vec<Warning>) {
    let invalid = invalid(units);
    if invalid.count > 0 {
        warnings.push(Warning::InvalidGeometry { units: invalid, repaired: false });
    }
    report_empty(units, warnings);
}

/// `key: reason` of every invalid geometry.
pub(crate) fn invalid(units: &Units) -> Named {
    units.invalid.iter().map(|bad| format!("{}: {}", bad.id, bad.reason)).collect()
}

pub(crate) fn report_empty(units: &Units, warnings: &mut Vec<Warning>) {
    let empty = units.ids.iter().zip(&units.shapes).filter(|(_, shape)| shape.is_none());
    let empty: Named = empty.map(|(id, _)| id).collect();
    if empty.count > 0 {
        warnings.push(Warning::EmptyGeometry { units: empty });
    }
}

/// The units of a long layer, which repeats their geometry each period: one row per unit, the earliest,
/// with the columns that do not vary over time.
fn units_of(rows: &Units, id: &str, time: Option<&str>) -> Result<Units, durbin_core::Error> {
    let column: &Column = rows.layer.column(id)?;
    let time = time.map(|time| rows.layer.column(time)).transpose()?;
    let periods: Vec<String> = (0..rows.len())
        .map(|row| time.and_then(|time| time.key(row)).unwrap_or_default())
        .collect();
    let rank: HashMap<String, usize> =
        durbin_core::in_time_order(&periods).into_iter().zip(0..).collect();
    let mut earliest: HashMap<String, usize> = HashMap::new();
    for row in 0..rows.len() {
        let Some(key) = column.key(row) else { continue };
        let first = earliest.entry(key).or_insert(row);
        if rank[&periods[row]] < rank[&periods[*first]] {
            *first = row;
        }
    }
    let first_row = |row: usize| column.key(row).and_then(|key| earliest.get(&key).copied());
    let constant = |values: &Column| {
        (0..rows.len())
            .all(|row| first_row(row).is_none_or(|first| values.key(first) == values.key(row)))
    };
    let moved = (0..rows.len()).filter(|&row| {
        first_row(row).is_some_and(|first| rows.layer.geometry[first] != rows.layer.geometry[row])
    });
    let moved: std::collections::BTreeSet<String> =
        moved.filter_map(|row| column.key(row)).collect();
    if !moved.is_empty() {
        let units = moved.into_iter().collect();
        return Err(durbin_core::Error::GeometryVaries { units });
    }
    // A cross-section keeps a repeated key, so that it is refused as such.
    let picked: Vec<usize> = match time {
        None => (0..rows.len()).collect(),
        Some(_) => (0..rows.len()).filter(|&row| first_row(row) == Some(row)).collect(),
    };
    let mut units = rows.select(&picked);
    let fids = std::mem::take(&mut units.ids);
    units.layer.columns = rows
        .layer
        .columns
        .iter()
        .filter(|values| time.is_none() || constant(values))
        .map(|values| values.select(&picked))
        .collect();
    let reasons: HashMap<String, String> =
        units.invalid.into_iter().map(|bad| (bad.id, bad.reason)).collect();
    let mut units = Units::new(units.layer, units.shapes, Some(id))?;
    units.invalid = fids
        .iter()
        .zip(&units.ids)
        .filter_map(|(fid, id)| {
            let reason = reasons.get(fid)?.clone();
            Some(durbin_core::InvalidGeometry { id: id.clone(), reason })
        })
        .collect();
    Ok(units)
}

impl PanelInput {
    /// Keeps the rows of the periods named, so that gaps in other years do not matter.
    pub fn keep_periods(&mut self, time: &str, labels: &[&str]) -> Result<(), Error> {
        let column = self.table.column(time).map_err(Error::data(&self.file))?;
        let keys: Vec<Option<String>> = (0..column.len()).map(|row| column.key(row)).collect();
        let present = durbin_core::in_time_order(keys.iter().flatten());
        for label in labels {
            if !present.iter().any(|period| period == label) {
                let missing = durbin_core::Error::NoPeriod {
                    field: column.name.clone(),
                    period: (*label).to_owned(),
                    first: present.first().cloned().unwrap_or_default(),
                    last: present.last().cloned().unwrap_or_default(),
                };
                return Err(Error::data(&self.file)(missing));
            }
        }
        let wanted = |key: &Option<String>| key.as_deref().is_some_and(|key| labels.contains(&key));
        let rows: Vec<usize> = (0..keys.len()).filter(|&row| wanted(&keys[row])).collect();
        self.table = self.table.select(&rows);
        Ok(())
    }
}

/// Units without a value: refused or counted, as the policy says.
pub(crate) fn report_gaps(
    file: &str,
    field: &str,
    left: impl Iterator<Item = String>,
    policy: Missing,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let units: Named = left.collect();
    let field = field.to_owned();
    match policy {
        _ if units.count == 0 => Ok(()),
        Missing::Drop => {
            warnings.push(Warning::MissingDropped { field, units });
            Ok(())
        }
        Missing::Error | Missing::Interpolate => {
            Err(Error::Missing { file: file.to_owned(), field, units })
        }
    }
}
