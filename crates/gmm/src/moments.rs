//! The moments of a sample: what the estimators need of X, y and Z.

use ndarray::{Array1, Array2};

use crate::{
    model::Model,
    passes::{Clusters, add_cross, add_moments, add_outer, mirror, residuals},
    rows::{Rows, Side},
    weighting::Weighting,
};

/// What is known before any column is chosen.
#[derive(Debug, Clone)]
pub(crate) struct Counts {
    /// Raw instrument columns that are not zero throughout.
    pub used: Vec<bool>,
    /// `X'X` over the rows in use, all regressors.
    pub xx: Array2<f64>,
    /// Sums of the regressors over level rows, and their number.
    pub transformed: usize,
    pub level: usize,
    /// Units with a row in the main equation, and the fewest and most rows of one.
    pub units: usize,
    pub fewest: usize,
    pub most: usize,
    /// Largest absolute value per regressor in levels over complete rows, their sums and number.
    pub sums: Vec<f64>,
    pub complete: usize,
}

pub(crate) fn count(model: &Model, clusters: &Clusters) -> Counts {
    let k = model.regressors.len();
    let all: Vec<usize> = (0..k).collect();
    let identity: Vec<usize> = (0..model.raw_columns).collect();
    let zero = || Counts {
        used: vec![false; model.raw_columns],
        xx: Array2::zeros((k, k)),
        transformed: 0,
        level: 0,
        units: 0,
        fewest: usize::MAX,
        most: 0,
        sums: vec![0.0; k + 1],
        complete: 0,
    };
    let add = |sum: &mut Counts, rows: &mut Rows, units: &[usize]| {
        for &unit in units {
            rows.fill(model, unit, &all, &identity);
            let transformed = rows.places.iter().filter(|p| p.side == Side::Transformed).count();
            let level = rows.len() - transformed;
            sum.transformed += transformed;
            sum.level += level;
            let main = if model.system { level } else { transformed };
            if main > 0 {
                sum.units += 1;
                sum.fewest = sum.fewest.min(main);
                sum.most = sum.most.max(main);
            }
            for r in 0..rows.len() {
                add_outer(&mut sum.xx, &rows.x[r * k..(r + 1) * k]);
            }
            rows.z.iter().for_each(|&(column, _)| sum.used[column] = true);
            for t in (0..rows.observed.len()).filter(|&t| rows.observed[t]) {
                sum.complete += 1;
                let values = rows.level(t).iter().chain([&rows.y0[t]]);
                sum.sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
        }
    };
    let mut counts = clusters.sum(model, zero, add, |total, part| {
        total.used.iter_mut().zip(part.used).for_each(|(total, part)| *total |= part);
        total.xx += &part.xx;
        total.transformed += part.transformed;
        total.level += part.level;
        total.units += part.units;
        total.fewest = total.fewest.min(part.fewest);
        total.most = total.most.max(part.most);
        total.sums.iter_mut().zip(part.sums).for_each(|(total, part)| *total += part);
        total.complete += part.complete;
    });
    mirror(&mut counts.xx);
    counts
}

/// Columns in use.
#[derive(Debug)]
pub(crate) struct Columns {
    /// Regressors kept.
    pub kept: Vec<usize>,
    /// From raw instrument columns to those in use; `usize::MAX` where unused.
    pub instrument: Vec<usize>,
    /// Instruments in use.
    pub l: usize,
}

/// Moments that do not depend on coefficients.
#[derive(Debug)]
pub(crate) struct Moments {
    /// `Z'X`, `l × k`.
    pub zx: Array2<f64>,
    /// `Z'y`.
    pub zy: Array1<f64>,
    /// `Σ Zᵢ'H Zᵢ`, `l × l`.
    pub zhz: Array2<f64>,
}

pub(crate) fn moments(
    model: &Model,
    clusters: &Clusters,
    columns: &Columns,
    weighting: &Weighting,
) -> Moments {
    let (k, l) = (columns.kept.len(), columns.l);
    let zero = || {
        let moments =
            Moments { zx: Array2::zeros((l, k)), zy: Array1::zeros(l), zhz: Array2::zeros((l, l)) };
        (moments, vec![0.0; l])
    };
    let add = |(sum, hz): &mut (Moments, Vec<f64>), rows: &mut Rows, units: &[usize]| {
        for &unit in units {
            rows.fill(model, unit, &columns.kept, &columns.instrument);
            add_cross(&mut sum.zx, rows, k);
            for r in 0..rows.len() {
                for &(column, value) in rows.z(r) {
                    sum.zy[column] += value * rows.y[r];
                }
            }
            add_weighted(&mut sum.zhz, hz, rows, weighting);
        }
    };
    let (mut moments, _) = clusters.sum(model, zero, add, |(total, _), (part, _)| {
        total.zx += &part.zx;
        total.zy += &part.zy;
        total.zhz += &part.zhz;
    });
    mirror(&mut moments.zhz);
    moments
}

/// `sum += Z'HZ` of one unit, lower triangle; `hz` is room for one row of HZ.
fn add_weighted(sum: &mut Array2<f64>, hz: &mut [f64], rows: &Rows, weighting: &Weighting) {
    for a in 0..rows.len() {
        hz.fill(0.0);
        for b in 0..rows.len() {
            let h = weighting.between(rows.places[a], rows.places[b]);
            if h != 0.0 {
                rows.z(b).iter().for_each(|&(column, value)| hz[column] += h * value);
            }
        }
        for &(column, value) in rows.z(a) {
            if let Some(row) = sum.row_mut(column).as_slice_mut() {
                row[..=column].iter_mut().zip(&*hz).for_each(|(sum, hz)| *sum += value * hz);
            }
        }
    }
}

/// What residuals add.
#[derive(Debug)]
pub(crate) struct Scores {
    /// `Σ gg'` with `g = Z'e` of a cluster, `l × l`.
    pub outer: Array2<f64>,
    /// Sums of squared residuals of the transformed and of the level equation.
    pub transformed: f64,
    pub level: f64,
}

pub(crate) fn scores(
    model: &Model,
    clusters: &Clusters,
    columns: &Columns,
    b: &Array1<f64>,
) -> Scores {
    let l = columns.l;
    let zero = || {
        let scores = Scores { outer: Array2::zeros((l, l)), transformed: 0.0, level: 0.0 };
        (scores, vec![0.0; l])
    };
    let add = |(sum, g): &mut (Scores, Vec<f64>), rows: &mut Rows, units: &[usize]| {
        g.fill(0.0);
        for &unit in units {
            rows.fill(model, unit, &columns.kept, &columns.instrument);
            let e = residuals(rows, b);
            add_moments(g, rows, &e);
            for (e, place) in e.iter().zip(&rows.places) {
                match place.side {
                    Side::Transformed => sum.transformed += e * e,
                    Side::Level => sum.level += e * e,
                }
            }
        }
        add_outer(&mut sum.outer, g);
    };
    let (mut scores, _) = clusters.sum(model, zero, add, |(total, _), (part, _)| {
        total.outer += &part.outer;
        total.transformed += part.transformed;
        total.level += part.level;
    });
    mirror(&mut scores.outer);
    scores
}

/// `Σ (g·a)·Z'X + g·(a'Z'X)` over clusters with `g = Z'e(b)`, `l × k`: how the weighting matrix `Σ gg'` moves
/// with the coefficients, seen from the moments `a` (Windmeijer 2005, equation 3.2).
pub(crate) fn derivative(
    model: &Model,
    clusters: &Clusters,
    columns: &Columns,
    b: &Array1<f64>,
    a: &Array1<f64>,
) -> Array2<f64> {
    let (k, l) = (columns.kept.len(), columns.l);
    let zero = || (Array2::zeros((l, k)), Array2::zeros((l, k)), vec![0.0; l]);
    let add = |(sum, zx, g): &mut (Array2<f64>, Array2<f64>, Vec<f64>),
               rows: &mut Rows,
               units: &[usize]| {
        g.fill(0.0);
        zx.fill(0.0);
        for &unit in units {
            rows.fill(model, unit, &columns.kept, &columns.instrument);
            let e = residuals(rows, b);
            add_moments(g, rows, &e);
            add_cross(zx, rows, k);
        }
        let along: f64 = g.iter().zip(a).map(|(g, a)| g * a).sum();
        let seen = a.dot(&*zx);
        for i in 0..l {
            for j in 0..k {
                sum[[i, j]] += along * zx[[i, j]] + g[i] * seen[j];
            }
        }
    };
    clusters.sum(model, zero, add, |(total, ..), (part, ..)| *total += &part).0
}
