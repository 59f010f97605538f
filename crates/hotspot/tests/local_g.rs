//! Gi and Gi* against spdep, and what must hold for any variable.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "tests, with a few dozen units and exact claims"
)]

mod common;

use common::{agree, cases, ids, numbers, weights};
use durbin_core::Silent;
use durbin_hotspot::{Error, Gi, Options, gi};
use durbin_weights::{Transform, Weights};
use proptest::prelude::*;

fn local_g(x: &[f64], w: &Weights, self_included: bool, permutations: usize) -> Gi {
    gi(x, w, &Options { self_included, permutations, ..Options::default() }, &Silent).unwrap()
}

#[test]
fn columbus_is_as_in_spdep_for_three_graphs_and_three_styles_of_weights() {
    let reference = common::reference("columbus/local_g.json");
    let cases = reference["local_g"].as_object().unwrap();
    assert_eq!(cases.len(), 27);
    for (case, expected) in cases {
        let (graph, variable) = case.rsplit_once('|').unwrap();
        let (w, x) = (weights(&reference, graph), numbers(&reference["values"][variable]));
        let star = local_g(&x, &w, true, 0);
        assert!(agree(&star.z, &numbers(&expected["gi_star"]), 1e-10), "{case}");
        let plain = local_g(&x, &w, false, 0);
        assert!(agree(&plain.z, &numbers(&expected["gi"]), 1e-10), "{case}");
    }
}

#[test]
fn permutations_have_the_moments_that_spdeps_gi_assumes() {
    // Mean and variance of Gi are those of conditional permutations without replacement, so z_sim is z
    // but for random error: 1/√N from the mean, about z/√(2N) from the standard deviation. The unit
    // keeps its value, so Gi* and Gi are permuted alike.
    let reference = common::reference("columbus/local_g.json");
    let cases = reference["local_g"].as_object().unwrap().iter();
    for (case, expected) in cases.filter(|(case, _)| case.contains("|W|")) {
        let (graph, variable) = case.rsplit_once('|').unwrap();
        let (w, x) = (weights(&reference, graph), numbers(&reference["values"][variable]));
        let z = numbers(&expected["gi"]);
        for self_included in [true, false] {
            let z_sim = local_g(&x, &w, self_included, 9999).z_sim.unwrap();
            for (ours, theirs) in z_sim.iter().zip(&z) {
                let error = ((1.0 + theirs * theirs) / 9999.0).sqrt();
                let same = (ours - theirs).abs() <= 5.0 * error;
                assert!(same || (ours.is_nan() && theirs.is_nan()), "{case}: {ours} {theirs}");
            }
        }
    }
}

#[test]
fn ranks_are_those_of_all_samples_where_these_can_be_counted() {
    let reference = common::reference("columbus/local_g.json");
    let x = numbers(&reference["values"]["CRIME"]);
    for (graph, k, units) in [("dband_small_islands|W", 1, 9), ("queen|B", 2, 5)] {
        let w = weights(&reference, graph);
        let p_sim = local_g(&x, &w, true, 9999).p_sim.unwrap();
        let small: Vec<usize> = (0..49).filter(|&i| w.cardinality(i) == k).collect();
        assert_eq!(small.len(), units);
        for i in small {
            let observed: f64 = w.row(i).0.iter().map(|&j| x[j as usize]).sum();
            let others: Vec<f64> = (0..49).filter(|&j| j != i).map(|j| x[j]).collect();
            let sums: Vec<f64> = if k == 1 {
                others
            } else {
                let pairs = (0..48).flat_map(|j| (0..j).map(move |l| (j, l)));
                pairs.map(|(j, l)| others[j] + others[l]).collect()
            };
            let share = |holds: &dyn Fn(f64) -> bool| {
                sums.iter().filter(|&&sum| holds(sum)).count() as f64 / sums.len() as f64
            };
            let at_least = share(&|sum| sum >= observed - 1e-9);
            let p = (2.0 * at_least.min(share(&|sum| sum <= observed + 1e-9))).min(1.0);
            // Twice the binomial error of a tail, five times, and the one added to the count.
            let error = 10.0 * (p / 2.0 * (1.0 - p / 2.0) / 9999.0).sqrt() + 2e-4;
            assert!((p_sim[i] - p).abs() <= error, "{graph} {i}: {} {p}", p_sim[i]);
        }
    }
}

#[test]
fn permutations_do_not_depend_on_the_number_of_threads() {
    let reference = common::reference("columbus/local_g.json");
    let (w, x) = (weights(&reference, "queen|W"), numbers(&reference["values"]["INC"]));
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| local_g(&x, &w, true, 99))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn another_seed_draws_other_permutations_and_the_same_seed_the_same() {
    let reference = common::reference("columbus/local_g.json");
    let (w, x) = (weights(&reference, "queen|B"), numbers(&reference["values"]["INC"]));
    let z_sim = |seed| {
        let options = Options { permutations: 99, seed, ..Options::default() };
        gi(&x, &w, &options, &Silent).unwrap().z_sim
    };
    assert_eq!(z_sim(1), z_sim(1));
    assert_ne!(z_sim(1), z_sim(2));
}

#[test]
fn equal_sums_count_as_ties_whatever_the_order_of_their_terms() {
    // Each neighbourhood of two draws from {0.1, 0.2, 0.3} thrice, whose sums differ in the last bit.
    let x = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.2];
    let rows = (0..10u32).map(|i| vec![((i + 1) % 10, 1.0), ((i + 2) % 10, 1.0)]).collect();
    let w = Weights::from_rows(ids(10), rows, "ring");
    let p_of = |x: &[f64]| local_g(x, &w, true, 999).p_sim.unwrap();
    let exact: Vec<f64> = x.iter().map(|x| (x * 10.0_f64).round()).collect();
    assert_eq!(p_of(&x), p_of(&exact));
}

#[test]
fn under_randomness_p_sim_is_uniform() {
    // 500 shuffles of one variable, 39 permutations each: p ≤ 0.1 and p ≤ 0.5 hold exactly that often.
    let n = 20;
    let rows = (0..n as u32).map(|i| vec![((i + 1) % 20, 1.0), ((i + 7) % 20, 1.0)]).collect();
    let w = Weights::from_rows(ids(n), rows, "ring");
    let mut state = 1u64;
    let mut small = [0u32; 2];
    for seed in 0..500 {
        let x: Vec<f64> = (0..n)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 33) as f64
            })
            .collect();
        let options = Options { permutations: 39, seed, ..Options::default() };
        let p = gi(&x, &w, &options, &Silent).unwrap().p_sim.unwrap()[0];
        small[0] += u32::from(p <= 0.1);
        small[1] += u32::from(p <= 0.5);
    }
    // Binomial sd: 6.7 around 50, 11.2 around 250.
    assert!(small[0].abs_diff(50) < 27 && small[1].abs_diff(250) < 45, "{small:?}");
}

#[test]
fn a_neighbourhood_of_everybody_has_no_z_and_is_told() {
    let rows = (0..3u32).map(|i| (0..3).filter(|&j| j != i).map(|j| (j, 0.1)).collect()).collect();
    let w = Weights::from_rows(ids(3), rows, "all");
    for self_included in [true, false] {
        let result = local_g(&[1.0, 2.0, 4.0], &w, self_included, 9);
        assert!(result.z.iter().all(|z| z.is_nan()));
        assert_eq!(result.bins, [None; 3]);
        assert!(result.warnings[0].to_string().contains("3 (000, 001, 002)"));
    }
}

#[test]
fn an_island_keeps_its_own_gi_star_and_has_no_gi() {
    let rows = vec![vec![(1, 1.0)], vec![(0, 1.0)], vec![]];
    let w = Weights::from_rows(ids(3), rows, "test");
    let x = [1.0, 2.0, 6.0];
    // By hand: z of a unit alone is (x − x̄)/s with s² of divisor n, as √((n − 1)/(n − 1)) = 1.
    let s = (14.0_f64 / 3.0).sqrt();
    assert!((local_g(&x, &w, true, 0).z[2] - 3.0 / s).abs() < 1e-14);
    assert!(local_g(&x, &w, false, 0).z[2].is_nan());
}

#[test]
fn data_without_a_statistic_are_refused_by_name() {
    let w = Weights::from_rows(ids(3), vec![vec![(1, 1.0)], vec![], vec![]], "test");
    let error = |x: &[f64]| gi(x, &w, &Options::default(), &Silent).unwrap_err();
    assert_eq!(error(&[1.0]), Error::Length { values: 1, units: 3 });
    assert!(matches!(error(&[1.0, f64::NAN, 2.0]), Error::NotFinite { id, .. } if id == "001"));
    assert_eq!(error(&[0.1 + 0.2, 0.3, 0.3]), Error::Constant { value: 0.1 + 0.2 });
    let two = Weights::from_rows(ids(2), vec![vec![(1, 1.0)], vec![(0, 1.0)]], "test");
    let plain = Options { self_included: false, ..Options::default() };
    let error = gi(&[1.0, 2.0], &two, &plain, &Silent).unwrap_err();
    assert_eq!(error, Error::TooFewUnits { statistic: "Gi", needed: 3, n: 2 });
}

proptest! {
    #[test]
    fn a_constant_added_changes_no_z((x, w) in cases(), shift in -1e3..1e3) {
        let shifted: Vec<f64> = x.iter().map(|x| x + shift).collect();
        for star in [true, false] {
            prop_assert!(agree(&local_g(&shifted, &w, star, 0).z, &local_g(&x, &w, star, 0).z, 1e-9));
        }
    }

    #[test]
    fn the_opposite_variable_swaps_hot_and_cold((x, w) in cases()) {
        let opposite: Vec<f64> = x.iter().map(|x| -x).collect();
        for star in [true, false] {
            let (ours, theirs) = (local_g(&x, &w, star, 0), local_g(&opposite, &w, star, 0));
            prop_assert!(ours.bins.iter().zip(&theirs.bins).all(|(a, b)| *a == b.map(|b| -b)));
            prop_assert!(ours.z.iter().zip(&theirs.z).all(|(a, b)| *a == -b));
        }
    }

    #[test]
    fn scaling_rows_changes_nothing((x, w) in cases()) {
        let scaled = w.transform(Transform::Row).unwrap();
        for star in [true, false] {
            prop_assert!(agree(&local_g(&x, &scaled, star, 0).z, &local_g(&x, &w, star, 0).z, 1e-12));
        }
    }

    #[test]
    fn the_order_of_units_changes_nothing((x, w) in cases()) {
        let order: Vec<usize> = (0..x.len()).rev().collect();
        let (turned_x, turned_w) = (order.iter().map(|&i| x[i]).collect::<Vec<_>>(), w.select(&order));
        for star in [true, false] {
            let mut turned = local_g(&turned_x, &turned_w, star, 0).z;
            turned.reverse();
            prop_assert!(agree(&turned, &local_g(&x, &w, star, 0).z, 1e-12));
        }
    }
}
