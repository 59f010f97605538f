//! Columns of the regressions of one panel over W and M, each computed once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use durbin_core::{
    Panel,
    linalg::{inner_products, triangular_factor, triangular_factor_from_products},
};
use durbin_weights::Weights;
use ndarray::{Array1, Array2, s};

use crate::{Effects, Error, design::lag, within::demean};

/// A column whose length falls below this share of what it was before demeaning is absorbed: what is
/// left is rounding.
const ABSORBED: f64 = 1e-12;

/// The periods of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Periods {
    /// All of the panel.
    All,
    /// All but the first.
    Later,
    /// All but the last, as values of the period before.
    Before,
}

/// Which column: `M^b·W^a·v`, period by period.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Column {
    /// The variable v; none is the constant.
    variable: Option<String>,
    periods: Periods,
    /// `a`, and `b` where M is not W: there all lags are counted in the first.
    lags: [u8; 2],
}

impl Column {
    pub(crate) fn of(variable: &str, periods: Periods) -> Self {
        Self { variable: Some(variable.to_owned()), periods, lags: [0, 0] }
    }

    pub(crate) fn constant(periods: Periods) -> Self {
        Self { variable: None, periods, lags: [0, 0] }
    }
}

/// A column after the within transformation.
#[derive(Debug)]
pub(crate) struct Within {
    /// `Q·v`, period by period.
    pub values: Array1<f64>,
    /// Whether demeaning (or, without effects, the constant) leaves nothing of it.
    pub absorbed: bool,
}

type Known<K, V> = Mutex<HashMap<K, V>>;

/// A panel with its weights, and what has been computed of them. A number does not depend on what was asked for before.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    pub panel: &'a Panel,
    pub w: &'a Weights,
    pub m: &'a Weights,
    lagged: Known<Column, Arc<Array2<f64>>>,
    within: Known<(Column, Effects), Arc<Within>>,
    products: Known<(Column, Column, Effects), f64>,
}

impl<'a> Columns<'a> {
    /// With weights `w` of the lags and `m` of the error. Nothing is computed yet.
    pub(crate) fn new(panel: &'a Panel, w: &'a Weights, m: &'a Weights) -> Self {
        Self {
            panel,
            w,
            m,
            lagged: Mutex::default(),
            within: Mutex::default(),
            products: Mutex::default(),
        }
    }

    /// `W·v` of a column v.
    pub(crate) fn lag(column: &Column) -> Column {
        let [w, m] = column.lags;
        Column { lags: [w + 1, m], ..column.clone() }
    }

    /// `M·v` of a column v.
    pub(crate) fn error_lag(&self, column: &Column) -> Column {
        if std::ptr::eq(self.w, self.m) {
            return Self::lag(column);
        }
        let [w, m] = column.lags;
        Column { lags: [w, m + 1], ..column.clone() }
    }

    /// `Q·v`.
    ///
    /// # Errors
    /// A variable that the panel does not have.
    pub(crate) fn within(&self, column: &Column, effects: Effects) -> Result<Arc<Within>, Error> {
        let key = (column.clone(), effects);
        once(&self.within, key, || {
            let raw = self.raw(column)?;
            let values = demean(&raw, effects).into_flat();
            let before: f64 = raw.iter().map(|v| v * v).sum();
            let left = if effects.are_fixed() {
                values.dot(&values)
            } else {
                let mean = raw.sum() / raw.len() as f64;
                raw.iter().map(|v| (v - mean).powi(2)).sum()
            };
            let absorbed = left.sqrt() <= ABSORBED * before.sqrt();
            Ok(Arc::new(Within { values, absorbed }))
        })
    }

    /// The column before demeaning, `t × n`.
    fn raw(&self, column: &Column) -> Result<Arc<Array2<f64>>, Error> {
        let (inner, weights) = match column.lags {
            [0, 0] => return self.unlagged(column).map(Arc::new),
            [w, 0] => (Column { lags: [w - 1, 0], ..column.clone() }, self.w),
            [w, m] => (Column { lags: [w, m - 1], ..column.clone() }, self.m),
        };
        once(&self.lagged, column.clone(), || {
            let values = self.raw(&inner)?;
            Ok(Arc::new(lag(weights, &values)))
        })
    }

    fn unlagged(&self, column: &Column) -> Result<Array2<f64>, Error> {
        let t = self.panel.n_periods();
        let periods = match column.periods {
            Periods::All => 0..t,
            Periods::Later => 1.min(t)..t,
            Periods::Before => 0..t.saturating_sub(1),
        };
        Ok(match &column.variable {
            Some(name) => self.panel.get(name)?.slice(s![periods, ..]).to_owned(),
            None => Array2::ones((periods.len(), self.panel.n_units())),
        })
    }

    /// R of the QR decomposition of some columns, `p` columns of at most `p` rows: see
    /// [`triangular_factor`]. A column that is named twice is decomposed once.
    ///
    /// # Errors
    /// A variable that the panel does not have.
    pub(crate) fn triangular_factor(
        &self,
        columns: &[Column],
        effects: Effects,
    ) -> Result<Array2<f64>, Error> {
        let mut distinct: Vec<&Column> = Vec::with_capacity(columns.len());
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let known = distinct.iter().position(|other| *other == column);
            places.push(known.unwrap_or(distinct.len()));
            if known.is_none() {
                distinct.push(column);
            }
        }
        let within: Vec<Arc<Within>> = distinct
            .iter()
            .map(|column| self.within(column, effects))
            .collect::<Result<_, Error>>()?;
        let values: Vec<&[f64]> =
            within.iter().map(|one| one.values.as_slice().unwrap_or_default()).collect();
        let gram = self.gram(&distinct, &values, effects);
        let r =
            triangular_factor_from_products(&gram).unwrap_or_else(|| triangular_factor(&values));
        Ok(r.select(ndarray::Axis(1), &places))
    }

    /// `X'X` of distinct columns X.
    fn gram(&self, columns: &[&Column], values: &[&[f64]], effects: Effects) -> Array2<f64> {
        let p = columns.len();
        let key = |i: usize, j: usize| (columns[i].clone(), columns[j].clone(), effects);
        let lock = || self.products.lock().unwrap_or_else(PoisonError::into_inner);
        let mut gram = Array2::zeros((p, p));
        let mut missing = Vec::new();
        {
            let known = lock();
            for j in 0..p {
                for i in 0..=j {
                    // A product is the same from either side.
                    match known.get(&key(i, j)).or_else(|| known.get(&key(j, i))) {
                        Some(product) => gram[[i, j]] = *product,
                        None => missing.push((i, j)),
                    }
                }
            }
        }
        let found = inner_products(values, &missing);
        let mut known = lock();
        for (&(i, j), product) in missing.iter().zip(found) {
            gram[[i, j]] = product;
            known.insert(key(i, j), product);
        }
        gram
    }
}

/// What is known of `key`, or is found now. Not under the lock: what is found may share the threads that would wait for it.
fn once<K: Eq + Hash, V>(
    known: &Known<K, Arc<V>>,
    key: K,
    find: impl FnOnce() -> Result<Arc<V>, Error>,
) -> Result<Arc<V>, Error> {
    let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = lock().get(&key) {
        return Ok(Arc::clone(found));
    }
    let found = find()?;
    Ok(Arc::clone(lock().entry(key).or_insert(found)))
}
