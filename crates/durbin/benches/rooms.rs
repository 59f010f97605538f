//! How long each step takes on lattices made for it: `just bench`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark has no caller to answer to")]

mod lattice;

use divan::{Bencher, black_box};
use durbin::{
    core::{Column, Panel, PanelKeys, Silent, Table},
    gmm::{GmmSpec, Interactions},
    hotspot::{self, Options},
    sdm::SdmSpec,
    weights::{Contiguity, Transform, contiguity, nearest},
};
use ndarray::Array2;

fn main() {
    divan::main();
}

/// Numbers without pattern between −1 and 1, `n` of them from the sequence's `seed`-th stretch.
fn noise(n: usize, seed: u64) -> Vec<f64> {
    (seed << 32..).take(n).map(|k| 2.0 * lattice::uniform(k) - 1.0).collect()
}

fn panel(ids: &[String], t: usize) -> Panel {
    let id = Column::text("id", ids.iter().cloned());
    let table = Table { name: String::new(), title: String::new(), columns: vec![id] };
    let mut panel = PanelKeys::cross_section(&table, "id").unwrap().panel();
    panel.periods = (1..=t).map(|period| period.to_string()).collect();
    let n = ids.len();
    for (seed, name) in (1..).zip(["y", "a", "b"]) {
        panel.insert(name, Array2::from_shape_vec((t, n), noise(n * t, seed)).unwrap());
    }
    panel
}

#[divan::bench(args = [100, 316, 1000], sample_count = 5)]
fn queen(bencher: Bencher, side: u32) {
    let units = lattice::jittered(side);
    bencher.bench(|| contiguity(black_box(&units), Contiguity::Queen).unwrap());
}

#[divan::bench(args = [100, 316, 1000], sample_count = 5)]
fn eight_nearest(bencher: Bencher, side: u32) {
    let units = lattice::jittered(side);
    bencher.bench(|| nearest(black_box(&units), 8).unwrap());
}

#[divan::bench(args = [0, 999], sample_count = 5)]
fn gi_star_of_10000_squares(bencher: Bencher, permutations: usize) {
    let w = contiguity(&lattice::jittered(100), Contiguity::Queen).unwrap();
    let values = noise(w.n_units(), 1);
    let options = Options { permutations, ..Options::default() };
    bencher.bench(|| hotspot::gi(black_box(&values), &w, &options, &Silent).unwrap());
}

#[divan::bench(args = [10, 22], sample_count = 5)]
fn two_way_sdm_of_10_periods_with_effects_per_unit(bencher: Bencher, side: u32) {
    let units = lattice::jittered(side);
    let units = units.select(&units.key_order());
    let w = contiguity(&units, Contiguity::Queen).unwrap().transform(Transform::Row).unwrap();
    let panel = panel(&units.ids, 10);
    let spec = SdmSpec::new("y", ["a", "b"]);
    bencher.bench(|| {
        let fit = spec.fit(black_box(&panel), &w).unwrap();
        (fit.impacts().unwrap(), fit.per_unit().unwrap())
    });
}

/// The study's model: own lag, four factors, all their interactions; two steps, Windmeijer's errors.
#[divan::bench(args = [1_000, 10_000], sample_count = 5)]
fn two_step_system_gmm_of_10_periods_with_15_regressors(bencher: Bencher, n: usize) {
    let ids: Vec<String> = (0..n).map(|unit| format!("{unit:07}")).collect();
    let t = 10;
    let mut panel = panel(&ids, t);
    for (seed, name) in (10..).zip(["P", "C", "I", "T"]) {
        panel.insert(name, Array2::from_shape_vec((t, n), noise(n * t, seed)).unwrap());
    }
    let mut y = Array2::from_shape_vec((t, n), noise(n * t, 20)).unwrap();
    for period in 1..t {
        for unit in 0..n {
            y[[period, unit]] +=
                0.5 * y[[period - 1, unit]] + panel.get("P").unwrap()[[period, unit]];
        }
    }
    panel.insert("V", y);
    let spec = GmmSpec::system("V", ["P", "C", "I", "T"]).interactions(Interactions::All);
    bencher.bench(|| spec.fit(black_box(&panel)).unwrap());
}
