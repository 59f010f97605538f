//! The same layers make the same file.

use durbin_core::Metadata;

use super::*;

fn study() -> (Layer, Table) {
    let layer = Layer {
        style: Some(bins()),
        columns: vec![Column {
            alias: Some("Hot or cold".to_owned()),
            ..Column::int("bin", (0..500).map(|row| row % 2))
        }],
        metadata: Metadata {
            title: "Units".to_owned(),
            description: "Unit squares".to_owned(),
            history: vec!["made".to_owned()],
        },
        ..squares(500)
    };
    let table = Table {
        name: "coefficients".to_owned(),
        title: "Coefficients".to_owned(),
        columns: vec![Column::float("estimate", [0.5])],
    };
    (layer, table)
}

#[test]
fn a_geopackage_does_not_depend_on_when_it_is_written() {
    let folder = Folder::new();
    let (layer, table) = study();
    let [first, second] = ["a", "b"].map(|name| {
        fs::create_dir(folder.at(name)).unwrap();
        let path = folder.at(&format!("{name}/study.gpkg"));
        for existing in [Existing::Refuse, Existing::Overwrite] {
            let (layers, tables) = ([layer.clone()], std::slice::from_ref(&table));
            write_geopackage(&path, &layers, tables, existing, &Projects::default()).unwrap();
            // Longer than the resolution of the dates.
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        fs::read(path).unwrap()
    });
    assert!(first == second, "{} and {} bytes", first.len(), second.len());
}
