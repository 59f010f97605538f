//! What makes a local statistic meaningless.

/// Values or options for which the statistic does not exist.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// As many values as units are needed.
    #[error("{values} value(s) for {units} unit(s) of the weights")]
    Length {
        /// Values given.
        values: usize,
        /// Units of the weights.
        units: usize,
    },
    /// A value that is missing or infinite.
    #[error("the value of unit `{id}` is {value}: every unit needs a finite number")]
    NotFinite {
        /// Key of the first such unit.
        id: String,
        /// Its value.
        value: f64,
    },
    /// Fewer units than the variance needs.
    #[error("{statistic} needs at least {needed} units, there are {n}")]
    TooFewUnits {
        /// Name of the statistic.
        statistic: &'static str,
        /// Units needed.
        needed: usize,
        /// Units there are.
        n: usize,
    },
    /// A variable that does not vary.
    #[error(
        "constant: all values are {value} (to within 1 part in 10¹²); what does not vary has no pattern in space"
    )]
    Constant {
        /// The value of all units.
        value: f64,
    },
    /// Values whose squares are no numbers.
    #[error("the values are too large for a variance: rescale them")]
    TooLarge,
    /// More permutations than can be numbered.
    #[error("{permutations} permutations are more than the 4294967295 possible")]
    TooManyPermutations {
        /// How many were asked for.
        permutations: usize,
    },
    /// Bins by the p-values of permutations that were not made.
    #[error("bins by permutations need permutations: ask for at least 99")]
    NoPermutations,
    /// A level of significance that is none.
    #[error("{level} is no level of significance: give a number between 0 and 1, such as 0.05")]
    Level {
        /// What was given.
        level: f64,
    },
    /// Weights that link nobody, or whose sum is zero.
    #[error("the weights sum to zero: without neighbours there is no autocorrelation")]
    NoLinks,
    /// A value for which General G is not meant.
    #[error(
        "the value of unit `{id}` is {value}: General G needs values of which none is negative"
    )]
    Negative {
        /// Key of the first such unit.
        id: String,
        /// Its value.
        value: f64,
    },
    /// Values of which no two are positive.
    #[error("at most one value is positive: General G compares products of two")]
    NoPairs,
    /// Fewer periods than a trend needs.
    #[error("emerging hot spots need at least {needed} periods, there are {periods}")]
    TooFewPeriods {
        /// Periods needed.
        needed: usize,
        /// Periods there are.
        periods: usize,
    },
    /// A period in which the statistic does not exist.
    #[error("period {}: {source}", period + 1)]
    Period {
        /// Zero-based position of the period.
        period: usize,
        /// What is wrong there.
        source: Box<Error>,
    },
    /// No program of this name.
    #[error("`{word}` is no program whose conventions are known: arcgis, geoda, pysal or spdep")]
    UnknownProgram {
        /// What was given.
        word: String,
    },
    /// Too few or too many categories to count joins between.
    #[error("{count} categories: join counts need 2 to {most}")]
    Categories {
        /// Categories there are.
        count: usize,
        /// Categories there may be.
        most: usize,
    },
    /// No sampling of this name.
    #[error("`{word}` is no sampling of join counts: nonfree or free")]
    UnknownSampling {
        /// What was given.
        word: String,
    },
    /// No assumption of this name.
    #[error("`{word}` is no assumption: randomization or normality")]
    UnknownAssumption {
        /// What was given.
        word: String,
    },
    /// A base from which no growth can be computed.
    #[error("value {} is {from} in the first and {to} in the second period: {needs}", index + 1)]
    NoGrowth {
        /// Zero-based position.
        index: usize,
        /// First period.
        from: f64,
        /// Second period.
        to: f64,
        /// What the measure of change needs.
        needs: &'static str,
    },
    /// Two periods with different numbers of values.
    #[error("{from} value(s) in the first period, {to} in the second")]
    Periods {
        /// Values in the first.
        from: usize,
        /// Values in the second.
        to: usize,
    },
    /// No correction of this name.
    #[error("`{word}` is no correction for multiple testing: none, fdr or bonferroni")]
    UnknownCorrection {
        /// What was given.
        word: String,
    },
    /// No measure of change of this name.
    #[error("`{word}` is no measure of change: growth, difference or log-difference")]
    UnknownChange {
        /// What was given.
        word: String,
    },
}
