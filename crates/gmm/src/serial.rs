//! Arellano and Bond's test for serial correlation of the first-differenced errors.
//!
//! Arellano & Bond (1991), *Review of Economic Studies* 58, 277–297, equations 8 and 9; with one-step classical
//! errors the covariance is the one H assumes, as in Roodman (2009), *Stata Journal* 9, 86–136, section 3.5.

use durbin_core::{Distribution, TestStat};
use ndarray::{Array1, Array2};

use crate::{
    H,
    model::Model,
    moments::Columns,
    passes::{Clusters, add_moments, residuals},
    rows::{Rows, Side},
    weighting::{deviating, differencing},
};

/// What the estimator hands over.
#[derive(Debug)]
pub(crate) struct Fitted<'a> {
    pub b: &'a Array1<f64>,
    /// Covariance of the coefficients as reported.
    pub reported: &'a Array2<f64>,
    /// `(X'Z·A·Z'X)⁻¹X'Z·A`, `k × l`.
    pub projection: Array2<f64>,
    /// One-step classical: H and the variance of the errors.
    pub homoskedastic: Option<(H, f64)>,
}

struct Sums {
    /// `Σ w'w₋ₘ` and the sum of its squares over clusters.
    product: f64,
    squares: f64,
    /// `Σ Z'e·(w'w₋ₘ)`, or `Σ Z'·cov(e, w)·w₋ₘ`.
    moments: Vec<f64>,
    /// `Σ X*'w₋ₘ`.
    slope: Vec<f64>,
    pairs: usize,
}

pub(crate) fn test(
    model: &Model,
    clusters: &Clusters,
    columns: &Columns,
    fitted: &Fitted,
    order: usize,
) -> TestStat {
    let g = model.sample.calendar.positions();
    let (k, l) = (columns.kept.len(), columns.l);
    let homoskedastic =
        fitted.homoskedastic.map(|(h, sigma2)| Homoskedastic::new(h, g, model.orthogonal, sigma2));
    let zero = || Sums {
        product: 0.0,
        squares: 0.0,
        moments: vec![0.0; l],
        slope: vec![0.0; k],
        pairs: 0,
    };
    let add = |sum: &mut Sums, rows: &mut Rows, units: &[usize]| {
        let mut product = 0.0;
        let mut scores = vec![0.0; l];
        for &unit in units {
            rows.fill(model, unit, &columns.kept, &columns.instrument);
            let e = residuals(rows, fitted.b);
            let differenced = Differenced::new(model, rows, columns, fitted.b, &e);
            let lagged = |t: usize| if t >= order { differenced.w[t - order] } else { 0.0 };
            for t in (order..g).filter(|&t| differenced.there[t]) {
                product += differenced.w[t] * lagged(t);
                sum.pairs += usize::from(differenced.there[t - order]);
                let x = &differenced.x[t * k..(t + 1) * k];
                sum.slope.iter_mut().zip(x).for_each(|(slope, x)| *slope += x * lagged(t));
            }
            match &homoskedastic {
                Some(assumed) => assumed.add(sum, rows, lagged),
                None => add_moments(&mut scores, rows, &e),
            }
        }
        sum.product += product;
        if homoskedastic.is_none() {
            sum.squares += product * product;
            sum.moments.iter_mut().zip(&scores).for_each(|(sum, g)| *sum += g * product);
        }
    };
    let sums = clusters.sum(model, zero, add, |total, part| {
        total.product += part.product;
        total.squares += part.squares;
        total.pairs += part.pairs;
        total.moments.iter_mut().zip(part.moments).for_each(|(total, part)| *total += part);
        total.slope.iter_mut().zip(part.slope).for_each(|(total, part)| *total += part);
    });
    let name = format!("AR({order})");
    let null = format!("no serial correlation of order {order} in the first-differenced errors");
    if sums.pairs == 0 {
        let reason = format!("no unit has residuals {order} periods apart");
        return TestStat::invalid(name, null, Distribution::Normal, reason);
    }
    let slope = Array1::from(sums.slope);
    let moments = Array1::from(sums.moments);
    let variance = sums.squares - 2.0 * slope.dot(&fitted.projection.dot(&moments))
        + slope.dot(&fitted.reported.dot(&slope));
    if variance.is_nan() || variance <= 0.0 {
        let reason = "the variance of the statistic is not positive";
        return TestStat::invalid(name, null, Distribution::Normal, reason);
    }
    TestStat::new(name, null, sums.product / variance.sqrt(), Distribution::Normal)
}

/// Differenced residuals and regressors of one unit on the grid; zero where there are none.
struct Differenced {
    w: Vec<f64>,
    x: Vec<f64>,
    there: Vec<bool>,
}

impl Differenced {
    fn new(model: &Model, rows: &Rows, columns: &Columns, b: &Array1<f64>, e: &[f64]) -> Self {
        let g = rows.observed.len();
        let k = b.len();
        let mut own = Self { w: vec![0.0; g], x: vec![0.0; g * k], there: vec![false; g] };
        if !model.orthogonal {
            for (r, place) in
                rows.places.iter().enumerate().filter(|(_, p)| p.side == Side::Transformed)
            {
                own.w[place.t] = e[r];
                own.there[place.t] = true;
                own.x[place.t * k..(place.t + 1) * k].copy_from_slice(&rows.x[r * k..(r + 1) * k]);
            }
            return own;
        }
        for t in (1..g).filter(|&t| rows.observed[t] && rows.observed[t - 1]) {
            own.there[t] = true;
            own.w[t] = rows.y0[t] - rows.y0[t - 1];
            for (at, &j) in columns.kept.iter().enumerate() {
                let x = rows.level(t)[j] - rows.level(t - 1)[j];
                own.x[t * k + at] = x;
                own.w[t] -= x * b[at];
            }
        }
        own
    }
}

/// What H assumes of differenced errors, and of them with the errors of the transformed equation.
struct Homoskedastic {
    differenced: Array2<f64>,
    /// Transformed (rows) with differenced (columns).
    cross: Array2<f64>,
}

impl Homoskedastic {
    fn new(h: H, g: usize, orthogonal: bool, sigma2: f64) -> Self {
        if h == H::Identity {
            return Self { differenced: sigma2 * Array2::eye(g), cross: sigma2 * Array2::eye(g) };
        }
        // With DPD's H the scale is that of the differenced errors, twice the levels'.
        let sigma2 = if h == H::Dpd && !orthogonal { 0.5 * sigma2 } else { sigma2 };
        let d = differencing(g);
        let m = if orthogonal { deviating(g) } else { d.clone() };
        Self { differenced: sigma2 * d.dot(&d.t()), cross: sigma2 * m.dot(&d.t()) }
    }

    fn add(&self, sum: &mut Sums, rows: &Rows, lagged: impl Fn(usize) -> f64) {
        let transformed: Vec<(usize, usize)> = rows
            .places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.side == Side::Transformed)
            .map(|(r, place)| (r, place.t))
            .collect();
        for &(r, t) in &transformed {
            let mut seen = 0.0;
            for &(_, s) in &transformed {
                sum.squares += lagged(t) * self.differenced[[t, s]] * lagged(s);
                seen += self.cross[[t, s]] * lagged(s);
            }
            for &(column, value) in rows.z(r) {
                sum.moments[column] += value * seen;
            }
        }
    }
}
