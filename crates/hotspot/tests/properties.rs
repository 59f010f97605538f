//! What must hold of global and local statistics for any variable.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests, with a few units")]

mod common;

use common::{agree, cases, ids};
use durbin_core::Silent;
use durbin_hotspot::{
    Assumption, Cluster, Error, GlobalOptions, GlobalTest, Join, LocalOptions, Sampling,
    bivariate_moran, geary, general_g, join_counts, local_geary, local_moran, moran,
};
use durbin_weights::{Transform, Weights};
use proptest::prelude::*;

fn tests(x: &[f64], w: &Weights) -> Vec<GlobalTest> {
    let normal = GlobalOptions { assumption: Assumption::Normality, ..GlobalOptions::default() };
    let random = GlobalOptions::default();
    [normal, random]
        .iter()
        .flat_map(|options| [moran(x, w, options, &Silent), geary(x, w, options, &Silent)])
        .map(Result::unwrap)
        .collect()
}

fn z(tests: &[GlobalTest]) -> Vec<f64> {
    tests.iter().map(|test| test.z).collect()
}

fn local(x: &[f64], w: &Weights) -> [Vec<f64>; 2] {
    let options = LocalOptions::default();
    let moran = local_moran(x, w, &options, &Silent).unwrap();
    [moran.z, local_geary(x, w, &options, &Silent).unwrap().z]
}

/// The z of every test of `x`, global and local, one after the other.
fn all(x: &[f64], w: &Weights) -> Vec<f64> {
    [z(&tests(x, w)), local(x, w).concat()].concat()
}

proptest! {
    #[test]
    fn a_constant_added_and_a_factor_change_no_z((x, w) in cases(), shift in -1e3..1e3, factor in 0.1..10.0) {
        let changed: Vec<f64> = x.iter().map(|x| factor * x + shift).collect();
        let opposite: Vec<f64> = x.iter().map(|x| -x).collect();
        let (before, scale) = (all(&x, &w), 1e-7);
        prop_assert!(agree(&all(&changed, &w), &before, scale * (1.0 + before.iter().fold(0.0, |m: f64, z| m.max(z.abs())))));
        prop_assert!(agree(&all(&opposite, &w), &before, scale));
    }

    #[test]
    fn the_order_of_units_changes_nothing((x, w) in cases()) {
        let order: Vec<usize> = (0..x.len()).rev().collect();
        let (turned_x, turned_w) = (order.iter().map(|&i| x[i]).collect::<Vec<_>>(), w.select(&order));
        prop_assert!(agree(&z(&tests(&turned_x, &turned_w)), &z(&tests(&x, &w)), 1e-9));
        for (mut turned, straight) in local(&turned_x, &turned_w).into_iter().zip(local(&x, &w)) {
            turned.reverse();
            prop_assert!(agree(&turned, &straight, 1e-7));
        }
    }

    #[test]
    fn local_morans_add_up_to_the_global_one((x, w) in cases()) {
        let n = x.len() as f64;
        for w in [w.transform(Transform::Row).unwrap(), w] {
            let s0: f64 = (0..x.len()).map(|i| w.row(i).1.iter().sum::<f64>()).sum();
            let local = local_moran(&x, &w, &LocalOptions::default(), &Silent).unwrap();
            let global = moran(&x, &w, &GlobalOptions::default(), &Silent).unwrap();
            let sum: f64 = local.i.iter().sum();
            prop_assert!((sum - (n - 1.0) * s0 / n * global.value).abs() < 1e-9 * s0);
        }
    }

    #[test]
    fn local_gearys_add_up_to_the_global_one((x, w) in cases()) {
        let s0 = w.n_links() as f64;
        let local = local_geary(&x, &w, &LocalOptions::default(), &Silent).unwrap();
        let global = geary(&x, &w, &GlobalOptions::default(), &Silent).unwrap();
        prop_assert!((local.c.iter().sum::<f64>() - 2.0 * s0 * global.value).abs() < 1e-9 * s0);
    }

    #[test]
    fn join_counts_add_up_to_all_joins((x, w) in cases()) {
        let words: Vec<String> = x.iter().map(|x| format!("{}", (x.abs() % 3.0).floor())).collect();
        prop_assume!(words.iter().any(|word| word != &words[0]));
        for sampling in [Sampling::NonFree, Sampling::Free] {
            let counts = join_counts(&words, &w, sampling, &GlobalOptions::default(), &Silent).unwrap();
            let sum = |pick: fn(&durbin_hotspot::JoinCount) -> f64, different: bool| -> f64 {
                let kept = |join: &&durbin_hotspot::JoinCount| match join.join {
                    Join::Same(_) => true,
                    Join::Between(..) => !different,
                    Join::Different => different,
                };
                counts.joins.iter().filter(kept).map(pick).sum()
            };
            let joins = w.n_links() as f64 / 2.0;
            for different in [true, false] {
                prop_assert!((sum(|join| join.value, different) - joins).abs() < 1e-9);
                prop_assert!((sum(|join| join.expected, different) - joins).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn islands_have_no_local_statistic_and_are_told() {
    let rows =
        vec![vec![(1, 1.0)], vec![(0, 1.0), (2, 1.0)], vec![(1, 1.0)], vec![], vec![(3, 1.0)]];
    let w = Weights::from_rows(ids(5), rows, "test");
    let x = [1.0, 2.0, 4.0, 8.0, 3.0];
    let options = LocalOptions { permutations: 19, ..LocalOptions::default() };
    let moran = local_moran(&x, &w, &options, &Silent).unwrap();
    assert!(moran.i[3].is_nan() && moran.p_sim.as_ref().unwrap()[3].is_nan());
    assert_eq!((moran.quadrants[3], moran.clusters[3]), (None, Cluster::Neighborless));
    assert!(moran.warnings[0].to_string().contains("1 (003)"));
    let names: Vec<String> = moran.columns("V_").into_iter().map(|column| column.name).collect();
    assert_eq!(
        names,
        [
            "V_lisa_i",
            "V_lisa_z",
            "V_lisa_p",
            "V_lisa_quadrant",
            "V_lisa_neighbors",
            "V_lisa_cluster",
            "V_lisa_label",
            "V_lisa_p_sim",
            "V_lisa_z_sim"
        ]
    );
    assert_eq!(moran.style("V_").field(), "V_lisa_cluster");
    assert_eq!(moran.counts()["Neighborless"], 1);
    let geary = local_geary(&x, &w, &options, &Silent).unwrap();
    assert_eq!(geary.columns("")[0].name, "geary_c");
    assert_eq!(geary.style("").field(), "geary_cluster");
    assert_eq!(geary.counts()["Neighborless"], 1);
}

#[test]
fn a_self_link_is_left_out_and_told() {
    let rows = vec![
        vec![(1, 1.0), (0, 5.0)],
        vec![(0, 1.0), (2, 1.0)],
        vec![(1, 1.0), (3, 1.0)],
        vec![(2, 1.0)],
    ];
    let with = Weights::from_rows(ids(4), rows.clone(), "test");
    let rows: Vec<Vec<(u32, f64)>> = rows
        .into_iter()
        .enumerate()
        .map(|(i, row)| row.into_iter().filter(|&(j, _)| j as usize != i).collect())
        .collect();
    let without = Weights::from_rows(ids(4), rows, "test");
    let x = [1.0, 2.0, 4.0, 3.5];
    let (ours, plain) = (tests(&x, &with), tests(&x, &without));
    assert!(agree(&z(&ours), &z(&plain), 0.0));
    assert!(ours[0].warnings[0].to_string().contains("self links are left out: 1 (000)"));
    assert!(plain[0].warnings.is_empty());
}

#[test]
fn general_g_says_that_it_has_no_variance_under_normality() {
    let w = common::lattice(3);
    let x: Vec<f64> = (0..9).map(f64::from).collect();
    let options = GlobalOptions { assumption: Assumption::Normality, ..GlobalOptions::default() };
    let g = general_g(&x, &w, &options, &Silent).unwrap();
    assert_eq!(g.assumption, Assumption::Randomization);
    assert!(g.warnings[0].to_string().contains("randomization is used"));
}

#[test]
fn data_without_a_statistic_are_refused_by_name() {
    let w = common::lattice(2);
    let global = GlobalOptions::default();
    let refused = |x: &[f64]| moran(x, &w, &global, &Silent).unwrap_err();
    assert_eq!(refused(&[1.0]), Error::Length { values: 1, units: 4 });
    assert!(matches!(refused(&[1.0, 1.0, 1.0, 1.0]), Error::Constant { .. }));
    assert!(
        matches!(refused(&[1.0, f64::NAN, 1.0, 1.0]), Error::NotFinite { id, .. } if id == "001")
    );
    let x = [1.0, 2.0, 3.0, 5.0];
    let lonely = Weights::from_rows(ids(4), vec![Vec::new(); 4], "none");
    assert_eq!(moran(&x, &lonely, &global, &Silent).unwrap_err(), Error::NoLinks);
    assert_eq!(bivariate_moran(&x, &x, &lonely, &global, &Silent).unwrap_err(), Error::NoLinks);
    let error = general_g(&[1.0, -2.0, 3.0, 4.0], &w, &global, &Silent).unwrap_err();
    assert!(matches!(error, Error::Negative { id, .. } if id == "001"));
    let error = general_g(&[0.0, 0.0, 3.0, 0.0], &w, &global, &Silent).unwrap_err();
    assert_eq!(error, Error::NoPairs);
    let error = join_counts(&["a"; 4], &w, Sampling::Free, &global, &Silent).unwrap_err();
    assert_eq!(error, Error::Categories { count: 1, most: 100 });
    let three =
        Weights::from_rows(ids(3), vec![vec![(1, 1.0)], vec![(2, 1.0)], vec![(0, 1.0)]], "ring");
    let error = moran(&[1.0, 2.0, 4.0], &three, &global, &Silent).unwrap_err();
    assert!(matches!(error, Error::TooFewUnits { needed: 4, n: 3, .. }));
    let error = local_moran(&x, &w, &level(2.0), &Silent).unwrap_err();
    assert_eq!(error, Error::Level { level: 2.0 });
}

fn level(level: f64) -> LocalOptions {
    let significance = durbin_hotspot::Significance { level, ..Default::default() };
    LocalOptions { significance, ..LocalOptions::default() }
}

#[test]
fn a_statistic_that_no_arrangement_changes_has_no_z() {
    // Of every two of five units exactly one has the other as neighbour.
    let rows = [[1, 3], [2, 4], [0, 3], [1, 4], [0, 2]];
    let rows = rows.iter().map(|row| row.iter().map(|&j| (j, 1.0)).collect()).collect();
    let w = Weights::from_rows(ids(5), rows, "made");
    for factor in [1.0, 8.241_348_095_017_61, 1e-6] {
        let x = [0.0, 489.367, -286.966, 742.904, 0.0].map(|x| factor * x + 316.203);
        for test in tests(&x, &w) {
            assert!(test.z.is_nan() && test.variance <= 0.0, "{} {}", test.z, test.variance);
        }
    }
}
