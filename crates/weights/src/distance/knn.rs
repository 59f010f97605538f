//! The nearest neighbours.

use durbin_core::Units;
use rayon::prelude::*;

use super::located::Located;
use crate::weights::index;
use crate::{Error, Transform, Weights};

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
    let (n, ids) = (units.len(), units.ids.clone());
    let (rows, found) = (located.rows(), located.all_nearest(k));
    // The place of each unit with a point among `rows`.
    let mut places = vec![None; n];
    for (place, &row) in rows.iter().enumerate() {
        places[row as usize] = Some(index(place));
    }
    let mut offsets = Vec::with_capacity(n + 1);
    offsets.push(0);
    offsets.extend(places.iter().scan(0, |links, place| {
        *links += place.map_or(0, |_| k);
        Some(*links)
    }));
    let places: Vec<u32> = places.into_iter().flatten().collect();
    let mut columns = vec![0; found.len()];
    columns.par_chunks_mut(k.max(1)).zip(&places).for_each(|(row, &place)| {
        row.copy_from_slice(&found[place as usize * k..][..k]);
    });
    let values = vec![1.0; columns.len()];
    Ok(Weights::from_csr(ids, offsets, columns, values, format!("knn:{k}"), Transform::Binary))
}
