//! Faces of an arrangement as polygons.

use std::collections::HashMap;

use geo_types::{Coord, LineString, Polygon};

use super::arrangement::Arrangement;
use super::edges::{Arc, Cover};
use super::ground::Ground;

/// A bounded face.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    pub polygon: Polygon<f64>,
    /// The units whose boundaries bound it, ascending.
    pub owners: Vec<u32>,
}

impl Arrangement {
    /// The bounded faces with a cover that `wanted` accepts. A face no wider than the rounding of its
    /// coordinates is an artefact of computed crossings and is left out.
    pub fn faces(&self, wanted: impl Fn(Cover) -> bool) -> Vec<Face> {
        let mut holes: HashMap<usize, Vec<usize>> = HashMap::new();
        for (cycle, outer) in self.outer.iter().enumerate() {
            if let Some(outer) = outer.filter(|&outer| outer != cycle) {
                holes.entry(outer).or_default().push(cycle);
            }
        }
        let enclosing = (0..self.cycles.len())
            .filter(|&cycle| self.outer[cycle] == Some(cycle) && wanted(self.cover[cycle]));
        enclosing
            .filter_map(|cycle| {
                let rims = holes.get(&cycle).map_or(&[][..], Vec::as_slice);
                let mut owners: Vec<u32> = std::iter::once(&cycle)
                    .chain(rims)
                    .flat_map(|&cycle| &self.cycles[cycle])
                    .flat_map(|&half| self.edges[half / 2].owners.iter().copied())
                    .collect();
                owners.sort_unstable();
                owners.dedup();
                let polygon = self.polygon(cycle, rims)?;
                (!is_rounding(&polygon)).then_some(Face { polygon, owners })
            })
            .collect()
    }

    /// The boundary of the part of the plane that `covered` accepts, for one owner.
    pub fn outline(&self, covered: impl Fn(Cover) -> bool, owner: u32) -> Vec<Arc> {
        let arcs = self.edges.iter().enumerate().filter_map(|(k, edge)| {
            let [left, right] = self.sides(k).map(&covered);
            match (left, right) {
                (true, false) => Some(Arc { from: edge.low, to: edge.high, owner, group: 0 }),
                (false, true) => Some(Arc { from: edge.high, to: edge.low, owner, group: 0 }),
                _ => None,
            }
        });
        arcs.collect()
    }

    fn polygon(&self, cycle: usize, rims: &[usize]) -> Option<Polygon<f64>> {
        let mut shells = Vec::new();
        let mut holes = Vec::new();
        for &cycle in std::iter::once(&cycle).chain(rims) {
            for ring in simple_rings(&self.walk(cycle)) {
                let ring: Vec<Coord> = ring.into_iter().map(|at| self.vertices[at]).collect();
                let ring = closed(ring);
                let area = Ground::Planar(1.0).area(steps(&ring));
                if area > 0.0 { shells.push((area, ring)) } else { holes.push(ring) }
            }
        }
        let shell = shells.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?.1;
        Some(Polygon::new(shell, holes))
    }
}

/// The segments of a ring.
pub fn steps(ring: &LineString<f64>) -> impl Iterator<Item = (Coord, Coord)> + '_ {
    ring.lines().map(|line| (line.start, line.end))
}

/// The segments of all rings of a polygon.
pub fn around(polygon: &Polygon<f64>) -> impl Iterator<Item = (Coord, Coord)> + '_ {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).flat_map(steps)
}

fn closed(mut ring: Vec<Coord>) -> LineString<f64> {
    ring.extend(ring.first().copied());
    LineString(ring)
}

/// A walk that comes back to a vertex, as rings that do not.
fn simple_rings(walk: &[usize]) -> Vec<Vec<usize>> {
    let mut rings = Vec::new();
    let mut path: Vec<usize> = Vec::new();
    let mut place: HashMap<usize, usize> = HashMap::new();
    for &vertex in walk {
        if let Some(&start) = place.get(&vertex) {
            let ring = path.split_off(start);
            for vertex in &ring {
                place.remove(vertex);
            }
            rings.push(ring);
        }
        place.insert(vertex, path.len());
        path.push(vertex);
    }
    rings.push(path);
    rings.retain(|ring| ring.len() > 2);
    rings
}

fn is_rounding(polygon: &Polygon<f64>) -> bool {
    let plane = Ground::Planar(1.0);
    let largest =
        polygon.exterior().0.iter().fold(0.0_f64, |most, c| most.max(c.x.abs()).max(c.y.abs()));
    let width = 2.0 * plane.area(around(polygon)) / plane.length(around(polygon));
    width.is_nan() || width <= 4.0 * f64::EPSILON * largest
}
