//! Spatial lags of a panel's variables, computed.

use durbin_core::{Conventions, Panel, Warning};
use durbin_weights::Weights;

use super::{LAGGED, unlagged};

/// The convention that names W.
pub(super) const WEIGHTS: &str = "weights";

/// Adds the spatial lags `names` to a panel whose units are those of `w`, in its order. Where a neighbour has no value in a
/// period there is no lag; such cells are counted.
///
/// # Errors
/// A variable that the panel does not have.
pub(crate) fn insert(
    panel: &mut Panel,
    names: &[String],
    w: &Weights,
) -> Result<Vec<Warning>, durbin_core::Error> {
    let mut warnings = Vec::new();
    for name in names {
        let own = panel.get(unlagged(name))?;
        let mut values = own.clone();
        let times = (name.len() - unlagged(name).len()) / LAGGED.len();
        for mut period in values.outer_iter_mut() {
            let mut lagged = period.to_vec();
            for _ in 0..times {
                lagged = w.lag(&lagged);
            }
            period.iter_mut().zip(lagged).for_each(|(value, lag)| *value = lag);
        }
        let lost = own.iter().zip(&values).filter(|(own, lag)| own.is_finite() && !lag.is_finite());
        let lost = lost.count();
        if lost > 0 {
            warnings.push(Warning::Other(format!(
                "{lost} observation(s) have no `{name}`, since a neighbour has no value in the period: equations that need it \
                 go without them"
            )));
        }
        panel.insert(name, values);
    }
    Ok(warnings)
}

/// The convention of W beside those of a fit.
pub(crate) fn name_weights(conventions: &Conventions, w: &Weights) -> Conventions {
    let words = format!("{}, {}; W*V is Σⱼ wᵢⱼVⱼ in the same period", w.kind, w.transform.words());
    conventions.clone().with(WEIGHTS, words)
}
