//! Lattices of quadrilaterals that every program of a comparison makes alike.

use durbin::core::{Layer, Metadata, Units};
use geo_types::{Geometry, polygon};

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
