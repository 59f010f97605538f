//! Running the command and making files for it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use durbin::{
    core::{Column, Layer, Metadata, Units},
    io::{Existing, Source, read_units, write_layer},
};
use serde_json::Value;
use tempfile::TempDir;

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A file of the repository.
pub fn repository(path: &str) -> String {
    root().join(path).display().to_string()
}

/// `durbin ARGUMENTS`.
pub fn durbin(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_durbin"));
    command.args(arguments);
    command
}

/// The JSON that a successful command prints.
pub fn json(arguments: &[&str]) -> Value {
    let output = durbin(arguments).arg("--json").output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "durbin {arguments:?}: {error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The message of a command that fails with `status`.
pub fn refused(arguments: &[&str], status: i32) -> String {
    let output = durbin(arguments).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "durbin {arguments:?}: {error}");
    assert!(output.stdout.is_empty(), "a refusal prints nothing on standard output");
    assert!(!error.contains("panicked"), "{error}");
    error
}

/// A scratch folder.
pub struct Scratch(TempDir);

impl Scratch {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Names of what is in the folder.
    pub fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// A layer of a file.
pub fn layer(path: &str, name: &str) -> Units {
    read_units(&Source::new(path).layer(name)).unwrap()
}

/// The state polygons of the repository.
pub fn states() -> Units {
    let source =
        Source::new(repository("data/us_states/us_states.gpkg")).layer("states").id("name");
    read_units(&source).unwrap()
}

/// A square of side 1 with lower left corner `(x, y)`, as a GeoJSON geometry.
pub fn square(x: f64, y: f64) -> String {
    format!(
        r#"{{"type":"Polygon","coordinates":[[[{x},{y}],[{},{y}],[{},{}],[{x},{}],[{x},{y}]]]}}"#,
        x + 1.0,
        x + 1.0,
        y + 1.0,
        y + 1.0
    )
}

/// A GeoJSON collection of squares: key, corner, properties as JSON members.
pub fn squares(features: &[(&str, f64, f64, &str)]) -> String {
    let features: Vec<String> = features
        .iter()
        .map(|(id, x, y, properties)| {
            let geometry = square(*x, *y);
            let comma = if properties.is_empty() { "" } else { "," };
            format!(
                r#"{{"type":"Feature","properties":{{"id":"{id}"{comma}{properties}}},"geometry":{geometry}}}"#
            )
        })
        .collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// A 5 × 5 board of squares `r0c0` … with an uneven field `x` and a constant field `flat`.
pub fn board() -> String {
    let cells: Vec<(String, f64, f64, String)> = (0..25)
        .map(|at| {
            let (row, column) = (at / 5, at % 5);
            let x = f64::from((at * 7 + row * row) % 11) + f64::from(column);
            (
                format!("r{row}c{column}"),
                f64::from(column),
                f64::from(row),
                format!(r#""x":{x},"flat":1"#),
            )
        })
        .collect();
    let cells: Vec<(&str, f64, f64, &str)> =
        cells.iter().map(|(id, x, y, p)| (id.as_str(), *x, *y, p.as_str())).collect();
    squares(&cells)
}

/// Writes `units` as a GeoPackage layer with its rows in the order `rows`.
pub fn rewrite(units: &Units, rows: &[usize], path: &str) {
    let mut layer: Layer = units.layer.select(rows);
    layer.fids = (1..).take(rows.len()).collect();
    layer.style = None;
    layer.metadata = Metadata::default();
    write_layer(&layer, path, Existing::Refuse).unwrap();
}

/// The numbers of a field by key.
pub fn by_key(path: &str, layer: &str, id: &str, field: &str) -> Vec<(String, f64)> {
    let units = read_units(&Source::new(path).layer(layer).id(id)).unwrap();
    let column: &Column = units.layer.column(field).unwrap();
    let mut pairs: Vec<(String, f64)> =
        units.ids.iter().cloned().zip(column.numbers().unwrap()).collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs
}
