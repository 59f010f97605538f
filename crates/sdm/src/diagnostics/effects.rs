//! Are there unit effects, are there period effects?

use durbin_core::{Distribution, Panel, TestStat};
use durbin_weights::Weights;

use super::Linear;
use crate::{Effects, Model, SdmSpec};

/// Likelihood ratio and F tests of unit effects given period effects and the other way round, in the regression of y
/// on X without spatial terms. With `S` the sums of squares,
///
/// ```text
/// LR = n·t·ln(S_without/S_two-way)                   χ² with n (or t) degrees of freedom, as Elhorst (2014) counts
/// F  = ((S_without − S_two-way)/q)/(S_two-way/f)     q = n − 1 (or t − 1), f = nt − n − t + 1 − k; exact for normal errors
/// ```
///
/// The number of unit effects grows with n, so χ² is no limit of LR in short panels, where LR rejects too often.
pub(crate) fn tests(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Vec<TestStat> {
    let squares = |effects| Linear::new(spec, Model::Ols, effects, panel, w).map(|fit| fit.squares);
    let (n, t) = (panel.n_units() as f64, panel.n_periods() as f64);
    let k = spec.x.len() as f64;
    let free = n * t - n - t + 1.0 - k;
    let kinds = [
        ("unit", Effects::Time, n, "no unit effects"),
        ("time", Effects::Unit, t, "no period effects"),
    ];
    let mut tests = Vec::new();
    for (word, without, levels, null) in kinds {
        let null = format!("{null}, given the others");
        let (lr, f) = (format!("LR {word} effects"), format!("F {word} effects"));
        let (chi, fisher) =
            (Distribution::ChiSquared(levels), Distribution::F(levels - 1.0, free.max(1.0)));
        match (squares(without), squares(Effects::TwoWays)) {
            (Ok(restricted), Ok(full)) => {
                tests.push(TestStat::new(lr, &null, n * t * (restricted / full).ln(), chi));
                let ratio = ((restricted - full) / (levels - 1.0)) / (full / free);
                tests.push(TestStat::new(f, &null, ratio, fisher));
            }
            (Err(error), _) | (_, Err(error)) => {
                tests.push(TestStat::invalid(lr, &null, chi, error.to_string()));
                tests.push(TestStat::invalid(f, &null, fisher, error.to_string()));
            }
        }
    }
    tests
}
