//! The 49 neighbourhoods of the reference numbers, as files for the command.

use serde_json::Value;

use crate::support::{Scratch, repository, squares};

/// A file of `tests/reference`.
pub fn reference(path: &str) -> Value {
    let text = std::fs::read_to_string(repository(&format!("tests/reference/{path}"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn key(row: usize) -> String {
    format!("{row:03}")
}

/// A layer of squares with CRIME, INC, HOVAL and `level`, and the queen neighbours as a `.csv`; the rows of
/// the layer stand in the order `rows`.
pub fn files(scratch: &Scratch, rows: &[usize]) -> (String, String) {
    let data = reference("columbus/local_g.json");
    let categories = &reference("autocorrelation/spdep.json")["categories"];
    let properties = |row: usize| {
        let of = |name: &str| data["values"][name][row].as_f64().unwrap();
        format!(
            r#""CRIME":{},"INC":{},"HOVAL":{},"level":{}"#,
            of("CRIME"),
            of("INC"),
            of("HOVAL"),
            categories[row]
        )
    };
    let cells: Vec<(String, f64, String)> =
        rows.iter().map(|&row| (key(row), 2.0 * row as f64, properties(row))).collect();
    let cells: Vec<_> = cells.iter().map(|(id, x, p)| (id.as_str(), *x, 0.0, p.as_str())).collect();
    let layer = scratch.write("columbus.geojson", &squares(&cells));
    let mut links = "focal,neighbor,weight\n".to_owned();
    for (row, neighbours) in data["weights"]["queen|B"].as_array().unwrap().iter().enumerate() {
        for link in neighbours.as_array().unwrap() {
            let neighbour = usize::try_from(link[0].as_u64().unwrap()).unwrap();
            links += &format!("{},{},{}\n", key(row), key(neighbour), link[1]);
        }
    }
    (layer, scratch.write("queen.csv", &links))
}

/// The rows as they stand, and mixed.
pub fn straight_and_mixed() -> [Vec<usize>; 2] {
    [(0..49).collect(), (0..49).map(|row| row * 20 % 49).collect()]
}

#[track_caller]
pub fn near(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    let difference = (found - expected).abs() / expected.abs().max(1.0);
    assert!(difference < 1e-10, "{what}: {found} instead of {expected}");
}
