//! Boxes of outlines, to find those near a place.

use geo_types::{Coord, Rect};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

use super::ground::Ground;
use super::nearest::{Nearest, nearest};
use super::outline::Outline;

/// An index over the boxes of outlines.
#[derive(Debug)]
pub struct OutlineIndex {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl OutlineIndex {
    pub fn new(outlines: &[Outline]) -> Self {
        let boxes = outlines.iter().enumerate().filter_map(|(row, outline)| {
            Some(GeomWithData::new(Rectangle::from_aabb(envelope(outline.extent()?)), row))
        });
        Self { tree: RTree::bulk_load(boxes.collect()) }
    }

    /// Rows of the outlines whose boxes meet `window`, ascending.
    pub fn meeting(&self, window: Rect<f64>) -> Vec<usize> {
        let entries = self.tree.locate_in_envelope_intersecting(&envelope(window));
        let mut rows: Vec<usize> = entries.map(|entry| entry.data).collect();
        rows.sort_unstable();
        rows
    }

    /// Rows of the outlines that contain `point`, on their boundary or inside, ascending.
    pub fn containing(&self, point: Coord, outlines: &[Outline]) -> Vec<usize> {
        let mut rows = self.meeting(Rect::new(point, point));
        rows.retain(|&row| outlines[row].contains(point));
        rows
    }

    /// The row of the outline nearest to that of `row`, by the scale of the place.
    pub fn nearest_to(
        &self,
        row: usize,
        outlines: &[Outline],
        ground: Ground,
    ) -> Option<(usize, Nearest)> {
        let extent = outlines[row].extent()?;
        let all = self.tree.root().envelope();
        // No distance is shorter on the ground than by the least scale of the layer.
        let [along_x, along_y] = ground.least_scale(all.lower()[1], all.upper()[1]);
        let least = along_x.min(along_y);
        let centre = extent.center();
        let reach = extent.width().hypot(extent.height()) / 2.0;
        let mut best: Option<(usize, Nearest)> = None;
        for (entry, squared) in self.tree.nearest_neighbor_iter_with_distance_2(&centre.into()) {
            let within = best.map_or(f64::INFINITY, |(_, found)| found.distance);
            if (squared.sqrt() - reach) * least > within {
                break;
            }
            if entry.data == row {
                continue;
            }
            let found = nearest(&outlines[row], &outlines[entry.data], ground, within);
            let nearer = |found: &Nearest| {
                best.is_none_or(|(known, best)| {
                    (found.distance, entry.data) < (best.distance, known)
                })
            };
            if let Some(found) = found.filter(nearer) {
                best = Some((entry.data, found));
            }
        }
        best
    }
}

pub fn envelope(window: Rect<f64>) -> AABB<[f64; 2]> {
    AABB::from_corners(window.min().into(), window.max().into())
}
