//! Shapes as SVG elements.

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::{
    frame::{Frame, Tenths},
    labels::{self, Placed},
    simplify::Borders,
};

/// All shapes of a map on the grid of the picture.
pub(super) struct Drawing {
    features: Vec<Option<Parts>>,
    /// Where borders meet; `None` for shapes too many to look.
    borders: Option<Borders>,
    /// Radius of a marker in tenths of a pixel.
    radius: i32,
}

/// A feature's parts by how they are drawn.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) rings: Vec<Vec<Tenths>>,
    pub(super) lines: Vec<Vec<Tenths>>,
    pub(super) points: Vec<Tenths>,
}

impl Drawing {
    /// With `borders` they are thinned, the same for both neighbours.
    pub(super) fn new(shapes: &[Option<Geometry<f64>>], frame: &Frame, borders: bool) -> Self {
        let parts = |shape: &Geometry<f64>| {
            let mut parts = Parts::default();
            parts.collect(shape, frame);
            parts
        };
        let features: Vec<_> = shapes.iter().map(|shape| shape.as_ref().map(parts)).collect();
        let rings = features.iter().flatten().flat_map(|parts| parts.rings.iter());
        let borders = borders.then(|| Borders::new(rings.map(Vec::as_slice)));
        let points: usize = features.iter().flatten().map(|parts| parts.points.len()).sum();
        let radius = match points {
            0..=100 => 50,
            101..=500 => 38,
            501..=3000 => 26,
            _ => 16,
        };
        Self { features, borders, radius }
    }

    /// Whether borders are thinned.
    pub(super) fn has_borders(&self) -> bool {
        self.borders.is_some()
    }

    /// Whether some feature is a line.
    pub(super) fn has_lines(&self) -> bool {
        self.features.iter().flatten().any(|parts| !parts.lines.is_empty())
    }

    /// The names that have room, and how many have none.
    pub(super) fn labels(&self, names: &[String], frame: &Frame) -> (Vec<Placed>, usize) {
        labels::place(&self.features, names, self.radius, (frame.width(), frame.height()))
    }

    /// A point inside each feature.
    pub(super) fn middles(&self) -> Vec<Option<Tenths>> {
        self.features.iter().map(|parts| labels::middle(parts.as_ref()?)).collect()
    }

    /// The box around a feature.
    pub(super) fn bounds(&self, feature: usize) -> Option<(Tenths, Tenths)> {
        let parts = self.features[feature].as_ref()?;
        let all = parts.rings.iter().chain(&parts.lines).flatten().chain(&parts.points);
        all.fold(None, |bounds, &(x, y)| {
            let (low, high) = bounds.unwrap_or(((x, y), (x, y)));
            Some(((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y))))
        })
    }

    /// The elements of one feature; `None` when it has no shape.
    pub(super) fn marks(&self, feature: usize, fill: &str) -> Option<String> {
        let parts = self.features[feature].as_ref()?;
        let mut out = String::new();
        let rings: Vec<Vec<Tenths>> = parts
            .rings
            .iter()
            .map(|ring| match &self.borders {
                Some(borders) => borders.simplify(ring),
                None => ring.clone(),
            })
            .filter(|ring| ring.len() > 2)
            .collect();
        if !rings.is_empty() {
            let path: String = rings.iter().map(|ring| path(ring) + "z").collect();
            out += &format!("<path d=\"{path}\"/>");
        } else if let Some(&(x, y)) = parts.rings.first().and_then(|ring| ring.first()) {
            // An area too small for this scale is still a unit: a dot marks it.
            out += &format!("<path d=\"M{x} {y}h5v5h-5z\"/>");
        }
        if !parts.lines.is_empty() {
            let path: String = parts.lines.iter().map(|line| path(line)).collect();
            out += &format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{fill}\" stroke-width=\"20\"/>"
            );
        }
        for (x, y) in &parts.points {
            out += &format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>", self.radius);
        }
        (!out.is_empty()).then_some(out)
    }
}

impl Parts {
    fn collect(&mut self, shape: &Geometry<f64>, frame: &Frame) {
        match shape {
            Geometry::Point(point) => self.points.extend(place(&[point.0], frame)),
            Geometry::MultiPoint(points) => {
                self.points.extend(points.iter().flat_map(|point| place(&[point.0], frame)));
            }
            Geometry::Line(line) => self.line(&[line.start, line.end], frame),
            Geometry::LineString(line) => self.line(&line.0, frame),
            Geometry::MultiLineString(lines) => {
                lines.iter().for_each(|line| self.line(&line.0, frame));
            }
            Geometry::Polygon(area) => self.area(area, frame),
            Geometry::MultiPolygon(areas) => areas.iter().for_each(|area| self.area(area, frame)),
            Geometry::GeometryCollection(all) => {
                all.iter().for_each(|shape| self.collect(shape, frame));
            }
            Geometry::Rect(rect) => self.area(&rect.to_polygon(), frame),
            Geometry::Triangle(triangle) => self.area(&triangle.to_polygon(), frame),
        }
    }

    fn line(&mut self, line: &[Coord<f64>], frame: &Frame) {
        let mut line = place(line, frame);
        line.dedup();
        if !line.is_empty() {
            self.lines.push(line);
        }
    }

    fn area(&mut self, area: &Polygon<f64>, frame: &Frame) {
        for ring in std::iter::once(area.exterior()).chain(area.interiors()) {
            let mut ring = place(&ring.0, frame);
            ring.dedup();
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            if !ring.is_empty() {
                self.rings.push(ring);
            }
        }
    }
}

fn place(coordinates: &[Coord<f64>], frame: &Frame) -> Vec<Tenths> {
    let finite = coordinates.iter().filter(|c| c.x.is_finite() && c.y.is_finite());
    finite.map(|&c| frame.place(c)).collect()
}

/// A path in relative whole numbers, which are the shortest.
fn path(points: &[Tenths]) -> String {
    let mut out = String::new();
    let mut last: Option<Tenths> = None;
    for &(x, y) in points {
        match last {
            None => out += &format!("M{x} {y}l"),
            Some((from_x, from_y)) => {
                for step in [x - from_x, y - from_y] {
                    if step >= 0 && !out.ends_with('l') {
                        out.push(' ');
                    }
                    out += &step.to_string();
                }
            }
        }
        last = Some((x, y));
    }
    // A path of one point has no step.
    out.trim_end_matches('l').to_owned()
}

/// Hands every finite coordinate of `shape` to `see`.
pub(super) fn coordinates(shape: &Geometry<f64>, see: &mut impl FnMut(Coord<f64>)) {
    let mut all = |line: &LineString<f64>| line.0.iter().for_each(|&c| finite(c, see));
    let mut area = |area: &Polygon<f64>| all(area.exterior());
    match shape {
        Geometry::Polygon(one) => area(one),
        Geometry::MultiPolygon(many) => many.iter().for_each(area),
        Geometry::LineString(one) => all(one),
        Geometry::MultiLineString(many) => many.iter().for_each(all),
        Geometry::Point(one) => finite(one.0, see),
        Geometry::MultiPoint(many) => many.iter().for_each(|one| finite(one.0, see)),
        Geometry::Line(one) => [one.start, one.end].into_iter().for_each(|c| finite(c, see)),
        Geometry::Rect(one) => [one.min(), one.max()].into_iter().for_each(|c| finite(c, see)),
        Geometry::Triangle(one) => one.to_array().into_iter().for_each(|c| finite(c, see)),
        Geometry::GeometryCollection(many) => many.iter().for_each(|one| coordinates(one, see)),
    }
}

fn finite(c: Coord<f64>, see: &mut impl FnMut(Coord<f64>)) {
    if c.x.is_finite() && c.y.is_finite() {
        see(c);
    }
}
