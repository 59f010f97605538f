//! The last pass over the units, when the coefficients are known.

use ndarray::{Array1, Array2};

use crate::{
    H,
    model::Model,
    moments::{Columns, Squares},
    passes::{Clusters, add_cross, add_moments, residuals},
    rows::Rows,
    serial::{Differenced, Homoskedastic, Sums},
};

/// What the pass is for.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// The coefficients reported.
    pub b: &'a Array1<f64>,
    /// For Windmeijer's correction: coefficients of the step before, and `a = A·Z'e` of the last.
    pub correction: Option<(&'a Array1<f64>, &'a Array1<f64>)>,
    /// Highest order of serial correlation.
    pub orders: usize,
    /// One-step classical errors: the H that they assume.
    pub homoskedastic: Option<H>,
}

/// What it brings.
#[derive(Debug)]
pub(crate) struct Last {
    /// Of the residuals at `b`.
    pub squares: Squares,
    /// `Σ (g·a)·Z'X + g·(a'Z'X)` over clusters with `g = Z'e` of the step before, `l × k`: how the weighting matrix
    /// `Σ gg'` moves with the coefficients, seen from the moments `a` (Windmeijer 2005, equation 3.2).
    pub derivative: Array2<f64>,
    /// For each order from the first.
    pub serial: Vec<Sums>,
}

struct Part {
    last: Last,
    scores: Vec<f64>,
    before: Vec<f64>,
    /// `a'Z'X` of the cluster in hand.
    seen: Vec<f64>,
}

impl Last {
    pub fn new(model: &Model, clusters: &Clusters, columns: &Columns, wanted: &Wanted) -> Self {
        let (k, l) = (columns.kept.len(), columns.l);
        let assumed = wanted
            .homoskedastic
            .map(|h| Homoskedastic::new(h, model.sample.calendar.positions(), model.orthogonal));
        let zero = || Part {
            last: Self {
                squares: Squares::default(),
                derivative: Array2::zeros((l, k)),
                serial: (1..=wanted.orders).map(|order| Sums::new(order, k, l)).collect(),
            },
            scores: vec![0.0; l],
            before: vec![0.0; l],
            seen: vec![0.0; k],
        };
        let add = |part: &mut Part, rows: &mut Rows, units: &[usize]| {
            part.scores.fill(0.0);
            part.before.fill(0.0);
            part.seen.fill(0.0);
            for &unit in units {
                rows.fill(model, unit, &columns.kept, &columns.instrument);
                let e = residuals(rows, wanted.b);
                part.last.squares.add(rows, &e);
                add_moments(&mut part.scores, rows, &e);
                let differenced = Differenced::new(model, rows, columns, wanted.b, &e);
                for sums in &mut part.last.serial {
                    sums.add(rows, &differenced, assumed.as_ref());
                }
                if let Some((before, a)) = wanted.correction {
                    add_moments(&mut part.before, rows, &residuals(rows, before));
                    add_seen(&mut part.seen, rows, a);
                }
            }
            let robust = assumed.is_none().then_some(part.scores.as_slice());
            part.last.serial.iter_mut().for_each(|sums| sums.close(robust));
            let Some((_, a)) = wanted.correction else { return };
            let along: f64 = part.before.iter().zip(a).map(|(g, a)| g * a).sum();
            for &unit in units {
                // The rows in hand are those of a cluster's only unit.
                if units.len() > 1 {
                    rows.fill(model, unit, &columns.kept, &columns.instrument);
                }
                add_cross(&mut part.last.derivative, rows, k, along);
            }
            for (mut row, g) in part.last.derivative.rows_mut().into_iter().zip(&part.before) {
                row.iter_mut().zip(&part.seen).for_each(|(sum, seen)| *sum += g * seen);
            }
        };
        let merge = |total: &mut Part, part: Part| {
            total.last.squares.merge(part.last.squares);
            total.last.derivative += &part.last.derivative;
            for (total, part) in total.last.serial.iter_mut().zip(&part.last.serial) {
                total.merge(part);
            }
        };
        clusters.sum(model, zero, add, merge).last
    }
}

/// `sum += a'Z'X`, length k.
fn add_seen(sum: &mut [f64], rows: &Rows, a: &Array1<f64>) {
    let k = sum.len();
    for r in 0..rows.len() {
        let weight: f64 = rows.z(r).iter().map(|&(column, value)| value * a[column]).sum();
        let x = &rows.x[r * k..(r + 1) * k];
        sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += weight * x);
    }
}
