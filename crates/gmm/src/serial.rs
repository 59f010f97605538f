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
    rows::{Rows, Side},
    weighting::{deviating, differencing},
};

/// What the estimator hands over.
#[derive(Debug)]
pub(crate) struct Fitted<'a> {
    /// Covariance of the coefficients as reported.
    pub reported: &'a Array2<f64>,
    /// `(X'Z·A·Z'X)⁻¹X'Z·A`, `k × l`.
    pub projection: &'a Array2<f64>,
    /// One-step classical: the variance of the errors.
    pub sigma2: Option<f64>,
}

/// What one order's test needs of all units.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    order: usize,
    /// `Σ w'w₋ₘ` and the sum of its squares over clusters, or of `w₋ₘ'·cov(w)·w₋ₘ` over σ².
    product: f64,
    squares: f64,
    /// `Σ Z'e·(w'w₋ₘ)`, or `Σ Z'·cov(e, w)·w₋ₘ` over σ².
    moments: Vec<f64>,
    /// `Σ X*'w₋ₘ`.
    slope: Vec<f64>,
    pairs: usize,
    /// `w'w₋ₘ` of the cluster in hand.
    own: f64,
}

impl Sums {
    /// No units yet; `k` coefficients, `l` instruments.
    pub fn new(order: usize, k: usize, l: usize) -> Self {
        Self {
            order,
            product: 0.0,
            squares: 0.0,
            moments: vec![0.0; l],
            slope: vec![0.0; k],
            pairs: 0,
            own: 0.0,
        }
    }

    /// A unit of the cluster in hand.
    pub fn add(&mut self, rows: &Rows, unit: &Differenced, assumed: Option<&Homoskedastic>) {
        let (g, k) = (unit.w.len(), self.slope.len());
        let lagged = |t: usize| if t >= self.order { unit.w[t - self.order] } else { 0.0 };
        for t in (self.order..g).filter(|&t| unit.there[t]) {
            self.own += unit.w[t] * lagged(t);
            self.pairs += usize::from(unit.there[t - self.order]);
            let x = &unit.x[t * k..(t + 1) * k];
            self.slope.iter_mut().zip(x).for_each(|(slope, x)| *slope += x * lagged(t));
        }
        if let Some(assumed) = assumed {
            self.squares += assumed.add(&mut self.moments, rows, lagged);
        }
    }

    /// The cluster is complete; its `Z'e` where errors are robust.
    pub fn close(&mut self, scores: Option<&[f64]>) {
        self.product += self.own;
        if let Some(scores) = scores {
            self.squares += self.own * self.own;
            self.moments.iter_mut().zip(scores).for_each(|(sum, g)| *sum += g * self.own);
        }
        self.own = 0.0;
    }

    pub fn merge(&mut self, part: &Self) {
        self.product += part.product;
        self.squares += part.squares;
        self.pairs += part.pairs;
        self.moments.iter_mut().zip(&part.moments).for_each(|(total, part)| *total += part);
        self.slope.iter_mut().zip(&part.slope).for_each(|(total, part)| *total += part);
    }

    pub fn test(&self, fitted: &Fitted) -> TestStat {
        let order = self.order;
        let name = format!("AR({order})");
        let null =
            format!("no serial correlation of order {order} in the first-differenced errors");
        if self.pairs == 0 {
            let reason = format!("no unit has residuals {order} periods apart");
            return TestStat::invalid(name, null, Distribution::Normal, reason);
        }
        let scale = fitted.sigma2.unwrap_or(1.0);
        let slope = Array1::from(self.slope.clone());
        let moments = scale * Array1::from(self.moments.clone());
        let variance = scale * self.squares - 2.0 * slope.dot(&fitted.projection.dot(&moments))
            + slope.dot(&fitted.reported.dot(&slope));
        if variance.is_nan() || variance <= 0.0 {
            let reason = "the variance of the statistic is not positive";
            return TestStat::invalid(name, null, Distribution::Normal, reason);
        }
        TestStat::new(name, null, self.product / variance.sqrt(), Distribution::Normal)
    }
}

/// Differenced residuals and regressors of one unit on the grid; zero where there are none.
pub(crate) struct Differenced {
    w: Vec<f64>,
    x: Vec<f64>,
    there: Vec<bool>,
}

impl Differenced {
    pub fn new(model: &Model, rows: &Rows, columns: &Columns, b: &Array1<f64>, e: &[f64]) -> Self {
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

/// What H assumes of differenced errors, and of them with the errors of the transformed equation, over σ².
pub(crate) struct Homoskedastic {
    differenced: Array2<f64>,
    /// Transformed (rows) with differenced (columns).
    cross: Array2<f64>,
}

impl Homoskedastic {
    pub fn new(h: H, g: usize, orthogonal: bool) -> Self {
        if h == H::Identity {
            return Self { differenced: Array2::eye(g), cross: Array2::eye(g) };
        }
        // With DPD's H the scale is that of the differenced errors, twice the levels'.
        let scale = if h == H::Dpd && !orthogonal { 0.5 } else { 1.0 };
        let d = differencing(g);
        let m = if orthogonal { deviating(g) } else { d.clone() };
        Self { differenced: scale * d.dot(&d.t()), cross: scale * m.dot(&d.t()) }
    }

    /// Adds to the moments; what a unit adds to the squares.
    fn add(&self, moments: &mut [f64], rows: &Rows, lagged: impl Fn(usize) -> f64) -> f64 {
        let transformed: Vec<(usize, usize)> = rows
            .places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.side == Side::Transformed)
            .map(|(r, place)| (r, place.t))
            .collect();
        let mut squares = 0.0;
        for &(r, t) in &transformed {
            let mut seen = 0.0;
            for &(_, s) in &transformed {
                squares += lagged(t) * self.differenced[[t, s]] * lagged(s);
                seen += self.cross[[t, s]] * lagged(s);
            }
            for &(column, value) in rows.z(r) {
                moments[column] += value * seen;
            }
        }
        squares
    }
}
