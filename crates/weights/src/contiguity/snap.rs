//! Contiguity across gaps and slivers up to a stated distance.

mod ground;
mod near;
mod reach;

use durbin_core::Units;
use rayon::prelude::*;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

use super::outline::Outlines;
use super::pairs::{self, Pairs};
use super::segment::{Edge, Extent};
use super::{Contiguity, contiguity, meeting};
use crate::weights::index;
use crate::{Error, Length, Weights};
use ground::Ground;

/// Binary contiguity weights of `n` polygon units that forgive gaps and overlaps up to the distance `d`.
///
/// Neighbours are those of [`contiguity`] and besides
/// - queen: units whose boundaries come within `d` of each other, or cross;
/// - rook: units of which one has a connected run of boundary, longer than `4·d`, within `d` of the
///   boundary of the other. Where units merely touch in a corner, such a run is about `2·d` long; it exceeds
///   `4·d` where boundaries part at less than about 19°, and a border across a gap shorter than about `2·d` is
///   not told from a corner.
///
/// Vertices are not moved and nothing is joined by way of a third unit, so a finely digitised border stays as
/// it is. `d = 0` is [`contiguity`] itself. A greater `d` never loses a queen neighbour; it may lose a
/// rook neighbour whose border is short.
///
/// A length without a unit is in the unit of the coordinates. One with a unit is converted by the
/// reference system; on a geographic one it is metres on the ground, measured with the degrees of latitude and
/// longitude of its ellipsoid (WGS 84 where it states none) at the place. Boundaries on either side of the
/// antimeridian are not brought together.
///
/// # Errors
/// As [`contiguity`]; [`Error::LengthWithoutCrs`] for a length with a unit on a layer without a reference
/// system.
pub fn contiguity_within(
    units: &Units,
    kind: Contiguity,
    distance: Length,
) -> Result<Weights, Error> {
    let ground = Ground::new(units.layer.crs.as_ref(), distance)?;
    if distance.value <= 0.0 {
        return contiguity(units, kind);
    }
    super::within_limits(units)?;
    let outlines = Outlines::new(units)?;
    let mut found = meeting::pairs(&outlines, kind);
    found.par_extend(near_pairs(&outlines, units.len(), kind, &ground));
    let name = format!("{} snap {distance}", kind.name());
    Ok(pairs::symmetric(units.ids.clone(), found, &name))
}

/// Some consecutive edges of a ring.
struct Run {
    unit: u32,
    edges: Vec<Edge>,
}

const EDGES_PER_RUN: usize = 16;

type Boxed = GeomWithData<Rectangle<[f64; 2]>, usize>;

fn near_pairs(outlines: &Outlines, n: usize, kind: Contiguity, ground: &Ground) -> Vec<Pairs> {
    let runs: Vec<Run> =
        (0..index(n)).into_par_iter().flat_map_iter(|unit| runs(outlines, unit)).collect();
    let boxes = runs.iter().enumerate().map(|(at, run)| {
        let extent = extent_of(&run.edges);
        GeomWithData::new(Rectangle::from_corners(extent.min, extent.max), at)
    });
    let tree: RTree<Boxed> = RTree::bulk_load(boxes.collect());
    let pairs = (0..index(n)).into_par_iter().fold(Pairs::default, |mut pairs, unit| {
        let rings = outlines.rings(unit).map(|ring| ring.edges().collect::<Vec<_>>());
        for ring in rings {
            let others = others_near(&ring, unit, &runs, &tree, ground);
            for other in others.chunk_by(|a, b| a.0 == b.0) {
                let edges: Vec<&Edge> = other.iter().flat_map(|&(_, at)| &runs[at].edges).collect();
                let neighbours = match kind {
                    // Both see a least distance; one of them need look.
                    Contiguity::Queen => {
                        unit < other[0].0 && near::come_near(&ring, &edges, ground)
                    }
                    Contiguity::Rook => reach::run_along(&ring, &edges, ground),
                };
                if neighbours {
                    pairs.add(unit, other[0].0);
                }
            }
        }
        pairs
    });
    pairs.collect()
}

fn runs(outlines: &Outlines, unit: u32) -> Vec<Run> {
    let rings = outlines.rings(unit).map(|ring| ring.edges().collect::<Vec<_>>());
    rings
        .flat_map(|ring| {
            let runs = ring.chunks(EDGES_PER_RUN).map(|edges| Run { unit, edges: edges.to_vec() });
            runs.collect::<Vec<_>>()
        })
        .collect()
}

/// The runs of other units that may be near a ring, in order of unit, each once.
fn others_near(
    ring: &[Edge],
    unit: u32,
    runs: &[Run],
    tree: &RTree<Boxed>,
    ground: &Ground,
) -> Vec<(u32, usize)> {
    let mut others: Vec<(u32, usize)> = ring
        .chunks(EDGES_PER_RUN)
        .flat_map(|edges| {
            let window = ground.around(extent_of(edges));
            tree.locate_in_envelope_intersecting(&AABB::from_corners(window.min, window.max))
        })
        .map(|found| (runs[found.data].unit, found.data))
        .filter(|other| other.0 != unit)
        .collect();
    others.sort_unstable();
    others.dedup();
    others
}

fn extent_of(edges: &[Edge]) -> Extent {
    edges[1..].iter().fold(edges[0].extent(), |extent, edge| extent.union(edge.extent()))
}
