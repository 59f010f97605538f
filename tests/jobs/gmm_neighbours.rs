//! `durbin gmm --weights`: the neighbours in the equation of a dynamic panel.

use std::collections::{BTreeMap, HashMap};

use durbin::io::{Source, read_table};
use serde_json::Value;

use crate::support::{Scratch, board, durbin, json, refused};

/// 25 squares over eight years, from a dynamic spatial Durbin model.
struct Squares {
    scratch: Scratch,
    board: String,
    weights: String,
    panel: String,
}

const OF: [&str; 10] =
    ["--id", "id", "--time", "year", "--y", "y", "--x", "P,C", "--collapse", "--time-effects"];

impl Squares {
    fn new() -> Self {
        let scratch = Scratch::new();
        let board = scratch.write("board.geojson", &board());
        let (weights, panel) = (scratch.path("w.csv"), scratch.path("panel.csv"));
        json(&["weights", &board, &weights, "--id", "id"]);
        let model =
            "--periods 2011-2018 --rho 0.3 --tau 0.4 --beta P=0.5,C=-0.4 --theta P=0.2 --sigma 0.3";
        let head = ["simulate", &panel, "--boundaries", &board, "--id", "id"];
        let more: Vec<&str> = model.split(' ').collect();
        json(&[&head[..], &more].concat());
        Self { scratch, board, weights, panel }
    }

    fn gmm(&self, more: &[&str]) -> Value {
        json(&[&["gmm", &self.panel][..], &OF, more].concat())
    }

    fn refused(&self, more: &[&str], status: i32) -> String {
        refused(&[&["gmm", &self.panel][..], &OF, more].concat(), status)
    }

    /// The numbers of columns of the panel by unit and year.
    fn rows(&self, names: &[&str]) -> BTreeMap<(String, String), Vec<f64>> {
        let table = read_table(&Source::new(&self.panel)).unwrap();
        let columns: Vec<Vec<f64>> =
            names.iter().map(|name| table.column(name).unwrap().numbers().unwrap()).collect();
        let key = |field: &str, row| table.column(field).unwrap().key(row).unwrap();
        let of =
            |row| ((key("id", row), key("year", row)), columns.iter().map(|c| c[row]).collect());
        (0..table.len()).map(of).collect()
    }

    /// Neighbours by key, from the weights file.
    fn neighbours(&self) -> HashMap<String, Vec<String>> {
        let table = read_table(&Source::new(&self.weights)).unwrap();
        let mut all: HashMap<String, Vec<String>> = HashMap::new();
        for row in 0..table.len() {
            let key = |field: &str| table.column(field).unwrap().key(row).unwrap();
            all.entry(key("focal")).or_default().push(key("neighbor"));
        }
        all
    }
}

fn coefficients(result: &Value) -> Vec<(&str, f64, f64)> {
    let all = result["coefficients"].as_array().unwrap().iter();
    let of = |one: &'_ Value, key: &str| one[key].as_f64().unwrap();
    all.map(|one| (one["name"].as_str().unwrap(), of(one, "estimate"), of(one, "std_error")))
        .collect()
}

#[test]
fn neighbours_are_the_columns_one_would_have_added_by_hand() {
    let squares = Squares::new();
    let instruments = ["--gmm-style", "y:2-4", "--gmm-style"];
    let within = ["W*y:2-4", "--iv-style", "P,C,W*P,W*C", "--iv-style", "W*W*P,W*W*C:diff"];
    let named = ["--weights", &squares.weights, "--model", "sdm"];
    let found = squares.gmm(&[&named[..], &instruments, &within].concat());

    // The same table with the means of neighbours, and of the means of neighbours, in columns of their own.
    let (rows, near) = (squares.rows(&["y", "P", "C"]), squares.neighbours());
    let mean = |of: &BTreeMap<(String, String), Vec<f64>>, (id, year): &(String, String)| {
        let values = near[id].iter().map(|key| &of[&(key.clone(), year.clone())]);
        let sums = values.fold([0.0; 3], |sum, one| [0, 1, 2].map(|at| sum[at] + one[at]));
        sums.map(|sum| sum / near[id].len() as f64).to_vec()
    };
    let lag = |of: &BTreeMap<(String, String), Vec<f64>>| {
        of.keys().map(|key| (key.clone(), mean(of, key))).collect::<BTreeMap<_, _>>()
    };
    let once = lag(&rows);
    let twice = lag(&once);
    let mut text = "id,year,y,P,C,Wy,WP,WC,WWP,WWC\n".to_owned();
    for (key @ (id, year), own) in &rows {
        let numbers = own.iter().chain(&once[key]).chain(&twice[key][1..]);
        let numbers: Vec<String> = numbers.map(f64::to_string).collect();
        text += &format!("{id},{year},{}\n", numbers.join(","));
    }
    let by_hand = squares.scratch.write("by_hand.csv", &text);
    let x = ["--x", "WP,WC,Wy"];
    let within = ["Wy:2-4", "--iv-style", "P,C,WP,WC", "--iv-style", "WWP,WWC:diff"];
    let by_hand = json(&[&["gmm", &by_hand][..], &OF, &x, &instruments, &within].concat());

    let (found_all, by_hand_all) = (coefficients(&found), coefficients(&by_hand));
    let names: Vec<&str> = found_all.iter().map(|one| one.0).collect();
    assert_eq!(names[..6], ["L.y", "P", "C", "W*P", "W*C", "W*y"]);
    assert_eq!(names.len(), by_hand_all.len());
    for (one, other) in found_all.iter().zip(&by_hand_all) {
        assert_eq!(one.0.replace('*', ""), other.0);
        for (a, b) in [(one.1, other.1), (one.2, other.2)] {
            // The file has all digits; sums of neighbours are taken in another order.
            assert!((a - b).abs() < 1e-8 * b.abs().max(1.0), "{one:?} {other:?}");
        }
    }
    let hansen = |result: &Value| result["tests"]["hansen"]["statistic"].as_f64().unwrap();
    assert!((hansen(&found) - hansen(&by_hand)).abs() < 1e-6 * hansen(&by_hand));
    assert_eq!((&found["weights"]["n"], &found["weights"]["islands"]), (&25.into(), &0.into()));
    assert!(found["conventions"].to_string().contains("rows sum to one"));
    assert_eq!(found["tests"]["wald_neighbours"]["df"], 3.0);
    assert!(by_hand["tests"].get("wald_neighbours").is_none() && by_hand["weights"].is_null());
}

#[test]
fn neighbours_are_found_by_key_whatever_the_order_of_rows_and_of_polygons() {
    let squares = Squares::new();
    let reversed = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        lines.join("\n") + "\n"
    };
    let panel = std::fs::read_to_string(&squares.panel).unwrap();
    let panel = squares.scratch.write("reversed.csv", &reversed(&panel));
    let weights = std::fs::read_to_string(&squares.weights).unwrap();
    let weights = squares.scratch.write("reversed_w.csv", &reversed(&weights));
    let run = |panel: &str, more: &[&str]| {
        let result = json(&[&["gmm", panel][..], &OF, more, &["--model", "sdm"]].concat());
        result["coefficients"].clone()
    };
    let polygons = ["--boundaries", &squares.board, "--weights", "queen"];
    let straight = run(&squares.panel, &polygons);
    assert_eq!(run(&panel, &polygons), straight);
    assert_eq!(run(&squares.panel, &["--weights", &squares.weights]), straight);
    assert_eq!(run(&panel, &["--weights", &weights]), straight);
}

#[test]
fn what_enters_and_what_instruments_it_follows_the_model_and_its_names() {
    let squares = Squares::new();
    let by = |more: &[&str]| squares.gmm(&[&["--weights", &squares.weights], more].concat());
    let names = |result: &Value| {
        let all = coefficients(result).into_iter().map(|one| one.0.to_owned());
        all.filter(|name| !name.contains('=') && name != "_cons").collect::<Vec<_>>().join(" ")
    };
    let styles = |result: &Value| (result["gmm_style"].clone(), result["iv_style"].clone());
    let sar = by(&["--model", "sar"]);
    assert_eq!(names(&sar), "L.y P C W*y");
    let of_sar = ["P:diff,C:diff", "W*P:diff,W*W*P:diff,W*C:diff,W*W*C:diff"];
    assert_eq!(styles(&sar), (["y:2-4", "W*y:2-4"].into(), of_sar.as_slice().into()));
    let sdm = by(&["--model", "sdm", "--durbin", "C", "--interactions", "all"]);
    assert_eq!(names(&sdm), "L.y P C W*C W*y P*C");
    assert_eq!(styles(&sdm).1[0], "P:diff,C:diff,W*C:diff,P*C:diff");
    let slx = by(&["--model", "slx"]);
    assert_eq!(names(&slx), "L.y P C W*P W*C");
    assert_eq!(styles(&slx), (["y:2-"].as_slice().into(), ["P,C,W*P,W*C"].as_slice().into()));
    // By name, a period back too.
    let past = by(&["--x", "L.W*y,L.W*P"]);
    assert_eq!(names(&past), "L.y P C L.W*y L.W*P");
    assert_eq!(styles(&past).0, Value::from(["y:2-4", "W*y:2-4"].as_slice()));
    let near = by(&["--model", "sar", "--gmm-style", "W*y:1-", "--iv-style", "P,C"]);
    assert!(
        near["warnings"].to_string().contains("lag 1 of its spatial lag"),
        "{}",
        near["warnings"]
    );
}

#[test]
fn a_neighbour_without_a_row_leaves_a_gap_that_is_counted() {
    let squares = Squares::new();
    let text = std::fs::read_to_string(&squares.panel).unwrap();
    let row = text.lines().nth(30).unwrap();
    let holed = squares.scratch.write("holed.csv", &text.replace(&format!("{row}\n"), ""));
    let by = ["--weights", &squares.weights, "--model", "slx"];
    let result = json(&[&["gmm", &holed][..], &OF, &by].concat());
    let id = row.split(',').next().unwrap();
    let near = squares.neighbours()[id].len();
    let said = result["warnings"].to_string();
    assert!(said.contains(&format!("{near} observation(s) have no `W*P`")), "{said}");
}

/// Direct, indirect and total effects of a variable.
fn effects(result: &Value, table: &str, variable: &str) -> [f64; 3] {
    let rows = result[table].as_array().unwrap();
    let row = rows.iter().find(|row| row["variable"] == variable).unwrap();
    ["direct", "indirect", "total"].map(|kind| row[kind]["estimate"].as_f64().unwrap())
}

#[test]
fn a_change_everywhere_does_what_the_coefficients_add_up_to() {
    let squares = Squares::new();
    let by = |more: &[&str]| squares.gmm(&[&["--weights", &squares.weights], more].concat());
    let near = |found: f64, expected: f64| {
        assert!((found - expected).abs() < 1e-10, "{found} is not {expected}");
    };
    let tables = squares.scratch.path("tables");
    let sdm = by(&["--model", "sdm", "--interactions", "all", "--tables", &tables]);
    let of: HashMap<&str, f64> = coefficients(&sdm).iter().map(|one| (one.0, one.1)).collect();
    let (tau, rho) = (of["L.y"], of["W*y"]);
    // Rows of W sum to one.
    for variable in ["P", "C", "P*C"] {
        let own = of[variable] + of.get(&*format!("W*{variable}")).unwrap_or(&0.0);
        for (table, left) in [("impacts", 1.0 - rho), ("impacts_long_run", 1.0 - tau - rho)] {
            let [direct, indirect, total] = effects(&sdm, table, variable);
            near(total, own / left);
            near(direct + indirect, total);
        }
    }
    assert_eq!(sdm["stability"]["stable"], true);
    for file in ["gmm.md", "gmm_impacts.tex", "gmm_impacts.csv", "gmm_impacts_long_run.md"] {
        let text = std::fs::read_to_string(format!("{tables}/{file}")).unwrap();
        assert!(text.contains("difference GMM") || text.contains("system GMM"), "{file}");
    }
    let again = ["--weights", &squares.weights, "--model", "sdm", "--tables", &tables];
    assert!(squares.refused(&again, 1).contains("--overwrite"));

    let slx = by(&["--model", "slx"]);
    let of: HashMap<&str, f64> = coefficients(&slx).iter().map(|one| (one.0, one.1)).collect();
    let [direct, indirect, _] = effects(&slx, "impacts", "P");
    near(direct, of["P"]);
    near(indirect, of["W*P"]);
    let [direct, ..] = effects(&slx, "impacts_long_run", "P");
    near(direct, of["P"] / (1.0 - of["L.y"]));

    // Without neighbours there is nothing to go round, and of a lag of a lag it says why there are none.
    assert!(squares.gmm(&[])["impacts"].is_null());
    let twice = by(&["--model", "sar", "--x", "W*W*P"]);
    assert!(twice["impacts"].is_null());
    let said = twice["warnings"].to_string();
    assert!(said.contains("`W*W*P` is a spatial lag of a spatial lag"), "{said}");
}

#[test]
fn a_study_takes_the_panel_as_it_came_beside_steps_that_need_a_balanced_one() {
    let squares = Squares::new();
    let text = std::fs::read_to_string(&squares.panel).unwrap();
    let row = text.lines().nth(30).unwrap();
    let holed = squares.scratch.write("holed.csv", &text.replace(&format!("{row}\n"), ""));
    let study = |name: &str, balance: &str, more: &str| {
        let (board, id) = (&squares.board, "id = \"id\"");
        let study = format!(
            "[study]\ntitle = \"Squares\"\nsimulated = true\n[boundaries]\nfile = {board:?}\n{id}\n[panel]\nfile = {holed:?}\n{id}\n\
             time = \"year\"\n{balance}[weights]\nkind = \"queen\"\n[[hotspot]]\nfield = \"y\"\nperiod = 2018\n\
             [[gmm]]\nname = \"own\"\ny = \"y\"\nx = [\"P\", \"C\"]\nmodel = \"slx\"\ncollapse = true\ntime_effects = true\n{more}"
        );
        squares.scratch.write(name, &study)
    };
    let refused = refused(&["run", &study("strict.toml", "", ""), "--out", "out"], 1);
    assert!(refused.contains("balance = \"intersect\""), "{refused}");
    let of_index = "[[index]]\nname = \"Q\"\npositive = [\"P\", \"C\"]\n\
                    [[gmm]]\nname = \"index\"\ny = \"y\"\nx = [\"Q\"]\ncollapse = true\n";
    let path = study("both.toml", "balance = \"intersect\"\n", of_index);
    let out = squares.scratch.path("out");
    let outcome = json(&["run", &path, "--out", &out]);
    let alone = json(
        &[&["gmm", &holed][..], &OF, &["--weights", &squares.weights, "--model", "slx"]].concat(),
    );
    let own = &outcome["gmm"][0];
    assert_eq!(coefficients(own), coefficients(&alone));
    assert_eq!((&own["n_obs"], &own["impacts"]), (&alone["n_obs"], &alone["impacts"]));
    let of = |at: usize| outcome["gmm"][at]["conventions"].to_string();
    assert!(of(0).contains("as it came, 199 rows of 25 units in 8 periods"), "{}", of(0));
    assert!(
        of(1).contains("balanced, 24 units × 8 periods of the 25 units of the file"),
        "{}",
        of(1)
    );
    assert!(of(1).contains("`Q` come from an index"), "{}", of(1));
    let report = std::fs::read_to_string(format!("{out}/report.html")).unwrap();
    assert!(report.contains("Panel: as it came") || report.contains("panel: as it came"));
    let table = read_table(&Source::new(format!("{out}/study.gpkg")).layer("gmm_impacts")).unwrap();
    assert_eq!(table.len(), 6);
}

#[test]
fn what_cannot_be_meant_is_refused_in_words() {
    let squares = Squares::new();
    let by = ["--weights", &squares.weights];
    let with = |more: &[&str], status| squares.refused(&[&by[..], more].concat(), status);
    assert!(with(&[], 2).contains("--model sar, slx or sdm"));
    assert!(squares.refused(&["--gmm-style", "W*y:2-"], 2).contains("needs --weights"));
    assert!(with(&["--durbin", "P", "--x", "W*C"], 2).contains("needs the model slx or sdm"));
    assert!(with(&["--model", "sem"], 2).contains("sar, slx or sdm"));
    assert!(with(&["--model", "sdm", "--durbin", "Q"], 2).contains("`Q` is none of"));
    assert!(with(&["--model", "sar", "--durbin", "P"], 2).contains("no lagged regressors"));
    assert!(with(&["--model", "sar", "--estimator", "fixed"], 2).contains("endogenous"));
    assert!(squares.refused(&["--weights", "queen", "--model", "sar"], 1).contains("--boundaries"));
    // A unit that the weights do not have, and one that has no neighbours.
    let text = std::fs::read_to_string(&squares.weights).unwrap();
    let id = squares.rows(&["y"]).into_keys().next().unwrap().0;
    let lines = text.lines().filter(|line| {
        let ends: Vec<&str> = line.split(',').take(2).collect();
        !ends.contains(&id.as_str())
    });
    let short = squares.scratch.write("short.csv", &(lines.collect::<Vec<_>>().join("\n") + "\n"));
    let message = squares.refused(&["--weights", &short, "--model", "sar"], 1);
    assert!(message.contains(&id), "{message}");
    let panel = std::fs::read_to_string(&squares.panel).unwrap();
    let named = squares.scratch.write("w.csv2.csv", &panel.replacen(",P,", ",W,", 1));
    let output = durbin(&["gmm", &named, "--id", "id", "--time", "year", "--y", "y", "--x", "W"])
        .args([&by[..], &["--model", "sar"]].concat())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("rename the variable"), "{said}");
}
