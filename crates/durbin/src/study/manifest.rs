//! `manifest.json`: what went in, what was chosen, what came out.

use std::{fmt::Write, io::Read, path::Path};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Study, results::Results};
use crate::Error;

/// The manifest: inputs and outputs with their hashes, versions, seed, the study as read, conventions of
/// every result, warnings. Nothing in it depends on time, threads or machine but the versions.
pub(super) fn manifest(
    study: &Study,
    results: &Results,
    outputs: &[(String, String)],
) -> Result<Value, Error> {
    let mut inputs = Vec::new();
    for (role, source) in ["study", "boundaries", "panel", "weights"].iter().zip(study.sources()) {
        let path = Path::new(source.path());
        let hash = if path.is_file() { Some(sha256(path)?) } else { None };
        // A connection has neither a file name nor a hash.
        let name = if durbin_io::is_database(source.path()) {
            Some(source.to_string())
        } else {
            path.file_name().map(|name| name.to_string_lossy().into_owned())
        };
        inputs.push(
            json!({ "role": role, "file": name, "layer": source.layer_name(), "sha256": hash }),
        );
    }
    let versions = durbin_io::versions();
    let hotspots: Vec<Value> = results
        .hotspots
        .iter()
        .map(|done| json!({ "layer": done.layer, "result": done.tested.result }))
        .collect();
    let models: Vec<Value> = results
        .models
        .iter()
        .map(|done| {
            json!({
                "heading": done.heading,
                "spec": done.fit.spec,
                "n_units": done.fit.n_units,
                "n_periods": done.fit.n_periods,
                "log_likelihood": done.fit.log_likelihood,
                "convergence": done.fit.convergence,
                "conventions": done.fit.conventions,
                "impacts_conventions": done.impacts.conventions,
            })
        })
        .collect();
    let dynamic: Vec<Value> = results
        .dynamic
        .iter()
        .map(|done| {
            json!({
                "heading": done.heading,
                "spec": done.fit.spec,
                "n_groups": done.fit.n_groups,
                "n_instruments": done.fit.n_instruments,
                "conventions": done.fit.conventions,
            })
        })
        .collect();
    let outputs: Vec<Value> =
        outputs.iter().map(|(file, hash)| json!({ "file": file, "sha256": hash })).collect();
    Ok(json!({
        "durbin": env!("CARGO_PKG_VERSION"),
        "gdal": versions.gdal,
        "proj": versions.proj,
        "seed": study.study.seed,
        "study": presentable(json!(study)),
        "inputs": inputs,
        "units": results.units.len(),
        "periods": { "n": results.n_periods, "first": results.periods.0, "last": results.periods.1 },
        "weights": results.weights,
        "prepared": results.prepared,
        "indices": results.indices.iter().map(|done| json!({
            "name": done.name,
            "weights": done.index.weights,
            "conventions": done.index.conventions,
        })).collect::<Vec<_>>(),
        "hotspots": hotspots,
        "models": models,
        "gmm": dynamic,
        "warnings": results.warnings,
        "outputs": outputs,
    }))
}

/// The study without passwords of connections.
fn presentable(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(durbin_io::without_passwords(&text)),
        Value::Array(items) => items.into_iter().map(presentable).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, presentable(value))).collect()
        }
        other => other,
    }
}

/// SHA-256 of a file, in hexadecimal.
pub(super) fn sha256(path: &Path) -> Result<String, Error> {
    let failed = Error::file(path);
    let mut file = std::fs::File::open(path).map_err(&failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(&failed)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let mut hexadecimal = String::new();
    for byte in hash.finalize() {
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    Ok(hexadecimal)
}
