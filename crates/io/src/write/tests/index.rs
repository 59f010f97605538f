//! The spatial index of a GeoPackage is one that SQLite and GDAL accept and keep.

use gdal::{Dataset, DatasetOptions, GdalOpenFlags, vector::LayerAccess};

use super::*;
use crate::sql;

fn open(path: &str) -> Dataset {
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_UPDATE;
    Dataset::open_ex(path, DatasetOptions { open_flags, ..DatasetOptions::default() }).unwrap()
}

fn answer(dataset: &Dataset, query: &str) -> String {
    let [[answer]] = &sql::rows(dataset, query).unwrap()[..] else { panic!("one row: {query}") };
    answer.clone()
}

fn is_whole(dataset: &Dataset, index: &str) {
    let check = format!("SELECT rtreecheck({})", sql::quoted(index));
    assert_eq!(answer(dataset, &check), "ok");
    assert_eq!(answer(dataset, "PRAGMA integrity_check"), "ok");
}

#[test]
fn trees_of_every_depth_are_whole_and_find_what_gdal_finds() {
    for n in [0, 1, 51, 52, 2700] {
        let folder = Folder::new();
        write_layer(&squares(n), &folder.at("a.gpkg"), Existing::Refuse).unwrap();
        let dataset = open(&folder.at("a.gpkg"));
        is_whole(&dataset, "rtree_units_geom");
        let count = "SELECT count(*) FROM rtree_units_geom";
        assert_eq!(answer(&dataset, count), n.to_string());
        let mut layer = dataset.layer(0).unwrap();
        layer.set_spatial_filter_rect(10.5, 0.2, 12.5, 0.4);
        assert_eq!(layer.features().count(), 3.min(n.saturating_sub(10)), "{n}");
    }
}

#[test]
fn the_definition_is_the_one_gdal_gives_to_an_index_it_makes_itself() {
    let folder = Folder::new();
    let layer = Layer { name: "点 \"a\" o'b".to_owned(), ..squares(60) };
    write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    let dataset = open(&folder.at("a.gpkg"));
    let definition = |dataset: &Dataset| {
        let schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name";
        let extensions = "SELECT table_name, column_name, scope FROM gpkg_extensions";
        let both: [Vec<[String; 3]>; 2] =
            [schema, extensions].map(|query| sql::rows(dataset, query).unwrap());
        both
    };
    let ours = definition(&dataset);
    for function in ["DisableSpatialIndex", "CreateSpatialIndex"] {
        let query = format!("SELECT {function}({}, 'geom')", sql::quoted(&layer.name));
        assert_eq!(answer(&dataset, &query), "1");
    }
    assert_eq!(ours, definition(&dataset));
}

#[test]
fn missing_and_empty_geometries_are_not_indexed() {
    let folder = Folder::new();
    let wkt = [None, Some("POINT EMPTY"), Some("POINT (1 2)"), Some("POINT (0.1 0.3)")];
    write_layer(&layer_of("POINT", &wkt), &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    let dataset = open(&folder.at("a.gpkg"));
    is_whole(&dataset, "rtree_units_geom");
    let ids = sql::rows(&dataset, "SELECT id FROM rtree_units_geom ORDER BY id").unwrap();
    assert_eq!(ids, [["3"], ["4"]]);
    let around = "SELECT minx <= 0.1 AND maxx >= 0.1 AND miny <= 0.3 AND maxy >= 0.3 FROM rtree_units_geom WHERE id = 4";
    assert_eq!(answer(&dataset, around), "1");
}

#[test]
fn edits_keep_the_index() {
    let folder = Folder::new();
    write_layer(&squares(3000), &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    let dataset = open(&folder.at("a.gpkg"));
    for edit in [
        "DELETE FROM units WHERE fid % 3 = 0",
        "UPDATE units SET geom = (SELECT geom FROM units WHERE fid = 2500) WHERE fid < 200",
        "UPDATE units SET fid = fid + 10000 WHERE fid BETWEEN 300 AND 400",
        "INSERT INTO units (geom) SELECT geom FROM units WHERE fid BETWEEN 500 AND 900",
    ] {
        sql::run(&dataset, edit).unwrap();
        is_whole(&dataset, "rtree_units_geom");
    }
    let [indexed, there] = ["rtree_units_geom", "units"]
        .map(|table| answer(&dataset, &format!("SELECT count(*) FROM {table}")));
    assert_eq!(indexed, there);
}

#[test]
fn layers_added_and_replaced_have_their_own_index() {
    let folder = Folder::new();
    let path = folder.at("a.gpkg");
    let named = |name: &str, n| Layer { name: name.to_owned(), ..squares(n) };
    write_layer(&named("a", 60), &path, Existing::Refuse).unwrap();
    write_layer(&named("b", 70), &path, Existing::Append).unwrap();
    write_layer(&named("a", 80), &path, Existing::Overwrite).unwrap();
    let dataset = open(&path);
    for (table, rows) in [("rtree_a_geom", "80"), ("rtree_b_geom", "70")] {
        is_whole(&dataset, table);
        assert_eq!(answer(&dataset, &format!("SELECT count(*) FROM {table}")), rows);
    }
}

#[test]
fn a_newer_file_is_whole_after_its_style_is_replaced_and_edited() {
    let folder = Folder::new();
    let path = folder.at("states.gpkg");
    // Of version 1.4, which GDAL knows from 3.7 on.
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/us_states/us_states.gpkg");
    fs::copy(source, &path).unwrap();
    let mut layer = read(&path).layer;
    layer.style = Some(Style::Single {
        title: "States".to_owned(),
        symbol: Symbol::area(Rgb(200, 200, 200)),
    });
    let warnings = restyle(&path, &[layer]).unwrap();
    let dataset = open(&path);
    let version = answer(&dataset, "PRAGMA user_version");
    let triggers = "SELECT group_concat(substr(name, 19), ' ') FROM (SELECT name FROM sqlite_master \
                    WHERE type = 'trigger' AND name LIKE 'rtree_states_%' ORDER BY name)";
    if warnings.is_empty() {
        assert_eq!(version, "10400");
    } else {
        assert_eq!(version, "10200");
        let known = "delete insert update1 update2 update3 update4";
        assert_eq!(answer(&dataset, triggers), known);
    }
    for edit in [
        "DELETE FROM states WHERE fid % 5 = 0",
        "UPDATE states SET geom = (SELECT geom FROM states WHERE fid = 3) WHERE fid < 9",
        "UPDATE states SET geom = NULL WHERE fid = 11",
        "UPDATE states SET fid = fid + 100 WHERE fid > 30",
    ] {
        sql::run(&dataset, edit).unwrap();
        is_whole(&dataset, "rtree_states_geom");
    }
    let count = |table: &str| answer(&dataset, &format!("SELECT count(*) FROM {table}"));
    assert_eq!(count("rtree_states_geom"), count("states WHERE geom IS NOT NULL"));
    assert_eq!(count("rtree_states_geom WHERE id > 100"), count("states WHERE fid > 100"));
}
