//! `durbin moran`.

use serde_json::Value;

use crate::columbus::{files, near, reference, straight_and_mixed};
use crate::support::{Scratch, board, durbin, json, refused, repository, squares};

fn cigar(more: &[&str]) -> Vec<String> {
    let (panel, states) =
        (repository("data/us_states/cigar.csv"), repository("data/us_states/us_states.gpkg"));
    let base =
        ["moran", &panel, "--boundaries", &states, "--id", "state", "--boundaries-id", "name"];
    let base = [&base[..], &["--time", "year"], more].concat();
    base.into_iter().map(str::to_owned).collect()
}

fn row<'a>(result: &'a Value, key: &str, name: &str) -> &'a Value {
    result["results"].as_array().unwrap().iter().find(|row| row[key] == name).unwrap()
}

#[test]
fn statistics_of_columbus_are_spdep_s_in_any_order_of_rows() {
    let expected = reference("autocorrelation/spdep.json");
    let expected = &expected["global"]["queen|W|CRIME"];
    let mut found = Vec::new();
    for rows in straight_and_mixed() {
        let scratch = Scratch::new();
        let (input, weights) = files(&scratch, &rows);
        let base = ["moran", &input, "--field", "CRIME", "--id", "id", "--weights", &weights];
        let more = ["--statistic", "moran,geary,g", "--compat", "spdep"];
        let result = json(&[&base[..], &more].concat());
        let normal = json(&[&base[..], &more, &["--assumption", "normality"]].concat());
        for (result, name, theirs, sign) in [
            (&result, "moran", "moran_rand", 1.0),
            (&result, "geary", "geary_rand", -1.0),
            (&result, "g", "globalG", 1.0),
            (&normal, "moran", "moran_norm", 1.0),
            (&normal, "geary", "geary_norm", -1.0),
        ] {
            let (row, theirs) = (row(result, "statistic", name), &expected[theirs]);
            for key in ["value", "expected", "variance"] {
                near(row[key].as_f64().unwrap(), &theirs[key], name);
            }
            near(sign * row["z"].as_f64().unwrap(), &theirs["z"], name);
            near(row["p_value"].as_f64().unwrap(), &theirs["p"], name);
        }
        assert_eq!(row(&normal, "statistic", "moran")["assumption"], "normality");
        let two = json(&base);
        near(two["results"][0]["p_value"].as_f64().unwrap(), &expected["moran_rand_two"]["p"], "p");
        found.push(json(&[&base[..], &["--permutations", "99"]].concat())["results"].clone());
    }
    assert_eq!(found[0], found[1], "the order of the rows changes no bit");
}

#[test]
fn a_layer_without_time_has_one_row_with_the_keys_of_the_interface() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let result = json(&["moran", &input, "--field", "x"]);
    let rows = result["results"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    for key in [
        "field",
        "period",
        "statistic",
        "value",
        "expected",
        "variance",
        "z",
        "p_value",
        "p_sim",
        "assumption",
    ] {
        assert!(rows[0].get(key).is_some(), "{key}");
    }
    assert!(rows[0]["period"].is_null() && rows[0]["p_sim"].is_null());
    assert_eq!((&rows[0]["assumption"], &rows[0]["n"]), (&"randomization".into(), &25.into()));
    assert_eq!(result["weights"]["transform"], "R");
    assert_eq!(scratch.entries(), ["board.geojson"], "nothing is written");
}

#[test]
fn a_panel_has_one_row_per_field_period_and_statistic() {
    let arguments =
        cigar(&["--field", "sales,price", "--statistic", "moran,geary", "--permutations", "9"]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = json(&arguments);
    let rows = result["results"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * 30 * 2);
    assert_eq!((&rows[0]["field"], &rows[0]["period"]), (&"sales".into(), &"1963".into()));
    assert_eq!((&rows[119]["field"], &rows[119]["period"]), (&"price".into(), &"1992".into()));
    assert!(rows.iter().all(|row| row["p_sim"].as_f64().unwrap() >= 0.1));
    assert_eq!((&result["n"], &result["weights"]["links"]), (&46.into(), &188.into()));
    let warnings = result["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 2, "each is said once: {warnings:?}");
}

#[test]
fn a_panel_needs_no_map_where_the_weights_are_a_file() {
    let scratch = Scratch::new();
    let chain = "focal,neighbor,weight\na,b,1\nb,a,1\nb,c,1\nc,b,1\nc,d,1\nd,c,1\nd,e,1\ne,d,1\n";
    let links = scratch.write("w.csv", chain);
    let rows = |x: [&str; 10]| -> String {
        let cells = (0..10).map(|at| {
            format!("{},{},{}\n", "abcde".as_bytes()[at % 5] as char, 2000 + at / 5, x[at])
        });
        "id,year,x\n".to_owned() + &cells.collect::<String>()
    };
    let full = ["1", "2", "4", "3", "9", "2", "2", "5", "1", "7"];
    let panel = scratch.write("panel.csv", &rows(full));
    let base = |panel: &str, more: &[&str]| -> Vec<String> {
        let base =
            ["moran", panel, "--id", "id", "--time", "year", "--field", "x", "--weights", &links];
        [&base[..], more].concat().into_iter().map(str::to_owned).collect()
    };
    let run =
        |arguments: Vec<String>| json(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(run(base(&panel, &[]))["results"][1]["period"], "2001");
    let mut gap = full;
    gap[6] = "";
    let gappy = scratch.write("gappy.csv", &rows(gap));
    let arguments = base(&gappy, &[]);
    let message = refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), 1);
    assert!(message.contains("gappy.csv") && message.contains("1 (b 2001)"), "{message}");
    let dropped = run(base(&gappy, &["--missing", "drop"]));
    assert_eq!((&dropped["dropped"], &dropped["n"]), (&1.into(), &5.into()));
    assert!(dropped["results"].as_array().unwrap().iter().all(|row| row["n"] == 4));
    let mut flat = full;
    flat[5..].fill("3");
    let flat = scratch.write("flat.csv", &rows(flat));
    let arguments = base(&flat, &[]);
    let message = refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), 1);
    for word in ["flat.csv", "`x`", "2001", "constant"] {
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn islands_stay_in_n_except_for_spdep() {
    let scratch = Scratch::new();
    let cells: Vec<(String, f64, String)> = (0..6)
        .map(|at| {
            let x = if at == 5 { 40.0 } else { f64::from(at) };
            (format!("u{at}"), x, format!(r#""x":{}"#, at * at % 7))
        })
        .collect();
    let cells: Vec<_> = cells.iter().map(|(id, x, p)| (id.as_str(), *x, 0.0, p.as_str())).collect();
    let input = scratch.write("map.geojson", &squares(&cells));
    let base = ["moran", &input, "--field", "x", "--id", "id"];
    let kept = json(&base);
    assert_eq!((&kept["results"][0]["n"], &kept["islands"]), (&6.into(), &1.into()));
    assert!(kept["warnings"].to_string().contains("u5"));
    near(kept["results"][0]["expected"].as_f64().unwrap(), &(-0.2).into(), "−1/(n − 1)");
    let dropped = json(&[&base[..], &["--compat", "spdep"]].concat());
    assert_eq!(dropped["results"][0]["n"], 5);
    near(dropped["results"][0]["expected"].as_f64().unwrap(), &(-0.25).into(), "−1/(n − 1)");
}

#[test]
fn join_counts_of_columbus_are_spdep_s() {
    let expected = reference("autocorrelation/spdep.json");
    let scratch = Scratch::new();
    let (input, weights) = files(&scratch, &straight_and_mixed()[1]);
    let base = ["moran", &input, "--field", "level", "--id", "id", "--weights", &weights];
    let result = json(&[&base[..], &["--statistic", "join-counts"]].concat());
    for (ours, theirs) in
        [("high:high", "high:high"), ("low:low", "low:low"), ("high:low", "low:high")]
    {
        let (row, theirs) = (row(&result, "join", ours), &expected["joins"]["queen|W"][theirs]);
        for key in ["value", "expected", "variance"] {
            near(row[key].as_f64().unwrap(), &theirs[key], ours);
        }
        assert_eq!(row["assumption"], "nonfree");
    }
    assert_eq!(row(&result, "join", "different")["statistic"], "join-counts");
}

#[test]
fn the_bivariate_statistic_of_a_field_with_itself_is_moran_s() {
    let scratch = Scratch::new();
    let (input, weights) = files(&scratch, &straight_and_mixed()[0]);
    let base = ["moran", &input, "--field", "CRIME", "--id", "id", "--weights", &weights];
    let more = ["--statistic", "moran", "--statistic", "bivariate", "--with", "CRIME"];
    let result = json(&[&base[..], &more].concat());
    let value = |name: &str| row(&result, "statistic", name)["value"].clone();
    near(value("bivariate").as_f64().unwrap(), &value("moran"), "I");
    refused(&[&base[..], &["--statistic", "bivariate"]].concat(), 2);
    refused(&[&base[..], &["--with", "INC"]].concat(), 2);
}

#[test]
fn the_table_goes_to_the_terminal_and_on_request_to_a_file() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let table = scratch.path("table.csv");
    let base = ["moran", &input, "--field", "x", "--output", &table];
    let output = durbin(&base).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("moran") && text.contains("variance") && text.contains("queen"),
        "{text}"
    );
    let written = std::fs::read_to_string(&table).unwrap();
    let written = written.trim_start_matches('\u{feff}');
    assert!(written.starts_with("field,statistic,value,expected,variance,z,p_value"), "{written}");
    assert!(refused(&base, 1).contains("--overwrite"));
    durbin(&[&base[..], &["--overwrite"]].concat()).assert().success();
    refused(&["moran", &input, "--field", "x", "--output", &scratch.path("table.doc")], 2);
}

#[test]
fn wrong_usage_and_a_constant_are_refused() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let message = refused(&["moran", &input, "--field", "flat"], 1);
    for word in ["board.geojson", "`flat`", "constant"] {
        assert!(message.contains(word), "{message}");
    }
    for wrong in [
        &["--statistic", "durbin"][..],
        &["--assumption", "chance"],
        &["--sampling", "some"],
        &["--compat", "stata"],
        &["--compat", "arcgis", "--assumption", "normality"],
        &["--missing", "interpolate"],
    ] {
        refused(&[&["moran", &input, "--field", "x"], wrong].concat(), 2);
    }
}
