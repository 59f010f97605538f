//! CPU seconds of the study's model on simulated panels: `cargo run --release -p durbin-gmm --example speed`.
//! Arguments: units (1000), periods (10), repetitions (5).

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for people who measure")]

use std::time::Instant;

use durbin_core::{
    Column, PanelKeys, Table,
    random::{Purpose, Stream},
};
use durbin_gmm::{GmmSpec, Interactions};
use ndarray::Array2;

fn main() {
    let argument = |at: usize, default: usize| {
        std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (n, t, repetitions) = (argument(1, 1000), argument(2, 10), argument(3, 5));
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
    let mut stream = Stream::new(1, Purpose::Simulation, 0);
    let x: Vec<Array2<f64>> =
        (0..4).map(|_| Array2::from_shape_simple_fn((t, n), || stream.normal())).collect();
    let mut y = Array2::zeros((t, n));
    for unit in 0..n {
        let mu = stream.normal();
        let mut now = 2.0 * mu;
        for period in 0..t {
            now = 0.5 * now
                + x.iter().map(|x| 0.3 * x[[period, unit]]).sum::<f64>()
                + mu
                + stream.normal();
            y[[period, unit]] = now;
        }
    }
    panel.insert("V", y);
    for (name, x) in ["P", "C", "I", "T"].into_iter().zip(x) {
        panel.insert(name, x);
    }
    let spec = GmmSpec::system("V", ["P", "C", "I", "T"]).interactions(Interactions::All);
    let mut seconds: Vec<f64> = (0..repetitions)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(spec.fit(&panel).unwrap());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let fit = spec.fit(&panel).unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("");
    println!(
        "{n} units, {t} periods, {} coefficients, {} instruments: median {:.4} s, least {:.4} s; {memory}",
        fit.names.len(),
        fit.n_instruments,
        seconds[repetitions / 2],
        seconds[0]
    );
}
