//! Lattices of quadrilaterals that every program of a comparison makes alike.

#![allow(dead_code, reason = "each benchmark uses its own part")]

use durbin::core::{Column, Layer, Metadata, Panel, PanelKeys, Table, Units};
use geo_types::{Geometry, polygon};
use ndarray::Array2;

/// `side × side` quadrilaterals, row by row. Corners lie on a grid, those inside moved by up to 0.3
/// of a cell either way; neighbours share corners to the bit.
pub fn jittered(side: u32) -> Units {
    let corner = |column: u32, row: u32| {
        let inside = (1..side).contains(&column) && (1..side).contains(&row);
        let at = u64::from(row * (side + 1) + column);
        let jitter = |k: u64| if inside { 0.6 * uniform(2 * at + k) - 0.3 } else { 0.0 };
        (f64::from(column) + jitter(0), f64::from(row) + jitter(1))
    };
    let cell = |at: u32| -> Option<Geometry> {
        let (x, y) = (at % side, at / side);
        let [a, b, c, d] = [corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)];
        Some(polygon![a.into(), b.into(), c.into(), d.into()].into())
    };
    let shapes: Vec<Option<Geometry>> = (0..side * side).map(cell).collect();
    let layer = Layer {
        name: "lattice".to_owned(),
        crs: None,
        undefined_crs: None,
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

/// The `k`-th number of a sequence without pattern, between 0 and 1: the finaliser of SplitMix64.
pub fn uniform(k: u64) -> f64 {
    let mut z = k.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Numbers without pattern between −1 and 1, `n` of them from the sequence's `seed`-th stretch.
pub fn noise(n: usize, seed: u64) -> Vec<f64> {
    (seed << 32..).take(n).map(|k| 2.0 * uniform(k) - 1.0).collect()
}

/// A panel of `y`, `a` and `b` that are such numbers.
pub fn noise_panel(ids: &[String], t: usize) -> Panel {
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
