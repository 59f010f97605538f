//! Seconds of one spatial Durbin fit with its effects on a simulated lattice: `cargo run --release -p durbin-sdm --example speed`.
//! Arguments: side of the lattice (316), periods (1), `per-unit` for the effects of every unit too, `flows` for the 100
//! strongest between units, `influence` for that of every unit, `tests` for those of the specification and the residuals.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for people who measure")]

use std::time::Instant;

use durbin_sdm::{BiasCorrection, Effects, Prepared, SdmSpec};
use ndarray::{Array1, Array2};

#[path = "../tests/support/simulate.rs"]
#[allow(dead_code, reason = "of what the tests simulate, a part serves here")]
mod simulate;

const RHO: f64 = 0.5;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| {
        arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (side, t) = (number(0, 316), number(1, 1));
    let n = side * side;
    let w = simulate::queen(side);
    let mut random = simulate::Random::new(1);
    let (a, b) = (random.normals(t, n), random.normals(t, n));
    let lag = |v: &Array2<f64>| {
        let mut lagged = v.clone();
        for mut row in lagged.rows_mut() {
            let values = Array1::from(w.lag(&row.to_vec()));
            row.assign(&values);
        }
        lagged
    };
    let right = &a + &(&b * 0.5) + &(lag(&a) * 0.3) + &random.normals(t, n);
    let mut y = right.clone();
    // The powers of ρW die out.
    for _ in 0..60 {
        y = &right + &(lag(&y) * RHO);
    }
    let mut panel = simulate::empty(n, t);
    panel.insert("y", y);
    panel.insert("a", a);
    panel.insert("b", b);
    let spec = if t > 1 {
        SdmSpec::new("y", ["a", "b"])
    } else {
        SdmSpec::new("y", ["a", "b"]).effects(Effects::None).bias_correction(BiasCorrection::None)
    };
    println!("{n} units, {t} periods; before: {}", memory());
    let (clock, cpu) = (Instant::now(), cpu_seconds());
    let fit = spec.fit(&panel, &w).unwrap();
    let impacts = fit.impacts().unwrap();
    report("fit and effects", clock, cpu);
    if arguments.iter().any(|argument| argument == "per-unit") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let effects = fit.per_unit().unwrap();
        report("effects of every unit", clock, cpu);
        println!("{:?}", effects.effects[0].direct[0]);
    }
    if arguments.iter().any(|argument| argument == "flows") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let flows = fit.flows(&w, 100).unwrap();
        report("strongest flows", clock, cpu);
        println!("{:?}", flows[0]);
    }
    let prepared = Prepared::new(&w);
    if arguments.iter().any(|argument| argument == "influence") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let influence = fit.influence(&panel, &prepared, None).unwrap();
        report("influence of every unit, the log-determinant set up anew", clock, cpu);
        println!("largest Cook's distance {:?}", influence.cook[influence.most(1)[0]]);
    }
    if arguments.iter().any(|argument| argument == "tests") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let tests = fit.tests(&panel, &prepared).unwrap().tests;
        report("tests", clock, cpu);
        println!("{:?}", tests.iter().find(|test| test.name == "Moran of residuals"));
    }
    println!("rho {:?}, {:?}", fit.rho().unwrap(), impacts.rows[0]);
    println!("log-likelihood {:.9}, {:?}", fit.log_likelihood, fit.convergence);
}

fn report(what: &str, clock: Instant, cpu: f64) {
    println!(
        "{what}: {:.2} s, {:.2} CPU s; {}",
        clock.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        memory()
    );
}

/// User and system time in ticks of a hundredth of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or("");
    let fields: Vec<f64> =
        after_name.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
    fields.iter().sum::<f64>() / 100.0
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("").replace('\t', " ")
}
