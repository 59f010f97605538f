//! Who meets whom, exactly, from corners and edges alone.
//!
//! Boundaries have a point of contact where corners of both coincide, or where a corner of one lies inside an
//! edge of the other. Along a piece of positive length they run where edges of both coincide, or where a corner
//! of one lies inside an edge of the other and an edge at that corner lies on the same line: of two
//! edges that overlap without being equal, an end of one lies inside the other.

use rayon::prelude::*;

use super::Contiguity;
use super::outline::{Corner, Outlines};
use super::pairs::Pairs;
use super::segment::{Point, compare};
use super::strips::{Strip, Strips};

/// The pairs of units in contact of the kind.
pub fn pairs(outlines: &Outlines, kind: Contiguity) -> Vec<Pairs> {
    let strips = Strips::new(outlines);
    let common = strips.strips.par_iter().fold(Pairs::default, |mut pairs, strip| {
        match kind {
            Contiguity::Queen => at_common_corners(strip, &mut pairs),
            Contiguity::Rook => along_common_edges(strip, outlines, &mut pairs),
        }
        pairs
    });
    let mut found: Vec<Pairs> = common.collect();
    let inside = outlines.blocks.par_iter().fold(Pairs::default, |mut pairs, block| {
        for (unit, edge) in block.edges() {
            strips.for_each_inside(&edge, |corner| {
                let contact = match kind {
                    Contiguity::Queen => true,
                    Contiguity::Rook => {
                        let beside = outlines.beside(corner);
                        beside.into_iter().any(|vertex| edge.on_one_line_with(vertex))
                    }
                };
                if contact {
                    pairs.add(unit, corner.unit);
                }
            });
        }
        pairs
    });
    found.par_extend(inside);
    found
}

fn at_common_corners(strip: &Strip, pairs: &mut Pairs) {
    for corners in strip.nodes() {
        for (at, one) in corners.iter().enumerate() {
            for other in &corners[at + 1..] {
                pairs.add(one.unit, other.unit);
            }
        }
    }
}

fn along_common_edges(strip: &Strip, outlines: &Outlines, pairs: &mut Pairs) {
    let mut edges: Vec<(Point, u32)> = Vec::new();
    for corners in strip.nodes() {
        edges.clear();
        for corner in corners {
            edges.extend(eastward(outlines, corner).map(|end| (end, corner.unit)));
        }
        edges.sort_unstable_by(|a, b| compare(a.0, b.0).then(a.1.cmp(&b.1)));
        for equal in edges.chunk_by(|a, b| a.0 == b.0) {
            for (at, one) in equal.iter().enumerate() {
                for other in &equal[at + 1..] {
                    pairs.add(one.1, other.1);
                }
            }
        }
    }
}

/// The other ends of the edges that begin at a corner, when each edge begins at its lesser end.
fn eastward(outlines: &Outlines, corner: &Corner) -> impl Iterator<Item = Point> {
    let point = corner.point;
    outlines.beside(corner).into_iter().filter(move |&other| compare(point, other).is_lt())
}
