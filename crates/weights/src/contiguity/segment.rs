//! Points, edges and boxes, and the exact tests on them.

use geo::kernels::{Kernel, Orientation, RobustKernel};

pub type Point = [f64; 2];

/// A segment between two consecutive vertices of a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    pub start: Point,
    pub end: Point,
}

/// An axis-parallel box, its sides included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub min: Point,
    pub max: Point,
}

impl Edge {
    pub fn extent(&self) -> Extent {
        let (a, b) = (self.start, self.end);
        Extent { min: [a[0].min(b[0]), a[1].min(b[1])], max: [a[0].max(b[0]), a[1].max(b[1])] }
    }

    /// Whether `point` lies on the edge, its ends left out.
    pub fn holds_inside(&self, point: Point) -> bool {
        self.extent().contains(point)
            && rank(point) != rank(self.start)
            && rank(point) != rank(self.end)
            && self.on_one_line_with(point)
    }

    /// Whether the line through the edge passes through `point`.
    pub fn on_one_line_with(&self, point: Point) -> bool {
        self.side(point) == Orientation::Collinear
    }

    /// Whether the two edges have a point in common that lies inside both.
    pub fn crosses(&self, other: &Self) -> bool {
        let apart = |e: &Self, f: &Self| {
            let (a, b) = (e.side(f.start), e.side(f.end));
            a != b && a != Orientation::Collinear && b != Orientation::Collinear
        };
        apart(self, other) && apart(other, self)
    }

    fn side(&self, point: Point) -> Orientation {
        RobustKernel::orient2d(self.start.into(), self.end.into(), point.into())
    }
}

impl Extent {
    pub fn meets(self, other: Self) -> bool {
        (0..2).all(|k| self.min[k] <= other.max[k] && other.min[k] <= self.max[k])
    }

    pub fn contains(self, point: Point) -> bool {
        (0..2).all(|k| self.min[k] <= point[k] && point[k] <= self.max[k])
    }

    pub fn union(self, other: Self) -> Self {
        Self {
            min: [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])],
            max: [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])],
        }
    }

    /// The box with `margin` more on either side of each axis.
    pub fn grown(self, margin: [f64; 2]) -> Self {
        Self {
            min: [self.min[0] - margin[0], self.min[1] - margin[1]],
            max: [self.max[0] + margin[0], self.max[1] + margin[1]],
        }
    }
}

/// A number that orders points by x, then y, and is the same for equal points only.
pub fn rank(point: Point) -> u128 {
    // The bits of a double in the order of its values: those of negative ones turned round.
    let [x, y] = point.map(|coordinate| {
        let bits = coordinate.to_bits();
        if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
    });
    u128::from(x) << 64 | u128::from(y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(start: Point, end: Point) -> Edge {
        Edge { start, end }
    }

    #[test]
    fn a_point_one_ulp_beside_an_edge_and_the_ends_are_not_inside_it() {
        let edge = edge([0.0, 0.0], [3.0, 3.0]);
        assert!(edge.holds_inside([0.1, 0.1]));
        assert!(!edge.holds_inside([0.1, 0.1_f64.next_up()]));
        assert!(!edge.holds_inside([4.0, 4.0]));
        assert!(!edge.holds_inside([0.0, 0.0]));
        assert!(!edge.holds_inside([3.0, 3.0]));
    }

    #[test]
    fn edges_cross_only_inside_both() {
        let first = edge([0.0, 0.0], [2.0, 2.0]);
        assert!(first.crosses(&edge([0.0, 2.0], [2.0, 0.0])));
        assert!(!first.crosses(&edge([1.0, 1.0], [2.0, 0.0])));
        assert!(!first.crosses(&edge([1.0, 1.0], [3.0, 3.0])));
        assert!(!first.crosses(&edge([0.0, 3.0], [1.0, 2.0])));
    }
}
