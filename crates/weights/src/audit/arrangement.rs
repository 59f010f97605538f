//! The faces into which edges cut the plane, and how often units cover each.
//!
//! Half-edges `2k` (low to high) and `2k + 1` (back) of edge `k` are followed around their left sides; what
//! is covered is known outside, and crossing an edge changes it by the edge's gain.

use std::collections::VecDeque;

use geo::kernels::Orientation;
use geo_types::Coord;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

use super::edges::{Arc, Cover, Edge, before, edges, orientation, rectangle};

/// Edges that meet at their ends alone, and their faces.
#[derive(Debug)]
pub struct Arrangement {
    pub edges: Vec<Edge>,
    /// Vertices in order of x, then y.
    pub vertices: Vec<Coord>,
    /// Closed walks of half-edges, each around one side of a face.
    pub cycles: Vec<Vec<usize>>,
    /// Cover to the left of each cycle.
    pub cover: Vec<Cover>,
    /// The cycle that encloses the face left of each cycle: itself, another for the rim of a hole, or
    /// none outside of everything.
    pub outer: Vec<Option<usize>>,
    /// Cycle of each half-edge.
    cycle: Vec<usize>,
    /// Vertex where each half-edge begins.
    origin: Vec<usize>,
}

type Index = RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>;

impl Arrangement {
    pub fn new(arcs: &[Arc]) -> Self {
        let edges = edges(arcs);
        let mut vertices: Vec<Coord> =
            edges.iter().flat_map(|edge| [edge.low, edge.high]).collect();
        vertices.sort_unstable_by(|&a, &b| before(a, b));
        vertices.dedup();
        let at = |point| vertices.binary_search_by(|&vertex| before(vertex, point)).unwrap_or(0);
        let origin: Vec<usize> =
            edges.iter().flat_map(|edge| [at(edge.low), at(edge.high)]).collect();
        let leaving = leaving(&vertices, &origin);
        let (cycles, cycle) = cycles(&leaving, &origin);
        let n = cycles.len();
        let (cover, outer) = (vec![[0, 0]; n], vec![None; n]);
        let mut arrangement = Self { edges, vertices, cycles, cover, outer, cycle, origin };
        arrangement.find_cover(&leaving);
        arrangement
    }

    /// The cover left and right of `low → high` of edge `k`.
    pub fn sides(&self, k: usize) -> [Cover; 2] {
        [2 * k, 2 * k + 1].map(|half| self.cover[self.cycle[half]])
    }

    /// Vertices along a cycle.
    pub fn walk(&self, cycle: usize) -> Vec<usize> {
        self.cycles[cycle].iter().map(|&half| self.origin[half]).collect()
    }

    /// Parts of the arrangement that hang together are taken from the left, so that what encloses a part
    /// is known when its turn comes.
    fn find_cover(&mut self, leaving: &[Vec<usize>]) {
        let mut known = vec![false; self.cycles.len()];
        let mut index: Option<Index> = None;
        for (vertex, halves) in leaving.iter().enumerate() {
            // The lowest of the half-edges that leave the leftmost vertex has the outside on its right.
            let Some(&lowest) = halves.first() else { continue };
            let rim = self.cycle[twin(lowest)];
            if known[rim] {
                continue;
            }
            let enclosing = if vertex == 0 {
                None
            } else {
                let index = index.get_or_insert_with(|| index_of(&self.edges));
                self.left_of(self.vertices[vertex], index).map(|half| self.cycle[half])
            };
            self.outer[rim] = enclosing.and_then(|cycle| self.outer[cycle]);
            self.cover[rim] = enclosing.map_or([0, 0], |cycle| self.cover[cycle]);
            known[rim] = true;
            let mut queue = VecDeque::from([rim]);
            while let Some(from) = queue.pop_front() {
                for &half in &self.cycles[from] {
                    let to = self.cycle[twin(half)];
                    if known[to] {
                        continue;
                    }
                    known[to] = true;
                    let gain = self.edges[half / 2].gain;
                    let sign = if half % 2 == 0 { -1 } else { 1 };
                    self.cover[to] = [0, 1].map(|k| self.cover[from][k] + sign * gain[k]);
                    self.outer[to] = Some(to);
                    queue.push_back(to);
                }
            }
        }
    }

    /// The half-edge with `point` on its left that a ray from `point` to the left meets first.
    fn left_of(&self, point: Coord, index: &Index) -> Option<usize> {
        let window = AABB::from_corners([self.vertices[0].x, point.y], [point.x, point.y]);
        let crossed = index.locate_in_envelope_intersecting(&window).filter_map(|entry| {
            let (down, up) = downward(&self.edges[entry.data]);
            // A ray just above `point` meets no end of an edge.
            let met = down.y <= point.y
                && point.y < up.y
                && orientation(down, up, point) == Orientation::Clockwise;
            met.then_some(entry.data)
        });
        let first = crossed.reduce(|a, b| if self.is_right_of(b, a) { b } else { a })?;
        let upward = self.edges[first].low.y < self.edges[first].high.y;
        Some(if upward { 2 * first + 1 } else { 2 * first })
    }

    /// Whether edge `e` is right of edge `f`, where both cross one horizontal line and not each other.
    fn is_right_of(&self, e: usize, f: usize) -> bool {
        let (e, f) = (downward(&self.edges[e]), downward(&self.edges[f]));
        let right = |edge: (Coord, Coord), points: [Coord; 2]| {
            let sides = points.map(|point| orientation(edge.0, edge.1, point));
            sides.into_iter().find(|&side| side != Orientation::Collinear)
                == Some(Orientation::Clockwise)
        };
        if e.0.y >= f.0.y { right(f, [e.0, e.1]) } else { !right(e, [f.0, f.1]) }
    }
}

fn twin(half: usize) -> usize {
    half ^ 1
}

/// The ends of an edge by height.
fn downward(edge: &Edge) -> (Coord, Coord) {
    if edge.low.y <= edge.high.y { (edge.low, edge.high) } else { (edge.high, edge.low) }
}

fn index_of(edges: &[Edge]) -> Index {
    let boxes = edges.iter().enumerate();
    let boxes = boxes.map(|(at, edge)| GeomWithData::new(rectangle(edge.low, edge.high), at));
    RTree::bulk_load(boxes.collect())
}

/// The half-edges that leave each vertex, counterclockwise from straight down.
fn leaving(vertices: &[Coord], origin: &[usize]) -> Vec<Vec<usize>> {
    let mut leaving = vec![Vec::new(); vertices.len()];
    for (half, &vertex) in origin.iter().enumerate() {
        leaving[vertex].push(half);
    }
    for (&here, halves) in vertices.iter().zip(&mut leaving) {
        // Even half-edges go to the right (or straight up), odd ones to the left (or down).
        halves.sort_by(|&a, &b| {
            let [to_a, to_b] = [a, b].map(|half| vertices[origin[twin(half)]]);
            let turn = match orientation(here, to_a, to_b) {
                Orientation::CounterClockwise => std::cmp::Ordering::Less,
                Orientation::Clockwise => std::cmp::Ordering::Greater,
                Orientation::Collinear => a.cmp(&b),
            };
            (a % 2).cmp(&(b % 2)).then(turn)
        });
    }
    leaving
}

/// Closed walks with their face on the left, and the walk of each half-edge.
fn cycles(leaving: &[Vec<usize>], origin: &[usize]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut next = vec![0; origin.len()];
    for halves in leaving {
        for (k, &half) in halves.iter().enumerate() {
            // Who comes along the twin of `half` goes on along its neighbour, clockwise.
            next[twin(half)] = halves[(k + halves.len() - 1) % halves.len()];
        }
    }
    let mut cycle = vec![usize::MAX; origin.len()];
    let mut cycles = Vec::new();
    for start in 0..origin.len() {
        if cycle[start] != usize::MAX {
            continue;
        }
        let mut walk = Vec::new();
        let mut half = start;
        while cycle[half] == usize::MAX {
            cycle[half] = cycles.len();
            walk.push(half);
            half = next[half];
        }
        cycles.push(walk);
    }
    (cycles, cycle)
}
