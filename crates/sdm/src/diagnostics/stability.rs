//! The stability condition of a dynamic model.

use durbin_core::{Distribution, TestStat};
use durbin_weights::Weights;

use super::traces::row_standardised;
use crate::Fit;

const NAME: &str = "Stability";
const NULL: &str = "tau + rho + eta = 1: a shock does not die out";

/// `z = (τ + ρ + η − 1)/√(ι'Vι)`, standard normal, with V the covariance of the three and ι ones (Elhorst 2014; Yu, de Jong & Lee
/// 2012 for its distribution there): below one the model is stable, above it explodes. With rows of W that do not sum to
/// one the sum is not the condition, and the largest eigenvalue of the transition stands as the reason.
pub(crate) fn test(fit: &Fit, w: &Weights) -> Option<TestStat> {
    let stability = fit.stability?;
    if !row_standardised(w) {
        let reason = format!(
            "rows of the weights do not sum to one, so that the condition is on eigenvalues: the largest of the transition is {:.4}, \
             and below one the model is stable",
            stability.largest_eigenvalue
        );
        return Some(TestStat::invalid(NAME, NULL, Distribution::Normal, reason));
    }
    let at = [fit.dynamics.tau, fit.dynamics.eta, fit.positions.rho];
    let at: Vec<usize> = at.into_iter().flatten().collect();
    let pairs = at.iter().flat_map(|&i| at.iter().map(move |&j| (i, j)));
    let variance: f64 = pairs.map(|(i, j)| fit.covariance[[i, j]]).sum();
    let z = (stability.sum - 1.0) / variance.sqrt();
    Some(TestStat::new(NAME, NULL, z, Distribution::Normal))
}
