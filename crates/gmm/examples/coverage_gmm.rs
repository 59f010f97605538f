//! Bias, coverage and size on panels whose truth is known: `just coverage-gmm`.
//!
//! yᵢₜ = ρyᵢ,ₜ₋₁ + xᵢₜ + μᵢ + εᵢₜ with xᵢₜ = 0.8xᵢ,ₜ₋₁ + 0.25μᵢ + 0.2εᵢ,ₜ₋₁ + ξᵢₜ (predetermined), μ, ε, ξ standard normal, after fifty
//! periods that are thrown away. Arguments: replications (1000), units (200), periods (7); `lsdvc` last measures least
//! squares with unit effects instead, before and after its correction, with an x that the errors do not reach.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program for people who measure"
)]

use durbin_core::{
    Column, Panel, PanelKeys, Table,
    random::{Purpose, Stream},
};
use durbin_gmm::{BiasCorrection, Errors, GmmSpec, Initial, Steps, UnitEffects};
use ndarray::Array2;
use rayon::prelude::*;

const SEED: u64 = 12_345;
/// What an error adds to the next period's x.
const FEEDBACK: f64 = 0.2;
/// Panels of the bootstrap.
const DRAWN: u32 = 50;
const Z95: f64 = 1.959_963_984_540_054;

fn empty(n: usize, t: usize) -> Panel {
    let rows = (0..n).flat_map(|unit| (0..t).map(move |period| (unit, period)));
    let (units, periods): (Vec<String>, Vec<i64>) =
        rows.map(|(unit, period)| (format!("{unit:06}"), i64::try_from(period).unwrap())).unzip();
    let table = Table {
        name: String::new(),
        title: String::new(),
        columns: vec![Column::text("id", units), Column::int("t", periods)],
    };
    PanelKeys::new(&table, "id", "t").unwrap().panel()
}

fn simulated(empty: &Panel, rho: f64, feedback: f64, replication: u32) -> Panel {
    let (n, t) = (empty.n_units(), empty.n_periods());
    let mut stream = Stream::new(SEED, Purpose::Simulation, replication);
    let (mut y, mut x) = (Array2::zeros((t, n)), Array2::zeros((t, n)));
    for unit in 0..n {
        let mu = stream.normal();
        let (mut now_y, mut now_x, mut before) = (mu / (1.0 - rho), mu, 0.0);
        for period in 0..50 + t {
            now_x = 0.8 * now_x + 0.25 * mu + feedback * before + stream.normal();
            before = stream.normal();
            now_y = rho * now_y + now_x + mu + before;
            if period >= 50 {
                y[[period - 50, unit]] = now_y;
                x[[period - 50, unit]] = now_x;
            }
        }
    }
    let mut panel = empty.clone();
    panel.insert("y", y);
    panel.insert("x", x);
    panel
}

fn specs() -> Vec<(&'static str, GmmSpec)> {
    let with = |mut spec: GmmSpec, steps: Steps, windmeijer: bool| {
        spec = spec.gmm_style("y:2-4".parse().unwrap()).gmm_style("x:1-3".parse().unwrap());
        (spec.steps, spec.windmeijer) = (steps, windmeijer);
        spec
    };
    let difference = || GmmSpec::difference("y", ["x"]);
    let system = || GmmSpec::system("y", ["x"]);
    vec![
        ("difference, one-step", with(difference(), Steps::One, true)),
        ("difference, two-step", with(difference(), Steps::Two, true)),
        ("difference, two-step, uncorrected", with(difference(), Steps::Two, false)),
        ("difference, iterated", with(difference(), Steps::Iterated, true)),
        ("system, one-step", with(system(), Steps::One, true)),
        ("system, two-step", with(system(), Steps::Two, true)),
        ("system, two-step, uncorrected", with(system(), Steps::Two, false)),
    ]
}

fn main() {
    let argument = |at: usize, default: u32| {
        std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (replications, n, t) = (argument(1, 1000), argument(2, 200), argument(3, 7));
    let empty = empty(n as usize, t as usize);
    println!("{replications} panels of {n} units over {t} periods, seed {SEED}\n");
    if std::env::args().any(|word| word == "lsdvc") {
        least_squares(&empty, replications);
    } else {
        moments(&empty, replications);
    }
}

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

fn least_squares(empty: &Panel, replications: u32) {
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

fn moments(empty: &Panel, replications: u32) {
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
