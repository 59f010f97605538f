//! Thinning of borders that keeps neighbours together.
//!
//! Rings on a common grid are cut where more than two borders meet. Each arc between two such junctions is
//! thinned once and the same for both neighbours, because its direction is decided by its ends, not by the
//! ring it came from. Thinning: Douglas, D. H. & Peucker, T. K. (1973), The Canadian Cartographer 10, 112–122.

use std::collections::HashMap;

use super::frame::Tenths;

/// Greatest distance in tenths of a pixel between a border and its thinned form.
const TOLERANCE: f64 = 2.0;

/// The points where borders meet.
#[derive(Debug)]
pub(super) struct Borders {
    neighbours: HashMap<Tenths, Neighbours>,
}

/// Points next to one point over all rings.
#[derive(Debug, Clone, Copy)]
enum Neighbours {
    Two(Tenths, Tenths),
    /// Not the same two in every ring: a junction.
    More,
}

impl Borders {
    /// The junctions of `rings`, each without its closing point.
    pub(super) fn new<'a>(rings: impl Iterator<Item = &'a [Tenths]>) -> Self {
        let mut neighbours: HashMap<Tenths, Neighbours> = HashMap::new();
        for ring in rings {
            for at in 0..ring.len() {
                let before = ring[(at + ring.len() - 1) % ring.len()];
                let after = ring[(at + 1) % ring.len()];
                let pair = Neighbours::Two(before.min(after), before.max(after));
                neighbours
                    .entry(ring[at])
                    .and_modify(|known| {
                        if !known.same(pair) {
                            *known = Neighbours::More;
                        }
                    })
                    .or_insert(pair);
            }
        }
        Self { neighbours }
    }

    fn is_junction(&self, point: Tenths) -> bool {
        matches!(self.neighbours.get(&point), Some(Neighbours::More))
    }

    /// The thinned ring, again without its closing point.
    pub(super) fn simplify(&self, ring: &[Tenths]) -> Vec<Tenths> {
        if ring.len() < 4 {
            return ring.to_vec();
        }
        let mut cuts: Vec<usize> = (0..ring.len()).filter(|&i| self.is_junction(ring[i])).collect();
        if cuts.len() < 2 {
            cuts = anchors(ring, cuts.first().copied());
        }
        let mut thin = Vec::new();
        for (at, &from) in cuts.iter().enumerate() {
            let to = cuts[(at + 1) % cuts.len()];
            let length = (to + ring.len() - from - 1) % ring.len() + 1;
            let arc: Vec<Tenths> =
                (0..=length).map(|step| ring[(from + step) % ring.len()]).collect();
            let arc = simplify_arc(arc);
            thin.extend_from_slice(&arc[..arc.len() - 1]);
        }
        thin
    }
}

impl Neighbours {
    fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Two(a, b), Self::Two(c, d)) => a == c && b == d,
            _ => false,
        }
    }
}

/// Two fixed points of a ring with at most one junction: that junction or the smallest point, and the point
/// farthest from it. The choice depends on the points alone, not on where the ring begins.
fn anchors(ring: &[Tenths], junction: Option<usize>) -> Vec<usize> {
    let smallest = || (0..ring.len()).min_by_key(|&i| ring[i]).unwrap_or(0);
    let first = junction.unwrap_or_else(smallest);
    let distance = |i: usize| {
        let (dx, dy) = (ring[i].0 - ring[first].0, ring[i].1 - ring[first].1);
        i64::from(dx).pow(2) + i64::from(dy).pow(2)
    };
    let farthest = (0..ring.len()).max_by_key(|&i| (distance(i), ring[i])).unwrap_or(first);
    let mut cuts = vec![first, farthest];
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

fn simplify_arc(mut arc: Vec<Tenths>) -> Vec<Tenths> {
    let turned = arc.iter().rev().lt(arc.iter());
    if turned {
        arc.reverse();
    }
    let mut thin = douglas_peucker(&arc);
    if turned {
        thin.reverse();
    }
    thin
}

fn douglas_peucker(arc: &[Tenths]) -> Vec<Tenths> {
    let last = arc.len() - 1;
    let mut keep = vec![false; arc.len()];
    (keep[0], keep[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let mut farthest = (TOLERANCE, None);
        for at in from + 1..to {
            let distance = distance(arc[at], arc[from], arc[to]);
            if distance > farthest.0 {
                farthest = (distance, Some(at));
            }
        }
        if let (_, Some(at)) = farthest {
            keep[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    arc.iter().zip(keep).filter(|(_, keep)| *keep).map(|(&point, _)| point).collect()
}

/// Distance of `p` from the segment `a b`.
fn distance(p: Tenths, a: Tenths, b: Tenths) -> f64 {
    let of = |from: Tenths, to: Tenths| (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let ((dx, dy), (px, py)) = (of(a, b), of(a, p));
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (px - along * dx).hypot(py - along * dy)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Two areas that share a jagged border from (100, 0) to (100, 300), in opposite directions and with rings that
    /// begin elsewhere.
    fn neighbours() -> [Vec<Tenths>; 2] {
        let jag = |y: i32| (100 + (y * 7) % 13 - 6, y);
        let border: Vec<Tenths> = (1..60).map(|k| jag(k * 5)).collect();
        let mut west = vec![(0, 300), (0, 0), (100, 0)];
        west.extend(&border);
        west.push((100, 300));
        let mut east = vec![(100, 0), (300, 0), (300, 300), (100, 300)];
        east.extend(border.iter().rev());
        east.rotate_left(20);
        [west, east]
    }

    fn edges(ring: &[Tenths]) -> HashSet<(Tenths, Tenths)> {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(&a, &b)| (a.min(b), a.max(b))).collect()
    }

    #[test]
    fn a_shared_border_stays_shared_and_gets_shorter() {
        let [west, east] = neighbours();
        let borders = Borders::new([west.as_slice(), east.as_slice()].into_iter());
        let (west_thin, east_thin) = (borders.simplify(&west), borders.simplify(&east));
        assert!(west_thin.len() < west.len());
        // All but the three outer edges of each are common.
        let common = edges(&west_thin).intersection(&edges(&east_thin)).count();
        assert_eq!(common, west_thin.len() - 3);
        assert_eq!(common, east_thin.len() - 3);
    }

    #[test]
    fn an_enclave_and_its_hole_are_thinned_alike() {
        // A lens between two parabolas.
        let bow = |x: i32| (400 - x * x / 100) / 4;
        let upper = (-200..200).step_by(8).map(|x| (x, bow(x)));
        let lower = (-200..200).step_by(8).map(|x| (-x, -bow(x)));
        let enclave: Vec<Tenths> = upper.chain(lower).collect();
        let mut hole = enclave.clone();
        hole.reverse();
        hole.rotate_left(17);
        let borders = Borders::new([enclave.as_slice(), hole.as_slice()].into_iter());
        let thin = borders.simplify(&enclave);
        assert!(thin.len() < 40);
        assert_eq!(edges(&thin), edges(&borders.simplify(&hole)));
    }

    #[test]
    fn no_point_moves_farther_than_the_tolerance() {
        let [west, _] = neighbours();
        let thin = Borders::new([west.as_slice()].into_iter()).simplify(&west);
        for &point in &west {
            let nearest = edges(&thin)
                .iter()
                .map(|&(a, b)| distance(point, a, b))
                .fold(f64::INFINITY, f64::min);
            assert!(nearest <= TOLERANCE, "{point:?} is {nearest} away");
        }
    }
}
