//! The regression behind a model: within-transformed response, its lag, and named columns.

use durbin_core::{Panel, linalg::rank_deficient};
use durbin_weights::Weights;
use ndarray::{Array1, Array2};

use crate::{Error, SdmSpec, check, model::Process, within::demean};

/// A column whose length falls below this share of what it was before demeaning is absorbed: what is
/// left is rounding.
const ABSORBED: f64 = 1e-12;

/// Share of a column outside the span of its predecessors below which it counts as dependent.
const COLLINEAR: f64 = 1e-8;

/// Everything the likelihoods need. Rows are observations, period by period: `n·t` of them.
#[derive(Debug)]
pub(crate) struct Design {
    /// Units.
    pub n: usize,
    /// Periods.
    pub t: usize,
    /// Names of the `k` coefficients.
    pub names: Vec<String>,
    /// Where the coefficients of each regressor are.
    pub terms: Vec<Term>,
    /// `Q·y`.
    pub y: Array1<f64>,
    /// `Q·W·y`.
    pub wy: Array1<f64>,
    /// `Q·Z`, `n·t × k`, with `Z = [1, X, WX]`.
    pub z: Array2<f64>,
    /// `Q·W·Z` for a spatial error, `n·t × k`.
    pub wz: Option<Array2<f64>>,
    /// `Σ (y − ȳ)²` before demeaning.
    pub total_sum_of_squares: f64,
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
    pub(crate) fn new(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Result<Self, Error> {
        spec.check()?;
        check::units(panel, w)?;
        check::weights(spec, w)?;
        let (n, t) = (panel.n_units(), panel.n_periods());
        let y = check::variable(panel, &spec.y)?;
        let (names, columns) = columns(spec, panel, w)?;
        let has_constant = usize::from(names.first().is_some_and(|name| name == CONSTANT));
        enough(spec, n, t, names.len())?;

        let within = |values: &Array2<f64>| flat(&demean(values, spec.effects));
        let response = within(y);
        if absorbed(&response, y, spec) {
            return Err(Error::ConstantResponse {
                variable: spec.y.clone(),
                effects: spec.effects,
            });
        }
        let demeaned: Vec<Array1<f64>> = columns.iter().map(within).collect();
        let regressors = names.iter().zip(columns.iter().zip(&demeaned)).skip(has_constant);
        for (name, (raw, column)) in regressors {
            if absorbed(column, raw, spec) {
                return Err(Error::ConstantColumn { column: name.clone(), effects: spec.effects });
            }
        }
        let z = side_by_side(&demeaned);
        let dependent = rank_deficient(&z, COLLINEAR);
        if !dependent.is_empty() {
            return Err(Error::Collinear {
                columns: dependent.into_iter().map(|j| names[j].clone()).collect(),
                effects: spec.effects,
            });
        }
        let wz = (spec.model.process() == Process::Error).then(|| {
            let lags: Vec<Array1<f64>> =
                columns.iter().map(|column| within(&lag(w, column))).collect();
            side_by_side(&lags)
        });
        let mean = y.sum() / y.len() as f64;
        Ok(Self {
            n,
            t,
            terms: terms(spec, &names),
            names,
            y: response,
            wy: within(&lag(w, y)),
            z,
            wz,
            total_sum_of_squares: y.iter().map(|v| (v - mean).powi(2)).sum(),
        })
    }
}

/// Name of the constant.
const CONSTANT: &str = "_cons";

/// Name of a lagged regressor.
fn lagged(variable: &str) -> String {
    format!("W*{variable}")
}

/// `[1, X, WX]` before demeaning, `t × n` each. The constant has no lag of its own: it is constant
/// wherever the rows of W have one sum.
fn columns(
    spec: &SdmSpec,
    panel: &Panel,
    w: &Weights,
) -> Result<(Vec<String>, Vec<Array2<f64>>), Error> {
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    if !spec.effects.of_units() && !spec.effects.of_periods() {
        names.push(CONSTANT.to_owned());
        columns.push(Array2::ones((panel.n_periods(), panel.n_units())));
    }
    for name in &spec.x {
        names.push(name.clone());
        columns.push(check::variable(panel, name)?.clone());
    }
    for name in spec.lagged() {
        names.push(lagged(name));
        columns.push(lag(w, panel.get(name)?));
    }
    Ok((names, columns))
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
    if t < 2 && (effects.of_units() || effects.of_periods()) {
        return Err(Error::EffectsNeedPeriods { effects });
    }
    let spatial = usize::from(spec.model.process() != Process::Linear);
    let (observations, parameters) = (n * t, k + spatial + 1);
    let absorbed = effects.absorbed(n, t);
    if observations <= absorbed + parameters {
        return Err(Error::TooFewObservations { observations, parameters, absorbed });
    }
    Ok(())
}

/// Whether demeaning (or, without effects, the constant) leaves nothing of a column.
fn absorbed(within: &Array1<f64>, raw: &Array2<f64>, spec: &SdmSpec) -> bool {
    let left = if spec.effects.of_units() || spec.effects.of_periods() {
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
