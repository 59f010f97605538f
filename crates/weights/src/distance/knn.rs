//! The nearest neighbours.

use durbin_core::Units;

use super::links::Links;
use super::located::Located;
use crate::{Error, Weights};

/// Binary weights of `n` units: `w_ij = 1` if `j` is one of the `k` units nearest to `i`, itself not
/// counted. Every row of a unit with a point has exactly `k` ones; W is not symmetric. Equally near units
/// are taken in ascending order of key, units at the same point included.
///
/// # Errors
/// [`Error::TooFewUnits`] without `k` others, [`Error::NoGeometry`] without any point,
/// [`Error::NotFinite`] and [`Error::Latitude`] for coordinates that are none,
/// [`Error::TooManyUnits`] beyond 2³² units.
pub fn nearest(units: &Units, k: usize) -> Result<Weights, Error> {
    let located = Located::new(units)?;
    located.need(k)?;
    let links = Links::new(&located, |row, found| located.nearest(row, k, found));
    Ok(links.binary(&located, format!("knn:{k}")))
}
