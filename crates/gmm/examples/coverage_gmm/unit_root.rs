//! Tests for unit roots: how often they reject at five per cent under the null, under the alternative, and under the null
//! with a common factor.
//!
//! yᵢₜ = ρyᵢ,ₜ₋₁ + (1 − ρ)μᵢ + φfₜ + εᵢₜ, μ, f, ε standard normal, y starting at μ.

use durbin_core::{
    Panel,
    random::{Purpose, Stream},
};
use durbin_gmm::UnitRootSpec;
use ndarray::Array2;
use rayon::prelude::*;

use crate::SEED;

fn simulated(empty: &Panel, rho: f64, factor: f64, replication: u32) -> Panel {
    let (n, t) = (empty.n_units(), empty.n_periods());
    let mut stream = Stream::new(SEED, Purpose::Simulation, replication);
    let common: Vec<f64> = (0..t).map(|_| factor * stream.normal()).collect();
    let mut y = Array2::zeros((t, n));
    for unit in 0..n {
        let mu = stream.normal();
        let mut now = mu;
        for period in 0..t {
            now = rho * now + (1.0 - rho) * mu + common[period] + stream.normal();
            y[[period, unit]] = now;
        }
    }
    let mut panel = empty.clone();
    panel.insert("y", y);
    panel
}

pub fn tests(empty: &Panel, replications: u32) {
    println!("| ρ | factor | terms | lags | LLC | HT | IPS | Fisher | CIPS | CD |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (trend, lags) in [(false, 0), (false, 1), (true, 0), (true, 1)] {
        let tests = UnitRootSpec { lags, trend, seed: SEED }.prepare();
        // Simulates the null distributions, so that the threads below find them.
        tests.test(&simulated(empty, 1.0, 0.0, 0), "y").unwrap();
        for (rho, factor) in [(1.0, 0.0), (0.9, 0.0), (1.0, 1.0)] {
            let rejected: Vec<Vec<f64>> = (0..replications)
                .into_par_iter()
                .map(|replication| {
                    let result =
                        tests.test(&simulated(empty, rho, factor, replication), "y").unwrap();
                    let p = result.tests.iter().map(|test| test.p_value);
                    let below =
                        |p: Option<f64>| p.map_or(f64::NAN, |p| f64::from(u8::from(p < 0.05)));
                    p.chain([result.cd.p_value()]).map(below).collect()
                })
                .collect();
            let share = |at: usize| {
                let share =
                    rejected.iter().map(|one| one[at]).sum::<f64>() / f64::from(replications);
                if share.is_nan() { "—".to_owned() } else { format!("{share:.3}") }
            };
            let shares: Vec<String> = (0..rejected[0].len()).map(share).collect();
            let terms = if trend { "trend" } else { "constant" };
            println!("| {rho} | {factor} | {terms} | {lags} | {} |", shares.join(" | "));
        }
    }
}
