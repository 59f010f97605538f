//! From projected coordinates to the picture.

use geo_types::{Coord, Geometry};

use super::geometry::coordinates;

/// A point of the picture in tenths of a pixel.
pub(super) type Tenths = (i32, i32);

const LOWEST: f64 = 120.0;
/// A little room, so that outlines and markers at the edge are not cut.
const EDGE: f64 = 4.0;

/// The box around all shapes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Places planar coordinates into a box of the picture at equal scale, north up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    west: f64,
    north: f64,
    /// Pixels in one planar unit.
    pub(super) scale: f64,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Extent {
    pub(super) fn of(shapes: &[Option<Geometry<f64>>]) -> Self {
        let (mut west, mut south) = (f64::INFINITY, f64::INFINITY);
        let (mut east, mut north) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for shape in shapes.iter().flatten() {
            coordinates(shape, &mut |c| {
                (west, east) = (west.min(c.x), east.max(c.x));
                (south, north) = (south.min(c.y), north.max(c.y));
            });
        }
        if west > east {
            (west, south, east, north) = (0.0, 0.0, 0.0, 0.0);
        }
        Self { west, south, east, north }
    }
}

impl Frame {
    /// The largest scale at which all shapes fit into `width` and `highest` pixels.
    pub(super) fn fit(extent: Extent, width: f64, highest: f64) -> Self {
        let Extent { west, south, east, north } = extent;
        let (across, down) = (east - west, north - south);
        let scale = f64::min((width - 2.0 * EDGE) / across, (highest - 2.0 * EDGE) / down);
        let scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        let height = (down * scale + 2.0 * EDGE).clamp(LOWEST.min(highest), highest);
        let left = (width - across * scale) / 2.0;
        let top = (height - down * scale) / 2.0;
        Self { west, north, scale, left, top, width, height }
    }

    /// Width in pixels.
    pub(super) fn width(&self) -> f64 {
        self.width
    }

    /// Height in pixels.
    pub(super) fn height(&self) -> f64 {
        self.height
    }

    /// The point on the grid of tenths of a pixel that all shapes share.
    #[allow(clippy::cast_possible_truncation)] // within the picture, some ten thousand at most
    pub(super) fn place(&self, c: Coord<f64>) -> Tenths {
        let x = self.left + (c.x - self.west) * self.scale;
        let y = self.top + (self.north - c.y) * self.scale;
        ((x * 10.0).round() as i32, (y * 10.0).round() as i32)
    }
}
