//! Units by where they stand: who is near whom.

use std::cmp::Ordering;

use durbin_core::Units;
use geographiclib_rs::Geodesic;
use rayon::prelude::*;

use super::kd_tree::{KdTree, squared};
use super::metric::Metric;
use super::points::representative_points;
use super::position::{earth_centred, longest_way, slack};
use crate::Error;

/// Units, their points and a search tree of them.
pub struct Located<'a> {
    pub units: &'a Units,
    pub metric: Metric,
    /// By row; `None` without geometry.
    points: Vec<Option<[f64; 2]>>,
    tree: Tree,
}

enum Tree {
    Planar(KdTree<2>),
    EarthCentred { ellipsoid: Box<Geodesic>, tree: KdTree<3> },
}

const RUN: usize = 256;

/// Another unit and how far it is.
pub type Neighbour = (u32, f64);

impl<'a> Located<'a> {
    /// # Errors
    /// Coordinates that are no numbers or no latitudes; no unit with a geometry.
    pub fn new(units: &'a Units) -> Result<Self, Error> {
        let n = units.len();
        if u32::try_from(n).is_err() {
            return Err(Error::TooManyUnits { n });
        }
        let points = representative_points(units)?;
        let metric = Metric::of(units.layer.crs.as_ref());
        let located = (0..).zip(&points).filter_map(|(row, point)| Some((row, (*point)?)));
        if located.clone().next().is_none() {
            return Err(Error::NoGeometry { n });
        }
        let tree = match &metric {
            Metric::Planar { .. } => Tree::Planar(KdTree::new(located)),
            Metric::Geodesic { ellipsoid, .. } => {
                for (row, point) in located.clone() {
                    if point[1].abs() > 90.0 {
                        let id = units.ids[row as usize].clone();
                        return Err(Error::Latitude { id, latitude: point[1] });
                    }
                }
                let places = located.map(|(row, point)| (row, earth_centred(ellipsoid, point)));
                Tree::EarthCentred { ellipsoid: ellipsoid.clone(), tree: KdTree::new(places) }
            }
        };
        Ok(Self { units, metric, points, tree })
    }

    /// The units with a point, close ones mostly close together.
    pub fn rows(&self) -> Vec<u32> {
        match &self.tree {
            Tree::Planar(tree) => tree.items().collect(),
            Tree::EarthCentred { tree, .. } => tree.items().collect(),
        }
    }

    /// Where unit `row` stands.
    pub fn point(&self, row: u32) -> Option<[f64; 2]> {
        self.points[row as usize]
    }

    /// Refuses `k` neighbours where there are not as many others.
    pub fn need(&self, k: usize) -> Result<(), Error> {
        let located = self.points.iter().flatten().count();
        if k < located { Ok(()) } else { Err(Error::TooFewUnits { k, located }) }
    }

    /// The `k` units nearest to `row`, nearest first, equally near ones in the order of keys.
    pub fn nearest(&self, row: u32, k: usize, found: &mut Vec<Neighbour>) {
        found.clear();
        let Some(point) = self.point(row) else { return };
        let mut near = Vec::with_capacity(k + 1);
        match &self.tree {
            Tree::EarthCentred { ellipsoid, tree } => {
                let place = earth_centred(ellipsoid, point);
                self.nearest_over(ellipsoid, tree, (row, place), k, &mut near);
                found.extend(near.iter().map(|&(_, unit)| (unit, self.distance_to(point, unit))));
                found.sort_unstable_by(|a, b| {
                    a.1.total_cmp(&b.1).then_with(|| self.by_key(a.0, b.0))
                });
            }
            Tree::Planar(tree) => {
                tree.nearest(point, row, k, &|a, b| self.by_key(a, b), &mut near);
                found.extend(near.into_iter().map(|(squared, other)| (other, squared.sqrt())));
            }
        }
    }

    /// The `k` units nearest to each of the [`Located::rows`], ascending: `k` numbers per row.
    pub fn all_nearest(&self, k: usize) -> Vec<u32> {
        match &self.tree {
            Tree::Planar(tree) => runs_of(tree, k, |(row, point), before, near| {
                let order = |a: u32, b: u32| self.by_key(a, b);
                let limit = before.map_or(f64::INFINITY, |before| limit(before, point, near));
                tree.nearest_within(limit, point, row, k, &order, near);
            }),
            Tree::EarthCentred { ellipsoid, tree } => runs_of(tree, k, |entry, _, near| {
                self.nearest_over(ellipsoid, tree, entry, k, near);
            }),
        }
    }

    /// The `k` units nearest over the ellipsoid, in no order.
    ///
    /// A way is between its chord and the longest way of that chord. Only where these bounds do not tell who is
    /// among the nearest are ways measured.
    fn nearest_over(
        &self,
        ellipsoid: &Geodesic,
        tree: &KdTree<3>,
        (row, place): (u32, [f64; 3]),
        k: usize,
        near: &mut Vec<(f64, u32)>,
    ) {
        let order = |a: u32, b: u32| self.by_key(a, b);
        tree.nearest(place, row, k + 1, &order, near);
        let (Some(&(next, _)), Some(last)) = (near.get(k), k.checked_sub(1)) else {
            near.truncate(k);
            return;
        };
        let slack = slack(ellipsoid);
        let longest = |squared: f64| longest_way(ellipsoid, squared.sqrt()) + slack;
        // Whoever is not among the first k is at least so far.
        let beyond = next.sqrt() - slack;
        let reach = longest(near[last].0);
        if reach < beyond {
            near.truncate(k);
            return;
        }
        let sure = near.partition_point(|&(squared, _)| longest(squared) < beyond);
        near.truncate(sure);
        let Some(point) = self.point(row) else { return };
        let mut doubtful: Vec<(f64, u32)> = Vec::new();
        let reach = reach + slack;
        tree.within(place, reach * reach, &mut |other, squared| {
            if other != row && longest(squared) >= beyond {
                doubtful.push((self.distance_to(point, other), other));
            }
        });
        doubtful.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then_with(|| order(a.1, b.1)));
        near.extend(doubtful.into_iter().take(k - sure));
    }

    fn by_key(&self, a: u32, b: u32) -> Ordering {
        self.units.ids[a as usize].cmp(&self.units.ids[b as usize])
    }

    /// The units within `radius` of `row`, itself left out, in no order.
    pub fn within(&self, row: u32, radius: f64, found: &mut Vec<Neighbour>) {
        found.clear();
        let Some(point) = self.point(row) else { return };
        match &self.tree {
            Tree::EarthCentred { ellipsoid, tree } => {
                let reach = radius + slack(ellipsoid);
                let place = earth_centred(ellipsoid, point);
                tree.within(place, reach * reach, &mut |other, _| {
                    if other != row {
                        found.push((other, self.distance_to(point, other)));
                    }
                });
            }
            Tree::Planar(tree) => {
                // The square of a rounded root may fall short of what the root was drawn from.
                let reach = radius * radius * (1.0 + 4.0 * f64::EPSILON);
                tree.within(point, reach, &mut |other, squared| {
                    if other != row {
                        found.push((other, squared.sqrt()));
                    }
                });
            }
        }
        found.retain(|&(_, distance)| distance <= radius);
    }

    fn distance_to(&self, point: [f64; 2], other: u32) -> f64 {
        self.point(other).map_or(f64::NAN, |other| self.metric.distance(point, other))
    }
}

/// At least the squared distance from `point` to its `k`-th neighbour, given the `k` nearest to the point `before`:
/// those, and that point in place of `point` itself, are no further than the way over `before`.
fn limit(before: [f64; 2], point: [f64; 2], near: &[(f64, u32)]) -> f64 {
    // Far more than what rounding may take away.
    const MARGIN: f64 = 1.0 + 1e-9;
    let furthest = near.last().map_or(f64::INFINITY, |&(squared, _)| squared.sqrt());
    let reach = (furthest + squared(before, point).sqrt()) * MARGIN;
    // Squares of the smallest lengths are no numbers any more.
    reach * reach + f64::MIN_POSITIVE
}

/// What `search` finds for each entry of a tree, in its order, `k` items each, ascending. It is given the point that
/// was searched for before, mostly close by, and what was found for it.
fn runs_of<const D: usize>(
    tree: &KdTree<D>,
    k: usize,
    search: impl Fn((u32, [f64; D]), Option<[f64; D]>, &mut Vec<(f64, u32)>) + Sync,
) -> Vec<u32> {
    let mut runs = vec![0; k * tree.len()];
    let each = runs.par_chunks_mut(k.max(1)).with_min_len(RUN).enumerate();
    each.for_each_init(
        || (None, Vec::new()),
        |(before, near), (at, run)| {
            let entry = tree.entry(at);
            search(entry, *before, near);
            *before = Some(entry.1);
            for (column, found) in run.iter_mut().zip(near.iter()) {
                *column = found.1;
            }
            run.sort_unstable();
        },
    );
    runs
}
