//! Lengths and areas on the ground.

use durbin_core::{Crs, Ellipsoid, Warning};
use geo_types::Coord;

use crate::{Error, Length, distance::Metric};

/// The ellipsoid of WGS 84, for geographic systems that state none.
const WGS84: Ellipsoid = Ellipsoid { semi_major: 6_378_137.0, semi_minor: 6_356_752.314_245_179 };

/// What a coordinate unit is on the ground: metres where a reference system tells, else itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ground {
    /// Metres (or units) in one coordinate unit.
    Planar(f64),
    /// Longitude and latitude in degrees.
    Geographic(Ellipsoid),
}

impl Ground {
    pub fn of(crs: Option<&Crs>) -> Self {
        match crs {
            None => Self::Planar(1.0),
            Some(crs) if crs.geographic => Self::Geographic(crs.ellipsoid.unwrap_or(WGS84)),
            Some(crs) => Self::Planar(crs.metres_per_unit),
        }
    }

    /// Ground length of one coordinate unit along x and along y, at height `y`.
    pub fn scale(self, y: f64) -> [f64; 2] {
        match self {
            Self::Planar(unit) => [unit, unit],
            Self::Geographic(ellipsoid) => {
                let (sin, cos) = y.clamp(-89.9, 89.9).to_radians().sin_cos();
                let a = ellipsoid.semi_major;
                let bulge = 1.0 - eccentricity_squared(ellipsoid) * sin * sin;
                let normal = a / bulge.sqrt();
                let meridian = normal * (1.0 - eccentricity_squared(ellipsoid)) / bulge;
                [normal * cos, meridian].map(|radius| radius * 1.0_f64.to_radians())
            }
        }
    }

    /// What no scale between the heights `low` and `high` falls below.
    pub fn least_scale(self, low: f64, high: f64) -> [f64; 2] {
        // Degrees of longitude are shortest at the end that is nearer to a pole, those of latitude at the
        // equator.
        let [at_low, at_high] = [low, high].map(|y| self.scale(y)[0]);
        [at_low.min(at_high), self.scale(0.0)[1]]
    }

    /// Signed area left of a closed chain of directed segments.
    ///
    /// Geographic coordinates go through the cylindrical equal-area projection of the ellipsoid, in which
    /// the area of a sliver keeps its digits.
    pub fn area(self, segments: impl IntoIterator<Item = (Coord, Coord)>) -> f64 {
        let mut origin = None;
        let mut twice = 0.0;
        for (from, to) in segments {
            let origin = *origin.get_or_insert(from);
            let (from, to) = (self.equal_area(origin, from), self.equal_area(origin, to));
            twice += from.x * to.y - to.x * from.y;
        }
        twice / 2.0
    }

    /// Length of a chain of segments.
    pub fn length(self, segments: impl IntoIterator<Item = (Coord, Coord)>) -> f64 {
        let length = |(from, to): (Coord, Coord)| {
            let [along_x, along_y] = self.scale(f64::midpoint(from.y, to.y));
            ((to.x - from.x) * along_x).hypot((to.y - from.y) * along_y)
        };
        segments.into_iter().map(length).sum()
    }

    /// The way from `origin` to `point` in an equal-area plane. Differences are taken of the coordinates,
    /// where they are exact for points close to each other, and carried through the projection.
    fn equal_area(self, origin: Coord, point: Coord) -> Coord {
        let way = point - origin;
        match self {
            Self::Planar(unit) => way * unit,
            Self::Geographic(ellipsoid) => {
                let a = ellipsoid.semi_major;
                let e2 = eccentricity_squared(ellipsoid);
                let e = e2.sqrt();
                let (sin, sin_0) = (point.y.to_radians().sin(), origin.y.to_radians().sin());
                let middle = f64::midpoint(point.y, origin.y).to_radians();
                let rise = 2.0 * middle.cos() * (way.y.to_radians() / 2.0).sin();
                // q(φ) = (1 − e²)·(sin φ/(1 − e² sin² φ) + artanh(e sin φ)/e); on a sphere both terms are sin φ.
                let first = rise * (1.0 + e2 * sin * sin_0)
                    / ((1.0 - e2 * sin * sin) * (1.0 - e2 * sin_0 * sin_0));
                let slope = rise / (1.0 - e2 * sin * sin_0);
                let second = if e > 0.0 { (e * slope).atanh() / e } else { slope };
                let q = (1.0 - e2) * (first + second);
                Coord { x: a * way.x.to_radians(), y: a * q / 2.0 }
            }
        }
    }
}

/// Exact distances on the ground, and typed lengths.
pub struct Ruler {
    metric: Metric,
    unit: f64,
}

impl Ruler {
    pub fn new(crs: Option<&Crs>) -> Self {
        let unit = match Ground::of(crs) {
            Ground::Planar(unit) => unit,
            Ground::Geographic(_) => 1.0,
        };
        Self { metric: Metric::of(crs), unit }
    }

    /// The distance between two points, geodesic on geographic coordinates.
    pub fn distance(&self, from: Coord, to: Coord) -> f64 {
        self.metric.distance(from.into(), to.into()) * self.unit
    }

    /// A typed length on the ground, and what must be said about it.
    pub fn length(&self, length: Length) -> Result<(f64, Option<Warning>), Error> {
        let (radius, warning) = self.metric.radius(length)?;
        Ok((radius * self.unit, warning))
    }
}

fn eccentricity_squared(Ellipsoid { semi_major, semi_minor }: Ellipsoid) -> f64 {
    (1.0 - (semi_minor / semi_major).powi(2)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::GeodesicArea;
    use geo_types::{LineString, Polygon, polygon};

    fn around(polygon: &Polygon) -> Vec<(Coord, Coord)> {
        polygon.exterior().lines().map(|line| (line.start, line.end)).collect()
    }

    #[test]
    fn the_area_of_a_geographic_square_is_that_of_its_geodesic_outline() {
        let square =
            polygon![(x: 110., y: 28.), (x: 111., y: 28.), (x: 111., y: 29.), (x: 110., y: 29.)];
        // Parallels are no geodesics: many short pieces follow them.
        let fine: Vec<Coord> = square
            .exterior()
            .lines()
            .flat_map(|line| {
                (0..1000).map(move |k| line.start + line.delta() * (f64::from(k) / 1000.0))
            })
            .collect();
        let expected = Polygon::new(LineString(fine), vec![]).geodesic_area_unsigned();
        let area = Ground::Geographic(WGS84).area(around(&square));
        assert!((area / expected - 1.0).abs() < 1e-7, "{area} {expected}");
    }

    #[test]
    fn a_sliver_a_micrometre_wide_keeps_its_area() {
        let ground = Ground::Geographic(WGS84);
        let [along_x, along_y] = ground.scale(28.005);
        for (width, height) in [(1e-11, 0.01), (0.01, 1e-11)] {
            let (x, y) = (110.0, 28.005 - height / 2.0);
            let (right, top) = (x + width, y + height);
            let sliver =
                polygon![(x: x, y: y), (x: right, y: y), (x: right, y: top), (x: x, y: top)];
            let exact = (right - x) * along_x * (top - y) * along_y;
            let area = ground.area(around(&sliver));
            assert!((area / exact - 1.0).abs() < 1e-8, "{area} {exact}");
        }
    }

    #[test]
    fn scale_agrees_with_the_geodesic_over_a_short_way() {
        let ground = Ground::Geographic(WGS84);
        let crs = Crs {
            wkt: String::new(),
            authority: None,
            name: "WGS 84".into(),
            geographic: true,
            metres_per_unit: 1.0,
            ellipsoid: None,
        };
        let geodesic = Metric::of(Some(&crs));
        let here = Coord { x: 15.0, y: 62.0 };
        for (axis, to) in
            [Coord { x: 15.001, y: 62.0 }, Coord { x: 15.0, y: 62.001 }].into_iter().enumerate()
        {
            let expected = geodesic.distance(here.into(), to.into());
            assert!(
                (ground.scale(f64::midpoint(62.0, to.y))[axis] * 0.001 / expected - 1.0).abs()
                    < 1e-6
            );
        }
    }
}
