//! The variables of a panel, unit by unit on the grid of its calendar.

use durbin_core::Panel;

use crate::{Calendar, Error, Term};

/// Variables with the periods of a unit contiguous, `NaN` where there is no observation.
#[derive(Debug)]
pub(crate) struct Sample<'a> {
    panel: &'a Panel,
    pub calendar: Calendar,
    pub n: usize,
    names: Vec<String>,
    /// Grand mean taken off each.
    pub means: Vec<f64>,
    /// `n × g` each.
    series: Vec<Vec<f64>>,
}

/// What a column is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A product of series, each lagged.
    Product(Vec<(usize, usize)>),
    /// One in this period of the grid, zero in others.
    Period(usize),
    /// One.
    Constant,
}

impl<'a> Sample<'a> {
    pub fn new(panel: &'a Panel) -> Result<Self, Error> {
        Ok(Self {
            panel,
            calendar: Calendar::new(panel)?,
            n: panel.n_units(),
            names: Vec::new(),
            means: Vec::new(),
            series: Vec::new(),
        })
    }

    /// The key of a unit.
    pub fn unit(&self, unit: usize) -> &str {
        &self.panel.ids[unit]
    }

    /// Position of the variable `name`, read and centred on first use.
    pub fn series(&mut self, name: &str, center: bool) -> Result<usize, Error> {
        if let Some(at) = self.names.iter().position(|known| known == name) {
            return Ok(at);
        }
        let values = self.panel.get(name)?;
        let g = self.calendar.positions();
        let mut series = vec![f64::NAN; self.n * g];
        let (mut sum, mut count) = (0.0, 0_usize);
        for (period, row) in values.outer_iter().enumerate() {
            let at = self.calendar.position[period];
            for (unit, &value) in row.iter().enumerate() {
                if value.is_finite() {
                    series[unit * g + at] = value;
                    sum += value;
                    count += 1;
                }
            }
        }
        let mean = if center && count > 0 { sum / count as f64 } else { 0.0 };
        if mean != 0.0 {
            for value in &mut series {
                *value -= mean;
            }
        }
        self.names.push(name.to_owned());
        self.means.push(mean);
        self.series.push(series);
        Ok(self.names.len() - 1)
    }

    /// The product a term stands for; a name the panel has is that variable, whatever it looks like.
    pub fn value(&mut self, term: &Term, center: bool) -> Result<Value, Error> {
        let whole = term.to_string();
        if self.panel.names().contains(&whole) {
            return Ok(Value::Product(vec![(self.series(&whole, center)?, 0)]));
        }
        let factors = term.factors.iter();
        let factors = factors.map(|factor| Ok((self.series(&factor.name, center)?, factor.lag)));
        Ok(Value::Product(factors.collect::<Result<_, Error>>()?))
    }

    /// The series of one unit.
    pub fn of(&self, series: usize, unit: usize) -> &[f64] {
        let g = self.calendar.positions();
        &self.series[series][unit * g..(unit + 1) * g]
    }

    /// Writes a product for a unit into every `stride`-th place, period after period; `NaN` where a factor has none.
    pub fn write(&self, factors: &[(usize, usize)], unit: usize, into: &mut [f64], stride: usize) {
        for (at, &(series, lag)) in factors.iter().enumerate() {
            let lagged = std::iter::repeat_n(&f64::NAN, lag).chain(self.of(series, unit));
            let places = into.iter_mut().step_by(stride).zip(lagged);
            if at == 0 {
                places.for_each(|(place, value)| *place = *value);
            } else {
                places.for_each(|(place, value)| *place *= value);
            }
        }
    }
}

impl Sample<'_> {
    /// Whether the panel has a variable of this name.
    pub fn has(&self, name: &str) -> bool {
        self.panel.names().iter().any(|known| known == name)
    }

    /// The mean taken off a variable.
    pub fn mean(&self, name: &str) -> Option<f64> {
        self.names.iter().position(|known| known == name).map(|at| self.means[at])
    }

    /// Mean and span of a variable over all its observations, before centring.
    pub fn range(&self, name: &str, label: String) -> Option<crate::margin::Range> {
        let at = self.names.iter().position(|known| known == name)?;
        let values = || self.series[at].iter().filter(|value| value.is_finite());
        let mean = values().sum::<f64>() / values().count() as f64 + self.means[at];
        let least = values().copied().fold(f64::INFINITY, f64::min) + self.means[at];
        let most = values().copied().fold(f64::NEG_INFINITY, f64::max) + self.means[at];
        Some(crate::margin::Range { name: label, mean, least, most })
    }
}
