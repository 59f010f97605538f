//! Polygon units for tests.

use durbin_core::{Layer, Metadata, Units};
use geo_types::{Geometry, LineString, MultiPolygon, Polygon};
use serde_json::Value;

/// Text of a file under `tests/reference`.
pub fn text(path: &str) -> String {
    let path = format!("{}/../../tests/reference/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Units `0`, `1`, … with these shapes.
pub fn units(shapes: Vec<Option<Geometry<f64>>>) -> Units {
    let layer = Layer {
        name: "test".into(),
        crs: None,
        undefined_crs: None,
        geometry_type: "GEOMETRY".into(),
        fid_column: None,
        geometry_column: None,
        fids: (0..).take(shapes.len()).collect(),
        geometry: vec![None; shapes.len()],
        columns: Vec::new(),
        style: None,
        metadata: Metadata::default(),
    };
    Units::new(layer, shapes, None).unwrap()
}

/// The polygons of a GeoJSON file under `tests/reference`.
pub fn polygons(path: &str) -> Vec<Option<Geometry<f64>>> {
    let file: Value = serde_json::from_str(&text(path)).unwrap();
    let features = file["features"].as_array().unwrap();
    features.iter().map(|feature| Some(shape(&feature["geometry"]))).collect()
}

pub fn shape(geometry: &Value) -> Geometry<f64> {
    let coordinates = &geometry["coordinates"];
    match geometry["type"].as_str().unwrap() {
        "Polygon" => polygon(coordinates).into(),
        "MultiPolygon" => {
            MultiPolygon(coordinates.as_array().unwrap().iter().map(polygon).collect()).into()
        }
        other => panic!("{other}"),
    }
}

fn polygon(rings: &Value) -> Polygon<f64> {
    let mut rings = rings.as_array().unwrap().iter().map(|ring| {
        let points = ring.as_array().unwrap().iter();
        let point = |p: &Value| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap());
        LineString::from(points.map(point).collect::<Vec<_>>())
    });
    let exterior = rings.next().unwrap();
    Polygon::new(exterior, rings.collect())
}
