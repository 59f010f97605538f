//! Global and local statistics against spdep, esda and pygeoda.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests, with a few units")]

mod common;

use common::{agree, ids, numbers, weights};
use durbin_core::Silent;
use durbin_hotspot::{
    Alternative, Assumption, Compat, GlobalOptions, GlobalTest, Join, LocalOptions, Options,
    Quadrant, Sampling, bivariate_moran, geary, general_g, gi, join_counts, local_geary,
    local_moran, moran,
};
use durbin_weights::{Transform, Weights};
use serde_json::Value;

const TOLERANCE: f64 = 1e-10;

fn spdep() -> (Value, Value) {
    (common::reference("columbus/local_g.json"), common::reference("autocorrelation/spdep.json"))
}

fn near(ours: f64, theirs: &Value, what: &str) {
    let theirs = theirs.as_f64().unwrap();
    let scale = theirs.abs().max(1.0);
    assert!((ours - theirs).abs() <= TOLERANCE * scale, "{what}: {ours} {theirs}");
}

/// Variances are small: they must agree relative to their size.
fn near_in_size(ours: f64, theirs: &Value, what: &str) {
    let theirs = theirs.as_f64().unwrap();
    assert!((ours / theirs - 1.0).abs() <= TOLERANCE, "{what}: {ours} {theirs}");
}

fn same(ours: &GlobalTest, theirs: &Value, z_sign: f64, what: &str) {
    near(ours.value, &theirs["value"], what);
    near(ours.expected, &theirs["expected"], what);
    near_in_size(ours.variance, &theirs["variance"], what);
    near(z_sign * ours.z, &theirs["z"], what);
    near(ours.p_value, &theirs["p"], what);
}

#[test]
fn global_statistics_of_columbus_are_spdeps_with_its_conventions() {
    let (data, expected) = spdep();
    let cases = expected["global"].as_object().unwrap();
    assert_eq!(cases.len(), 27);
    for (case, expected) in cases {
        let (graph, variable) = case.rsplit_once('|').unwrap();
        let (w, x) = (weights(&data, graph), numbers(&data["values"][variable]));
        let options = |statistic, assumption| {
            Compat::Spdep
                .global(GlobalOptions { assumption, ..GlobalOptions::default() }, statistic)
        };
        for (assumption, name) in
            [(Assumption::Normality, "norm"), (Assumption::Randomization, "rand")]
        {
            let i = moran(&x, &w, &options("moran", assumption), &Silent).unwrap();
            same(&i, &expected[format!("moran_{name}")], 1.0, &format!("{case} I {name}"));
            let c = geary(&x, &w, &options("geary", assumption), &Silent).unwrap();
            let theirs = &expected[format!("geary_{name}")];
            if c.islands == 0 {
                same(&c, theirs, -1.0, &format!("{case} C {name}"));
            } else {
                // Its variance of C takes n with the islands in some terms and without them in others.
                near(c.value, &theirs["value"], case);
                near(c.expected, &theirs["expected"], case);
            }
        }
        let g = general_g(&x, &w, &options("g", Assumption::Randomization), &Silent).unwrap();
        same(&g, &expected["globalG"], 1.0, &format!("{case} G"));
        let two = GlobalOptions { drop_islands: true, ..GlobalOptions::default() };
        let i = moran(&x, &w, &two, &Silent).unwrap();
        same(&i, &expected["moran_rand_two"], 1.0, &format!("{case} two-sided"));
        if let Some(kept) = expected.get("moran_rand_adjust_n_FALSE") {
            let options =
                GlobalOptions { alternative: Alternative::Positive, ..GlobalOptions::default() };
            let i = moran(&x, &w, &options, &Silent).unwrap();
            same(&i, kept, 1.0, &format!("{case} islands kept"));
        }
    }
}

#[test]
fn join_counts_of_columbus_are_spdeps() {
    let (data, expected) = spdep();
    let categories: Vec<String> = serde_json::from_value(expected["categories"].clone()).unwrap();
    let cases = expected["joins"].as_object().unwrap();
    assert_eq!(cases.len(), 9);
    for (graph, expected) in cases {
        let w = weights(&data, graph);
        let options = Compat::Spdep.global(GlobalOptions::default(), "joins");
        let counts = join_counts(&categories, &w, Sampling::NonFree, &options, &Silent).unwrap();
        assert_eq!(counts.joins.len(), 4);
        for join in &counts.joins {
            let name = match &join.join {
                Join::Same(category) => format!("{category}:{category}"),
                Join::Between(one, other) => format!("{other}:{one}"),
                Join::Different => "Jtot".to_owned(),
            };
            let (theirs, what) = (&expected[&name], format!("{graph} {name}"));
            near(join.value, &theirs["value"], &what);
            near(join.expected, &theirs["expected"], &what);
            // With islands not counted its variance of all different joins is another than that of
            // low:high, though with two categories both are the same count.
            let of =
                if counts.islands > 0 && name == "Jtot" { &expected["low:high"] } else { theirs };
            near_in_size(join.variance, &of["variance"], &what);
            near(join.z, &of["z"], &what);
        }
    }
}

#[test]
fn local_statistics_of_columbus_are_spdeps() {
    let (data, expected) = spdep();
    for (case, expected) in expected["local"].as_object().unwrap() {
        let (graph, variable) = case.rsplit_once('|').unwrap();
        let (w, x) = (weights(&data, graph), numbers(&data["values"][variable]));
        let linked: Vec<usize> = (0..49).filter(|&i| w.cardinality(i) > 0).collect();
        let of = |values: &[f64]| -> Vec<f64> { linked.iter().map(|&i| values[i]).collect() };
        let theirs = |name: &str| of(&numbers(&expected["moran"][name]));
        let options = Compat::Spdep.local(LocalOptions::default(), false);
        let ours = local_moran(&x, &w, &options, &Silent).unwrap();
        assert!(agree(&of(&ours.i), &theirs("i"), TOLERANCE), "{case}");
        assert!(agree(&of(&ours.expected), &theirs("expected"), TOLERANCE), "{case}");
        assert!(agree(&of(&ours.variance), &theirs("variance"), TOLERANCE), "{case}");
        assert!(agree(&of(&ours.z), &theirs("z"), TOLERANCE), "{case}");
        assert!(agree(&of(&ours.p), &theirs("p"), TOLERANCE), "{case}");
        for &i in &linked {
            let quadrant = match expected["quadrant"][i].as_str().unwrap() {
                "High-High" => Quadrant::HighHigh,
                "Low-Low" => Quadrant::LowLow,
                "Low-High" => Quadrant::LowHigh,
                _ => Quadrant::HighLow,
            };
            assert_eq!(ours.quadrants[i], Some(quadrant), "{case} {i}");
        }
        let ours = local_moran(&x, &w, &LocalOptions::default(), &Silent).unwrap();
        assert!(agree(&of(&ours.i), &of(&numbers(&expected["mlvar_false"])), TOLERANCE), "{case}");
        if let Some(theirs) = expected.get("geary") {
            let options = Compat::Spdep.local(LocalOptions::default(), true);
            let ours = local_geary(&x, &w, &options, &Silent).unwrap();
            assert!(agree(&of(&ours.c), &of(&numbers(theirs)), TOLERANCE), "{case}");
        }
    }
}

/// Values, binary weights and what esda and pygeoda make of them.
fn esda() -> Vec<(Vec<f64>, Weights, Value)> {
    let data = common::reference("columbus/local_g.json");
    let theirs = common::reference("autocorrelation/esda_pygeoda.json");
    let columbus = theirs["columbus"].as_object().unwrap().iter().map(|(variable, expected)| {
        (numbers(&data["values"][variable]), weights(&data, "queen|B"), expected.clone())
    });
    let topology = &theirs["topology"];
    let neighbors: Vec<Vec<u32>> = serde_json::from_value(topology["neighbors"].clone()).unwrap();
    let rows = neighbors.iter().map(|row| row.iter().map(|&j| (j, 1.0)).collect()).collect();
    let w = Weights::from_rows(ids(neighbors.len()), rows, "queen");
    columbus.chain([(numbers(&topology["values"]), w, topology["v"].clone())]).collect()
}

#[test]
fn global_statistics_are_esdas_with_its_conventions_islands_in_n() {
    for (x, binary, expected) in esda() {
        for (letter, w) in [("r", binary.transform(Transform::Row).unwrap()), ("b", binary.clone())]
        {
            for (assumption, name) in
                [(Assumption::Normality, "norm"), (Assumption::Randomization, "rand")]
            {
                let options = GlobalOptions { assumption, ..GlobalOptions::default() };
                let theirs = &expected[format!("moran_{letter}")];
                let i = moran(&x, &w, &Compat::Pysal.global(options, "moran"), &Silent).unwrap();
                near(i.value, &theirs["I"], "I");
                near(i.expected, &theirs["EI"], "EI");
                near_in_size(i.variance, &theirs[format!("VI_{name}")], "VI");
                near(i.z, &theirs[format!("z_{name}")], "z of I");
                near(i.p_value, &theirs[format!("p_{name}")], "p of I");
                let theirs = &expected[format!("geary_{letter}")];
                let c = geary(&x, &w, &Compat::Pysal.global(options, "geary"), &Silent).unwrap();
                near(c.value, &theirs["C"], "C");
                near_in_size(c.variance, &theirs[format!("VC_{name}")], "VC");
                near(c.z, &theirs[format!("z_{name}")], "z of C");
                near(c.p_value, &theirs[format!("p_{name}")], "p of C");
            }
        }
        let options = Compat::Pysal.global(GlobalOptions::default(), "g");
        let g = general_g(&x, &binary, &options, &Silent).unwrap();
        near(g.value, &expected["g_b"]["G"], "G");
        near(g.expected, &expected["g_b"]["EG"], "EG");
        near_in_size(g.variance, &expected["g_b"]["VG"], "VG");
        near(g.z, &expected["g_b"]["z_norm"], "z of G");
        near(g.p_value, &expected["g_b"]["p_norm"], "p of G");
    }
}

#[test]
fn local_statistics_are_esdas_and_geodas_with_their_conventions() {
    for (x, binary, expected) in esda() {
        let n = x.len();
        let linked: Vec<usize> = (0..n).filter(|&i| binary.cardinality(i) > 0).collect();
        let of = |values: &[f64]| -> Vec<f64> { linked.iter().map(|&i| values[i]).collect() };
        let theirs = |list: &Value| of(&numbers(list));
        for (self_included, name) in [(true, "star"), (false, "nostar")] {
            let options = Compat::Pysal.gi(Options { self_included, ..Options::default() });
            let ours = gi(&x, &binary, &options, &Silent).unwrap();
            let expected = &expected["gi"][name];
            assert!(agree(&of(&ours.z), &theirs(&expected["Zs"]), TOLERANCE));
            assert!(agree(&of(&ours.p), &theirs(&expected["p_norm"]), TOLERANCE));
        }
        let w = binary.transform(Transform::Row).unwrap();
        let options = Compat::Pysal.local(LocalOptions::default(), false);
        let ours = local_moran(&x, &w, &options, &Silent).unwrap();
        let esda = &expected["local_moran"];
        assert!(agree(&of(&ours.i), &theirs(&esda["Is"]), TOLERANCE));
        assert!(agree(&of(&ours.i), &theirs(&expected["geoda"]["moran"]["values"]), TOLERANCE));
        // esda's conditional moments are on spdep's scale, whatever its I.
        let population = LocalOptions { population_variance: true, ..options };
        let scaled = local_moran(&x, &w, &population, &Silent).unwrap();
        assert!(agree(&of(&scaled.expected), &theirs(&esda["EIc"]), TOLERANCE));
        assert!(agree(&of(&scaled.variance), &theirs(&esda["VIc"]), TOLERANCE));
        for &i in &linked {
            let quadrant = match esda["q"][i].as_u64().unwrap() {
                1 => "HH",
                2 => "LH",
                3 => "LL",
                _ => "HL",
            };
            assert_eq!(ours.quadrants[i].unwrap().name(), quadrant, "{i}");
        }
        let c = |program: Compat| {
            let options = program.local(LocalOptions::default(), true);
            of(&local_geary(&x, &w, &options, &Silent).unwrap().c)
        };
        assert!(agree(&c(Compat::Pysal), &theirs(&expected["local_geary"]), TOLERANCE));
        assert!(agree(
            &c(Compat::Geoda),
            &theirs(&expected["geoda"]["geary"]["values"]),
            TOLERANCE
        ));
    }
}

#[test]
fn islands_are_counted_as_esda_counts_them_where_it_is_right() {
    let (x, binary, _) = esda().pop().unwrap();
    let w = binary.transform(Transform::Row).unwrap();
    let kept = moran(&x, &w, &GlobalOptions::default(), &Silent).unwrap();
    // esda 2.9.0, Moran(x, w) with w.n = 15, and of the 11 units that have neighbours alone.
    assert!((kept.value - -0.522_422_125_068_436_2).abs() < 1e-12);
    let linked: Vec<usize> = (0..x.len()).filter(|&i| binary.cardinality(i) > 0).collect();
    let values: Vec<f64> = linked.iter().map(|&i| x[i]).collect();
    let dropped = moran(&values, &w.select(&linked), &GlobalOptions::default(), &Silent).unwrap();
    assert!((dropped.value - -0.414_681_376_972_646_4).abs() < 1e-12);
    // esda 2.9.0, G_Local(x, w, star = True) with binary weights: an island is compared with itself alone. Its
    // pseudo p-value there, 0.001 for every island, is of no sample: all are the island itself.
    let options = Options { permutations: 999, ..Options::default() };
    let star = gi(&x, &binary, &options, &Silent).unwrap();
    let theirs = [
        0.378_010_776_527_381,
        -0.334_326_676_069_807_15,
        0.663_390_505_195_349_1,
        0.018_135_819_986_345_676,
    ];
    for (&island, theirs) in [3, 4, 5, 13].iter().zip(theirs) {
        assert!((star.z[island] - theirs).abs() < 1e-12, "{island}: {}", star.z[island]);
    }
    let without = gi(&x, &binary, &Options { self_included: false, ..options }, &Silent).unwrap();
    assert!([3, 4, 5, 13].iter().all(|&island| without.z[island].is_nan()));
}

#[test]
fn a_mean_of_zero_or_below_changes_no_z() {
    let (x, binary, _) = esda().pop().unwrap();
    let z = |shift: f64| {
        let moved: Vec<f64> = x.iter().map(|x| x + shift).collect();
        gi(&moved, &binary, &Options::default(), &Silent).unwrap().z
    };
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    // esda's own z turns its sign below a mean of zero.
    for shift in [-mean, -100.0, 100.0] {
        assert!(agree(&z(shift), &z(0.0), 1e-10), "{shift}");
    }
}

#[test]
fn pseudo_p_values_and_clusters_are_geodas_but_for_random_error() {
    // Columbus alone: beside islands GeoDa's p-values are neither esda's nor those of all samples.
    for (x, binary, expected) in esda().into_iter().take(2) {
        let w = binary.transform(Transform::Row).unwrap();
        let options = LocalOptions { permutations: 9999, ..LocalOptions::default() };
        let i = local_moran(&x, &w, &Compat::Geoda.local(options, false), &Silent).unwrap();
        let c = local_geary(&x, &w, &Compat::Geoda.local(options, true), &Silent).unwrap();
        let moran_codes: Vec<i64> = i.clusters.iter().map(|cluster| cluster.code()).collect();
        let geary_codes: Vec<i64> = c.clusters.iter().map(|cluster| cluster.code()).collect();
        let pairs =
            [("moran", i.p_sim.unwrap(), moran_codes), ("geary", c.p_sim.unwrap(), geary_codes)];
        for (statistic, p_sim, codes) in pairs {
            let theirs = &expected["geoda"][statistic];
            for unit in 0..x.len() {
                let p = theirs["pvalues"][unit].as_f64().unwrap();
                let error = ((p * (1.0 - p)).max(1e-3) * (1.0 / 999.0 + 1.0 / 9999.0)).sqrt();
                // GeoDa's tail of local Geary is that on c's side of the mean, which of a skewed
                // distribution may be the larger one.
                let smaller = if p > 0.5 { 1.0 - p } else { p };
                let apart = (p_sim[unit] - smaller).abs();
                assert!(apart <= 5.0 * error, "{statistic} {unit}: {} {p}", p_sim[unit]);
                if (p - 0.05).abs() > 5.0 * error {
                    let code = theirs["clusters"][unit].as_i64().unwrap();
                    assert_eq!(codes[unit], code, "{statistic} {unit}");
                }
            }
        }
    }
}

#[test]
fn bivariate_moran_is_esdas_and_moran_where_both_variables_are_one() {
    let data = common::reference("columbus/local_g.json");
    let (w, income) = (weights(&data, "queen|W"), numbers(&data["values"]["INC"]));
    let crime = numbers(&data["values"]["CRIME"]);
    let options = GlobalOptions { permutations: 9999, ..GlobalOptions::default() };
    let ours = bivariate_moran(&income, &crime, &w, &options, &Silent).unwrap();
    // esda 2.9.0, Moran_BV(INC, CRIME, queen, permutations=99999): I and the sd of the simulations.
    assert!((ours.value - -0.451_622_689_406_990_1).abs() < 1e-12, "{}", ours.value);
    assert!((ours.variance.sqrt() / 0.101_065_927 - 1.0).abs() < 5.0 / (2.0 * 99_999.0_f64).sqrt());
    assert!((ours.z_sim.unwrap() - ours.z).abs() < 5.0 * ((1.0 + ours.z * ours.z) / 9999.0).sqrt());
    let both = bivariate_moran(&crime, &crime, &w, &options, &Silent).unwrap();
    let one = moran(&crime, &w, &options, &Silent).unwrap();
    assert!((both.value - one.value).abs() < 1e-14);
}
