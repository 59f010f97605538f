//! Weights from an attribute of the units rather than from where they are.

use std::collections::HashMap;

use durbin_core::{Column, Named};
use rayon::prelude::*;

use crate::{Error, Transform, Weights, weights::index};

/// Units for which all pairs are weighed at most: beyond, W alone would fill gigabytes.
const ALL_PAIRS: usize = 20_000;

/// Economic distance within given links: `w_ij ← w_ij / |x_i − x_j|`.
///
/// # Errors
/// [`Error::Attribute`] for a column that holds no numbers, [`Error::NoValue`] naming units without one,
/// [`Error::EqualValues`] naming linked units whose values are equal, or so close that the weight overflows.
pub fn over_difference(weights: &Weights, column: &Column) -> Result<Weights, Error> {
    let x = numbers(column, weights.ids())?;
    let mut scaled = weights.clone();
    let mut equal = Vec::new();
    for i in 0..weights.n_units() {
        let range = weights.offsets[i]..weights.offsets[i + 1];
        for at in range {
            let j = scaled.columns[at] as usize;
            if i == j {
                continue;
            }
            // A link of weight zero, at the edge of a kernel, stays one.
            if scaled.values[at] == 0.0 {
                continue;
            }
            scaled.values[at] /= (x[i] - x[j]).abs();
            if !scaled.values[at].is_finite() && (i < j || weights.get(j, i) == 0.0) {
                equal.push((i, j));
            }
        }
    }
    refuse_equal(column, weights.ids(), &equal)?;
    scaled.transform = Transform::Raw;
    Ok(scaled)
}

/// Economic distance between all units: `w_ij = 1/|x_i − x_j|`, `i ≠ j`.
///
/// # Errors
/// As [`over_difference`], and [`Error::TooManyPairs`] beyond 20,000 units.
pub fn economic(ids: &[String], column: &Column) -> Result<Weights, Error> {
    let n = ids.len();
    if n > ALL_PAIRS {
        return Err(Error::TooManyPairs { n, limit: ALL_PAIRS });
    }
    let x = numbers(column, ids)?;
    let mut by_value: Vec<usize> = (0..n).collect();
    by_value.sort_by(|&a, &b| x[a].total_cmp(&x[b]).then_with(|| ids[a].cmp(&ids[b])));
    let same = |pair: &&[usize]| !(1.0 / (x[pair[0]] - x[pair[1]]).abs()).is_finite();
    let equal: Vec<(usize, usize)> =
        by_value.windows(2).filter(same).map(|pair| (pair[0], pair[1])).collect();
    refuse_equal(column, ids, &equal)?;
    let row = |i: usize| {
        let others = (0..n).filter(|&j| j != i);
        others.map(|j| (index(j), 1.0 / (x[i] - x[j]).abs())).collect()
    };
    let rows = (0..n).into_par_iter().map(row).collect();
    Ok(Weights::from_rows(ids.to_vec(), rows, format!("economic:{}:all", column.name)))
}

/// Block weights: `w_ij = 1` for units `i ≠ j` with the same value, as of a region or prefecture.
///
/// # Errors
/// [`Error::NoValue`] naming units without a value, [`Error::TooManyPairs`] when the blocks have more pairs than 20,000 units have.
pub fn block(ids: &[String], column: &Column) -> Result<Weights, Error> {
    let keys: Vec<Option<String>> = (0..column.len()).map(|row| column.key(row)).collect();
    refuse_missing(column, ids, |row| keys[row].is_none())?;
    let mut blocks: HashMap<&str, Vec<u32>> = HashMap::new();
    for (row, key) in keys.iter().enumerate() {
        blocks.entry(key.as_deref().unwrap_or_default()).or_default().push(index(row));
    }
    let links: f64 = blocks.values().map(|block| (block.len() as f64).powi(2)).sum();
    if links > (ALL_PAIRS as f64).powi(2) {
        return Err(Error::TooManyPairs { n: ids.len(), limit: ALL_PAIRS });
    }
    let row = |(i, key): (u32, &Option<String>)| {
        let block = &blocks[key.as_deref().unwrap_or_default()];
        block.iter().filter(|&&j| j != i).map(|&j| (j, 1.0)).collect()
    };
    let rows = (0..).zip(&keys).map(row).collect();
    let mut weights = Weights::from_rows(ids.to_vec(), rows, format!("block:{}", column.name));
    weights.transform = Transform::Binary;
    Ok(weights)
}

fn numbers(column: &Column, ids: &[String]) -> Result<Vec<f64>, Error> {
    let x = column.numbers()?;
    refuse_missing(column, ids, |row| !x[row].is_finite())?;
    Ok(x)
}

fn refuse_missing(
    column: &Column,
    ids: &[String],
    missing: impl Fn(usize) -> bool,
) -> Result<(), Error> {
    let units: Named = (0..ids.len()).filter(|&row| missing(row)).map(|row| &ids[row]).collect();
    if units.count == 0 {
        return Ok(());
    }
    Err(Error::NoValue { field: column.name.clone(), units })
}

fn refuse_equal(column: &Column, ids: &[String], pairs: &[(usize, usize)]) -> Result<(), Error> {
    if pairs.is_empty() {
        return Ok(());
    }
    let pairs = pairs.iter().map(|&(i, j)| format!("{} and {}", ids[i], ids[j])).collect();
    Err(Error::EqualValues { field: column.name.clone(), pairs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use durbin_core::Values;

    fn ids(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("u{i}")).collect()
    }

    #[test]
    fn economic_weights_are_the_inverse_difference_within_links_or_between_all() {
        let x = Column::float("gdp", [1.0, 3.0, 7.0]);
        let path = vec![vec![(1, 1.0)], vec![(0, 1.0), (2, 2.0)], vec![(1, 2.0)]];
        let within = over_difference(&Weights::from_rows(ids(3), path, "w"), &x).unwrap();
        assert_eq!((within.get(0, 1), within.get(1, 2), within.get(0, 2)), (0.5, 0.5, 0.0));
        let all = economic(&ids(3), &x).unwrap();
        assert_eq!((all.get(0, 1), all.get(1, 2), all.get(2, 0)), (0.5, 0.25, 1.0 / 6.0));
        assert!(all.is_symmetric());
    }

    #[test]
    fn equal_or_missing_values_are_named() {
        let equal = Column::float("gdp", [1.0, 2.0, 1.0]);
        let error = economic(&ids(3), &equal).unwrap_err().to_string();
        assert!(error.contains("gdp") && error.contains("1 (u0 and u2)"), "{error}");
        let path = vec![vec![(2, 1.0)], vec![], vec![(0, 1.0)]];
        let error = over_difference(&Weights::from_rows(ids(3), path, "w"), &equal).unwrap_err();
        assert!(error.to_string().contains("1 (u0 and u2)"), "{error}");
        let gap = Column::new("gdp", Values::Float(vec![Some(1.0), None, Some(2.0)]));
        let error = economic(&ids(3), &gap).unwrap_err().to_string();
        assert!(error.contains("1 (u1)"), "{error}");
    }

    #[test]
    fn a_link_of_weight_zero_stays_one_though_its_values_are_equal() {
        let edge = vec![vec![(1, 0.0)], vec![(0, 0.0)]];
        let w = Weights::from_rows(ids(2), edge, "kernel");
        let scaled = over_difference(&w, &Column::float("gdp", [1.0, 1.0])).unwrap();
        assert!(scaled.get(0, 1).abs() < f64::MIN_POSITIVE);
    }

    #[test]
    fn a_block_links_all_that_share_a_value() {
        let region = Column::text("region", ["a", "b", "a", "a"].map(String::from));
        let weights = block(&ids(4), &region).unwrap();
        assert_eq!(weights.row(0).0, [2, 3]);
        assert_eq!(weights.islands(), [1]);
    }
}
