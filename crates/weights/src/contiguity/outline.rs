//! The rings of the units, as runs of vertices.

use durbin_core::Units;
use geo_types::{Geometry, LineString, Polygon};
use rayon::prelude::*;

use super::segment::{Edge, Point};
use crate::Error;
use crate::weights::index;

/// The rings of `n` units, in blocks of consecutive units.
pub struct Outlines {
    pub blocks: Vec<Block>,
    units_per_block: usize,
}

/// The rings of consecutive units.
pub struct Block {
    first_unit: usize,
    /// Per ring: its last vertex, all of its vertices, its first vertex. So each vertex of a ring has its two
    /// neighbours beside it.
    vertices: Vec<Point>,
    /// Per ring the end of its run in `vertices`.
    ring_ends: Vec<usize>,
    /// Per unit the end of its run in `ring_ends`.
    unit_ends: Vec<usize>,
}

/// A vertex of a ring of a unit.
#[derive(Debug, Clone, Copy)]
pub struct Corner {
    pub point: Point,
    pub unit: u32,
    /// Where it stands among the vertices of its block.
    place: u32,
}

const BLOCKS: usize = 64;
const MOST_UNITS_PER_BLOCK: usize = 4096;

impl Outlines {
    /// # Errors
    /// A shape that is no polygon; a coordinate that is no number: of the first such unit.
    pub fn new(units: &Units) -> Result<Self, Error> {
        let units_per_block = units.len().div_ceil(BLOCKS).clamp(1, MOST_UNITS_PER_BLOCK);
        let shapes = units.shapes.par_chunks(units_per_block);
        let blocks: Vec<Result<Block, Error>> = shapes
            .enumerate()
            .map(|(at, shapes)| Block::new(units, at * units_per_block, shapes.len()))
            .collect();
        Ok(Self { blocks: blocks.into_iter().collect::<Result<_, _>>()?, units_per_block })
    }

    /// The vertices before and after a corner in its ring.
    pub fn beside(&self, corner: &Corner) -> [Point; 2] {
        let vertices = &self.blocks[corner.unit as usize / self.units_per_block].vertices;
        let place = corner.place as usize;
        [vertices[place - 1], vertices[place + 1]]
    }

    /// The rings of unit `i`.
    pub fn rings(&self, i: u32) -> impl Iterator<Item = Ring<'_>> {
        let block = &self.blocks[i as usize / self.units_per_block];
        block.rings(i as usize - block.first_unit).map(|(_, ring)| ring)
    }
}

/// The vertices of a ring, between its last and its first.
#[derive(Debug, Clone, Copy)]
pub struct Ring<'a>(&'a [Point]);

impl Ring<'_> {
    /// Its edges in order, closed.
    pub fn edges(&self) -> impl Iterator<Item = Edge> {
        self.0.windows(2).skip(1).map(|ends| Edge { start: ends[0], end: ends[1] })
    }
}

impl Block {
    fn new(units: &Units, first_unit: usize, n: usize) -> Result<Self, Error> {
        let mut block = Self {
            first_unit,
            vertices: Vec::new(),
            ring_ends: Vec::new(),
            unit_ends: Vec::with_capacity(n),
        };
        for unit in first_unit..first_unit + n {
            if let Some(shape) = &units.shapes[unit] {
                block.add_geometry(&units.ids[unit], shape)?;
            }
            block.unit_ends.push(block.ring_ends.len());
        }
        Ok(block)
    }

    /// How many vertices the rings have.
    pub fn corner_count(&self) -> usize {
        self.vertices.len() - 2 * self.ring_ends.len()
    }

    /// Every vertex of every ring.
    pub fn corners(&self) -> impl Iterator<Item = Corner> {
        (0..self.unit_ends.len()).flat_map(move |local| {
            let unit = index(self.first_unit + local);
            self.rings(local).flat_map(move |(start, ring)| {
                let own = &ring.0[1..ring.0.len() - 1];
                own.iter().enumerate().map(move |(k, &point)| {
                    // A block has fewer vertices than memory has room for 2³² of them.
                    Corner { point, unit, place: index(start + 1 + k) }
                })
            })
        })
    }

    /// The rings of the `local`-th unit and where each starts in `vertices`.
    fn rings(&self, local: usize) -> impl Iterator<Item = (usize, Ring<'_>)> {
        let first = if local == 0 { 0 } else { self.unit_ends[local - 1] };
        (first..self.unit_ends[local]).map(|ring| {
            let start = if ring == 0 { 0 } else { self.ring_ends[ring - 1] };
            (start, Ring(&self.vertices[start..self.ring_ends[ring]]))
        })
    }

    fn add_geometry(&mut self, id: &str, shape: &Geometry<f64>) -> Result<(), Error> {
        let found = match shape {
            Geometry::Polygon(polygon) => return self.add_polygon(id, polygon),
            Geometry::MultiPolygon(parts) => {
                return parts.iter().try_for_each(|part| self.add_polygon(id, part));
            }
            Geometry::GeometryCollection(members) => {
                return members.iter().try_for_each(|member| self.add_geometry(id, member));
            }
            Geometry::Rect(rect) => return self.add_polygon(id, &rect.to_polygon()),
            Geometry::Triangle(triangle) => return self.add_polygon(id, &triangle.to_polygon()),
            Geometry::Point(_) | Geometry::MultiPoint(_) => "point",
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => "line",
        };
        Err(Error::NotPolygons { id: id.to_owned(), found })
    }

    fn add_polygon(&mut self, id: &str, polygon: &Polygon<f64>) -> Result<(), Error> {
        self.add_ring(id, polygon.exterior())?;
        polygon.interiors().iter().try_for_each(|hole| self.add_ring(id, hole))
    }

    /// Adds a ring. One collapsed to a line or a point bounds nothing and is left out.
    fn add_ring(&mut self, id: &str, ring: &LineString<f64>) -> Result<(), Error> {
        let start = self.vertices.len();
        // The place of the last vertex, not known yet.
        self.vertices.push([f64::NAN; 2]);
        for c in &ring.0 {
            // Adding zero turns −0 into 0, so that equal coordinates have equal bits.
            let vertex = [c.x + 0.0, c.y + 0.0];
            if !(vertex[0].is_finite() && vertex[1].is_finite()) {
                return Err(Error::NotFinite { id: id.to_owned() });
            }
            if self.vertices.last() != Some(&vertex) {
                self.vertices.push(vertex);
            }
        }
        let first = start + 1;
        while self.vertices.len() > first + 1 && self.vertices.last() == self.vertices.get(first) {
            self.vertices.pop();
        }
        if self.vertices.len() < first + 3 {
            self.vertices.truncate(start);
            return Ok(());
        }
        self.vertices[start] = self.vertices[self.vertices.len() - 1];
        self.vertices.push(self.vertices[first]);
        self.ring_ends.push(self.vertices.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    fn outline(id: &str, shape: impl Into<Geometry<f64>>) -> Result<Outlines, Error> {
        let mut units = crate::contiguity::tests::units(vec![Some(shape.into())]);
        units.ids = vec![id.to_owned()];
        Outlines::new(&units)
    }

    fn edges(shape: impl Into<Geometry<f64>>) -> Vec<Edge> {
        outline("a", shape)
            .unwrap()
            .rings(0)
            .flat_map(|ring| ring.edges().collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn repeated_vertices_and_negative_zero_leave_no_trace() {
        let clean = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        let dirty = polygon![(x: -0., y: 0.), (x: -0., y: -0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        assert_eq!(edges(clean.clone()).len(), 3);
        assert_eq!(edges(clean), edges(dirty));
    }

    #[test]
    fn a_ring_of_one_line_has_no_edges() {
        assert_eq!(edges(polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 0., y: 0.)]), []);
    }

    #[test]
    fn each_corner_knows_the_vertices_beside_it() {
        let square = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.), (x: 0., y: 1.)];
        let outlines = outline("a", square).unwrap();
        let corners: Vec<Corner> = outlines.blocks[0].corners().collect();
        assert_eq!(corners.len(), 4);
        assert_eq!(outlines.beside(&corners[0]), [[0.0, 1.0], [1.0, 0.0]]);
        assert_eq!(outlines.beside(&corners[3]), [[1.0, 1.0], [0.0, 0.0]]);
    }

    #[test]
    fn a_point_a_line_and_a_missing_number_are_refused_by_name() {
        let point = Geometry::Point((1.0, 1.0).into());
        let error = outline("p7", point).err().unwrap();
        assert!(matches!(error, Error::NotPolygons { id, found: "point" } if id == "p7"));
        let hollow = polygon![(x: 0., y: 0.), (x: f64::NAN, y: 0.), (x: 0., y: 1.)];
        let error = outline("q", hollow).err().unwrap();
        assert!(matches!(error, Error::NotFinite { id } if id == "q"));
    }
}
