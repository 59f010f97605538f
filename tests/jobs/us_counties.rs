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
    let rho = format!("{:.3}", model["rho"]["estimate"].as_f64().unwrap());
    assert!(write_up.contains(&rho), "{rho}");
}
