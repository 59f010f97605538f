//! Simulated panels of known parameters on a grid of units.

use durbin_core::{Column, Panel, PanelKeys, Table, linalg};
use durbin_weights::{Transform, Weights};
use ndarray::{Array1, Array2};

/// SplitMix64 (Steele, Lea & Flood 2014), with normal deviates by Box and Muller.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform on (0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / 2.0_f64.powi(53) + 2.0_f64.powi(-54)
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    /// A matrix of standard normals.
    pub fn normals(&mut self, rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_simple_fn((rows, columns), || self.normal())
    }
}

/// Row-standardised rook contiguity of a `side × side` grid.
pub fn grid(side: usize) -> Weights {
    lattice(side, |rows_apart, columns_apart| rows_apart + columns_apart == 1)
}

/// Row-standardised queen contiguity of a `side × side` grid.
pub fn queen(side: usize) -> Weights {
    lattice(side, |rows_apart, columns_apart| rows_apart + columns_apart > 0)
}

/// Row-standardised contiguity by corners alone of a `side × side` grid: where a bishop goes.
pub fn bishop(side: usize) -> Weights {
    lattice(side, |rows_apart, columns_apart| rows_apart == 1 && columns_apart == 1)
}

/// Links to those of the nine squares around that are so many rows and columns apart.
fn lattice(side: usize, linked: impl Fn(usize, usize) -> bool) -> Weights {
    let near = |at: usize| at.saturating_sub(1)..(at + 2).min(side);
    let rows = (0..side * side).map(|i| {
        let (row, column) = (i / side, i % side);
        let around = near(row).flat_map(|r| near(column).map(move |c| (r, c)));
        around
            .filter(|&(r, c)| linked(r.abs_diff(row), c.abs_diff(column)))
            .map(|(r, c)| (u32::try_from(r * side + c).unwrap(), 1.0))
            .collect()
    });
    Weights::from_rows(ids(side * side), rows.collect(), "grid").transform(Transform::Row).unwrap()
}

/// Keys whose order as text is their order as numbers.
pub fn ids(n: usize) -> Vec<String> {
    let digits = n.to_string().len().max(5);
    (0..n).map(|i| format!("{i:0digits$}")).collect()
}

/// A panel without variables.
pub fn empty(n: usize, t: usize) -> Panel {
    let cells = || (0..t).flat_map(move |s| (0..n).map(move |i| (s, i)));
    let keys = ids(n);
    let table = Table {
        name: "simulated".into(),
        title: String::new(),
        columns: vec![
            Column::text("id", cells().map(|(_, i)| keys[i].clone())),
            Column::int("time", cells().map(|(s, _)| i64::try_from(s).unwrap())),
        ],
    };
    PanelKeys::new(&table, "id", "time").unwrap().panel()
}

/// `y = ρWy + xβ + Wxθ + μ + ξ + u`, `u = λWu + ε`, one regressor.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    pub rho: f64,
    pub lambda: f64,
    pub beta: f64,
    pub theta: f64,
    pub sigma: f64,
}

/// A truth on given weights, ready to draw panels from.
pub struct Simulation<'a> {
    truth: Truth,
    w: &'a Weights,
    /// `(I − ρW)⁻¹`.
    feedback: Array2<f64>,
    /// `(I − λW)⁻¹`.
    spread: Array2<f64>,
}

/// `(I − ρW)⁻¹`, dense.
pub fn multiplier(w: &Weights, rho: f64) -> Array2<f64> {
    let n = w.n_units();
    let system =
        Array2::from_shape_fn((n, n), |(i, j)| f64::from(u8::from(i == j)) - rho * w.get(i, j));
    linalg::inverse(&system, "I − ρW").unwrap()
}

/// `W·v`, period by period.
pub fn lag(w: &Weights, v: &Array2<f64>) -> Array2<f64> {
    let mut lagged = v.clone();
    for mut row in lagged.rows_mut() {
        let values = Array1::from(w.lag(&row.to_vec()));
        row.assign(&values);
    }
    lagged
}

/// `(I − ρW)⁻¹·v`, period by period, of a row-standardised W of any number of units: the powers of ρW die out.
pub fn spread(w: &Weights, rho: f64, v: &Array2<f64>) -> Array2<f64> {
    let mut y = v.clone();
    let mut left = 1.0;
    while left > 1e-13 {
        y = v + &(lag(w, &y) * rho);
        left *= rho.abs();
    }
    y
}

impl<'a> Simulation<'a> {
    pub fn new(truth: Truth, w: &'a Weights) -> Self {
        let (feedback, spread) = (multiplier(w, truth.rho), multiplier(w, truth.lambda));
        Self { truth, w, feedback, spread }
    }

    /// A panel `x`, `y` of `t` periods; the regressor is correlated with the unit effects.
    pub fn panel(&self, t: usize, random: &mut Random) -> Panel {
        let n = self.w.n_units();
        let (unit, time) = (random.normals(1, n), random.normals(t, 1));
        let x = random.normals(t, n) + &unit;
        let noise = random.normals(t, n) * self.truth.sigma;
        let mut lagged = x.clone();
        for mut row in lagged.rows_mut() {
            let lag = Array1::from(self.w.lag(&row.to_vec()));
            row.assign(&lag);
        }
        let right = &x * self.truth.beta
            + lagged * self.truth.theta
            + &unit * 2.0
            + &time
            + noise.dot(&self.spread.t());
        let mut panel = empty(n, t);
        panel.insert("y", right.dot(&self.feedback.t()));
        panel.insert("x", x);
        panel
    }
}
