//! What must hold whatever the data: symmetries, identities, special cases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::Panel;
use durbin_sdm::{BiasCorrection, Durbin, Dynamic, Effects, Fit, Model, Prepared, SdmSpec, Vcov};
use durbin_weights::{Transform, Weights};
use ndarray::Array2;
use proptest::prelude::*;
use support::{
    near,
    simulate::{Random, Simulation, Truth, grid, multiplier},
};

const MODELS: [Model; 7] =
    [Model::Ols, Model::Slx, Model::Sar, Model::Sem, Model::Sdm, Model::Sdem, Model::Sac];
const EFFECTS: [Effects; 5] =
    [Effects::None, Effects::Unit, Effects::Time, Effects::TwoWays, Effects::Random];
const CORRECTIONS: [BiasCorrection; 3] =
    [BiasCorrection::None, BiasCorrection::LeeYu, BiasCorrection::Transform];

/// A simulated panel of two regressors on a 5 × 5 grid over 6 periods.
fn simulated(seed: u64) -> (Panel, Weights) {
    let w = grid(5);
    let mut random = Random::new(seed);
    let truth = Truth { rho: 0.3, lambda: 0.0, beta: 1.0, theta: -0.5, sigma: 1.0 };
    let mut panel = Simulation::new(truth, &w).panel(6, &mut random);
    let z = random.normals(6, 25);
    panel.insert("y", panel.get("y").unwrap() + &(&z * 0.7));
    panel.insert("z", z);
    (panel, w)
}

fn spec(model: Model, effects: Effects, correction: BiasCorrection) -> SdmSpec {
    SdmSpec::new("y", ["x", "z"]).model(model).effects(effects).bias_correction(correction)
}

fn choices() -> impl Strategy<Value = (u64, SdmSpec)> {
    let pick = (0..MODELS.len(), 0..EFFECTS.len(), 0..CORRECTIONS.len());
    let more = (0..DYNAMICS.len(), 0..VCOVS.len());
    (any::<u64>(), pick, more)
        .prop_map(|(seed, (m, e, c), (d, v))| {
            (seed, spec(MODELS[m], EFFECTS[e], CORRECTIONS[c]).dynamic(DYNAMICS[d]).vcov(VCOVS[v]))
        })
        .prop_filter("there is such a model", |(_, spec)| is_possible(spec))
}

const DYNAMICS: [Dynamic; 3] = [Dynamic::None, Dynamic::None, Dynamic::Both];
const VCOVS: [Vcov; 3] = [Vcov::Information, Vcov::Qml, Vcov::Cluster];

/// Whether the parts of a specification go together.
fn is_possible(spec: &SdmSpec) -> bool {
    let (two_lags, random) = (spec.model == Model::Sac, spec.effects == Effects::Random);
    let dynamic = spec.dynamic != Dynamic::None;
    let transformed = spec.bias_correction == BiasCorrection::Transform;
    !(two_lags && (random || dynamic)
        || random && (dynamic || spec.vcov != Vcov::Information)
        || dynamic && transformed && spec.effects.of_units())
}

fn agree(a: &Fit, b: &Fit, tolerance: f64) {
    assert_eq!(a.names, b.names);
    for (at, name) in a.names.iter().enumerate() {
        near(a.parameters[at], b.parameters[at], tolerance, name);
        near(a.covariance[[at, at]].sqrt(), b.covariance[[at, at]].sqrt(), tolerance, name);
    }
    near(a.log_likelihood, b.log_likelihood, tolerance, "log-likelihood");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_units_changes_nothing((seed, spec) in choices(), shift in 1_usize..25) {
        let (panel, w) = simulated(seed);
        let order: Vec<usize> = (0..25).map(|i| (i * 7 + shift) % 25).collect();
        let mut shuffled = panel.clone();
        shuffled.keep_units(&order);
        let straight = spec.fit(&panel, &w).unwrap();
        let other = spec.fit(&shuffled, &w.select(&order)).unwrap();
        agree(&straight, &other, 1e-9);
        let (straight, other) = (straight.per_unit().unwrap(), other.per_unit().unwrap());
        for (a, b) in straight.effects.iter().zip(&other.effects) {
            for (at, &unit) in order.iter().enumerate() {
                near(b.spill_out[at].estimate, a.spill_out[unit].estimate, 1e-9, "spill_out");
                near(b.direct[at].std_error, a.direct[unit].std_error, 1e-9, "direct se");
            }
        }
    }

    #[test]
    fn scaling_a_regressor_scales_its_coefficients_alone((seed, spec) in choices()) {
        let (panel, w) = simulated(seed);
        let mut scaled = panel.clone();
        scaled.insert("x", panel.get("x").unwrap() * 1000.0);
        let (a, b) = (spec.fit(&panel, &w).unwrap(), spec.fit(&scaled, &w).unwrap());
        for (at, name) in a.names.iter().enumerate() {
            let factor = if name.ends_with('x') { 1000.0 } else { 1.0 };
            near(b.parameters[at] * factor, a.parameters[at], 1e-9, name);
            let (se_a, se_b) = (a.covariance[[at, at]].sqrt(), b.covariance[[at, at]].sqrt());
            near(se_b * factor, se_a, 1e-9, name);
        }
        near(a.log_likelihood, b.log_likelihood, 1e-10, "log-likelihood");
    }

    #[test]
    fn row_standardising_twice_changes_nothing((seed, spec) in choices()) {
        let (panel, w) = simulated(seed);
        let twice = w.transform(Transform::Row).unwrap();
        agree(&spec.fit(&panel, &w).unwrap(), &spec.fit(&panel, &twice).unwrap(), 1e-8);
    }

    #[test]
    fn total_is_direct_plus_indirect_and_units_average_to_the_impacts((seed, spec) in choices()) {
        let (panel, w) = simulated(seed);
        let fit = spec.fit(&panel, &w).unwrap();
        let units = fit.per_unit().unwrap();
        for (row, unit) in fit.impacts().unwrap().rows.iter().zip(&units.effects) {
            near(row.direct.estimate + row.indirect.estimate, row.total.estimate, 1e-12, "total");
            let mean = |v: &[durbin_core::Estimate]| {
                v.iter().map(|e| e.estimate).sum::<f64>() / v.len() as f64
            };
            near(mean(&unit.direct), row.direct.estimate, 1e-12, "direct");
            near(mean(&unit.total), row.total.estimate, 1e-12, "total");
            near(mean(&unit.spill_in), row.indirect.estimate, 1e-12, "spill_in");
            near(mean(&unit.spill_out), row.indirect.estimate, 1e-12, "spill_out");
        }
    }
}

#[test]
fn with_unit_effects_correction_and_transformation_agree_on_the_estimates() {
    // Lee & Yu (2010): only σ² is biased then, and by a factor that both know.
    let (panel, w) = simulated(3);
    for model in MODELS {
        let at = |correction| spec(model, Effects::Unit, correction).fit(&panel, &w).unwrap();
        let (corrected, transformed) = (at(BiasCorrection::LeeYu), at(BiasCorrection::Transform));
        for (at, name) in corrected.names.iter().enumerate() {
            near(corrected.parameters[at], transformed.parameters[at], 1e-10, name);
        }
    }
}

#[test]
fn errors_of_unit_effects_are_those_of_numerical_derivatives() {
    let (panel, w) = simulated(7);
    let fit = spec(Model::Sdm, Effects::TwoWays, BiasCorrection::LeeYu).fit(&panel, &w).unwrap();
    let at = |name: &str| fit.names.iter().position(|known| known == name).unwrap();
    let index = [at("x"), at("W*x"), at("rho")];
    let point = index.map(|i| fit.parameters[i]);
    // Row sum less diagonal and column sum less diagonal of unit 7, a corner's neighbour.
    let spills = |[beta, theta, rho]: [f64; 3]| {
        let s = multiplier(&w, rho);
        let dense = Array2::from_shape_fn((25, 25), |(i, j)| w.get(i, j));
        let effect = &s * beta + s.dot(&dense) * theta;
        [effect.row(7).sum() - effect[[7, 7]], effect.column(7).sum() - effect[[7, 7]]]
    };
    let step = 1e-5;
    let gradient = |which: usize, j: usize| {
        let (mut up, mut down) = (point, point);
        up[j] += step;
        down[j] -= step;
        (spills(up)[which] - spills(down)[which]) / (2.0 * step)
    };
    let units = fit.per_unit().unwrap();
    let found = [units.effects[0].spill_in[7], units.effects[0].spill_out[7]];
    for (which, found) in found.into_iter().enumerate() {
        let mut variance = 0.0;
        for (j, &row) in index.iter().enumerate() {
            for (l, &column) in index.iter().enumerate() {
                variance += gradient(which, j) * fit.covariance[[row, column]] * gradient(which, l);
            }
        }
        near(found.estimate, spills(point)[which], 1e-12, "effect");
        near(found.std_error, variance.sqrt(), 1e-8, "its error");
    }
}

#[test]
fn durbin_terms_may_be_some_or_none() {
    let (panel, w) = simulated(5);
    let fit = |durbin: Durbin, model| {
        SdmSpec::new("y", ["x", "z"]).model(model).durbin(durbin).fit(&panel, &w).unwrap()
    };
    let some = fit(Durbin::Only(vec!["z".into()]), Model::Sdm);
    assert_eq!(some.names, ["x", "z", "W*z", "rho", "sigma2"]);
    agree(&fit(Durbin::None, Model::Sdm), &fit(Durbin::All, Model::Sar), 0.0);
}

#[test]
fn the_strongest_flows_are_the_largest_entries_and_carry_their_errors() {
    let (panel, w) = simulated(11);
    let fit = spec(Model::Sdm, Effects::Unit, BiasCorrection::None).fit(&panel, &w).unwrap();
    let flows = fit.flows(&w, 10).unwrap();
    assert_eq!(flows.len(), 20);
    let s = multiplier(&w, fit.rho().unwrap().estimate);
    let dense = Array2::from_shape_fn((25, 25), |(i, j)| w.get(i, j));
    let (beta, theta) = (fit.parameters[0], fit.parameters[2]);
    let mut effect = &s * beta + s.dot(&dense) * theta;
    effect.diag_mut().fill(0.0);
    let mut sizes: Vec<f64> = effect.iter().map(|v| v.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    for (flow, size) in flows.iter().take(10).zip(sizes) {
        near(flow.effect.estimate.abs(), size, 1e-12, "size");
        let at = |id: &str| id.parse::<usize>().unwrap();
        near(flow.effect.estimate, effect[[at(&flow.to), at(&flow.from)]], 1e-12, "direction");
        assert!(flow.effect.std_error > 0.0 && flow.variable == "x");
    }
    // Without lags nothing flows; with lagged regressors alone no further than to neighbours.
    let at = |model| {
        let fit = spec(model, Effects::Unit, BiasCorrection::None).fit(&panel, &w).unwrap();
        fit.flows(&w, 1000).unwrap().len()
    };
    assert_eq!((at(Model::Sem), at(Model::Slx)), (0, 2 * w.n_links()));
}

#[test]
fn simulated_errors_without_equal_row_sums_are_those_of_solves() {
    let (panel, w) = simulated(2);
    let binary = w.transform(Transform::Binary).unwrap();
    let fit = spec(Model::Sdm, Effects::Unit, BiasCorrection::None).fit(&panel, &binary).unwrap();
    let drawn = fit.simulated_impacts(&Prepared::new(&binary), 4000, 9).unwrap();
    let delta = fit.impacts().unwrap();
    for (delta, drawn) in delta.rows.iter().zip(&drawn.impacts.rows) {
        for (delta, drawn) in [(delta.direct, drawn.direct), (delta.total, drawn.total)] {
            near(delta.estimate, drawn.estimate, 0.0, "estimate");
            // First order against all orders, and 4000 draws.
            assert!((drawn.std_error / delta.std_error - 1.0).abs() < 0.15, "{delta:?} {drawn:?}");
        }
    }
}

#[test]
fn with_normal_errors_the_robust_covariances_are_on_average_that_of_the_information() {
    const PANELS: u64 = 20;
    let w = grid(6);
    let truth = Truth { rho: 0.3, lambda: 0.0, beta: 1.0, theta: -0.5, sigma: 1.0 };
    let simulation = Simulation::new(truth, &w);
    for model in [Model::Sdm, Model::Sdem] {
        let mut ratios = std::collections::BTreeMap::<(&str, String), f64>::new();
        for seed in 0..PANELS {
            let panel = simulation.panel(12, &mut Random::new(seed));
            let at = |vcov| {
                let spec = SdmSpec::new("y", ["x"]).model(model).effects(Effects::TwoWays);
                spec.vcov(vcov).fit(&panel, &w).unwrap()
            };
            let plain = at(Vcov::Information);
            for (which, vcov) in [("qml", Vcov::Qml), ("cluster", Vcov::Cluster)] {
                let robust = at(vcov);
                for (j, name) in plain.names.iter().enumerate() {
                    let ratio = robust.covariance[[j, j]] / plain.covariance[[j, j]];
                    *ratios.entry((which, name.clone())).or_default() += ratio / PANELS as f64;
                }
            }
        }
        for ((which, name), ratio) in ratios {
            // A variance over 36 clusters has a relative error of about a quarter, a mean of 20 of 5 %.
            assert!((ratio - 1.0).abs() < 0.2, "{model} {which} {name}: {ratio}");
        }
    }
}

/// By hand: with two regressors 1/(1 − r²).
#[test]
fn variance_inflation_follows_from_correlations() {
    let (panel, _) = simulated(4);
    let known = SdmSpec::new("y", ["x", "z"]).collinearity(&panel).unwrap();
    let r = known.correlations[0][1];
    let (x, z) = (panel.get("x").unwrap(), panel.get("z").unwrap());
    let (x, z) = (x - x.mean().unwrap(), z - z.mean().unwrap());
    near(r, (&x * &z).sum() / ((&x * &x).sum() * (&z * &z).sum()).sqrt(), 1e-12, "r");
    for inflation in &known.inflation {
        near(inflation.unwrap(), 1.0 / (1.0 - r * r), 1e-10, "inflation");
    }
    let mut twice = panel.clone();
    twice.insert("x2", panel.get("x").unwrap() * 2.0);
    let dependent = SdmSpec::new("y", ["x", "x2"]).collinearity(&twice).unwrap();
    assert!(dependent.inflation.iter().all(|v| v.is_none_or(|v| v > 1e12)));
}
