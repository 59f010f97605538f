//! The corners inside edges, edge after edge from west to east.

use super::outline::Corner;
use super::segment::Edge;
use super::strips::{Node, Strips};

/// A search along the edges that begin in one strip, in the order of its nodes: in every other strip it
/// goes on from where it was.
pub struct Sweep<'a> {
    strips: &'a Strips,
    home: usize,
    /// Per strip a node that no later edge reaches west of.
    reached: Vec<usize>,
}

impl<'a> Sweep<'a> {
    pub fn new(strips: &'a Strips, home: usize) -> Self {
        Self { strips, home, reached: vec![0; strips.strips.len()] }
    }

    /// Gives `visit` the corners at each node that lies on the edge, but not at its ends. The edge begins at
    /// its lesser end, which is the node `from` of the home strip.
    pub fn for_each_inside(
        &mut self,
        from: usize,
        edge: &Edge,
        mut visit: impl FnMut(&'a [Corner]),
    ) {
        let bounds = &self.strips.bounds;
        let (start, end) = (edge.start, edge.end);
        let upward = start[1] <= end[1];
        let mut at = self.home;
        let mut near = from + 1;
        let mut height = start[1];
        loop {
            let leaves = if upward {
                bounds.get(at).copied().filter(|&ceiling| ceiling <= end[1])
            } else {
                at.checked_sub(1).map(|below| bounds[below]).filter(|&floor| end[1] < floor)
            };
            let (west, east) = if leaves.is_none() && at == self.home {
                (start[0], end[0])
            } else {
                span_between(edge, height, leaves.unwrap_or(end[1]))
            };
            let strip = &self.strips.strips[at];
            let first = near + gallop(&strip.nodes[near..], west);
            for (k, node) in strip.nodes[first..].iter().enumerate() {
                if node.point[0] > east {
                    break;
                }
                if edge.holds_inside(node.point) {
                    visit(strip.corners_at(first + k));
                }
            }
            let Some(bound) = leaves else { return };
            height = bound;
            at = if upward { at + 1 } else { at - 1 };
            near = self.reached[at]
                + gallop(&self.strips.strips[at].nodes[self.reached[at]..], start[0]);
            self.reached[at] = near;
        }
    }
}

/// How many of the nodes lie west of `x`, when that is expected to be few.
fn gallop(nodes: &[Node], x: f64) -> usize {
    let mut step = 1;
    while nodes.get(step - 1).is_some_and(|node| node.point[0] < x) {
        step *= 2;
    }
    let from = step / 2;
    let to = nodes.len().min(step - 1).max(from);
    from + nodes[from..to].partition_point(|node| node.point[0] < x)
}

/// The least and greatest x of the part of an edge between two heights, or somewhat more.
fn span_between(edge: &Edge, one: f64, other: f64) -> (f64, f64) {
    let (a, b) = (edge.start, edge.end);
    let x_at = |y: f64| a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
    // Five roundings, each of a term no greater than twice the coordinates: 2⁻⁴⁰ of them covers the error
    // many times over. Where the coordinates overflow, the whole edge remains.
    let slack = a[0].abs().max(b[0].abs()) * 2.0_f64.powi(-40);
    let (one, other) = (x_at(one), x_at(other));
    let (west, east) = (one.min(other) - slack, one.max(other) + slack);
    if west.is_finite() && east.is_finite() {
        (west.max(a[0]), east.min(b[0]))
    } else {
        (a[0], b[0])
    }
}
