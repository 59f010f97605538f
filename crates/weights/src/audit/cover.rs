//! Ground that no unit covers, and ground that two cover.

use durbin_core::Units;
use geo::BoundingRect;
use geo_types::{MultiPolygon, Polygon, Rect};
use rayon::prelude::*;
use rstar::{AABB, RTree, primitives::Rectangle};

use super::arrangement::Arrangement;
use super::edges::Arc;
use super::faces::{Face, around};
use super::ground::Ground;
use super::index::{OutlineIndex, envelope};
use super::outline::Outline;

/// Ground enclosed by units that none of them covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Its outline.
    pub polygon: Polygon<f64>,
    /// Its area in square metres, or in squared coordinate units on a layer without reference system.
    pub area: f64,
    /// Mean width `2A/P` in metres or coordinate units, for area A and perimeter P.
    pub width: f64,
    /// `4πA/P²`: 1 for a disc, near 0 for a sliver.
    pub compactness: f64,
    /// Rows of the units around it, ascending.
    pub around: Vec<usize>,
}

/// Ground that two units cover both.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Rows of the two units, ascending.
    pub units: [usize; 2],
    /// The common ground.
    pub polygons: MultiPolygon<f64>,
    /// Its area in square metres, or in squared coordinate units on a layer without reference system.
    pub area: f64,
    /// `area` as a share of the area of the smaller unit, in (0, 1].
    pub share: f64,
    /// Mean width `2A/P` in metres or coordinate units.
    pub width: f64,
}

/// Gaps, and the boxes of ground that is covered more than once.
///
/// The cover of a place is the number of units there. Borders shared exactly from both sides leave it
/// unchanged and drop out, so a clean map costs no more than its outer border.
pub fn gaps(outlines: &[Outline], ground: Ground) -> (Vec<Gap>, Vec<Rect<f64>>) {
    let arcs: Vec<Arc> = outlines.iter().flat_map(|outline| outline.arcs.iter().copied()).collect();
    let arrangement = Arrangement::new(&arcs);
    let mut gaps: Vec<Gap> = arrangement
        .faces(|cover| cover[0] == 0)
        .into_iter()
        .map(|face| gap(face, ground))
        .collect();
    gaps.sort_by(|a, b| b.area.total_cmp(&a.area));
    let doubled = arrangement.faces(|cover| cover[0] > 1);
    let boxes = doubled.iter().filter_map(|face| face.polygon.bounding_rect()).collect();
    (gaps, boxes)
}

fn gap(Face { polygon, owners }: Face, ground: Ground) -> Gap {
    let area = ground.area(around(&polygon));
    let perimeter = ground.length(around(&polygon));
    Gap {
        area,
        width: 2.0 * area / perimeter,
        compactness: 4.0 * std::f64::consts::PI * area / (perimeter * perimeter),
        around: owners.into_iter().map(|owner| owner as usize).collect(),
        polygon,
    }
}

/// Pairs of units with common ground, by row. Only pairs that meet in one of `doubled` are looked at.
pub fn overlaps(
    outlines: &[Outline],
    index: &OutlineIndex,
    doubled: &[Rect<f64>],
    areas: &[f64],
    ground: Ground,
) -> Vec<Overlap> {
    let doubled: RTree<Rectangle<[f64; 2]>> = RTree::bulk_load(
        doubled.iter().map(|area| Rectangle::from_aabb(envelope(*area))).collect(),
    );
    if doubled.size() == 0 {
        return Vec::new();
    }
    let of_unit = |i: usize| {
        let Some(extent) = outlines[i].extent() else { return Vec::new() };
        let mut overlaps = Vec::new();
        for j in index.meeting(extent).into_iter().filter(|&j| j > i) {
            let Some(other) = outlines[j].extent() else { continue };
            let common = common(extent, other);
            if doubled.locate_in_envelope_intersecting(&common).next().is_some() {
                overlaps.extend(overlap([i, j], outlines, areas, ground));
            }
        }
        overlaps
    };
    (0..outlines.len()).into_par_iter().flat_map_iter(of_unit).collect()
}

fn overlap(
    units: [usize; 2],
    outlines: &[Outline],
    areas: &[f64],
    ground: Ground,
) -> Option<Overlap> {
    let arcs: Vec<Arc> = units
        .iter()
        .enumerate()
        .flat_map(|(group, &unit)| outlines[unit].arcs.iter().map(move |&arc| Arc { group, ..arc }))
        .collect();
    let faces = Arrangement::new(&arcs).faces(|cover| cover[0] > 0 && cover[1] > 0);
    let segments = || faces.iter().flat_map(|face| around(&face.polygon));
    let area: f64 = faces.iter().map(|face| ground.area(around(&face.polygon))).sum();
    let smaller = areas[units[0]].min(areas[units[1]]);
    (!faces.is_empty()).then(|| Overlap {
        units,
        area,
        share: (area / smaller).min(1.0),
        width: 2.0 * area / ground.length(segments()),
        polygons: faces.iter().map(|face| face.polygon.clone()).collect(),
    })
}

fn common(a: Rect<f64>, b: Rect<f64>) -> AABB<[f64; 2]> {
    let low = [a.min().x.max(b.min().x), a.min().y.max(b.min().y)];
    let high = [a.max().x.min(b.max().x), a.max().y.min(b.max().y)];
    AABB::from_corners(low, high)
}

/// The area that each unit covers.
pub fn areas(outlines: &[Outline], ground: Ground) -> Vec<f64> {
    outlines.par_iter().map(|outline| ground.area(outline.segments())).collect()
}

/// One thousandth of the median side of a square as large as a unit.
pub fn usual_tolerance(units: &Units, areas: &[f64]) -> f64 {
    let present = areas.iter().zip(&units.shapes).filter(|(_, shape)| shape.is_some());
    let mut sides: Vec<f64> = present.map(|(area, _)| area.sqrt()).collect();
    sides.sort_by(f64::total_cmp);
    sides.get(sides.len() / 2).map_or(0.0, |side| side / 1000.0)
}
