//! Outputs that exist, and outputs that fail.

use super::*;

#[test]
fn an_existing_file_is_refused_and_left_alone() {
    let folder = Folder::new();
    for name in ["a.gpkg", "a.geojson"] {
        fs::write(folder.at(name), "mine").unwrap();
        let error = write_layer(&squares(1), &folder.at(name), Existing::Refuse).unwrap_err();
        assert!(matches!(error, Error::Exists { .. }), "{error}");
        assert_eq!(fs::read_to_string(folder.at(name)).unwrap(), "mine");
    }
    let error = write_layer(&squares(1), &folder.at("a.geojson"), Existing::Append).unwrap_err();
    assert!(matches!(error, Error::SingleLayer { .. }), "{error}");
    write_layer(&squares(1), &folder.at("a.geojson"), Existing::Overwrite).unwrap();
    assert_eq!(read(&folder.at("a.geojson")).len(), 1);
}

#[test]
fn a_file_that_would_go_with_the_output_is_refused_like_the_output_itself() {
    let with = [("a.shp", "dbf"), ("a.shp", "prj"), ("a.shp", "qix"), ("a.csv", "csvt")];
    for (name, sibling) in with {
        let folder = Folder::new();
        let mine = Path::new(&folder.at(name)).with_extension(sibling);
        fs::write(&mine, "mine").unwrap();
        let error = write_layer(&squares(1), &folder.at(name), Existing::Refuse).unwrap_err();
        assert!(
            matches!(&error, Error::Exists { path } if path.ends_with(sibling)),
            "{name} {sibling}: {error}"
        );
        assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
        assert_eq!(folder.names().len(), 1);
        write_layer(&squares(1), &folder.at(name), Existing::Overwrite).unwrap();
    }
}

#[test]
fn a_table_beside_a_shapefile_leaves_its_reference_system_alone() {
    let folder = Folder::new();
    write_layer(&squares(1), &folder.at("a.shp"), Existing::Refuse).unwrap();
    for existing in [Existing::Refuse, Existing::Overwrite] {
        write_layer(&squares(1), &folder.at("a.csv"), existing).unwrap();
    }
    assert!(read(&folder.at("a.shp")).layer.crs.is_some());
}

#[test]
fn what_sqlite_left_beside_a_geopackage_is_refused_or_goes() {
    let folder = Folder::new();
    for name in ["a.gpkg-wal", "a.gpkg-journal"] {
        fs::write(folder.at(name), "left").unwrap();
    }
    for existing in [Existing::Refuse, Existing::Append] {
        let error = write_layer(&squares(1), &folder.at("a.gpkg"), existing).unwrap_err();
        assert!(matches!(&error, Error::Exists { path } if path.ends_with("-wal")), "{error}");
    }
    write_layer(&squares(1), &folder.at("a.gpkg"), Existing::Overwrite).unwrap();
    assert_eq!(folder.names(), ["a.gpkg"]);
}

#[test]
fn a_folder_is_never_replaced() {
    for name in ["a.csv", "a.shp", "a.gpkg"] {
        let folder = Folder::new();
        fs::create_dir(folder.at(name)).unwrap();
        fs::write(folder.at(&format!("{name}/mine")), "mine").unwrap();
        write_layer(&squares(1), &folder.at(name), Existing::Overwrite).unwrap_err();
        assert!(Path::new(&folder.at(name)).join("mine").exists());
        assert_eq!(folder.names(), [name]);
    }
}

#[test]
fn a_number_without_a_reason_is_put_into_words() {
    let err = gdal_sys::OGRErr::OGRERR_FAILURE;
    let reason = in_words(GdalError::OgrError { err, method_name: "OGR_L_CreateFeature" });
    assert!(reason.contains("disk full") && !reason.contains('6'), "{reason}");
}

#[test]
fn overwriting_replaces_one_layer_of_a_geopackage_and_keeps_the_others() {
    let folder = Folder::new();
    let path = folder.at("a.gpkg");
    let named = |name: &str, n| Layer { name: name.to_owned(), ..squares(n) };
    let table = Table {
        name: "coefficients".to_owned(),
        title: "Coefficients".to_owned(),
        columns: vec![Column::float("estimate", [0.5])],
    };
    let styled =
        Layer { style: Some(bins()), columns: vec![Column::int("bin", [0, 1])], ..named("a", 2) };
    write_geopackage(
        &path,
        &[styled.clone(), named("b", 3)],
        std::slice::from_ref(&table),
        Existing::Refuse,
        &Projects::default(),
    )
    .unwrap();
    write_layer(
        &Layer {
            columns: vec![Column::int("bin", [1])],
            ..Layer { style: Some(bins()), ..named("A", 1) }
        },
        &path,
        Existing::Overwrite,
    )
    .unwrap();
    let rows = |layer: &str| read_table(&Source::new(&path).layer(layer)).unwrap().len();
    assert_eq!((rows("A"), rows("b"), rows("coefficients")), (1, 3, 1));
    assert_eq!(rows("layer_styles"), 1);
    assert_eq!(folder.names(), ["a.gpkg"]);
}

#[test]
fn appending_adds_a_layer_but_neither_a_second_of_its_name_nor_another_crs() {
    let folder = Folder::new();
    let path = folder.at("a.gpkg");
    write_layer(&squares(2), &path, Existing::Append).unwrap();
    let before = fs::read(&path).unwrap();
    let same = write_layer(&squares(1), &path, Existing::Append).unwrap_err();
    assert!(matches!(same, Error::LayerExists { .. }), "{same}");
    let planar = Layer { name: "planar".to_owned(), crs: Some(crs(32650)), ..squares(1) };
    let other = write_layer(&planar, &path, Existing::Append).unwrap_err();
    assert!(other.to_string().contains("EPSG:32650"), "{other}");
    assert_eq!(fs::read(&path).unwrap(), before);
    write_layer(&Layer { name: "more".to_owned(), ..squares(1) }, &path, Existing::Append).unwrap();
    let error = read_units(&Source::new(&path)).unwrap_err();
    assert!(
        matches!(&error, Error::SeveralLayers { available, .. } if available == &["units", "more"]),
        "{error}"
    );
    let error = read_units(&Source::new(&path).layer("less")).unwrap_err();
    assert!(matches!(&error, Error::NoLayer { available, .. } if available.len() == 2), "{error}");
    assert_eq!(read(&format!("{path}|layername=more")).len(), 1);
}

#[test]
fn layers_appended_at_the_same_time_are_all_there() {
    let folder = Folder::new();
    let path = folder.at("a.gpkg");
    let layer = |name: &str| Layer { name: name.to_owned(), ..squares(4) };
    write_layer(&layer("first"), &path, Existing::Refuse).unwrap();
    let names: Vec<String> = (0..6).map(|at| format!("layer {at}")).collect();
    std::thread::scope(|scope| {
        for name in &names {
            let (layer, path) = (layer(name), &path);
            scope.spawn(move || write_layer(&layer, path, Existing::Append).unwrap());
        }
    });
    for name in &names {
        assert!(read_units(&Source::new(&path).layer(name)).is_ok(), "{name}");
    }
}

#[test]
fn fields_that_differ_only_in_case_are_refused_by_name() {
    let folder = Folder::new();
    let mut layer = squares(2);
    let column = |name: &str| durbin_core::Column::float(name, [1.0, 2.0]);
    layer.columns = vec![column("Pop"), column("pop")];
    let error = write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap_err();
    assert!(
        matches!(&error, Error::SameField { first, second, .. } if first == "Pop" && second == "pop")
    );
    assert_eq!(folder.names(), Vec::<String>::new());
}

#[test]
fn a_failure_leaves_the_old_file_and_no_litter() {
    let folder = Folder::new();
    let path = folder.at("a.gpkg");
    write_layer(&squares(2), &path, Existing::Refuse).unwrap();
    let before = fs::read(&path).unwrap();
    let twice = Layer { fids: vec![1, 1, 1], ..squares(3) };
    let error = write_layer(&twice, &path, Existing::Overwrite).unwrap_err();
    assert!(matches!(&error, Error::Write { reason, .. } if reason.contains("UNIQUE")), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(folder.names(), ["a.gpkg"]);
    let nowhere = folder.at("no/such/folder/a.gpkg");
    assert!(matches!(
        write_layer(&squares(1), &nowhere, Existing::Refuse),
        Err(Error::File { .. })
    ));
}

#[test]
fn an_unknown_extension_lists_the_known_ones() {
    let error = write_layer(&squares(1), "a.xyz", Existing::Refuse).unwrap_err();
    assert!(error.to_string().contains(".gpkg"), "{error}");
}

#[test]
fn a_style_on_a_field_that_is_not_there_is_an_error_before_anything_is_written() {
    let folder = Folder::new();
    let layer = Layer { style: Some(bins()), ..squares(1) };
    let error = write_layer(&layer, &folder.at("a.gpkg"), Existing::Refuse).unwrap_err();
    assert!(matches!(error, Error::Data { .. }), "{error}");
    assert!(folder.names().is_empty());
}
