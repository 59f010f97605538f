//! Bias, coverage and size on panels whose truth is known: `just coverage-gmm`.
//!
//! Arguments: replications (1000), units (200), periods (7); after them nothing for GMM, `lsdvc` for least squares with unit
//! effects, `unit-root` for tests of unit roots.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program for people who measure"
)]

mod dynamic;
mod least_squares;
mod moments;
mod unit_root;

use durbin_core::{Column, Panel, PanelKeys, Table};

const SEED: u64 = 12_345;
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

fn main() {
    let argument = |at: usize, default: u32| {
        std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (replications, n, t) = (argument(1, 1000), argument(2, 200), argument(3, 7));
    let empty = empty(n as usize, t as usize);
    println!("{replications} panels of {n} units over {t} periods, seed {SEED}\n");
    let asked = |word: &str| std::env::args().any(|argument| argument == word);
    if asked("lsdvc") {
        least_squares::least_squares(&empty, replications);
    } else if asked("unit-root") {
        unit_root::tests(&empty, replications);
    } else {
        moments::moments(&empty, replications);
    }
}
