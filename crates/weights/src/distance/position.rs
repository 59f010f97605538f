//! Points on an ellipsoid as places in space.

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
