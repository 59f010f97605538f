use super::*;
use durbin_weights::Transform;

fn path() -> Weights {
    let rows = vec![
        vec![(1, 1.0)],
        vec![(0, 1.0), (2, 1.0)],
        vec![(1, 1.0), (3, 1.0)],
        vec![(2, 1.0), (0, 1.0)],
    ];
    let ids = (0..4).map(|i| i.to_string()).collect();
    Weights::from_rows(ids, rows, "path").transform(Transform::Row).unwrap()
}

/// Columns: an orthonormal basis of the vectors whose entries sum to zero (Helmert).
fn helmert(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n - 1), |(i, j)| {
        let m = (j + 1) as f64;
        let length = (m * (m + 1.0)).sqrt();
        match i.cmp(&(j + 1)) {
            std::cmp::Ordering::Less => 1.0 / length,
            std::cmp::Ordering::Equal => -m / length,
            std::cmp::Ordering::Greater => 0.0,
        }
    })
}

#[test]
fn traces_without_the_unit_root_are_those_of_the_projected_matrix() {
    let rho = 0.4;
    let multiplier = Multiplier::new(&path(), rho).unwrap();
    let f = helmert(4);
    let g = multiplier.lagged(&Array2::eye(4)).reversed_axes();
    let projected = f.t().dot(&g).dot(&f);
    let traces = multiplier.traces(true);
    assert!((traces.g - projected.diag().sum()).abs() < 1e-14);
    let squares =
        projected.dot(&projected).diag().sum() + projected.t().dot(&projected).diag().sum();
    assert!((traces.squares - squares).abs() < 1e-14);
}

fn near(a: &Sums, b: &Sums, tolerance: f64) {
    for (a, b) in [(&a.g, &b.g), (&a.dg, &b.dg)] {
        let off = |(a, b): (&f64, &f64)| (a - b).abs() / a.abs().max(1.0);
        let off = a.iter().zip(b).map(off).fold(0.0, f64::max);
        assert!(off < tolerance, "{off:e}");
    }
}

#[test]
fn without_feedback_the_sums_are_those_of_a_multiplier_at_zero() {
    let w = path();
    let mut at_zero = UnitSums::dense(&Structure::new(&w), 0.0).unwrap();
    let sparse = UnitSums::without_feedback(&w);
    let sums = [&mut at_zero.diagonal, &mut at_zero.rows, &mut at_zero.columns];
    for (a, b) in sums.into_iter().zip([&sparse.diagonal, &sparse.rows, &sparse.columns]) {
        // Nothing depends on a ρ that is not there.
        a.dg.fill(0.0);
        near(a, b, 1e-15);
    }
}

/// Against `S`, `G`, `GS` and `GG` written out.
#[test]
fn averages_are_means_of_the_sums_of_units() {
    let binary = grid(false).transform(Transform::Binary).unwrap();
    for (w, rho) in [(grid(false), 0.6), (grid(true), 0.6), (binary, 0.2)] {
        let multiplier = Multiplier::new(&w, rho).unwrap();
        let g = multiplier.lagged(&Array2::eye(49)).reversed_axes();
        let s = Array2::eye(49) + &g * rho;
        let (ds, dg) = (g.dot(&s), g.dot(&g));
        let Means { direct, total } = multiplier.means();
        for (own, all, matrix) in [
            (direct.s, total.s, &s),
            (direct.g, total.g, &g),
            (direct.ds, total.ds, &ds),
            (direct.dg, total.dg, &dg),
        ] {
            let size = matrix.sum().abs().max(1.0);
            assert!((own - matrix.diag().sum() / 49.0).abs() < 1e-13 * size);
            assert!((all - matrix.sum() / 49.0).abs() < 1e-13 * size);
        }
        let units = LogDet::by(&w, crate::LogDeterminant::Sparse).unwrap().unit_sums(rho).unwrap();
        let means = units.means();
        for (a, b) in [(direct, means.direct), (total, means.total)] {
            for (a, b) in [(a.s, b.s), (a.g, b.g), (a.ds, b.ds), (a.dg, b.dg)] {
                assert!((a - b).abs() < 1e-12 * a.abs().max(1.0));
            }
        }
    }
}

/// Rook neighbours of a `7 × 7` grid, row-standardised; with `knn` some are one-way.
fn grid(knn: bool) -> Weights {
    let row = |i: usize| -> Vec<(u32, f64)> {
        let near = |j: usize| (i % 7).abs_diff(j % 7) + (i / 7).abs_diff(j / 7) == 1;
        let kept = |j: usize| !knn || !(i + 2 * j).is_multiple_of(5);
        (0..49).filter(|&j| near(j) && kept(j)).map(|j| (u32::try_from(j).unwrap(), 1.0)).collect()
    };
    let ids = (0..49).map(|i| i.to_string()).collect();
    let w = Weights::from_rows(ids, (0..49).map(row).collect(), "grid");
    w.transform(Transform::Row).unwrap()
}

#[test]
fn a_factorisation_gives_what_the_inverse_gives() {
    let binary = grid(false).transform(Transform::Binary).unwrap();
    for (w, scale) in [(grid(false), 1.0), (grid(true), 1.0), (binary, 0.2)] {
        for rho in [-0.7, 1e-7, 2e-6, 0.4, 0.9].map(|rho| rho * scale) {
            let structure = std::sync::Arc::new(Structure::new(&w));
            let dense = Multiplier::dense(&structure, rho).unwrap();
            let [g, square, _] = dense.traces;
            let sparse = Multiplier::sparse(&structure, rho, [g, square]).unwrap();
            for without in [false, w.transform == Transform::Row] {
                let (a, b) = (dense.traces(without), sparse.traces(without));
                assert!((a.g - b.g).abs() < 1e-10 * a.g.abs().max(1.0), "{rho} {a:?} {b:?}");
                assert!((a.squares - b.squares).abs() < 1e-9 * a.squares, "{rho} {a:?} {b:?}");
            }
            for centred in [false, w.transform == Transform::Row] {
                let (a, b) = (dense.mixed(centred), sparse.mixed(centred));
                // At a ρ near zero differences of nearly equal traces are divided by it.
                let tolerance = if rho.abs() < 1e-4 { 2e-6 } else { 1e-10 };
                assert!((a - b).abs() < tolerance * a.abs(), "{rho} {a} {b}");
            }
            let v = Array2::from_shape_fn((3, 49), |(t, i)| ((t * 49 + i) as f64 * 0.9).sin());
            for (a, b) in [
                (dense.lagged(&v), sparse.lagged(&v)),
                (dense.lagged_back(&v), sparse.lagged_back(&v)),
            ] {
                assert!((a - b).iter().all(|off| off.abs() < 1e-12));
            }
            let a = UnitSums::dense(&structure, rho).unwrap();
            let b = UnitSums::sparse(&structure, rho).unwrap();
            near(&a.diagonal, &b.diagonal, 1e-11);
            near(&a.rows, &b.rows, 1e-11);
            near(&a.columns, &b.columns, 1e-11);
        }
    }
}

#[test]
fn iteration_solves_to_rounding_and_its_traces_are_near() {
    for knn in [false, true] {
        let structure = std::sync::Arc::new(Structure::new(&grid(knn)));
        let dense = Multiplier::dense(&structure, 0.5).unwrap();
        let iterative = Multiplier::iterative(&structure, 0.5).unwrap();
        let v = Array2::from_shape_fn((2, 49), |(t, i)| ((t * 49 + i) as f64 * 0.9).sin());
        let off = dense.lagged(&v) - iterative.lagged(&v);
        assert!(off.iter().all(|off| off.abs() < 1e-10));
        let (a, b) = (dense.means().total, iterative.means().total);
        assert!((a.dg - b.dg).abs() < 1e-10, "{a:?} {b:?}");
        // 49 units and 32 probes: an error of √(2/(49·32)) of the size.
        let (a, b) = (dense.traces(false), iterative.traces(false));
        assert!((a.squares - b.squares).abs() < 0.15 * a.squares, "{a:?} {b:?}");
        let (a, b) = (dense.mixed(false), iterative.mixed(false));
        assert!((a - b).abs() < 0.15 * a, "{a:?} {b:?}");
    }
}
