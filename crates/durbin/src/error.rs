//! One error for whole jobs: what a room found wrong, and the file it was found in.

use durbin_core::Named;

/// Why a job could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Data that cannot be used, in a named file.
    #[error("{file}: {source}")]
    Data {
        /// The file.
        file: String,
        /// What is wrong.
        source: durbin_core::Error,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] durbin_io::Error),
    /// The weights file cannot be read or written.
    #[error(transparent)]
    Weights(#[from] durbin_weights::Error),
    /// Weights cannot be built from a layer or table.
    #[error("{file}: {source}")]
    WeightsOf {
        /// The layer or table.
        file: String,
        /// Why.
        source: durbin_weights::Error,
    },
    /// The weights specification is wrong.
    #[error(transparent)]
    WeightsSpec(#[from] durbin_weights::SpecError),
    /// The hot spot statistic cannot be computed for a field.
    #[error("{file}: field `{field}`: {source}")]
    Hotspot {
        /// The input.
        file: String,
        /// The field.
        field: String,
        /// Why.
        source: durbin_hotspot::Error,
    },
    /// A statistic cannot be computed for a field in one period.
    #[error("{file}: field `{field}`, {period}: {source}")]
    Period {
        /// The input.
        file: String,
        /// The field.
        field: String,
        /// Label of the period.
        period: String,
        /// Why.
        source: durbin_hotspot::Error,
    },
    /// Change cannot be measured from the values of a unit.
    #[error(
        "{file}: field `{field}`, {unit}: {from} in the first and {to} in the second period: {needs}"
    )]
    Change {
        /// The input.
        file: String,
        /// The field.
        field: String,
        /// Key of the unit.
        unit: String,
        /// First period.
        from: f64,
        /// Second period.
        to: f64,
        /// What the measure needs.
        needs: &'static str,
    },
    /// The model cannot be fitted.
    #[error("{file}: {source}")]
    Sdm {
        /// The panel.
        file: String,
        /// Why.
        source: durbin_sdm::Error,
    },
    /// The dynamic panel model cannot be fitted.
    #[error("{file}: {source}")]
    Gmm {
        /// The panel.
        file: String,
        /// Why.
        source: durbin_gmm::Error,
    },
    /// The index cannot be made.
    #[error("{file}: {source}")]
    Index {
        /// The panel.
        file: String,
        /// Why.
        source: durbin_index::Error,
    },
    /// A file of indicators cannot be read.
    #[error("{file}: {reason}")]
    Indicators {
        /// The file.
        file: String,
        /// What is wrong and where.
        reason: String,
    },
    /// A picture could not be drawn.
    #[error(transparent)]
    Report(#[from] durbin_report::Error),
    /// Units without neighbours where none are allowed.
    #[error(
        "units without neighbours: {units}; a model needs neighbours for every unit: \
         leave these units out of the data, or keep them with `--islands keep` (`islands = \"keep\"` in a study)"
    )]
    Islands {
        /// Their keys.
        units: Named,
    },
    /// No unit of the boundaries has a geometry, or there are no boundaries at all.
    #[error(
        "{file}: no geometry to build weights from; give the polygons with `--boundaries` or a weights file with `--weights`"
    )]
    NoGeometry {
        /// The file that was looked at.
        file: String,
    },
    /// No layer has a column that durbin made.
    #[error(
        "{file}: no column that durbin makes (gi_bin, lisa_cluster, geary_cluster, emerging_code, effects, index) in {}; \
         name the column to draw with `--field`",
        layers.join(", ")
    )]
    NothingRecognised {
        /// The GeoPackage.
        file: String,
        /// Its layers.
        layers: Vec<String>,
    },
    /// Circles of a field without a positive value.
    #[error("{file}: field `{field}` has no positive value: there is no circle to draw")]
    NoPositive {
        /// The input.
        file: String,
        /// The field.
        field: String,
    },
    /// No feature of the layer has a geometry.
    #[error("{file}: no feature has a geometry: there is nothing to draw")]
    NothingToDraw {
        /// The file that was looked at.
        file: String,
    },
    /// A layer to write without polygons to write.
    #[error("{file}: no geometry for the layer of effects; give the polygons with `--boundaries`")]
    NoGeometryToWrite {
        /// The file that was looked at.
        file: String,
    },
    /// Invalid geometries where the study refuses them.
    #[error(
        "{file}: invalid geometry: {units}; repair what is written with `invalid = \"repair\"`"
    )]
    InvalidGeometry {
        /// The boundaries.
        file: String,
        /// `key: reason` of each.
        units: Named,
    },
    /// Units without a value where every unit needs one.
    #[error(
        "{file}: `{field}` is missing for {units}; leave these units out with `--missing drop`"
    )]
    Missing {
        /// The input.
        file: String,
        /// The field.
        field: String,
        /// Their keys.
        units: Named,
    },
    /// A computed value is not finite.
    #[error("variable `{variable}` = {formula}: no finite value for {cells}")]
    NotFinite {
        /// The variable.
        variable: String,
        /// Its formula.
        formula: String,
        /// Units and periods.
        cells: Named,
    },
    /// A formula that cannot be read.
    #[error("variable `{variable}` = {formula}: {reason}")]
    Formula {
        /// The variable.
        variable: String,
        /// Its formula.
        formula: String,
        /// What the parser says.
        reason: String,
    },
    /// The study file cannot be read.
    #[error("{file}: {reason}")]
    Study {
        /// The study file.
        file: String,
        /// What is wrong and where.
        reason: String,
    },
    /// A file of the system could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The path.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The output exists already.
    #[error("{path} exists; use --overwrite to replace it")]
    OutputExists {
        /// The path.
        path: String,
    },
    /// The output is the input.
    #[error("{path} is the input; write to another file")]
    OutputIsInput {
        /// The path.
        path: String,
    },
    /// A table of the database that is read would be replaced.
    #[error(
        "{path} is the input too, and --overwrite could replace what is read; name the table to read with --layer \
         and another one to write with --output-layer"
    )]
    OutputMayBeInput {
        /// The connection without its password.
        path: String,
    },
    /// A result column would replace a column of the input.
    #[error("{file} already has a field `{field}`; rename it, or choose another field to analyse")]
    ColumnExists {
        /// The input.
        file: String,
        /// The field.
        field: String,
    },
    /// Wrong usage: options that do not go together.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// Whether the command was used wrongly (exit status 2) rather than the data being unusable (1).
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Usage(_) | Self::WeightsSpec(_) => true,
            Self::Weights(error) => matches!(error, durbin_weights::Error::UnknownFormat { .. }),
            Self::Io(error) => matches!(error, durbin_io::Error::UnknownFormat { .. }),
            Self::Gmm { source, .. } => source.is_usage(),
            Self::Sdm { source, .. } => matches!(
                source,
                durbin_sdm::Error::NoRegressors
                    | durbin_sdm::Error::ResponseAmongRegressors { .. }
                    | durbin_sdm::Error::DuplicateRegressor { .. }
                    | durbin_sdm::Error::DurbinNotInX { .. }
                    | durbin_sdm::Error::NoDurbinTerms { .. }
                    | durbin_sdm::Error::EffectsNeedPeriods { .. }
                    | durbin_sdm::Error::NoDynamic { .. }
                    | durbin_sdm::Error::NoSandwich { .. }
                    | durbin_sdm::Error::NoErrorWeights { .. }
            ),
            Self::Index { source, .. } => source.is_usage(),
            _ => false,
        }
    }

    /// Whether the reader of standard output has seen enough (`| head`), which is no failure.
    pub fn is_closed_pipe(&self) -> bool {
        match self {
            Self::File { source, .. } | Self::Io(durbin_io::Error::File { source, .. }) => {
                source.kind() == std::io::ErrorKind::BrokenPipe
            }
            _ => false,
        }
    }

    pub(crate) fn data(file: &str) -> impl Fn(durbin_core::Error) -> Self + '_ {
        move |source| Self::Data { file: file.to_owned(), source }
    }

    /// What is wrong with a field in a period; without time the label is empty.
    pub(crate) fn of_period(
        file: &str,
        field: &str,
        period: &str,
        source: durbin_hotspot::Error,
    ) -> Self {
        let (file, field) = (file.to_owned(), field.to_owned());
        if period.is_empty() {
            return Self::Hotspot { file, field, source };
        }
        Self::Period { file, field, period: period.to_owned(), source }
    }

    pub(crate) fn file(path: &std::path::Path) -> impl Fn(std::io::Error) -> Self + '_ {
        move |source| Self::File { path: path.display().to_string(), source }
    }
}
