//! The methods of the log-determinant lead to the same estimates.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::Panel;
use durbin_sdm::{BiasCorrection, Effects, Fit, LogDeterminant, Model, SdmSpec};
use durbin_weights::{Transform, Weights};
use support::{
    near,
    simulate::{Random, Simulation, Truth, grid, ids},
};

/// Each unit's four neighbours of a `side × side` torus but one.
fn one_way(side: usize) -> Weights {
    let row = |i: usize| {
        let (x, y) = (i % side, i / side);
        let all = [(x + 1, y), (x + side - 1, y), (x, y + 1), (x, y + side - 1)];
        let links = all.map(|(x, y)| u32::try_from(y % side * side + x % side).unwrap());
        (0..4).filter(|k| !(i + k).is_multiple_of(4)).map(|k| (links[k], 1.0)).collect()
    };
    let n = side * side;
    let w = Weights::from_rows(ids(n), (0..n).map(row).collect(), "one-way");
    w.transform(Transform::Row).unwrap()
}

fn simulated(w: &Weights, t: usize) -> Panel {
    let truth = Truth { rho: 0.4, lambda: 0.2, beta: 1.0, theta: -0.5, sigma: 1.0 };
    Simulation::new(truth, w).panel(t, &mut Random::new(11))
}

fn fit(w: &Weights, panel: &Panel, spec: &SdmSpec, method: LogDeterminant) -> Fit {
    spec.clone().log_determinant(method).fit(panel, w).unwrap()
}

#[test]
fn eigenvalues_and_factorisations_give_the_same_fit_and_effects() {
    for w in [grid(9), one_way(8)] {
        let panel = simulated(&w, 5);
        for model in [Model::Sar, Model::Sem, Model::Sdm, Model::Sdem] {
            for correction in
                [BiasCorrection::None, BiasCorrection::LeeYu, BiasCorrection::Transform]
            {
                let spec = SdmSpec::new("y", ["x"])
                    .model(model)
                    .effects(Effects::TwoWays)
                    .bias_correction(correction);
                let a = fit(&w, &panel, &spec, LogDeterminant::Eigen);
                let b = fit(&w, &panel, &spec, LogDeterminant::Sparse);
                for (at, name) in a.names.iter().enumerate() {
                    near(b.parameters[at], a.parameters[at], 1e-8, name);
                    near(b.covariance[[at, at]].sqrt(), a.covariance[[at, at]].sqrt(), 1e-8, name);
                }
                near(b.log_likelihood, a.log_likelihood, 1e-10, "log-likelihood");
                let (a, b) = (a.per_unit().unwrap(), b.per_unit().unwrap());
                for (a, b) in a.effects.iter().zip(&b.effects) {
                    for (a, b) in [
                        (&a.direct, &b.direct),
                        (&a.spill_in, &b.spill_in),
                        (&a.spill_out, &b.spill_out),
                    ] {
                        for (a, b) in a.iter().zip(b) {
                            near(b.estimate, a.estimate, 1e-8, "effect");
                            near(b.std_error, a.std_error, 1e-8, "its error");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_stochastic_log_determinant_says_so_and_comes_near() {
    let w = grid(20);
    let panel = simulated(&w, 3);
    let spec = SdmSpec::new("y", ["x"]);
    let exact = fit(&w, &panel, &spec, LogDeterminant::Sparse);
    let found = fit(&w, &panel, &spec, LogDeterminant::Lanczos);
    let rho = |fit: &Fit| fit.rho().unwrap();
    near(rho(&found).estimate, rho(&exact).estimate, 0.01, "rho");
    near(rho(&found).std_error, rho(&exact).std_error, 0.005, "its error");
    let convergence = &found.convergence;
    assert_eq!(convergence.log_determinant, Some("stochastic Lanczos quadrature"));
    assert!(convergence.log_determinant_error.unwrap() > 0.0);
    let (a, b) = (exact.impacts().unwrap(), found.impacts().unwrap());
    near(b.rows[0].total.estimate, a.rows[0].total.estimate, 0.05, "total effect");
    assert!(found.per_unit().is_err());
}

#[test]
fn threads_do_not_change_a_bit_of_a_large_fit() {
    let w = grid(22);
    let panel = simulated(&w, 3);
    let spec = SdmSpec::new("y", ["x"]);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let fit = spec.fit(&panel, &w).unwrap();
            assert_eq!(
                fit.convergence.log_determinant,
                Some("sparse Cholesky decomposition, interpolated between Chebyshev nodes")
            );
            (fit.parameters.clone(), fit.covariance.clone(), fit.per_unit().unwrap())
        })
    };
    assert_eq!(run(1), run(3));
}
