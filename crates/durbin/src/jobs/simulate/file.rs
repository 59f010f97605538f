//! A model, its indicators and its boundaries in one TOML file.

use std::path::Path;

use durbin_io::Source;
use durbin_weights::Spec;
use serde::Deserialize;

use super::{Estimator, Former, SimulateJob, Simulated, Truth};
use crate::{Error, WeightsChoice};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Simulation {
    boundaries: Boundaries,
    periods: [i64; 2],
    #[serde(default = "queen")]
    weights: String,
    #[serde(default)]
    seed: Option<u64>,
    model: Truth,
    #[serde(default)]
    indicator: Vec<Simulated>,
    #[serde(default)]
    former: Vec<Former>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Boundaries {
    file: String,
    #[serde(default)]
    layer: Option<String>,
    id: String,
    #[serde(default)]
    without: Vec<String>,
}

fn queen() -> String {
    "queen".to_owned()
}

impl SimulateJob {
    /// The job that a file states, without output and replications; `seed` is for a file that has none. Paths are relative
    /// to the file.
    ///
    /// # Errors
    /// A file that cannot be read; a key that is unknown, missing or of the wrong kind, with its line.
    pub fn read(path: &Path, seed: u64) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::file(path))?;
        let wrong = |reason: String| Error::Study { file: path.display().to_string(), reason };
        let file: Simulation = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let [first, last] = file.periods;
        if first > last {
            return Err(wrong(format!("periods = [{first}, {last}]: the first is after the last")));
        }
        let beside = path.parent().unwrap_or(Path::new("")).join(&file.boundaries.file);
        let mut boundaries = Source::new(beside.display().to_string()).id(&file.boundaries.id);
        if let Some(layer) = &file.boundaries.layer {
            boundaries = boundaries.layer(layer);
        }
        Ok(Self {
            boundaries,
            without: file.boundaries.without,
            periods: (first..=last).map(|period| period.to_string()).collect(),
            truth: file.model,
            indicators: file.indicator,
            former: file.former,
            weights: WeightsChoice {
                spec: file.weights.parse::<Spec>()?,
                transform: None,
                islands: None,
                snap: None,
            },
            seed: file.seed.unwrap_or(seed),
            replicate: None,
            estimator: Estimator::default(),
            clean: false,
            destination: None,
        })
    }
}
