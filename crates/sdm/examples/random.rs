//! Seconds of random-effects fits with lags of the error on a simulated lattice:
//! `cargo run --release -p durbin-sdm --example random`. Arguments: side of the lattice (55), periods (10), models (`sem sdem sac gns`).

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for people who measure")]

use std::time::Instant;

use durbin_sdm::{Effects, Model, SdmSpec};
use ndarray::{Array1, Array2};

#[path = "../tests/support/simulate.rs"]
#[allow(dead_code, reason = "of what the tests simulate, a part serves here")]
mod simulate;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RHO: f64 = 0.4;
const LAMBDA: f64 = 0.3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| {
        arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (side, t) = (number(0, 55), number(1, 10));
    let n = side * side;
    let w = simulate::queen(side);
    let mut random = simulate::Random::new(1);
    // The powers of ρW and λW die out.
    let through = |right: &Array2<f64>, by: f64| {
        let mut v = right.clone();
        for _ in 0..60 {
            for (mut row, right) in v.rows_mut().into_iter().zip(right.rows()) {
                let lagged = Array1::from(w.lag(&row.to_vec())) * by;
                row.assign(&(&right + &lagged));
            }
        }
        v
    };
    let (a, b) = (random.normals(t, n), random.normals(t, n));
    let (unit, error) = (random.normals(1, n), random.normals(t, n));
    let right = &a + &(&b * 0.5) + 1.0 + unit + through(&error, LAMBDA);
    let mut panel = simulate::empty(n, t);
    panel.insert("y", through(&right, RHO));
    panel.insert("a", a);
    panel.insert("b", b);
    let mut models: Vec<Model> =
        arguments.iter().skip(2).map(|word| word.parse().unwrap()).collect();
    if models.is_empty() {
        models = vec![Model::Sem, Model::Sdem, Model::Sac, Model::Gns];
    }
    println!("simulated: {n} units, {t} periods");
    for model in models {
        let clock = Instant::now();
        let spec = SdmSpec::new("y", ["a", "b"]).model(model).effects(Effects::Random);
        let fit = spec.fit(&panel, &w).unwrap();
        let steps = fit.convergence.iterations;
        println!("{model}: {:.2} s, {steps} steps", clock.elapsed().as_secs_f64());
        for (at, name) in fit.names.iter().enumerate() {
            println!("  {name} {:.5} ({:.5})", fit.parameters[at], fit.covariance[[at, at]].sqrt());
        }
    }
}
