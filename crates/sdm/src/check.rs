//! What must hold of panel and weights before a likelihood is written.

use durbin_core::{Named, Panel};
use durbin_weights::Weights;
use ndarray::Array2;

use crate::{BiasCorrection, Effects, Error, Model, SdmSpec, model::Process};

/// How far a row sum may be from one where the algebra needs it to be one.
const ROW_SUM: f64 = 1e-8;

/// Units of the panel and of the weights, in the same order.
pub(crate) fn units(panel: &Panel, w: &Weights) -> Result<(), Error> {
    let (ours, theirs) = (&panel.ids, w.ids());
    if ours == theirs {
        return Ok(());
    }
    let common = ours.iter().zip(theirs).position(|(a, b)| a != b);
    let at = common.unwrap_or(ours.len().min(theirs.len()));
    Err(Error::UnitsDiffer {
        at,
        panel: ours.get(at).cloned().unwrap_or_default(),
        weights: theirs.get(at).cloned().unwrap_or_default(),
        n_panel: ours.len(),
        n_weights: theirs.len(),
    })
}

/// Finite weights, and row sums of one where the correction needs them. A unit without neighbours is allowed
/// elsewhere: its spatial lag is zero. Whether it should be there is for the user to say.
pub(crate) fn weights(spec: &SdmSpec, w: &Weights) -> Result<(), Error> {
    let named = |units: &mut dyn Iterator<Item = usize>| -> Named {
        units.map(|i| w.ids()[i].clone()).collect()
    };
    let infinite = |&i: &usize| w.row(i).1.iter().any(|v| !v.is_finite());
    let units = named(&mut (0..w.n_units()).filter(infinite));
    if units.count > 0 {
        return Err(Error::WeightsNotFinite { units });
    }
    if w.islands().len() == w.n_units() && spec.model != Model::Ols {
        return Err(Error::NoLinks { model: spec.model });
    }
    if let Some(correction) = needs_row_sums(spec) {
        let off = |&i: &usize| (w.row(i).1.iter().sum::<f64>() - 1.0).abs() > ROW_SUM;
        let units = named(&mut (0..w.n_units()).filter(off));
        if units.count > 0 {
            return Err(Error::RowSums { correction, effects: spec.effects, units });
        }
    }
    Ok(())
}

/// Both corrections use `W·1 = 1` to know what period effects do to a spatial lag.
fn needs_row_sums(spec: &SdmSpec) -> Option<&'static str> {
    if spec.dynamic_within() && spec.effects == Effects::TwoWays {
        return Some("the transformation of period effects");
    }
    if spec.model.process() == Process::Linear || !spec.effects.of_periods() {
        return None;
    }
    match spec.bias_correction {
        BiasCorrection::None => None,
        BiasCorrection::LeeYu => spec.effects.of_units().then_some("the Lee–Yu correction"),
        BiasCorrection::Transform => Some("the transformed likelihood"),
    }
}

/// The variable `name`, `t × n`, all finite.
pub(crate) fn variable<'a>(panel: &'a Panel, name: &str) -> Result<&'a Array2<f64>, Error> {
    let values = panel.get(name)?;
    let cells: Named = values
        .indexed_iter()
        .filter(|(_, v)| !v.is_finite())
        .map(|((period, unit), _)| {
            format!("{} {}", panel.ids[unit], panel.periods[period]).trim_end().to_owned()
        })
        .collect();
    if cells.count > 0 {
        return Err(Error::NotFinite { variable: name.to_owned(), cells });
    }
    Ok(values)
}
