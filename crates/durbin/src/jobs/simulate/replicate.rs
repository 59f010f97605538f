//! Bias, coverage and power of an estimator over replications.

use durbin_core::{Column, Estimate, Missing, Panel, Progress, Table};
use durbin_weights::Weights;
use rayon::prelude::*;
use serde::Serialize;

use super::{
    SIMULATED, Truth, draw,
    estimator::{Estimator, Fitting},
};
use crate::Error;

/// What `count` replications say about each coefficient.
#[derive(Debug, Clone, Serialize)]
pub struct Replicated {
    /// Replications.
    pub count: u32,
    /// What was fitted.
    pub estimator: Estimator,
    /// What it is, in words.
    pub method: String,
    /// One per coefficient.
    pub coefficients: Vec<Performance>,
}

/// How an estimate does against the truth.
#[derive(Debug, Clone, Serialize)]
pub struct Performance {
    /// The coefficient.
    pub name: String,
    /// Its true value.
    pub truth: f64,
    /// Mean of the estimates.
    pub mean: f64,
    /// Mean less truth.
    pub bias: f64,
    /// Standard error of the bias over the replications.
    pub bias_std_error: f64,
    /// Standard deviation of the estimates.
    pub std_dev: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Mean of the estimated standard errors.
    pub mean_std_error: f64,
    /// Share of 95 % intervals that hold the truth.
    pub coverage: f64,
    /// Share of two-sided 5 % tests that reject zero; the size of the test where the truth is zero.
    pub power: f64,
}

/// Fits the model to `count` panels drawn from it.
pub(super) fn replicate(
    truth: &Truth,
    blank: &Panel,
    w: &Weights,
    seed: u64,
    count: u32,
    estimator: Estimator,
    progress: &dyn Progress,
) -> Result<Replicated, Error> {
    if count < 2 {
        return Err(Error::Usage(format!("--replicate {count}: at least 2, better 500")));
    }
    let truth = &estimator.fitted(truth);
    let fitting = Fitting::new(estimator, truth, w)?;
    let wanted = truth.coefficients();
    progress.begin("replications", u64::from(count));
    let fits: Vec<Vec<Estimate>> = (0..count)
        .into_par_iter()
        .map(|replication| {
            let mut panel = draw::panel(truth, blank, w, seed, replication);
            draw::spoil(truth, &mut panel, seed, replication);
            let names = panel.names().to_vec();
            panel.treat_missing(&names, Missing::Interpolate).map_err(Error::data(SIMULATED))?;
            let found = fitting.fit(panel)?;
            progress.advance(1);
            let of = |name: &str| found.iter().find(|(known, _)| known == name).map(|pair| pair.1);
            Ok(wanted.iter().filter_map(|(name, _)| of(name)).collect())
        })
        .collect::<Result<_, Error>>()?;
    progress.end();
    let coefficients = wanted
        .into_iter()
        .enumerate()
        .map(|(at, (name, truth))| {
            let estimates: Vec<Estimate> =
                fits.iter().filter_map(|fit| fit.get(at).copied()).collect();
            performance(name, truth, &estimates)
        })
        .collect();
    Ok(Replicated { count, estimator, method: fitting.in_words(), coefficients })
}

fn performance(name: String, truth: f64, estimates: &[Estimate]) -> Performance {
    const WITHIN: f64 = 1.959_963_984_540_054;
    let count = estimates.len() as f64;
    let mean_of = |of: &dyn Fn(&Estimate) -> f64| estimates.iter().map(of).sum::<f64>() / count;
    let mean = mean_of(&|e| e.estimate);
    let variance = mean_of(&|e| (e.estimate - mean).powi(2)) * count / (count - 1.0);
    let share = |holds: &dyn Fn(&Estimate) -> bool| mean_of(&|e| f64::from(u8::from(holds(e))));
    Performance {
        truth,
        mean,
        bias: mean - truth,
        bias_std_error: (variance / count).sqrt(),
        std_dev: variance.sqrt(),
        rmse: mean_of(&|e| (e.estimate - truth).powi(2)).sqrt(),
        mean_std_error: mean_of(&|e| e.std_error),
        coverage: share(&|e| (e.estimate - truth).abs() <= WITHIN * e.std_error),
        power: share(&|e| e.z().abs() > WITHIN),
        name,
    }
}

impl Replicated {
    /// One row per coefficient.
    pub fn table(&self) -> Table {
        let all = &self.coefficients;
        let number =
            |name: &str, of: fn(&Performance) -> f64| Column::float(name, all.iter().map(of));
        Table {
            name: "replications".to_owned(),
            title: format!("Simulated: {} replications, {}", self.count, self.method),
            columns: vec![
                Column::text("coefficient", all.iter().map(|p| p.name.as_str())),
                number("truth", |p| p.truth),
                number("mean", |p| p.mean),
                number("bias", |p| p.bias),
                number("std_dev", |p| p.std_dev),
                number("mean_std_error", |p| p.mean_std_error),
                number("coverage", |p| p.coverage),
                number("power", |p| p.power),
            ],
        }
    }
}
