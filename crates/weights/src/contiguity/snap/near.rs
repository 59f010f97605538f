//! Whether two boundaries come within a distance.

use super::super::segment::{Edge, Point};
use super::ground::Ground;

/// Whether a vertex of one is within the distance of an edge of the other, or edges cross.
pub fn come_near(ring: &[Edge], others: &[&Edge], ground: &Ground) -> bool {
    ring.iter().any(|edge| {
        let window = ground.around(edge.extent());
        others.iter().filter(|other| window.meets(other.extent())).any(|other| {
            is_near(edge.start, other, ground)
                || is_near(edge.end, other, ground)
                || is_near(other.start, edge, ground)
                || is_near(other.end, edge, ground)
                || edge.crosses(other)
        })
    })
}

/// Whether `point` is within the distance of `edge`, as measured at the latitude of `point`.
fn is_near(point: Point, edge: &Edge, ground: &Ground) -> bool {
    let along = ground.vector(edge.start, edge.end, point[1]);
    let to = ground.vector(edge.start, point, point[1]);
    let t = (dot(to, along) / dot(along, along)).clamp(0.0, 1.0);
    let off = [to[0] - t * along[0], to[1] - t * along[1]];
    dot(off, off) <= ground.distance * ground.distance
}

pub fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}
