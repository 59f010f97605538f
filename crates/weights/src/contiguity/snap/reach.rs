//! How long a boundary runs along another.

use super::super::segment::Edge;
use super::ground::Ground;
use super::near::dot;

/// Times the distance that a run must be longer than.
const CORNER: f64 = 4.0;

/// Whether a connected run of `ring` within the distance of `others` is longer than four times the distance.
pub fn run_along(ring: &[Edge], others: &[&Edge], ground: &Ground) -> bool {
    let enough = CORNER * ground.distance;
    if ring.iter().map(|edge| length_of(edge, ground)).sum::<f64>() <= enough {
        return false;
    }
    // Of the run that reaches the present place; twice round, since a run may pass the first vertex.
    let mut length = 0.0;
    for edge in ring.iter().chain(ring) {
        let whole = length_of(edge, ground);
        let mut reached = 0.0;
        for (from, to) in parts_within(edge, others, ground) {
            if from > reached {
                length = 0.0;
                reached = from;
            }
            if to > reached {
                length += (to - reached) * whole;
                reached = to;
            }
            if length > enough {
                return true;
            }
        }
        if reached < 1.0 {
            length = 0.0;
        }
    }
    false
}

/// As measured at the middle latitude of the edge.
fn length_of(edge: &Edge, ground: &Ground) -> f64 {
    let extent = edge.extent();
    let along = ground.vector(edge.start, edge.end, f64::midpoint(extent.min[1], extent.max[1]));
    dot(along, along).sqrt()
}

/// The parts of `edge` within the distance of each of `others`, as shares of its length, in order.
fn parts_within(edge: &Edge, others: &[&Edge], ground: &Ground) -> Vec<(f64, f64)> {
    let window = ground.around(edge.extent());
    let near = others.iter().filter(|other| window.meets(other.extent()));
    let mut parts: Vec<(f64, f64)> =
        near.filter_map(|other| part_within(edge, other, ground)).collect();
    parts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    parts
}

/// The part of `edge` within the distance of `other`. All within a distance of a segment is convex, a disc about
/// each end and a rectangle between: the part reaches from the first to the last place in any of them.
fn part_within(edge: &Edge, other: &Edge, ground: &Ground) -> Option<(f64, f64)> {
    let (e, f) = (edge.extent(), other.extent());
    let latitude = f64::midpoint(e.min[1].max(f.min[1]), e.max[1].min(f.max[1]));
    let along = ground.vector(edge.start, edge.end, latitude);
    let discs = [other.start, other.end].map(|centre| {
        let to = ground.vector(edge.start, centre, latitude);
        let middle = dot(to, along) / dot(along, along);
        let off = [to[0] - middle * along[0], to[1] - middle * along[1]];
        let half = (ground.distance * ground.distance - dot(off, off)) / dot(along, along);
        (half >= 0.0).then(|| (middle - half.sqrt(), middle + half.sqrt()))
    });
    let to = ground.vector(edge.start, other.start, latitude);
    let axis = ground.vector(other.start, other.end, latitude);
    let width = ground.distance * dot(axis, axis).sqrt();
    // Lengthwise 0 ≤ (p − start)·axis ≤ axis², crosswise |(p − start) × axis| ≤ distance·|axis|.
    let lengthwise = between(-dot(to, axis), dot(along, axis), 0.0, dot(axis, axis));
    let crosswise = between(cross(axis, to), cross(along, axis), -width, width);
    let rectangle = lengthwise.zip(crosswise).map(|(a, b)| (a.0.max(b.0), a.1.min(b.1)));
    let parts = discs.into_iter().chain([rectangle.filter(|part| part.0 <= part.1)]).flatten();
    let (from, to) = parts.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let (from, to) = (from.max(0.0), to.min(1.0));
    (from <= to).then_some((from, to))
}

/// Where `start + t·slope` is between `low` and `high`.
fn between(start: f64, slope: f64, low: f64, high: f64) -> Option<(f64, f64)> {
    if slope == 0.0 {
        return (low <= start && start <= high).then_some((f64::NEG_INFINITY, f64::INFINITY));
    }
    let (one, other) = ((low - start) / slope, (high - start) / slope);
    Some((one.min(other), one.max(other)))
}

fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}
