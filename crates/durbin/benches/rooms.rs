//! How long each step takes on lattices made for it: `just bench`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark has no caller to answer to")]

mod lattice;

use divan::{Bencher, black_box};
use durbin::{
    core::Silent,
    gmm::{GmmSpec, Interactions},
    hotspot::{self, Options},
    sdm::{BiasCorrection, Effects, SdmSpec},
    weights::{Contiguity, Transform, contiguity, nearest},
};
use ndarray::Array2;

fn main() {
    divan::main();
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
    let values = lattice::noise(w.n_units(), 1);
    let options = Options { permutations, ..Options::default() };
    bencher.bench(|| hotspot::gi(black_box(&values), &w, &options, &Silent).unwrap());
}

#[divan::bench(args = [10, 22, 55], sample_count = 5)]
fn two_way_sdm_of_10_periods_with_effects_per_unit(bencher: Bencher, side: u32) {
    let units = lattice::jittered(side);
    let units = units.select(&units.key_order());
    let w = contiguity(&units, Contiguity::Queen).unwrap().transform(Transform::Row).unwrap();
    let panel = lattice::noise_panel(&units.ids, 10);
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
    let mut panel = lattice::noise_panel(&ids, t);
    for (seed, name) in (10..).zip(["P", "C", "I", "T"]) {
        panel.insert(name, Array2::from_shape_vec((t, n), lattice::noise(n * t, seed)).unwrap());
    }
    let mut y = Array2::from_shape_vec((t, n), lattice::noise(n * t, 20)).unwrap();
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

#[divan::bench(args = [100, 316], sample_count = 1)]
fn cross_section_sdm_with_effects(bencher: Bencher, side: u32) {
    let units = lattice::jittered(side);
    let units = units.select(&units.key_order());
    let w = contiguity(&units, Contiguity::Queen).unwrap().transform(Transform::Row).unwrap();
    let panel = lattice::noise_panel(&units.ids, 1);
    let spec =
        SdmSpec::new("y", ["a", "b"]).effects(Effects::None).bias_correction(BiasCorrection::None);
    bencher.bench(|| spec.fit(black_box(&panel), &w).unwrap().impacts().unwrap());
}
