//! `durbin gmm` on Arellano and Bond's data.

use serde_json::Value;

use crate::support::{Scratch, json, refused, repository};

fn data() -> String {
    repository("tests/reference/gmm/abdata.csv")
}

const BASE: [&str; 6] = ["--id", "id", "--time", "year", "--y", "n"];
const README: [&str; 12] = [
    "--lags",
    "2",
    "--x",
    "w,k",
    "--gmm-style",
    "n:2-4",
    "--gmm-style",
    "w:1-3",
    "--iv-style",
    "k",
    "--estimator",
    "system",
];

fn run(panel: &str, more: &[&[&str]]) -> Value {
    json(&[&["gmm", panel][..], &BASE, &more.concat()].concat())
}

fn near(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!(
        (found - expected).abs() < 1e-6 * expected.abs().max(1.0),
        "{found} against {expected}"
    );
}

#[test]
fn arellano_and_bonds_table_comes_out_by_name() {
    let x = "w,L.w,L(0/2).k,L(0/2).ys";
    let more = [
        "--lags",
        "2",
        "--x",
        x,
        "--gmm-style",
        "y:2-",
        "--iv-style",
        x,
        "--estimator",
        "difference",
    ];
    let result = run(&data(), &[&more, &["--time-effects", "--steps", "1"]]);
    let names: Vec<&str> = result["coefficients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(names[..5], ["L.n", "L2.n", "w", "L.w", "k"]);
    assert_eq!(names[15], "year=1984");
    near(&result["coefficients"][0]["estimate"], 0.686_226_148);
    near(&result["coefficients"][0]["std_error"], 0.144_594_250_6);
    assert_eq!((result["n_obs"].as_u64(), result["n_groups"].as_u64()), (Some(611), Some(140)));
    assert_eq!(result["n_instruments"], 41);
    let tests = &result["tests"];
    near(&tests["ar1"]["statistic"], -3.599_590_873);
    near(&tests["sargan"]["statistic"], 67.587_954_31);
    assert_eq!(tests["sargan"]["df"], 25.0);
    near(&tests["hansen"]["statistic"], 31.381_427_66);
    assert!(result["conventions"]["h"].is_string() || result["conventions"].is_array());
}

#[test]
fn shuffled_rows_and_text_keys_change_nothing() {
    let scratch = Scratch::new();
    let text = std::fs::read_to_string(data()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let head = lines.remove(0);
    let straight = run(&data(), &[&README]);
    lines.reverse();
    let shuffled = scratch.write("shuffled.csv", &format!("{head}\n{}\n", lines.join("\n")));
    assert_eq!(run(&shuffled, &[&README])["coefficients"], straight["coefficients"]);
    let named: Vec<String> = lines.iter().map(|line| format!("firm {line}")).collect();
    let named = scratch.write("named.csv", &format!("{head}\n{}\n", named.join("\n")));
    near(
        &run(&named, &[&README])["coefficients"][0]["estimate"],
        straight["coefficients"][0]["estimate"].as_f64().unwrap(),
    );
    near(&straight["coefficients"][0]["estimate"], 0.945_380_999);
    near(&straight["coefficients"][0]["std_error"], 0.142_976_404);
    let groups = straight["tests"]["difference_in_hansen"].as_array().unwrap();
    assert_eq!(groups[0]["group"], "GMM instruments for levels");
    assert!(groups.iter().all(|group| group["p_value"].is_f64() && group["df"].is_f64()));
}

#[test]
fn a_missing_value_is_refused_by_name_or_left_out_and_counted() {
    let scratch = Scratch::new();
    let text = std::fs::read_to_string(data()).unwrap();
    let line = text.lines().nth(4).unwrap().to_owned();
    let mut cells: Vec<&str> = line.split(',').collect();
    cells[3] = "";
    let holed = scratch.write("holed.csv", &text.replace(&line, &cells.join(",")));
    let arguments = [&["gmm", &holed][..], &BASE, &README].concat();
    let message = refused(&arguments, 1);
    assert!(message.contains("`w`") && message.contains(cells[1]), "{message}");
    let dropped = run(&holed, &[&README, &["--missing", "drop"]]);
    assert_eq!(dropped["dropped"], 1);
    // Without its row the unit loses the year; without the value it keeps the year's other values as lags and
    // instruments, as in xtabond2.
    let gone = scratch.write("gone.csv", &text.replace(&format!("{line}\n"), ""));
    let (gone, dropped) = (run(&gone, &[&README]), &dropped);
    assert_eq!(gone["dropped"], 0);
    assert!(gone["n_obs"].as_u64() < dropped["n_obs"].as_u64());
}

#[test]
fn interactions_are_centred_inflation_is_reported_and_the_marginal_effect_is_drawn() {
    let scratch = Scratch::new();
    let plot = scratch.path("effect.svg");
    let result = run(
        &data(),
        &[
            &[
                "--x",
                "w,k,ys",
                "--interactions",
                "all",
                "--center",
                "--gmm-style",
                "n:2-4",
                "--collapse",
            ],
            &[
                "--iv-style",
                "w,k,ys,w*k,w*ys,k*ys,w*k*ys",
                "--marginal-effect",
                "w:k",
                "--plot",
                &plot,
            ],
        ],
    );
    let names: Vec<&str> =
        result["vif"].as_array().unwrap().iter().map(|v| v["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["w", "k", "ys", "w*k", "w*ys", "k*ys", "w*k*ys"]);
    assert_eq!(result["centered"].as_array().unwrap().len(), 3);
    assert_eq!(result["marginal_effects"][0]["points"].as_array().unwrap().len(), 21);
    assert!(std::fs::read_to_string(&plot).unwrap().starts_with("<svg"));
}

#[test]
fn what_contradicts_itself_is_wrong_usage() {
    let data = data();
    let base = [&["gmm", &data][..], &BASE, &["--x", "w,k"]].concat();
    let with = |more: &[&str]| refused(&[&base[..], more].concat(), 2);
    assert!(with(&["--gmm-style", "n"]).contains("V:2-"));
    assert!(with(&["--gmm-style", "n:2-", "--interactions", "w*ys"]).contains("`ys`"));
    assert!(
        with(&["--gmm-style", "n:2-", "--estimator", "difference", "--iv-style", "w:level"])
            .contains("no level equation")
    );
    with(&["--gmm-style", "n:2-", "--h", "4"]);
    let message = refused(
        &[&base[..], &["--gmm-style", "n:2-2", "--collapse", "--estimator", "difference"]].concat(),
        1,
    );
    assert!(message.contains("abdata.csv") && message.contains("w, k"), "{message}");
    assert!(refused(&[&base[..], &["--gmm-style", "nn:2-"]].concat(), 1).contains("nn"));
}

#[test]
fn least_squares_loses_its_bias_and_says_how() {
    let lsdvc =
        ["--x", "w,k", "--estimator", "lsdvc", "--initial", "system", "--replications", "20"];
    let result = run(&data(), &[&lsdvc]);
    assert_eq!(result["estimator"], "lsdvc");
    // The dense program of tests/reference/gmm.
    near(&result["coefficients"][0]["estimate"], 0.751_810_532_8);
    let correction = &result["bias_correction"];
    near(&correction["uncorrected"]["L.n"], 0.528_009_951_8);
    near(&correction["initial"]["L.n"], 0.685_587_036_5);
    assert_eq!(correction["replications"], 20);
    assert!(result["coefficients"][0]["std_error"].as_f64().unwrap() > 0.0);
    assert!(result["conventions"].to_string().contains("parametric bootstrap"));
    let again = run(&data(), &[&lsdvc, &["--seed", "99"]]);
    assert_eq!(again["coefficients"][0]["estimate"], result["coefficients"][0]["estimate"]);
    assert_ne!(again["coefficients"][0]["std_error"], result["coefficients"][0]["std_error"]);
    let message = refused(
        &[&["gmm", &data()][..], &BASE, &["--lags", "2", "--x", "w", "--estimator", "lsdvc"]]
            .concat(),
        2,
    );
    assert!(message.contains("one lag of the response"), "{message}");
}

#[test]
fn unit_roots_are_tested_beside_the_model() {
    let panel = repository("data/us_states/produc.csv");
    let model = ["--id", "state", "--time", "year", "--y", "unemp", "--estimator", "fixed"];
    let tested = ["--unit-root", "unemp,emp", "--unit-root-lags", "0"];
    let result = json(&[&["gmm", &panel][..], &model, &tested].concat());
    let first = &result["unit_root"][0];
    assert_eq!((first["variable"].as_str(), first["n_units"].as_u64()), (Some("unemp"), Some(48)));
    // The program of tests/reference/gmm.
    near(&first["t_bar"], -1.700_944_376);
    let tests = first["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 5);
    near(&tests[0]["statistic"], -3.256_834_418);
    assert!(tests[0]["p_value"].is_null() && tests[0]["reason"].is_string(), "{}", tests[0]);
    assert!(tests[1..].iter().all(|test| test["p_value"].is_number()), "{tests:?}");
    assert_eq!(tests[4]["critical"].as_array().unwrap().len(), 3);
    assert!(first["cd"]["p_value"].as_f64().unwrap() < 1e-6);
    assert_eq!(result["unit_root"][1]["variable"], "emp");
    let short = ["--unit-root", "n", "--unit-root-lags", "4"];
    let message = refused(&[&["gmm", &data()][..], &BASE, &["--x", "w"], &short].concat(), 2);
    assert!(message.contains("periods in a row; the longest run has 9"), "{message}");
}

#[test]
fn a_study_of_dynamic_models_alone_may_lack_rows() {
    let scratch = Scratch::new();
    let text = std::fs::read_to_string(repository("data/us_states/produc.csv")).unwrap();
    // Ohio lacks a year in the middle, all states but Texas the last.
    let lacks = |line: &str| {
        line.starts_with("Ohio,1975,") || (line.contains(",1986,") && !line.starts_with("Texas,"))
    };
    let kept: Vec<&str> = text.lines().filter(|line| !lacks(line)).collect();
    assert_eq!(kept.len(), text.lines().count() - 48);
    scratch.write("produc.csv", &(kept.join("\n") + "\n"));
    let study = |more: &str| {
        format!(
            "[study]\ntitle = \"States\"\n[boundaries]\nfile = \"{}\"\nid = \"name\"\n\
             [panel]\nfile = \"produc.csv\"\nid = \"state\"\ntime = \"year\"\n\
             [variables]\nlog_gsp = \"log(gsp)\"\nlog_emp = \"log(emp)\"\n\
             [weights]\nkind = \"queen\"\n\
             [[gmm]]\nname = \"GMM\"\ny = \"unemp\"\nx = [\"log_emp\"]\ncollapse = true\n{more}",
            repository("data/us_states/us_states.gpkg")
        )
    };
    let file = scratch.write("study.toml", &study(""));
    let outcome = json(&["run", &file, "--out", &scratch.path("out")]);
    let logs = kept.iter().enumerate().map(|(at, line)| {
        let cells: Vec<&str> = line.split(',').collect();
        let emp = text.lines().next().unwrap().split(',').position(|name| name == "emp").unwrap();
        match at {
            0 => format!("{line},log_emp"),
            _ => format!("{line},{}", cells[emp].parse::<f64>().unwrap().ln()),
        }
    });
    let logged = scratch.write("logged.csv", &(logs.collect::<Vec<_>>().join("\n") + "\n"));
    let model = ["--id", "state", "--time", "year", "--y", "unemp", "--x", "log_emp", "--collapse"];
    let alone = json(&[&["gmm", &logged][..], &model].concat());
    assert!(alone["obs_per_group"]["min"] != alone["obs_per_group"]["max"]);
    for of in ["n_obs", "n_groups"] {
        assert_eq!(outcome["gmm"][0][of], alone[of]);
    }
    for (own, expected) in outcome["gmm"][0]["coefficients"]
        .as_array()
        .unwrap()
        .iter()
        .zip(alone["coefficients"].as_array().unwrap())
    {
        near(&own["estimate"], expected["estimate"].as_f64().unwrap());
        near(&own["std_error"], expected["std_error"].as_f64().unwrap());
    }
    // Beside a spatial model the panel has to be whole.
    let both = study("[[sdm]]\nname = \"SDM\"\ny = \"unemp\"\nx = [\"log_emp\"]\n");
    let both = scratch.write("both.toml", &both);
    let message = refused(&["run", &both, "--out", &scratch.path("both")], 1);
    assert!(message.contains("unbalanced"), "{message}");
}
