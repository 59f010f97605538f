use durbin_core::{Column, Panel, PanelKeys, Table, linalg::inverse};
use durbin_weights::{Transform, Weights};
use ndarray::{Array2, Axis};

use super::*;
use crate::{BiasCorrection, LogDeterminant, Model, Vcov, logdet::LogDet, logdet::dense};

const RHO: f64 = 0.6;
const LAMBDA: f64 = -0.35;

/// Units of a `side × side` grid that are one step apart, or so many of a row that the links are one-way.
fn lattice(side: usize, one_way: bool) -> Weights {
    let n = side * side;
    let rows = (0..n).map(|i| {
        let near = |j: usize| (i % side).abs_diff(j % side) + (i / side).abs_diff(j / side);
        let kept = |j: usize| match near(j) {
            1 => !one_way || !(i + 2 * j).is_multiple_of(5),
            2 => one_way && (3 * i + j).is_multiple_of(4),
            _ => false,
        };
        (0..n).filter(|&j| kept(j)).map(|j| (u32::try_from(j).unwrap(), 1.0)).collect()
    });
    let ids = (0..n).map(|i| format!("{i:05}")).collect();
    Weights::from_rows(ids, rows.collect(), "lattice").transform(Transform::Row).unwrap()
}

/// Each unit's next two of a ring.
fn ring(n: usize) -> Weights {
    let to = |i: usize| u32::try_from(i % n).unwrap();
    let rows = (0..n).map(|i| vec![(to(i + 1), 1.0), (to(i + 2), 2.0)]).collect();
    let ids = (0..n).map(|i| format!("{i:05}")).collect();
    Weights::from_rows(ids, rows, "ring").transform(Transform::Row).unwrap()
}

/// `Q` of ρ and of λ, dense.
fn forms_of(w: &Weights, m: &Weights) -> [Array2<f64>; 2] {
    let (w, m) = (dense(w), dense(m));
    let eye = Array2::<f64>::eye(w.nrows());
    let b = &eye - &(&m * LAMBDA);
    let b_inverse = inverse(&b, "B").unwrap();
    let g = w.dot(&inverse(&(&eye - &(&w * RHO)), "A").unwrap());
    [b.dot(&g).dot(&b_inverse), m.dot(&b_inverse)]
}

/// W and M where it is another.
fn cases(side: usize) -> Vec<(&'static str, Weights, Option<Weights>)> {
    vec![
        ("grid", lattice(side, false), None),
        ("one-way", lattice(side, true), None),
        ("grid and one-way", lattice(side, false), Some(lattice(side, true))),
        ("one-way and ring", lattice(side, true), Some(ring(side * side))),
    ]
}

/// Calls `f` with the multipliers of ρ and λ.
fn with_forms(
    w: &Weights,
    m: Option<&Weights>,
    method: LogDeterminant,
    f: impl Fn(&LogDet, &Multiplier, &Multiplier),
) {
    let of_w = LogDet::by(w, method).unwrap();
    let of_m = m.map(|m| LogDet::by(m, method).unwrap());
    let g = of_w.multiplier(RHO).unwrap();
    let h = of_m.as_ref().unwrap_or(&of_w).multiplier(LAMBDA).unwrap();
    f(&of_w, &g, &h);
}

fn errors(t: usize, n: usize) -> Array2<f64> {
    Array2::from_shape_fn((t, n), |(s, i)| (1.3 * (s * n + i) as f64).sin() * 1.4)
}

/// `½tr(S_aS_b)`, pair sums, `tr((W + W')Q)`, plain and centred.
fn by_hand(w: &Weights, q: &[Array2<f64>; 2], e: &Array2<f64>) -> [Array2<f64>; 4] {
    let s = q.clone().map(|q| &q + &q.t());
    let n = e.ncols();
    let mut products = e.t().dot(e).mapv(|p| p * p);
    products.diag_mut().fill(0.0);
    let two = |f: &dyn Fn(usize, usize) -> f64| Array2::from_shape_fn((2, 2), |(a, b)| f(a, b));
    let centre = Array2::<f64>::eye(n) - 1.0 / n as f64;
    let u = dense(w);
    let u = &u + &u.t();
    let mixed = |p: &Array2<f64>| {
        Array2::from_shape_fn((1, 2), |(_, a)| {
            p.dot(&u).dot(p).dot(&p.dot(&q[a]).dot(p)).diag().sum()
        })
    };
    [
        two(&|a, b| 0.5 * (&s[a] * &s[b]).sum()),
        two(&|a, b| 0.5 * (&s[a] * &s[b] * &products).sum()),
        mixed(&Array2::eye(n)),
        mixed(&centre),
    ]
}

fn close(found: &Array2<f64>, expected: &Array2<f64>, what: &str) {
    let scale = expected.iter().fold(1.0_f64, |most, v| most.max(v.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-10 * scale, "{what}: {found} {expected}");
    }
}

#[test]
fn of_every_kind_of_weights_the_sums_over_units_are_those_of_dense_forms() {
    for (name, w, m) in cases(14) {
        let q = forms_of(&w, m.as_ref().unwrap_or(&w));
        let e = errors(3, w.n_units());
        let [products, pairs, mixed, centred] = by_hand(&w, &q, &e);
        for method in [LogDeterminant::Eigen, LogDeterminant::Sparse] {
            with_forms(&w, m.as_ref(), method, |logdet, g, h| {
                let forms = Forms::new(Some(g), Some(h));
                let found = forms.products().unwrap();
                close(&found.value, &products, name);
                assert!(found.error.iter().all(|e| *e == 0.0));
                let diagonals = forms.diagonals();
                assert_eq!(diagonals.first, diagonals.second);
                for (a, q) in q.iter().enumerate() {
                    let column = diagonals.first.column(a).to_owned().insert_axis(Axis(1));
                    close(&column, &q.diag().to_owned().insert_axis(Axis(1)), name);
                    let sums = forms.column_sums(forms.list()[a]).insert_axis(Axis(0));
                    close(&sums, &q.sum_axis(Axis(0)).insert_axis(Axis(0)), name);
                }
                let sums = forms.pair_sums(&e, &diagonals).unwrap();
                close(&sums.value, &pairs, name);
                for (centre, expected) in [(false, &mixed), (true, &centred)] {
                    let found = forms.mixed(logdet.structure(), centre).unwrap();
                    close(&ndarray::arr2(&[[found[0].0, found[1].0]]), expected, name);
                }
            });
        }
    }
}

/// Four standard errors: one in 16,000 lies beyond.
fn within(found: &Estimated, expected: &Array2<f64>, share: f64, what: &str) {
    let scale = expected.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    for ((found, error), expected) in found.value.iter().zip(&found.error).zip(expected) {
        assert!(
            (found - expected).abs() < 4.0 * error + 1e-9 * scale,
            "{what}: {found} ± {error}, not {expected}"
        );
        assert!(*error < share * scale, "{what}: {found} ± {error}");
    }
}

#[test]
fn random_vectors_miss_the_dense_forms_by_no_more_than_they_say() {
    for (name, w, m) in cases(22) {
        let q = forms_of(&w, m.as_ref().unwrap_or(&w));
        let e = errors(2, w.n_units());
        let [products, pairs, mixed, centred] = by_hand(&w, &q, &e);
        // Solutions by iteration take their time.
        let methods = [LogDeterminant::Sparse, LogDeterminant::Lanczos];
        for method in methods.into_iter().take(if name == "grid" { 2 } else { 1 }) {
            let exact = method == LogDeterminant::Sparse;
            with_forms(&w, m.as_ref(), method, |logdet, g, h| {
                let forms = Forms::new(Some(g), Some(h)).randomly();
                let found = forms.products().unwrap();
                within(&found, &products, 0.05, name);
                // Of H alone it is exact where there is a factor.
                assert_eq!(found.error[[1, 1]] == 0.0, exact);
                let diagonals = forms.diagonals();
                let sums = forms.pair_sums(&e, &diagonals).unwrap();
                within(&sums, &pairs, 0.1, name);
                let squares = crossed(&diagonals.first, &diagonals.second);
                let each = Array2::from_shape_fn((w.n_units(), 2), |(i, a)| q[a][[i, i]]);
                within(&squares, &each.t().dot(&each), 0.2, name);
                for (centre, expected) in [(false, &mixed), (true, &centred)] {
                    let found = forms.mixed(logdet.structure(), centre).unwrap();
                    let two = |f: &dyn Fn(usize) -> f64| ndarray::arr2(&[[f(0), f(1)]]);
                    let found =
                        Estimated { value: two(&|a| found[a].0), error: two(&|a| found[a].1) };
                    within(&found, expected, 0.05, name);
                }
            });
        }
    }
}

/// Waves for numbers, `t` periods.
fn panel(n: usize, t: usize) -> Panel {
    let columns = vec![
        Column::text("id", (0..n * t).map(|row| format!("{:05}", row % n))),
        Column::int("time", (0..n * t).map(|row| i64::try_from(row / n).unwrap())),
    ];
    let table = Table { name: String::new(), title: String::new(), columns };
    let mut panel = PanelKeys::new(&table, "id", "time").unwrap().panel();
    let wave = |a: f64| Array2::from_shape_fn((t, n), |(s, i)| ((s * n + i) as f64 * a).sin());
    panel.insert("x", wave(1.7));
    panel.insert("y", wave(0.9) + wave(23.3).mapv(|v| v * v) + panel.get("x").unwrap());
    panel
}

#[test]
fn covariances_by_random_vectors_are_those_of_all_units_within_the_stated_share() {
    let (t, side) = (3, 24);
    let panel = panel(side * side, t);
    for (name, w, m) in cases(side) {
        for (effects, correction) in [
            (Effects::None, BiasCorrection::None),
            (Effects::TwoWays, BiasCorrection::None),
            (Effects::TwoWays, BiasCorrection::Transform),
        ] {
            let spec = SdmSpec::new("y", ["x"])
                .model(Model::Gns)
                .effects(effects)
                .bias_correction(correction);
            let design = Design::new(&spec, &panel, &w, m.as_ref().unwrap_or(&w)).unwrap();
            let sample = Sample::new(&spec, design.n, design.t);
            let coefficients = Array1::from_elem(design.names.len(), 0.5);
            let (rho, lambda) = (Some(RHO), Some(LAMBDA));
            let point = Point { coefficients, rho, lambda, phi: None, sigma2: 0.9 };
            with_forms(&w, m.as_ref(), LogDeterminant::Sparse, |_, g, h| {
                let scores = || Scores::new(&design, sample, &point, Some(g), Some(h));
                let (all, some) = (scores(), scores().randomly());
                let covariance = |scores: &Scores, vcov: Vcov| {
                    let information = scores.information().unwrap();
                    let bread = crate::information::inverse(&information.value).unwrap();
                    let meat = match vcov {
                        Vcov::Information => information.clone(),
                        Vcov::Qml => information.plus(&scores.beyond_normal(&spec)),
                        Vcov::Cluster => scores.clustered(None).unwrap(),
                    };
                    let covariance = bread.dot(&meat.value).dot(&bread);
                    let meat = (vcov != Vcov::Information).then_some(&meat.error);
                    let error = share(&bread, &covariance, &information.error, meat);
                    (covariance.diag().to_owned(), error)
                };
                for vcov in [Vcov::Information, Vcov::Qml, Vcov::Cluster] {
                    let (exact, none) = covariance(&all, vcov);
                    let (found, error) = covariance(&some, vcov);
                    assert_eq!(none, None);
                    let error = error.unwrap();
                    assert!(error > 0.0 && error < 0.4, "{name} {vcov} {error}");
                    for (found, exact) in found.iter().zip(&exact) {
                        // Twice the stated share, which is two standard errors; of a root it is half.
                        let off = 0.5 * (found / exact - 1.0).abs();
                        assert!(
                            off < 2.0 * error,
                            "{name} {effects} {vcov}: {found} {exact} {error}"
                        );
                    }
                }
            });
        }
    }
}

#[test]
fn with_one_parameter_robust_errors_of_any_number_of_units_are_exact() {
    let w = lattice(20, false);
    let panel = panel(400, 2);
    let spec = SdmSpec::new("y", ["x"]).effects(Effects::Unit).model(Model::Sar);
    let design = Design::new(&spec, &panel, &w, &w).unwrap();
    let sample = Sample::new(&spec, 400, 2);
    let coefficients = Array1::from_elem(1, 0.5);
    let point = Point { coefficients, rho: Some(RHO), lambda: None, phi: None, sigma2: 0.9 };
    with_forms(&w, None, LogDeterminant::Sparse, |_, g, _| {
        let scores = || Scores::new(&design, sample, &point, Some(g), None);
        let (all, some) = (scores(), scores().randomly());
        let (a, b) = (all.beyond_normal(&spec), some.beyond_normal(&spec));
        close(&b.value, &a.value, "qml");
        assert!(b.error.iter().all(|e| *e == 0.0));
    });
}
