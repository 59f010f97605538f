//! The moments of a sample: what the estimators need of X, y and Z.

use ndarray::{Array1, Array2};

use crate::{
    diagnostics::Levels,
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

/// The moments, and the levels beside them, in one pass over the units.
pub(crate) fn moments(
    model: &Model,
    clusters: &Clusters,
    columns: &Columns,
    counts: &Counts,
    weighting: &Weighting,
) -> (Moments, Levels) {
    let (k, l) = (columns.kept.len(), columns.l);
    let means: Vec<f64> = counts.sums.iter().map(|sum| sum / counts.complete as f64).collect();
    let zero = || {
        let moments =
            Moments { zx: Array2::zeros((l, k)), zy: Array1::zeros(l), zhz: Array2::zeros((l, l)) };
        (moments, Levels::new(model.regressors.len()), vec![0.0; l])
    };
    let add =
        |(sum, levels, hz): &mut (Moments, Levels, Vec<f64>), rows: &mut Rows, units: &[usize]| {
            for &unit in units {
                rows.fill(model, unit, &columns.kept, &columns.instrument);
                levels.add(rows, &means);
                add_cross(&mut sum.zx, rows, k, 1.0);
                for r in 0..rows.len() {
                    for &(column, value) in rows.z(r) {
                        sum.zy[column] += value * rows.y[r];
                    }
                }
                add_weighted(&mut sum.zhz, hz, rows, weighting);
            }
        };
    let merge = |(total, all, _): &mut (Moments, Levels, Vec<f64>),
                 (part, levels, _): (Moments, Levels, Vec<f64>)| {
        total.zx += &part.zx;
        total.zy += &part.zy;
        total.zhz += &part.zhz;
        all.merge(&levels);
    };
    let (mut moments, mut levels, _) = clusters.sum(model, zero, add, merge);
    mirror(&mut moments.zhz);
    levels.mirror();
    (moments, levels)
}

/// `sum += Z'HZ` of one unit, lower triangle; `hz` is room for one row of HZ.
pub(crate) fn add_weighted(
    sum: &mut Array2<f64>,
    hz: &mut [f64],
    rows: &Rows,
    weighting: &Weighting,
) {
    let l = hz.len();
    let Some(sum) = sum.as_slice_mut() else { return };
    for a in 0..rows.len() {
        hz.fill(0.0);
        for b in 0..rows.len() {
            let h = weighting.between(rows.places[a], rows.places[b]);
            if h != 0.0 {
                rows.z(b).iter().for_each(|&(column, value)| hz[column] += h * value);
            }
        }
        for &(column, value) in rows.z(a) {
            let row = &mut sum[column * l..][..=column];
            row.iter_mut().zip(&*hz).for_each(|(sum, hz)| *sum += value * hz);
        }
    }
}

/// Sums of squared residuals of the transformed and of the level equation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Squares {
    pub transformed: f64,
    pub level: f64,
}

impl Squares {
    pub fn add(&mut self, rows: &Rows, e: &[f64]) {
        for (e, place) in e.iter().zip(&rows.places) {
            match place.side {
                Side::Transformed => self.transformed += e * e,
                Side::Level => self.level += e * e,
            }
        }
    }

    pub fn merge(&mut self, part: Self) {
        self.transformed += part.transformed;
        self.level += part.level;
    }
}

/// `Σ gg'` with `g = Z'e` of a cluster, `l × l`, and the squares of e.
pub(crate) fn scores(
    model: &Model,
    clusters: &Clusters,
    columns: &Columns,
    b: &Array1<f64>,
) -> (Array2<f64>, Squares) {
    let l = columns.l;
    let zero = || (Array2::zeros((l, l)), Squares::default(), vec![0.0; l]);
    let add = |(outer, squares, g): &mut (Array2<f64>, Squares, Vec<f64>),
               rows: &mut Rows,
               units: &[usize]| {
        g.fill(0.0);
        for &unit in units {
            rows.fill(model, unit, &columns.kept, &columns.instrument);
            let e = residuals(rows, b);
            add_moments(g, rows, &e);
            squares.add(rows, &e);
        }
        add_outer(outer, g);
    };
    let merge = |total: &mut (Array2<f64>, Squares, Vec<f64>),
                 part: (Array2<f64>, Squares, Vec<f64>)| {
        total.0 += &part.0;
        total.1.merge(part.1);
    };
    let (mut outer, squares, _) = clusters.sum(model, zero, add, merge);
    mirror(&mut outer);
    (outer, squares)
}
