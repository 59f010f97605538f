//! What goes through unchanged.

use super::*;

/// One column of every type, two rows, the second missing.
fn every_type() -> Vec<Column> {
    let storage = |narrow, width| Storage { narrow, width, ..Storage::default() };
    let with = |name: &str, values, storage| Column { storage, ..Column::new(name, values) };
    let plain = Storage::default();
    let text = |text: &str| vec![Some(text.to_owned()), None];
    vec![
        with("flag", Values::Bool(vec![Some(true), None]), plain),
        with("i16", Values::Int(vec![Some(-7), None]), storage(Some(Narrow::Int16), 0)),
        with("i32", Values::Int(vec![Some(70_000), None]), storage(Some(Narrow::Int32), 0)),
        with("i64", Values::Int(vec![Some(1 << 40), None]), plain),
        with("f32", Values::Float(vec![Some(0.5), None]), storage(Some(Narrow::Float32), 0)),
        with("f64", Values::Float(vec![Some(0.1 + 0.2), None]), plain),
        with("名称", Values::Text(text("黔\"东'南")), storage(None, 12)),
        with("js", Values::Text(text("{\"a\":1}")), Storage { json: true, ..plain }),
        with("day", Values::Date(text("2020-02-29")), plain),
        with("when", Values::DateTime(text("2020-02-29T23:59:58Z")), plain),
        with("bytes", Values::Binary(vec![Some(vec![0, 255, 7]), None]), plain),
    ]
}

#[test]
fn a_geopackage_gives_back_every_column_type_and_its_missing_values() {
    let folder = Folder::new();
    let mut layer = squares(2);
    layer.columns = every_type();
    let path = folder.at("a.gpkg");
    assert_eq!(write_layer(&layer, &path, Existing::Refuse).unwrap(), []);
    let back = read(&path).layer;
    assert_eq!(back, layer);
    assert_eq!(folder.names(), ["a.gpkg"]);
}

#[test]
fn a_geopackage_gives_back_the_names_of_its_id_and_geometry_columns() {
    let folder = Folder::new();
    let layer = Layer {
        fid_column: Some("objid".to_owned()),
        geometry_column: Some("the_geom".to_owned()),
        columns: vec![Column::int("bin", [0, 1])],
        style: Some(bins()),
        ..squares(2)
    };
    let path = folder.at("a.gpkg");
    write_layer(&layer, &path, Existing::Refuse).unwrap();
    let back = read(&path).layer;
    assert_eq!(back, Layer { style: None, metadata: back.metadata.clone(), ..layer });
    let styles = read_table(&Source::new(&path).layer("layer_styles")).unwrap();
    let named = styles.column("f_geometry_column").unwrap();
    assert_eq!(named.key(0).as_deref(), Some("the_geom"));
}

#[test]
fn times_of_day_come_back_as_text_from_a_geopackage_and_a_warning_says_so() {
    let folder = Folder::new();
    let mut layer = squares(1);
    layer.columns = vec![Column::new("t", Values::Time(vec![Some("23:59:58".to_owned())]))];
    let warnings = write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].to_string().contains("`t` is stored as text"), "{}", warnings[0]);
    let back = read(&folder.at("a.gpkg")).layer;
    assert_eq!(back.columns[0].values, Values::Text(vec![Some("23:59:58".to_owned())]));
}

#[test]
fn z_and_m_and_feature_ids_go_through_and_empty_geometries_become_missing() {
    let folder = Folder::new();
    let mut layer =
        layer_of("POINT ZM", &[Some("POINT ZM (1 2 3 4)"), None, Some("POINT ZM EMPTY")]);
    layer.fids = vec![0, 17, -3];
    layer.name = "点 \"a\" o'b".to_owned();
    let path = folder.at("a.gpkg");
    let warnings = write_layer(&layer, &path, Existing::Refuse).unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].to_string().contains("1 empty geometries"), "{}", warnings[0]);
    // Checkers of GeoPackages want every geometry in the spatial index.
    layer.geometry[2] = None;
    let mut back = read(&path);
    let order: Vec<usize> = layer
        .fids
        .iter()
        .map(|fid| back.layer.fids.iter().position(|f| f == fid).unwrap())
        .collect();
    back = back.select(&order);
    assert_eq!(back.layer, layer);
    assert_eq!(back.shapes, [Some(geo_types::Point::new(1.0, 2.0).into()), None, None]);
    assert_eq!(back.ids, ["0", "17", "-3"]);
}

#[test]
fn every_format_gives_back_keys_and_geometry() {
    let mut layer = squares(3);
    layer.geometry = layer_of(
        "POLYGON",
        &["POLYGON ((0.1 0.2,112.345678901234567 0,1 1,0.1 0.2))"; 3].map(Some),
    )
    .geometry;
    for name in ["a.gpkg", "a.geojson", "a.geojsonl", "a.fgb", "a.shp"] {
        let folder = Folder::new();
        write_layer(&layer, &folder.at(name), Existing::Refuse).unwrap();
        let back = read(&folder.at(name)).layer;
        assert_eq!(back.len(), 3, "{name}");
        // A Shapefile turns rings clockwise; the corners are the same doubles.
        let corners = |layer: &Layer| {
            let wkb = layer.geometry[0].clone().unwrap();
            let mut corners: Vec<[u8; 8]> =
                wkb[13..].chunks(8).map(|c| c.try_into().unwrap()).collect();
            corners.sort_unstable();
            corners
        };
        assert_eq!(corners(&back), corners(&layer), "{name}");
        let mut keys: Vec<_> = (0..3).map(|row| back.column("key").unwrap().key(row)).collect();
        keys.sort();
        assert_eq!(keys, ["k1", "k2", "k3"].map(|key| Some(key.to_owned())), "{name}");
        assert!(back.crs.unwrap().geographic, "{name}");
    }
}

#[test]
fn a_geopackages_word_for_no_crs_goes_through() {
    let undefined = |name: &str| {
        format!(
            "ENGCRS[\"{name}\",EDATUM[\"unknown\"],CS[Cartesian,2],AXIS[\"easting\",east],AXIS[\"northing\",north],LENGTHUNIT[\"metre\",1]]"
        )
    };
    for name in ["Undefined Cartesian SRS", "Undefined SRS"] {
        let folder = Folder::new();
        let text = undefined(name);
        let layer = Layer { crs: None, undefined_crs: Some(text), ..squares(1) };
        write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap();
        let back = read(&folder.at("a.gpkg")).layer;
        assert_eq!(back.crs, None);
        assert!(back.undefined_crs.is_some_and(|wkt| wkt.contains(name)), "{name}");
    }
}

#[test]
fn a_layer_without_crs_comes_back_without_one() {
    let folder = Folder::new();
    let layer = Layer { crs: None, ..squares(1) };
    write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap();
    assert_eq!(read(&folder.at("a.gpkg")).layer.crs, None);
}
