//! Neighbours within a distance.

use durbin_core::{Named, Units, Warning};
use rayon::prelude::*;

use super::links::Links;
use super::located::Located;
use super::{Band, Built};
use crate::{Error, Length};

/// Binary weights of `n` units: `w_ij = 1` if `0 ≤ d_ij ≤ band`, `i ≠ j`. W is symmetric.
///
/// A bare length is in the unit of the coordinates, so in degrees on a layer in longitude and latitude:
/// there 1° is taken as 111,195.08 m (mean radius of the Earth 6,371,008.8 m), with a warning. A band that
/// leaves units without a neighbour comes with a warning that tells the smallest one that leaves none.
/// The `kind` of an automatic band tells its exact length.
///
/// # Errors
/// [`Error::LengthWithoutCrs`] for a length with a unit on a layer without reference system,
/// [`Error::LengthInDegrees`] for more than 180°, [`Error::TooFewUnits`] for an automatic band of one
/// unit; otherwise as [`nearest`](super::nearest).
pub fn band(units: &Units, band: Band) -> Result<Built, Error> {
    let located = Located::new(units)?;
    let reach = Reach::of(&located, band)?;
    let (links, warnings) = reach.links(&located, false);
    let weights = links.binary(&located, format!("distance:{}", reach.length));
    Ok(Built { weights, warnings })
}

/// A band on a layer.
pub struct Reach {
    /// As the layer measures distances.
    pub radius: f64,
    /// As it was given; exactly `radius` where it was not.
    pub length: Length,
    warning: Option<Warning>,
}

impl Reach {
    pub fn of(located: &Located, band: Band) -> Result<Self, Error> {
        match band {
            Band::Within(length) => {
                let (radius, warning) = located.metric.radius(length)?;
                Ok(Self { radius, length, warning })
            }
            Band::Auto => {
                located.need(1)?;
                let radius = furthest_nearest(located, &located.rows());
                Ok(Self { radius, length: located.metric.exact(radius), warning: None })
            }
        }
    }

    /// The neighbours within, and each unit `itself` if so wanted; what must be said about the band.
    pub fn links(&self, located: &Located, itself: bool) -> (Links, Vec<Warning>) {
        let links = Links::new(located, |row, found| {
            located.within(row, self.radius, found);
            if itself {
                found.push((row, 0.0));
            }
        });
        let warnings = self.warning.iter().cloned().chain(self.islands(located, &links)).collect();
        (links, warnings)
    }

    fn islands(&self, located: &Located, links: &Links) -> Option<Warning> {
        let rows = links.islands(located);
        if rows.is_empty() || located.need(1).is_err() {
            return None;
        }
        let furthest = furthest_nearest(located, &rows);
        let enough = located.metric.rounded_up(furthest, self.length.unit);
        let units: Named = rows.iter().map(|&row| &located.units.ids[row as usize]).collect();
        Some(Warning::Other(format!(
            "no neighbour within {}: {units}; the smallest length that leaves no unit without one is {enough}",
            self.length
        )))
    }
}

/// The longest of the distances from `rows` to their nearest units.
fn furthest_nearest(located: &Located, rows: &[u32]) -> f64 {
    let nearest = |&row: &u32| {
        let mut found = Vec::new();
        located.nearest(row, 1, &mut found);
        found.first().map_or(0.0, |neighbour| neighbour.1)
    };
    rows.par_iter().map(nearest).reduce(|| 0.0, f64::max)
}
