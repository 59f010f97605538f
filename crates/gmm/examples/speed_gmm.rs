//! Seconds of the study's model on a panel that `tests/peers/compare.py` makes too, bit for bit:
//! `cargo run --release -p durbin-gmm --example speed_gmm`. Arguments: units (1000), periods (10), repetitions (20).
//!
//! Prints a JSON object: the least time of a fit by the clock, the mean of all processors, the number of instruments and
//! the first coefficient, which tell whether two programs did the same, and the highest memory of the process in MiB.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for people who measure")]

use std::{hint::black_box, time::Instant};

use durbin_core::{Column, Panel, PanelKeys, Table};
use durbin_gmm::{GmmSpec, Interactions};
use ndarray::Array2;

fn main() {
    let argument = |at: usize, default: usize| {
        std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (n, t, repetitions) = (argument(1, 1000), argument(2, 10), argument(3, 20));
    let panel = panel(n, t);
    let spec = GmmSpec::system("V", ["P", "C", "I", "T"]).interactions(Interactions::All);
    // Starts the threads.
    let fit = spec.fit(&panel).unwrap();
    let (mut least, cpu) = (f64::INFINITY, cpu_seconds());
    for _ in 0..repetitions {
        let start = Instant::now();
        black_box(spec.fit(black_box(&panel)).unwrap());
        least = least.min(start.elapsed().as_secs_f64());
    }
    println!(
        r#"{{"seconds": {least}, "cpu": {}, "count": {}, "estimate": {}, "peak_mib": {}}}"#,
        (cpu_seconds() - cpu) / repetitions as f64,
        fit.n_instruments,
        fit.estimates[0],
        peak_mib()
    );
}

/// `V = 0.5·V₋₁ + 0.3·(P + C + I + T) + μ + ε`, all of them uniform between −1 and 1.
fn panel(n: usize, t: usize) -> Panel {
    let rows = (0..n).flat_map(|unit| (0..t).map(move |period| (unit, period)));
    let (units, periods): (Vec<String>, Vec<i64>) =
        rows.map(|(unit, period)| (format!("{unit:07}"), i64::try_from(period).unwrap())).unzip();
    let table = Table {
        name: String::new(),
        title: String::new(),
        columns: vec![Column::text("id", units), Column::int("t", periods)],
    };
    let mut panel = PanelKeys::new(&table, "id", "t").unwrap().panel();
    drop(table);
    let noise = |seed: u64, rows: usize| {
        let numbers = (seed << 32..).take(rows * n).map(|k| 2.0 * uniform(k) - 1.0).collect();
        Array2::from_shape_vec((rows, n), numbers).unwrap()
    };
    let mu = noise(5, 1);
    let mut y = noise(6, t);
    let mut now: Vec<f64> = mu.row(0).iter().map(|mu| 2.0 * mu).collect();
    for (seed, name) in (1..).zip(["P", "C", "I", "T"]) {
        panel.insert(name, noise(seed, t));
    }
    for period in 0..t {
        for unit in 0..n {
            let x = ["P", "C", "I", "T"].map(|name| panel.get(name).unwrap()[[period, unit]]);
            now[unit] =
                0.5 * now[unit] + 0.3 * x.iter().sum::<f64>() + mu[[0, unit]] + y[[period, unit]];
            y[[period, unit]] = now[unit];
        }
    }
    panel.insert("V", y);
    panel
}

/// The k-th of a sequence of numbers between 0 and 1, as `tests/peers/lattice.py` has it.
fn uniform(k: u64) -> f64 {
    let mut z = k.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Time on a processor of all threads, from Linux's record in nanoseconds.
fn cpu_seconds() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let spent = threads.filter_map(|thread| {
        let record = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        record.split_whitespace().next()?.parse::<f64>().ok()
    });
    spent.sum::<f64>() / 1e9
}

/// From Linux's record of the process; zero where there is none.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
