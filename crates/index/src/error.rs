//! What makes an index meaningless.

/// Indicators or options from which no index can be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing to weigh.
    #[error(
        "an index needs indicators: name them as positive (more is better) or negative (less is better)"
    )]
    NoIndicators,
    /// An indicator that is named twice.
    #[error(
        "indicator `{indicator}` is named twice: once is enough, with one sign and in one dimension"
    )]
    Duplicate {
        /// The indicator.
        indicator: String,
    },
    /// Some indicators have a dimension and others have none.
    #[error(
        "indicator `{indicator}` belongs to no dimension while others do: give every indicator one, or none"
    )]
    WithoutDimension {
        /// The first without one.
        indicator: String,
    },
    /// An unknown sign.
    #[error("unknown sign `{word}`: `+` where more is better, `-` where less is better")]
    UnknownSign {
        /// What was written.
        word: String,
    },
    /// A name of a method, score or pool that is not known.
    #[error("`{word}`: one of {known}")]
    UnknownWord {
        /// What was written.
        word: String,
        /// What there is.
        known: String,
    },
    /// An indicator that does not vary.
    #[error(
        "indicator `{indicator}` is {value} for every unit{}: what does not vary cannot be scaled or weighed; leave it out",
        in_period(period)
    )]
    Constant {
        /// The indicator.
        indicator: String,
        /// Its only value.
        value: f64,
        /// The period, where only one was looked at.
        period: String,
    },
    /// A value that is missing.
    #[error("indicator `{indicator}` has no value for {cell}")]
    NotFinite {
        /// The indicator.
        indicator: String,
        /// Unit and period.
        cell: String,
    },
    /// Negative raw values where shares of the sum are taken.
    #[error(
        "indicator `{indicator}` is {value} for {cell}: shares of a sum need values that are not negative; use min-max scaling"
    )]
    NegativeShare {
        /// The indicator.
        indicator: String,
        /// Unit and period.
        cell: String,
        /// The value.
        value: f64,
    },
    /// Too few rows for weights.
    #[error("{rows} row(s){}: weights from the data need at least two units", in_period(period))]
    TooFewRows {
        /// Rows there are.
        rows: usize,
        /// The period, where only one was looked at.
        period: String,
    },
    /// CRITIC without any disagreement between indicators.
    #[error(
        "all indicators are perfectly correlated{}: CRITIC finds no information to weigh",
        in_period(period)
    )]
    NoConflict {
        /// The period, where only one was looked at.
        period: String,
    },
    /// Weights of one's own that cannot be used.
    #[error(
        "the weight of `{indicator}` is {weight}: weights of your own are positive numbers, one for every indicator"
    )]
    BadWeight {
        /// The indicator.
        indicator: String,
        /// What was given.
        weight: String,
    },
    /// A translation that is negative or no number.
    #[error("shift {shift}: a small number that is not negative, such as 0 or 0.0001")]
    BadShift {
        /// What was given.
        shift: f64,
    },
    /// Coupling needs several subsystems.
    #[error("coupling coordination needs at least two dimensions, there are {dimensions}")]
    NoSubsystems {
        /// Dimensions there are.
        dimensions: usize,
    },
    /// A variable that the panel does not have.
    #[error(transparent)]
    Core(#[from] durbin_core::Error),
}

fn in_period(period: &str) -> String {
    if period.is_empty() { String::new() } else { format!(" in {period}") }
}

impl Error {
    /// Whether the options contradict themselves, whatever the data.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NoIndicators
                | Self::Duplicate { .. }
                | Self::WithoutDimension { .. }
                | Self::UnknownSign { .. }
                | Self::UnknownWord { .. }
                | Self::BadWeight { .. }
                | Self::BadShift { .. }
                | Self::NoSubsystems { .. }
        )
    }
}
