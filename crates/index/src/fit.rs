//! From a specification and a panel to an index.

use durbin_core::{Conventions, Panel};
use ndarray::Array2;

use crate::{
    Dimension, DimensionScore, Error, Index, IndexSpec, IndicatorWeight, Method, Pool, Score,
    normalize::{min_max, raw},
    topsis,
    weigh::{Weighed, weigh},
};

impl IndexSpec {
    /// Weighs the indicators of `panel` and scores every unit in every period.
    ///
    /// # Errors
    /// What [`check`](Self::check) refuses; a variable that the panel does not have, that misses a value, or that does not
    /// vary over the rows it is scaled or weighed over; fewer than two rows.
    pub fn fit(&self, panel: &Panel) -> Result<Index, Error> {
        self.check()?;
        let raw = raw(self, panel)?;
        let scaled = min_max(self, panel, &raw)?;
        let pools = weigh(self, panel, &raw, &scaled)?;
        let (t, n) = (panel.n_periods(), panel.n_units());
        let mean = mean(&pools, self.indicators.len());
        let applied: Vec<Vec<f64>> = (0..t)
            .map(|period| match self.pool {
                Pool::Yearly if pools.len() == t => pools[period].weights.clone(),
                _ => mean.weights.clone(),
            })
            .collect();
        let lengths = match self.score {
            Score::TopsisVector => topsis::vector_lengths(self, panel, &raw),
            _ => Vec::new(),
        };
        let score = |members: &[usize], rescale: bool| {
            Array2::from_shape_fn((t, n), |(period, unit)| {
                let weights = &applied[period];
                let values = members.iter().map(|&j| {
                    let length = lengths.get(j).map_or(1.0, |all| all[[period, unit]]);
                    (weights[j] * length, scaled[j][[period, unit]])
                });
                match self.score {
                    Score::Sum => {
                        let sum: f64 = values.map(|(weight, z)| weight * z).sum();
                        let whole: f64 = members.iter().map(|&j| weights[j]).sum();
                        if rescale { sum / whole } else { sum }
                    }
                    Score::Topsis | Score::TopsisVector => topsis::closeness(&values),
                }
            })
        };
        let all: Vec<usize> = (0..self.indicators.len()).collect();
        let rescale = self.dimension_score == DimensionScore::Mean;
        let dimensions = self
            .dimensions()
            .into_iter()
            .map(|(name, members)| Dimension {
                weight: members.iter().map(|&j| mean.weights[j]).sum(),
                scores: score(&members, rescale),
                name,
                members,
            })
            .collect();
        let by_period = pools.len() == t && !panel.periods.iter().all(String::is_empty);
        let by_period = by_period && (t > 1 || self.pool != Pool::Pooled);
        let each = |of: &dyn Fn(&Weighed) -> Option<f64>| {
            let pairs = panel.periods.iter().zip(&pools).filter(|_| by_period);
            pairs.filter_map(|(period, pool)| Some((period.clone(), of(pool)?))).collect()
        };
        let weights = self
            .indicators
            .iter()
            .enumerate()
            .map(|(j, indicator)| IndicatorWeight {
                indicator: indicator.name.clone(),
                sign: indicator.sign,
                dimension: indicator.dimension.clone(),
                entropy: mean.entropies.as_ref().map(|e| e[j]),
                weight: mean.weights[j],
                by_period: each(&|pool| Some(pool.weights[j])),
                entropy_by_period: each(&|pool| pool.entropies.as_ref().map(|e| e[j])),
            })
            .collect();
        Ok(Index {
            scores: score(&all, false),
            dimensions,
            weights,
            applied,
            scaled,
            periods: panel.periods.clone(),
            conventions: self.conventions(t),
            spec: self.clone(),
        })
    }

    fn conventions(&self, t: usize) -> Conventions {
        let pool = match self.pool {
            Pool::MeanOfYears => "every period, then the mean over the periods",
            Pool::Pooled => "all units and periods at once",
            Pool::Yearly => "every period, each scored with its own",
        };
        let rows = match self.normalize {
            crate::Normalize::Pooled => "all units and periods",
            crate::Normalize::Yearly => "every period",
        };
        let mut all = Conventions::new().with("scaling", format!("min–max over {rows}"));
        all = match self.method {
            Method::Entropy => {
                let divisor = if self.pool == Pool::Pooled { "ln(n·t)" } else { "ln n" };
                let divisor = if t == 1 { "ln n" } else { divisor };
                let shares = if self.raw_shares { "raw values" } else { "min–max values" };
                let zero = if self.shift > 0.0 {
                    format!("values shifted by {}", self.shift)
                } else {
                    "0·ln 0 = 0".to_owned()
                };
                all.with("weights", format!("entropy of {shares}, divisor {divisor}, {zero}"))
            }
            Method::Critic => all.with("weights", "CRITIC: σⱼ Σₖ (1 − rⱼₖ)"),
            Method::Equal => all.with("weights", "equal"),
            Method::Given => all.with("weights", "given"),
        };
        if matches!(self.method, Method::Entropy | Method::Critic) && t > 1 {
            all = all.with("rows of the weights", pool);
        }
        all = all.with(
            "score",
            match self.score {
                Score::Sum => "Σ w z",
                Score::Topsis => "TOPSIS of weighted min–max values",
                Score::TopsisVector => "TOPSIS of weighted values divided by √Σx²",
            },
        );
        if self.score == Score::Sum && self.indicators.iter().any(|i| i.dimension.is_some()) {
            let words = match self.dimension_score {
                DimensionScore::Part => "its part of the index; dimensions add up to it",
                DimensionScore::Mean => "weighted mean of its indicators, 0 … 1",
            };
            all = all.with("dimension", words);
        }
        all
    }
}

fn mean(pools: &[Weighed], k: usize) -> Weighed {
    let over = |of: &dyn Fn(&Weighed) -> Option<f64>| {
        pools.iter().map(of).sum::<Option<f64>>().map(|sum| sum / pools.len() as f64)
    };
    let weights = (0..k).filter_map(|j| over(&|pool| Some(pool.weights[j]))).collect();
    let entropies = (0..k).map(|j| over(&|pool| pool.entropies.as_ref().map(|e| e[j]))).collect();
    Weighed { weights, entropies }
}
