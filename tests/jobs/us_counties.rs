//! The study of US counties, on real data as they came: invalid polygons, a county without a polygon, missing values,
//! counties outside of the map.

use crate::support::{Scratch, json, repository};

#[test]
fn the_study_runs_and_says_what_its_write_up_says() {
    let scratch = Scratch::new();
    let out = scratch.path("out");
    let outcome = json(&["run", &repository("data/us_counties/study.toml"), "--out", &out]);
    assert_eq!((&outcome["n_units"], &outcome["n_periods"]), (&2186.into(), &17.into()));
    let warnings = outcome["warnings"].as_array().unwrap();
    for noticed in [
        "left out of the panel, as the study says: 10",
        "`rpcincmaint` is missing, left out: 1 (48301)",
        "invalid geometry, repaired on reading: 20",
        "no geometry: 1 (51610)",
        "linked to the nearest unit, by representative points: 8",
    ] {
        let said = |warning: &serde_json::Value| warning.as_str().unwrap().contains(noticed);
        assert!(warnings.iter().any(said), "{noticed}: {warnings:?}");
    }
    // Maps of thousands of counties share their borders, so that the report stays a file to send.
    let report = std::fs::read_to_string(format!("{out}/report.html")).unwrap();
    assert!(report.len() < 5_000_000, "{} bytes", report.len());
    let borders = report.matches("<path id=\"s").count();
    assert!(borders > 2000 && report.matches("<use href=\"#s").count() >= 2 * borders);
    let write_up = std::fs::read_to_string(repository("docs/us-counties.md")).unwrap();
    let model = &outcome["models"][0];
    let printed =
        |number: &serde_json::Value| format!("{:.3}", number.as_f64().unwrap()).replace('-', "−");
    let impacts = model["impacts"].as_array().unwrap();
    assert_eq!(impacts.len(), 3);
    for row in impacts {
        for effect in ["direct", "indirect", "total"] {
            let of = &row[effect];
            let words = format!("{} ({})", printed(&of["estimate"]), printed(&of["std_error"]));
            assert!(write_up.contains(&words), "{} {effect}: {words}", row["variable"]);
        }
    }
    let (_, carried) = write_up.split_once("**Who carries it.**").unwrap();
    let units = model["influence"]["units"].as_array().unwrap();
    let moved = |unit: &serde_json::Value, wanted: fn(&str) -> bool| {
        let changes = unit["changes"].as_array().unwrap().iter();
        let far = |change: &serde_json::Value| change["in_se"].as_f64().unwrap().abs() > 1.0;
        changes.filter(|change| wanted(change["name"].as_str().unwrap())).any(far)
    };
    let is_effect = |name: &str| name.ends_with("direct") || name.ends_with("total");
    let named = |wanted| -> Vec<&str> {
        let far = units.iter().filter(|unit| moved(unit, wanted));
        far.map(|unit| unit["unit"].as_str().unwrap()).collect()
    };
    let (of_effects, of_rho) = (named(is_effect), named(|name| name == "rho"));
    assert_eq!((of_effects.len(), of_rho.len()), (3, 1));
    for county in of_effects.into_iter().chain(of_rho) {
        assert!(carried.contains(&format!("({county})")), "{county}");
    }
    let rho = format!("{:.3}", model["rho"]["estimate"].as_f64().unwrap());
    assert!(write_up.contains(&rho), "{rho}");
}
