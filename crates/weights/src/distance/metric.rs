//! What a distance is on a layer, and how lengths are typed for it.

use durbin_core::{Crs, Warning};
use geographiclib_rs::{Geodesic, InverseGeodesic};

use crate::{Error, Length, LengthUnit};

/// Metres in a degree of a great circle of the mean Earth, radius 6,371,008.8 m.
const METRES_PER_DEGREE: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0;

/// How far apart two points are.
pub enum Metric {
    /// Euclidean, in the unit of the coordinates.
    Planar {
        /// Metres in that unit; `None` without a reference system.
        metres_per_unit: Option<f64>,
    },
    /// Over the ellipsoid, in metres, between longitudes and latitudes in degrees.
    Geodesic {
        /// The ellipsoid.
        ellipsoid: Box<Geodesic>,
        /// Code or name of the reference system.
        crs: String,
    },
}

impl Metric {
    pub fn of(crs: Option<&Crs>) -> Self {
        match crs {
            None => Self::Planar { metres_per_unit: None },
            Some(crs) if !crs.geographic => {
                Self::Planar { metres_per_unit: Some(crs.metres_per_unit) }
            }
            Some(crs) => {
                let name = match &crs.authority {
                    Some((authority, code)) => format!("{authority}:{code}"),
                    None => crs.name.clone(),
                };
                let ellipsoid = crs.ellipsoid.map_or_else(Geodesic::wgs84, |ellipsoid| {
                    let (a, b) = (ellipsoid.semi_major, ellipsoid.semi_minor);
                    Geodesic::new(a, (a - b) / a)
                });
                Self::Geodesic { ellipsoid: Box::new(ellipsoid), crs: name }
            }
        }
    }

    /// The distance, the same both ways to the last bit.
    pub fn distance(&self, a: [f64; 2], b: [f64; 2]) -> f64 {
        match self {
            Self::Planar { .. } => {
                ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt()
            }
            Self::Geodesic { ellipsoid, .. } => geodesic(ellipsoid, a, b),
        }
    }

    /// A distance as weights and their functions take it: in the unit of the coordinates, or in
    /// kilometres over the ellipsoid.
    pub fn for_weights(&self, distance: f64) -> f64 {
        match self {
            Self::Planar { .. } => distance,
            Self::Geodesic { .. } => distance / 1000.0,
        }
    }

    /// The distance that `length` means, and what must be said about it.
    pub fn radius(&self, length: Length) -> Result<(f64, Option<Warning>), Error> {
        match (self, length.metres()) {
            (Self::Planar { .. }, None) => Ok((length.value, None)),
            (Self::Planar { metres_per_unit: Some(unit) }, Some(metres)) => {
                Ok((metres / unit, None))
            }
            (Self::Planar { metres_per_unit: None }, Some(_)) => {
                Err(Error::LengthWithoutCrs { length })
            }
            (Self::Geodesic { .. }, Some(metres)) => Ok((metres, None)),
            (Self::Geodesic { crs, .. }, None) if length.value <= 180.0 => {
                let metres = length.value * METRES_PER_DEGREE;
                let warning = Warning::Other(format!(
                    "the length {length} is {length} degrees on this layer ({crs}), taken as {:.3} km: \
                     write {length}km or {length}m if that was meant",
                    metres / 1000.0
                ));
                Ok((metres, Some(warning)))
            }
            (Self::Geodesic { crs, .. }, None) => {
                Err(Error::LengthInDegrees { length, crs: crs.clone() })
            }
        }
    }

    /// A distance as a length that means exactly it.
    pub fn exact(&self, distance: f64) -> Length {
        let unit = match self {
            Self::Planar { .. } => LengthUnit::Coordinates,
            Self::Geodesic { .. } => LengthUnit::Metre,
        };
        Length { value: distance, unit }
    }

    /// A length of six digits in `unit`, not shorter than `distance`; kilometres instead of degrees.
    pub fn rounded_up(&self, distance: f64, unit: LengthUnit) -> Length {
        let (unit, value) = match (self, unit.metres()) {
            (Self::Planar { metres_per_unit: Some(per_unit) }, Some(metres)) => {
                (unit, distance * per_unit / metres)
            }
            (Self::Planar { .. }, _) => (LengthUnit::Coordinates, distance),
            (Self::Geodesic { .. }, Some(metres)) => (unit, distance / metres),
            (Self::Geodesic { .. }, None) => (LengthUnit::Kilometre, distance / 1000.0),
        };
        let long_enough =
            |&length: &Length| self.radius(length).is_ok_and(|(radius, _)| radius >= distance);
        let rounded = [0.0, 1.0].map(|more| Length { value: six_digits_up(value, more), unit });
        rounded.into_iter().find(long_enough).unwrap_or_else(|| self.exact(distance))
    }
}

/// The distance in metres over the ellipsoid, the same both ways to the last bit.
pub fn geodesic(ellipsoid: &Geodesic, a: [f64; 2], b: [f64; 2]) -> f64 {
    let swapped = b[1].total_cmp(&a[1]).then(b[0].total_cmp(&a[0])).is_lt();
    let (a, b) = if swapped { (b, a) } else { (a, b) };
    let metres: f64 = ellipsoid.inverse(a[1], a[0], b[1], b[0]);
    metres.abs()
}

/// `value` rounded up to six significant digits, and `more` of the last.
#[expect(clippy::cast_possible_truncation, reason = "exponents of doubles are below 310")]
fn six_digits_up(value: f64, more: f64) -> f64 {
    let exponent = (value.log10().floor() as i32) - 5;
    if exponent >= 0 {
        let step = 10_f64.powi(exponent);
        ((value / step).ceil() + more) * step
    } else {
        let steps = 10_f64.powi(-exponent);
        ((value * steps).ceil() + more) / steps
    }
}
