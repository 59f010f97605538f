//! All corners of a layer in order of place: strips of equal y, in each strip from west to east.
//!
//! The strips hold about as many corners each (the tiling of Leutenegger, López & Edgington 1997, *ICDE*,
//! in one level), so that dense borders get thin strips.

use rayon::prelude::*;

use super::outline::{Block, Corner, Outlines};
use super::segment::{Point, rank};

pub struct Strips {
    /// The least y of every strip but the first.
    pub bounds: Vec<f64>,
    pub strips: Vec<Strip>,
}

/// The corners between two heights.
pub struct Strip {
    /// By x, then y.
    corners: Vec<Corner>,
    /// The distinct points among them.
    pub nodes: Vec<Node>,
}

/// A point and the first corner there.
pub struct Node {
    pub point: Point,
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
}

impl Strip {
    fn new<'a>(parts: impl Iterator<Item = &'a [Corner]> + Clone) -> Self {
        let mut corners = Vec::with_capacity(parts.clone().map(<[Corner]>::len).sum());
        parts.for_each(|part| corners.extend_from_slice(part));
        corners.sort_unstable_by_key(|corner| rank(corner.point));
        let mut nodes: Vec<Node> = Vec::new();
        for (first, corner) in corners.iter().enumerate() {
            if nodes.last().is_none_or(|node| rank(node.point) != rank(corner.point)) {
                nodes.push(Node { point: corner.point, first });
            }
        }
        Self { corners, nodes }
    }

    /// The corners at a node.
    pub fn corners_at(&self, node: usize) -> &[Corner] {
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
        let mut strip = 0;
        let strips: Vec<u32> = unordered
            .iter()
            .map(|corner| {
                strip = strip_of(bounds, corner.point[1], strip);
                crate::weights::index(strip)
            })
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
    let corners: usize = outlines.blocks.iter().map(Block::corner_count).sum();
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

/// The strip of a height. Consecutive vertices are mostly in the same: `guess` is tried first.
fn strip_of(bounds: &[f64], y: f64, guess: usize) -> usize {
    let above_floor = guess == 0 || bounds[guess - 1] <= y;
    if above_floor && bounds.get(guess).is_none_or(|&ceiling| y < ceiling) {
        guess
    } else {
        bounds.partition_point(|&bound| bound <= y)
    }
}
