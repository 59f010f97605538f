//! Missing values of a panel.

use ndarray::Array2;

use super::{Panel, times};
use crate::{Error, Missing, Named, Warning};

impl Panel {
    /// Applies the policy for missing values to the variables `names` and reports what was done.
    ///
    /// `Drop` leaves out every unit that misses one of them in any period; `Interpolate` fills linearly in
    /// time between the unit's observed values (in the position of the period where labels tell no time).
    ///
    /// # Errors
    /// [`Error::MissingValues`] under `Error`; [`Error::MissingAtEnds`] where interpolation has no observed
    /// value on both sides.
    pub fn treat_missing(
        &mut self,
        names: &[String],
        policy: Missing,
    ) -> Result<Vec<Warning>, Error> {
        let mut warnings = Vec::new();
        let times = self.times();
        for name in names {
            let cells = self.missing_cells(name)?;
            if cells.count == 0 {
                continue;
            }
            let field = name.clone();
            match policy {
                Missing::Error => return Err(Error::MissingValues { field, cells }),
                Missing::Drop => {
                    let values = self.get(name)?;
                    let incomplete: Vec<bool> = values
                        .columns()
                        .into_iter()
                        .map(|c| c.iter().any(|v| v.is_nan()))
                        .collect();
                    let (left, kept): (Vec<usize>, Vec<usize>) =
                        (0..self.n_units()).partition(|&unit| incomplete[unit]);
                    let units = left.iter().map(|&unit| self.ids[unit].clone()).collect();
                    warnings.push(Warning::MissingDropped { field, units });
                    self.keep_units(&kept);
                }
                Missing::Interpolate => {
                    let at = self.names.iter().position(|known| known == name);
                    if let Some(values) = at.map(|at| &mut self.values[at]) {
                        let columns = values.columns_mut().into_iter();
                        columns.for_each(|series| interpolate(series, &times));
                    }
                    let left = self.missing_cells(name)?;
                    if left.count > 0 {
                        return Err(Error::MissingAtEnds { field, cells: left });
                    }
                    warnings.push(Warning::MissingInterpolated { field, cells });
                }
            }
        }
        Ok(warnings)
    }

    /// Applies the policy for missing values to an unbalanced panel, in which only the cells `present`
    /// (`t × n`) have a row: a cell without a row is a gap, not a missing value, and stays one.
    ///
    /// `Drop` leaves out the observation, not the unit; `Interpolate` fills present cells alone.
    ///
    /// # Errors
    /// As [`Panel::treat_missing`].
    pub fn treat_missing_observations(
        &mut self,
        names: &[String],
        policy: Missing,
        present: &Array2<bool>,
    ) -> Result<Vec<Warning>, Error> {
        let mut warnings = Vec::new();
        let times = self.times();
        for name in names {
            let cells = self.missing_among(name, Some(present))?;
            if cells.count == 0 {
                continue;
            }
            let field = name.clone();
            match policy {
                Missing::Error => return Err(Error::MissingValues { field, cells }),
                Missing::Drop => {
                    warnings.push(Warning::MissingDropped { field, units: cells });
                }
                Missing::Interpolate => {
                    let mut filled = self.get(name)?.clone();
                    filled.columns_mut().into_iter().for_each(|series| interpolate(series, &times));
                    filled.zip_mut_with(present, |value, present| {
                        if !present {
                            *value = f64::NAN;
                        }
                    });
                    self.insert(name, filled);
                    let left = self.missing_among(name, Some(present))?;
                    if left.count > 0 {
                        return Err(Error::MissingAtEnds { field, cells: left });
                    }
                    warnings.push(Warning::MissingInterpolated { field, cells });
                }
            }
        }
        Ok(warnings)
    }

    /// Fills the gaps of `values`, `t × n`, linearly in time (in position where period labels tell no time), never
    /// beyond the first and last value of a unit.
    pub fn interpolate(&self, values: &mut Array2<f64>) {
        let times = self.times();
        values.columns_mut().into_iter().for_each(|series| interpolate(series, &times));
    }

    /// When the periods are, or their positions where the labels do not say.
    fn times(&self) -> Vec<f64> {
        let in_order = || (0..self.n_periods()).map(|period| period as f64).collect();
        times(&self.periods).map_or_else(in_order, |times| times.at)
    }

    fn missing_cells(&self, name: &str) -> Result<Named, Error> {
        self.missing_among(name, None)
    }

    fn missing_among(&self, name: &str, present: Option<&Array2<bool>>) -> Result<Named, Error> {
        let values = self.get(name)?;
        let missing = values
            .indexed_iter()
            .filter(|(cell, v)| v.is_nan() && present.is_none_or(|present| present[*cell]));
        Ok(missing.map(|((period, unit), _)| self.cell(period, unit)).collect())
    }
}

fn interpolate(mut series: ndarray::ArrayViewMut1<f64>, times: &[f64]) {
    let mut last: Option<usize> = None;
    for now in 0..series.len() {
        if series[now].is_nan() {
            continue;
        }
        if let Some(before) = last {
            let slope = (series[now] - series[before]) / (times[now] - times[before]);
            for between in before + 1..now {
                series[between] = series[before] + slope * (times[between] - times[before]);
            }
        }
        last = Some(now);
    }
}
