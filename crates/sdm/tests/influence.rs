//! The influence of single units against brute force: the stated likelihood without the unit, maximised afresh.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::{Panel, linalg};
use durbin_sdm::{
    BiasCorrection, Dynamic, Effects, Error, Influence, LogDeterminant, Model, Prepared, SdmSpec,
};
use durbin_weights::{Transform, Weights};
use ndarray::{Array1, Array2, Axis, s};
use support::{cigar, cigar_weights, columbus, near, simulate};

/// What brute force works on: `t × n` each, not demeaned.
struct Raw {
    n: usize,
    t: usize,
    y: Array2<f64>,
    z: Vec<Array2<f64>>,
    w: Array2<f64>,
}

fn dense(w: &Weights) -> Array2<f64> {
    Array2::from_shape_fn((w.n_units(), w.n_units()), |(i, j)| w.get(i, j))
}

impl Raw {
    fn new(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Self {
        let w = dense(w);
        let first = usize::from(spec.dynamic != Dynamic::None);
        let all = panel.get(&spec.y).unwrap();
        let y = all.slice(s![first.., ..]).to_owned();
        let mut z = Vec::new();
        if matches!(spec.effects, Effects::None) {
            z.push(Array2::ones(y.raw_dim()));
        }
        let before = all.slice(s![..y.nrows(), ..]).to_owned();
        if spec.dynamic != Dynamic::None {
            z.push(before);
        }
        let of = |name: &String| panel.get(name).unwrap().slice(s![first.., ..]).to_owned();
        z.extend(spec.x.iter().map(of));
        if spec.model.has_durbin_terms() {
            z.extend(spec.x.iter().map(|name| of(name).dot(&w.t())));
        }
        Self { n: y.ncols(), t: y.nrows(), y, z, w }
    }

    /// Without a unit, and the means of the others taken out.
    fn within(&self, v: &Array2<f64>, effects: Effects, unit: Option<usize>) -> Array1<f64> {
        let kept: Vec<usize> = (0..self.n).filter(|i| Some(*i) != unit).collect();
        let mut v = v.select(Axis(1), &kept);
        if effects.of_units() {
            let means = v.mean_axis(Axis(0)).unwrap();
            v -= &means;
        }
        if effects.of_periods() {
            let means = v.mean_axis(Axis(1)).unwrap();
            v -= &means.insert_axis(Axis(1));
        }
        v.iter().copied().collect()
    }
}

fn regress(z: &[Array1<f64>], y: &Array1<f64>) -> (Array1<f64>, Array1<f64>) {
    let z = Array2::from_shape_fn((y.len(), z.len()), |(i, j)| z[j][i]);
    let inverse = linalg::inverse(&z.t().dot(&z), "z'z").unwrap();
    let coefficients = inverse.dot(&z.t().dot(y));
    let residuals = y - &z.dot(&coefficients);
    (coefficients, residuals)
}

/// Diagonal and column sums of a power of W.
struct Power {
    diagonal: Array1<f64>,
    sums: Array1<f64>,
}

/// Powers enough for ρ up to 0.7 and 16 digits.
fn powers(w: &Weights) -> Vec<Power> {
    let w = dense(w);
    let mut power = Array2::eye(w.nrows());
    let mut next = || {
        power = power.dot(&w);
        Power { diagonal: power.diag().to_owned(), sums: power.sum_axis(Axis(0)) }
    };
    (0..110).map(|_| next()).collect()
}

/// Coefficients and the spatial parameter at the maximum of the likelihood without a unit.
fn brute_force(
    spec: &SdmSpec,
    panel: &Panel,
    w: &Weights,
    powers: &[Power],
    unit: Option<usize>,
) -> Vec<f64> {
    let raw = Raw::new(spec, panel, w);
    let lag = |v: &Array2<f64>| v.dot(&raw.w.t());
    let within = |v: &Array2<f64>| raw.within(v, spec.effects, unit);
    let (y, wy) = (within(&raw.y), within(&lag(&raw.y)));
    let z: Vec<_> = raw.z.iter().map(within).collect();
    let wz: Vec<_> = raw.z.iter().map(|v| within(&lag(v))).collect();
    let transform = spec.bias_correction == BiasCorrection::Transform;
    let dynamic = spec.dynamic != Dynamic::None && spec.effects.of_units();
    let centred = spec.effects.of_periods() && (transform || dynamic);
    let periods = raw.t - usize::from(transform && spec.effects.of_units());
    let all = (raw.n - usize::from(centred)) as f64 * periods as f64;
    let counted = all * (1.0 - if unit.is_some() { 1.0 / raw.n as f64 } else { 0.0 });
    // (G)_ii = Σ ρ^k (W^k+1)_ii, or of PGP.
    let shares = |rho: f64| -> f64 {
        let mut sum = 0.0;
        for (k, power) in powers.iter().enumerate() {
            let diagonal = if centred {
                &power.diagonal - &(&power.sums / raw.n as f64)
            } else {
                power.diagonal.clone()
            };
            let left = diagonal.sum() - unit.map_or(0.0, |unit| diagonal[unit]);
            sum += rho.powi(i32::try_from(k).unwrap()) * left;
        }
        sum
    };
    let error = matches!(spec.model, Model::Sem | Model::Sdem);
    let at = |spatial: f64| {
        if error {
            let filtered: Vec<_> = z.iter().zip(&wz).map(|(z, wz)| z - &(wz * spatial)).collect();
            let (coefficients, e) = regress(&filtered, &(&y - &(&wy * spatial)));
            let lagged = wz.iter().zip(&coefficients).fold(wy.clone(), |v, (wz, c)| v - wz * *c);
            (coefficients, e, lagged)
        } else {
            let (coefficients, e) = regress(&z, &(&y - &(&wy * spatial)));
            (coefficients, e, wy.clone())
        }
    };
    if matches!(spec.model, Model::Ols | Model::Slx) {
        return at(0.0).0.to_vec();
    }
    let slope = |spatial: f64| {
        let (_, e, lagged) = at(spatial);
        counted * e.dot(&lagged) / e.dot(&e) - periods as f64 * shares(spatial)
    };
    let (mut low, mut high) = (-0.5, 0.7);
    assert!(slope(low) > 0.0 && slope(high) < 0.0);
    for _ in 0..48 {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 { low = middle } else { high = middle }
    }
    at(low).0.iter().copied().chain([low]).collect()
}

fn influence(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Influence {
    let prepared = Prepared::by(w, spec.log_determinant);
    let fit = spec.fit_prepared(panel, &prepared).unwrap();
    fit.influence(panel, &prepared, None).unwrap()
}

/// Every parameter, without each of `units`.
fn compare(spec: &SdmSpec, panel: &Panel, w: &Weights, units: impl Iterator<Item = usize>) {
    let found = influence(spec, panel, w);
    let powers = powers(w);
    let whole = brute_force(spec, panel, w, &powers, None);
    assert_eq!(found.parameters.len(), whole.len());
    for unit in units {
        let without = brute_force(spec, panel, w, &powers, Some(unit));
        for (change, (after, before)) in found.parameters.iter().zip(without.iter().zip(&whole)) {
            let what = format!(
                "{} {} {:?} without {unit}: {}",
                spec.model, spec.effects, spec.bias_correction, change.name
            );
            near(
                change.changes[unit] / change.std_error,
                (after - before) / change.std_error,
                1e-7,
                &what,
            );
        }
    }
}

#[test]
fn leaving_out_a_neighbourhood_of_columbus_is_its_likelihood_maximised_without_it() {
    let (panel, w) = columbus();
    for model in [Model::Ols, Model::Slx, Model::Sar, Model::Sem, Model::Sdm, Model::Sdem] {
        let spec = SdmSpec::new("CRIME", ["INC", "HOVAL"]).model(model).effects(Effects::None);
        compare(&spec, &panel, &w, 0..49);
        let sparse = spec.log_determinant(LogDeterminant::Sparse);
        compare(&sparse, &panel, &w, [3, 16, 33].into_iter());
    }
}

#[test]
fn leaving_out_a_state_takes_its_rows_from_the_panel_before_effects_are_removed() {
    let (panel, w) = (cigar(), cigar_weights());
    for model in [Model::Slx, Model::Sdm, Model::Sdem] {
        for effects in [Effects::None, Effects::Unit, Effects::Time, Effects::TwoWays] {
            let spec = SdmSpec::new("logc", ["logp", "logy"]).model(model).effects(effects);
            for kind in [BiasCorrection::LeeYu, BiasCorrection::Transform] {
                compare(&spec.clone().bias_correction(kind), &panel, &w, [0, 27, 45].into_iter());
            }
        }
    }
}

#[test]
fn leaving_out_a_state_of_a_dynamic_model_leaves_the_first_period_a_lag() {
    let (panel, w) = (cigar(), cigar_weights());
    for effects in [Effects::Unit, Effects::TwoWays] {
        let spec = SdmSpec::new("logc", ["logp", "logy"]).effects(effects).dynamic(Dynamic::Time);
        compare(&spec, &panel, &w, [0, 27, 45].into_iter());
    }
}

/// Effects, at the parameters that brute force finds, from the inverse itself.
#[test]
fn changes_of_effects_are_those_of_the_inverse_at_either_estimate() {
    let (panel, w) = columbus();
    let spec = SdmSpec::new("CRIME", ["INC", "HOVAL"]).effects(Effects::None);
    let found = influence(&spec, &panel, &w);
    let powers = powers(&w);
    let effects = |parameters: &[f64]| -> Vec<f64> {
        let w = dense(&w);
        let s = linalg::inverse(&(Array2::eye(49) - &w * parameters[5]), "s").unwrap();
        let of = |k: usize| {
            let e = &s * parameters[1 + k] + s.dot(&w) * parameters[3 + k];
            let (direct, total) = (e.diag().sum() / 49.0, e.sum() / 49.0);
            [direct, total - direct, total]
        };
        [of(0), of(1)].concat()
    };
    let before = effects(&brute_force(&spec, &panel, &w, &powers, None));
    for unit in 0..49 {
        let after = effects(&brute_force(&spec, &panel, &w, &powers, Some(unit)));
        for (k, change) in found.effects.iter().enumerate() {
            near(change.changes[unit], after[k] - before[k], 1e-8, &change.name);
        }
    }
}

/// A unit with an outlier of its own is found, and its influence is that on ρ and on what it blows up.
#[test]
fn a_planted_outlier_is_the_most_influential_unit() {
    let w = simulate::grid(8);
    let mut panel = simulate::empty(64, 1);
    let mut random = simulate::Random::new(7);
    let x = random.normals(1, 64);
    let y = &x * 2.0 + random.normals(1, 64);
    panel.insert("x", x);
    panel.insert("y", y.clone());
    let spec = SdmSpec::new("y", ["x"]).model(Model::Sar).effects(Effects::None);
    let before = influence(&spec, &panel, &w);
    let mut planted = y;
    planted[[0, 27]] += 12.0;
    panel.insert("y", planted);
    let after = influence(&spec, &panel, &w);
    assert_ne!(before.most(1), [27]);
    let [first, second] = after.most(2)[..] else { unreachable!() };
    assert!(first == 27 && after.cook[27] > 3.0 * after.cook[second], "{:?}", after.cook);
}

#[test]
fn a_unit_without_which_a_regressor_does_not_vary_has_no_influence_but_is_named() {
    let w = simulate::grid(5);
    let mut panel = simulate::empty(25, 1);
    let mut random = simulate::Random::new(3);
    let x = random.normals(1, 25);
    let mut only = Array2::zeros((1, 25));
    only[[0, 7]] = 1.0;
    panel.insert("y", &x + &random.normals(1, 25));
    panel.insert("x", x);
    panel.insert("only", only);
    let spec = SdmSpec::new("y", ["x", "only"]).model(Model::Sar).effects(Effects::None);
    let found = influence(&spec, &panel, &w);
    let lost: Vec<usize> = (0..25).filter(|&i| found.cook[i].is_nan()).collect();
    assert_eq!(lost, [7]);
    assert!(found.warnings[0].to_string().contains("00007"), "{}", found.warnings[0]);
}

#[test]
fn models_whose_likelihood_does_not_divide_are_refused_with_a_reason() {
    let (panel, w) = (cigar(), cigar_weights());
    let spec = SdmSpec::new("logc", ["logp"]).bias_correction(BiasCorrection::None);
    for (spec, word) in [
        (spec.clone().effects(Effects::Random), "random effects"),
        (spec.clone().model(Model::Sac), "two log-determinants"),
        (spec.log_determinant(LogDeterminant::Lanczos), "stochastic"),
    ] {
        let prepared = Prepared::by(&w, spec.log_determinant);
        let fit = spec.fit_prepared(&panel, &prepared).unwrap();
        let error = fit.influence(&panel, &prepared, None).unwrap_err();
        assert!(matches!(error, Error::NoInfluence { why } if why.contains(word)), "{error}");
    }
}

/// Without a unit, its neighbours' weights standardised anew.
fn removed(panel: &Panel, w: &Weights, unit: usize) -> (Panel, Weights) {
    let kept: Vec<usize> = (0..w.n_units()).filter(|&i| i != unit).collect();
    let place = |i: usize| kept.iter().position(|&k| k == i).map(|at| u32::try_from(at).unwrap());
    let row = |&i: &usize| {
        let (columns, values) = w.row(i);
        let links = columns.iter().zip(values);
        links.filter_map(|(&j, &v)| Some((place(j as usize)?, v))).collect()
    };
    let ids: Vec<String> = kept.iter().map(|&i| panel.ids[i].clone()).collect();
    let rows = kept.iter().map(row).collect();
    let w = Weights::from_rows(ids, rows, "removed").transform(Transform::Row).unwrap();
    let mut panel = panel.clone();
    panel.keep_units(&kept);
    (panel, w)
}

/// Leaving out a unit's equation is not removing the unit: its neighbours keep it among their neighbours. The two agree closely
/// about who is influential, not in every digit.
#[test]
fn removing_a_unit_from_the_map_moves_rho_much_as_leaving_it_out_does() {
    let spec = SdmSpec::new("CRIME", ["INC", "HOVAL"]).effects(Effects::None);
    let states = SdmSpec::new("logc", ["logp", "logy"]);
    for (model, (panel, w), spec) in [
        (Model::Sar, columbus(), spec.clone()),
        (Model::Sdm, columbus(), spec),
        (Model::Sdm, (cigar(), cigar_weights()), states),
    ] {
        let spec = spec.model(model).bias_correction(BiasCorrection::None);
        let found = influence(&spec, &panel, &w);
        let change = found.parameters.iter().find(|change| change.name == "rho").unwrap();
        let whole = spec.fit(&panel, &w).unwrap().rho().unwrap().estimate;
        let really: Vec<f64> = (0..w.n_units())
            .map(|unit| {
                let (panel, w) = removed(&panel, &w, unit);
                spec.fit(&panel, &w).unwrap().rho().unwrap().estimate - whole
            })
            .collect();
        let n = really.len() as f64;
        let deviations = |v: &[f64]| Array1::from(v.to_vec()) - v.iter().sum::<f64>() / n;
        let (left_out, removed) = (deviations(&change.changes), deviations(&really));
        let sizes = left_out.dot(&left_out) * removed.dot(&removed);
        // 0.83, 0.89 and 0.83: docs/choosing-a-model.md.
        let correlation = left_out.dot(&removed) / sizes.sqrt();
        assert!((0.8..0.95).contains(&correlation), "{model}: {correlation}");
        let most = found.most(1)[0];
        assert!((really[most] / change.changes[most] - 1.0).abs() < 0.25, "{model}");
    }
}
