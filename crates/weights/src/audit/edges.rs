//! Pieces of boundary that bound a change in cover, cut where they meet.

use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo_types::Coord;
use rayon::prelude::*;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

/// How often each of two groups of units covers a place.
pub type Cover = [i32; 2];

/// A directed piece of boundary whose left side `owner` covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    pub from: Coord,
    pub to: Coord,
    pub owner: u32,
    /// Which entry of [`Cover`] counts it.
    pub group: usize,
}

/// A segment with another cover on either side.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The end that is lower in order of x, then y.
    pub low: Coord,
    pub high: Coord,
    /// The cover left of `low → high` less that on its right.
    pub gain: Cover,
    /// The units whose boundary runs here, ascending.
    pub owners: Vec<u32>,
}

/// One owner's share of an edge.
struct Piece {
    low: Coord,
    high: Coord,
    gain: Cover,
    owner: u32,
}

/// The edges of `arcs` that change cover: those that two units share from both sides are gone. Edges meet
/// only at their ends, as far as the rounding of crossings allows.
pub fn edges(arcs: &[Arc]) -> Vec<Edge> {
    /// A crossing is rounded, and the bent edges may cross others anew; each round makes that rarer.
    const ROUNDS: usize = 8;
    let pieces = arcs.par_iter().map(|arc| {
        let mut gain = [0, 0];
        gain[arc.group] = 1;
        Piece::new(arc.from, arc.to, gain, arc.owner)
    });
    let mut edges = merge(pieces.collect());
    for _ in 0..ROUNDS {
        let cuts = cuts(&edges);
        // Cuts at vertices are exact. They come first, for what lies on one line may cancel then, while two
        // computed crossings on it would differ by a rounding.
        let exact = cuts.iter().any(|cuts| !cuts.vertices.is_empty());
        if !exact && cuts.iter().all(|cuts| cuts.crossings.is_empty()) {
            break;
        }
        let pieces = edges
            .iter()
            .zip(cuts)
            .flat_map(|(edge, cuts)| edge.cut(if exact { cuts.vertices } else { cuts.crossings }));
        edges = merge(pieces.collect());
    }
    edges
}

/// Order by x, then y.
pub fn before(a: Coord, b: Coord) -> std::cmp::Ordering {
    a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
}

pub fn orientation(a: Coord, b: Coord, c: Coord) -> Orientation {
    RobustKernel::orient2d(a, b, c)
}

/// The box around two points, for an index.
pub fn rectangle(a: Coord, b: Coord) -> Rectangle<[f64; 2]> {
    Rectangle::from_corners([a.x, a.y], [b.x, b.y])
}

impl Piece {
    fn new(from: Coord, to: Coord, gain: Cover, owner: u32) -> Self {
        if before(from, to).is_lt() {
            Self { low: from, high: to, gain, owner }
        } else {
            Self { low: to, high: from, gain: gain.map(|gain| -gain), owner }
        }
    }
}

impl Edge {
    fn touches(&self, point: Coord) -> bool {
        let within = |v: f64, a: f64, b: f64| v >= a.min(b) && v <= a.max(b);
        within(point.x, self.low.x, self.high.x)
            && within(point.y, self.low.y, self.high.y)
            && orientation(self.low, self.high, point) == Orientation::Collinear
    }

    fn ends_at(&self, point: Coord) -> bool {
        self.low == point || self.high == point
    }

    /// The piece from `low` to `high` by way of `points`.
    fn cut(&self, mut points: Vec<Coord>) -> Vec<Piece> {
        let along = self.high - self.low;
        let at = |point: Coord| (point.x - self.low.x) * along.x + (point.y - self.low.y) * along.y;
        points.sort_by(|&p, &q| at(p).total_cmp(&at(q)).then(before(p, q)));
        points.dedup();
        points.insert(0, self.low);
        points.push(self.high);
        let steps = points.windows(2);
        steps
            .flat_map(|step| {
                self.owners.iter().enumerate().map(|(k, &owner)| {
                    let gain = if k == 0 { self.gain } else { [0, 0] };
                    Piece::new(step[0], step[1], gain, owner)
                })
            })
            .collect()
    }
}

/// Joins pieces with the same ends and leaves out what changes no cover.
fn merge(mut pieces: Vec<Piece>) -> Vec<Edge> {
    pieces.par_sort_unstable_by(|a, b| {
        before(a.low, b.low).then(before(a.high, b.high)).then(a.owner.cmp(&b.owner))
    });
    let mut edges = Vec::new();
    for group in pieces.chunk_by(|a, b| a.low == b.low && a.high == b.high) {
        let gain = [0, 1].map(|k| group.iter().map(|piece| piece.gain[k]).sum());
        let (low, high) = (group[0].low, group[0].high);
        if gain != [0, 0] && low != high {
            let mut owners: Vec<u32> = group.iter().map(|piece| piece.owner).collect();
            owners.dedup();
            edges.push(Edge { low, high, gain, owners });
        }
    }
    edges
}

/// Where an edge is to be cut.
struct Cuts {
    /// Ends of other edges that lie on it.
    vertices: Vec<Coord>,
    /// Computed crossings, which lie beside it by a rounding.
    crossings: Vec<Coord>,
}

fn cuts(edges: &[Edge]) -> Vec<Cuts> {
    let boxes = edges.iter().enumerate();
    let boxes = boxes.map(|(at, edge)| GeomWithData::new(rectangle(edge.low, edge.high), at));
    let index = RTree::bulk_load(boxes.collect());
    let cuts = |at: usize| {
        let edge = &edges[at];
        let mut cuts = Cuts { vertices: Vec::new(), crossings: Vec::new() };
        let window = AABB::from_corners([edge.low.x, edge.low.y], [edge.high.x, edge.high.y]);
        for other in index.locate_in_envelope_intersecting(&window) {
            if other.data == at {
                continue;
            }
            let other_edge = &edges[other.data];
            for end in [other_edge.low, other_edge.high] {
                if !edge.ends_at(end) && edge.touches(end) {
                    cuts.vertices.push(end);
                }
            }
            // In the same order for both, so that both are cut in the same point.
            let (first, second) =
                if at < other.data { (edge, other_edge) } else { (other_edge, edge) };
            if let Some(point) = crossing(first, second)
                && !edge.ends_at(point)
            {
                cuts.crossings.push(point);
            }
        }
        cuts
    };
    // Below this an index over threads costs more than it saves.
    if edges.len() < 1000 {
        (0..edges.len()).map(cuts).collect()
    } else {
        (0..edges.len()).into_par_iter().map(cuts).collect()
    }
}

/// The point where two edges cross between their ends, rounded into the boxes of both.
fn crossing(e: &Edge, f: &Edge) -> Option<Coord> {
    let strictly_apart = |a: Orientation, b: Orientation| {
        a != b && a != Orientation::Collinear && b != Orientation::Collinear
    };
    let sides = |edge: &Edge, other: &Edge| {
        strictly_apart(
            orientation(edge.low, edge.high, other.low),
            orientation(edge.low, edge.high, other.high),
        )
    };
    if !sides(e, f) || !sides(f, e) {
        return None;
    }
    let (d, g, o) = (e.high - e.low, f.high - f.low, f.low - e.low);
    let t = (o.x * g.y - o.y * g.x) / (d.x * g.y - d.y * g.x);
    let t = if t.is_finite() { t.clamp(0.0, 1.0) } else { 0.5 };
    let into = |v: f64, e: [f64; 2], f: [f64; 2]| {
        let least = e[0].min(e[1]).max(f[0].min(f[1]));
        let most = e[0].max(e[1]).min(f[0].max(f[1]));
        v.max(least).min(most)
    };
    Some(Coord {
        x: into(e.low.x + t * d.x, [e.low.x, e.high.x], [f.low.x, f.high.x]),
        y: into(e.low.y + t * d.y, [e.low.y, e.high.y], [f.low.y, f.high.y]),
    })
}
