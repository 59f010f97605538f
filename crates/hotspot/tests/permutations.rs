//! Permutation inference: exact distributions, uniform p-values, the same bits for any number of threads.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests, with a few units")]

mod common;

use common::{agree, ids, lattice, uniform};
use durbin_core::Silent;
use durbin_hotspot::{
    Alternative, BinsBy, Correction, GlobalOptions, LocalOptions, Options, Sampling, geary,
    general_g, gi, join_counts, local_geary, local_moran, moran,
};
use durbin_weights::{Transform, Weights};
use proptest::prelude::*;

/// Seven units with rows of one to four neighbours, weights equal in some and different in others.
fn seven() -> (Vec<f64>, Weights) {
    let rows: Vec<Vec<(u32, f64)>> = vec![
        vec![(1, 1.0), (2, 1.0)],
        vec![(0, 0.5), (3, 2.0)],
        vec![(5, 3.0)],
        vec![(0, 1.0), (1, 2.0), (6, 4.0)],
        vec![(3, 0.2), (5, 0.2), (6, 0.2), (0, 0.2)],
        vec![(6, -1.0), (2, 1.5)],
        vec![(4, 1.0), (3, 1.0), (5, 1.0)],
    ];
    (vec![3.0, 1.0, 4.0, 1.5, 9.0, 2.5, 6.0], Weights::from_rows(ids(7), rows, "made"))
}

/// All ordered samples of `k` from `from`.
fn samples(from: &[f64], k: usize) -> Vec<Vec<f64>> {
    if k == 0 {
        return vec![Vec::new()];
    }
    let first = |at: usize| {
        let rest = [&from[..at], &from[at + 1..]].concat();
        let longer = move |mut sample: Vec<f64>| {
            sample.push(from[at]);
            sample
        };
        samples(&rest, k - 1).into_iter().map(longer)
    };
    (0..from.len()).flat_map(first).collect()
}

/// The exact shares of samples at least and at most as large as what is observed.
fn exact(
    x: &[f64],
    w: &Weights,
    i: usize,
    statistic: impl Fn(f64, &[f64], &[f64]) -> f64,
) -> (f64, f64) {
    let (columns, values) = w.row(i);
    let observed: Vec<f64> = columns.iter().map(|&j| x[j as usize]).collect();
    let observed = statistic(x[i], values, &observed);
    let others: Vec<f64> = (0..x.len()).filter(|&j| j != i).map(|j| x[j]).collect();
    let all: Vec<f64> =
        samples(&others, columns.len()).iter().map(|s| statistic(x[i], values, s)).collect();
    let share = |holds: &dyn Fn(f64) -> bool| {
        all.iter().filter(|&&value| holds(value)).count() as f64 / all.len() as f64
    };
    (share(&|value| value >= observed - 1e-9), share(&|value| value <= observed + 1e-9))
}

#[test]
fn every_unit_has_the_exact_conditional_distribution() {
    let (x, w) = seven();
    let permutations = 49_999;
    let mean = x.iter().sum::<f64>() / 7.0;
    let lag = |own: f64, w: &[f64], z: &[f64]| -> f64 {
        (own - mean).signum() * w.iter().zip(z).map(|(w, z)| w * z).sum::<f64>()
    };
    let differences = |own: f64, w: &[f64], z: &[f64]| -> f64 {
        w.iter().zip(z).map(|(w, z)| w * (own - z) * (own - z)).sum()
    };
    let options = LocalOptions {
        permutations,
        alternative: Alternative::Positive,
        ..LocalOptions::default()
    };
    let moran = local_moran(&x, &w, &options, &Silent).unwrap().p_sim.unwrap();
    let geary = local_geary(&x, &w, &options, &Silent).unwrap().p_sim.unwrap();
    for i in 0..7 {
        for (ours, exact) in
            [(moran[i], exact(&x, &w, i, lag).0), (geary[i], exact(&x, &w, i, differences).1)]
        {
            let error = (exact * (1.0 - exact) / permutations as f64).sqrt();
            assert!((ours - exact).abs() <= 5.0 * error + 4e-5, "{i}: {ours} {exact}");
        }
    }
}

#[test]
fn simulations_have_the_moments_of_the_normal_tests() {
    let (x, w) = seven();
    let options = LocalOptions { permutations: 29_999, ..LocalOptions::default() };
    let moran = local_moran(&x, &w, &options, &Silent).unwrap();
    let geary = local_geary(&x, &w, &options, &Silent).unwrap();
    let pairs = [(moran.z, moran.z_sim.unwrap()), (geary.z, geary.z_sim.unwrap())];
    for (z, z_sim) in pairs {
        for (z, z_sim) in z.iter().zip(z_sim) {
            let error = ((1.0 + z * z) / 29_999.0).sqrt();
            assert!((z - z_sim).abs() < 5.0 * error, "{z} {z_sim}");
        }
    }
}

#[test]
fn equal_weights_and_nearly_equal_ones_give_the_same_p() {
    // The first go by shared sums, the others draw by draw.
    let equal = lattice(12);
    let rows = (0..144).map(|i| {
        let (columns, values) = equal.row(i);
        let nudged = |at: usize| if at == 0 { 1.0 + 1e-13 } else { 1.0 };
        (0..values.len()).map(|at| (columns[at], nudged(at))).collect()
    });
    let nudged = Weights::from_rows(ids(144), rows.collect(), "queen");
    let mut next = uniform(8);
    let x: Vec<f64> = (0..144).map(|_| next()).collect();
    let options = LocalOptions { permutations: 499, ..LocalOptions::default() };
    for statistic in [true, false] {
        let run = |w: &Weights| {
            if statistic {
                let local = local_moran(&x, w, &options, &Silent).unwrap();
                (local.p_sim.unwrap(), local.z_sim.unwrap())
            } else {
                let local = local_geary(&x, w, &options, &Silent).unwrap();
                (local.p_sim.unwrap(), local.z_sim.unwrap())
            }
        };
        let ((p, z), (nudged_p, nudged_z)) = (run(&equal), run(&nudged));
        assert_eq!(p, nudged_p);
        assert!(agree(&z, &nudged_z, 1e-9));
    }
}

#[test]
fn results_are_the_same_bits_for_any_number_of_threads() {
    let w = lattice(40);
    let row = w.transform(Transform::Row).unwrap();
    let mut next = uniform(3);
    let x: Vec<f64> = (0..1600).map(|_| next()).collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let local = LocalOptions { permutations: 199, ..LocalOptions::default() };
            let global = GlobalOptions { permutations: 99, ..GlobalOptions::default() };
            let spots = Options { permutations: 199, ..Options::default() };
            (
                local_moran(&x, &row, &local, &Silent).unwrap(),
                local_geary(&x, &w, &local, &Silent).unwrap(),
                gi(&x, &w, &spots, &Silent).unwrap(),
                moran(&x, &row, &global, &Silent).unwrap(),
                geary(&x, &w, &global, &Silent).unwrap(),
                general_g(&x, &w, &global, &Silent).unwrap(),
            )
        })
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(5));
}

#[test]
fn under_randomness_p_values_are_uniform_and_the_false_discovery_rate_keeps_its_level() {
    let w = lattice(15);
    let (seeds, level) = (300, 0.10);
    let mut small = [[0_u32; 2]; 4];
    let mut discoveries = 0_u32;
    for seed in 0..seeds {
        let mut next = uniform(seed);
        let x: Vec<f64> = (0..225).map(|_| next() + next() + next()).collect();
        let local = LocalOptions { permutations: 99, seed, ..LocalOptions::default() };
        let spots =
            Options { correction: Correction::Fdr, permutations: 99, seed, ..Options::default() };
        let gi = gi(&x, &w, &spots, &Silent).unwrap();
        let moran = local_moran(&x, &w, &local, &Silent).unwrap();
        let geary = local_geary(&x, &w, &local, &Silent).unwrap();
        // One unit a map: neighbours share values.
        let p = [
            gi.p[112],
            gi.p_sim.unwrap()[112],
            moran.p_sim.unwrap()[112],
            geary.p_sim.unwrap()[112],
        ];
        for (small, p) in small.iter_mut().zip(p) {
            small[0] += u32::from(p <= level);
            small[1] += u32::from(p <= 0.5);
        }
        // With nothing to be found every discovery is false: maps with any are at most 10 %.
        discoveries += u32::from(gi.bins.iter().any(|&bin| bin != Some(0)));
    }
    // Binomial sd: 5.2 around 30, 8.7 around 150.
    for counts in small {
        assert!(counts[0].abs_diff(30) <= 26 && counts[1].abs_diff(150) <= 43, "{small:?}");
    }
    assert!(discoveries <= 30 + 26, "{discoveries}");
}

#[test]
fn global_permutations_have_the_moments_of_randomisation() {
    let w = lattice(8);
    let mut next = uniform(5);
    let x: Vec<f64> = (0..64).map(|_| next().powi(3) * 10.0).collect();
    let words: Vec<&str> = x.iter().map(|&x| if x > 4.0 { "high" } else { "low" }).collect();
    let options = GlobalOptions { permutations: 9999, ..GlobalOptions::default() };
    let close = |z: f64, z_sim: f64| (z - z_sim).abs() < 5.0 * ((1.0 + z * z) / 9999.0).sqrt();
    for statistic in [moran, geary, general_g] {
        let test = statistic(&x, &w, &options, &Silent).unwrap();
        assert!(close(test.z, test.z_sim.unwrap()), "{test:?}");
        let error = 5.0 * (test.p_value / 9999.0).sqrt() + 0.05;
        assert!((test.p_value - test.p_sim.unwrap()).abs() < error, "{test:?}");
    }
    let counts = join_counts(&words, &w, Sampling::NonFree, &options, &Silent).unwrap();
    for join in &counts.joins {
        assert!((join.p_value - join.p_sim.unwrap()).abs() < 0.1, "{join:?}");
    }
}

#[test]
fn bins_by_permutations_follow_p_sim() {
    let w = lattice(10);
    let mut next = uniform(4);
    let x: Vec<f64> = (0..100).map(|i| next() + if i < 30 { 1.0 } else { 0.0 }).collect();
    let options = Options { permutations: 999, bins: BinsBy::Permutations, ..Options::default() };
    let gi = gi(&x, &w, &options, &Silent).unwrap();
    let p_sim = gi.p_sim.unwrap();
    let strength = |p: f64| i8::from(p <= 0.1) + i8::from(p <= 0.05) + i8::from(p <= 0.01);
    assert!((0..100).all(|i| gi.bins[i].unwrap().abs() == strength(p_sim[i])));
    assert!(gi.bins.contains(&Some(3)));
}

proptest! {
    #[test]
    fn the_opposite_variable_has_the_same_p_sim((x, w) in common::cases()) {
        let opposite: Vec<f64> = x.iter().map(|x| -x).collect();
        let options = LocalOptions { permutations: 49, ..LocalOptions::default() };
        let p = |x: &[f64]| local_moran(x, &w, &options, &Silent).unwrap().p_sim.unwrap();
        prop_assert!(agree(&p(&x), &p(&opposite), 0.0));
    }
}
