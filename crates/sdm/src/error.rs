//! Why a model cannot be written down or estimated.

use durbin_core::Named;

use crate::{Dynamic, Effects, Model, Vcov};

/// A word that names no choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// Planned, but not there yet.
    #[error("{what} `{word}` is not available yet; there are: {}", known.join(", "))]
    NotYet {
        /// Which choice.
        what: &'static str,
        /// The word.
        word: String,
        /// The words there are.
        known: Vec<&'static str>,
    },
    /// Not a word for this choice.
    #[error("{what} `{word}` is unknown; there are: {}", known.join(", "))]
    Unknown {
        /// Which choice.
        what: &'static str,
        /// The word.
        word: String,
        /// The words there are.
        known: Vec<&'static str>,
    },
}

/// A model that cannot be estimated, with what is needed to say why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// From the panel or the linear algebra.
    #[error(transparent)]
    Core(#[from] durbin_core::Error),
    /// No regressors.
    #[error("the model has no regressors; name at least one")]
    NoRegressors,
    /// The response is a regressor too.
    #[error("`{variable}` is the response and a regressor at once")]
    ResponseAmongRegressors {
        /// The variable.
        variable: String,
    },
    /// A regressor is named twice.
    #[error("regressor `{variable}` is named twice")]
    DuplicateRegressor {
        /// The variable.
        variable: String,
    },
    /// A lagged regressor that is not a regressor.
    #[error("`{variable}` cannot enter with its spatial lag: it is none of the regressors {}", x.join(", "))]
    DurbinNotInX {
        /// The variable.
        variable: String,
        /// The regressors.
        x: Vec<String>,
    },
    /// Lagged regressors for a model without them.
    #[error("model `{model}` has no lagged regressors; use slx, sdm, sdem or gns")]
    NoDurbinTerms {
        /// The model.
        model: Model,
    },
    /// Lags in time where there can be none.
    #[error("no lags in time (`{dynamic}`): {why}")]
    NoDynamic {
        /// The lags asked for.
        dynamic: Dynamic,
        /// Why not, and what would help.
        why: &'static str,
    },
    /// Lags in time on too few periods.
    #[error("a lag in time needs {needed} periods or more, but there are {periods}")]
    DynamicNeedsPeriods {
        /// Periods there are.
        periods: usize,
        /// Periods needed.
        needed: usize,
    },
    /// A robust covariance where there is none.
    #[error("no covariance `{vcov}` beside these random effects: {why}")]
    NoSandwich {
        /// The covariance asked for.
        vcov: Vcov,
        /// Why not, and what would help.
        why: &'static str,
    },
    /// Too few draws of the parameters lie where effects are defined.
    #[error(
        "of {draws} draws of the parameters {usable} have effects: too few for their errors; use more draws, or --se delta"
    )]
    NoDraws {
        /// Draws made.
        draws: usize,
        /// Draws that can be used.
        usable: usize,
    },
    /// Weights of the error for a model without one.
    #[error(
        "model `{model}` has no lag of the error to give weights to; use sem, sdem, sac or gns"
    )]
    NoErrorWeights {
        /// The model.
        model: Model,
    },
    /// A method that holds dense matrices of units by units.
    #[error("{what} holds dense matrices of {n} × {n} units; at most {limit} are allowed")]
    TooManyForDense {
        /// What needs them.
        what: &'static str,
        /// Units.
        n: usize,
        /// The most there may be.
        limit: usize,
    },
    /// The search for the strongest effects between units.
    #[error(
        "the strongest effects between {n} units take as many solutions of a system of that size; at most {limit} are allowed"
    )]
    TooManyForPairs {
        /// Units.
        n: usize,
        /// The most there may be.
        limit: usize,
    },
    /// Panel and weights are about different units or in different order.
    #[error(
        "unit {} is `{panel}` in the panel and `{weights}` in the weights: both need the same {n_panel} units in the same order (the weights have {n_weights})",
        at + 1
    )]
    UnitsDiffer {
        /// Zero-based first position that differs.
        at: usize,
        /// The panel's unit there, empty past its end.
        panel: String,
        /// The weights' unit there, empty past their end.
        weights: String,
        /// Units of the panel.
        n_panel: usize,
        /// Units of the weights.
        n_weights: usize,
    },
    /// A value that is missing or infinite.
    #[error("`{variable}` is not a finite number for {cells}")]
    NotFinite {
        /// The variable.
        variable: String,
        /// `unit period` of each.
        cells: Named,
    },
    /// A weight that is missing or infinite.
    #[error("the weights of {units} are not finite numbers")]
    WeightsNotFinite {
        /// Units with such a weight in their row.
        units: Named,
    },
    /// Weights without a single link.
    #[error("no unit has a neighbour: model `{model}` needs weights with links")]
    NoLinks {
        /// The model asked for.
        model: Model,
    },
    /// Fixed effects on a single period.
    #[error("`{effects}` effects need at least two periods, but there is one; use effects `none`")]
    EffectsNeedPeriods {
        /// The effects asked for.
        effects: Effects,
    },
    /// Fewer observations than the parameters need.
    #[error(
        "{observations} observations are too few for {parameters} parameters and {absorbed} fixed effects"
    )]
    TooFewObservations {
        /// `n·t`.
        observations: usize,
        /// Coefficients, spatial parameter and variance.
        parameters: usize,
        /// Fixed effects.
        absorbed: usize,
    },
    /// The response does not vary.
    #[error("the response `{variable}` does not vary{}", within(*effects))]
    ConstantResponse {
        /// The response.
        variable: String,
        /// The effects that were removed.
        effects: Effects,
    },
    /// A regressor that does not vary, or not once the effects are removed.
    #[error("`{column}` does not vary{}; leave it out", within(*effects))]
    ConstantColumn {
        /// Name of the coefficient, such as `W*price`.
        column: String,
        /// The effects that were removed.
        effects: Effects,
    },
    /// Columns that are linear combinations of those before them.
    #[error(
        "{} linearly dependent on the columns before{}; leave {} out{}",
        if columns.len() == 1 { format!("`{}` is", columns[0]) } else { format!("`{}` are", columns.join("`, `")) },
        within(*effects),
        if columns.len() == 1 { "it" } else { "them" },
        if columns.iter().any(|column| column.starts_with("W*")) {
            " (--durbin names the regressors whose spatial lag enters)"
        } else {
            ""
        }
    )]
    Collinear {
        /// Names of the coefficients.
        columns: Vec<String>,
        /// The effects that were removed.
        effects: Effects,
    },
    /// The regressors explain the response without remainder.
    #[error("the regressors explain `{variable}` exactly: no variance is left to estimate")]
    PerfectFit {
        /// The response.
        variable: String,
    },
    /// Removing period effects needs row sums of one.
    #[error(
        "{correction} with `{effects}` effects needs weights whose rows sum to one; {units} do not: row-standardise them, and leave out units without neighbours"
    )]
    RowSums {
        /// What needs it.
        correction: &'static str,
        /// The effects.
        effects: Effects,
        /// Units whose row sums to something else.
        units: Named,
    },
    /// Weights of the error whose square is too large beside random effects.
    #[error(
        "a lag of the error beside random effects factorises a matrix that links the neighbours of neighbours: {entries} pairs among {n} units are too many; use weights of fewer neighbours, or fixed effects"
    )]
    TooManyPairs {
        /// Units.
        n: usize,
        /// Pairs linked.
        entries: usize,
    },
    /// W is larger than dense eigenvalues allow.
    #[error(
        "{n} units exceed the {limit} for which the eigenvalues of {kind} weights are computed; choose another log-determinant (auto, sparse)"
    )]
    TooManyUnits {
        /// Units.
        n: usize,
        /// The most there may be.
        limit: usize,
        /// `symmetrisable` or `asymmetric`.
        kind: &'static str,
    },
    /// Effects per unit that are not known one by one.
    #[error(
        "effects unit by unit need a sparse factorisation of I − ρW, which these weights do not allow; average effects are there without"
    )]
    NoUnitEffects,
    /// The influence of units where it is not defined.
    #[error("no influence of single units: {why}")]
    NoInfluence {
        /// Why not, and what would help.
        why: &'static str,
    },
    /// The optimiser stopped away from a maximum.
    #[error(
        "the likelihood has no maximum inside ({lower}, {upper}) that could be found: after {iterations} steps {parameter} = {value} with gradient {gradient:e} per observation"
    )]
    NotConverged {
        /// `rho` or `lambda`.
        parameter: &'static str,
        /// Where it stopped.
        value: f64,
        /// Gradient of the log-likelihood there, per observation.
        gradient: f64,
        /// Steps taken.
        iterations: usize,
        /// Lower bound.
        lower: f64,
        /// Upper bound.
        upper: f64,
    },
    /// The bias correction leads out of the parameter space.
    #[error(
        "the Lee–Yu correction moves {parameter} from {from} to {to}, outside ({lower}, {upper}); the panel is too small for it: use `transform` or `none`"
    )]
    CorrectedOutside {
        /// `rho` or `lambda`.
        parameter: &'static str,
        /// The uncorrected estimate.
        from: f64,
        /// The corrected one.
        to: f64,
        /// Lower bound.
        lower: f64,
        /// Upper bound.
        upper: f64,
    },
}

fn within(effects: Effects) -> &'static str {
    match effects {
        Effects::None | Effects::Random => "",
        Effects::Unit => " within units (once the unit effects are removed)",
        Effects::Time => " within periods (once the period effects are removed)",
        Effects::TwoWays => " once the unit and period effects are removed",
    }
}
