//! Dependence between units: Pesaran's CD over all pairs and over neighbours.

use durbin_core::{Distribution, TestStat};
use durbin_weights::Weights;
use ndarray::{Array2, Axis};

use crate::{Fit, model::Process};

/// With `ρ_ij` the correlation over time of the residuals of i and j,
///
/// ```text
/// CD        √(2t/(n(n − 1)))·Σ_{i<j} ρ_ij            (Pesaran 2004)
/// local CD  √(t/p)·Σ_{neighbours i<j} ρ_ij, p their pairs
/// ```
///
/// standard normal, given where no reason stands against it.
pub(crate) fn tests(fit: &Fit, e: &Array2<f64>, w: &Weights) -> [TestStat; 2] {
    let (t, n) = e.dim();
    let null = "no dependence between units";
    let local_null = "no dependence between neighbours";
    if t < 3 || n < 3 {
        let reason = format!("it needs three periods and three units, there are {t} and {n}");
        return [("Pesaran CD", null), ("Local CD", local_null)]
            .map(|(name, null)| TestStat::invalid(name, null, Distribution::Normal, &reason));
    }
    let mut z = e - &(e.sum_axis(Axis(0)) / t as f64);
    for mut unit in z.columns_mut() {
        let length = unit.dot(&unit).sqrt();
        if length > 0.0 {
            unit /= length;
        }
    }
    let (units, periods) = (n as f64, t as f64);
    let sum = z.sum_axis(Axis(1));
    let pairs = (sum.dot(&sum) - units) / 2.0;
    let cd = (2.0 * periods / (units * (units - 1.0))).sqrt() * pairs;

    let (mut correlations, mut links) = (0.0, 0_usize);
    for i in 0..n {
        let (columns, values) = w.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            let j = j as usize;
            // A pair counts once, linked one way or both.
            let earlier = j < i && w.get(j, i) != 0.0;
            if value != 0.0 && i != j && !earlier {
                correlations += z.column(i).dot(&z.column(j));
                links += 1;
            }
        }
    }
    let local = (periods / links as f64).sqrt() * correlations;
    let mut cd = TestStat::new("Pesaran CD", null, cd, Distribution::Normal);
    let mut local = if links == 0 {
        let reason = "the weights have no link";
        TestStat::invalid("Local CD", local_null, Distribution::Normal, reason)
    } else {
        TestStat::new("Local CD", local_null, local, Distribution::Normal)
    };
    if fit.spec.effects.of_periods() {
        let reason = "period effects make the residuals of every period sum to zero, which pulls the statistic towards \
                      −√(t/2) without any dependence (Juodis & Reese 2022)";
        cd = cd.without_p_value(reason);
        if links > 0 {
            local = local.without_p_value(
                "period effects make the residuals of every period sum to zero, which pulls the correlations below zero",
            );
        }
    } else if fit.spec.model.process() != Process::Linear && links > 0 {
        local = local.without_p_value(
            "rho or lambda was estimated to remove the correlation of neighbours, so its variance is below one; \
             Moran of residuals allows for that",
        );
    }
    [cd, local]
}
