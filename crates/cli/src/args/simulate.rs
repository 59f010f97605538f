use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use durbin::{
    jobs::{Estimator, Truth},
    sdm::{BiasCorrection, Dynamic, Effects, Model},
};

use super::{DestinationArgs, WeightsOptions, parse};

/// A panel from a known model on given boundaries: for teaching, power and coverage.
///
/// y = rho W y + X beta + W X theta + unit effects + period effects + noise. Every row says `simulated`. With
/// --replicate the model is drawn and fitted again and again: bias, coverage of 95 % intervals, power of 5 % tests.
#[derive(Args)]
pub struct SimulateArgs {
    /// The panel to write; a layer, or a table as .csv
    #[arg(required_unless_present = "replicate")]
    pub output: Option<String>,
    /// Boundaries, model and indicators in a TOML file instead of options
    #[arg(long, value_name = "FILE.toml", conflicts_with_all = ["boundaries", "beta", "theta", "periods"])]
    pub file: Option<PathBuf>,
    /// Polygons of the units
    #[arg(long, value_name = "INPUT", required_unless_present = "file")]
    pub boundaries: Option<String>,
    /// Layer of --boundaries
    #[arg(long, value_name = "NAME")]
    pub boundaries_layer: Option<String>,
    /// Key field of --boundaries; without it the feature id
    #[arg(long, value_name = "FIELD")]
    pub id: Option<String>,
    /// Units to leave out, by key
    #[arg(long, value_name = "KEY,…", value_delimiter = ',')]
    pub without: Vec<String>,
    /// Periods, such as 2012-2022
    #[arg(long, value_name = "FIRST-LAST", default_value = "1-10", value_parser = parse::periods)]
    pub periods: (i64, i64),
    /// Name of the explained variable
    #[arg(long, value_name = "V", default_value = "y")]
    y: String,
    /// ols, slx, sar, sem, sdm or sdem
    #[arg(long, value_name = "MODEL", default_value = "sdm", value_parser = parse::from_str::<Model>)]
    model: Model,
    /// Effects drawn and fitted: none, unit, time or twoways
    #[arg(long, value_name = "EFFECTS", default_value = "twoways", value_parser = parse::from_str::<Effects>)]
    effects: Effects,
    /// Bias correction of the fit: lee-yu, transform or none [default: lee-yu; none without effects]
    #[arg(long, value_name = "KIND", value_parser = parse::from_str::<BiasCorrection>)]
    bias_correction: Option<BiasCorrection>,
    /// Spatial lag of the explained variable
    #[arg(long, value_name = "R", default_value_t = 0.0, allow_negative_numbers = true)]
    rho: f64,
    /// Spatial dependence of the errors (sem, sdem)
    #[arg(long, value_name = "L", default_value_t = 0.0, allow_negative_numbers = true)]
    lambda: f64,
    /// The explained variable one period before
    #[arg(long, value_name = "T", default_value_t = 0.0, allow_negative_numbers = true)]
    tau: f64,
    /// Its spatial lag one period before
    #[arg(long, value_name = "E", default_value_t = 0.0, allow_negative_numbers = true)]
    eta: f64,
    /// Lags in time that are fitted, beside those of --tau and --eta: none, time, space or both
    #[arg(long, value_name = "KIND", default_value = "none", value_parser = parse::from_str::<Dynamic>)]
    dynamic: Dynamic,
    /// Regressors with their coefficients, such as P=0.3,C=0.1
    #[arg(long, value_name = "P=B,…", value_delimiter = ',', value_parser = parse::named_number, required_unless_present = "file")]
    beta: Vec<(String, f64)>,
    /// Coefficients of their spatial lags
    #[arg(long, value_name = "P=T,…", value_delimiter = ',', value_parser = parse::named_number)]
    theta: Vec<(String, f64)>,
    /// Standard deviation of the noise
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    sigma: f64,
    /// Standard deviation of unit effects
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    unit_sd: f64,
    /// Standard deviation of period effects
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    time_sd: f64,
    /// Spatial dependence of the regressors
    #[arg(long, value_name = "R", default_value_t = 0.0, allow_negative_numbers = true)]
    x_rho: f64,
    /// Share of values left missing, never in the first or last period
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    missing_share: f64,
    /// Share of values moved by five standard deviations
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    outliers: f64,
    /// Draw and fit the model this often; reports bias, coverage and power
    #[arg(long, value_name = "N")]
    pub replicate: Option<u32>,
    /// What is fitted: ml (as `durbin sdm`), or difference or system GMM (as `durbin gmm --model …`)
    #[arg(long, value_name = "KIND", default_value = "ml", requires = "replicate", value_parser = parse::from_str::<Estimator>)]
    pub estimator: Estimator,
    /// Replicate without the missing values and outliers of the file or options: what the estimator itself does
    #[arg(long, requires = "replicate")]
    pub clean: bool,
    #[command(flatten)]
    pub weights: WeightsOptions,
    #[command(flatten)]
    pub destination: DestinationArgs,
}

impl SimulateArgs {
    pub fn truth(&self) -> Truth {
        let default = match self.effects {
            Effects::None => BiasCorrection::None,
            _ => BiasCorrection::LeeYu,
        };
        let named = |pairs: &[(String, f64)]| pairs.iter().cloned().collect::<BTreeMap<_, _>>();
        Truth {
            y: self.y.clone(),
            model: self.model,
            effects: self.effects,
            bias_correction: self.bias_correction.unwrap_or(default),
            rho: self.rho,
            lambda: self.lambda,
            tau: self.tau,
            eta: self.eta,
            dynamic: self.dynamic,
            beta: named(&self.beta),
            theta: named(&self.theta),
            sigma: self.sigma,
            unit_sd: self.unit_sd,
            time_sd: self.time_sd,
            trend: 0.0,
            x_trend: 0.0,
            x_unit_sd: 1.0,
            x_rho: self.x_rho,
            missing_share: self.missing_share,
            outliers: self.outliers,
        }
    }
}
