//! Random effects beside lags of the response and of the error against the Gaussian density written out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::{
    Panel,
    linalg::{cholesky, inverse},
};
use durbin_sdm::{Effects, Fit, Model, SdmSpec};
use durbin_weights::Weights;
use ndarray::{Array1, Array2};
use support::{
    near,
    simulate::{Random, empty, grid, multiplier, queen},
};

const SIDE: usize = 5;
const T: usize = 4;

fn dense(w: &Weights) -> Array2<f64> {
    Array2::from_shape_fn((w.n_units(), w.n_units()), |(i, j)| w.get(i, j))
}

/// The two models, lag and error with the same and with different weights.
struct World {
    panel: Panel,
    w: Weights,
    m: Weights,
}

fn world(m: Weights) -> World {
    let (n, w) = (SIDE * SIDE, grid(SIDE));
    let mut random = Random::new(11);
    let (x, e, mu) = (random.normals(T, n), random.normals(T, n), random.normals(1, n));
    let right = &x + 1.0 + &mu + e.dot(&multiplier(&m, 0.4).t());
    let mut panel = empty(n, T);
    panel.insert("y", right.dot(&multiplier(&w, 0.3).t()));
    panel.insert("x", x);
    World { panel, w, m }
}

/// Mean and covariance of y, period by period, at parameters in the order of the fit.
fn moments(world: &World, fit: &Fit, parameters: &[f64]) -> (Array1<f64>, Array2<f64>) {
    let n = SIDE * SIDE;
    let value =
        |name: &str| fit.names.iter().position(|known| known == name).map(|at| parameters[at]);
    let x = world.panel.get("x").unwrap();
    let lagged = x.dot(&dense(&world.w).t());
    let mean =
        x * value("x").unwrap() + lagged * value("W*x").unwrap_or(0.0) + value("_cons").unwrap();
    let a = multiplier(&world.w, value("rho").unwrap_or(0.0));
    let b = multiplier(&world.m, value("lambda").unwrap_or(0.0));
    let (phi, sigma2) = (value("phi").unwrap(), value("sigma2").unwrap());
    let of_unit = sigma2 * (phi.powi(-2) - 1.0) / T as f64;
    let own = a.dot(&(b.dot(&b.t()) * sigma2)).dot(&a.t());
    let shared = a.dot(&a.t()) * of_unit;
    let covariance = Array2::from_shape_fn((n * T, n * T), |(row, column)| {
        let (s, i, r, j) = (row / n, row % n, column / n, column % n);
        shared[[i, j]] + if s == r { own[[i, j]] } else { 0.0 }
    });
    (mean.dot(&a.t()).iter().copied().collect(), covariance)
}

fn log_density(world: &World, fit: &Fit, parameters: &[f64]) -> f64 {
    let (mean, covariance) = moments(world, fit, parameters);
    let y: Array1<f64> = world.panel.get("y").unwrap().iter().copied().collect();
    let l = cholesky(&covariance, "covariance").unwrap();
    let white = inverse(&l, "L").unwrap().dot(&(&y - &mean));
    let logdet: f64 = l.diag().iter().map(|v| v.ln()).sum();
    -logdet - 0.5 * white.dot(&white) - 0.5 * y.len() as f64 * std::f64::consts::TAU.ln()
}

fn moved(parameters: &[f64], at: usize, by: f64) -> Vec<f64> {
    let mut moved = parameters.to_vec();
    moved[at] += by;
    moved
}

fn check(test: impl Fn(&World, &Fit, &str)) {
    for (m, weights) in [(grid(SIDE), "one W"), (queen(SIDE), "two W")] {
        let world = world(m);
        for model in [Model::Sem, Model::Sdem, Model::Sac, Model::Gns] {
            let spec = SdmSpec::new("y", ["x"]).model(model).effects(Effects::Random);
            let fit = if weights == "one W" {
                spec.fit(&world.panel, &world.w).unwrap()
            } else {
                spec.fit_with(&world.panel, &world.w, &world.m).unwrap()
            };
            assert!(fit.phi().is_some(), "{model}");
            test(&world, &fit, &format!("{model}, {weights}"));
        }
    }
}

#[test]
fn the_likelihood_is_the_density_and_has_no_slope_where_it_ends() {
    check(|world, fit, label| {
        let at = |parameters: &[f64]| log_density(world, fit, parameters);
        near(fit.log_likelihood, at(&fit.parameters), 1e-11, label);
        for (j, name) in fit.names.iter().enumerate() {
            let step = 1e-5;
            let [up, down] = [step, -step].map(|by| at(&moved(&fit.parameters, j, by)));
            assert!(((up - down) / (2.0 * step)).abs() < 1e-5, "{label}: {name}");
        }
    });
}

#[test]
fn the_information_is_that_of_the_covariance_written_out() {
    check(|world, fit, label| {
        let (_, covariance) = moments(world, fit, &fit.parameters);
        let precision = inverse(&covariance, "covariance").unwrap();
        let step = 1e-5;
        let slopes: Vec<(Array1<f64>, Array2<f64>)> = (0..fit.names.len())
            .map(|j| {
                let [up, down] =
                    [step, -step].map(|by| moments(world, fit, &moved(&fit.parameters, j, by)));
                let of_covariance = precision.dot(&((up.1 - down.1) / (2.0 * step)));
                ((up.0 - down.0) / (2.0 * step), of_covariance)
            })
            .collect();
        let p = fit.names.len();
        let information = Array2::from_shape_fn((p, p), |(a, b)| {
            let (of_a, of_b) = (&slopes[a], &slopes[b]);
            of_a.0.dot(&precision.dot(&of_b.0)) + 0.5 * (&of_a.1 * &of_b.1.t()).sum()
        });
        let expected = inverse(&information, "information").unwrap();
        for a in 0..p {
            for b in 0..p {
                let scale = (expected[[a, a]] * expected[[b, b]]).sqrt();
                let off = (fit.covariance[[a, b]] - expected[[a, b]]) / scale;
                assert!(off.abs() < 1e-6, "{label}: {} {} {off}", fit.names[a], fit.names[b]);
            }
        }
    });
}

#[test]
fn more_lags_never_fit_worse_and_start_from_the_same_ends() {
    let world = world(queen(SIDE));
    let fit = |model| {
        let spec = SdmSpec::new("y", ["x"]).model(model).effects(Effects::Random);
        spec.fit_with(&world.panel, &world.w, &world.m).map(|fit| fit.log_likelihood)
    };
    let lag = SdmSpec::new("y", ["x"]).model(Model::Sar).effects(Effects::Random);
    let lag = lag.fit(&world.panel, &world.w).unwrap().log_likelihood;
    let (error, both, all) = (fit(Model::Sem), fit(Model::Sac), fit(Model::Gns));
    let (error, both, all) = (error.unwrap(), both.unwrap(), all.unwrap());
    assert!(both >= error - 1e-9 && both >= lag - 1e-9 && all >= both - 1e-9);
}
