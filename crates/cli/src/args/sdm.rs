use clap::Args;
use durbin::{
    core::Missing,
    sdm::{BiasCorrection, Durbin, Effects, Model},
};

use super::{BoundariesArgs, ExistingArgs, WeightsOptions, parse};

/// Spatial panel and cross-section models by exact maximum likelihood, with effects.
#[derive(Args)]
pub struct SdmArgs {
    /// A long table or layer: one row per unit and period
    pub panel: String,
    /// Layer or sheet of PANEL, where it has several
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// Unit field
    #[arg(long, value_name = "FIELD")]
    pub id: String,
    /// Time field; without it PANEL is a cross-section
    #[arg(long, value_name = "FIELD")]
    pub time: Option<String>,
    /// Explained variable
    #[arg(long, value_name = "V")]
    pub y: String,
    /// Regressors; may be repeated or comma-separated
    #[arg(long, value_name = "P,C,…", required = true, value_delimiter = ',')]
    pub x: Vec<String>,
    /// Regressors whose spatial lag enters: all, none, or some of --x
    #[arg(long, value_name = "P,…", default_value = "all", value_delimiter = ',')]
    durbin: Vec<String>,
    /// ols, slx, sar, sem, sdm or sdem
    #[arg(long, value_name = "MODEL", default_value = "sdm", value_parser = parse::from_str::<Model>)]
    pub model: Model,
    /// Fixed effects: none, unit, time or twoways [default: twoways; none for a cross-section]
    #[arg(long, value_name = "EFFECTS", value_parser = parse::from_str::<Effects>)]
    effects: Option<Effects>,
    /// lee-yu, transform or none [default: lee-yu; none for a cross-section]
    #[arg(long, value_name = "KIND", value_parser = parse::from_str::<BiasCorrection>)]
    bias_correction: Option<BiasCorrection>,
    /// Lags in time (not yet)
    #[arg(long, value_name = "KIND", default_value = "none", value_parser = dynamic)]
    dynamic: String,
    /// Variables among --y and --x taken in logs; they keep their names
    #[arg(long, value_name = "V,…", value_delimiter = ',')]
    pub log: Vec<String>,
    #[command(flatten)]
    pub boundaries: BoundariesArgs,
    #[command(flatten)]
    pub weights: WeightsOptions,
    /// Errors of the effects: delta (simulated: not yet)
    #[arg(long, value_name = "KIND", default_value = "delta", value_parser = standard_errors)]
    se: String,
    /// Draws for --se simulated (not yet)
    #[arg(long, value_name = "N", value_parser = parse::not_yet)]
    draws: Option<String>,
    /// Test the specification and the residuals: LM, LR, Wald, Hausman, Moran and more
    #[arg(long)]
    pub tests: bool,
    /// Fit ols, slx, sar, sem, sdm and sdem side by side, with a verdict and its rule
    #[arg(long)]
    pub compare: bool,
    /// Missing values: error, drop (the unit), or interpolate within the unit
    #[arg(long, value_name = "POLICY", default_value = "error", value_parser = parse::missing)]
    pub missing: Missing,
    /// Write the effects of every unit as a layer
    #[arg(long, value_name = "OUT.gpkg")]
    pub output: Option<String>,
    /// Name of that layer
    #[arg(long, value_name = "NAME", default_value = "effects")]
    pub output_layer: String,
    #[command(flatten)]
    pub existing: ExistingArgs,
}

impl SdmArgs {
    pub fn durbin(&self) -> Durbin {
        match self.durbin.as_slice() {
            [word] if word == "all" => Durbin::All,
            [word] if word == "none" => Durbin::None,
            names => Durbin::Only(names.to_vec()),
        }
    }

    pub fn effects(&self) -> Effects {
        let default = if self.time.is_some() { Effects::TwoWays } else { Effects::None };
        self.effects.unwrap_or(default)
    }

    /// Without effects there is nothing to correct.
    pub fn bias_correction(&self) -> BiasCorrection {
        if self.effects() == Effects::None {
            return BiasCorrection::None;
        }
        self.bias_correction.unwrap_or(BiasCorrection::LeeYu)
    }
}

fn dynamic(text: &str) -> Result<String, String> {
    match text {
        "none" => Ok(text.to_owned()),
        "time" | "space" | "both" => parse::not_yet(text),
        _ => Err("one of none, time, space, both".to_owned()),
    }
}

fn standard_errors(text: &str) -> Result<String, String> {
    match text {
        "delta" => Ok(text.to_owned()),
        "simulated" => parse::not_yet(text),
        _ => Err("one of delta, simulated".to_owned()),
    }
}
