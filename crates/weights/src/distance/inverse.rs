//! Weights that fall with a power of the distance.

use std::cmp::Ordering;

use durbin_core::{Named, Units};

use super::band::Reach;
use super::links::Links;
use super::located::Located;
use super::{Band, Built};
use crate::{Error, Weights};

/// Weights of `n` units: `w_ij = d_ij^−power` if `d_ij ≤ band`, `i ≠ j`. W is symmetric.
///
/// The distance enters in the unit of the coordinates, as in PySAL, and over the ellipsoid in kilometres.
/// Row scaling makes its unit irrelevant. The band is read as by [`band`](super::band).
///
/// # Errors
/// [`Error::Coincident`] naming pairs of units at the same point, [`Error::WeightRange`] for a weight
/// that no double can hold; otherwise as [`band`](super::band).
pub fn inverse_distance(units: &Units, band: Band, power: f64) -> Result<Built, Error> {
    let located = Located::new(units)?;
    let reach = Reach::of(&located, band)?;
    let (links, warnings) = reach.links(&located, false);
    distinct(&located, &links)?;
    let kind = format!("inverse-distance:{}:{power}", reach.length);
    let weight = |_, distance| located.metric.for_weights(distance).powf(-power);
    let weights = links.weighted(&located, kind, weight);
    representable(&weights, power)?;
    Ok(Built { weights, warnings })
}

/// Refuses neighbours at distance zero, each pair named once, in the order of keys.
fn distinct(located: &Located, links: &Links) -> Result<(), Error> {
    let ids = &located.units.ids;
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (i, id) in ids.iter().enumerate() {
        let (columns, distances) = links.row(i);
        for (&j, &distance) in columns.iter().zip(distances) {
            let other = &ids[j as usize];
            if distance == 0.0 && id.cmp(other) == Ordering::Less {
                pairs.push((id, other));
            }
        }
    }
    if pairs.is_empty() {
        return Ok(());
    }
    pairs.sort_unstable();
    let pairs: Named = pairs.iter().map(|(a, b)| format!("{a} and {b}")).collect();
    Err(Error::Coincident { pairs })
}

/// Refuses weights that overflowed to infinity or vanished.
fn representable(weights: &Weights, power: f64) -> Result<(), Error> {
    for (i, id) in weights.ids().iter().enumerate() {
        let (columns, values) = weights.row(i);
        let beyond = values.iter().position(|&weight| !(weight > 0.0 && weight.is_finite()));
        if let Some(at) = beyond {
            let neighbor = weights.ids()[columns[at] as usize].clone();
            return Err(Error::WeightRange { focal: id.clone(), neighbor, power });
        }
    }
    Ok(())
}
