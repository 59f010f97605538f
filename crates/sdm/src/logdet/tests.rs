use super::*;
use durbin_weights::Transform;

fn ring(one_way: bool) -> Weights {
    let rows = (0..5_u32).map(|i| {
        let next = ((i + 1) % 5, 1.0);
        if one_way { vec![next] } else { vec![next, ((i + 4) % 5, 1.0)] }
    });
    let ids = (0..5).map(|i| i.to_string()).collect();
    Weights::from_rows(ids, rows.collect(), "ring").transform(Transform::Row).unwrap()
}

#[test]
fn a_one_way_ring_has_the_determinant_one_minus_rho_to_the_fifth() {
    let logdet = LogDet::new(&ring(true)).unwrap();
    assert_eq!(logdet.method, "eigenvalues of the general matrix");
    for rho in [-0.9_f64, -0.3, 0.0, 0.5, 0.95] {
        let taylor = logdet.at(rho);
        let left = 1.0 - rho.powi(5);
        assert!((taylor.value - left.ln()).abs() < 1e-13);
        assert!((taylor.slope + 5.0 * rho.powi(4) / left).abs() < 1e-12);
        let curvature = -20.0 * rho.powi(3) / left - (5.0 * rho.powi(4) / left).powi(2);
        assert!((taylor.curvature - curvature).abs() < 1e-10 * curvature.abs().max(1.0));
    }
}

#[test]
fn bounds_are_inverse_extreme_real_eigenvalues() {
    let both_ways = LogDet::new(&ring(false)).unwrap();
    assert_eq!(both_ways.method, "eigenvalues of the similar symmetric matrix");
    let (lower, upper) = both_ways.bounds();
    let smallest = (4.0 * std::f64::consts::PI / 5.0).cos();
    assert!((lower - 1.0 / smallest).abs() < 1e-13 && (upper - 1.0).abs() < 1e-13);
}

#[test]
fn without_a_negative_real_eigenvalue_the_spectral_radius_bounds_below() {
    let (lower, upper) = LogDet::new(&ring(true)).unwrap().bounds();
    assert!((lower + 1.0).abs() < 1e-12 && (upper - 1.0).abs() < 1e-12);
}

#[test]
fn symmetric_and_general_eigenvalues_give_the_same_log_determinant() {
    let w = ring(false);
    let general = Eigen::general(&dense(&w)).unwrap();
    let symmetric = LogDet::new(&w).unwrap();
    for rho in [-1.0, -0.2, 0.4, 0.9] {
        let (a, b) = (general.at(rho), symmetric.at(rho));
        assert!((a.value - b.value).abs() < 1e-13 && (a.slope - b.slope).abs() < 1e-11);
    }
}

/// Rook neighbours of a `side × side` grid and an island, row-standardised; with `knn` some are one-way.
fn grid(side: usize, knn: bool) -> Weights {
    let n = side * side;
    let row = |i: usize| -> Vec<(u32, f64)> {
        let near = |j: usize| (i % side).abs_diff(j % side) + (i / side).abs_diff(j / side) == 1;
        let kept = |j: usize| !knn || !(i + 2 * j).is_multiple_of(5);
        let around = i.saturating_sub(side)..(i + side + 1).min(n);
        around.filter(|&j| near(j) && kept(j)).map(|j| (u32::try_from(j).unwrap(), 1.0)).collect()
    };
    let mut rows: Vec<_> = (0..n).map(row).collect();
    rows.push(Vec::new());
    let ids = (0..=n).map(|i| i.to_string()).collect();
    Weights::from_rows(ids, rows, "grid").transform(Transform::Row).unwrap()
}

fn by(w: &Weights, method: LogDeterminant) -> LogDet {
    LogDet::by(w, method).unwrap()
}

#[test]
fn sparse_and_eigenvalues_agree_on_values_slopes_and_curvatures() {
    for knn in [false, true] {
        let w = grid(15, knn);
        let (eigen, sparse) = (by(&w, LogDeterminant::Eigen), by(&w, LogDeterminant::Sparse));
        for rho in [-0.93, -0.6, -0.11, 0.0, 1e-5, 0.2, 0.47, 0.8, 0.97, 0.999] {
            let (a, b) = (eigen.at(rho), sparse.at(rho));
            let size = a.value.abs().max(1.0);
            assert!((a.value - b.value).abs() < 1e-10 * size, "{rho} {a:?} {b:?}");
            let bound = sparse.error(rho).unwrap();
            assert!((a.value - b.value).abs() <= bound, "{rho} {a:?} {b:?} {bound:e}");
            assert!(bound < 1e-10 * size, "{rho} {bound:e}");
            assert!((a.slope - b.slope).abs() < 1e-9 * a.slope.abs().max(1.0), "{rho} {a:?} {b:?}");
            let curvature = a.curvature.abs().max(1.0);
            assert!((a.curvature - b.curvature).abs() < 1e-7 * curvature, "{rho} {a:?} {b:?}");
        }
    }
}

/// The eigenvalues of a grid whose links weigh one are `2 cos(πa/(s + 1)) + 2 cos(πb/(s + 1))`.
#[test]
fn of_many_units_few_factorisations_give_values_and_derivatives() {
    let side = 145;
    let w = grid(side, false).transform(Transform::Binary).unwrap();
    let sparse = by(&w, LogDeterminant::Sparse);
    let cosine = |a: usize| 2.0 * (std::f64::consts::PI * a as f64 / (side + 1) as f64).cos();
    for rho in [-0.2, -0.05, 0.08, 0.15, 0.23] {
        let (mut value, mut slope, mut curvature) = (0.0, 0.0, 0.0);
        for (a, b) in (1..=side).flat_map(|a| (1..=side).map(move |b| (a, b))) {
            let omega = cosine(a) + cosine(b);
            let g = omega / (1.0 - rho * omega);
            value += (1.0 - rho * omega).ln();
            slope -= g;
            curvature -= g * g;
        }
        let found = sparse.at(rho);
        let bound = sparse.error(rho).unwrap();
        assert!((found.value - value).abs() <= bound, "{rho} {found:?} {value} {bound:e}");
        assert!(bound < 1e-10 * value.abs().max(100.0), "{rho} {bound:e} {value}");
        assert!((found.slope / slope - 1.0).abs() < 1e-9, "{rho} {found:?} {slope}");
        assert!((found.curvature / curvature - 1.0).abs() < 1e-7, "{rho} {found:?} {curvature}");
    }
}

#[test]
fn of_many_units_with_one_way_links_too() {
    let w = grid(145, true);
    let sparse = by(&w, LogDeterminant::Sparse);
    let analysis = Structure::new(&w).analysis().unwrap();
    for rho in [-0.7, 0.1, 0.55, 0.9] {
        let (found, bound) = (sparse.at(rho), sparse.error(rho).unwrap());
        let exact = analysis.log_determinant(rho).unwrap();
        assert!((found.value - exact).abs() <= bound, "{rho} {found:?} {exact} {bound:e}");
        assert!(bound < 1e-10 * exact.abs().max(100.0), "{rho} {bound:e} {exact}");
        let factor = durbin_core::linalg::sparse::Factor::new(&analysis, rho, &[]).unwrap();
        let slope = -factor.selected()[0].lagged.iter().sum::<f64>();
        assert!((found.slope / slope - 1.0).abs() < 1e-9, "{rho} {found:?} {slope}");
    }
}

#[test]
fn the_interval_of_rho_is_that_of_the_eigenvalues() {
    let w = grid(15, false).transform(Transform::Binary).unwrap();
    for w in [grid(15, false), w] {
        let eigen = by(&w, LogDeterminant::Eigen).bounds();
        let sparse = by(&w, LogDeterminant::Sparse).bounds();
        assert!((eigen.0 / sparse.0 - 1.0).abs() < 1e-6, "{eigen:?} {sparse:?}");
        assert!((eigen.1 / sparse.1 - 1.0).abs() < 1e-6, "{eigen:?} {sparse:?}");
    }
    // Of one-way links only the spectral radius is known.
    assert_eq!(by(&grid(15, true), LogDeterminant::Sparse).bounds(), (-1.0, 1.0));
}

#[test]
fn stochastic_values_are_within_their_stated_error() {
    for knn in [false, true] {
        let w = grid(20, knn);
        let (eigen, found) = (by(&w, LogDeterminant::Eigen), by(&w, LogDeterminant::Lanczos));
        for rho in [-0.7, -0.3, 0.1, 0.4, 0.7, 0.9] {
            let (exact, value) = (eigen.at(rho), found.at(rho));
            let error = found.error(rho).unwrap();
            assert!(
                (exact.value - value.value).abs() < 1.5 * error + 1e-9,
                "{knn} {rho} {exact:?} {value:?} {error}"
            );
            assert!(error < 0.05 * exact.value.abs() + 1e-3, "{rho}: {error} of {exact:?}");
        }
    }
}

#[test]
fn small_weights_are_left_to_eigenvalues_and_large_ones_are_factorised() {
    assert!(LogDet::new(&grid(15, false)).unwrap().method.starts_with("eigenvalues"));
    assert!(LogDet::new(&grid(30, false)).unwrap().method.starts_with("sparse Cholesky"));
    assert!(LogDet::new(&grid(30, true)).unwrap().method.starts_with("sparse LU"));
}
