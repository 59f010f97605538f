//! Indicators that measure the variables of a model.

use durbin_core::{
    Panel,
    random::{Purpose, Stream},
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::SIMULATED;
use crate::Error;

/// One indicator: `base + slope·variable + noise·e`, e ~ N(0, 1) of a unit and period, not below `least`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulated {
    /// Its name.
    pub name: String,
    /// The variable of the model that it measures.
    pub of: String,
    /// Its level where the variable is zero.
    pub base: f64,
    /// How it moves with the variable; negative where less is better.
    pub slope: f64,
    /// Standard deviation of what it measures beside the variable.
    #[serde(default)]
    pub noise: f64,
    /// Nothing lower is written.
    #[serde(default)]
    pub least: Option<f64>,
    /// Decimals written.
    #[serde(default = "two")]
    pub decimals: i32,
    /// Starts at this level and adds the indicator up over the periods: a stock whose change is the indicator.
    #[serde(default)]
    pub stock: Option<f64>,
}

fn two() -> i32 {
    2
}

/// The indicators on the index of `blank`.
pub(super) fn measure(
    indicators: &[Simulated],
    latent: &Panel,
    blank: &Panel,
    seed: u64,
) -> Result<Panel, Error> {
    let mut stream = Stream::new(seed ^ 0x1d1c, Purpose::Simulation, 0);
    let mut panel = blank.clone();
    for indicator in indicators {
        let of = latent.get(&indicator.of).map_err(Error::data(SIMULATED))?;
        let rounding = 10.0_f64.powi(indicator.decimals);
        let mut total = vec![indicator.stock.unwrap_or_default(); blank.n_units()];
        let mut values = Array2::zeros(of.dim());
        for ((period, unit), value) in values.indexed_iter_mut() {
            let mut level = indicator.base
                + indicator.slope * of[[period, unit]]
                + indicator.noise * stream.normal();
            if indicator.stock.is_some() {
                total[unit] += level;
                level = total[unit];
            }
            let level = indicator.least.map_or(level, |least| level.max(least));
            *value = (level * rounding).round() / rounding;
        }
        panel.insert(&indicator.name, values);
    }
    Ok(panel)
}
