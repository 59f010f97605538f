//! The simplest polygon.

use geo_types::{Geometry, LineString, Polygon};

pub fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Geometry<f64> {
    let ring = vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
    Polygon::new(LineString::from(ring), vec![]).into()
}
