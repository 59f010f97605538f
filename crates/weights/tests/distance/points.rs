//! Point units for tests.

use durbin_core::{Crs, Units};
use geo_types::{Geometry, Point};

use crate::shapes::units;

/// Units `0`, `1`, … at these points, without a reference system.
pub fn planar(points: &[[f64; 2]]) -> Units {
    units(points.iter().map(|&[x, y]| Some(Geometry::from(Point::new(x, y)))).collect())
}

/// The same in longitude and latitude.
pub fn geographic(points: &[[f64; 2]]) -> Units {
    with_crs(planar(points), true, 1.0)
}

pub fn with_crs(mut units: Units, geographic: bool, metres_per_unit: f64) -> Units {
    units.layer.crs = Some(Crs {
        wkt: String::new(),
        authority: geographic.then(|| ("EPSG".into(), "4326".into())),
        name: "test".into(),
        geographic,
        metres_per_unit,
        ellipsoid: None,
    });
    units
}

/// The units with other keys.
pub fn keyed(mut units: Units, ids: &[&str]) -> Units {
    units.ids = ids.iter().map(ToString::to_string).collect();
    units
}
