//! Closeness to the ideal (Hwang & Yoon 1981, *Multiple Attribute Decision Making*).

use durbin_core::Panel;
use ndarray::{Array2, s};

use crate::{
    IndexSpec, Normalize,
    normalize::{range, scopes},
};

/// D⁻/(D⁺ + D⁻) of one row whose values lie on 0 … 1, the ideal being 1 and its opposite 0 in every indicator.
pub(crate) fn closeness(values: &(impl Iterator<Item = (f64, f64)> + Clone)) -> f64 {
    let away = |ideal: f64| {
        let squares = values.clone().map(|(weight, z)| (weight * (ideal - z)).powi(2));
        squares.sum::<f64>().sqrt()
    };
    let (to_best, to_worst) = (away(1.0), away(0.0));
    to_worst / (to_best + to_worst)
}

/// How far best and worst lie apart in raw values divided by √Σx² over the rows of a scope, `k` of `t × n`. Times min–max
/// values these are the distances of vector scaling, so that they multiply the weights.
pub(crate) fn vector_lengths(
    spec: &IndexSpec,
    panel: &Panel,
    raw: &[Array2<f64>],
) -> Vec<Array2<f64>> {
    raw.iter()
        .map(|raw| {
            let mut lengths = Array2::zeros(raw.dim());
            for (rows, _) in scopes(spec.normalize == Normalize::Yearly, panel) {
                let part = raw.slice(s![rows.clone(), ..]);
                let norm = part.iter().map(|x| x * x).sum::<f64>().sqrt();
                let (low, high) = range(&part);
                lengths.slice_mut(s![rows, ..]).fill((high - low) / norm);
            }
            lengths
        })
        .collect()
}
