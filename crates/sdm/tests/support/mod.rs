//! Reference data and comparisons shared by the tests of this crate.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use durbin_core::{Column, Estimate, Panel, PanelKeys, Table};
use durbin_sdm::{BiasCorrection, Dynamic, Effects, Fit, Impacts, Model};
use durbin_weights::{Transform, Weights};
use serde::Deserialize;

pub mod simulate;

/// One fit of a reference file.
#[derive(Debug, Deserialize)]
pub struct Expected {
    pub model: Model,
    pub effects: Option<Effects>,
    pub bias_correction: Option<BiasCorrection>,
    #[serde(default)]
    pub dynamic: Dynamic,
    pub parameters: BTreeMap<String, f64>,
    #[serde(default)]
    pub std_errors: BTreeMap<String, f64>,
    pub log_likelihood: f64,
    pub r_squared: Option<f64>,
    pub r_squared_within: Option<f64>,
    pub aic: Option<f64>,
    pub bic: Option<f64>,
    pub interval: Option<(f64, f64)>,
    pub sigma2_lee_yu: Option<f64>,
    /// `σ_μ²/σ²` of random effects.
    pub ratio: Option<f64>,
    #[serde(default)]
    pub impacts: ExpectedEffects,
    #[serde(default)]
    pub long_run: ExpectedEffects,
}

pub type ExpectedEffects = BTreeMap<String, BTreeMap<String, ExpectedEffect>>;

/// An effect, with its error where the reference has one.
#[derive(Debug, Deserialize)]
pub struct ExpectedEffect {
    pub estimate: f64,
    pub std_error: Option<f64>,
    /// Mean and standard deviation of draws.
    pub mean: Option<f64>,
    pub sd: Option<f64>,
}

impl Expected {
    /// What is compared, for messages.
    pub fn label(&self) -> String {
        format!("{:?} {:?} {:?} {:?}", self.model, self.effects, self.bias_correction, self.dynamic)
    }
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The fits of `tests/reference/<folder>/expected.json`.
pub fn expected(folder: &str) -> Vec<Expected> {
    expected_in(folder, "expected.json")
}

/// The fits of another file of the folder.
pub fn expected_in(folder: &str, file: &str) -> Vec<Expected> {
    let path = repository(&format!("tests/reference/{folder}/{file}"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A comma-separated file without quotes.
pub fn csv(path: &str) -> Table {
    let text = fs::read_to_string(repository(path)).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let column = |j: usize| Column::text(names[j], rows.iter().map(|row| row[j]));
    Table {
        name: path.to_owned(),
        title: String::new(),
        columns: (0..names.len()).map(column).collect(),
    }
}

/// Cigarette demand, 46 states × 30 years: `logc`, `logp`, `logy`.
pub fn cigar() -> Panel {
    let table = csv("data/us_states/cigar.csv");
    let keys = PanelKeys::new(&table, "state", "year").unwrap();
    let get = |name: &str| keys.values(table.column(name).unwrap()).unwrap();
    let mut panel = keys.panel();
    panel.insert("logc", get("sales").mapv(f64::ln));
    panel.insert("logp", (get("price") / get("cpi")).mapv(f64::ln));
    panel.insert("logy", (get("ndi") / get("cpi")).mapv(f64::ln));
    panel
}

/// Row-standardised queen contiguity of the 46 states.
pub fn cigar_weights() -> Weights {
    let links = csv("tests/reference/cigar/queen_links.csv");
    linked(&cigar().ids, &links).transform(Transform::Row).unwrap()
}

/// Public capital, 48 states × 17 years: `lgsp`, `lpcap`, `lpc`, `lemp`, `unemp`.
pub fn produc() -> Panel {
    let table = csv("data/us_states/produc.csv");
    let keys = PanelKeys::new(&table, "state", "year").unwrap();
    let get = |name: &str| keys.values(table.column(name).unwrap()).unwrap();
    let mut panel = keys.panel();
    for name in ["gsp", "pcap", "pc", "emp"] {
        panel.insert(format!("l{name}"), get(name).mapv(f64::ln));
    }
    panel.insert("unemp", get("unemp"));
    panel
}

/// Row-standardised queen contiguity of the 48 states.
pub fn produc_weights() -> Weights {
    let links = csv("tests/reference/produc/queen_links.csv");
    linked(&produc().ids, &links).transform(Transform::Row).unwrap()
}

/// Fails unless the effects and their errors are the expected ones.
#[track_caller]
pub fn near_impacts(found: &Impacts, expected: &ExpectedEffects, tolerance: f64, label: &str) {
    for (variable, effects) in expected {
        let row = found.rows.iter().find(|row| row.variable == *variable).unwrap();
        let kinds = [("direct", row.direct), ("indirect", row.indirect), ("total", row.total)];
        for (kind, found) in kinds {
            let what = format!("{label} {variable} {kind}");
            near(found.estimate, effects[kind].estimate, tolerance, &what);
            if let Some(std_error) = effects[kind].std_error {
                near(found.std_error, std_error, tolerance, &what);
            }
        }
    }
}

/// The 49 neighbourhoods of Columbus: `CRIME`, `INC`, `HOVAL`, and their weights. Keys are padded, so
/// that their order as text is the order of the rows.
pub fn columbus() -> (Panel, Weights) {
    neighbourhoods(
        "tests/reference/columbus_xsec/columbus.csv",
        "tests/reference/columbus_xsec/w.csv",
    )
}

/// The same neighbourhoods in the files named.
pub fn neighbourhoods(data: &str, links: &str) -> (Panel, Weights) {
    let pad = |table: &mut Table, name: &str| {
        let column = table.columns.iter_mut().find(|c| c.name == name).unwrap();
        let padded: Vec<String> =
            (0..column.len()).map(|i| format!("{:0>2}", column.key(i).unwrap())).collect();
        *column = Column::text(name, padded);
    };
    let mut table = csv(data);
    pad(&mut table, "row");
    let keys = PanelKeys::cross_section(&table, "row").unwrap();
    let mut panel = keys.panel();
    for name in ["CRIME", "INC", "HOVAL"] {
        panel.insert(name, keys.values(table.column(name).unwrap()).unwrap());
    }
    let mut links = csv(links);
    pad(&mut links, "focal");
    pad(&mut links, "neighbor");
    let w = linked(&panel.ids, &links);
    (panel, w)
}

fn linked(ids: &[String], links: &Table) -> Weights {
    let at = |key: Option<String>| {
        let key = key.unwrap();
        ids.iter().position(|id| *id == key).unwrap()
    };
    let weights =
        links.column("weight").map_or_else(|_| vec![1.0; links.len()], |c| c.numbers().unwrap());
    let (focal, neighbor) = (links.column("focal").unwrap(), links.column("neighbor").unwrap());
    let mut rows = vec![Vec::new(); ids.len()];
    for (link, weight) in weights.into_iter().enumerate() {
        let to = u32::try_from(at(neighbor.key(link))).unwrap();
        rows[at(focal.key(link))].push((to, weight));
    }
    Weights::from_rows(ids.to_vec(), rows, "queen")
}

/// The parameter `name` of a fit.
pub fn parameter(fit: &Fit, name: &str) -> Estimate {
    let at = fit.names.iter().position(|known| known == name).unwrap();
    Estimate { estimate: fit.parameters[at], std_error: fit.covariance[[at, at]].sqrt() }
}

/// Fails unless `found` is within `tolerance` of `expected`, relative to its size where that exceeds one.
#[track_caller]
pub fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    let off = (found - expected).abs() / expected.abs().max(1.0);
    assert!(off <= tolerance, "{what}: {found} is not {expected}, off by {off:e}");
}
