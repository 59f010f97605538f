//! Reading by column and reading by feature give the same.

use durbin_core::{Column, Narrow, Storage, Values};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::*;
use crate::{
    Existing, sql,
    testing::{layer_of, squares},
    write_layer,
};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A file of one layer, then changed by `statements`.
    fn file(&self, name: &str, layer: &Layer, statements: &[&str]) -> String {
        let path = self.0.path().join(name).display().to_string();
        write_layer(layer, &path, Existing::Refuse).unwrap();
        if !statements.is_empty() {
            let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_UPDATE;
            let options = DatasetOptions { open_flags, ..DatasetOptions::default() };
            let dataset = Dataset::open_ex(&path, options).unwrap();
            for statement in statements {
                sql::run(&dataset, statement).unwrap();
            }
        }
        path
    }
}

/// The only layer of a file by column, and by feature.
fn both(path: &str, with_geometry: bool) -> (Option<Read>, Result<Read, String>) {
    let opened = Opened::new(&Source::new(path)).unwrap();
    let by_column = columns::read(&opened.dataset, 0, with_geometry).unwrap();
    let by_column = by_column.map(|features| layer(&opened, 0, features).unwrap());
    let opened = Opened::new(&Source::new(path)).unwrap();
    let read = || by_feature(&opened, 0, with_geometry);
    (by_column, messages::checked(read).map(|(read, _)| read))
}

fn assert_same(path: &str) {
    for with_geometry in [true, false] {
        let (by_column, by_feature) = both(path, with_geometry);
        assert_eq!(by_column.expect(path), by_feature.unwrap(), "{path}");
    }
}

fn assert_by_feature_alone(path: &str) {
    assert!(both(path, true).0.is_none(), "{path}");
}

fn plain_columns() -> Vec<Column> {
    let text = |text: &str| vec![Some(text.to_owned()), None, Some(String::new())];
    let with = |name: &str, values, storage| Column { storage, ..Column::new(name, values) };
    let plain = Storage::default();
    vec![
        with(
            "i32",
            Values::Int(vec![Some(-70_000), None, Some(0)]),
            Storage { narrow: Some(Narrow::Int32), ..plain },
        ),
        Column::new("i64", Values::Int(vec![Some(1 << 40), None, Some(-1)])),
        Column::new("f64", Values::Float(vec![Some(0.1 + 0.2), None, Some(f64::INFINITY)])),
        with("名称", Values::Text(text("黔\"东'南")), Storage { width: 12, ..plain }),
        with("js", Values::Text(text("{\"a\":1}")), Storage { json: true, ..plain }),
    ]
}

fn three(columns: Vec<Column>) -> Layer {
    Layer { columns, ..squares(3) }
}

#[test]
fn every_plain_type_is_the_same_and_so_are_missing_values() {
    let folder = Folder::new();
    let mut layer = three(plain_columns());
    layer.columns[2].alias = Some("人口".to_owned());
    for name in ["a.gpkg", "a.fgb"] {
        assert_same(&folder.file(name, &layer, &[]));
    }
}

#[test]
fn many_batches_are_the_same() {
    let folder = Folder::new();
    let n = 70_001;
    let layer = Layer {
        columns: vec![
            Column::float("x", (0..n).map(f64::from)),
            Column::text("t", (0..n).map(|i| "a".repeat((i % 7).try_into().unwrap()))),
        ],
        ..squares(n.try_into().unwrap())
    };
    let path = folder.file("a.gpkg", &layer, &[]);
    assert_same(&path);
    assert_same(&folder.file("b.gpkg", &layer, &["DELETE FROM units WHERE fid IN (1, 5, 65537)"]));
    assert_same(&folder.file("a.fgb", &layer, &[]));
}

#[test]
fn ids_with_gaps_below_zero_and_out_of_order_are_the_same() {
    let folder = Folder::new();
    for (at, fids) in [[1, 2, 9], [-3, 17, 0], [0, 2, 3], [3, 1, 2]].into_iter().enumerate() {
        let layer = Layer { fids: fids.to_vec(), ..three(plain_columns()) };
        assert_same(&folder.file(&format!("{at}.gpkg"), &layer, &[]));
    }
}

#[test]
fn a_wrong_count_of_features_is_found_out() {
    let folder = Folder::new();
    let gap = "DELETE FROM units WHERE fid = 2";
    let wrong = "UPDATE gpkg_ogr_contents SET feature_count = 3";
    let path = folder.file("a.gpkg", &three(plain_columns()), &[gap, wrong]);
    assert_by_feature_alone(&path);
    assert_eq!(read_units(&Source::new(path)).unwrap().ids, ["1", "3"]);
}

#[test]
fn values_that_are_not_of_their_declared_type_are_the_same() {
    let folder = Folder::new();
    let path = folder.file(
        "a.gpkg",
        &three(plain_columns()),
        &[
            "UPDATE units SET i32 = 5000000000, i64 = 'abc', f64 = '1.5x' WHERE fid = 1",
            "UPDATE units SET i32 = 2.9, i64 = 2.9, f64 = x'41' WHERE fid = 2",
            "UPDATE units SET \"名称\" = CAST(x'41ff42' AS TEXT), js = 12 WHERE fid = 1",
            "UPDATE units SET \"名称\" = x'410042', js = CAST(x'410042' AS TEXT) WHERE fid = 2",
        ],
    );
    assert_same(&path);
}

#[test]
fn geometries_of_every_kind_are_the_same() {
    let folder = Folder::new();
    let kinds: [(&str, &[Option<&str>]); 9] = [
        ("POINT", &[Some("POINT (1 2)"), None, Some("POINT EMPTY")]),
        ("POINT ZM", &[Some("POINT ZM (1 2 3 4)"), None, Some("POINT ZM EMPTY")]),
        ("POLYGON Z", &[Some("POLYGON Z ((0 0 1,4 0 2,4 4 3,0 0 1))"), None]),
        ("LINESTRING", &[Some("LINESTRING (0 0,1 1)"), Some("LINESTRING EMPTY")]),
        ("MULTIPOINT", &[Some("MULTIPOINT (0 0,1 1)")]),
        (
            "MULTIPOLYGON",
            &[
                Some("MULTIPOLYGON (((0 0,0 4,4 4,0 0)),((9 9,9 8,8 8,9 9)))"),
                Some("MULTIPOLYGON (EMPTY,((0 0,1 0,1 1,0 0)))"),
                Some("MULTIPOLYGON EMPTY"),
                Some("MULTIPOLYGON (((0 0,2 2,2 0,0 2,0 0)))"),
            ],
        ),
        ("CURVEPOLYGON", &[Some("CURVEPOLYGON (CIRCULARSTRING (1 0,-1 0,1 0))")]),
        ("GEOMETRYCOLLECTION", &[Some("GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (0 0,1 1))")]),
        (
            "GEOMETRY",
            &[
                Some("POLYGON ((0 0,9 0,9 9,0 9,0 0),(1 1,1 2,2 2,1 1))"),
                Some("POLYGON ((0 0,2 2,2 0,0 2,0 0))"),
                Some("POLYGON ((0 0,1 0,1 1,0 1))"),
                Some("POLYGON ((0 0,1 1,0 0))"),
            ],
        ),
    ];
    for (kind, wkt) in kinds {
        let layer = layer_of(kind, wkt);
        assert_same(&folder.file(&format!("{kind}.gpkg"), &layer, &[]));
    }
}

#[test]
fn polygons_of_several_parts_in_a_layer_of_single_ones_are_the_same() {
    let folder = Folder::new();
    let two = "MULTIPOLYGON (((0 0,0 4,4 4,0 0)),((9 9,9 8,8 8,9 9)))";
    let layer = layer_of("GEOMETRY", &[Some("POLYGON ((0 0,1 0,1 1,0 0))"), Some(two)]);
    let narrow = "UPDATE gpkg_geometry_columns SET geometry_type_name = 'POLYGON'";
    let path = folder.file("a.gpkg", &layer, &[narrow]);
    assert_same(&path);
    assert_eq!(read_units(&Source::new(path)).unwrap().layer.geometry_type, "MULTIPOLYGON");
}

#[test]
fn big_endian_geometry_is_rewritten_as_by_feature() {
    let folder = Folder::new();
    // The point (1, 2) of the system 4326.
    let blob = "UPDATE units SET geom = x'47500001e6100000\
                0000000001\
                3ff0000000000000\
                4000000000000000' WHERE fid = 1";
    let layer = layer_of("POINT", &[Some("POINT (5 6)"), Some("POINT (7 8)")]);
    let path = folder.file("a.gpkg", &layer, &[blob]);
    assert_same(&path);
    let shapes = read_units(&Source::new(path)).unwrap().shapes;
    assert_eq!(shapes[0], Some(geo_types::Point::new(1.0, 2.0).into()));
}

#[test]
fn a_geometry_that_is_none_is_an_error_and_not_missing() {
    let folder = Folder::new();
    // Without the triggers of the spatial index, which would refuse it.
    let blob = [
        "SELECT DisableSpatialIndex('units', 'geom')",
        "UPDATE units SET geom = x'0102' WHERE fid = 2",
    ];
    let path = folder.file("a.gpkg", &three(Vec::new()), &blob);
    assert_by_feature_alone(&path);
    assert!(read_units(&Source::new(path)).is_err());
}

#[test]
fn types_that_streams_give_otherwise_are_read_by_feature() {
    let folder = Folder::new();
    let text = |text: &str| vec![Some(text.to_owned()); 3];
    let narrow = |narrow| Storage { narrow: Some(narrow), ..Storage::default() };
    let columns = [
        Column::new("flag", Values::Bool(vec![None, Some(false), Some(true)])),
        Column::new("day", Values::Date(text("2020-02-29"))),
        Column::new("when", Values::DateTime(text("2020-02-29T23:59:58Z"))),
        Column::new("bytes", Values::Binary(vec![Some(vec![0, 255, 7]); 3])),
        Column {
            storage: narrow(Narrow::Int16),
            ..Column::new("i16", Values::Int(vec![Some(-7); 3]))
        },
        Column {
            storage: narrow(Narrow::Float32),
            ..Column::new("f32", Values::Float(vec![Some(0.5); 3]))
        },
    ];
    for column in columns {
        let name = format!("{}.gpkg", column.name);
        assert_by_feature_alone(&folder.file(&name, &three(vec![column]), &[]));
    }
}

#[test]
fn views_without_ids_are_read_by_feature() {
    let folder = Folder::new();
    let path = folder.file(
        "a.gpkg",
        &three(plain_columns()),
        &[
            "CREATE VIEW seen AS SELECT geom, f64 FROM units",
            "UPDATE gpkg_contents SET table_name = 'seen', identifier = 'seen' WHERE table_name = 'units'",
        ],
    );
    let opened = Opened::new(&Source::new(&path)).unwrap();
    for at in 0..opened.dataset.layer_count() {
        if raw::fid_column(&opened.dataset.layer(at).unwrap()).is_none() {
            assert!(columns::read(&opened.dataset, at, true).unwrap().is_none());
        }
    }
}

#[test]
fn an_empty_layer_is_the_same() {
    let folder = Folder::new();
    assert_same(&folder.file("a.gpkg", &squares(0), &[]));
}

#[test]
fn the_data_of_the_examples_is_the_same() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");
    for name in ["us_counties/us_counties.gpkg", "us_states/us_states.gpkg"] {
        let path = format!("{data}/{name}");
        let (by_column, by_feature) = both(&path, true);
        assert!(by_column.is_none_or(|read| read == by_feature.unwrap()), "{name}");
    }
}
