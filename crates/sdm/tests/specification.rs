//! Tests of a specification against Elhorst (2014), spatialreg, splm, plm and spreg.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use durbin_core::{Distribution, Panel, TestStat};
use durbin_sdm::{BiasCorrection, Dynamic, Effects, LogDeterminant, Model, Prepared, SdmSpec};
use durbin_weights::Weights;
use serde_json::Value;
use support::{
    cigar, cigar_weights, columbus, near, neighbourhoods, produc, produc_weights, repository,
};

fn expected() -> Value {
    let path = repository("tests/reference/specification/expected.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn tests(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Vec<TestStat> {
    let fit = spec.fit(panel, w).unwrap();
    fit.tests(panel, &Prepared::new(w)).unwrap().tests
}

fn named<'a>(tests: &'a [TestStat], name: &str) -> &'a TestStat {
    tests.iter().find(|test| test.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn value(tests: &[TestStat], name: &str) -> f64 {
    named(tests, name).statistic.unwrap_or_else(|| panic!("{:?}", named(tests, name)))
}

/// Every entry of a map of names to values is found within `tolerance`.
fn all_near(found: &[TestStat], expected: &Value, suffix: &str, tolerance: f64) {
    let map = expected.as_object().unwrap();
    assert!(!map.is_empty());
    for (name, number) in map {
        let name = format!("{name}{suffix}");
        near(value(found, &name), number.as_f64().unwrap(), tolerance, &name);
    }
}

const EFFECTS: [(Effects, &str, &str); 4] = [
    (Effects::None, "none", "no effects"),
    (Effects::Unit, "unit", "unit effects"),
    (Effects::Time, "time", "period effects"),
    (Effects::TwoWays, "twoways", "two-way effects"),
];

fn cigarettes() -> SdmSpec {
    SdmSpec::new("logc", ["logp", "logy"])
}

#[test]
fn the_sixteen_lm_statistics_of_elhorst_come_out_to_the_printed_digits() {
    // Elhorst (2014), table 3.2: LM lag, LM error, robust LM lag, robust LM error.
    let printed = [
        ("no effects", [66.47, 153.04, 58.26, 144.84]),
        ("unit effects", [136.43, 255.72, 29.51, 148.80]),
        ("period effects", [44.04, 62.86, 0.33, 19.15]),
        ("two-way effects", [46.90, 54.65, 1.16, 8.91]),
    ];
    let found = tests(&cigarettes(), &cigar(), &cigar_weights());
    for (effects, digits) in printed {
        let suffix =
            if effects == "two-way effects" { String::new() } else { format!(", {effects}") };
        let names = ["LM lag", "LM error", "Robust LM lag", "Robust LM error"];
        for (name, digits) in names.iter().zip(digits) {
            let found = value(&found, &format!("{name}{suffix}"));
            // splm has 255.71499922 too, where the book prints 255.72.
            assert!((found - digits).abs() <= 0.005_001, "{name}{suffix}: {found} for {digits}");
        }
    }
}

#[test]
fn lr_of_unit_and_period_effects_are_those_of_elhorst() {
    let found = tests(&cigarettes(), &cigar(), &cigar_weights());
    for (name, digits, df) in [("LR unit effects", 2315.7, 46.0), ("LR time effects", 473.1, 30.0)]
    {
        assert!((value(&found, name) - digits).abs() <= 0.05, "{}", value(&found, name));
        assert_eq!(named(&found, name).distribution, durbin_core::Distribution::ChiSquared(df));
    }
}

#[test]
fn lm_statistics_of_panels_are_those_of_splm() {
    let expected = expected();
    let (panel, w) = (produc(), produc_weights());
    let spec = SdmSpec::new("lgsp", ["lpcap", "lpc", "lemp", "unemp"]);
    for (effects, word, _) in EFFECTS {
        let correction = match effects {
            Effects::None => BiasCorrection::None,
            _ => BiasCorrection::LeeYu,
        };
        let spec = |spec: SdmSpec| spec.effects(effects).bias_correction(correction);
        let found = tests(&spec(cigarettes()), &cigar(), &cigar_weights());
        all_near(&found, &expected["cigar"]["lm"][word], "", 1e-8);
        let found = tests(&spec(spec_of_produc()), &panel, &w);
        all_near(&found, &expected["produc"]["lm"][word], "", 1e-8);
        for (other, word, words) in EFFECTS {
            if other != effects {
                all_near(&found, &expected["produc"]["lm"][word], &format!(", {words}"), 1e-8);
            }
        }
    }
    assert_eq!(spec.x.len(), 4);
}

fn spec_of_produc() -> SdmSpec {
    SdmSpec::new("lgsp", ["lpcap", "lpc", "lemp", "unemp"])
}

#[test]
fn lr_and_wald_of_the_durbin_model_match_an_exact_implementation() {
    let expected = expected();
    let (panel, w) = (cigar(), cigar_weights());
    for (effects, word, _) in &EFFECTS[1..] {
        for (correction, name) in [
            (BiasCorrection::None, "none"),
            (BiasCorrection::LeeYu, "lee-yu"),
            (BiasCorrection::Transform, "transform"),
        ] {
            let spec = cigarettes().effects(*effects).bias_correction(correction);
            let found = tests(&spec, &panel, &w);
            all_near(&found, &expected["cigar"]["nested"][word][name], "", 1e-7);
        }
    }
}

#[test]
fn the_durbin_model_is_tested_whatever_model_is_asked_for() {
    let (panel, w) = (cigar(), cigar_weights());
    let sdm = tests(&cigarettes(), &panel, &w);
    let sar = tests(&cigarettes().model(Model::Sar), &panel, &w);
    for name in ["LR SDM vs SAR", "Wald SDM vs SEM", "LM lag", "Hausman"] {
        near(value(&sar, name), value(&sdm, name), 1e-9, name);
    }
}

#[test]
fn cross_sections_match_spatialreg_and_spreg() {
    let expected = expected();
    let gal = neighbourhoods(
        "tests/reference/specification/columbus_gal.csv",
        "tests/reference/specification/columbus_gal_w.csv",
    );
    for (name, (panel, w)) in [("columbus", columbus()), ("columbus_gal", gal)] {
        let spec = SdmSpec::new("CRIME", ["INC", "HOVAL"])
            .effects(Effects::None)
            .bias_correction(BiasCorrection::None);
        let ols = tests(&spec.clone().model(Model::Ols), &panel, &w);
        // spatialreg finds rho by a search with tolerance 1.5e-8.
        all_near(&ols, &expected[name]["ols"], "", 1e-6);
        let sar = tests(&spec.clone().model(Model::Sar), &panel, &w);
        near(
            value(&sar, "Koenker"),
            expected[name]["sar"]["Koenker"].as_f64().unwrap(),
            1e-6,
            name,
        );
        for (model, word) in [(Model::Sar, "sar"), (Model::Sdm, "sdm")] {
            let found = value(&tests(&spec.clone().model(model), &panel, &w), "Moran of residuals");
            let lm = expected[name][word]["LM of residuals"].as_f64().unwrap();
            near(found * found, lm, 1e-6, word);
        }
        if name == "columbus_gal" {
            // Anselin (1988).
            assert_eq!(format!("{:.2}", value(&ols, "LM lag")), "9.36");
            assert_eq!(format!("{:.2}", value(&ols, "LM error")), "5.72");
        }
        assert!(ols.iter().all(|test| !test.name.contains("Hausman")));
    }
}

#[test]
fn least_squares_against_the_error_model_is_the_hausman_test_of_spatialreg() {
    let path = repository("tests/reference/columbus_xsec/expected.json");
    let all: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (panel, w) = columbus();
    for (model, word) in [(Model::Sem, "sem"), (Model::Sdem, "sdem")] {
        let entry = all.iter().find(|entry| entry["model"] == word).unwrap();
        let expected = entry["spatial_hausman"]["statistic"].as_f64().unwrap();
        let df = entry["spatial_hausman"]["df"].as_f64().unwrap();
        let spec = SdmSpec::new("CRIME", ["INC", "HOVAL"]).model(model).effects(Effects::None);
        let found = tests(&spec, &panel, &w);
        // spatialreg finds lambda by a search with tolerance 1.5e-8.
        near(value(&found, "Spatial Hausman"), expected, 1e-6, word);
        let distribution = &named(&found, "Spatial Hausman").distribution;
        assert_eq!(*distribution, Distribution::ChiSquared(df));
    }
    let of_lag = tests(&cigarettes(), &cigar(), &cigar_weights());
    assert!(of_lag.iter().all(|test| test.name != "Spatial Hausman"));
}

#[test]
fn hausman_cd_and_serial_correlation_are_those_of_plm() {
    let expected = &expected()["produc"];
    let (panel, w) = (produc(), produc_weights());
    let of = |effects, correction| {
        let spec = spec_of_produc().model(Model::Ols).effects(effects).bias_correction(correction);
        tests(&spec, &panel, &w)
    };
    let number = |name: &str| expected[name].as_f64().unwrap();
    let unit = of(Effects::Unit, BiasCorrection::None);
    near(value(&unit, "Hausman"), number("Hausman"), 1e-7, "Hausman");
    near(value(&unit, "Pesaran CD"), number("CD unit"), 1e-9, "CD");
    near(value(&unit, "Local CD"), number("Local CD unit"), 1e-9, "local CD");
    near(value(&unit, "Wooldridge serial correlation"), number("Wooldridge unit"), 1e-8, "AR");
    let none = of(Effects::None, BiasCorrection::None);
    near(value(&none, "Pesaran CD"), number("CD none"), 1e-9, "CD");
    let two = of(Effects::TwoWays, BiasCorrection::None);
    near(value(&two, "Pesaran CD"), number("CD twoways"), 1e-9, "CD");
    // It tends to −√(t/2) under period effects, whatever the truth.
    assert_eq!(named(&two, "Pesaran CD").p_value(), None);
    assert!(named(&two, "Pesaran CD").reason.as_ref().unwrap().contains("Juodis"));
}

#[test]
fn tests_do_not_depend_on_the_scale_of_the_regressors() {
    let (panel, w) = (cigar(), cigar_weights());
    let mut scaled = panel.clone();
    scaled.insert("logp", panel.get("logp").unwrap() * 1e6);
    let (a, b) = (tests(&cigarettes(), &panel, &w), tests(&cigarettes(), &scaled, &w));
    for (a, b) in a.iter().zip(&b) {
        assert_eq!(a.name, b.name);
        if let (Some(x), Some(y)) = (a.statistic, b.statistic) {
            near(y, x, 1e-6, &a.name);
        }
    }
}

#[test]
fn where_a_test_cannot_be_computed_it_says_why() {
    let (panel, w) = (cigar(), cigar_weights());
    let spec = cigarettes().durbin(durbin_sdm::Durbin::Only(vec!["logp".into()]));
    let found = tests(&spec, &panel, &w);
    let sem = named(&found, "LR SDM vs SEM");
    assert!(sem.statistic.is_none() && sem.reason.as_ref().unwrap().contains("every regressor"));
    assert!(named(&found, "LR SDM vs SAR").p_value().is_some());
    assert_eq!(
        found.iter().filter(|test| test.name.starts_with("Moran of residuals, ")).count(),
        30
    );
}

#[test]
fn a_comparison_holds_the_single_fits_and_ends_in_a_verdict() {
    let (panel, w) = (cigar(), cigar_weights());
    let comparison = cigarettes().compare(&panel, &Prepared::new(&w)).unwrap();
    let models = [Model::Ols, Model::Slx, Model::Sar, Model::Sem, Model::Sdm, Model::Sdem];
    assert!(comparison.failed.is_empty() && comparison.models.len() == models.len());
    for (one, model) in comparison.models.iter().zip(models) {
        let single = cigarettes().model(model).fit(&panel, &w).unwrap();
        assert_eq!((&one.fit.parameters, one.fit.bic), (&single.parameters, single.bic));
    }
    let sum: f64 = comparison.models.iter().map(|one| one.probability).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    // LR rejects SAR (15.9) and SEM (8.6), so the Durbin model stays.
    assert_eq!(comparison.verdict.model, Some(Model::Sdm));
    assert!(comparison.verdict.sentence.contains("15.90"), "{}", comparison.verdict.sentence);
}

#[test]
fn nagelkerke_is_that_of_spatialreg() {
    let (panel, w) = columbus();
    let spec = SdmSpec::new("CRIME", ["INC", "HOVAL"])
        .effects(Effects::None)
        .bias_correction(BiasCorrection::None);
    let comparison = spec.compare(&panel, &Prepared::new(&w)).unwrap();
    let of = |model| comparison.models.iter().find(|one| one.fit.spec.model == model).unwrap();
    // NagelkerkeR2 of lagsarlm, its Durbin version, and errorsarlm.
    near(of(Model::Sar).r_squared_nagelkerke, 0.630_584_925_478_272_8, 1e-8, "sar");
    near(of(Model::Sdm).r_squared_nagelkerke, 0.645_861_703_520_801_6, 1e-8, "sdm");
    near(of(Model::Sem).r_squared_nagelkerke, 0.614_007_846_922_632_6, 1e-8, "sem");
}

const OF_RESIDUALS: [&str; 5] =
    ["Moran of residuals", "Jarque-Bera", "Breusch-Pagan", "Koenker", "Pesaran CD"];

#[test]
fn residuals_of_two_lags_random_effects_and_lags_in_time_are_tested() {
    let (panel, w) = (cigar(), cigar_weights());
    let of = |spec: &SdmSpec| tests(spec, &panel, &w);
    let spec = cigarettes().bias_correction(BiasCorrection::None);
    let unit = spec.clone().effects(Effects::Unit);
    let random = spec.clone().effects(Effects::Random);
    let dynamic = unit.clone().dynamic(Dynamic::Time);
    let periods = |found: &[TestStat]| {
        found.iter().filter(|test| test.name.starts_with("Moran of residuals, ")).count()
    };
    for (spec, with_periods) in [
        (unit.clone().model(Model::Sac), 30),
        (unit.model(Model::Gns), 30),
        (random.clone().model(Model::Ols), 30),
        (random.clone().model(Model::Sar), 30),
        (random.model(Model::Sem), 30),
        (dynamic.clone(), 29),
        (dynamic.clone().model(Model::Ols), 29),
    ] {
        let found = of(&spec);
        for name in OF_RESIDUALS {
            let test = named(&found, name);
            assert!(test.p_value().is_some(), "{} {}: {test:?}", spec.model, spec.effects);
        }
        assert_eq!(periods(&found), with_periods);
        let serial = named(&found, "Wooldridge serial correlation");
        match spec.dynamic {
            Dynamic::None => assert!(serial.p_value().is_some()),
            _ => assert!(serial.reason.as_ref().unwrap().contains("Durbin 1970")),
        }
    }
}

/// Elhorst (2014) tests whether the three sum to one with their covariance.
#[test]
fn stability_of_a_dynamic_model_is_tested_with_the_covariance_of_its_three_parameters() {
    let (panel, w) = (cigar(), cigar_weights());
    let fit = cigarettes().dynamic(Dynamic::Both).fit(&panel, &w).unwrap();
    let found = fit.tests(&panel, &Prepared::new(&w)).unwrap().tests;
    let at = |name: &str| fit.names.iter().position(|known| known == name).unwrap();
    let three = [at("L.logc"), at("L.W*logc"), at("rho")];
    let sum: f64 = three.iter().map(|&i| fit.parameters[i]).sum();
    let variance: f64 = three.iter().flat_map(|&i| three.map(|j| fit.covariance[[i, j]])).sum();
    near(value(&found, "Stability"), (sum - 1.0) / variance.sqrt(), 1e-12, "Stability");
    assert!(tests(&cigarettes(), &panel, &w).iter().all(|test| test.name != "Stability"));
}

#[test]
fn moran_of_residuals_from_a_factorisation_is_that_from_the_inverse() {
    let (panel, w) = (cigar(), cigar_weights());
    for model in [Model::Sar, Model::Sem] {
        for effects in [Effects::None, Effects::Unit, Effects::TwoWays] {
            let spec = cigarettes().model(model).effects(effects);
            let by = |log_determinant| {
                let spec = spec.clone().log_determinant(log_determinant);
                let prepared = Prepared::by(&w, log_determinant);
                let fit = spec.fit_prepared(&panel, &prepared).unwrap();
                value(&fit.tests(&panel, &prepared).unwrap().tests, "Moran of residuals")
            };
            let what = format!("{model} {effects}");
            near(by(LogDeterminant::Sparse), by(LogDeterminant::Eigen), 1e-7, &what);
        }
    }
}
