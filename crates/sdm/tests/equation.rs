//! Average effects of equations with neighbours that another estimator estimated.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{collections::BTreeMap, fs};

use durbin_core::{Estimate, linalg};
use durbin_sdm::{
    Dynamic, Equation, EquationEffects, Fit, Impact, Impacts, Place, Prepared, Regressor, SdmSpec,
};
use durbin_weights::{Transform, Weights};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use support::{
    ExpectedEffects, cigar, cigar_weights, near, near_impacts, repository,
    simulate::{Random, grid, ids},
};

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    coefficients: Vec<Coefficient>,
    covariance: Vec<Vec<f64>>,
    impacts: ExpectedEffects,
    long_run: ExpectedEffects,
}

#[derive(Deserialize)]
struct Coefficient {
    kind: String,
    lag: usize,
    of: String,
    value: f64,
}

/// Coefficients by kind, lag and regressor, with their covariance.
struct Owned {
    parameters: Vec<f64>,
    covariance: Array2<f64>,
    places: Vec<(String, usize, String)>,
}

impl Owned {
    fn of(case: &Case) -> Self {
        let k = case.coefficients.len();
        let place = |c: &Coefficient| (c.kind.clone(), c.lag, c.of.clone());
        Self {
            parameters: case.coefficients.iter().map(|c| c.value).collect(),
            covariance: Array2::from_shape_fn((k, k), |(i, j)| case.covariance[i][j]),
            places: case.coefficients.iter().map(place).collect(),
        }
    }

    /// With independent errors of 0.05.
    fn certain(coefficients: &[(&str, usize, &str, f64)]) -> Self {
        let place =
            |&(kind, lag, of, _): &(&str, usize, &str, f64)| (kind.to_owned(), lag, of.to_owned());
        Self {
            parameters: coefficients.iter().map(|c| c.3).collect(),
            covariance: Array2::eye(coefficients.len()) * 0.0025,
            places: coefficients.iter().map(place).collect(),
        }
    }

    fn equation<'a>(&'a self, parameters: &'a [f64]) -> Equation<'a> {
        let of = |kinds: &[&str], variable: &str| -> Vec<Place> {
            let all = self.places.iter().enumerate();
            all.filter(|(_, (kind, _, of))| kinds.contains(&kind.as_str()) && of == variable)
                .map(|(at, (_, lag, _))| Place { lag: *lag, at })
                .collect()
        };
        let mut regressors: Vec<Regressor> = Vec::new();
        for (_, _, variable) in self.places.iter().filter(|place| !place.2.is_empty()) {
            if !regressors.iter().any(|known| known.variable == *variable) {
                let (beta, theta) = (of(&["beta"], variable), of(&["theta"], variable));
                regressors.push(Regressor { variable: variable.clone(), beta, theta });
            }
        }
        Equation {
            parameters,
            covariance: &self.covariance,
            response: of(&["tau"], ""),
            neighbours: of(&["rho", "eta"], ""),
            regressors,
        }
    }

    fn effects(&self, w: &Weights) -> EquationEffects {
        self.equation(&self.parameters).effects(&Prepared::new(w)).unwrap()
    }
}

#[test]
fn effects_and_their_errors_match_the_matrices_written_out() {
    let path = repository("tests/reference/gmm/effects.json");
    let reference: Reference = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(reference.cases.len(), 4);
    for case in &reference.cases {
        let found = Owned::of(case).effects(&cigar_weights());
        let compare = |found: Option<&Impacts>, expected: &ExpectedEffects, when: &str| {
            let rows = found.map_or(0, |impacts| impacts.rows.len());
            assert_eq!(rows, expected.len(), "{} {when}", case.name);
            if let Some(found) = found {
                near_impacts(found, expected, 1e-10, &format!("{} {when}", case.name));
            }
        };
        compare(found.impacts.as_ref(), &case.impacts, "short run");
        compare(found.long_run.as_ref(), &case.long_run, "long run");
        assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    }
}

/// The parameters of a fit as an equation.
fn of_fit(fit: &Fit) -> Equation<'_> {
    let at = |name: &str| fit.names.iter().position(|known| known == name);
    let place = |lag: usize, name: &str| at(name).map(|at| Place { lag, at });
    let y = &fit.spec.y;
    let regressor = |x: &String| Regressor {
        variable: x.clone(),
        beta: place(0, x).into_iter().collect(),
        theta: place(0, &format!("W*{x}")).into_iter().collect(),
    };
    Equation {
        parameters: &fit.parameters,
        covariance: &fit.covariance,
        response: place(1, &format!("L.{y}")).into_iter().collect(),
        neighbours: place(0, "rho").into_iter().chain(place(1, &format!("L.W*{y}"))).collect(),
        regressors: fit.spec.x.iter().map(regressor).collect(),
    }
}

#[test]
fn the_effects_of_a_fit_are_those_of_its_equation() {
    let w = cigar_weights();
    for dynamic in [Dynamic::None, Dynamic::Time, Dynamic::Both] {
        let fit = SdmSpec::new("logc", ["logp", "logy"]).dynamic(dynamic);
        let fit = fit.fit(&cigar(), &w).unwrap();
        let found = of_fit(&fit).effects(&Prepared::new(&w)).unwrap();
        assert_eq!(found.impacts.as_ref().unwrap(), &fit.impacts().unwrap());
        assert_eq!(found.long_run, fit.long_run_impacts().unwrap());
        assert_eq!(found.stability, fit.stability);
    }
}

#[test]
fn errors_by_the_delta_method_are_those_of_draws() {
    let of = [
        ("tau", 1, "", 0.3),
        ("beta", 0, "P", 0.5),
        ("theta", 0, "P", 0.2),
        ("rho", 0, "", 0.25),
        ("eta", 1, "", 0.05),
    ];
    let mut owned = Owned::certain(&of);
    // Correlated, and small enough for the effects to be nearly linear in the parameters.
    let root = Array2::from_shape_fn((5, 5), |(i, j)| match i.cmp(&j) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => 0.01,
        std::cmp::Ordering::Greater => 0.004 * (i as f64 - 2.0 * j as f64).sin(),
    });
    owned.covariance = root.dot(&root.t());
    let w = grid(7);
    let exact = owned.effects(&w);
    let prepared = Prepared::new(&w);
    let mut random = Random::new(7);
    let draws: Vec<EquationEffects> = (0..4000)
        .map(|_| {
            let moved = root.dot(&random.normals(5, 1));
            let parameters: Vec<f64> =
                owned.parameters.iter().zip(&moved).map(|(value, by)| value + by).collect();
            owned.equation(&parameters).effects(&prepared).unwrap()
        })
        .collect();
    let kinds: [fn(&Impact) -> Estimate; 3] = [|i| i.direct, |i| i.indirect, |i| i.total];
    let runs: [fn(&EquationEffects) -> &Impacts; 2] =
        [|found| found.impacts.as_ref().unwrap(), |found| found.long_run.as_ref().unwrap()];
    for (run, kind) in runs.into_iter().flat_map(|run| kinds.map(|kind| (run, kind))) {
        let of = |found: &EquationEffects| kind(&run(found).rows[0]);
        let values: Array1<f64> = draws.iter().map(|found| of(found).estimate).collect();
        // A standard deviation of 4000 draws has a relative error of 1.1 %.
        let off = of(&exact).std_error / values.std(1.0) - 1.0;
        assert!(off.abs() < 0.05, "{off}");
    }
}

#[test]
fn without_feedback_effects_are_the_coefficients_and_the_mean_row_sum() {
    let rows = [vec![(1, 2.0)], vec![(0, 0.5), (2, 1.0)], vec![]];
    let w = Weights::from_rows(ids(3), rows.to_vec(), "made");
    let of = [("beta", 0, "P", 0.5), ("theta", 0, "P", 0.2)];
    for with_rho in [false, true] {
        let mut of = of.to_vec();
        if with_rho {
            of.push(("rho", 0, "", 0.0));
        }
        let found = Owned::certain(&of).effects(&w);
        let impacts = found.impacts.unwrap();
        let row = &impacts.rows[0];
        near(row.direct.estimate, 0.5, 1e-15, "direct");
        near(row.indirect.estimate, 0.2 * 3.5 / 3.0, 1e-15, "indirect");
        if !with_rho {
            near(row.direct.std_error, 0.05, 1e-15, "error of direct");
            near(row.indirect.std_error, 0.05 * 3.5 / 3.0, 1e-15, "error of indirect");
        }
        assert!(found.long_run.is_none() && found.stability.is_none());
    }
}

#[test]
fn beyond_the_stable_region_there_are_no_effects_and_it_says_why() {
    let w = grid(5);
    let with = |rho: f64, tau: f64| {
        Owned::certain(&[("tau", 1, "", tau), ("beta", 0, "P", 0.5), ("rho", 0, "", rho)])
            .effects(&w)
    };
    let inside = with(0.4, 0.5);
    assert!(inside.impacts.is_some() && inside.long_run.is_some() && inside.warnings.is_empty());
    let slow = with(0.6, 0.5);
    assert!(slow.impacts.is_some() && slow.long_run.is_none());
    let said = slow.warnings[0].to_string();
    assert!(said.contains("in the long run") && said.contains("1.1000"), "{said}");
    for rho in [1.01, 1.3, -1.2] {
        let outside = with(rho, 0.5);
        assert!(outside.impacts.is_none() && outside.long_run.is_none());
        let said = outside.warnings[0].to_string();
        assert!(said.contains("outside the interval") && said.contains("1.0000"), "{said}");
    }
}

#[test]
fn effects_of_several_lags_are_those_after_many_periods() {
    // A change that lasts, followed until it has run its course.
    let of = [
        ("tau", 1, "", 0.4),
        ("tau", 2, "", -0.2),
        ("beta", 0, "P", 0.5),
        ("beta", 1, "P", 0.3),
        ("theta", 0, "P", -0.2),
        ("rho", 0, "", 0.3),
        ("eta", 1, "", 0.1),
    ];
    let w = grid(4).transform(Transform::Row).unwrap();
    let n = 16;
    let dense = Array2::from_shape_fn((n, n), |(i, j)| w.get(i, j));
    let eye = Array2::<f64>::eye(n);
    let inverse = linalg::inverse(&(&eye - &dense * 0.3), "I − ρW").unwrap();
    let (mut before, mut last) = (Array2::<f64>::zeros((n, n)), Array2::zeros((n, n)));
    for period in 0..200 {
        let of_x = &eye * 0.5 + &dense * -0.2 + &eye * if period > 0 { 0.3 } else { 0.0 };
        let of_y = (&eye * 0.4 + &dense * 0.1).dot(&last) + &before * -0.2;
        let next = inverse.dot(&(of_x + of_y));
        before = std::mem::replace(&mut last, next);
    }
    let found = Owned::certain(&of).effects(&w);
    let row = &found.long_run.unwrap().rows[0];
    near(row.direct.estimate, last.diag().sum() / n as f64, 1e-12, "direct");
    near(row.total.estimate, last.sum() / n as f64, 1e-12, "total");
    let names: BTreeMap<_, _> = found.impacts.unwrap().conventions.iter().map(own).collect();
    assert!(names["effects_matrix"].starts_with("inverse(I - rho W)"));
}

fn own((name, choice): (&str, &str)) -> (String, String) {
    (name.to_owned(), choice.to_owned())
}
