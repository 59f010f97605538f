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
use super::segment::{Edge, Point, rank};
use super::strips::Strips;
use super::sweep::Sweep;

/// The pairs of units in contact of the kind.
pub fn pairs(outlines: &Outlines, kind: Contiguity) -> Vec<Pairs> {
    let strips = Strips::new(outlines);
    let homes = (0..strips.strips.len()).into_par_iter();
    let found = homes.fold(Pairs::default, |mut pairs, home| {
        match kind {
            Contiguity::Queen => queen(&strips, home, outlines, &mut pairs),
            Contiguity::Rook => rook(&strips, home, outlines, &mut pairs),
        }
        pairs
    });
    found.collect()
}

/// Pairs that meet at a node of the strip `home`, or inside an edge that begins there.
fn queen(strips: &Strips, home: usize, outlines: &Outlines, pairs: &mut Pairs) {
    let strip = &strips.strips[home];
    for node in 0..strip.nodes.len() {
        let corners = strip.corners_at(node);
        for (at, one) in corners.iter().enumerate() {
            for other in &corners[at + 1..] {
                pairs.add(one.unit, other.unit);
            }
        }
    }
    for_each_edge(strips, home, outlines, |node, edge, users, sweep| {
        sweep.for_each_inside(node, edge, |corners| {
            for corner in corners {
                for user in users {
                    pairs.add(user.unit, corner.unit);
                }
            }
        });
    });
}

/// Pairs that run along an edge that begins at a node of the strip `home`, whole or in part.
fn rook(strips: &Strips, home: usize, outlines: &Outlines, pairs: &mut Pairs) {
    for_each_edge(strips, home, outlines, |node, edge, users, sweep| {
        for (at, one) in users.iter().enumerate() {
            for other in &users[at + 1..] {
                pairs.add(one.unit, other.unit);
            }
        }
        sweep.for_each_inside(node, edge, |corners| {
            for corner in corners {
                let beside = outlines.beside(corner);
                if beside.into_iter().any(|vertex| edge.on_one_line_with(vertex)) {
                    for user in users {
                        pairs.add(user.unit, corner.unit);
                    }
                }
            }
        });
    });
}

/// One unit's use of an edge that begins at a known node.
struct User {
    end: Point,
    unit: u32,
}

/// Each distinct edge that begins at a node of the strip `home`, begun at its lesser end, and the units that
/// have it.
fn for_each_edge(
    strips: &Strips,
    home: usize,
    outlines: &Outlines,
    mut visit: impl FnMut(usize, &Edge, &[User], &mut Sweep),
) {
    let strip = &strips.strips[home];
    let mut sweep = Sweep::new(strips, home);
    let mut users: Vec<User> = Vec::new();
    for (at, node) in strip.nodes.iter().enumerate() {
        users.clear();
        for corner in strip.corners_at(at) {
            users.extend(eastward(outlines, corner).map(|end| User { end, unit: corner.unit }));
        }
        users.sort_unstable_by_key(|user| rank(user.end));
        for equal in users.chunk_by(|a, b| rank(a.end) == rank(b.end)) {
            let edge = Edge { start: node.point, end: equal[0].end };
            visit(at, &edge, equal, &mut sweep);
        }
    }
}

/// The other ends of the edges that begin at a corner, when each edge begins at its lesser end.
fn eastward(outlines: &Outlines, corner: &Corner) -> impl Iterator<Item = Point> {
    let point = rank(corner.point);
    outlines.beside(corner).into_iter().filter(move |&other| point < rank(other))
}
