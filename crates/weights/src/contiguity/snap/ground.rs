//! What a length on the ground is in coordinates, place by place.

use durbin_core::{Crs, Ellipsoid};

use super::super::segment::{Extent, Point};
use crate::{Error, Length};

/// A distance and the measure it is taken in.
pub struct Ground {
    /// In the measure of [`Ground::scale`].
    pub distance: f64,
    /// For longitudes and latitudes that are measured in metres.
    ellipsoid: Option<Ellipsoid>,
}

const WGS84: Ellipsoid = Ellipsoid { semi_major: 6_378_137.0, semi_minor: 6_356_752.314_245_179 };

impl Ground {
    /// # Errors
    /// A length with a unit where there is no reference system to convert it by.
    pub fn new(crs: Option<&Crs>, length: Length) -> Result<Self, Error> {
        let planar = |distance| Self { distance, ellipsoid: None };
        match (length.metres(), crs) {
            (None, _) => Ok(planar(length.value)),
            (Some(_), None) => Err(Error::LengthWithoutCrs { length }),
            (Some(metres), Some(crs)) if !crs.geographic => {
                Ok(planar(metres / crs.metres_per_unit))
            }
            (Some(metres), Some(crs)) => {
                Ok(Self { distance: metres, ellipsoid: Some(crs.ellipsoid.unwrap_or(WGS84)) })
            }
        }
    }

    /// What one unit of x and of y measures at a latitude: the radii of curvature
    /// N(φ)·cos φ and M(φ) of the ellipsoid times π/180, or 1.
    pub fn scale(&self, latitude: f64) -> [f64; 2] {
        let Some(Ellipsoid { semi_major: a, semi_minor: b }) = self.ellipsoid else {
            return [1.0, 1.0];
        };
        let (sin, cos) = latitude.clamp(-90.0, 90.0).to_radians().sin_cos();
        let eccentricity = 1.0 - (b / a) * (b / a);
        let bend = 1.0 - eccentricity * sin * sin;
        let across = a / bend.sqrt();
        let along = across * (1.0 - eccentricity) / bend;
        [(across * cos).to_radians(), along.to_radians()]
    }

    /// A box that holds all within the distance of `extent`.
    pub fn around(&self, extent: Extent) -> Extent {
        // Degrees of longitude are shortest at the latitude furthest from the equator, those of latitude at the
        // equator.
        let degrees = self.distance / self.scale(0.0)[1];
        let furthest = extent.min[1].abs().max(extent.max[1].abs()) + degrees;
        let across = self.scale(furthest)[0];
        // At the pole any longitude is near.
        let east = if across > 0.0 { self.distance / across } else { 360.0 };
        // A little more, for the roundings.
        extent.grown([east * (1.0 + 1e-9), degrees * (1.0 + 1e-9)])
    }

    /// The vector from `a` to `b`, measured at a latitude.
    pub fn vector(&self, a: Point, b: Point, latitude: f64) -> Point {
        let [x, y] = self.scale(latitude);
        [(b[0] - a[0]) * x, (b[1] - a[1]) * y]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_as_long_as_on_wgs_84() {
        let ground = Ground { distance: 1.0, ellipsoid: Some(WGS84) };
        // Equator: π/180 · a and π/180 · b²/a. Pole: π/180 · a²/b.
        let near = |found: f64, expected: f64| (found - expected).abs() < 1e-6;
        let (a, b) = (WGS84.semi_major, WGS84.semi_minor);
        assert!(near(ground.scale(0.0)[0], a.to_radians()));
        assert!(near(ground.scale(0.0)[1], (b * b / a).to_radians()));
        assert!(near(ground.scale(90.0)[1], (a * a / b).to_radians()));
        assert!(ground.scale(90.0)[0] < 1e-9);
    }
}
