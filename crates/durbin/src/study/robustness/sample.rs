//! Parts of a panel, and what is done to their variables.

use std::collections::BTreeMap;

use durbin_core::Panel;
use ndarray::Array2;

use super::{Robustness, Specification, Transformation};
use crate::{
    Error,
    choice::Site,
    study::{Study, file::Sdm},
};

/// Units and periods.
pub(super) struct Sample {
    pub words: String,
    /// Positions of the units.
    pub units: Vec<usize>,
    periods: std::ops::Range<usize>,
}

/// All units, each region, all without each group; each over all periods and over each window.
pub(super) fn samples(
    study: &Study,
    section: &Robustness,
    panel: &Panel,
    site: Site,
) -> Result<Vec<Sample>, Error> {
    let all: Vec<usize> = (0..panel.n_units()).collect();
    let mut units = vec![("all".to_owned(), all.clone())];
    for (field, without) in [(&section.regions, false), (&section.leave_out, true)] {
        let Some(field) = field else { continue };
        let column = site.attribute(field).map_err(Error::data(site.file))?;
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for unit in 0..panel.n_units() {
            groups.entry(column.key(unit).unwrap_or_default()).or_default().push(unit);
        }
        for (group, members) in groups {
            if without {
                let others = all.iter().copied().filter(|unit| !members.contains(unit));
                units.push((format!("without {field} {group}"), others.collect()));
            } else {
                units.push((format!("{field} {group}"), members));
            }
        }
    }
    let mut windows = vec![(String::new(), 0..panel.n_periods())];
    for [from, to] in &section.periods {
        let at = |label: &str| {
            panel
                .period(label)
                .map_err(|error| study.wrong(format!("[robustness] periods: {error}")))
        };
        let (first, last) = (at(&from.to_string())?, at(&to.to_string())?);
        if first > last {
            return Err(study.wrong(format!("[robustness] periods: {from} is after {to}")));
        }
        windows.push((format!(" {from}–{to}"), first..last + 1));
    }
    Ok(units
        .iter()
        .flat_map(|(words, units)| {
            windows.iter().map(move |(window, periods)| Sample {
                words: format!("{words}{window}"),
                units: units.clone(),
                periods: periods.clone(),
            })
        })
        .collect())
}

impl Sample {
    /// The part of the panel, transformed and then winsorised.
    pub(super) fn panel(
        &self,
        panel: &Panel,
        specification: &Specification,
        sdm: &Sdm,
    ) -> Result<Panel, String> {
        let mut part = panel.select(&self.units, self.periods.clone());
        for name in std::iter::once(&sdm.y).chain(&sdm.x) {
            let values = part.get(name).map_err(|error| error.to_string())?;
            let mut values =
                transformed(values, specification.transformation).ok_or_else(|| {
                    format!("`{name}` is not positive everywhere: it has no logarithm")
                })?;
            winsorize(&mut values, specification.winsorize);
            part.insert(name.clone(), values);
        }
        Ok(part)
    }
}

fn transformed(values: &Array2<f64>, transformation: Transformation) -> Option<Array2<f64>> {
    Some(match transformation {
        Transformation::None => values.clone(),
        Transformation::Log if values.iter().any(|&v| v <= 0.0) => return None,
        Transformation::Log => values.mapv(f64::ln),
        Transformation::Ihs => values.mapv(f64::asinh),
        Transformation::Standardize => {
            let count = values.len() as f64;
            let mean = values.sum() / count;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (count - 1.0);
            (values - mean) / variance.sqrt()
        }
    })
}

/// Values beyond the quantiles `share` and `1 − share` take those quantiles (linear between order statistics).
fn winsorize(values: &mut Array2<f64>, share: f64) {
    if share <= 0.0 || values.is_empty() {
        return;
    }
    let mut sorted: Vec<f64> = values.iter().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        let place = share * (sorted.len() - 1) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in the list"
        )]
        let below = place.floor() as usize;
        let above = (below + 1).min(sorted.len() - 1);
        sorted[below] + (place - place.floor()) * (sorted[above] - sorted[below])
    };
    let (low, high) = (quantile(share), quantile(1.0 - share));
    values.mapv_inplace(|v| v.clamp(low, high));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn winsorising_moves_the_ends_to_the_quantiles_and_nothing_else() {
        let mut values = Array2::from_shape_fn((1, 101), |(_, i)| i as f64);
        winsorize(&mut values, 0.05);
        assert_eq!((values[[0, 0]], values[[0, 5]], values[[0, 50]]), (5.0, 5.0, 50.0));
        assert_eq!((values[[0, 95]], values[[0, 100]]), (95.0, 95.0));
    }

    #[test]
    fn zero_has_no_logarithm_but_an_inverse_sine() {
        let values = ndarray::array![[0.0, 1.0]];
        assert!(transformed(&values, Transformation::Log).is_none());
        assert_eq!(transformed(&values, Transformation::Ihs).unwrap()[[0, 0]], 0.0);
    }
}
