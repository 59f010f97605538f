//! Where the line of a link ends: on the unit, so that it can be seen whose it is.

use geo_types::Coord;

use super::outline::Outline;

/// `centroid` where it is on the unit, and else a point well inside: the middle of the widest piece of the unit
/// on a horizontal line near the middle of its extent. A unit without area keeps its centroid.
///
/// The centroid of a ring lies in its hole, often in another unit: a line between two centroids would not show
/// that these two are linked.
pub fn seen(outline: &Outline, centroid: Coord) -> Coord {
    if outline.contains(centroid) {
        return centroid;
    }
    let Some(y) = between_vertices(outline) else {
        return centroid;
    };
    let mut crossings: Vec<f64> = outline
        .segments()
        .filter(|(from, to)| (from.y < y) != (to.y < y))
        .map(|(from, to)| from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x))
        .collect();
    crossings.sort_unstable_by(f64::total_cmp);
    let inside = crossings.chunks_exact(2);
    let widest = inside.max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    widest.map_or(centroid, |piece| Coord { x: f64::midpoint(piece[0], piece[1]), y })
}

/// A height near the middle of the extent that no vertex has.
fn between_vertices(outline: &Outline) -> Option<f64> {
    let extent = outline.extent()?;
    let middle = extent.center().y;
    let heights = || outline.segments().map(|(from, _)| from.y);
    let below = heights().filter(|&y| y <= middle).fold(extent.min().y, f64::max);
    let above = heights().filter(|&y| y > middle).fold(extent.max().y, f64::min);
    (below < above).then(|| f64::midpoint(below, above))
}
