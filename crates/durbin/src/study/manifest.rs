//! `manifest.json`: what went in, what was chosen, what came out.

use serde_json::{Value, json};

use super::{Study, results::Results};
use crate::Error;

/// The manifest: inputs and outputs with their hashes, versions, seed, the study as read, conventions of
/// every result, warnings. Nothing in it depends on time, threads or machine but the versions.
pub(super) fn manifest(
    study: &Study,
    results: &Results,
    outputs: &[(String, String)],
) -> Result<Value, Error> {
    let inputs = study.inputs()?;
    let inputs = inputs.iter().map(|input| {
        json!({ "role": input.role, "file": input.name, "layer": input.layer, "sha256": input.sha256 })
    });
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
        "inputs": inputs.collect::<Vec<_>>(),
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
