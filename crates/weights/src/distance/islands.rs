//! Units without neighbours, linked to the nearest one.

use durbin_core::Units;

use super::located::Located;
use crate::weights::index;
use crate::{Error, Transform, Weights};

/// A link from an island to its nearest unit.
#[derive(Debug, Clone, PartialEq)]
pub struct IslandLink {
    /// Key of the island.
    pub island: String,
    /// Key of the unit nearest to it.
    pub nearest: String,
    /// Between the two: in the unit of the coordinates, over the ellipsoid in kilometres.
    pub distance: f64,
}

/// Weights without the islands that could be linked.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// The matrix with the links added, in both directions.
    pub weights: Weights,
    /// One for each island linked, in the order of rows.
    pub links: Vec<IslandLink>,
    /// Keys of the islands without geometry, or alone: they stay islands.
    pub unlinked: Vec<String>,
}

/// Links every island of `weights` to the nearest of the `units`, in both directions, each with
/// `weight(d)`: the distance `d` is in the unit of the coordinates, over the ellipsoid in kilometres.
///
/// Of several nearest units the one with the lowest key is taken; it may be an island itself. A link that is there
/// already keeps its weight. The weights must not be row-scaled; binary ones stay so if `weight` is one.
///
/// # Errors
/// As [`nearest`](super::nearest), except that one unit alone is no error.
pub fn link_islands(
    weights: &Weights,
    units: &Units,
    weight: impl Fn(f64) -> f64,
) -> Result<Linked, Error> {
    let islands = weights.islands();
    if islands.is_empty() {
        return Ok(Linked { weights: weights.clone(), links: Vec::new(), unlinked: Vec::new() });
    }
    let located = Located::new(units)?;
    let in_units = units.positions();
    let in_weights: std::collections::HashMap<&str, usize> =
        weights.ids().iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
    let (mut links, mut unlinked, mut added) = (Vec::new(), Vec::new(), Vec::new());
    let mut found = Vec::new();
    for row in islands {
        let island = weights.ids()[row].clone();
        found.clear();
        if let Some(&at) = in_units.get(island.as_str()) {
            located.nearest(index(at), 1, &mut found);
        }
        let nearest = found.first().and_then(|&(other, distance)| {
            let id = &units.ids[other as usize];
            Some((*in_weights.get(id.as_str())?, id.clone(), located.metric.for_weights(distance)))
        });
        match nearest {
            None => unlinked.push(island),
            Some((column, nearest, distance)) => {
                added.push((row, column, weight(distance)));
                links.push(IslandLink { island, nearest, distance });
            }
        }
    }
    Ok(Linked { weights: with_links(weights, &added), links, unlinked })
}

/// The same matrix with these links in both directions where there are none.
fn with_links(weights: &Weights, added: &[(usize, usize, f64)]) -> Weights {
    let row = |i: usize| {
        let (columns, values) = weights.row(i);
        columns.iter().copied().zip(values.iter().copied()).collect()
    };
    let mut rows: Vec<Vec<(u32, f64)>> = (0..weights.n_units()).map(row).collect();
    for &(i, j, weight) in added {
        for (i, j) in [(i, j), (j, i)] {
            if !rows[i].iter().any(|link| link.0 as usize == j) {
                rows[i].push((index(j), weight));
            }
        }
    }
    let mut linked = Weights::from_rows(weights.ids().to_vec(), rows, weights.kind.clone());
    let binary = weights.transform == Transform::Binary && linked.is_binary();
    linked.transform = if binary { Transform::Binary } else { Transform::Raw };
    linked
}
