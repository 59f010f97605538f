//! Weights of the indicators, by period or over all.

use durbin_core::Panel;
use ndarray::Array2;

use crate::{
    Error, IndexSpec, Method, Pool, critic, entropy,
    normalize::{flat, range, scopes, varies},
};

/// The weights and entropies of all k indicators over one pool of rows.
#[derive(Debug, Clone)]
pub(crate) struct Weighed {
    pub weights: Vec<f64>,
    pub entropies: Option<Vec<f64>>,
}

/// One per period, or a single one over all rows.
pub(crate) fn weigh(
    spec: &IndexSpec,
    panel: &Panel,
    raw: &[Array2<f64>],
    scaled: &[Array2<f64>],
) -> Result<Vec<Weighed>, Error> {
    let k = spec.indicators.len();
    let fixed = |weights: Vec<f64>| Ok(vec![Weighed { weights, entropies: None }]);
    match spec.method {
        Method::Equal => return fixed(vec![1.0 / k as f64; k]),
        Method::Given => {
            let given: Vec<f64> = spec.indicators.iter().filter_map(|i| i.weight).collect();
            let total: f64 = given.iter().sum();
            return fixed(given.iter().map(|w| w / total).collect());
        }
        Method::Entropy | Method::Critic => {}
    }
    let yearly = spec.pool != Pool::Pooled;
    scopes(yearly, panel)
        .into_iter()
        .map(|(rows, period)| {
            let count = rows.len() * panel.n_units();
            if count < 2 {
                return Err(Error::TooFewRows { rows: count, period });
            }
            for (indicator, values) in spec.indicators.iter().zip(raw) {
                let (low, high) = range(&values.slice(ndarray::s![rows.clone(), ..]));
                if !varies(low, high) {
                    let indicator = indicator.name.clone();
                    return Err(Error::Constant { indicator, value: low, period });
                }
            }
            let from = if spec.raw_shares && spec.method == Method::Entropy { raw } else { scaled };
            let mut columns: Vec<Vec<f64>> =
                from.iter().map(|values| flat(values, rows.clone())).collect();
            if spec.method == Method::Critic {
                let weights = critic::weights(&columns).ok_or(Error::NoConflict { period })?;
                return Ok(Weighed { weights, entropies: None });
            }
            if spec.raw_shares {
                not_negative(spec, panel, raw)?;
            } else {
                columns.iter_mut().flatten().for_each(|value| *value += spec.shift);
            }
            let entropies = entropy::entropies(&columns);
            Ok(Weighed { weights: entropy::weights(&entropies), entropies: Some(entropies) })
        })
        .collect()
}

fn not_negative(spec: &IndexSpec, panel: &Panel, raw: &[Array2<f64>]) -> Result<(), Error> {
    for (indicator, values) in spec.indicators.iter().zip(raw) {
        if let Some(((period, unit), &value)) = values.indexed_iter().find(|(_, v)| **v < 0.0) {
            return Err(Error::NegativeShare {
                indicator: indicator.name.clone(),
                cell: panel.cell(period, unit),
                value,
            });
        }
    }
    Ok(())
}
