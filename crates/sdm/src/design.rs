//! The regression behind a model: within-transformed response, its lag, and named columns.

use std::sync::{Arc, OnceLock};

use durbin_core::{
    Panel,
    linalg::{rank_deficient, triangular_factor},
};
use durbin_weights::Weights;
use ndarray::{Array1, Array2, s};

use crate::{
    Dynamic, Effects, Error, SdmSpec, check,
    columns::{Column, Columns, Periods, Within},
    parameters::Point,
    within::quasi_demean,
};

/// Share of a column outside the span of its predecessors below which it counts as dependent.
const COLLINEAR: f64 = 1e-8;

/// Everything the likelihoods need. Rows are observations, period by period: `n·t` of them.
#[derive(Debug, Clone)]
pub(crate) struct Design {
    /// Units.
    pub n: usize,
    /// Periods of the equation: the panel's, less the first where a lag in time needs it.
    pub t: usize,
    /// Names of the `k` coefficients.
    pub names: Vec<String>,
    /// Where the coefficients of each regressor are.
    pub terms: Vec<Term>,
    /// Where τ, the coefficient of `y_{t−1}`, is.
    pub tau: Option<usize>,
    /// Where η, the coefficient of `W·y_{t−1}`, is.
    pub eta: Option<usize>,
    /// `Q·y`.
    pub y: Array1<f64>,
    /// `Q·W·y`.
    pub wy: Array1<f64>,
    /// `Q·Z`, `n·t × k`, with `Z = [1, y₋₁, Wy₋₁, X, WX]`.
    pub z: Array2<f64>,
    /// What a lag of the error needs.
    pub error: Option<ErrorLags>,
    /// `Σ (y − ȳ)²` before demeaning.
    pub total_sum_of_squares: f64,
    /// Found when asked for.
    compact: OnceLock<Box<Self>>,
}

/// Lags by the weights M of the error.
#[derive(Debug, Clone)]
pub(crate) struct ErrorLags {
    /// `Q·M·y`.
    pub y: Array1<f64>,
    /// `Q·M·W·y`.
    pub wy: Array1<f64>,
    /// `Q·M·Z`, `n·t × k`.
    pub z: Array2<f64>,
}

/// Positions of a regressor's coefficients.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    /// The regressor.
    pub variable: String,
    /// Where its β is.
    pub beta: usize,
    /// Where its θ is, if it enters with its spatial lag.
    pub theta: Option<usize>,
}

impl Design {
    /// The data of `spec` with weights `w` of the lags and `m` of the error.
    pub(crate) fn new(
        spec: &SdmSpec,
        panel: &Panel,
        w: &Weights,
        m: &Weights,
    ) -> Result<Self, Error> {
        Self::from_columns(spec, &Columns::new(panel, w, m))
    }

    /// The same from columns that other designs share.
    pub(crate) fn from_columns(spec: &SdmSpec, columns: &Columns) -> Result<Self, Error> {
        let Columns { panel, w, m, .. } = *columns;
        spec.check()?;
        check::units(panel, w)?;
        check::units(panel, m)?;
        check::weights(spec, w)?;
        check::weights(spec, m)?;
        let dynamic = spec.dynamic != Dynamic::None;
        let needed = if dynamic { 2 + usize::from(spec.effects.are_fixed()) } else { 1 };
        if panel.n_periods() < needed {
            return Err(Error::DynamicNeedsPeriods { periods: panel.n_periods(), needed });
        }
        let first = usize::from(dynamic);
        let periods = if dynamic { Periods::Later } else { Periods::All };
        let (n, t) = (panel.n_units(), panel.n_periods() - first);
        let raw = check::variable(panel, &spec.y)?.slice(s![first.., ..]);
        let regressors = Regressors::new(spec, panel, periods)?;
        enough(spec, n, t, regressors.names.len())?;

        let within = |column: &Column| columns.within(column, spec.effects);
        let all = |of: &[Column]| of.iter().map(within).collect::<Result<Vec<_>, Error>>();
        let y = Column::of(&spec.y, periods);
        let response = within(&y)?;
        if response.absorbed {
            return Err(Error::ConstantResponse {
                variable: spec.y.clone(),
                effects: spec.effects,
            });
        }
        let demeaned = all(&regressors.columns)?;
        for (name, column) in regressors.names.iter().zip(&demeaned) {
            if column.absorbed && name != CONSTANT {
                return Err(Error::ConstantColumn { column: name.clone(), effects: spec.effects });
            }
        }
        let wy = Columns::lag(&y);
        let mut used = regressors.columns;
        used.extend([y, wy]);
        let lags: Vec<Column> = if spec.model.process().has_lambda() {
            used.iter().map(|column| columns.error_lag(column)).collect()
        } else {
            Vec::new()
        };
        let error = match all(&lags)?.as_slice() {
            [z @ .., y, wy] => {
                Some(ErrorLags { y: y.values.clone(), wy: wy.values.clone(), z: matrix(z) })
            }
            _ => None,
        };
        let mean = raw.sum() / raw.len() as f64;
        let design = Self {
            n,
            t,
            terms: terms(spec, &regressors.names),
            names: regressors.names,
            tau: regressors.tau,
            eta: regressors.eta,
            y: response.values.clone(),
            wy: within(&used[used.len() - 1])?.values.clone(),
            z: matrix(&demeaned),
            error,
            total_sum_of_squares: raw.iter().map(|v| (v - mean).powi(2)).sum(),
            compact: OnceLock::new(),
        };
        used.extend(lags);
        let r = columns.triangular_factor(&used, spec.effects)?;
        let compact = design.compact.get_or_init(|| Box::new(design.in_rows(&r)));
        let dependent = rank_deficient(&compact.z, COLLINEAR);
        if !dependent.is_empty() {
            return Err(Error::Collinear {
                columns: dependent.into_iter().map(|j| design.names[j].clone()).collect(),
                effects: spec.effects,
            });
        }
        Ok(design)
    }

    /// The same columns in an orthonormal basis of the space they span: with as many rows as there are columns, lengths and
    /// angles, and so everything that least squares makes of them, stay what they are.
    pub(crate) fn compact(&self) -> &Self {
        self.compact.get_or_init(|| Box::new(self.project()))
    }

    fn project(&self) -> Self {
        let columns: Vec<Vec<f64>> = self.columns().iter().map(|c| c.to_vec()).collect();
        self.in_rows(&triangular_factor(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>()))
    }

    /// Z, y and Wy, and the same lagged where the error has a lag.
    pub(crate) fn columns(&self) -> Vec<Array1<f64>> {
        let of = |z: &Array2<f64>| z.columns().into_iter().map(|c| c.to_owned()).collect();
        let mut columns: Vec<Array1<f64>> = of(&self.z);
        columns.extend([self.y.clone(), self.wy.clone()]);
        if let Some(lags) = &self.error {
            let of_z: Vec<Array1<f64>> = of(&lags.z);
            columns.extend(of_z);
            columns.extend([lags.y.clone(), lags.wy.clone()]);
        }
        columns
    }

    /// The design whose [`columns`](Self::columns) are those of `r`, of any number of rows.
    pub(crate) fn in_rows(&self, r: &Array2<f64>) -> Self {
        let k = self.z.ncols();
        let one = |at: usize| r.column(at).to_owned();
        let block = |at: usize| r.slice(s![.., at..at + k]).to_owned();
        Self {
            names: self.names.clone(),
            terms: self.terms.clone(),
            y: one(k),
            wy: one(k + 1),
            z: block(0),
            error: self.error.as_ref().map(|_| ErrorLags {
                z: block(k + 2),
                y: one(2 * k + 2),
                wy: one(2 * k + 3),
            }),
            compact: OnceLock::new(),
            ..*self
        }
    }

    /// `Z'Z`, from the few rows of the compact design where there is one.
    pub(crate) fn gram(&self) -> Array2<f64> {
        let z = self.compact.get().map_or(&self.z, |compact| &compact.z);
        z.t().dot(z)
    }

    /// The same data with `1 − φ` of each unit's mean taken out: what makes a random effect white.
    pub(crate) fn quasi_demeaned(&self, phi: f64) -> Self {
        let vector = |v: &Array1<f64>| quasi_demean(v, self.n, phi);
        let matrix = |z: &Array2<f64>| {
            let columns: Vec<_> = z.columns().into_iter().map(|v| vector(&v.to_owned())).collect();
            side_by_side(&columns.iter().collect::<Vec<_>>())
        };
        Self {
            y: vector(&self.y),
            wy: vector(&self.wy),
            z: matrix(&self.z),
            error: self.error.as_ref().map(|lags| ErrorLags {
                y: vector(&lags.y),
                wy: vector(&lags.wy),
                z: matrix(&lags.z),
            }),
            compact: OnceLock::new(),
            ..self.clone()
        }
    }

    /// `Zγ`, `t × n`.
    pub(crate) fn fitted(&self, point: &Point) -> Array2<f64> {
        self.by_period(&self.z.dot(&point.coefficients))
    }

    /// A vector of observations as `t × n`.
    pub(crate) fn by_period(&self, v: &Array1<f64>) -> Array2<f64> {
        Array2::from_shape_fn((self.t, self.n), |(period, unit)| v[period * self.n + unit])
    }
}

/// Name of the constant.
const CONSTANT: &str = "_cons";

/// Name of a lagged regressor.
fn lagged(variable: &str) -> String {
    format!("W*{variable}")
}

/// `[1, y₋₁, Wy₋₁, X, WX]`.
struct Regressors {
    names: Vec<String>,
    columns: Vec<Column>,
    tau: Option<usize>,
    eta: Option<usize>,
}

impl Regressors {
    /// In some periods. The constant has no lag of its own: it is constant wherever the rows of W have one sum.
    fn new(spec: &SdmSpec, panel: &Panel, periods: Periods) -> Result<Self, Error> {
        let (mut names, mut columns) = (Vec::new(), Vec::new());
        let mut push = |name: String, column: Column| {
            names.push(name);
            columns.push(column);
            names.len() - 1
        };
        if !spec.effects.are_fixed() {
            push(CONSTANT.to_owned(), Column::constant(periods));
        }
        let before = Column::of(&spec.y, Periods::Before);
        let eta = Columns::lag(&before);
        let tau = spec.dynamic.in_time().then(|| push(format!("L.{}", spec.y), before));
        let eta = spec.dynamic.in_space().then(|| push(format!("L.{}", lagged(&spec.y)), eta));
        for name in &spec.x {
            check::variable(panel, name)?;
            push(name.clone(), Column::of(name, periods));
        }
        for name in spec.lagged() {
            push(lagged(name), Columns::lag(&Column::of(name, periods)));
        }
        Ok(Self { names, columns, tau, eta })
    }
}

fn terms(spec: &SdmSpec, names: &[String]) -> Vec<Term> {
    let first = names.len() - spec.x.len() - spec.lagged().len();
    let after = first + spec.x.len();
    let with_lag = spec.lagged();
    let term = |(at, variable): (usize, &String)| Term {
        variable: variable.clone(),
        beta: first + at,
        theta: with_lag.iter().position(|name| name == variable).map(|at| after + at),
    };
    spec.x.iter().enumerate().map(term).collect()
}

/// Periods for the effects, and a residual degree of freedom.
fn enough(spec: &SdmSpec, n: usize, t: usize, k: usize) -> Result<(), Error> {
    let effects = spec.effects;
    if t < 2 && (effects.are_fixed() || effects == Effects::Random) {
        return Err(Error::EffectsNeedPeriods { effects });
    }
    let process = spec.model.process();
    let searched = [process.has_rho(), process.has_lambda(), effects == Effects::Random];
    let searched = searched.into_iter().filter(|there| *there).count();
    let (observations, parameters) = (n * t, k + searched + 1);
    let absorbed = effects.absorbed(n, t);
    if observations <= absorbed + parameters {
        return Err(Error::TooFewObservations { observations, parameters, absorbed });
    }
    Ok(())
}

/// `W·v`, period by period.
pub(crate) fn lag(w: &Weights, values: &Array2<f64>) -> Array2<f64> {
    let mut lagged = Array2::zeros(values.raw_dim());
    for (mut to, from) in lagged.rows_mut().into_iter().zip(values.rows()) {
        to.assign(&Array1::from(w.lag(&from.to_vec())));
    }
    lagged
}

fn matrix(columns: &[Arc<Within>]) -> Array2<f64> {
    side_by_side(&columns.iter().map(|column| &column.values).collect::<Vec<_>>())
}

fn side_by_side(columns: &[&Array1<f64>]) -> Array2<f64> {
    let rows = columns.first().map_or(0, |column| column.len());
    let mut matrix = Array2::zeros((rows, columns.len()));
    for (mut to, from) in matrix.columns_mut().into_iter().zip(columns) {
        to.assign(from);
    }
    matrix
}
