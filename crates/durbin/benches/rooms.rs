//! How long each step takes on lattices made for it: `just bench`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark has no caller to answer to")]

use divan::{Bencher, black_box};
use durbin::{
    core::{Column, Layer, Metadata, Panel, PanelKeys, Silent, Table, Units},
    hotspot::{self, Options},
    sdm::SdmSpec,
    weights::{Contiguity, Transform, contiguity},
};
use geo_types::{Geometry, polygon};
use ndarray::Array2;

fn main() {
    divan::main();
}

/// `side × side` squares.
fn lattice(side: u32) -> Units {
    let shapes: Vec<Option<Geometry>> = (0..side * side)
        .map(|at| {
            let (x, y) = (f64::from(at % side), f64::from(at / side));
            let (right, top) = (x + 1.0, y + 1.0);
            let square =
                polygon![(x: x, y: y), (x: right, y: y), (x: right, y: top), (x: x, y: top)];
            Some(square.into())
        })
        .collect();
    let layer = Layer {
        name: "lattice".to_owned(),
        crs: None,
        geometry_type: "POLYGON".to_owned(),
        fid_column: None,
        geometry_column: None,
        fids: (0..).take(shapes.len()).collect(),
        geometry: vec![None; shapes.len()],
        columns: Vec::new(),
        style: None,
        metadata: Metadata::default(),
    };
    Units::new(layer, shapes, None).unwrap()
}

/// Numbers without pattern between −1 and 1.
fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 30) - 1.0
    };
    (0..n).map(|_| next()).collect()
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

#[divan::bench(args = [100, 316], sample_count = 5)]
fn queen(bencher: Bencher, side: u32) {
    let units = lattice(side);
    bencher.bench(|| contiguity(black_box(&units), Contiguity::Queen).unwrap());
}

#[divan::bench(args = [0, 999], sample_count = 5)]
fn gi_star_of_10000_squares(bencher: Bencher, permutations: usize) {
    let w = contiguity(&lattice(100), Contiguity::Queen).unwrap();
    let values = noise(w.n_units(), 1);
    let options = Options { permutations, ..Options::default() };
    bencher.bench(|| hotspot::gi(black_box(&values), &w, &options, &Silent).unwrap());
}

#[divan::bench(args = [10, 22], sample_count = 5)]
fn two_way_sdm_of_10_periods_with_effects_per_unit(bencher: Bencher, side: u32) {
    let units = lattice(side);
    let units = units.select(&units.key_order());
    let w = contiguity(&units, Contiguity::Queen).unwrap().transformed(Transform::Row);
    let panel = panel(&units.ids, 10);
    let spec = SdmSpec::new("y", ["a", "b"]);
    bencher.bench(|| {
        let fit = spec.fit(black_box(&panel), &w).unwrap();
        (fit.impacts().unwrap(), fit.per_unit().unwrap())
    });
}
