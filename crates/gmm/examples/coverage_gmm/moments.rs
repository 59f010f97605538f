//! Difference and system GMM: bias, coverage, size of Hansen's test and of AR(2).

use durbin_core::Panel;
use durbin_gmm::{Errors, GmmSpec, Steps};
use rayon::prelude::*;

use crate::{Z95, dynamic::simulated};

/// What an error adds to the next period's x.
const FEEDBACK: f64 = 0.2;

fn specs() -> Vec<(&'static str, GmmSpec)> {
    let with = |mut spec: GmmSpec, steps: Steps, windmeijer: bool| {
        spec = spec.gmm_style("y:2-4".parse().unwrap()).gmm_style("x:1-3".parse().unwrap());
        (spec.steps, spec.windmeijer) = (steps, windmeijer);
        spec
    };
    let jackknife = |spec| {
        let spec = with(spec, Steps::Two, true);
        GmmSpec { errors: Errors::Jackknife, ..spec }
    };
    let difference = || GmmSpec::difference("y", ["x"]);
    let system = || GmmSpec::system("y", ["x"]);
    vec![
        ("difference, one-step", with(difference(), Steps::One, true)),
        ("difference, two-step", with(difference(), Steps::Two, true)),
        ("difference, two-step, uncorrected", with(difference(), Steps::Two, false)),
        ("difference, two-step, jackknife", jackknife(difference())),
        ("difference, iterated", with(difference(), Steps::Iterated, true)),
        ("system, one-step", with(system(), Steps::One, true)),
        ("system, two-step", with(system(), Steps::Two, true)),
        ("system, two-step, uncorrected", with(system(), Steps::Two, false)),
        ("system, two-step, jackknife", jackknife(system())),
    ]
}

pub fn moments(empty: &Panel, replications: u32) {
    println!(
        "| ρ | estimator | instruments | bias of ρ | sd | mean error | coverage of 95 % | β: bias | coverage | Hansen < 5 % | AR(2) < 5 % |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for rho in [0.2, 0.5, 0.8] {
        for (name, spec) in specs() {
            let fits: Vec<[f64; 7]> = (0..replications)
                .into_par_iter()
                .filter_map(|replication| {
                    let fit = spec.fit(&simulated(empty, rho, FEEDBACK, replication)).ok()?;
                    let coefficients = fit.coefficients();
                    let (a, b) = (coefficients[0].1, coefficients[1].1);
                    let reject = |p: Option<f64>| f64::from(u8::from(p.is_some_and(|p| p < 0.05)));
                    Some([
                        a.estimate,
                        a.std_error,
                        f64::from(u8::from(((a.estimate - rho) / a.std_error).abs() < Z95)),
                        b.estimate,
                        f64::from(u8::from(((b.estimate - 1.0) / b.std_error).abs() < Z95)),
                        reject(fit.tests.hansen.p_value()),
                        reject(fit.tests.ar[1].p_value()),
                    ])
                })
                .collect();
            let count = fits.len() as f64;
            let mean = |at: usize| fits.iter().map(|fit| fit[at]).sum::<f64>() / count;
            let sd = (fits.iter().map(|fit| (fit[0] - mean(0)).powi(2)).sum::<f64>()
                / (count - 1.0))
                .sqrt();
            let instruments =
                spec.fit(&simulated(empty, rho, FEEDBACK, 0)).map_or(0, |fit| fit.n_instruments);
            println!(
                "| {rho} | {name} | {instruments} | {:+.4} | {sd:.4} | {:.4} | {:.3} | {:+.4} | {:.3} | {:.3} | {:.3} |",
                mean(0) - rho,
                mean(1),
                mean(2),
                mean(3) - 1.0,
                mean(4),
                mean(5),
                mean(6)
            );
            if fits.len() < replications as usize {
                println!(
                    "| | {} of {replications} could not be fitted | | | | | | | | | |",
                    replications as usize - fits.len()
                );
            }
        }
    }
}
