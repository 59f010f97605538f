//! Points on an ellipsoid as places in space.

use std::f64::consts::PI;

use geographiclib_rs::Geodesic;

/// Earth-centred coordinates in metres of a longitude and latitude in degrees. The straight line between
/// two such places is never longer than the way over the ellipsoid.
pub fn earth_centred(ellipsoid: &Geodesic, [longitude, latitude]: [f64; 2]) -> [f64; 3] {
    let f = ellipsoid.flattening();
    let squared_eccentricity = f * (2.0 - f);
    let (sin, cos) = latitude.to_radians().sin_cos();
    let (sin_longitude, cos_longitude) = longitude.to_radians().sin_cos();
    let normal = ellipsoid.equatorial_radius() / (1.0 - squared_eccentricity * sin * sin).sqrt();
    let across = normal * cos;
    [across * cos_longitude, across * sin_longitude, normal * (1.0 - squared_eccentricity) * sin]
}

/// By how much rounding may make a straight line longer than the way over the ellipsoid: on the Earth
/// 0.1 µm, where the coordinates are good to 0.01 µm and geodesics to 0.02 µm.
pub fn slack(ellipsoid: &Geodesic) -> f64 {
    2e-14 * ellipsoid.equatorial_radius()
}

/// A length that the way over the ellipsoid between two places is never longer than, from the straight line
/// between them.
///
/// The ellipsoid is the unit sphere stretched at most by its longer semi-axis, at least by its
/// shorter one: no way need be longer than a stretched great circle. A geodesic bends nowhere more than
/// κ = long/short²; where it is at most π/κ long, its chord is at least that of an arc of a circle of curvature
/// κ as long as it (Schur's comparison theorem).
pub fn longest_way(ellipsoid: &Geodesic, chord: f64) -> f64 {
    let equatorial = ellipsoid.equatorial_radius();
    let polar = equatorial * (1.0 - ellipsoid.flattening());
    let (short, long) = (equatorial.min(polar), equatorial.max(polar));
    let arc = |radius: f64| 2.0 * (chord / (2.0 * radius)).min(1.0).asin();
    let stretched = long * arc(short);
    let radius = short * short / long;
    if stretched <= PI * radius { stretched.min(radius * arc(radius)) } else { stretched }
}

#[cfg(test)]
mod tests {
    use super::super::metric::geodesic;
    use super::*;

    #[test]
    fn every_way_is_between_its_bounds_from_near_points_to_opposite_ones() {
        for ellipsoid in [Geodesic::wgs84(), Geodesic::new(1.0, 0.1), Geodesic::new(1.0, -0.1)] {
            let slack = slack(&ellipsoid);
            for latitude in [-90.0, -45.0, 0.0, 1e-3, 89.0] {
                for step in 0..200 {
                    let away = 180.0 * 0.9_f64.powi(step);
                    for to in [[away, latitude], [away, -latitude], [away / 2.0, 90.0 - away]] {
                        let from = [0.0, latitude];
                        let [a, b] = [from, to].map(|place| earth_centred(&ellipsoid, place));
                        let chord = (0..3).map(|d| (a[d] - b[d]).powi(2)).sum::<f64>().sqrt();
                        let way = geodesic(&ellipsoid, from, to);
                        assert!(chord - slack <= way, "{from:?} {to:?}");
                        assert!(way <= longest_way(&ellipsoid, chord) + slack, "{from:?} {to:?}");
                    }
                }
            }
        }
    }
}
