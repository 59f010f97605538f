//! Indicators brought onto 0 … 1.

use durbin_core::Panel;
use ndarray::{Array2, ArrayView2, Axis, s};

use crate::{Error, IndexSpec, Normalize, Sign};

/// The raw values of every indicator, `t × n` each.
pub(crate) fn raw(spec: &IndexSpec, panel: &Panel) -> Result<Vec<Array2<f64>>, Error> {
    let of = |name: &str| {
        let values = panel.get(name)?;
        match values.indexed_iter().find(|(_, v)| !v.is_finite()) {
            None => Ok(values.clone()),
            Some(((period, unit), _)) => {
                Err(Error::NotFinite { indicator: name.to_owned(), cell: panel.cell(period, unit) })
            }
        }
    };
    spec.indicators.iter().map(|indicator| of(&indicator.name)).collect()
}

/// Min–max of every indicator over the rows that `spec.normalize` says, `t × n` each:
/// (x − min)/(max − min) where more is better, (max − x)/(max − min) where less is.
pub(crate) fn min_max(
    spec: &IndexSpec,
    panel: &Panel,
    raw: &[Array2<f64>],
) -> Result<Vec<Array2<f64>>, Error> {
    let mut all = Vec::with_capacity(raw.len());
    for (indicator, values) in spec.indicators.iter().zip(raw) {
        let mut scaled = values.clone();
        for (rows, period) in scopes(spec.normalize == Normalize::Yearly, panel) {
            let part = values.slice(s![rows.clone(), ..]);
            let (low, high) = range(&part);
            if !varies(low, high) {
                return Err(Error::Constant {
                    indicator: indicator.name.clone(),
                    value: low,
                    period,
                });
            }
            scaled.slice_mut(s![rows, ..]).mapv_inplace(|x| match indicator.sign {
                Sign::Positive => (x - low) / (high - low),
                Sign::Negative => (high - x) / (high - low),
            });
        }
        all.push(scaled);
    }
    Ok(all)
}

/// The periods that are looked at together, and the label where that is one of several.
pub(crate) fn scopes(yearly: bool, panel: &Panel) -> Vec<(std::ops::Range<usize>, String)> {
    let t = panel.n_periods();
    if yearly {
        (0..t).map(|period| (period..period + 1, panel.periods[period].clone())).collect()
    } else {
        vec![(0..t, String::new())]
    }
}

pub(crate) fn range(values: &ArrayView2<f64>) -> (f64, f64) {
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    values.iter().fold(start, |(low, high), &v| (low.min(v), high.max(v)))
}

/// Whether the difference is more than the rounding of the last digits.
pub(crate) fn varies(low: f64, high: f64) -> bool {
    high - low > 1e-12 * high.abs().max(low.abs())
}

/// The rows of a scope, one after the other.
pub(crate) fn flat(values: &Array2<f64>, rows: std::ops::Range<usize>) -> Vec<f64> {
    values.slice_axis(Axis(0), rows.into()).iter().copied().collect()
}
