//! The choices behind a fit, in words.

use durbin_core::Conventions;

use crate::{Errors, Estimator, Fit, H, Steps, Transform, model::Model};

pub(crate) fn of(fit: &Fit, model: &Model) -> Conventions {
    let spec = &fit.spec;
    let transform = match spec.transform {
        Transform::FirstDifferences => "first differences",
        Transform::Orthogonal => {
            "forward orthogonal deviations, stored one period late (lag limits count from there)"
        }
    };
    let h = match (spec.h, spec.estimator) {
        (H::Identity, _) => "1: identity",
        (H::Block, Estimator::System) => {
            "2: MM' for the transformed equation, identity for levels, zero between them"
        }
        (H::Full, Estimator::System) => {
            "3: MM' with M = [transformation; identity], both equations together"
        }
        (H::Block | H::Full, Estimator::Difference) => {
            "MM' with M the transformation (h 2 and 3 coincide)"
        }
        (H::Dpd, _) => {
            "DPD for Ox: half of 2 (MM'/2 for differences, I/2 for levels, zero between them)"
        }
    };
    let sargan = match spec.h {
        H::Dpd => "σ² = e'e/(n − k) of the main equation",
        H::Identity if model.system => "σ² = e'e/n of the level equation",
        H::Identity => "σ² = e'e/n of the transformed equation",
        _ if model.orthogonal => "σ² = e'e/n of the transformed equation (xtabond2 without small)",
        _ => "σ² = e'e/(2n) of the differenced equation (xtabond2 without small)",
    };
    let mut all = Conventions::new()
        .with("transform", transform)
        .with("h", h)
        .with("periods", model.sample.calendar.rule.clone())
        .with("n_obs", if model.system { "rows of the level equation" } else { "rows of the transformed equation" })
        .with("std_errors", errors(fit))
        .with("sargan", format!("first step's weights; {sargan}"))
        .with("hansen", "J with weights from the residuals of the step before; computed for one-step fits too")
        .with("difference_in_hansen", "the group's instruments left out, the rest of the weighting matrix kept")
        .with("ar", "Arellano–Bond, on first-differenced residuals, with the reported covariance of the coefficients")
        .with("cd", "Pesaran (2004), residuals in levels, correlations about the pair's means over common periods")
        .with("gmm_style", if spec.collapse { "collapsed: one column per lag" } else { "one column per period and lag" });
    if !fit.centered.is_empty() {
        all = all.with("centering", "regressors less their grand mean over all observations, before products and instruments are formed");
    }
    if !fit.vif.is_empty() {
        all = all.with("vif", "levels, complete rows, against the other regressors without lags and time effects; threshold 10");
    }
    if spec.time_effects {
        let words = match (model.system, model.raw_time) {
            (_, true) => {
                "dummies for all periods but the first, untransformed in every equation; their own instruments"
            }
            (true, false) => {
                "dummies for all periods but the first; instruments of the level equation"
            }
            (false, false) => {
                "dummies for all periods but the first, transformed; their own instruments"
            }
        };
        all = all.with("time_effects", words);
    }
    all
}

fn errors(fit: &Fit) -> String {
    let spec = &fit.spec;
    let clusters = match fit.n_clusters {
        Some(clusters) => format!("{clusters} clusters of units"),
        None => "units".to_owned(),
    };
    let words = match (spec.steps, spec.errors, spec.windmeijer) {
        (_, Errors::Jackknife, _) => {
            format!(
                "jackknife about the estimate, everything estimated anew without each of the {clusters}"
            )
        }
        (Steps::One, Errors::Robust, _) => format!("robust to any covariance within {clusters}"),
        (Steps::One, Errors::Classical, _) => "classical: σ²(X'Z(Z'HZ)⁻¹Z'X)⁻¹".to_owned(),
        (Steps::Two, Errors::Robust, true) => {
            format!("Windmeijer-corrected, weights by {clusters}")
        }
        (Steps::Iterated, Errors::Robust, true) => {
            format!(
                "corrected for estimated weights at the fixed point (I − D)⁻¹V(I − D')⁻¹, weights by {clusters}"
            )
        }
        _ => format!(
            "two-step without Windmeijer's correction (too small in finite samples), weights by {clusters}"
        ),
    };
    format!("{words}; z statistics, no small-sample factor")
}
