//! Why a dynamic panel model cannot be written down or estimated.

/// A model that cannot be estimated, with what is needed to say why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// From the panel or the linear algebra.
    #[error(transparent)]
    Core(#[from] durbin_core::Error),
    /// A word that cannot be read.
    #[error("{what} `{text}`: {expected}")]
    Syntax {
        /// Which option.
        what: &'static str,
        /// What was written.
        text: String,
        /// What can be written.
        expected: &'static str,
    },
    /// Options that do not go together.
    #[error("{0}")]
    Contradiction(String),
    /// A regressor is named twice.
    #[error("regressor `{term}` is named twice")]
    DuplicateRegressor {
        /// The regressor.
        term: String,
    },
    /// An interaction of something that is no regressor.
    #[error("interaction `{term}`: `{factor}` is none of the regressors {}", x.join(", "))]
    NotARegressor {
        /// The interaction.
        term: String,
        /// Its factor.
        factor: String,
        /// The regressors.
        x: Vec<String>,
    },
    /// No instruments.
    #[error(
        "the model has no instruments: name those in GMM style, such as `{y}:2-`, and the exogenous regressors in IV style"
    )]
    NoInstruments {
        /// The response.
        y: String,
    },
    /// Fewer independent instruments than coefficients.
    #[error(
        "{instruments} independent instruments cannot identify {coefficients} coefficients; \
         name more lags in GMM style, or the exogenous regressors in IV style{}",
        if uninstrumented.is_empty() { String::new() } else { format!(" (in neither now: {})", uninstrumented.join(", ")) }
    )]
    Underidentified {
        /// Independent instruments.
        instruments: usize,
        /// Coefficients.
        coefficients: usize,
        /// Regressors that are in no list of instruments.
        uninstrumented: Vec<String>,
    },
    /// The instruments do not tell the coefficients apart.
    #[error("the instruments do not identify the coefficients: Z'X has not full rank")]
    NotIdentified,
    /// Jackknife errors of coefficients that hang on one cluster.
    #[error("--errors jackknife: without {} the coefficients cannot be estimated ({why}); choose robust errors", units.join(", "))]
    NeedsCluster {
        /// Its units.
        units: Vec<String>,
        /// Why not.
        why: String,
    },
    /// No row has all that the equation needs.
    #[error(
        "no unit has all variables in {needed} consecutive periods{spacing}; \
         of {units} units and {periods} periods nothing is left to estimate from"
    )]
    NoObservations {
        /// Consecutive periods that one row needs.
        needed: usize,
        /// How periods are counted, where it is not by one.
        spacing: String,
        /// Units.
        units: usize,
        /// Periods.
        periods: usize,
    },
    /// The periods span more steps than can be handled.
    #[error(
        "`{field}` spans {steps} steps of {step} from {first} to {last}; at most {most} can be handled: check the labels of the periods"
    )]
    TooManyPeriods {
        /// Time field.
        field: String,
        /// Steps from first to last.
        steps: usize,
        /// One step, in the labels' unit.
        step: String,
        /// First label.
        first: String,
        /// Last label.
        last: String,
        /// The limit.
        most: usize,
    },
    /// Every regressor was dropped.
    #[error("no regressor varies: all of {} are constant or depend on each other", columns.join(", "))]
    NothingVaries {
        /// Names of the coefficients.
        columns: Vec<String>,
    },
    /// Iteration did not settle.
    #[error(
        "iterated GMM did not converge in {iterations} steps (last change {change:e}); use two steps"
    )]
    NotConverged {
        /// Steps taken.
        iterations: usize,
        /// Largest change of a coefficient in the last step.
        change: f64,
    },
}

impl Error {
    /// Whether the model was written down wrongly, whatever the data.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Syntax { .. }
                | Self::Contradiction(_)
                | Self::DuplicateRegressor { .. }
                | Self::NotARegressor { .. }
                | Self::NoInstruments { .. }
        )
    }
}
