//! The regression behind a model: within-transformed response, its lag, and named columns.

use std::sync::OnceLock;

use durbin_core::{
    Panel,
    linalg::{rank_deficient, triangular_factor},
};
use durbin_weights::Weights;
use ndarray::{Array1, Array2, s};

use crate::{
    Dynamic, Effects, Error, SdmSpec, check,
    parameters::Point,
    within::{demean, quasi_demean},
};

/// A column whose length falls below this share of what it was before demeaning is absorbed: what is
/// left is rounding.
const ABSORBED: f64 = 1e-12;

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
        let (n, t) = (panel.n_units(), panel.n_periods() - first);
        let all = check::variable(panel, &spec.y)?;
        let y = all.slice(s![first.., ..]).to_owned();
        let before = dynamic.then(|| all.slice(s![..t, ..]).to_owned());
        let columns = columns(spec, panel, w, before.as_ref(), first)?;
        let has_constant = usize::from(columns.names.first().is_some_and(|name| name == CONSTANT));
        enough(spec, n, t, columns.names.len())?;

        let within = |values: &Array2<f64>| flat(&demean(values, spec.effects));
        let response = within(&y);
        if absorbed(&response, &y, spec) {
            return Err(Error::ConstantResponse {
                variable: spec.y.clone(),
                effects: spec.effects,
            });
        }
        let demeaned: Vec<Array1<f64>> = columns.values.iter().map(within).collect();
        let regressors =
            columns.names.iter().zip(columns.values.iter().zip(&demeaned)).skip(has_constant);
        for (name, (raw, column)) in regressors {
            if absorbed(column, raw, spec) {
                return Err(Error::ConstantColumn { column: name.clone(), effects: spec.effects });
            }
        }
        let z = side_by_side(&demeaned);
        let wy = lag(w, &y);
        let error = spec.model.process().has_lambda().then(|| {
            let lags: Vec<Array1<f64>> =
                columns.values.iter().map(|column| within(&lag(m, column))).collect();
            ErrorLags { y: within(&lag(m, &y)), wy: within(&lag(m, &wy)), z: side_by_side(&lags) }
        });
        let mean = y.sum() / y.len() as f64;
        let design = Self {
            n,
            t,
            terms: terms(spec, &columns.names),
            names: columns.names,
            tau: columns.tau,
            eta: columns.eta,
            y: response,
            wy: within(&wy),
            z,
            error,
            total_sum_of_squares: y.iter().map(|v| (v - mean).powi(2)).sum(),
            compact: OnceLock::new(),
        };
        let dependent = rank_deficient(&design.compact().z, COLLINEAR);
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

    /// The same data with `1 − φ` of each unit's mean taken out: what makes a random effect white.
    pub(crate) fn quasi_demeaned(&self, phi: f64) -> Self {
        let vector = |v: &Array1<f64>| quasi_demean(v, self.n, phi);
        let matrix = |z: &Array2<f64>| {
            side_by_side(
                &z.columns().into_iter().map(|v| vector(&v.to_owned())).collect::<Vec<_>>(),
            )
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

/// The regressors before demeaning.
struct Columns {
    names: Vec<String>,
    /// `t × n` each.
    values: Vec<Array2<f64>>,
    tau: Option<usize>,
    eta: Option<usize>,
}

/// `[1, y₋₁, Wy₋₁, X, WX]`, from the panel's period `first` on. The constant has no lag of its own: it is
/// constant wherever the rows of W have one sum.
fn columns(
    spec: &SdmSpec,
    panel: &Panel,
    w: &Weights,
    before: Option<&Array2<f64>>,
    first: usize,
) -> Result<Columns, Error> {
    let mut all = Columns { names: Vec::new(), values: Vec::new(), tau: None, eta: None };
    let mut push = |name: String, values: Array2<f64>| {
        all.names.push(name);
        all.values.push(values);
        all.names.len() - 1
    };
    if !spec.effects.are_fixed() {
        push(CONSTANT.to_owned(), Array2::ones((panel.n_periods() - first, panel.n_units())));
    }
    let (mut tau, mut eta) = (None, None);
    if let Some(before) = before {
        if spec.dynamic.in_time() {
            tau = Some(push(format!("L.{}", spec.y), before.clone()));
        }
        if spec.dynamic.in_space() {
            eta = Some(push(format!("L.{}", lagged(&spec.y)), lag(w, before)));
        }
    }
    let used = |values: &Array2<f64>| values.slice(s![first.., ..]).to_owned();
    for name in &spec.x {
        push(name.clone(), used(check::variable(panel, name)?));
    }
    for name in spec.lagged() {
        push(lagged(name), lag(w, &used(panel.get(name)?)));
    }
    Ok(Columns { tau, eta, ..all })
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

/// Whether demeaning (or, without effects, the constant) leaves nothing of a column.
fn absorbed(within: &Array1<f64>, raw: &Array2<f64>, spec: &SdmSpec) -> bool {
    let left = if spec.effects.are_fixed() {
        within.dot(within)
    } else {
        let mean = raw.sum() / raw.len() as f64;
        raw.iter().map(|v| (v - mean).powi(2)).sum()
    };
    let before: f64 = raw.iter().map(|v| v * v).sum();
    left.sqrt() <= ABSORBED * before.sqrt()
}

/// `W·v`, period by period.
pub(crate) fn lag(w: &Weights, values: &Array2<f64>) -> Array2<f64> {
    let mut lagged = Array2::zeros(values.raw_dim());
    for (mut to, from) in lagged.rows_mut().into_iter().zip(values.rows()) {
        to.assign(&Array1::from(w.lag(&from.to_vec())));
    }
    lagged
}

fn flat(values: &Array2<f64>) -> Array1<f64> {
    values.iter().copied().collect()
}

fn side_by_side(columns: &[Array1<f64>]) -> Array2<f64> {
    let rows = columns.first().map_or(0, Array1::len);
    Array2::from_shape_fn((rows, columns.len()), |(i, j)| columns[j][i])
}
