//! All corners of a layer in order of place: strips of equal y, in each strip from west to east.
//!
//! The strips hold about as many corners each (the tiling of Leutenegger, López & Edgington 1997, *ICDE*,
//! in one level), so that dense borders get thin strips.

use rayon::prelude::*;

use super::outline::{Corner, Outlines};
use super::segment::{Edge, Point, compare};

pub struct Strips {
    /// The least y of every strip but the first.
    bounds: Vec<f64>,
    pub strips: Vec<Strip>,
}

/// The corners between two heights.
pub struct Strip {
    /// By x, y, unit.
    corners: Vec<Corner>,
    /// The distinct points among them.
    nodes: Vec<Node>,
}

/// A point and the first corner there.
struct Node {
    point: Point,
    first: usize,
}

const SAMPLES_PER_STRIP: usize = 32;

impl Strips {
    pub fn new(outlines: &Outlines) -> Self {
        let bounds = bounds(outlines);
        let parts: Vec<Part> =
            outlines.blocks.par_iter().map(|block| Part::new(block.corners(), &bounds)).collect();
        let strips = (0..=bounds.len())
            .into_par_iter()
            .map(|strip| Strip::new(parts.iter().map(|part| part.strip(strip))))
            .collect();
        Self { bounds, strips }
    }

    /// Visits the corners that lie on `edge`, but not at its ends.
    pub fn for_each_inside(&self, edge: &Edge, mut visit: impl FnMut(&Corner)) {
        let extent = edge.extent();
        let [low, high] = [extent.min[1], extent.max[1]].map(|y| strip_of(&self.bounds, y));
        for at in low..=high {
            let strip = &self.strips[at];
            let (west, east) = if low == high {
                (extent.min[0], extent.max[0])
            } else {
                let floor = if at == low { extent.min[1] } else { self.bounds[at - 1] };
                let ceiling = if at == high { extent.max[1] } else { self.bounds[at] };
                span_between(edge, floor, ceiling)
            };
            let start = strip.nodes.partition_point(|node| node.point[0] < west);
            for (k, node) in strip.nodes[start..].iter().enumerate() {
                if node.point[0] > east {
                    break;
                }
                if edge.holds_inside(node.point) {
                    strip.corners_at(start + k).iter().for_each(&mut visit);
                }
            }
        }
    }
}

impl Strip {
    fn new<'a>(parts: impl Iterator<Item = &'a [Corner]> + Clone) -> Self {
        let mut corners = Vec::with_capacity(parts.clone().map(<[Corner]>::len).sum());
        parts.for_each(|part| corners.extend_from_slice(part));
        corners.sort_unstable_by(|a, b| compare(a.point, b.point).then(a.unit.cmp(&b.unit)));
        let mut nodes: Vec<Node> = Vec::new();
        for (first, corner) in corners.iter().enumerate() {
            if nodes.last().is_none_or(|node| node.point != corner.point) {
                nodes.push(Node { point: corner.point, first });
            }
        }
        Self { corners, nodes }
    }

    /// The corners at one point, in order of unit, for each point.
    pub fn nodes(&self) -> impl Iterator<Item = &[Corner]> {
        (0..self.nodes.len()).map(|at| self.corners_at(at))
    }

    fn corners_at(&self, node: usize) -> &[Corner] {
        let end = self.nodes.get(node + 1).map_or(self.corners.len(), |next| next.first);
        &self.corners[self.nodes[node].first..end]
    }
}

/// The corners of a block, by strip.
struct Part {
    corners: Vec<Corner>,
    /// Where each strip ends in `corners`.
    ends: Vec<usize>,
}

impl Part {
    fn new(corners: impl Iterator<Item = Corner>, bounds: &[f64]) -> Self {
        let unordered: Vec<Corner> = corners.collect();
        let strips: Vec<u32> = unordered
            .iter()
            .map(|corner| crate::weights::index(strip_of(bounds, corner.point[1])))
            .collect();
        let mut next = vec![0; bounds.len() + 1];
        for &strip in &strips {
            next[strip as usize] += 1;
        }
        let mut before = 0;
        for count in &mut next {
            before += std::mem::replace(count, before);
        }
        let mut corners = unordered.clone();
        for (corner, &strip) in unordered.iter().zip(&strips) {
            let at = &mut next[strip as usize];
            corners[*at] = *corner;
            *at += 1;
        }
        Self { corners, ends: next }
    }

    fn strip(&self, at: usize) -> &[Corner] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.corners[start..self.ends[at]]
    }
}

/// Heights that part the corners into about √(n/4) strips of 4·√(n/4) each: of the points of a coverage
/// about four corners share one.
fn bounds(outlines: &Outlines) -> Vec<f64> {
    let corners: usize = outlines.blocks.iter().map(|block| block.corner_count()).sum();
    let strips = (corners / 4).isqrt().max(1);
    let step = (corners / (strips * SAMPLES_PER_STRIP)).max(1);
    let mut heights: Vec<f64> = outlines
        .blocks
        .par_iter()
        .flat_map_iter(|block| block.corners().step_by(step).map(|corner| corner.point[1]))
        .collect();
    heights.par_sort_unstable_by(f64::total_cmp);
    let mut bounds: Vec<f64> =
        (1..strips).map(|strip| heights[strip * heights.len() / strips]).collect();
    bounds.dedup();
    bounds
}

fn strip_of(bounds: &[f64], y: f64) -> usize {
    bounds.partition_point(|&bound| bound <= y)
}

/// The least and greatest x of the part of an edge between two heights, or somewhat more.
fn span_between(edge: &Edge, floor: f64, ceiling: f64) -> (f64, f64) {
    let (a, b) = (edge.start, edge.end);
    let extent = edge.extent();
    let x_at = |y: f64| a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
    // Five roundings, each of a term no greater than twice the coordinates: 2⁻⁴⁰ of them covers the error
    // many times over. Where the coordinates overflow, the box of the edge remains.
    let slack = extent.min[0].abs().max(extent.max[0].abs()) * 2.0_f64.powi(-40);
    let (one, other) = (x_at(floor), x_at(ceiling));
    let (west, east) = (one.min(other) - slack, one.max(other) + slack);
    if west.is_finite() && east.is_finite() {
        (west.max(extent.min[0]), east.min(extent.max[0]))
    } else {
        (extent.min[0], extent.max[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn every_corner_inside_a_long_edge_is_found_whatever_strips_it_crosses() {
        let triangle = |x: f64, y: f64| polygon![(x: x, y: y), (x: x + 0.25, y: y - 0.25), (x: x + 0.25, y: y + 0.125)];
        let shapes = (0..500).map(|i| {
            let k = f64::from(i);
            Some(triangle(3.0 * k, 2.0 * k).into())
        });
        let units = crate::contiguity::tests::units(shapes.collect());
        let strips = Strips::new(&Outlines::new(&units).unwrap());
        assert!(strips.strips.len() > 10);
        let edge = Edge { start: [1497.0, 998.0], end: [0.0, 0.0] };
        let mut found = Vec::new();
        strips.for_each_inside(&edge, |corner| found.push(corner.unit));
        found.sort_unstable();
        assert_eq!(found, (1..499).collect::<Vec<u32>>());
    }
}
