use ndarray::Array2;

use crate::linalg::{
    inverse,
    sparse::{Analysis, Direction, Factor, SparseMatrix},
};

/// Lattice neighbours of a `side × side` grid, with weights without pattern; one in seven one-way where
/// `symmetric` is false, and a unit without links at the end.
fn lattice(side: usize, symmetric: bool) -> SparseMatrix {
    let n = side * side + 1;
    let weight = |i: usize, j: usize| {
        let (a, b) = if symmetric { (i.min(j), i.max(j)) } else { (i, j) };
        0.05 + 0.2 * ((a * 31 + b * 17) as f64 * 0.618_034).fract()
    };
    let (mut offsets, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    for i in 0..n {
        for j in 0..n {
            let (dx, dy) = ((i % side).abs_diff(j % side), (i / side).abs_diff(j / side));
            let near = i < n - 1 && j < n - 1 && dx <= 1 && dy <= 1;
            if near && (symmetric || !(3 * i + j).is_multiple_of(7)) {
                columns.push(u32::try_from(j).unwrap());
                values.push(0.4 * weight(i, j));
            }
        }
        offsets.push(columns.len());
    }
    SparseMatrix::new(offsets, columns, values)
}

fn dense(m: &SparseMatrix) -> Array2<f64> {
    let mut dense = Array2::zeros((m.n(), m.n()));
    for i in 0..m.n() {
        let (columns, values) = m.row(i);
        for (&j, &v) in columns.iter().zip(values) {
            dense[[i, j as usize]] = v;
        }
    }
    dense
}

fn near(found: &[f64], expected: &Array2<f64>) {
    for (i, (found, expected)) in found.iter().zip(expected.diag()).enumerate() {
        assert!(
            (found - expected).abs() < 1e-12 * expected.abs().max(1.0),
            "{i}: {found} {expected}"
        );
    }
}

#[test]
fn entries_of_the_inverse_and_its_derivatives_are_those_of_the_dense_inverse() {
    for (symmetric, rho) in [(true, 0.8), (true, -0.9), (false, 0.8), (false, -0.7)] {
        let m = lattice(9, symmetric);
        let n = m.n();
        let w = dense(&m);
        let x: Vec<f64> = (0..n).map(|i| 1.0 + (i as f64 * 0.37).fract()).collect();
        let z = inverse(&(Array2::eye(n) - &w * rho), "A").unwrap();
        let analysis = std::sync::Arc::new(Analysis::new(&m, symmetric).unwrap());
        let directions = [Direction::Matrix, Direction::Diagonal(&x)];
        let factor = Factor::new(&analysis, rho, &directions).unwrap();
        let selected = factor.selected();
        let diagonal = Array2::from_diag(&ndarray::arr1(&x));
        let expected = [z.clone(), z.dot(&w).dot(&z), z.dot(&diagonal).dot(&z.t())];
        for (found, y) in selected.iter().zip(&expected) {
            near(&found.diagonal, y);
            near(&found.lagged, &w.dot(y));
        }
    }
}

#[test]
fn solutions_solve_the_system_and_its_transpose() {
    for symmetric in [true, false] {
        let m = lattice(12, symmetric);
        let n = m.n();
        let rho = 0.9;
        let analysis = std::sync::Arc::new(Analysis::new(&m, symmetric).unwrap());
        let factor = Factor::new(&analysis, rho, &[]).unwrap();
        let b: Vec<f64> = (0..n).map(|i| (i as f64 * 1.3).sin()).collect();
        let many: Vec<Vec<f64>> =
            (0..19).map(|k| b.iter().map(|b| b + f64::from(k)).collect()).collect();
        let each: Vec<Vec<f64>> = many.iter().map(|b| factor.solve(b)).collect();
        assert_eq!(factor.solve_all(&many), each);
        let back: Vec<Vec<f64>> = many.iter().map(|b| factor.solve_transposed(b)).collect();
        assert_eq!(factor.solve_transposed_all(&many), back);
        for (x, m) in [(factor.solve(&b), m.clone()), (factor.solve_transposed(&b), m.transposed())]
        {
            let back = m.multiply(&x);
            for i in 0..n {
                assert!((x[i] - rho * back[i] - b[i]).abs() < 1e-13);
            }
        }
    }
}

#[test]
fn the_log_determinant_has_the_trace_as_its_slope() {
    for symmetric in [true, false] {
        let m = lattice(10, symmetric);
        let analysis = std::sync::Arc::new(Analysis::new(&m, symmetric).unwrap());
        let value = |rho| Factor::new(&analysis, rho, &[]).unwrap().log_determinant();
        let (rho, step) = (0.6, 1e-4);
        let slope = (value(rho + step) - value(rho - step)) / (2.0 * step);
        let selected = Factor::new(&analysis, rho, &[]).unwrap().selected();
        let trace: f64 = selected[0].lagged.iter().sum();
        assert!((slope + trace).abs() < 1e-6, "{slope} {trace}");
        assert!(value(0.0).abs() < 1e-15);
        let alone = analysis.log_determinant(rho).unwrap();
        assert!((alone - value(rho)).abs() < 1e-13 * alone.abs());
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let m = lattice(40, false);
    let analysis = std::sync::Arc::new(Analysis::new(&m, false).unwrap());
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Factor::new(&analysis, 0.7, &[Direction::Matrix]).unwrap().selected())
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn outside_the_interval_there_is_no_factor() {
    let m = lattice(6, true);
    let analysis = std::sync::Arc::new(Analysis::new(&m, true).unwrap());
    assert!(Factor::new(&analysis, 50.0, &[]).is_err());
}

#[test]
fn a_long_path_does_not_exhaust_the_stack() {
    let n = 200_000_u32;
    let row = |i: u32| [i.checked_sub(1), Some(i + 1).filter(|&j| j < n)].into_iter().flatten();
    let columns: Vec<u32> = (0..n).flat_map(row).collect();
    let mut offsets = vec![0];
    for i in 0..n {
        offsets.push(offsets[i as usize] + row(i).count());
    }
    let m = SparseMatrix::new(offsets, columns.clone(), vec![0.5; columns.len()]);
    let analysis = std::sync::Arc::new(Analysis::new(&m, true).unwrap());
    let factor = Factor::new(&analysis, 0.5, &[]).unwrap();
    // |I − ρM| of a path: U_n(2) 4⁻ⁿ with the Chebyshev polynomial of the second kind.
    let root = 3.0_f64.sqrt();
    let expected =
        f64::from(n + 1) * (2.0 + root).ln() - (2.0 * root).ln() - f64::from(n) * 4.0_f64.ln();
    assert!((factor.log_determinant() - expected).abs() < 1e-11 * expected.abs());
}

#[test]
fn traces_with_other_values_on_the_pattern_are_those_of_dense_products() {
    for symmetric in [true, false] {
        let m = lattice(7, symmetric);
        let n = m.n();
        let scaled = |factor: f64| {
            let (mut offsets, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
            for i in 0..n {
                let (js, vs) = m.row(i);
                columns.extend_from_slice(js);
                values.extend(
                    js.iter().zip(vs).map(|(&j, v)| v * (factor + (i + j as usize) as f64)),
                );
                offsets.push(columns.len());
            }
            SparseMatrix::new(offsets, columns, values)
        };
        let (first, second) = (scaled(1.0), scaled(-30.0));
        let analysis = Analysis::new(&m, symmetric).unwrap();
        let at = std::sync::Arc::new(analysis.with_values(&first));
        let factor = Factor::new(&at, 0.01, &[Direction::Matrix]).unwrap();
        let (x, y) = (dense(&first), dense(&second));
        let z = inverse(&(Array2::eye(n) - &x * 0.01), "A").unwrap();
        assert!((factor.log_determinant() - at.log_determinant(0.01).unwrap()).abs() < 1e-12);
        let found = factor.traces_with(&[&at, &analysis.with_values(&second)]);
        for (found, inverse) in found.iter().zip([z.clone(), z.dot(&x).dot(&z)]) {
            for (found, matrix) in found.iter().zip([&x, &y]) {
                let expected = matrix.dot(&inverse).diag().sum();
                assert!((found - expected).abs() < 1e-12 * expected.abs().max(1.0));
            }
        }
    }
}
