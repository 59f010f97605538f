use clap::Args;
use durbin::{
    Neighbours, WeightsChoice,
    sdm::{Durbin, Model},
};

use super::parse;

/// The neighbours in an equation, and who they are; for a command whose --transform means something else.
#[derive(Args)]
pub struct NeighboursArgs {
    /// Who is whose neighbour, as in `durbin sdm`; `W*P` is then the spatial lag of P, in --x and among the instruments
    #[arg(long, value_name = "SPEC", value_parser = parse::spec)]
    weights: Option<durbin::weights::Spec>,
    /// Neighbours' terms that enter: sar (their response, W*y), slx (their regressors, W*x) or sdm (both)
    #[arg(long, value_name = "MODEL", requires = "weights", value_parser = parse::from_str::<Model>)]
    model: Option<Model>,
    /// Regressors whose spatial lag enters under slx and sdm: all, none, or some of --x
    #[arg(
        long,
        value_name = "P,…",
        default_value = "all",
        value_delimiter = ',',
        requires = "weights"
    )]
    durbin: Vec<String>,
    /// Scale W: B, R (rows sum to one, the default), D, V, minmax or spectral
    #[arg(long, value_name = "KIND", requires = "weights", value_parser = parse::from_str::<durbin::weights::Transform>)]
    weights_transform: Option<durbin::weights::Transform>,
    /// Units without neighbours: error (the default), keep, or nearest (link each to its nearest unit)
    #[arg(long, value_name = "POLICY", requires = "weights", value_parser = parse::from_str::<durbin::weights::Islands>)]
    islands: Option<durbin::weights::Islands>,
    /// Borders closer than this touch, as 10m
    #[arg(long, value_name = "DIST", requires = "weights", value_parser = parse::from_str::<durbin::weights::Length>)]
    snap: Option<durbin::weights::Length>,
}

impl NeighboursArgs {
    pub fn terms(&self) -> Neighbours {
        Neighbours { model: self.model, durbin: durbin_of(&self.durbin) }
    }

    pub fn choice(&self) -> Option<WeightsChoice> {
        Some(WeightsChoice {
            spec: self.weights.clone()?,
            transform: self.weights_transform,
            islands: self.islands,
            snap: self.snap,
        })
    }
}

/// What `--durbin` means.
pub fn durbin_of(words: &[String]) -> Durbin {
    match words {
        [word] if word == "all" => Durbin::All,
        [word] if word == "none" => Durbin::None,
        names => Durbin::Only(names.to_vec()),
    }
}
