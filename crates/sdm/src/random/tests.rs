use durbin_core::{
    Column, Panel, PanelKeys, Table,
    linalg::{inverse, sparse::Factor},
    random::{Purpose, Stream},
};
use durbin_weights::{Transform, Weights};
use ndarray::{Array1, Array2};

use super::{beyond_normal, beyond_normal::cumulants, clustered, probes::Inverses, square::Square};
use crate::{
    Effects, Model, Prepared, SdmSpec,
    design::Design,
    goodness::residuals,
    logdet::dense,
    maximum,
    parameters::{Point, Positions},
    sample::Sample,
    within::quasi_demean,
};

/// A ring with links to the next unit and to the one `step` further.
fn ring(n: usize, step: usize) -> Weights {
    let link = |i: usize| u32::try_from(i % n).unwrap();
    let rows = (0..n)
        .map(|i| vec![(link(i + 1), 1.0), (link(i + n - 1), 1.0), (link(i + step), 0.5)])
        .collect();
    let ids = (0..n).map(|i| format!("{i:04}")).collect();
    Weights::from_rows(ids, rows, "ring").transform(Transform::Row).unwrap()
}

fn normals(t: usize, n: usize, number: u32) -> Array2<f64> {
    let mut stream = Stream::new(7, Purpose::Probes, number);
    Array2::from_shape_simple_fn((t, n), || stream.normal())
}

/// Simulated: skewed errors, unit effects of variance one.
fn panel(n: usize, t: usize) -> Panel {
    let columns = vec![
        Column::text("id", (0..n * t).map(|row| format!("{:04}", row % n))),
        Column::int("time", (0..n * t).map(|row| i64::try_from(row / n).unwrap())),
    ];
    let table = Table { name: String::new(), title: String::new(), columns };
    let mut panel = PanelKeys::new(&table, "id", "time").unwrap().panel();
    let x = normals(t, n, 1);
    let skewed = normals(t, n, 2).mapv(|z| (z * z - 1.0) / 2.0_f64.sqrt());
    panel.insert("y", &x + &skewed + normals(1, n, 3));
    panel.insert("x", x);
    panel
}

#[test]
fn random_vectors_find_the_traces_of_every_unit() {
    let (w, m) = (ring(300, 7), ring(300, 11));
    let (rho, lambda, c) = (0.4, 0.3, 3.0);
    let square = Square::new(&m).unwrap();
    let squared = square.at(lambda);
    let factor = Factor::new(&squared, -c, &[]).unwrap();
    let (of_lag, of_error) = (Prepared::new(&w), Prepared::new(&m));
    let g = of_lag.logdet().unwrap().multiplier(rho).unwrap();
    let h = of_error.logdet().unwrap().multiplier(lambda).unwrap();
    let inverses = Inverses {
        square: &square,
        lambda,
        c,
        k: &factor,
        error: &h,
        lag: Some((&g, false)),
        known: [
            300.0 - c * factor.traces_with(&[&squared])[0][0],
            h.traces(false).squares,
            g.traces(false).g,
        ],
    };
    let (exact, random) = (inverses.products_by(true), inverses.products_by(false));
    let (a, b) = (exact.lag.unwrap(), random.lag.unwrap());
    let pairs = [
        (exact.error, random.error),
        (a.squares[0], b.squares[0]),
        (a.squares[1], b.squares[1]),
        (a.cross[0], b.cross[0]),
        (a.cross[1], b.cross[1]),
        (a.filtered, b.filtered),
    ];
    for (exact, random) in pairs {
        let (off, scale) = (random.value - exact.value, exact.value);
        assert!(exact.error == 0.0 && off.abs() < 4.0 * random.error, "{exact:?} {random:?}");
        assert!(off.abs() < 0.03 * scale.abs().max(100.0), "{exact:?} {random:?}");
    }
}

/// The fit, its data and its φ.
fn fitted(w: &Weights, n: usize, t: usize) -> (Design, Point, f64) {
    let spec = SdmSpec::new("y", ["x"]).model(Model::Sdm).effects(Effects::Random);
    let design = Design::new(&spec, &panel(n, t), w, w).unwrap();
    let prepared = Prepared::new(w);
    let sample = Sample::new(&spec, n, t);
    let point = maximum::find(&spec, &design, sample, &prepared, &prepared).unwrap().point;
    let phi = point.phi.unwrap();
    (design, point, phi)
}

#[test]
fn moments_beyond_the_normal_are_those_of_the_parts_written_out() {
    let (n, t) = (30, 4);
    let w = ring(n, 7);
    let (design, point, phi) = fitted(&w, n, t);
    let at = Positions::of(&point);
    let prepared = Prepared::new(&w);
    let logdet = prepared.logdet().unwrap();
    let rho = point.rho.unwrap();
    let multiplier = logdet.multiplier(rho).unwrap();
    let found = beyond_normal(&design, &point, phi, Some(&multiplier)).unwrap();
    // e = C(ε, μ), its scores quadratic forms in all parts.
    let mut c = Array2::zeros((n * t, n * t + n));
    for part in 0..n * t {
        let mut unit = Array1::zeros(n * t);
        unit[part] = 1.0;
        c.column_mut(part).assign(&quasi_demean(&unit, n, phi));
    }
    for i in 0..n {
        for s in 0..t {
            c[[s * n + i, n * t + i]] = phi;
        }
    }
    let sigma2 = point.sigma2;
    let starred = design.quasi_demeaned(phi);
    let g = dense(&w).dot(&inverse(&(Array2::eye(n) - dense(&w) * rho), "A").unwrap());
    let block = |s: usize, r: usize, i: usize, j: usize| if s == r { g[[i, j]] } else { 0.0 };
    let of_rho = Array2::from_shape_fn((n * t, n * t), |(a, b)| block(a / n, b / n, a % n, b % n));
    let mean =
        Array2::from_shape_fn(
            (n * t, n * t),
            |(a, b)| {
                if a % n == b % n { 1.0 / t as f64 } else { 0.0 }
            },
        );
    let mut linear = Array2::zeros((n * t + n, at.len()));
    let mut own = Array2::zeros((n * t + n, at.len()));
    for j in 0..at.k {
        linear.column_mut(j).assign(&(c.t().dot(&starred.z.column(j)) / sigma2));
    }
    let moved: Array1<f64> = starred.fitted(&point).dot(&g.t()).iter().copied().collect();
    linear.column_mut(at.rho.unwrap()).assign(&(c.t().dot(&moved) / sigma2));
    let forms = [
        (at.rho.unwrap(), of_rho / sigma2),
        (at.phi.unwrap(), mean * (-1.0 / (phi * sigma2))),
        (at.sigma2, Array2::eye(n * t) / (2.0 * sigma2 * sigma2)),
    ];
    for (j, form) in forms {
        own.column_mut(j).assign(&c.t().dot(&form).dot(&c).diag());
    }
    let [errors, effects] = cumulants(&design, &point);
    let mut expected = Array2::<f64>::zeros((at.len(), at.len()));
    for part in 0..n * t + n {
        let of = if part < n * t { errors } else { effects };
        for a in 0..at.len() {
            for b in 0..at.len() {
                let (la, lb) = (linear[[part, a]], linear[[part, b]]);
                let (da, db) = (own[[part, a]], own[[part, b]]);
                expected[[a, b]] += of.third * (la * db + da * lb) + of.fourth * da * db;
            }
        }
    }
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-9 * expected.abs().max(1e-3), "{found} {expected}");
    }
}

#[test]
fn scores_of_units_sum_to_zero_at_the_maximum() {
    let (n, t) = (30, 4);
    let w = ring(n, 7);
    let (design, point, phi) = fitted(&w, n, t);
    let starred = design.quasi_demeaned(phi);
    let e = residuals(&starred, &point);
    // That of φ, n/φ − e'J̄e/(φσ²), on which the robust variance of φ rests.
    let means = crate::within::unit_means(&e, n);
    let score = n as f64 - t as f64 * means.dot(&means) / point.sigma2;
    assert!(score.abs() < 1e-6, "{score}");
    let prepared = Prepared::new(&w);
    let logdet = prepared.logdet().unwrap();
    let multiplier = logdet.multiplier(point.rho.unwrap()).unwrap();
    let sample =
        Sample { observations: (n * t) as f64, periods: t as f64, without_unit_root: false };
    let found = clustered(&design, sample, &point, phi, Some(&multiplier)).unwrap();
    let variance = found.value;
    let f = Positions::of(&point).phi.unwrap();
    let own: f64 = means
        .iter()
        .map(|mean| ((1.0 - t as f64 * mean * mean / point.sigma2) / phi).powi(2))
        .sum();
    let expected = own * n as f64 / (n as f64 - 1.0);
    assert!((variance[[f, f]] / expected - 1.0).abs() < 1e-12);
}
