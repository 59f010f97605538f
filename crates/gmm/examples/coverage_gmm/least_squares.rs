//! Least squares with unit effects, before and after its correction, with an x that the errors do not reach.

use durbin_core::Panel;
use durbin_gmm::{BiasCorrection, Errors, GmmSpec, Initial, UnitEffects};
use rayon::prelude::*;

use crate::{Z95, dynamic::simulated};

/// Panels of the bootstrap.
const DRAWN: u32 = 50;

/// Estimate and error of both coefficients in every panel, as a row of the table.
fn row(rho: f64, name: &str, fits: &[[f64; 4]]) {
    let count = fits.len() as f64;
    let mean = |of: &dyn Fn(&[f64; 4]) -> f64| fits.iter().map(of).sum::<f64>() / count;
    let centre = mean(&|fit| fit[0]);
    let sd = (mean(&|fit| (fit[0] - centre).powi(2)) * count / (count - 1.0)).sqrt();
    let covers = |estimate: f64, error: f64, truth: f64| {
        f64::from(u8::from(((estimate - truth) / error).abs() < Z95))
    };
    println!(
        "| {rho} | {name} | {:+.4} | {sd:.4} | {:.4} | {:.3} | {:+.4} | {:.3} |",
        centre - rho,
        mean(&|fit| fit[1]),
        mean(&|fit| covers(fit[0], fit[1], rho)),
        mean(&|fit| fit[2]) - 1.0,
        mean(&|fit| covers(fit[2], fit[3], 1.0)),
    );
}

pub fn least_squares(empty: &Panel, replications: u32) {
    println!(
        "| ρ | estimator | bias of ρ | sd | mean error | coverage of 95 % | β: bias | coverage |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut spec = GmmSpec::system("y", ["x"]);
    spec.errors = Errors::Classical;
    for rho in [0.2, 0.5, 0.8] {
        let fits = |initial: Option<Initial>| -> Vec<[f64; 4]> {
            (0..replications)
                .into_par_iter()
                .filter_map(|replication| {
                    let panel = simulated(empty, rho, 0.0, replication);
                    let fit = match initial {
                        None => spec.least_squares(&panel, UnitEffects::Fixed),
                        Some(initial) => {
                            let seed = u64::from(replication);
                            let how =
                                BiasCorrection { initial, order: 3, replications: DRAWN, seed };
                            spec.bias_corrected(&panel, &how)
                        }
                    };
                    let [(_, a), (_, b)] = fit.ok()?.coefficients().try_into().ok()?;
                    Some([a.estimate, a.std_error, b.estimate, b.std_error])
                })
                .collect()
        };
        row(rho, "LSDV, classical errors", &fits(None));
        row(rho, "LSDVC from Anderson–Hsiao", &fits(Some(Initial::AndersonHsiao)));
        row(rho, "LSDVC from difference GMM", &fits(Some(Initial::Difference)));
    }
}
