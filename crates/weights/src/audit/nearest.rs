//! The two nearest points of two outlines.

use geo::kernels::Orientation;
use geo_types::{Coord, Rect};

use super::edges::{Arc, orientation};
use super::ground::Ground;
use super::outline::Outline;

/// Where two outlines come nearest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// By the scale at one of the points; zero where they meet.
    pub distance: f64,
    pub from: Coord,
    pub to: Coord,
}

/// The nearest points of `a` and `b` no farther apart than `within` on the ground.
pub fn nearest(a: &Outline, b: &Outline, ground: Ground, within: f64) -> Option<Nearest> {
    let (extent_a, extent_b) = (a.extent()?, b.extent()?);
    let least = ground.least_scale(
        extent_a.min().y.min(extent_b.min().y),
        extent_a.max().y.max(extent_b.max().y),
    );
    let mut best: Option<Nearest> = None;
    let mut reach = within;
    for (arcs_a, box_a) in a.runs() {
        if box_distance(box_a, extent_b, least) > reach {
            continue;
        }
        for (arcs_b, box_b) in b.runs() {
            if box_distance(box_a, box_b, least) > reach {
                continue;
            }
            for s in arcs_a {
                for t in arcs_b {
                    let found = between(s, t, ground);
                    if found.distance < reach || (best.is_none() && found.distance <= reach) {
                        reach = found.distance;
                        best = Some(found);
                    }
                }
            }
        }
    }
    best
}

/// A lower bound of the distance of what two boxes hold.
fn box_distance(a: Rect<f64>, b: Rect<f64>, scale: [f64; 2]) -> f64 {
    let apart = |low_a: f64, high_a: f64, low_b: f64, high_b: f64| {
        (low_b - high_a).max(low_a - high_b).max(0.0)
    };
    let x = apart(a.min().x, a.max().x, b.min().x, b.max().x);
    let y = apart(a.min().y, a.max().y, b.min().y, b.max().y);
    (x * scale[0]).hypot(y * scale[1])
}

fn between(s: &Arc, t: &Arc, ground: Ground) -> Nearest {
    if let Some(point) = crossing(s, t) {
        return Nearest { distance: 0.0, from: point, to: point };
    }
    let of_s = [s.from, s.to].map(|end| {
        let (distance, foot) = to_segment(end, t, ground);
        Nearest { distance, from: end, to: foot }
    });
    let of_t = [t.from, t.to].map(|end| {
        let (distance, foot) = to_segment(end, s, ground);
        Nearest { distance, from: foot, to: end }
    });
    let least = |a: Nearest, b: Nearest| if b.distance < a.distance { b } else { a };
    least(least(of_s[0], of_s[1]), least(of_t[0], of_t[1]))
}

/// An end of `s` where two segments cross.
fn crossing(s: &Arc, t: &Arc) -> Option<Coord> {
    let apart = |a: &Arc, b: &Arc| {
        let sides = [b.from, b.to].map(|end| orientation(a.from, a.to, end));
        sides.contains(&Orientation::Clockwise) && sides.contains(&Orientation::CounterClockwise)
    };
    (apart(s, t) && apart(t, s)).then_some(s.from)
}

/// Distance from `point` to a segment by the scale at `point`, and the nearest point of the segment.
fn to_segment(point: Coord, arc: &Arc, ground: Ground) -> (f64, Coord) {
    let scale = ground.scale(point.y);
    let along = arc.to - arc.from;
    let scaled = |v: Coord| (v.x * scale[0], v.y * scale[1]);
    let (ax, ay) = scaled(along);
    let (px, py) = scaled(point - arc.from);
    let t = ((px * ax + py * ay) / (ax * ax + ay * ay)).clamp(0.0, 1.0);
    // The far end itself, not a rounding of it.
    let foot = if t < 1.0 { arc.from + along * t } else { arc.to };
    let (x, y) = scaled(point - foot);
    (x.hypot(y), foot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(x: f64, y: f64, side: f64) -> Outline {
        let square = Rect::new((x, y), (x + side, y + side)).to_polygon();
        Outline::new(Some(&square.into()), 0)
    }

    #[test]
    fn squares_side_by_side_are_nearest_across_the_gap() {
        let (a, b) = (outline(0., 0., 1.), outline(1.25, 0.5, 1.));
        let found = nearest(&a, &b, Ground::Planar(2.0), 1.0).unwrap();
        assert_eq!((found.distance, found.from.x, found.to.x), (0.5, 1.0, 1.25));
        assert!(nearest(&a, &b, Ground::Planar(2.0), 0.4).is_none());
        assert!(nearest(&a, &b, Ground::Planar(2.0), 0.5).is_some());
    }

    #[test]
    fn outlines_that_cross_are_at_no_distance() {
        let found = nearest(&outline(0., 0., 2.), &outline(1., 1., 2.), Ground::Planar(1.0), 1.0);
        assert!(found.unwrap().distance <= 0.0);
    }
}
