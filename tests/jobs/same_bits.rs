//! Results do not depend on the order of rows or on the number of threads.

use std::fs;

use serde_json::Value;

use crate::{
    cigarettes::{STUDY, run},
    support::{Scratch, by_key, json, repository, rewrite, states},
};

#[test]
fn the_order_of_rows_in_either_file_changes_no_bit() {
    let straight = Scratch::new();
    let first = run(&straight);

    let shuffled = Scratch::new();
    let units = states();
    let rows: Vec<usize> = (0..units.len()).map(|row| (row * 20 + 7) % units.len()).collect();
    rewrite(&units, &rows, &shuffled.path("us_states.gpkg"));
    let panel = fs::read_to_string(repository("data/us_states/cigar.csv")).unwrap();
    let mut lines: Vec<&str> = panel.lines().collect();
    lines[1..].reverse();
    shuffled.write("cigar.csv", &lines.join("\n"));
    fs::copy(repository(STUDY), shuffled.path("cigar.toml")).unwrap();
    let second = json(&["run", &shuffled.path("cigar.toml"), "--out", &shuffled.path("out")]);

    assert_eq!(first["models"], second["models"]);
    assert_eq!(first["hotspots"], second["hotspots"]);
    for (layer, field) in [("hotspot", "gi_z"), ("effects", "log_price_spill_in_se")] {
        let of = |scratch: &Scratch| by_key(&scratch.path("out/study.gpkg"), layer, "name", field);
        assert_eq!(of(&straight), of(&shuffled), "{layer}.{field}");
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let of = |threads: &str| {
        let scratch = Scratch::new();
        let study = repository(STUDY);
        let mut outcome =
            json(&["run", &study, "--out", &scratch.path("out"), "--threads", threads]);
        outcome["out"] = Value::Null;
        outcome
    };
    assert_eq!(of("1"), of("3"));
}

#[test]
fn a_larger_model_does_not_depend_on_threads_either() {
    let scratch = Scratch::new();
    let side = 15;
    let mut panel = "id,year,y,x\n".to_owned();
    let mut links = "focal,neighbor,weight\n".to_owned();
    for at in 0..side * side {
        let (row, column) = (at / side, at % side);
        for year in 0..4 {
            let x = f64::from((at * 37 + year * 11 + row * row) % 23);
            let y = x * 0.5 + f64::from((at * 53 + year * 29 + column * row) % 31);
            panel.push_str(&format!("u{at},{year},{y},{x}\n"));
        }
        let near = [
            (row + 1, column),
            (row, column + 1),
            (row + side - 1, column),
            (row, column + side - 1),
        ];
        for (r, c) in near {
            links.push_str(&format!("u{at},u{},1\n", (r % side) * side + c % side));
        }
    }
    let panel = scratch.write("panel.csv", &panel);
    let links = scratch.write("w.csv", &links);
    let of = |threads: &str| {
        let model = ["sdm", &panel, "--id", "id", "--time", "year", "--y", "y", "--x", "x"];
        json(&[&model[..], &["--weights", &links, "--threads", threads]].concat())
    };
    assert_eq!(of("1"), of("3"));
}
