//! Null distributions: statistics of random walks, simulated once for each size.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use durbin_core::random::{Purpose, Stream};
use rayon::prelude::*;

use super::{UnitRootSpec, cips, dickey_fuller::Regression};

/// Random walks per number of periods.
pub(super) const WALKS: u32 = 100_000;
/// Walks that share a stream of random numbers.
const BLOCK: u32 = 500;

/// The distribution of t under the null, for so many periods.
#[derive(Debug)]
pub(super) struct Null {
    /// In ascending order.
    t: Vec<f64>,
    pub mean: f64,
    pub variance: f64,
}

/// Simulated so far, for one specification.
#[derive(Debug, Default)]
pub(super) struct Nulls {
    t: Known<usize, Null>,
    cips: Known<(usize, usize), Vec<f64>>,
}

type Known<K, V> = Mutex<BTreeMap<K, Arc<V>>>;

impl Nulls {
    /// Of a unit's t over so many periods.
    pub fn t(&self, periods: usize, spec: &UnitRootSpec) -> Arc<Null> {
        known(&self.t, periods, || Null::new(periods, spec))
    }

    /// Of CIPS, in ascending order.
    pub fn cips(&self, units: usize, periods: usize, spec: &UnitRootSpec) -> Arc<Vec<f64>> {
        known(&self.cips, (units, periods), || cips::simulated(units, periods, spec))
    }
}

/// What is known, or what `make` makes of it. Nothing is held while it does: it runs on threads that may come here too.
fn known<K: Ord, V>(all: &Known<K, V>, key: K, make: impl FnOnce() -> V) -> Arc<V> {
    let hold = || all.lock().unwrap_or_else(PoisonError::into_inner);
    let found = hold().get(&key).cloned();
    if let Some(found) = found {
        return found;
    }
    let made = Arc::new(make());
    Arc::clone(hold().entry(key).or_insert(made))
}

impl Null {
    pub fn new(periods: usize, spec: &UnitRootSpec) -> Self {
        let block = |block: u32| {
            let mut stream = Stream::new(spec.seed, Purpose::Simulation, block);
            let mut regression = Regression::default();
            let mut walk = vec![0.0; periods];
            (0..BLOCK)
                .filter_map(|_| {
                    step(&mut walk, &mut stream);
                    regression.t(&walk, spec, &[])
                })
                .collect::<Vec<f64>>()
        };
        let blocks: Vec<Vec<f64>> = (0..WALKS / BLOCK).into_par_iter().map(block).collect();
        let mut t = blocks.concat();
        let count = t.len() as f64;
        let mean = t.iter().sum::<f64>() / count;
        let variance = t.iter().map(|t| (t - mean).powi(2)).sum::<f64>() / (count - 1.0);
        t.sort_by(f64::total_cmp);
        Self { t, mean, variance }
    }

    /// The share of walks with a statistic of at most `t`, neither none nor all.
    pub fn below(&self, t: f64) -> f64 {
        let rank = self.t.partition_point(|known| *known <= t) as f64;
        (rank + 0.5) / (self.t.len() as f64 + 1.0)
    }
}

/// A new random walk with normal steps.
pub(super) fn step(walk: &mut [f64], stream: &mut Stream) {
    let mut now = 0.0;
    for value in walk {
        now += stream.normal();
        *value = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(regressed: usize, lags: usize, trend: bool) -> (f64, f64) {
        let spec = UnitRootSpec { lags, trend, seed: 1 };
        let null = Null::new(regressed + lags + 1, &spec);
        (null.mean, null.variance)
    }

    #[test]
    fn moments_are_those_that_im_pesaran_and_shin_print() {
        // Their tables 1 and 3, from 50,000 walks; the first number is that of regressed differences.
        for (regressed, lags, mean, variance) in [
            (6, 0, -1.520, 1.745),
            (10, 0, -1.504, 1.069),
            (20, 0, -1.522, 0.851),
            (50, 0, -1.527, 0.760),
            (20, 1, -1.516, 0.915),
            (20, 2, -1.428, 0.969),
        ] {
            let own = moments(regressed, lags, false);
            let what = format!("{regressed} periods, {lags} lags: {own:?}");
            // A variance of t with four degrees of freedom settles slowly.
            let slack = if regressed == 6 { 0.1 } else { 0.02 };
            assert!((own.0 - mean).abs() < 0.015, "{what}");
            assert!((own.1 - variance).abs() < slack, "{what}");
        }
    }
}
