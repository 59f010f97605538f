//! One job on one lattice, timed as `tests/peers/compare.py` asks for it: `peers JOB SIDE [FILE]`, or `peers sdm SIDE PERIODS [units]`.
//!
//! Prints a JSON object: seconds of the job alone, by the clock and of all processors, a count that tells whether two
//! programs did the same, and the highest memory of the process in MiB.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a program for a script"
)]

mod lattice;

use std::time::Instant;

use durbin::{
    core::{Silent, Units},
    hotspot::{self, Options},
    io,
    sdm::{BiasCorrection, Effects, SdmSpec},
    weights::{Contiguity, Transform, Weights, contiguity, nearest},
};

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [job, rest @ ..] = arguments.as_slice() else {
        return;
    };
    let Timed { seconds, cpu, count } = run(job, rest);
    println!(
        r#"{{"seconds": {seconds}, "cpu": {cpu}, "count": {count}, "peak_mib": {}}}"#,
        peak_mib()
    );
}

struct Timed {
    seconds: f64,
    cpu: f64,
    count: usize,
}

fn run(job: &str, arguments: &[String]) -> Timed {
    if job == "queen-file" {
        let units = io::read_units(&io::Source::new(&arguments[0])).unwrap();
        return timed(|| contiguity(&units, Contiguity::Queen).unwrap().n_links());
    }
    let side: u32 = arguments[0].parse().unwrap();
    let units = lattice::jittered(side);
    match job {
        "queen" => timed(|| contiguity(&units, Contiguity::Queen).unwrap().n_links()),
        "rook" => timed(|| contiguity(&units, Contiguity::Rook).unwrap().n_links()),
        "knn" => timed(|| nearest(&units, 8).unwrap().n_links()),
        "gi" => {
            let w: Weights = contiguity(&units, Contiguity::Queen).unwrap();
            let values: Vec<f64> = (0..w.n_units() as u64).map(lattice::uniform).collect();
            let options = Options { permutations: 999, ..Options::default() };
            timed(|| hotspot::gi(&values, &w, &options, &Silent).unwrap().z.len())
        }
        "sdm" => sdm(&units, arguments[1].parse().unwrap(), arguments.len() > 2),
        _ => timed(|| 0),
    }
}

/// A spatial Durbin model of noise over `t` periods (two-way effects where there is more than one), with average
/// effects or those of every unit.
fn sdm(units: &Units, t: usize, per_unit: bool) -> Timed {
    let units = units.select(&units.key_order());
    let w = contiguity(&units, Contiguity::Queen).unwrap().transform(Transform::Row).unwrap();
    let panel = lattice::noise_panel(&units.ids, t);
    let mut spec = SdmSpec::new("y", ["a", "b"]);
    if t == 1 {
        spec = spec.effects(Effects::None).bias_correction(BiasCorrection::None);
    }
    timed(|| {
        let fit = spec.fit(&panel, &w).unwrap();
        let units = if per_unit { fit.per_unit().unwrap().effects.len() } else { 0 };
        fit.impacts().unwrap().rows.len() + units
    })
}

fn timed(job: impl FnOnce() -> usize) -> Timed {
    let (cpu, start) = (cpu_seconds(), Instant::now());
    let count = job();
    Timed { seconds: start.elapsed().as_secs_f64(), cpu: cpu_seconds() - cpu, count }
}

/// User and system time of the process and all of its threads, from Linux's record in hundredths of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in brackets, may hold spaces.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split_whitespace();
    let ticks: Vec<u32> = fields.skip(11).take(2).filter_map(|word| word.parse().ok()).collect();
    f64::from(ticks.iter().sum::<u32>()) / 100.0
}

/// From Linux's record of the process; zero where there is none.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
