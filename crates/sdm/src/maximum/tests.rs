use durbin_core::{
    Column, Panel, PanelKeys, Table,
    linalg::inverse,
    random::{Purpose, Stream},
};
use durbin_weights::{Transform, Weights};
use ndarray::Array2;

use super::*;
use crate::{LogDeterminant, Model, logdet::dense};

/// Row-standardised links of a `side × side` grid to the next row and column, both ways, or to the right and below alone.
fn lattice(side: usize, one_way: bool) -> Weights {
    let n = side * side;
    let row = |i: usize| {
        let near = |j: usize| (i % side).abs_diff(j % side) + (i / side).abs_diff(j / side) == 1;
        let ahead = |j: usize| !one_way || j > i || i == n - 1;
        let to = |j: usize| (u32::try_from(j).unwrap(), 1.0);
        (0..n).filter(|&j| near(j) && ahead(j)).map(to).collect()
    };
    let ids = (0..n).map(|i| format!("{i:05}")).collect();
    Weights::from_rows(ids, (0..n).map(row).collect(), "lattice").transform(Transform::Row).unwrap()
}

/// A simulated cross-section `y = ρWy + βx + u`, `u = λMu + ε`.
fn simulated(w: &Weights, m: &Weights, at: [f64; 2], beta: f64, number: u32) -> Panel {
    let n = w.n_units();
    let solve = |w: &Weights, rho: f64, v: &Array1<f64>| {
        inverse(&(Array2::eye(n) - dense(w) * rho), "I − ρW").unwrap().dot(v)
    };
    let mut stream = Stream::new(3, Purpose::Simulation, number);
    let mut normals = || (0..n).map(|_| stream.normal()).collect::<Array1<f64>>();
    let (x, noise) = (normals(), normals());
    let y = solve(w, at[0], &(&x * beta + solve(m, at[1], &noise)));
    let columns =
        vec![Column::text("id", w.ids().iter().cloned()), Column::int("time", vec![0; n])];
    let table = Table { name: "simulated".into(), title: String::new(), columns };
    let mut panel = PanelKeys::new(&table, "id", "time").unwrap().panel();
    panel.insert("x", x.insert_axis(ndarray::Axis(0)));
    panel.insert("y", y.insert_axis(ndarray::Axis(0)));
    panel
}

/// With a weak regressor data say little about which of ρ and λ is the larger: the surface has a ridge with two tops.
#[test]
fn of_two_tops_on_a_ridge_the_higher_is_found_by_every_log_determinant() {
    let side = 15;
    let (w, other) = (lattice(side, false), lattice(side, true));
    let mut twice = 0;
    for (number, (m, at, beta)) in [
        (None, [0.7, 0.1], 0.1),
        (None, [0.1, 0.7], 0.1),
        (None, [0.6, -0.3], 0.3),
        (None, [-0.3, 0.6], 0.3),
        (Some(&other), [0.6, 0.2], 0.1),
        (Some(&other), [0.2, 0.6], 0.1),
    ]
    .into_iter()
    .enumerate()
    {
        let panel = simulated(&w, m.unwrap_or(&w), at, beta, u32::try_from(number).unwrap());
        let spec = SdmSpec::new("y", ["x"]).model(Model::Sac).effects(Effects::None);
        let design = Design::new(&spec, &panel, &w, m.unwrap_or(&w)).unwrap();
        let sample = Sample::new(&spec, design.n, 1);
        let compact = design.compact();
        let tops = [LogDeterminant::Eigen, LogDeterminant::Sparse].map(|method| {
            let of_w = Prepared::by(&w, method);
            let of_m = m.map(|m| Prepared::by(m, method));
            let of_m = of_m.as_ref().unwrap_or(&of_w);
            let found = find(&spec, &design, sample, &of_w, of_m).unwrap();
            let surface = Surface {
                design: compact,
                lags: compact.error.as_ref().unwrap(),
                sample,
                of_lag: of_w.logdet().unwrap(),
                of_error: of_m.logdet().unwrap(),
            };
            if method == LogDeterminant::Eigen {
                twice += usize::from(exceeded(&surface, found.log_likelihood) > 1);
            }
            found
        });
        let [a, b] = tops;
        assert!((a.log_likelihood - b.log_likelihood).abs() < 1e-8);
        assert!((a.point.rho.unwrap() - b.point.rho.unwrap()).abs() < 1e-6);
        assert!((a.point.lambda.unwrap() - b.point.lambda.unwrap()).abs() < 1e-6);
    }
    assert!(twice >= 2, "{twice} surfaces have two tops");
}

/// Checks that no point of a fine grid is above `height`, and counts its tops.
fn exceeded(surface: &Surface, height: f64) -> usize {
    const FINE: usize = 60;
    let ends = [surface.of_lag.bounds(), surface.of_error.bounds()];
    let point = |i: usize, j: usize| {
        let at = |d: usize, i: usize| {
            ends[d].0 + (ends[d].1 - ends[d].0) * (i as f64 + 0.5) / FINE as f64
        };
        [at(0, i), at(1, j)]
    };
    let values = Array2::from_shape_fn((FINE, FINE), |(i, j)| {
        surface.at(point(i, j), LogDet::at).unwrap().value
    });
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!(highest <= height + 1e-9, "{highest} above {height}");
    let near = |i: usize| i.saturating_sub(1)..(i + 2).min(FINE);
    let top = |&(i, j): &(usize, usize)| {
        near(i).all(|a| near(j).all(|b| values[[a, b]] <= values[[i, j]]))
    };
    (0..FINE).flat_map(|i| (0..FINE).map(move |j| (i, j))).filter(top).count()
}
