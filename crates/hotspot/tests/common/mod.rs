//! What the tests of this room share.

#![allow(dead_code, reason = "each file of tests uses its own part")]
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests, with a few units")]

use durbin_weights::Weights;
use proptest::prelude::*;
use serde_json::Value;

/// A file of `tests/reference`.
pub fn reference(path: &str) -> Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/");
    serde_json::from_str(&std::fs::read_to_string(format!("{root}{path}")).unwrap()).unwrap()
}

pub fn numbers(list: &Value) -> Vec<f64> {
    let list = list.as_array().unwrap().iter();
    list.map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
}

pub fn ids(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{i:03}")).collect()
}

/// The weights `name` of `columbus/local_g.json`.
pub fn weights(reference: &Value, name: &str) -> Weights {
    let rows: Vec<Vec<(u32, f64)>> =
        serde_json::from_value(reference["weights"][name].clone()).unwrap();
    Weights::from_rows(ids(rows.len()), rows, name)
}

pub fn agree(ours: &[f64], theirs: &[f64], tolerance: f64) -> bool {
    let pairs = ours.iter().zip(theirs);
    ours.len() == theirs.len()
        && pairs.into_iter().all(|(a, b)| (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance)
}

/// A variable and binary neighbours for 5 to 30 units, every unit with a neighbour and a stranger.
pub fn cases() -> impl Strategy<Value = (Vec<f64>, Weights)> {
    (5..30usize)
        .prop_flat_map(|n| {
            let x = prop::collection::vec(-1e3..1e3, n);
            (x, prop::collection::vec(prop::collection::vec(any::<bool>(), n), n))
        })
        .prop_map(|(x, links)| {
            let n = x.len();
            let rows = (0..n).map(|i| {
                let linked = |j: usize| j == (i + 1) % n || (links[i][j] && j != (i + 2) % n);
                (0..n).filter(|&j| j != i && linked(j)).map(|j| (j as u32, 1.0)).collect()
            });
            (x, Weights::from_rows(ids(n), rows.collect(), "made"))
        })
}

/// Random numbers between 0 and 1, the same for the same seed.
pub fn uniform(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Queen neighbours on a lattice of `side × side` squares.
pub fn lattice(side: usize) -> Weights {
    let near = |at: usize| at.saturating_sub(1)..(at + 2).min(side);
    let row = |i: usize| {
        let (y, x) = (i / side, i % side);
        let squares = near(y).flat_map(|y| near(x).map(move |x| y * side + x));
        squares.filter(|&j| j != i).map(|j| (j as u32, 1.0)).collect()
    };
    let n = side * side;
    Weights::from_rows(ids(n), (0..n).map(row).collect(), "queen")
}
