use clap::Args;
use durbin::{
    core::{Missing, Warning},
    jobs::{Balance, StandardErrors},
    sdm::{BiasCorrection, Durbin, Dynamic, Effects, LogDeterminant, Model, Vcov},
};

use super::{BoundariesArgs, ExistingArgs, ProjectArgs, WeightsOptions, durbin_of, parse};

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
    /// ols, slx, sar, sem, sdm, sdem, sac (a lag of the response and of the error) or gns (sac with lagged regressors)
    #[arg(long, value_name = "MODEL", default_value = "sdm", value_parser = parse::from_str::<Model>)]
    pub model: Model,
    /// Effects: none, unit, time, twoways (fixed) or random (of units) [default: twoways; none for a cross-section]
    #[arg(long, value_name = "EFFECTS", value_parser = parse::from_str::<Effects>)]
    effects: Option<Effects>,
    /// lee-yu, transform or none [default: lee-yu; none without fixed effects]
    #[arg(long, value_name = "KIND", value_parser = parse::from_str::<BiasCorrection>)]
    bias_correction: Option<BiasCorrection>,
    /// How ln|I - rho W| is computed: auto, eigen, sparse or lanczos
    #[arg(long, value_name = "METHOD", default_value = "auto", value_parser = parse::from_str::<LogDeterminant>)]
    pub logdet: LogDeterminant,
    /// Lags in time among the regressors: none, time (y one period before, L.y), space (its spatial lag, L.W*y) or both
    #[arg(long, value_name = "KIND", default_value = "none", value_parser = parse::from_str::<Dynamic>)]
    pub dynamic: Dynamic,
    /// Variables among --y and --x taken in logs; they keep their names
    #[arg(long, value_name = "V,…", value_delimiter = ',')]
    pub log: Vec<String>,
    #[command(flatten)]
    pub boundaries: BoundariesArgs,
    #[command(flatten)]
    pub weights: WeightsOptions,
    /// Weights of the error, where they differ from --weights (sem, sdem, sac, gns)
    #[arg(long, value_name = "SPEC", value_parser = parse::spec)]
    pub error_weights: Option<durbin::weights::Spec>,
    /// Standard errors of the coefficients: information, qml (errors need not be normal) or cluster (by unit)
    #[arg(long, value_name = "KIND", default_value = "information", value_parser = parse::from_str::<Vcov>)]
    pub vcov: Vcov,
    /// Standard errors of the average effects: delta or simulated (from draws of the parameters); those per unit are delta's
    #[arg(long, value_name = "KIND", default_value = "delta", value_parser = standard_errors)]
    se: Errors,
    /// Draws for --se simulated [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    draws: Option<u32>,
    /// An unbalanced panel: error, or intersect (keep the units observed in every period)
    #[arg(long, value_name = "POLICY", default_value = "error", value_parser = balance)]
    pub balance: Balance,
    /// Test the specification and the residuals: LM, LR, Wald, Hausman, Moran and more
    #[arg(long)]
    pub tests: bool,
    /// Fit ols, slx, sar, sem, sdm and sdem side by side, with a verdict and its rule
    #[arg(long)]
    pub compare: bool,
    /// What leaving out each unit changes: a table of the N most influential [default: 10], and with --output a layer `influence`
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "10",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub influence: Option<u32>,
    /// Missing values: error, drop (the unit), or interpolate within the unit
    #[arg(long, value_name = "POLICY", default_value = "error", value_parser = parse::missing)]
    pub missing: Missing,
    /// Write the effects of every unit as a layer
    #[arg(long, value_name = "OUT.gpkg")]
    pub output: Option<String>,
    /// Name of that layer
    #[arg(long, value_name = "NAME", default_value = "effects")]
    pub output_layer: String,
    /// Write the N strongest effects from unit to unit, of each regressor, as a line layer `flows` beside it
    #[arg(long, value_name = "N", requires = "output", value_parser = clap::value_parser!(u32).range(1..))]
    pub flows: Option<u32>,
    /// Write the tables as Markdown, LaTeX and CSV into this folder
    #[arg(long, value_name = "DIR")]
    pub tables: Option<std::path::PathBuf>,
    #[command(flatten)]
    pub existing: ExistingArgs,
    #[command(flatten)]
    pub projects: ProjectArgs,
}

impl SdmArgs {
    pub fn durbin(&self) -> Durbin {
        durbin_of(&self.durbin)
    }

    pub fn effects(&self) -> Effects {
        let default = if self.time.is_some() { Effects::TwoWays } else { Effects::None };
        self.effects.unwrap_or(default)
    }

    /// Without effects there is nothing to correct.
    pub fn bias_correction(&self) -> BiasCorrection {
        if !self.effects().are_fixed() {
            return BiasCorrection::None;
        }
        self.bias_correction.unwrap_or(BiasCorrection::LeeYu)
    }

    /// The errors of the effects.
    pub fn standard_errors(&self, seed: u64) -> StandardErrors {
        if self.se == Errors::Simulated {
            StandardErrors::Simulated { draws: self.draws.unwrap_or(1000), seed }
        } else {
            StandardErrors::Delta
        }
    }

    /// Options that this model has no use for.
    pub fn idle(&self) -> Vec<Warning> {
        let draws = self.draws.filter(|_| self.se == Errors::Delta);
        let draws =
            draws.map(|draws| format!("--draws {draws} does nothing without --se simulated"));
        let idle = |correction: &BiasCorrection| {
            *correction != BiasCorrection::None && !self.effects().are_fixed()
        };
        let correction = self.bias_correction.filter(idle).map(|correction| {
            let effects = self.effects();
            format!("--bias-correction {correction} does nothing with --effects {effects}: no fixed effects, no bias to correct")
        });
        draws.into_iter().chain(correction).map(Warning::Other).collect()
    }
}

/// How the errors of the effects are computed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Errors {
    Delta,
    Simulated,
}

fn standard_errors(text: &str) -> Result<Errors, String> {
    match text {
        "delta" => Ok(Errors::Delta),
        "simulated" => Ok(Errors::Simulated),
        _ => Err("one of delta, simulated".to_owned()),
    }
}

fn balance(text: &str) -> Result<Balance, String> {
    match text {
        "error" => Ok(Balance::Error),
        "intersect" => Ok(Balance::Intersect),
        _ => Err("one of error, intersect".to_owned()),
    }
}
