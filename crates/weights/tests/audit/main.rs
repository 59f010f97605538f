//! What an audit of a map finds: on the reference shapes, on maps with known faults, and on any map.

#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "tests of exact claims")]

#[path = "../contiguity/units.rs"]
mod units;

mod faults;
mod properties;
mod reference;

use durbin_core::{Crs, Units};
use durbin_weights::{Audit, Contiguity, audit, contiguity};
use geo_types::{Geometry, Rect};

/// The audit of queen contiguity, pairs near within `tolerance` coordinate units.
fn audited(units: &Units, tolerance: &str) -> Audit {
    let weights = contiguity(units, Contiguity::Queen).unwrap();
    audit(units, &weights, Some(tolerance.parse().unwrap())).unwrap()
}

fn rectangle(x0: f64, y0: f64, x1: f64, y1: f64) -> Geometry<f64> {
    Rect::new((x0, y0), (x1, y1)).to_polygon().into()
}

fn layer(shapes: Vec<Geometry<f64>>) -> Units {
    units::units(shapes.into_iter().map(Some).collect())
}

fn crs(geographic: bool, metres_per_unit: f64) -> Crs {
    Crs {
        wkt: String::new(),
        authority: None,
        name: "test".into(),
        geographic,
        metres_per_unit,
        ellipsoid: None,
    }
}

fn close(found: f64, expected: f64) -> bool {
    (found / expected - 1.0).abs() < 1e-9
}
