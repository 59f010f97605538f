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
    use geo_types::{Geometry, line_string};

    #[test]
    fn a_shape_reads_back_as_it_was() {
        let line: Geometry = line_string![(x: 1.0, y: 2.0), (x: 3.0, y: -4.0)].into();
        let bytes = super::to_wkb(&line).unwrap();
        let back = gdal::vector::Geometry::from_wkb(&bytes).unwrap();
        assert_eq!(back.to_geo().unwrap(), line);
    }
}
