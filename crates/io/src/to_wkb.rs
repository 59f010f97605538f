//! Shapes as the bytes that a layer keeps.

use geo_types::Geometry;
use wkb::writer::{WriteOptions, write_geometry};

/// A shape as ISO WKB, little-endian; `None` where it has more vertices than the 2³² − 1 that WKB counts.
pub fn to_wkb(shape: &Geometry<f64>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    write_geometry(&mut bytes, shape, &WriteOptions::default()).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use geo_types::line_string;

    #[test]
    fn a_shape_reads_back_as_it_was() {
        let line = line_string![(x: 1.5, y: 2.0), (x: 3.0, y: -4.0)];
        let bytes = super::to_wkb(&line.into()).unwrap();
        let wkt = gdal::vector::Geometry::from_wkb(&bytes).unwrap().iso_wkt().unwrap();
        assert_eq!(wkt, "LINESTRING (1.5 2,3 -4)");
    }
}
