//! The rows of one unit: transformed and level equation, with their instruments.

use crate::{
    Equation,
    model::{Kind, Model},
    sample::Value,
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

/// An instrument in IV style: its raw column, and where its values stand.
#[derive(Debug, Clone, Copy)]
struct Iv {
    raw: usize,
    at: usize,
    /// Whether it stays untransformed in the transformed equation.
    untransformed: bool,
}

/// The rows of one unit and the room they are computed in; made once and filled for unit after unit.
#[derive(Debug)]
pub(crate) struct Rows {
    g: usize,
    k0: usize,
    /// Columns in levels: the regressors, then IV-style instruments that are none of them.
    columns: Vec<Value>,
    /// Their values, `g × columns`, and the response.
    values: Vec<f64>,
    pub y0: Vec<f64>,
    base: Vec<f64>,
    /// IV-style instruments of either equation.
    transformed_iv: Vec<Iv>,
    level_iv: Vec<Iv>,
    /// Whether response and regressors are there in levels.
    pub observed: Vec<bool>,
    iv_level: Vec<bool>,
    iv_transformed: Vec<bool>,
    /// One transformed row of `values`.
    row: Vec<f64>,
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
        let mut columns: Vec<Value> = model.regressors.iter().map(|r| r.value.clone()).collect();
        let (mut transformed_iv, mut level_iv) = (Vec::new(), Vec::new());
        for (raw, iv) in model.iv.iter().enumerate() {
            // Most regressors are their own instruments and need not be computed twice.
            let known = columns.iter().position(|column| *column == iv.value);
            let at = known.unwrap_or_else(|| {
                columns.push(iv.value.clone());
                columns.len() - 1
            });
            let untransformed = model.raw_time && iv.group.is_none();
            let iv_column = Iv { raw, at, untransformed };
            if iv.equation != Equation::Level {
                transformed_iv.push(iv_column);
            }
            if iv.equation != Equation::Diff {
                level_iv.push(iv_column);
            }
        }
        let width = columns.len();
        // What does not depend on the unit is written here, once.
        let mut values = vec![1.0; g * width];
        for (j, column) in columns.iter().enumerate() {
            if let Value::Period(period) = column {
                for t in 0..g {
                    values[t * width + j] = f64::from(u8::from(t == *period));
                }
            }
        }
        Self {
            g,
            k0: model.regressors.len(),
            values,
            y0: vec![0.0; g],
            base: vec![0.0; g * model.gmm.len()],
            transformed_iv,
            level_iv,
            observed: vec![false; g],
            iv_level: vec![true; g],
            iv_transformed: vec![true; g],
            row: vec![0.0; width],
            columns,
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

    /// All regressors in levels in period `t`.
    pub fn level(&self, t: usize) -> &[f64] {
        &self.values[t * self.columns.len()..][..self.k0]
    }

    /// Levels of a unit: what is observed when.
    pub fn levels(&mut self, model: &Model, unit: usize) {
        let width = self.columns.len();
        self.y0.copy_from_slice(model.sample.of(model.y, unit));
        for (j, column) in self.columns.iter().enumerate() {
            if let Value::Product(factors) = column {
                model.sample.write(factors, unit, &mut self.values[j..], width);
            }
        }
        for t in 0..self.g {
            let there = self.level(t).iter().all(|value| value.is_finite());
            self.observed[t] = there && self.y0[t].is_finite();
        }
        // Instruments that are regressors are there where the regressors are.
        let more = |iv: &&Iv| iv.at >= self.k0;
        for (iv, there) in
            [(&self.level_iv, &mut self.iv_level), (&self.transformed_iv, &mut self.iv_transformed)]
        {
            there.fill(true);
            for iv in iv.iter().filter(more) {
                for (t, there) in there.iter_mut().enumerate() {
                    *there &= self.values[t * width + iv.at].is_finite();
                }
            }
        }
    }

    /// All rows of a unit. `kept` are the regressors in use; `column` maps raw columns of instruments to those in
    /// use (`usize::MAX` where unused).
    pub fn fill(&mut self, model: &Model, unit: usize, kept: &[usize], column: &[usize]) {
        self.levels(model, unit);
        for (block, base) in model.gmm.iter().zip(self.base.chunks_exact_mut(self.g)) {
            if let Value::Product(factors) = &block.value {
                model.sample.write(factors, unit, base, 1);
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
        let width = self.columns.len();
        let usable = |rows: &Self, t: usize| rows.observed[t] && rows.iv_transformed[t];
        for t in 1..self.g {
            if !(usable(self, t) && usable(self, t - 1)) {
                continue;
            }
            let (before, now) = self.values[(t - 1) * width..(t + 1) * width].split_at(width);
            let both = now.iter().zip(before);
            self.row.iter_mut().zip(both).for_each(|(row, (now, before))| *row = now - before);
            self.y.push(self.y0[t] - self.y0[t - 1]);
            self.transformed_row(model, t, t, kept, column);
        }
    }

    /// Forward orthogonal deviations over the unit's complete periods, stored one period late.
    fn orthogonal(&mut self, model: &Model, kept: &[usize], column: &[usize]) {
        let width = self.columns.len();
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
            self.row.fill(0.0);
            for &s in later {
                let values = &self.values[s * width..(s + 1) * width];
                self.row.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
            let now = &self.values[t * width..(t + 1) * width];
            for (row, now) in self.row.iter_mut().zip(now) {
                *row = scale * (now - *row / ahead);
            }
            let mean = later.iter().map(|&s| self.y0[s]).sum::<f64>() / ahead;
            self.y.push(scale * (self.y0[t] - mean));
            self.transformed_row(model, t, t + 1, kept, column);
        }
    }

    /// A row from `self.row`, which is that of the levels at `t`, kept at `place`.
    fn transformed_row(
        &mut self,
        model: &Model,
        t: usize,
        place: usize,
        kept: &[usize],
        column: &[usize],
    ) {
        let width = self.columns.len();
        // DPD's time effects stay as they are under first differences.
        let plain = model.raw_time && !model.orthogonal;
        for &j in kept {
            let raw = plain && model.regressors[j].kind == Kind::Time;
            self.x.push(if raw { self.values[t * width + j] } else { self.row[j] });
        }
        for at in 0..self.transformed_iv.len() {
            let iv = self.transformed_iv[at];
            let raw = plain && iv.untransformed;
            let value = if raw { self.values[t * width + iv.at] } else { self.row[iv.at] };
            self.push(column[iv.raw], value);
        }
        self.lags(model, place, column);
        self.close(Side::Transformed, place);
    }

    fn level_row(&mut self, model: &Model, t: usize, kept: &[usize], column: &[usize]) {
        let width = self.columns.len();
        self.y.push(self.y0[t]);
        for &j in kept {
            self.x.push(self.values[t * width + j]);
        }
        for at in 0..self.level_iv.len() {
            let iv = self.level_iv[at];
            self.push(column[iv.raw], self.values[t * width + iv.at]);
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
