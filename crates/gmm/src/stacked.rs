//! Complete rows of the equation in levels.

use durbin_core::Panel;
use ndarray::{Array1, Array2};

use crate::{Error, GmmSpec, model::Model, rows::Rows};

/// Complete rows, unit after unit.
pub(crate) struct Stacked {
    pub x: Array2<f64>,
    pub y: Array1<f64>,
    /// Unit, and period on the grid, of each row.
    pub at: Vec<(usize, usize)>,
    /// Where each unit's rows begin; the end last.
    pub bounds: Vec<usize>,
}

impl GmmSpec {
    /// The equation in levels, whatever its instruments.
    pub(crate) fn stacked<'a>(&self, panel: &'a Panel) -> Result<(Model<'a>, Stacked), Error> {
        let mut plain = self.clone();
        (plain.gmm_style, plain.iv_style) = (Vec::new(), Vec::new());
        plain.estimator = crate::Estimator::System;
        let mut model = Model::new(&plain, panel)?;
        let observed = crate::estimate::observed(&model);
        model.finish(&plain, &observed);
        let stacked = Stacked::new(&model);
        if stacked.y.is_empty() {
            return Err(Error::NoObservations {
                needed: self.lags + 1,
                spacing: format!(" ({})", model.sample.calendar.rule),
                units: panel.n_units(),
                periods: panel.n_periods(),
            });
        }
        Ok((model, stacked))
    }
}

impl Stacked {
    pub fn new(model: &Model) -> Self {
        let k = model.regressors.len();
        let mut rows = Rows::new(model);
        let (mut x, mut y, mut at, mut bounds) = (Vec::new(), Vec::new(), Vec::new(), vec![0]);
        for unit in 0..model.sample.n {
            rows.levels(model, unit);
            for t in (0..rows.observed.len()).filter(|&t| rows.observed[t]) {
                x.extend_from_slice(rows.level(t));
                y.push(rows.y0[t]);
                at.push((unit, t));
            }
            if bounds.last() != Some(&y.len()) {
                bounds.push(y.len());
            }
        }
        let x = Array2::from_shape_vec((y.len(), k), x).unwrap_or_else(|_| Array2::zeros((0, k)));
        Self { x, y: Array1::from(y), at, bounds }
    }

    pub fn units(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Rows less `share` of their unit's mean; the mean alone with `means`.
    pub fn shifted(
        &self,
        columns: &[usize],
        share: &dyn Fn(usize) -> f64,
    ) -> (Array2<f64>, Array1<f64>) {
        let mut x = self.x.select(ndarray::Axis(1), columns);
        let mut y = self.y.clone();
        for unit in self.bounds.windows(2) {
            let (from, to) = (unit[0], unit[1]);
            let size = (to - from) as f64;
            let share = share(to - from);
            for mut column in x.columns_mut().into_iter().chain([y.view_mut()]) {
                let mean = column.iter().skip(from).take(to - from).sum::<f64>() / size;
                column
                    .iter_mut()
                    .skip(from)
                    .take(to - from)
                    .for_each(|value| *value -= share * mean);
            }
        }
        (x, y)
    }

    pub fn means(&self, columns: &[usize]) -> (Array2<f64>, Array1<f64>) {
        let whole = self.x.select(ndarray::Axis(1), columns);
        let mut x = Array2::zeros((self.units(), columns.len()));
        let mut y = Array1::zeros(self.units());
        for (unit, ends) in self.bounds.windows(2).enumerate() {
            let size = (ends[1] - ends[0]) as f64;
            for row in ends[0]..ends[1] {
                x.row_mut(unit).scaled_add(1.0 / size, &whole.row(row));
                y[unit] += self.y[row] / size;
            }
        }
        (x, y)
    }

    /// Values of rows as a series of `g` periods a unit, `NaN` where there is no row.
    pub fn series(&self, values: &Array1<f64>, g: usize) -> Vec<Vec<f64>> {
        let mut series = vec![vec![f64::NAN; g]; self.units()];
        for (unit, ends) in self.bounds.windows(2).enumerate() {
            for row in ends[0]..ends[1] {
                series[unit][self.at[row].1] = values[row];
            }
        }
        series
    }
}
