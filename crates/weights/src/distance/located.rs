//! Units by where they stand: who is near whom.

use durbin_core::Units;
use geographiclib_rs::Geodesic;

use super::kd_tree::KdTree;
use super::metric::Metric;
use super::points::representative_points;
use super::position::{earth_centred, slack};
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
        let order = |a: u32, b: u32| self.units.ids[a as usize].cmp(&self.units.ids[b as usize]);
        let mut near = Vec::with_capacity(k);
        match &self.tree {
            Tree::EarthCentred { ellipsoid, tree } => {
                let place = earth_centred(ellipsoid, point);
                tree.nearest(place, row, k, &order, &mut near);
                let mut measured: Vec<Neighbour> = near
                    .iter()
                    .map(|&(_, other)| (other, self.distance_to(point, other)))
                    .collect();
                measured.sort_unstable_by_key(|neighbour| neighbour.0);
                // Whoever is nearer over the ellipsoid is within its reach in a straight line, too.
                let furthest = measured.iter().fold(0.0, |most: f64, near| most.max(near.1));
                let reach = furthest + slack(ellipsoid);
                tree.within(place, reach * reach, &mut |other, _| {
                    if other != row {
                        let known = measured.binary_search_by_key(&other, |near| near.0);
                        let distance = known
                            .map_or_else(|_| self.distance_to(point, other), |at| measured[at].1);
                        found.push((other, distance));
                    }
                });
                found.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then_with(|| order(a.0, b.0)));
                found.truncate(k);
            }
            Tree::Planar(tree) => {
                tree.nearest(point, row, k, &order, &mut near);
                found.extend(near.into_iter().map(|(squared, other)| (other, squared.sqrt())));
            }
        }
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
