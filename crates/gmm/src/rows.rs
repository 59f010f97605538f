//! The rows of one unit: transformed and level equation, with their instruments.

use crate::{
    Equation,
    model::{Kind, Model},
};

/// Which equation a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Transformed,
    Level,
}

/// A row's place: its equation and period on the grid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub side: Side,
    pub t: usize,
}

/// The rows of one unit and the room they are computed in; made once and filled for unit after unit.
#[derive(Debug)]
pub(crate) struct Rows {
    g: usize,
    /// All regressors in levels, `g × k₀`, and the response.
    pub x0: Vec<f64>,
    pub y0: Vec<f64>,
    iv0: Vec<f64>,
    base: Vec<f64>,
    /// Whether response and regressors are there in levels.
    pub observed: Vec<bool>,
    iv_level: Vec<bool>,
    iv_transformed: Vec<bool>,
    /// Places, values and instruments of the rows in use.
    pub places: Vec<Place>,
    pub y: Vec<f64>,
    /// `rows × k`, the regressors kept.
    pub x: Vec<f64>,
    /// Instruments of row `r`: `z[ends[r-1]..ends[r]]` as (column, value).
    pub z: Vec<(usize, f64)>,
    ends: Vec<usize>,
}

impl Rows {
    pub fn new(model: &Model) -> Self {
        let g = model.sample.calendar.positions();
        Self {
            g,
            x0: vec![0.0; g * model.regressors.len()],
            y0: vec![0.0; g],
            iv0: vec![0.0; g * model.iv.len()],
            base: vec![0.0; g * model.gmm.len()],
            observed: vec![false; g],
            iv_level: vec![false; g],
            iv_transformed: vec![false; g],
            places: Vec::new(),
            y: Vec::new(),
            x: Vec::new(),
            z: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Instruments of row `r`.
    pub fn z(&self, r: usize) -> &[(usize, f64)] {
        let start = if r == 0 { 0 } else { self.ends[r - 1] };
        &self.z[start..self.ends[r]]
    }

    /// Levels of a unit: what is observed when.
    pub fn levels(&mut self, model: &Model, unit: usize) {
        let sample = &model.sample;
        let (k0, m) = (model.regressors.len(), model.iv.len());
        self.y0.copy_from_slice(sample.of(model.y, unit));
        for t in 0..self.g {
            for (j, regressor) in model.regressors.iter().enumerate() {
                self.x0[t * k0 + j] = sample.at(&regressor.value, unit, t);
            }
            self.observed[t] = self.y0[t].is_finite()
                && self.x0[t * k0..(t + 1) * k0].iter().all(|value| value.is_finite());
            (self.iv_level[t], self.iv_transformed[t]) = (true, true);
            for (j, iv) in model.iv.iter().enumerate() {
                let value = sample.at(&iv.value, unit, t);
                self.iv0[t * m + j] = value;
                if !value.is_finite() {
                    self.iv_level[t] &= iv.equation == Equation::Diff;
                    self.iv_transformed[t] &= iv.equation == Equation::Level;
                }
            }
        }
    }

    /// All rows of a unit. `kept` are the regressors in use; `column` maps raw columns of instruments to those in
    /// use (`usize::MAX` where unused).
    pub fn fill(&mut self, model: &Model, unit: usize, kept: &[usize], column: &[usize]) {
        self.levels(model, unit);
        for (b, block) in model.gmm.iter().enumerate() {
            for t in 0..self.g {
                self.base[b * self.g + t] = model.sample.at(&block.value, unit, t);
            }
        }
        self.places.clear();
        self.y.clear();
        self.x.clear();
        self.z.clear();
        self.ends.clear();
        if model.orthogonal {
            self.orthogonal(model, kept, column);
        } else {
            self.differences(model, kept, column);
        }
        if model.system {
            for t in 0..self.g {
                if self.observed[t] && self.iv_level[t] {
                    self.level_row(model, t, kept, column);
                }
            }
        }
    }

    fn differences(&mut self, model: &Model, kept: &[usize], column: &[usize]) {
        let (k0, m) = (model.regressors.len(), model.iv.len());
        let usable = |rows: &Self, t: usize| rows.observed[t] && rows.iv_transformed[t];
        for t in 1..self.g {
            if !(usable(self, t) && usable(self, t - 1)) {
                continue;
            }
            self.y.push(self.y0[t] - self.y0[t - 1]);
            for &j in kept {
                let now = self.x0[t * k0 + j];
                let raw = model.raw_time && model.regressors[j].kind == Kind::Time;
                self.x.push(if raw { now } else { now - self.x0[(t - 1) * k0 + j] });
            }
            for (j, iv) in model.iv.iter().enumerate() {
                if iv.equation != Equation::Level {
                    let now = self.iv0[t * m + j];
                    let raw = model.raw_time && iv.group.is_none();
                    let value = if raw { now } else { now - self.iv0[(t - 1) * m + j] };
                    self.push(column[j], value);
                }
            }
            self.lags(model, t, column);
            self.close(Side::Transformed, t);
        }
    }

    /// Forward orthogonal deviations over the unit's complete periods, stored one period late.
    fn orthogonal(&mut self, model: &Model, kept: &[usize], column: &[usize]) {
        let (k0, m) = (model.regressors.len(), model.iv.len());
        let complete: Vec<usize> = (0..self.g)
            .filter(|&t| self.observed[t] && self.iv_level[t] && self.iv_transformed[t])
            .collect();
        for (at, &t) in complete.iter().enumerate() {
            let later = &complete[at + 1..];
            if later.is_empty() {
                break;
            }
            let ahead = later.len() as f64;
            let scale = (ahead / (ahead + 1.0)).sqrt();
            let deviation = |values: &[f64], width: usize, j: usize| {
                let mean = later.iter().map(|&s| values[s * width + j]).sum::<f64>() / ahead;
                scale * (values[t * width + j] - mean)
            };
            let y = deviation(&self.y0, 1, 0);
            self.y.push(y);
            for &j in kept {
                let value = deviation(&self.x0, k0, j);
                self.x.push(value);
            }
            for (j, iv) in model.iv.iter().enumerate() {
                if iv.equation != Equation::Level {
                    let value = deviation(&self.iv0, m, j);
                    self.push(column[j], value);
                }
            }
            self.lags(model, t + 1, column);
            self.close(Side::Transformed, t + 1);
        }
    }

    fn level_row(&mut self, model: &Model, t: usize, kept: &[usize], column: &[usize]) {
        let (k0, m) = (model.regressors.len(), model.iv.len());
        self.y.push(self.y0[t]);
        for &j in kept {
            self.x.push(self.x0[t * k0 + j]);
        }
        for (j, iv) in model.iv.iter().enumerate() {
            if iv.equation != Equation::Diff {
                self.push(column[j], self.iv0[t * m + j]);
            }
        }
        for (b, block) in model.gmm.iter().enumerate() {
            let base = b * self.g;
            let difference = |rows: &Self, lag: usize| {
                if lag >= t {
                    f64::NAN
                } else {
                    rows.base[base + t - lag] - rows.base[base + t - lag - 1]
                }
            };
            match block.equation {
                Equation::Diff => {}
                Equation::Both => {
                    let value = difference(self, block.from.saturating_sub(1));
                    let at = if model.collapse { 0 } else { t };
                    self.push(column[block.level + at], value);
                }
                Equation::Level => {
                    let lags = (block.to + 1).saturating_sub(block.from);
                    for lag in 0..lags {
                        let value = difference(self, block.from + lag);
                        let at = if model.collapse { 0 } else { t * lags };
                        self.push(column[block.level + at + lag], value);
                    }
                }
            }
        }
        self.close(Side::Level, t);
    }

    /// GMM-style instruments of the transformed equation in period `t`.
    fn lags(&mut self, model: &Model, t: usize, column: &[usize]) {
        for (b, block) in model.gmm.iter().enumerate() {
            if block.equation == Equation::Level {
                continue;
            }
            let lags = (block.to + 1).saturating_sub(block.from);
            let at = block.transformed + if model.collapse { 0 } else { t * lags };
            for lag in block.from..=block.to.min(t) {
                let value = self.base[b * self.g + t - lag];
                self.push(column[at + lag - block.from], value);
            }
        }
    }

    /// What is missing instruments nothing.
    fn push(&mut self, column: usize, value: f64) {
        if column != usize::MAX && value.is_finite() && value != 0.0 {
            self.z.push((column, value));
        }
    }

    fn close(&mut self, side: Side, t: usize) {
        self.places.push(Place { side, t });
        self.ends.push(self.z.len());
    }
}
