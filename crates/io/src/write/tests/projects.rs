use super::*;
use crate::sql;

/// Names and contents of the projects in a GeoPackage.
fn stored(path: &str) -> Vec<[String; 2]> {
    let dataset = gdal::Dataset::open(path).unwrap();
    sql::rows::<2>(&dataset, "SELECT name, CAST(content AS TEXT) FROM qgis_projects ORDER BY name")
        .unwrap()
}

fn embedded(name: &str, path: &str, existing: Existing) -> Result<Vec<Warning>, Error> {
    let layer = Layer { name: name.to_owned(), ..squares(2) };
    let projects = Projects { beside: true, embedded: true, title: None };
    write_layers(path, &[layer], existing, &projects)
}

#[test]
fn the_project_in_a_geopackage_is_the_one_beside_it_in_digits() {
    let folder = Folder::new();
    let path = folder.at("a.gpkg");
    embedded("first", &path, Existing::Refuse).unwrap();
    assert_eq!(folder.names(), ["a.gpkg", "a.qgz"]);
    let [[name, digits]] = &stored(&path)[..] else { panic!("one project") };
    let bytes = fs::read(folder.at("a.qgz")).unwrap();
    let pairs = digits.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
    let read: Vec<u8> = pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    assert_eq!((name.as_str(), read == bytes), ("first", true));
}

#[test]
fn a_project_of_another_layer_stays_and_one_of_the_same_is_replaced_on_request_alone() {
    let folder = Folder::new();
    let path = folder.at("a.gpkg");
    embedded("first", &path, Existing::Refuse).unwrap();
    embedded("second", &path, Existing::Overwrite).unwrap();
    let names: Vec<String> = stored(&path).into_iter().map(|[name, _]| name).collect();
    assert_eq!(names, ["first", "second"]);
    // A layer that is gone may have left its project.
    let dataset = gdal::Dataset::open_ex(
        &path,
        gdal::DatasetOptions {
            open_flags: gdal::GdalOpenFlags::GDAL_OF_UPDATE,
            ..Default::default()
        },
    )
    .unwrap();
    sql::run(&dataset, "DROP TABLE second").unwrap();
    dataset.close().unwrap();
    fs::remove_file(folder.at("a.qgz")).unwrap();
    let error = embedded("second", &path, Existing::Append).unwrap_err();
    assert!(
        matches!(&error, Error::ProjectExists { project, .. } if project == "second"),
        "{error}"
    );
    assert_eq!(folder.names(), ["a.gpkg"]);
}
