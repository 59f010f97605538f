use clap::{ArgGroup, Args};
use durbin::{
    core::Missing,
    gmm::{
        BiasCorrection, Errors, Estimator, GmmSpec, GmmStyle, H, Initial, Interactions, IvStyle,
        Steps, Transform, UnitEffects, UnitRootSpec,
    },
};

use super::{BoundariesArgs, NeighboursArgs, parse};

/// Dynamic panels by the generalised method of moments, with the conventions of xtabond2.
///
/// Without --gmm-style and --iv-style the instruments are `y:2-` and all regressors in IV style; with the neighbours'
/// response in the equation (--model sar or sdm) `y:2-4`, `W*y:2-4` and, for the transformed equation, X, WX and W²X.
#[derive(Args)]
#[command(group = ArgGroup::new("written").args(["plot", "tables"]).multiple(true))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command")]
pub struct GmmArgs {
    /// A long table or layer: one row per unit and period; rows may be missing
    pub panel: String,
    /// Layer or sheet of PANEL, where it has several
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// Unit field
    #[arg(long, value_name = "FIELD")]
    pub id: String,
    /// Time field; lags and differences go by its values, not by rows
    #[arg(long, value_name = "FIELD")]
    pub time: String,
    /// Explained variable
    #[arg(long, value_name = "V")]
    y: String,
    /// Its lags among the regressors
    #[arg(long, value_name = "N", default_value_t = 1)]
    lags: usize,
    /// Regressors: names, lags such as L.P, L2.P or L(0/2).P; may be repeated or comma-separated
    #[arg(long, value_name = "P,C,…", value_delimiter = ',')]
    x: Vec<String>,
    /// Products of the regressors: all (to the fourth order), 2 or 3 (to that order), or P*C,P*C*I,…
    #[arg(long, value_name = "WHICH", default_value = "none", value_parser = parse::from_str::<Interactions>)]
    interactions: Interactions,
    /// Take the grand mean off every regressor first
    #[arg(long)]
    center: bool,
    #[command(flatten)]
    pub neighbours: NeighboursArgs,
    #[command(flatten)]
    pub boundaries: BoundariesArgs,
    /// Instruments in GMM style with their lags: V:2- (all from 2), V:2-4; V:2-4:diff or V:1:level for one equation
    ///
    /// May be repeated or comma-separated; each is a group of its own in the difference-in-Hansen tests. In system
    /// GMM the level equation is instrumented by the difference at the nearest lag less one. `y` stands for the
    /// explained variable where PANEL has no field of that name.
    #[arg(long, value_name = "V:A-B", value_delimiter = ',', value_parser = parse::from_str::<GmmStyle>)]
    gmm_style: Vec<GmmStyle>,
    /// Instruments in IV style: P,C for both equations, P:level or P:diff for one
    ///
    /// May be repeated; what one option names is one group. An equation belongs to the variable before it.
    #[arg(long, value_name = "P,…", value_parser = parse::from_str::<IvStyle>)]
    iv_style: Vec<IvStyle>,
    /// difference (Arellano & Bond) or system (Blundell & Bond); the same equation by least squares: pooled, fixed,
    /// random, or lsdvc (fixed, less the bias of the lagged response: Kiviet, Bruno)
    #[arg(long, value_name = "KIND", default_value = "system", value_parser = wanted)]
    pub estimator: Wanted,
    /// 1, 2 or iterated
    #[arg(long, value_name = "N", default_value = "2", value_parser = parse::from_str::<Steps>)]
    steps: Steps,
    /// lsdvc: where the bias is evaluated: anderson-hsiao, difference or system
    #[arg(long, value_name = "KIND", default_value = "difference", value_parser = parse::from_str::<Initial>)]
    initial: Initial,
    /// lsdvc: terms of the bias, 1 (order 1/T), 2 (1/NT) or 3 (1/NT²)
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
    bias_order: u8,
    /// lsdvc: panels of the bootstrap behind its standard errors
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..))]
    replications: u32,
    /// One GMM-style column per lag instead of one per period and lag
    #[arg(long)]
    collapse: bool,
    /// fd (first differences) or fod (forward orthogonal deviations)
    #[arg(long, value_name = "KIND", default_value = "fd", value_parser = parse::from_str::<Transform>)]
    transform: Transform,
    /// First step's covariance of the errors: 1, 2 or 3 as in xtabond2, or dpd (that of DPD for Ox)
    #[arg(long, value_name = "N", default_value = "3", value_parser = parse::from_str::<H>)]
    h: H,
    /// System GMM without a constant
    #[arg(long)]
    no_constant: bool,
    /// A dummy for every period but the first
    #[arg(long)]
    time_effects: bool,
    /// Correct robust two-step errors (Windmeijer 2005); the default
    #[arg(long, overrides_with = "no_windmeijer")]
    windmeijer: bool,
    /// Leave robust two-step errors uncorrected
    #[arg(long, overrides_with = "windmeijer")]
    no_windmeijer: bool,
    /// robust, classical, or jackknife (estimated again without each unit)
    #[arg(long, value_name = "KIND", default_value = "robust", value_parser = parse::from_str::<Errors>)]
    errors: Errors,
    /// Cluster errors and weights by this field, in which units are nested
    #[arg(long, value_name = "FIELD")]
    pub cluster: Option<String>,
    /// Highest order of the test for serial correlation
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=20))]
    ar: u8,
    /// The effect of one factor along another that it interacts with, as P:C; may be repeated
    #[arg(long, value_name = "P:C", value_delimiter = ',', value_parser = pair)]
    pub marginal_effect: Vec<(String, String)>,
    /// Draw the (first) marginal effect with its 95 % band
    #[arg(long, value_name = "OUT.svg", requires = "marginal_effect")]
    pub plot: Option<String>,
    /// Variables tested for unit roots (Levin–Lin–Chu, Harris–Tzavalis, Im–Pesaran–Shin, Fisher, CIPS) and for dependence between units (CD)
    #[arg(long, value_name = "V,P,…", value_delimiter = ',')]
    pub unit_root: Vec<String>,
    /// Lagged differences in the regressions of --unit-root
    #[arg(long, value_name = "N", default_value_t = 1, requires = "unit_root", value_parser = clap::value_parser!(u8).range(..=20))]
    unit_root_lags: u8,
    /// A trend per unit in the tests of --unit-root
    #[arg(long, requires = "unit_root")]
    unit_root_trend: bool,
    /// Write the tables of coefficients and effects as Markdown, LaTeX and CSV into this folder
    #[arg(long, value_name = "DIR")]
    pub tables: Option<std::path::PathBuf>,
    /// Replace the plot and the tables if they exist
    #[arg(long, requires = "written")]
    pub overwrite: bool,
    /// Missing values in rows there are: error, drop (the observation), or interpolate within the unit
    #[arg(long, value_name = "POLICY", default_value = "error", value_parser = parse::missing)]
    pub missing: Missing,
}

/// GMM, or least squares.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    Gmm(Estimator),
    LeastSquares(UnitEffects),
    BiasCorrected,
}

fn wanted(text: &str) -> Result<Wanted, String> {
    match text {
        "pooled" => Ok(Wanted::LeastSquares(UnitEffects::Pooled)),
        "fixed" => Ok(Wanted::LeastSquares(UnitEffects::Fixed)),
        "random" => Ok(Wanted::LeastSquares(UnitEffects::Random)),
        "lsdvc" => Ok(Wanted::BiasCorrected),
        _ => text.parse().map(Wanted::Gmm).map_err(|_: durbin::gmm::Error| {
            "one of difference, system, pooled, fixed, random, lsdvc".to_owned()
        }),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((of, along)) if !of.is_empty() && !along.is_empty() => {
            Ok((of.to_owned(), along.to_owned()))
        }
        _ => Err("two factors, as P:C (the effect of P along C)".to_owned()),
    }
}

impl GmmArgs {
    pub fn unit_roots(&self, seed: u64) -> UnitRootSpec {
        UnitRootSpec { lags: usize::from(self.unit_root_lags), trend: self.unit_root_trend, seed }
    }

    pub fn bias_correction(&self, seed: u64) -> BiasCorrection {
        BiasCorrection {
            initial: self.initial,
            order: usize::from(self.bias_order),
            replications: self.replications,
            seed,
        }
    }

    pub fn spec(&self) -> GmmSpec {
        let mut spec = GmmSpec::system(self.y.clone(), self.x.clone());
        spec.lags = self.lags;
        spec.interactions = self.interactions.clone();
        spec.center = self.center;
        spec.gmm_style.clone_from(&self.gmm_style);
        spec.iv_style.clone_from(&self.iv_style);
        if let Wanted::Gmm(estimator) = self.estimator {
            spec.estimator = estimator;
        }
        spec.steps = self.steps;
        spec.collapse = self.collapse;
        spec.transform = self.transform;
        spec.h = self.h;
        spec.constant = !self.no_constant;
        spec.time_effects = self.time_effects;
        spec.windmeijer = self.windmeijer || !self.no_windmeijer;
        spec.errors = self.errors;
        spec.ar_orders = usize::from(self.ar);
        spec
    }
}
