//! Angular sectors at a point, compared exactly.

#![allow(clippy::float_cmp, reason = "equal coordinates are the same point, and others are not")]

use std::cmp::Ordering;

use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::boundary::{Edge, Point};

/// The part of a unit's interior near `apex` between the rays to `from` and, counterclockwise, to `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sector {
    apex: Point,
    from: Point,
    to: Point,
}

impl Sector {
    /// The interior near `point`, where `edge` starts there or passes through; `None` elsewhere. An
    /// edge that ends there is left to the edge that starts there.
    pub fn at(point: Point, edge: &Edge) -> Option<Self> {
        let from = edge.end;
        let to = if edge.start == point {
            edge.before
        } else if edge.end != point && on_segment(point, edge) {
            edge.start
        } else {
            return None;
        };
        Some(Self { apex: point, from, to })
    }

    /// Whether this sector lies within `other` at the same apex, borders included.
    pub fn within(&self, other: &Self) -> bool {
        let ccw = |a: Point, b: Point| turn_order(self.apex, other.from, a, b);
        ccw(self.from, self.to).is_le() && ccw(self.to, other.to).is_le()
    }
}

/// Whether `point` lies on the closed segment of `edge`.
pub fn on_segment(point: Point, edge: &Edge) -> bool {
    edge.extent().contains(point) && collinear(edge.start, edge.end, point)
}

/// Whether three points lie on one line.
pub fn collinear(a: Point, b: Point, c: Point) -> bool {
    orient(a, b, c) == Orientation::Collinear
}

fn orient(a: Point, b: Point, c: Point) -> Orientation {
    RobustKernel::orient2d(a.into(), b.into(), c.into())
}

/// Orders the rays from `apex` to `a` and to `b` by their counterclockwise angle from the ray to `zero`.
fn turn_order(apex: Point, zero: Point, a: Point, b: Point) -> Ordering {
    let half = |p: Point| match orient(apex, zero, p) {
        Orientation::Collinear if same_side(apex, zero, p) => 0,
        Orientation::CounterClockwise => 1,
        Orientation::Collinear => 2,
        Orientation::Clockwise => 3,
    };
    half(a).cmp(&half(b)).then_with(|| match half(a) {
        0 | 2 => Ordering::Equal,
        _ => match orient(apex, a, b) {
            Orientation::CounterClockwise => Ordering::Less,
            Orientation::Collinear => Ordering::Equal,
            Orientation::Clockwise => Ordering::Greater,
        },
    })
}

/// For `a` and `b` on one line through `apex`: whether both lie on the same side of it.
fn same_side(apex: Point, a: Point, b: Point) -> bool {
    let k = usize::from(a[0] == apex[0]);
    (a[k] > apex[k]) == (b[k] > apex[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(from: Point, to: Point) -> Sector {
        Sector { apex: [0.0, 0.0], from, to }
    }

    const EAST: Point = [1.0, 0.0];
    const NORTH: Point = [0.0, 2.0];
    const WEST: Point = [-3.0, 0.0];
    const SOUTH: Point = [0.0, -1.0];

    #[test]
    fn a_quarter_lies_within_the_half_that_holds_it_and_in_no_other() {
        let quarter = sector(EAST, NORTH);
        assert!(quarter.within(&sector(EAST, WEST)));
        assert!(quarter.within(&sector(SOUTH, NORTH)));
        assert!(quarter.within(&quarter));
        assert!(!quarter.within(&sector(WEST, EAST)));
        assert!(!sector(EAST, WEST).within(&quarter));
    }

    #[test]
    fn a_sector_that_only_overlaps_is_not_within() {
        assert!(!sector(SOUTH, NORTH).within(&sector(EAST, WEST)));
        assert!(!sector(NORTH, SOUTH).within(&sector(EAST, WEST)));
        assert!(!sector(NORTH, EAST).within(&sector(EAST, NORTH)));
    }

    #[test]
    fn reflex_sectors_are_compared_like_the_others() {
        let reflex = sector(EAST, SOUTH);
        assert!(sector(NORTH, WEST).within(&reflex));
        assert!(sector(EAST, SOUTH).within(&reflex));
        assert!(!sector(SOUTH, EAST).within(&reflex));
        assert!(!sector(WEST, EAST).within(&reflex));
    }

    #[test]
    fn a_point_one_ulp_beside_an_edge_is_not_on_it() {
        let edge = Edge { before: [5.0, 5.0], start: [0.0, 0.0], end: [3.0, 3.0], internal: false };
        assert!(on_segment([0.1, 0.1], &edge));
        assert!(!on_segment([0.1, 0.1_f64.next_up()], &edge));
        assert!(!on_segment([4.0, 4.0], &edge));
    }
}
