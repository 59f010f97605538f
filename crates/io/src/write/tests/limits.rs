//! What formats cannot hold, and what readers must report.

use super::*;

#[test]
fn a_csv_keeps_keys_as_text_and_says_that_it_drops_the_geometry() {
    let folder = Folder::new();
    let mut layer = squares(1);
    layer.columns = vec![Column::text("fips", ["01001"])];
    let warnings = write_layer(&layer, &folder.at("a.csv"), Existing::Refuse).unwrap();
    assert!(warnings[0].to_string().contains("geometry"), "{}", warnings[0]);
    let table = read_table(&Source::new(folder.at("a.csv"))).unwrap();
    assert_eq!(table.column("fips").unwrap().key(0).as_deref(), Some("01001"));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_field() {
    let folder = Folder::new();
    fs::write(folder.at("a.csv"), "\u{feff}fips,x\n01001,1\n").unwrap();
    let table = read_table(&Source::new(folder.at("a.csv"))).unwrap();
    assert_eq!(table.columns[0].name, "fips");
}

#[test]
fn long_names_of_a_shapefile_are_cut_with_a_warning() {
    let folder = Folder::new();
    let mut layer = squares(1);
    layer.columns =
        vec![Column::text("人均地区生产总值", ["一"]), Column::int("gi_neighbors", [4])];
    let warnings = write_layer(&layer, &folder.at("县.shp"), Existing::Refuse).unwrap();
    assert!(warnings.iter().any(|w| w.to_string().contains("gi_neighbo")), "{warnings:?}");
    assert_eq!(folder.names(), ["县.cpg", "县.dbf", "县.prj", "县.shp", "县.shx"]);
    let back = read(&folder.at("县.shp")).layer;
    assert_eq!(back.columns[0].values, Values::Text(vec![Some("一".to_owned())]));
}

#[test]
fn several_parts_in_a_shapefile_make_a_multi_part_layer() {
    let folder = Folder::new();
    let two = "MULTIPOLYGON (((0 0,0 1,1 1,0 0)),((5 5,5 6,6 6,5 5)))";
    let layer = layer_of("MULTIPOLYGON", &[Some("POLYGON ((0 0,0 1,1 1,0 0))"), Some(two)]);
    write_layer(&layer, &folder.at("a.shp"), Existing::Refuse).unwrap();
    let back = read(&folder.at("a.shp")).layer;
    assert_eq!(back.geometry_type, "MULTIPOLYGON");
    assert_eq!(write_layer(&back, &folder.at("a.gpkg"), Existing::Refuse).unwrap(), []);
    let first = read(&folder.at("a.gpkg")).layer.geometry[0].clone().unwrap();
    assert_eq!(gdal::vector::Geometry::from_wkb(&first).unwrap().geometry_name(), "MULTIPOLYGON");
}

#[test]
fn single_parts_stay_single_where_the_format_declares_no_type() {
    let folder = Folder::new();
    let two = "MULTIPOLYGON (((0 0,0 1,1 1,0 0)),((5 5,5 6,6 6,5 5)))";
    let layer = layer_of("MULTIPOLYGON", &[Some("POLYGON ((0 0,0 1,1 1,0 0))"), Some(two)]);
    for name in ["a.geojson", "a.geojsonl"] {
        write_layer(&layer, &folder.at(name), Existing::Refuse).unwrap();
        let text = fs::read_to_string(folder.at(name)).unwrap();
        let kinds = |kind: &str| text.matches(&format!("\"type\": \"{kind}\"")).count();
        assert_eq!((kinds("Polygon"), kinds("MultiPolygon")), (1, 1), "{text}");
    }
}

#[test]
fn an_invalid_ring_is_reported_by_key_with_its_reason() {
    let folder = Folder::new();
    let mut layer = squares(2);
    layer.geometry[1] =
        layer_of("POLYGON", &[Some("POLYGON ((0 0,2 2,2 0,0 2,0 0))")]).geometry[0].clone();
    write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    let mut units = read_units(&Source::new(folder.at("a.gpkg")).id("key")).unwrap();
    assert_eq!(units.invalid.len(), 1);
    assert_eq!(units.invalid[0].id, "k2");
    assert_eq!(units.invalid[0].reason, "Self-intersection at or near point 1 1");
    crate::repair(&mut units).unwrap();
    write_layer(&units.layer, &folder.at("b.gpkg"), Existing::Refuse).unwrap();
    assert!(read(&folder.at("b.gpkg")).invalid.is_empty());
}

#[test]
fn a_key_field_that_is_missing_or_repeats_is_named_with_the_file() {
    let folder = Folder::new();
    let mut layer = squares(2);
    layer.columns.push(Column::int("same", [1, 1]));
    write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    let source = Source::new(folder.at("a.gpkg"));
    let missing = read_units(&source.clone().id("adcode")).unwrap_err().to_string();
    assert!(missing.contains("a.gpkg") && missing.contains("key, same"), "{missing}");
    let twice = read_units(&source.id("same")).unwrap_err().to_string();
    assert!(twice.contains("1 ×2"), "{twice}");
}

#[test]
fn three_thousand_units_with_a_style_take_well_under_a_second() {
    let folder = Folder::new();
    let mut layer = squares(3000);
    layer.columns = vec![Column::int("bin", (0..3000).map(|i| i % 2))];
    layer.style = Some(bins());
    let start = std::time::Instant::now();
    write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    assert_eq!(read(&folder.at("a.gpkg")).len(), 3000);
    assert!(start.elapsed().as_secs_f64() < 2.0, "{:?}", start.elapsed());
}
