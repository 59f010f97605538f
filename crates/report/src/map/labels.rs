//! Names on a map: inside their shapes, never over one another.

use super::{frame::Tenths, geometry::Parts};
use crate::svg::{INK, Type, width};

/// How names are set.
const LABEL: Type = Type::new(10.5, INK);
/// How much wider than its area a name may be.
const SPILL: f64 = 1.2;

/// A name and the middle of its base line, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) feature: usize,
    pub(super) anchor: &'static str,
}

/// The names that have room, larger areas first, and how many have none.
pub(super) fn place(
    features: &[Option<Parts>],
    names: &[String],
    radius: i32,
    (across, down): (f64, f64),
) -> (Vec<Placed>, usize) {
    let mut spots: Vec<(f64, usize, Spot)> = features
        .iter()
        .enumerate()
        .filter(|(feature, _)| names.get(*feature).is_some_and(|name| !name.is_empty()))
        .filter_map(|(feature, parts)| Some((feature, spot(parts.as_ref()?, radius)?)))
        .map(|(feature, spot)| (spot.room, feature, spot))
        .collect();
    spots.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut boxes = Grid::default();
    let mut placed = Vec::new();
    let all = spots.len();
    for (_, feature, spot) in spots {
        let wide = width(&names[feature], LABEL.size);
        if !spot.beside && wide > spot.room * SPILL {
            continue;
        }
        let left = if spot.beside { spot.x } else { spot.x - wide / 2.0 };
        let around = [left, spot.y - LABEL.size * 0.62, left + wide, spot.y + LABEL.size * 0.62];
        let inside =
            around[0] >= 0.0 && around[1] >= 0.0 && around[2] <= across && around[3] <= down;
        if inside && boxes.take(around) {
            let anchor = if spot.beside { "start" } else { "middle" };
            placed.push(Placed { x: spot.x, y: spot.y + LABEL.size * 0.36, feature, anchor });
        }
    }
    let left_out = all - placed.len();
    (placed, left_out)
}

/// A point inside a feature.
pub(super) fn middle(parts: &Parts) -> Option<Tenths> {
    let spot = spot(parts, -30)?;
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    let tenths = |pixels: f64| (pixels * 10.0).round() as i32;
    Some((tenths(spot.x), tenths(spot.y)))
}

/// SVG of the names with a white rim.
pub(super) fn draw(placed: &[Placed], names: &[String]) -> String {
    let mut out = format!(
        "<g font-size=\"{}\" fill=\"{}\" stroke=\"#fff\" stroke-width=\"2.4\" stroke-linejoin=\"round\" \
         paint-order=\"stroke\" pointer-events=\"none\">\n",
        LABEL.size, LABEL.colour
    );
    for Placed { x, y, feature, anchor } in placed {
        out += &format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n",
            crate::escape::xml(&names[*feature])
        );
    }
    out + "</g>"
}

/// Where a name can stand, and how wide that place is.
struct Spot {
    x: f64,
    y: f64,
    room: f64,
    /// To the right of a marker rather than on an area.
    beside: bool,
}

fn spot(parts: &Parts, radius: i32) -> Option<Spot> {
    if let Some(ring) = parts.rings.iter().max_by_key(|ring| area(ring)) {
        return inside(ring, &parts.rings);
    }
    let at = parts.points.first().or_else(|| {
        let line = parts.lines.first()?;
        line.get(line.len() / 2)
    })?;
    let x = f64::from(at.0 + radius) / 10.0 + 3.0;
    Some(Spot { x, y: f64::from(at.1) / 10.0, room: 0.0, beside: true })
}

fn area(ring: &[Tenths]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Tenths, &Tenths)| {
        i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)
    };
    ring.iter().zip(next).map(cross).sum::<i64>().abs()
}

/// The widest horizontal run inside `ring`, of those a little off its top and bottom; `rings` cut holes.
fn inside(ring: &[Tenths], rings: &[Vec<Tenths>]) -> Option<Spot> {
    const LINES: i32 = 9;
    let low = ring.iter().map(|point| point.1).min()?;
    let high = ring.iter().map(|point| point.1).max()?;
    let mut best: Option<(f64, Spot)> = None;
    for line in 1..LINES {
        let y = f64::from(low) + f64::from(high - low) * f64::from(line) / f64::from(LINES);
        let mut crossings: Vec<f64> = rings.iter().flat_map(|ring| crossings(ring, y)).collect();
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let room = (pair[1] - pair[0]) / 10.0;
            // Of runs about as wide, the one nearer the middle looks better.
            let off = f64::from((2 * line - LINES).abs()) / f64::from(LINES);
            let worth = room * (1.0 - 0.3 * off);
            if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                let x = f64::midpoint(pair[0], pair[1]) / 10.0;
                best = Some((worth, Spot { x, y: y / 10.0, room, beside: false }));
            }
        }
    }
    best.map(|(_, spot)| spot)
}

fn crossings(ring: &[Tenths], y: f64) -> Vec<f64> {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Tenths, &Tenths)| {
        let (ay, by) = (f64::from(a.1), f64::from(b.1));
        ((ay <= y) != (by <= y))
            .then(|| f64::from(a.0) + (y - ay) / (by - ay) * f64::from(b.0 - a.0))
    };
    ring.iter().zip(next).filter_map(cross).collect()
}

/// Boxes taken so far, by cells of the picture, so that thousands of names do not meet one by one.
#[derive(Default)]
struct Grid {
    cells: std::collections::HashMap<(i32, i32), Vec<[f64; 4]>>,
}

impl Grid {
    /// Takes the box if it touches no other.
    fn take(&mut self, around: [f64; 4]) -> bool {
        const CELL: f64 = 64.0;
        #[expect(clippy::cast_possible_truncation, reason = "cells of a picture")]
        let cell = |value: f64| (value / CELL).floor() as i32;
        let over = || {
            let rows = cell(around[1])..=cell(around[3]);
            rows.flat_map(move |y| (cell(around[0])..=cell(around[2])).map(move |x| (x, y)))
        };
        let apart = |other: &[f64; 4]| {
            around[2] <= other[0]
                || other[2] <= around[0]
                || around[3] <= other[1]
                || other[3] <= around[1]
        };
        let free = over().all(|at| self.cells.get(&at).is_none_or(|held| held.iter().all(apart)));
        if free {
            for at in over() {
                self.cells.entry(at).or_default().push(around);
            }
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: i32, y: i32, side: i32) -> Parts {
        let ring = vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)];
        Parts { rings: vec![ring], ..Parts::default() }
    }

    #[test]
    fn a_name_stands_inside_its_area_or_not_at_all() {
        let features = [square(0, 0, 800), square(800, 0, 100), square(0, 800, 600)].map(Some);
        let names = ["长沙市", "Zhuzhou", "C"].map(str::to_owned);
        let (placed, left_out) = place(&features, &names, 0, (100.0, 200.0));
        let features: Vec<usize> = placed.iter().map(|label| label.feature).collect();
        assert_eq!((features, left_out), (vec![0, 2], 1));
        assert!((placed[0].x - 40.0).abs() < 1e-9);
    }

    #[test]
    fn names_of_areas_that_overlap_do_not() {
        let features = [square(0, 0, 800), square(0, 2, 801)].map(Some);
        let names = ["one", "two"].map(str::to_owned);
        let (placed, left_out) = place(&features, &names, 0, (100.0, 100.0));
        assert_eq!((placed[0].feature, placed.len(), left_out), (1, 1, 1));
    }

    #[test]
    fn the_name_of_a_ring_is_not_in_its_hole() {
        let mut ring = square(0, 0, 1000);
        ring.rings.push(vec![(100, 100), (900, 100), (900, 900), (100, 900)]);
        let (placed, _) = place(&[Some(ring)], &["x".to_owned()], 0, (100.0, 100.0));
        let hole = |v: f64| (10.0..90.0).contains(&v);
        assert!(placed.iter().all(|label| !(hole(label.x) && hole(label.y - 5.0))), "{placed:?}");
    }
}
