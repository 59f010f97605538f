//! The study of Hunan, on simulated figures.

use durbin::io::{Source, read_table, read_units};

use crate::support::{Scratch, json, refused, repository};

fn run(scratch: &Scratch) -> (serde_json::Value, String) {
    let out = scratch.path("out");
    (json(&["run", &repository("data/hunan/study.toml"), "--out", &out]), out)
}

#[test]
fn the_whole_study_runs_and_says_simulated_everywhere() {
    let scratch = Scratch::new();
    let (outcome, out) = run(&scratch);
    assert_eq!((&outcome["n_units"], &outcome["n_periods"]), (&121.into(), &11.into()));
    assert!(outcome["title"].as_str().unwrap().contains("simulated"));
    assert_eq!(outcome["hotspots"].as_array().unwrap().len(), 5);
    let geopackage = format!("{out}/study.gpkg");
    for layer in ["V_2012", "V_2017", "V_2022", "hotspot_V", "hotspot_T", "effects"] {
        let units = read_units(&Source::new(&geopackage).layer(layer)).unwrap();
        assert_eq!(units.len(), 121, "{layer}");
        assert_eq!(units.layer.column("data").unwrap().key(0).as_deref(), Some("simulated"));
    }
    for table in ["V_weights", "P_weights", "V_index", "preparation", "coefficients", "impacts"] {
        let table = read_table(&Source::new(&geopackage).layer(table)).unwrap();
        assert_eq!(table.column("data").unwrap().key(0).as_deref(), Some("simulated"));
    }
    let weights = read_table(&Source::new(&geopackage).layer("V_weights")).unwrap();
    assert_eq!(weights.len(), 15);
    assert!(weights.column("weight_2022").is_ok() && weights.column("weight_2011").is_err());
    let sum: f64 = weights.column("weight").unwrap().numbers().unwrap().iter().sum();
    assert!((sum - 1.0).abs() < 1e-12);
    let read = |file: &str| std::fs::read_to_string(format!("{out}/{file}")).unwrap();
    for file in [
        "report.html",
        "tables/V_weights.md",
        "maps/V_2012.svg",
        "maps/hotspot_C.svg",
        "maps/figure_3.svg",
        "maps/figure_4.svg",
    ] {
        assert!(read(file).contains("simulated"), "{file}");
    }
    // Three years side by side, a row for each flow: the scores of four indices in three years as circles.
    let figure = read("maps/figure_3.svg");
    assert!(figure.matches("(Circles: ").count() > 4 * 3 * 100);
    for heading in ["2012, population flow", "2022, technology flow"] {
        assert!(figure.contains(heading), "{heading}");
    }
    let report = read("report.html");
    for folder in ["tables", "maps"] {
        let files = std::fs::read_dir(format!("{out}/{folder}")).unwrap();
        for path in files.map(|file| file.unwrap().path()) {
            // Pictures of dots and packed documents hold no words to look for; each has a twin that does.
            if path.extension().is_some_and(|end| end != "png" && end != "docx") {
                let said = std::fs::read_to_string(&path).unwrap().contains("simulated");
                assert!(said, "{}", path.display());
            }
        }
    }
    let captions = report.split("<caption>").skip(1).map(|rest| rest.split("</caption>").next());
    let figures =
        report.split("<figcaption>").skip(1).map(|rest| rest.split("</figcaption>").next());
    let captions: Vec<&str> = captions.chain(figures).flatten().collect();
    assert!(captions.len() > 25, "{}", captions.len());
    for caption in captions {
        assert!(caption.contains("(simulated data)"), "{caption}");
    }
    // Every input is named with its hash, in the report, in the manifest and in the history of layers.
    let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).unwrap();
    let inputs = manifest["inputs"].as_array().unwrap();
    let files: Vec<&str> = inputs.iter().map(|input| input["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["study.toml", "hunan_counties.gpkg", "panel.csv", "codes.csv"]);
    // GDAL does not show the table of metadata as a layer; its text stands in the file as it is.
    let bytes = std::fs::read(&geopackage).unwrap();
    let stored = String::from_utf8_lossy(&bytes);
    for input in inputs {
        let hash = format!("SHA-256 {}", input["sha256"].as_str().unwrap());
        assert!(report.contains(&hash) && stored.contains(&hash), "{input}");
    }
    assert!(report.contains("less is better") && report.contains("[[index.dimension]]"));
    // What is said of a test follows from its p-value.
    let tests = read_table(&Source::new(&geopackage).layer("sdm_tests")).unwrap();
    let p = tests.column("p_value").unwrap().numbers().unwrap();
    let of_normal = (0..tests.len())
        .find(|&row| tests.column("test").unwrap().key(row).as_deref() == Some("Jarque-Bera"));
    let verdict =
        if p[of_normal.unwrap()] < 0.05 { "It is rejected" } else { "It is not rejected" };
    assert!(report.contains(&format!("The null is: normal errors. {verdict}")));
    // 4 counties under the code they had before, 6 + 7 + 8 + 10 years from 2011 on.
    assert!(report.contains("keys that changed, by codes.csv (31 values of 1 variable)"));
    for said in [
        "composed of 15 indicators in 4 dimensions",
        "less is better of pesticide per hectare and fertiliser per hectare",
        "rural value is explained by its own lag",
        "“System GMM” takes each unit by itself; “GMM with neighbours” has W × population flow, W × capital flow, W × information flow, \
         W × technology flow and W × rural value in its equation",
        "weights of neighbours: queen, rows sum to one",
        "in interactions: P is population flow, C is capital flow, I is information flow, T is technology flow",
        "The figures are simulated.",
    ] {
        assert!(report.contains(said), "{said}");
    }
}

/// The truth has neighbours' flows and value in it: GMM that sees them agrees with the spatial Durbin model about the county's own
/// flows, GMM that does not see them takes a part of theirs for its own.
#[test]
fn what_neighbours_do_is_taken_for_the_countys_own_where_they_are_left_out() {
    let scratch = Scratch::new();
    let (outcome, _) = run(&scratch);
    let of = |model: &serde_json::Value, name: &str| {
        let all = model["coefficients"].as_array().unwrap();
        let one = all.iter().find(|one| one["name"] == name).unwrap();
        (one["estimate"].as_f64().unwrap(), one["std_error"].as_f64().unwrap())
    };
    let (sdm, gmm) = (&outcome["models"][1], outcome["gmm"].as_array().unwrap());
    let apart = |model: &serde_json::Value, name: &str| {
        let ((a, a_error), (b, b_error)) = (of(model, name), of(sdm, name));
        (a - b).abs() / a_error.hypot(b_error)
    };
    for name in ["P", "C", "I", "T", "W*P", "W*C", "W*I", "W*T"] {
        assert!(apart(&gmm[1], name) < 2.0, "{name}: {}", apart(&gmm[1], name));
    }
    let (rho, error) = of(&gmm[1], "W*V");
    assert!((rho - sdm["rho"]["estimate"].as_f64().unwrap()).abs() < 2.0 * error);
    assert!(apart(&gmm[0], "C") > 4.0, "{}", apart(&gmm[0], "C"));
    assert!(gmm[1]["tests"]["wald_neighbours"]["p_value"].as_f64().unwrap() < 1e-6);
    assert_eq!(gmm[1]["weights"]["n"], 121);
}

#[test]
fn the_tables_and_figures_of_the_paper_stand_under_their_numbers() {
    let scratch = Scratch::new();
    let (_, out) = run(&scratch);
    let report = std::fs::read_to_string(format!("{out}/report.html")).unwrap();
    let mut last = 0;
    for heading in [
        "<b>Table 3.</b> Descriptive statistics of rural value and the flows of factors (simulated data)",
        "<b>Table 4.</b> Rural value and the flows of factors: dynamic panel, GMM without and with neighbours (simulated data)",
        "<b>Table 5.</b> Rural value and the flows of factors: spatial Durbin model (simulated data)",
        "<b>Table 6.</b> Direct, indirect and total effects of the flows of factors (simulated data)",
        "<b>Figure 3.</b> Rural value and the flows of factors, 2012, 2017 and 2022 (simulated data)",
        "<b>Figure 4.</b> Hot and cold spots of change, 2012–2022 (simulated data)",
    ] {
        assert_eq!(report.matches(heading).count(), 1, "{heading}");
        let at = report.find(heading).unwrap();
        assert!(at > last, "{heading} is out of order");
        last = at;
    }
    for label in ["<b>Table A1.</b>", "<b>Figure A1.</b>"] {
        assert!(report.contains(label), "{label}");
    }
    for label in ["<b>Table 1.</b>", "<b>Figure 1.</b>"] {
        assert!(!report.contains(label), "{label} is no number of the paper's");
    }
    let markdown = std::fs::read_to_string(format!("{out}/tables/impacts.md")).unwrap();
    assert!(markdown.contains("Table 6. Direct, indirect"), "{markdown}");
    // Table 3 is what the panel says: 121 counties × 11 years, min and max of its column.
    let read =
        |name: &str| read_table(&Source::new(format!("{out}/study.gpkg")).layer(name)).unwrap();
    let (table, panel) = (read("descriptives"), read("panel"));
    let names: Vec<_> =
        (0..5).map(|row| table.column("variable").unwrap().key(row).unwrap()).collect();
    assert_eq!(names, ["V", "P", "C", "I", "T"]);
    let of = |name: &str, row: usize| table.column(name).unwrap().numbers().unwrap()[row];
    for (row, name) in names.iter().enumerate() {
        let values = panel.column(name).unwrap().numbers().unwrap();
        assert_eq!((values.len(), of("observations", row)), (1331, 1331.0));
        let mean = values.iter().sum::<f64>() / 1331.0;
        let squares = values.iter().map(|v| v * v).sum::<f64>();
        let sd = ((squares - 1331.0 * mean * mean) / 1330.0).sqrt();
        assert!((of("mean", row) - mean).abs() < 1e-12 && (of("std_dev", row) - sd).abs() < 1e-12);
        assert_eq!(of("min", row), values.iter().copied().fold(f64::INFINITY, f64::min));
        assert_eq!(of("max", row), values.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    }
}

#[test]
fn what_holds_a_county_back_adds_up_to_what_its_score_lacks() {
    let scratch = Scratch::new();
    let (_, out) = run(&scratch);
    let read =
        |name: &str| read_table(&Source::new(format!("{out}/study.gpkg")).layer(name)).unwrap();
    let (parts, scores, weights) = (read("V_parts"), read("V_index"), read("V_weights"));
    let weight = weights.column("weight").unwrap().numbers().unwrap();
    let names: Vec<_> =
        (0..15).map(|row| weights.column("indicator").unwrap().key(row).unwrap()).collect();
    let of = |kind: &str| -> Vec<Vec<f64>> {
        let all = names.iter().map(|name| parts.column(&format!("{kind}_{name}")).unwrap());
        all.map(|column| column.numbers().unwrap()).collect()
    };
    let (contribution, obstacle) = (of("contribution"), of("obstacle"));
    let v = scores.column("V").unwrap().numbers().unwrap();
    assert_eq!((v.len(), contribution[0].len()), (1331, 1331));
    // A score of zero has no parts, and what lacks nothing no obstacles.
    let part = |whole: f64, share: f64| if whole == 0.0 { 0.0 } else { whole * share };
    for row in 0..v.len() {
        for indicator in 0..15 {
            // Its part of the score and its part of what is lacking are all that its weight allows.
            let has = part(v[row], contribution[indicator][row]);
            let lacks = part(1.0 - v[row], obstacle[indicator][row]);
            assert!((has + lacks - weight[indicator]).abs() < 1e-12, "{row} {}", names[indicator]);
        }
    }
    let summary = read("V_obstacles");
    let most = summary.column("units_most_held_back").unwrap().numbers().unwrap();
    let last: Vec<f64> =
        obstacle[0][1210..].iter().copied().filter(|share| !share.is_nan()).collect();
    let lacking = v[1210..].iter().filter(|score| **score < 1.0).count();
    assert_eq!((most.iter().sum::<f64>(), last.len()), (lacking as f64, lacking));
    let mean = summary.column("obstacle").unwrap().numbers().unwrap();
    assert!((mean[0] - last.iter().sum::<f64>() / lacking as f64).abs() < 1e-12);
    let report = std::fs::read_to_string(format!("{out}/report.html")).unwrap();
    assert!(report.contains("obstacle degree of the indicators, means over units in 2022"));
    assert!(report.contains("rural value (t − 1)"));
}

#[test]
fn maps_in_different_classes_share_no_sheet() {
    let scratch = Scratch::new();
    let study = changed(&scratch, &[("\"hotspot_T\"]", "\"hotspot_T\", \"V_2012\"]")]);
    let message = refused(&["run", &study, "--out", &scratch.path("out")], 1);
    assert!(message.contains("other classes"), "{message}");
}

#[test]
fn the_panel_is_what_the_simulation_file_draws() {
    let scratch = Scratch::new();
    let output = scratch.path("panel.csv");
    json(&["simulate", &output, "--file", &repository("data/hunan/simulation.toml")]);
    let drawn = std::fs::read_to_string(&output).unwrap();
    assert_eq!(drawn, std::fs::read_to_string(repository("data/hunan/panel.csv")).unwrap());
}

/// The study of Hunan with its words replaced, beside its data.
pub fn changed(scratch: &Scratch, changes: &[(&str, &str)]) -> String {
    let mut study = std::fs::read_to_string(repository("data/hunan/study.toml")).unwrap();
    for file in ["hunan_counties.gpkg", "panel.csv", "codes.csv"] {
        let path = repository(&format!("data/hunan/{file}"));
        study = study.replace(&format!("\"{file}\""), &format!("{path:?}"));
    }
    for (from, to) in changes {
        assert!(study.contains(from), "{from}");
        study = study.replacen(from, to, 1);
    }
    scratch.write("study.toml", &study)
}

#[test]
fn what_is_wrong_with_a_study_is_said_in_words() {
    let scratch = Scratch::new();
    let out = scratch.path("out");
    let says = |changes: &[(&str, &str)], words: &[&str]| {
        let study = changed(&scratch, changes);
        let message = refused(&["run", &study, "--out", &out], 1);
        for word in words {
            assert!(message.contains(word), "{word}: {message}");
        }
    };
    says(
        &[("positive = [\"landlines\", ", "positive = [\"landlins\", ")],
        &["no field `landlins`", "landlines"],
    );
    says(&[("to      = 2022", "to      = 2025")], &["2025", "2011 to 2022"]);
    says(&[("negative = [\"pesticide\"", "negtive = [\"pesticide\"")], &["negtive", "line"]);
    says(
        &[(
            "[labels]",
            "[[index]]\nname = \"X\"\n[[index.indicator]]\nname = \"mobiles\"\nsign = \"up\"\n[labels]",
        )],
        &["unknown sign `up`", "line"],
    );
    says(&[("name     = \"V\"", "name     = \"P\"")], &["another variable `P`"]);
    says(&[("number = 6", "number = 5")], &["number = 5", "two tables"]);
    says(&[("name   = \"impacts\"", "name   = \"impact\"")], &["`impact` is no table", "impacts"]);
    says(&[("missing = \"error\"", "missing = \"error\"\nwithout = [\"439999\"]")], &["439999"]);
}
